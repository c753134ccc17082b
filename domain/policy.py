"""What the school decided for itself: when to remind, when to escalate. Data, read at the moment it matters."""

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from domain.deadlines import NOTIFICATION_WINDOW
from domain.quantities import Value
from domain.roles import Role, may
from domain.steps import Step

Hours = Annotated[float, Field(gt=0, le=24 * 366)]
Days = Annotated[int, Field(ge=0, le=366)]

STANDSTILL_HOURS: dict[Step, Hours] = {
    Step.DISCOVER: 12,
    Step.CONTAIN: 12,
    Step.INVESTIGATE: 24,
    Step.NOTIFY: 24,
    Step.REVIEW: 14 * 24,
}
"""Our defaults, not the law's. The review's two weeks are the ten working days of the DfE's post-incident review."""


class Policy(Value):
    """A school's own limits, in hours or days. No legal period is among them: no school can change one."""

    reminders_after_awareness: Annotated[tuple[Hours, ...], Field(min_length=1)] = (24, 48, 60, 71)
    reminders_to: Annotated[tuple[Role, ...], Field(min_length=1)] = (Role.DPO, Role.LEAD)
    decision_missing_before_deadline: Annotated[tuple[Hours, ...], Field(min_length=1)] = (6, 24)
    standstill: dict[Step, Hours] = STANDSTILL_HOURS
    measures_chased_days_before: tuple[Days, ...] = (0, 7)
    measures_escalated_days_after: Days = 14
    complaints_chased_days_before: tuple[Days, ...] = (1, 5, 14)
    escalate_to: Role = Role.CHAIR

    @field_validator("reminders_after_awareness", "decision_missing_before_deadline")
    @classmethod
    def _inside_the_window(cls, hours: tuple[float, ...]) -> tuple[float, ...]:
        window = NOTIFICATION_WINDOW.total_seconds() / 3600
        if any(hour >= window for hour in hours):
            raise ValueError(f"each must be less than the {window:.0f} hours that the law gives")
        return tuple(sorted(set(hours)))

    @field_validator("measures_chased_days_before", "complaints_chased_days_before")
    @classmethod
    def _in_order(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(set(days)))

    @field_validator("reminders_to")
    @classmethod
    def _somebody_who_acts(cls, roles: tuple[Role, ...]) -> tuple[Role, ...]:
        if not set(roles) <= {Role.LEAD, Role.HEAD, Role.DPO, Role.CHAIR}:
            raise ValueError("reminders go to those who act: dpl, head, dpo or chair")
        return roles

    @field_validator("escalate_to")
    @classmethod
    def _somebody_who_can_acknowledge(cls, role: Role) -> Role:
        if not may(role, "acknowledge_escalation"):
            raise ValueError("escalations go to somebody who can acknowledge them: chair, governor, head, dpl or dpo")
        return role

    @model_validator(mode="after")
    def _every_step_has_a_limit(self) -> "Policy":
        if missing := [step for step in Step if step not in self.standstill]:
            raise ValueError(f"standstill has no limit for: {', '.join(missing)}")
        return self
