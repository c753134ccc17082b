"""Papers about one incident, folded from its events when asked for; a submitted report comes back byte for byte."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from adapters.documents.submission_json import submission_bytes
from domain.commands.notify import SubmitReport
from domain.errors import Refused
from domain.events import Recorded
from domain.events.notify import RegulatorReportSubmitted, ReportDocument
from domain.incident import Incident, replay
from domain.school import School
from projections.ico_submission import Header, Submission, submission


class NoSuchReport(Refused):
    """No report of that number was submitted."""


class ReportChanged(Refused):
    """The report made from the log is not the one whose hash was recorded when it was submitted."""


def prepared(command: SubmitReport, history: Sequence[Recorded], school: School, now: datetime) -> SubmitReport:
    """The command with the document that is sent: what it covers, who the controller is, and its hash."""
    incident = replay(history)
    breach = incident.breach if incident else None
    if incident is None or breach is None:
        return command
    header = Header(
        number=len(breach.reports) + 1,
        phase="follow_up" if breach.reported else "initial",
        details=command,
        submitted_at=command.submitted_at or now,
    )
    body = submission_bytes(submission(incident, school, header))
    document = ReportDocument(
        covers_version=incident.version,
        sha256=hashlib.sha256(body).hexdigest(),
        controller=json.dumps(school.model_dump(mode="json", exclude={"policy"}), sort_keys=True),
    )
    return command.model_copy(update={"document": document, "submitted_at": header.submitted_at})


def draft(incident: Incident, school: School) -> Submission:
    """The report that could be sent now."""
    number = len(incident.breach.reports) + 1 if incident.breach else 1
    return submission(incident, school, Header(number=number, phase="draft"))


def submitted(history: Sequence[Recorded], school: School, number: int) -> tuple[Submission, School, datetime]:
    """A submitted report as it was sent, the controller as it was named, and when it was sent."""
    for event in history:
        report = event.fact
        if isinstance(report, RegulatorReportSubmitted) and report.number == number:
            return _again(history, event, report, school)
    raise NoSuchReport(f"No report number {number} was submitted.")


def _again(
    history: Sequence[Recorded], event: Recorded, report: RegulatorReportSubmitted, school: School
) -> tuple[Submission, School, datetime]:
    document = report.document
    covered = document.covers_version if document else event.version - 1
    if document and document.controller and document.controller.startswith("{"):
        school = School.model_validate(json.loads(document.controller))
    incident = replay(history[:covered])
    assert incident is not None, "a report covers at least the incident's first event"
    header = Header(number=report.number, phase=report.phase, details=report, submitted_at=report.submitted_at)
    paper = submission(incident, school, header)
    if document and hashlib.sha256(submission_bytes(paper)).hexdigest() != document.sha256:
        raise ReportChanged
    return paper, school, report.submitted_at
