"""The steps a workflow may take: look at an incident, and give one alarm. Ports are given by the constructor."""

import dataclasses
import functools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar, cast

from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.commands.engine import RecordDeliveryFailure, RecordEscalation, RecordMissedDeadline, RecordReminder
from domain.escalation import Alarm, Plan, plan, rings_at
from domain.events.engine import Because
from domain.incident import Incident
from domain.obligations import progress
from domain.roles import ENGINE, Role
from domain.steps import current_step
from workflows.command_handler import CommandHandler
from workflows.messages import DueAlarm, GiveAlarm, Look, Outlook
from workflows.ports import IncidentLog, Postbox, SchoolRegister, Undeliverable

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS_BEFORE_IT_IS_SAID = 3
"""After so many failures the log says that a message does not get through; it is tried again all the same."""


def _without_personal_data(effect: Callable[P, R]) -> Callable[P, R]:
    """Failures reach Temporal as the name of their type alone: their text could hold what somebody typed."""

    @functools.wraps(effect)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return effect(*args, **kwargs)
        except Exception as failure:  # noqa: BLE001  whatever it is, its text must not reach Temporal
            # Always tried again: a school's file that cannot be read for a moment must not end its clocks.
            raise ApplicationError("failed", type=type(failure).__name__) from None

    return wrapped


class Frame:
    """Where the case's time stands beside the engine's: the same, except in a drill that plays another date."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self.ahead = ahead

    def of_case(self, at: datetime) -> datetime:
        """The case's time at that time of the engine."""
        return at.astimezone(UTC) + self.ahead

    def of_engine(self, at: datetime | None) -> datetime | None:
        """The engine's time at that time of the case."""
        return None if at is None else at - self.ahead


class Activities:
    """What `BreachWorkflow` asks for. Each is idempotent: run twice, it does once."""

    def __init__(self, log: IncidentLog, schools: SchoolRegister, postbox: Postbox, frame: Frame | None = None) -> None:
        self.handler = CommandHandler(log)
        self.schools = schools
        self.postbox = postbox
        self.frame = frame or Frame()

    @property
    def all(self) -> list[Callable[..., Any]]:
        """The activities, as a worker wants them."""
        return [self.look, self.record_missed_deadline, self.give_alarm]

    @activity.defn(name="look")
    @_without_personal_data
    def look(self, question: Look) -> Outlook:
        """How the incident stands and what is due. Changes nothing."""
        incident = self.handler.load(question.ref)
        due = self._plan(incident, self.frame.of_case(question.now))
        steps = progress(incident)
        breach = incident.breach
        return Outlook(
            position=incident.history[-1].position,
            open=not incident.closed,
            school=incident.school,
            steps={str(step): str(state) for step, state in steps.items()},
            step=str(current_step(steps) or "closed"),
            aware_at=breach.aware_at if breach else None,
            deadline=breach.deadline if breach else None,
            rings_at=self.frame.of_engine(due.rings_at),
            alarms=tuple(DueAlarm(**dataclasses.asdict(each)) for each in due.alarms),
            next_at=self.frame.of_engine(due.next_at),
            next_is=due.next_is,
        )

    @activity.defn(name="record_missed_deadline")
    @_without_personal_data
    def record_missed_deadline(self, question: Look) -> int:
        """Records that the 72 hours passed, if they did; gives the incident's position after it."""
        now = self.frame.of_case(question.now)
        incident = self.handler.load(question.ref)
        deadline = rings_at(incident)
        if deadline is not None and deadline <= now:
            command = RecordMissedDeadline(deadline=deadline)
            self.handler.handle(command, question.ref, ENGINE, now, f"engine:missed@{deadline.isoformat()}")
        return self.handler.load(question.ref).history[-1].position

    @activity.defn(name="give_alarm")
    @_without_personal_data
    def give_alarm(self, order: GiveAlarm) -> None:
        """Delivers the alarm's message, then records it. What is no longer due is left alone, unless it went out."""
        now = self.frame.of_case(order.now)
        incident = self.handler.load(order.ref)
        due = {alarm.name: alarm for alarm in self._plan(incident, now).alarms}
        ordered = _alarm(order.alarm)
        if ordered.name in due:
            self._give(due[ordered.name], incident, now)
        elif self.postbox.delivered(ordered, incident):
            self._record(_delivered(ordered), f"engine:{ordered.name}", ordered, incident, now)

    def _plan(self, incident: Incident, now: datetime) -> Plan:
        return plan(incident, self.schools.school(incident.school).policy, now)

    def _give(self, alarm: Alarm, incident: Incident, now: datetime) -> None:
        school = self.schools.school(incident.school)
        try:
            self.postbox.deliver(alarm, incident, school, now)
        except Undeliverable as failure:
            self._failed(alarm, incident, now, failure.code, final=True)
        except Exception:
            if activity.info().attempt == ATTEMPTS_BEFORE_IT_IS_SAID:
                self._failed(alarm, incident, now, "not_reachable", final=False)
            raise
        else:
            self._record(_delivered(alarm), f"engine:{alarm.name}", alarm, incident, now)

    def _failed(self, alarm: Alarm, incident: Incident, now: datetime, reason: str, *, final: bool) -> None:
        command = RecordDeliveryFailure(alarm=alarm.name, to=alarm.to, due_at=alarm.due_at, reason=reason, final=final)
        self._record(command, f"engine:failed:{final}:{alarm.name}", alarm, incident, now)

    def _record(
        self,
        command: RecordReminder | RecordEscalation | RecordDeliveryFailure,
        key: str,
        alarm: Alarm,
        incident: Incident,
        now: datetime,
    ) -> None:
        self.handler.handle(command, incident.ref, ENGINE, now, f"{key}@{alarm.due_at.isoformat()}")


def _alarm(due: DueAlarm) -> Alarm:
    because = cast("Because | None", due.because)
    return Alarm(due.name, due.family, Role(due.to), due.due_at, because, due.stands_for)


def _delivered(alarm: Alarm) -> RecordReminder | RecordEscalation:
    if alarm.because is None:
        return RecordReminder(alarm=alarm.name, to=alarm.to, due_at=alarm.due_at, stands_for=alarm.stands_for)
    return RecordEscalation(
        alarm=alarm.name, to=alarm.to, due_at=alarm.due_at, because=alarm.because, stands_for=alarm.stands_for
    )
