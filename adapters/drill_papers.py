"""What a drill leaves behind: one description of it, and the papers as files a person can read."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from adapters.bootstrap import Tocsin
from adapters.breach_log_files import write_log_file, zones
from adapters.documents.docx_papers import review_docx, submission_docx
from adapters.documents.letter_files import letter_docx, letter_pdf, letter_to
from adapters.documents.log_pdf import breach_log_pdf
from adapters.documents.pdf import review_pdf, submission_pdf
from adapters.documents.submission_text import submission_text
from adapters.governors_papers import for_governors
from adapters.papers import submitted
from adapters.scenario import Scenario
from domain.events.notify import DataSubjectsTold, RegulatorReportSubmitted
from domain.incident import Incident, replay
from domain.obligations import progress
from domain.vocabulary import PeopleKind
from projections.governors_review import governors_review
from projections.timeline import timeline


def write_papers(tocsin: Tocsin, scenario: Scenario, refs: dict[str, str], out: Path) -> dict[str, Any]:
    """Writes every document and `drill.json`, which is returned. One incident's papers lie in the folder itself;
    where there are more, each has a folder named by its reference."""
    out.mkdir(parents=True, exist_ok=True)
    incidents = [tocsin.incident(ref) for ref in refs.values()]
    documents = [*_log_files(tocsin, out), *_messages(tocsin, out)]
    for incident in incidents:
        folder = out if len(incidents) == 1 else out / incident.ref
        documents += _papers(tocsin, incident, folder)
    drill = {
        "scenario": scenario.scenario,
        "incidents": [_described(incident) for incident in incidents],
        "documents": sorted(str(path.relative_to(out)) for path in documents),
    }
    (out / "drill.json").write_text(json.dumps(drill, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return drill


def _described(incident: Incident) -> dict[str, Any]:
    breach = incident.breach
    return {
        "ref": incident.ref,
        "school": incident.school,
        "aware_at": breach.aware_at.isoformat() if breach else None,
        "deadline": breach.deadline.isoformat() if breach else None,
        "steps": {str(step): str(state) for step, state in progress(incident).items()},
        "events": [
            {
                "position": event.position,
                "kind": event.fact.kind,
                "recorded_at": event.recorded_at.isoformat(),
                "actor": event.actor.role.value,
            }
            for event in incident.history
        ],
    }


def _log_files(tocsin: Tocsin, out: Path) -> Iterable[Path]:
    tocsin.views.catch_up()
    entries, at, code = tocsin.views.breach_log(), tocsin.clock(), tocsin.log.code()
    yield _written(out / "breach-log.pdf", breach_log_pdf(entries, None, as_at=at, code=code, zone_of=zones(tocsin)))
    for name in ("breach-log.csv", "breach-log.xlsx"):
        write_log_file(tocsin.views.breach_log(), out / name, name.rsplit(".", 1)[1], zones(tocsin))
        yield out / name


def _messages(tocsin: Tocsin, out: Path) -> Iterable[Path]:
    folder = out / "messages"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for message in sorted(tocsin.postbox.folder.glob("*.eml")):
        yield Path(shutil.copy(message, folder / message.name))


def _papers(tocsin: Tocsin, incident: Incident, folder: Path) -> Iterable[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    school = tocsin.schools.school(incident.school)
    for _, report in incident.all(RegulatorReportSubmitted):
        paper, body = submitted(incident.history, report.number)
        name = f"{paper.form.split()[0]}-submission-phase-{report.number}"
        yield _written(folder / f"{name}.json", body)
        yield _written(folder / f"{name}.pdf", submission_pdf(paper))
        yield _written(folder / f"{name}.docx", submission_docx(paper))
        yield _written(folder / f"{name}.txt", submission_text(paper).encode())
    code = tocsin.log.code()
    sheet = for_governors(governors_review(incident), school)
    yield _written(folder / "governors-review.pdf", review_pdf(sheet, school, code=code))
    yield _written(folder / "governors-review.docx", review_docx(sheet, school, code=code))
    for people in incident.letters:
        written = letter_to(_when_told(incident, people), school, people)
        yield _written(folder / f"letter-{people.replace('_', '-')}.pdf", letter_pdf(written))
        yield _written(folder / f"letter-{people.replace('_', '-')}.docx", letter_docx(written))
    entries = [entry.model_dump(mode="json") for entry in timeline(incident)]
    text = json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
    yield _written(folder / "timeline.json", text.encode())


def _when_told(incident: Incident, people: PeopleKind) -> Incident:
    """The incident as it stood when these people were told, which is what their letter said."""
    told = [event.version for event, said in incident.all(DataSubjectsTold) if said.people is people]
    return replay(incident.history[: told[0]]) or incident if told else incident


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
