"""What Tocsin itself does: remind, escalate, and say when a deadline passed or a message could not be delivered."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from domain.events.base import Fact
from domain.quantities import Instant
from domain.roles import Role

AlarmKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,80}$")]
"""Names one alarm within its incident; the same alarm is never sent twice."""


Because = Literal[
    "significant",
    "step_stood_still",
    "decision_missing",
    "deadline_missed",
    "measure_overdue",
    "complaint_not_acknowledged",
]
"""Why an escalation was raised."""


class ReminderSent(Fact):
    """A reminder reached a mailbox. `due_at` beside `recorded_at` shows how punctual the engine was."""

    kind: Literal["engine.reminder_sent"] = "engine.reminder_sent"
    alarm: AlarmKey
    to: Role
    due_at: Instant
    stands_for: tuple[AlarmKey, ...] = ()


class EscalationRaised(Fact):
    """An escalation reached a mailbox."""

    kind: Literal["engine.escalation_raised"] = "engine.escalation_raised"
    alarm: AlarmKey
    to: Role
    due_at: Instant
    because: Because
    stands_for: tuple[AlarmKey, ...] = ()


class EscalationAcknowledged(Fact):
    """The person escalated to has seen it and says so."""

    kind: Literal["engine.escalation_acknowledged"] = "engine.escalation_acknowledged"
    alarm: AlarmKey


class DeadlineMissed(Fact):
    """The 72 hours passed with the question of notification still open."""

    kind: Literal["engine.deadline_missed"] = "engine.deadline_missed"
    deadline: Instant


class DeliveryFailed(Fact):
    """A message could not be delivered; `reason` is a code, never an address. Unless `final`, it is tried again."""

    kind: Literal["engine.delivery_failed"] = "engine.delivery_failed"
    alarm: AlarmKey
    to: Role
    due_at: Instant
    reason: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,60}$")]
    final: bool = True


EngineFact = ReminderSent | EscalationRaised | EscalationAcknowledged | DeadlineMissed | DeliveryFailed
