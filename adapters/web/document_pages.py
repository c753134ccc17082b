"""The papers of one incident: the report to the regulator, the letters to people, the governors' sheet."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from adapters.documents.letter_files import letter_text, letter_to, reading
from adapters.documents.submission_paper import PHASES, submission_paper
from adapters.incident_papers import LETTER_FORMATS, SUBMISSION_FORMATS, submission_file, to_make_simpler
from adapters.papers import draft, name_in_draft
from adapters.review_papers import of_incident
from adapters.web.acting import commands_for
from adapters.web.pages import page
from adapters.web.site import Case, Missing, TheSite, case_for
from domain.errors import Refused
from domain.events.notify import CommunicationDecided, RegulatorReferenceReceived, RegulatorReportSubmitted
from domain.incident import Incident
from domain.personal import ERASED
from domain.phases import NoBreach
from domain.quantities import Instant
from domain.telling import untold
from domain.vocabulary import PeopleKind
from projections.fact_words import as_typed
from projections.letter import letter

router = APIRouter()
MEDIA_TYPES = {
    "json": "application/json",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text": "text/plain; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
ENDINGS = {"text": "txt"}
MOST_REPORTS = 100_000


@dataclass(frozen=True, slots=True)
class Sent:
    """One report that was sent: its number, phase, time and hash, and whether it can still be read."""

    number: int
    phase: str
    at: Instant
    sha256: str | None
    kept: bool


@dataclass(frozen=True, slots=True)
class LetterShown:
    """The letter to one kind of people: its text and how hard it is to read; no text where none was written yet."""

    people: PeopleKind
    text: str = ""
    reading_age: str = ""
    simpler: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


@router.get("/incidents/{ref}/documents")
def documents(request: Request, case: Annotated[Case, Depends(case_for("submission"))]) -> HTMLResponse:
    """Every paper of the incident, with a preview of what could be sent now."""
    incident, reference = case.incident, case.incident.last(RegulatorReferenceReceived)
    paper, refusal = _drafted(case)
    return page(
        request,
        "incident/documents.html",
        zone=case.school.timezone,
        incident=incident,
        school=case.school,
        brand=case.school.id,
        paper=paper,
        refusal=refusal,
        named=_named(case) if paper else None,
        no_breach=isinstance(incident.phase, NoBreach),
        sent=_sent(incident),
        reference=as_typed(reference.reference) if reference else None,
        letters=_letters(case),
        as_typed=as_typed,
        offered={each.command for each in commands_for(case)},
    )


def _named(case: Case) -> str | None:
    """Where the draft seems to name somebody: said before it is copied or sent, not after."""
    found = name_in_draft(case.incident.history, case.school)
    return found.split(";", maxsplit=1)[0] if found else None


@router.get("/incidents/{ref}/submission.{fmt}")
def report_file(
    case: Annotated[Case, Depends(case_for("submission"))],
    fmt: str,
    phase: Annotated[int | None, Query(ge=1, le=MOST_REPORTS)] = None,
) -> Response:
    """The draft of the report, or a submitted one byte for byte as it was sent."""
    if fmt not in SUBMISSION_FORMATS:
        raise Missing
    body = submission_file(case.incident, case.school, phase, fmt)
    return attachment(body, fmt, case.incident.ref, f"report-{phase}" if phase else "draft-report")


@router.get("/incidents/{ref}/letters/{people}.{fmt}")
def letter_file(case: Annotated[Case, Depends(case_for("letter"))], people: str, fmt: str) -> Response:
    """The letter to one kind of people."""
    if people not in tuple(PeopleKind) or fmt not in LETTER_FORMATS:
        raise Missing
    made = letter_to(case.incident, case.school, PeopleKind(people))
    return attachment(LETTER_FORMATS[fmt](made), fmt, case.incident.ref, f"letter-{people.replace('_', '-')}")


@router.get("/incidents/{ref}/review.{fmt}")
def review_file(case: Annotated[Case, Depends(case_for("governors_sheet"))], site: TheSite, fmt: str) -> Response:
    """The governors' sheet of the incident, without names."""
    made = of_incident(site.tocsin, case.incident.ref, None)
    if fmt not in made:
        raise Missing
    return attachment(made[fmt](), fmt, case.incident.ref, "governors-sheet")


def attachment(body: bytes, fmt: str, ref: str, kind: str) -> Response:
    """A file to keep: its name is the incident's reference and what it is."""
    name = f"{ref}-{kind}.{ENDINGS.get(fmt, fmt)}"
    return Response(
        body, headers={"Content-Disposition": f'attachment; filename="{name}"'}, media_type=MEDIA_TYPES[fmt]
    )


def _drafted(case: Case) -> tuple[dict[str, Any] | None, str]:
    """The draft in words; or why there is none."""
    try:
        return submission_paper(draft(case.incident.history, case.school)), ""
    except Refused as refusal:
        return None, str(refusal)


def _sent(incident: Incident) -> list[Sent]:
    return [
        Sent(
            number=report.number,
            phase=PHASES[report.phase],
            at=report.submitted_at,
            sha256=report.document.sha256 if report.document else None,
            kept=bool(report.document and report.document.content not in (None, ERASED)),
        )
        for _, report in incident.all(RegulatorReportSubmitted)
    ]


def _letters(case: Case) -> list[LetterShown]:
    """Those that are written, and those that are due because it was decided to tell these people."""
    decision = case.incident.standing(CommunicationDecided)
    due = untold(case.incident, decision) if decision and decision.communicate else ()
    kinds = dict.fromkeys((*case.incident.letters, *due))
    return [_letter(case, people) for people in kinds]


def _letter(case: Case, people: PeopleKind) -> LetterShown:
    made = letter(case.incident, case.school, people)
    if made is None:
        return LetterShown(people)
    return LetterShown(
        people=people,
        text=letter_text(made).decode(),
        reading_age=f"{reading(made)['reading_age']:g}",
        simpler=to_make_simpler(made),
        missing=made.missing,
        before=made.before_you_send,
    )
