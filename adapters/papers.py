"""Reports to the regulator: made from the events, kept with the event of their sending, given back byte for byte."""

import base64
import hashlib
import zlib
from collections.abc import Sequence
from datetime import datetime

from adapters.documents.submission_json import submission_bytes
from adapters.name_reader import of_nobody, read
from domain.commands.notify import SubmitReport, WithdrawReport, WriteMessage
from domain.errors import NamesInTheLetter, NamesInTheReport, Refused
from domain.events import Recorded
from domain.events.discover import IncidentReported, ProcessorNotifiedController
from domain.events.notify import RegulatorReportSubmitted, ReportDetails, ReportDocument
from domain.incident import Incident, replay
from domain.personal import ERASED
from domain.roles import Actor, Role
from domain.school import School
from projections.answers import Header
from projections.form import Form, form_for
from projections.ico_submission import Sent, Submission, submission, typed_answers

BY_HAND = frozenset({Role.DPO, Role.LEAD, Role.HEAD})


class NoSuchReport(Refused):
    """No report of that number was submitted."""


class ReportChanged(Refused):
    """The report in the log does not have the hash that was recorded with it; run “tocsin verify”."""


class ReportNotKept(Refused):
    """That report was submitted by an earlier version, which did not keep it; its hash is in the log."""


class ReportErased(Refused):
    """That report was erased with the incident's key; its hash is in the log."""


class NoForm(Refused):
    """There is no map of that regulator's form."""


def prepared(
    command: SubmitReport | WithdrawReport, history: Sequence[Recorded], school: School, by: Actor, now: datetime
) -> SubmitReport | WithdrawReport:
    """The command with the document that is sent. Refuses a document that names somebody."""
    incident = replay(history)
    breach = incident.breach if incident else None
    if incident is None or breach is None:
        return command
    withdrawn = isinstance(command, WithdrawReport)
    confirmed = command.no_names_confirmed
    details = ReportDetails(complete=True) if isinstance(command, WithdrawReport) else command
    header = Header(
        number=len(breach.reports) + 1,
        phase="withdrawn" if withdrawn else breach.next_phase(complete=details.complete),
        details=ReportDetails.model_validate({name: getattr(details, name) for name in ReportDetails.model_fields}),
        reporter=by.role if by.role in BY_HAND else Role.DPO,
        submitted_at=command.submitted_at or now,
        reason_for_withdrawal=command.reason if isinstance(command, WithdrawReport) else None,
    )
    form = form_of(school)
    report = submission(incident, school, form, header, sent(history))
    _must_name_nobody(report, form, incident, school, confirmed=confirmed)
    body = submission_bytes(report)
    document = ReportDocument(
        covers_version=incident.version,
        sha256=hashlib.sha256(body).hexdigest(),
        form=form.name,
        content=base64.b85encode(zlib.compress(body, 9)).decode("ascii"),
    )
    return command.model_copy(update={"document": document, "submitted_at": header.submitted_at})


def form_of(school: School) -> Form:
    """The newest form of the school's regulator."""
    form = form_for(school.regulator)
    if form is None:
        raise NoForm(f"There is no map of a report form for the regulator that school {school.id} names.")
    return form


def name_in_draft(history: Sequence[Recorded], school: School) -> str | None:
    """What the draft could not be sent with, in a sentence; None where nobody seems to be named in it."""
    incident = replay(history)
    assert incident is not None, "a draft is asked of an incident"
    form = form_of(school)
    try:
        _must_name_nobody(draft(history, school), form, incident, school, confirmed=False)
    except NamesInTheReport as found:
        return str(found)
    return None


def draft(history: Sequence[Recorded], school: School, by: Role = Role.DPO) -> Submission:
    """The report that could be sent now: the first, or what changed since those that were sent."""
    incident = replay(history)
    assert incident is not None, "a draft is asked of an incident"
    breach = incident.breach
    number = len(breach.reports) + 1 if breach else 1
    header = Header(number=number, phase=breach.next_phase(complete=False) if breach else "initial", reporter=by)
    return submission(incident, school, form_of(school), header, sent(history))


def submitted(history: Sequence[Recorded], number: int) -> tuple[Submission, bytes]:
    """A submitted report as it was sent, and its bytes."""
    for event in history:
        if isinstance(event.fact, RegulatorReportSubmitted) and event.fact.number == number:
            body = _kept(event.fact)
            return Submission.model_validate_json(body), body
    raise NoSuchReport(f"No report number {number} was submitted.")


def sent(history: Sequence[Recorded]) -> list[Sent]:
    """The reports that stand with the regulator, oldest first; none after a withdrawal."""
    found: list[Sent] = []
    for event in history:
        report = event.fact
        if not isinstance(report, RegulatorReportSubmitted):
            continue
        if report.phase == "withdrawn":
            found = []
        elif report.document and report.document.content not in (None, ERASED):
            body = _kept(report)
            found.append((event.version, Submission.model_validate_json(body), report.document.sha256))
    return found


def _kept(report: RegulatorReportSubmitted) -> bytes:
    document = report.document
    if document is None or document.content is None:
        raise ReportNotKept
    if document.content == ERASED:
        raise ReportErased
    try:
        body = zlib.decompress(base64.b85decode(document.content))
    except (ValueError, zlib.error):
        raise ReportChanged from None
    if hashlib.sha256(body).hexdigest() != document.sha256:
        raise ReportChanged
    return body


def letter_names_nobody(command: WriteMessage, history: Sequence[Recorded], school: School) -> None:
    """A letter goes to many homes: a name in it would be a second breach."""
    incident = replay(history)
    assert incident is not None, "a letter is written about an incident"
    texts = (command.nature, command.consequences, command.measures, *command.advice, command.support or "")
    for text in texts:
        if found := read(text, _known(incident, school), confirmed=command.no_names_confirmed):
            raise NamesInTheLetter(f"The letter holds {found[0]}; write it without{_way_out(certain=found[1])}.")


def _must_name_nobody(report: Submission, form: Form, incident: Incident, school: School, *, confirmed: bool) -> None:
    """What certainly identifies somebody is never sent; what may be a name is, once a person says that it is none."""
    for answer in typed_answers(report, form):
        if found := read(answer.answer or "", _known(incident, school), confirmed=confirmed):
            raise NamesInTheReport(
                f"The answer to “{answer.question}” holds {found[0]}; take it out where it was recorded, because a"
                f" report must contain no names of the people affected{_way_out(certain=found[1])}."
            )


def _way_out(*, certain: bool) -> str:
    return "" if certain else "; if it is nobody's name, submit it again with no_names_confirmed=true"


def _known(incident: Incident, school: School) -> frozenset[str]:
    """Names that are not those of people affected: the school's own, its contacts', its services' and suppliers'."""
    contacts = (contact.name for contact in school.contacts.values())
    services = (name for _, said in incident.all(IncidentReported) for name in said.services)
    suppliers = (said.processor for _, said in incident.all(ProcessorNotifiedController))
    return frozenset(filter(None, (school.name, *contacts))) | of_nobody((*services, *suppliers))
