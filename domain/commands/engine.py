"""What the engine asks for once it has acted, and the acknowledgement it waits for."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from domain.commands.base import Command
from domain.events.engine import AlarmKey, Because
from domain.quantities import Instant
from domain.roles import Role


class RecordReminder(Command):
    """Record that a reminder was delivered."""

    kind: Literal["record_reminder"] = "record_reminder"
    alarm: AlarmKey
    to: Role
    due_at: Instant
    stands_for: tuple[AlarmKey, ...] = ()


class RecordEscalation(Command):
    """Record that an escalation was delivered."""

    kind: Literal["record_escalation"] = "record_escalation"
    alarm: AlarmKey
    to: Role
    due_at: Instant
    because: Because
    stands_for: tuple[AlarmKey, ...] = ()


class RecordMissedDeadline(Command):
    """Record that the 72 hours passed with the question of notification open."""

    kind: Literal["record_missed_deadline"] = "record_missed_deadline"
    deadline: Instant


class RecordDeliveryFailure(Command):
    """Record that a message could not be delivered."""

    kind: Literal["record_delivery_failure"] = "record_delivery_failure"
    alarm: AlarmKey
    to: Role
    due_at: Instant
    reason: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,60}$")]
    final: bool = True


class AcknowledgeEscalation(Command):
    """Acknowledge an escalation; without its name, every one that was raised to one's own role."""

    kind: Literal["acknowledge_escalation"] = "acknowledge_escalation"
    alarm: AlarmKey | None = None


EngineCommand = RecordReminder | RecordEscalation | RecordMissedDeadline | RecordDeliveryFailure | AcknowledgeEscalation
