"""What is recorded of the engine's own acts, once each, and the acknowledgement of an escalation."""

from datetime import datetime
from typing import assert_never

from domain.commands.engine import (
    AcknowledgeEscalation,
    EngineCommand,
    RecordDeliveryFailure,
    RecordEscalation,
    RecordMissedDeadline,
    RecordReminder,
)
from domain.decisions.base import stated
from domain.errors import NothingToAcknowledge
from domain.escalation import rings_at
from domain.events.base import Fact
from domain.events.engine import (
    DeadlineMissed,
    DeliveryFailed,
    EscalationAcknowledged,
    EscalationRaised,
    ReminderSent,
)
from domain.incident import Incident
from domain.roles import Actor


def decide_engine(command: EngineCommand, incident: Incident, by: Actor, now: datetime) -> tuple[Fact, ...]:
    """The facts that the command leads to; none when the alarm was already given."""
    match command:
        case RecordReminder():
            return () if _given(incident, command.alarm, command.due_at) else (stated(ReminderSent, command),)
        case RecordEscalation():
            return () if _given(incident, command.alarm, command.due_at) else (stated(EscalationRaised, command),)
        case RecordDeliveryFailure():
            return () if _given(incident, command.alarm, command.due_at) else (stated(DeliveryFailed, command),)
        case RecordMissedDeadline():
            passed = command.deadline == rings_at(incident) and command.deadline <= now
            return (stated(DeadlineMissed, command),) if passed else ()
        case AcknowledgeEscalation():
            return _acknowledge(command, incident, by)
        case _:
            assert_never(command)


def _given(incident: Incident, alarm: str, due_at: datetime) -> bool:
    given_at = incident.given.get(alarm)
    return given_at is not None and given_at >= due_at


def _acknowledge(command: AcknowledgeEscalation, incident: Incident, by: Actor) -> tuple[Fact, ...]:
    mine = [alarm for alarm, to in incident.awaiting.items() if to is by.role and command.alarm in (None, alarm)]
    if not mine:
        raise NothingToAcknowledge
    return tuple(EscalationAcknowledged(alarm=alarm) for alarm in mine)
