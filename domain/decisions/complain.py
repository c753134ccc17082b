"""Decisions about complaints (DPA 2018 s. 164A)."""

from datetime import datetime
from typing import assert_never

from domain.commands.complain import (
    AcknowledgeComplaint,
    AnswerComplaint,
    ComplainCommand,
    InformComplainant,
    RecordComplaint,
)
from domain.decisions.base import happened, once, stated
from domain.errors import AnsweredAlready, BeforeTheComplaint, NoSuchComplaint
from domain.events.base import Fact
from domain.events.complain import ComplainantInformed, ComplaintAcknowledged, ComplaintAnswered, ComplaintReceived
from domain.events.review import IncidentReopened
from domain.incident import Incident

REOPENED = "A complaint was received."


def decide_complain(command: ComplainCommand, incident: Incident, now: datetime) -> tuple[Fact, ...]:
    """The facts that the command leads to; a complaint about a closed incident reopens it."""
    if isinstance(command, RecordComplaint):
        return _received(command, incident, now)
    complaint = incident.complaints.get(command.number)
    if complaint is None:
        raise NoSuchComplaint(f"No complaint number {command.number} is recorded for this incident.")
    match command:
        case AcknowledgeComplaint():
            at = _after(complaint, command.acknowledged_at, now)
            known = any(said.number == command.number for _, said in incident.all(ComplaintAcknowledged))
            return () if known else (stated(ComplaintAcknowledged, command, acknowledged_at=at),)
        case InformComplainant():
            at = _after(complaint, command.informed_at, now)
            return once(incident, stated(ComplainantInformed, command, informed_at=at))
        case AnswerComplaint():
            return _answered(command, incident, _after(complaint, command.answered_at, now))
        case _:
            assert_never(command)


def _received(command: RecordComplaint, incident: Incident, now: datetime) -> tuple[Fact, ...]:
    received_at = happened(command.received_at, now)
    for complaint in incident.complaints.values():
        if (complaint.received_at, complaint.people, complaint.about) == (received_at, command.people, command.about):
            return ()
    received = stated(ComplaintReceived, command, number=len(incident.complaints) + 1, received_at=received_at)
    return (IncidentReopened(reason=REOPENED), received) if incident.closed else (received,)


def _after(complaint: ComplaintReceived, at: datetime | None, now: datetime) -> datetime:
    at = happened(at, now)
    if at < complaint.received_at:
        raise BeforeTheComplaint
    return at


def _answered(command: AnswerComplaint, incident: Incident, at: datetime) -> tuple[Fact, ...]:
    answered = stated(ComplaintAnswered, command, answered_at=at)
    before = [said for _, said in incident.all(ComplaintAnswered) if said.number == command.number]
    if any((said.outcome, said.detail) == (command.outcome, command.detail) for said in before):
        return ()
    if before:
        raise AnsweredAlready
    return (answered,)
