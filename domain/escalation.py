"""Whom the engine reminds and to whom it escalates, and when: alarms read from an incident and the school's policy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import groupby

from domain.events.contain import SignificanceJudged
from domain.events.discover import DpoInformed, LeadInformed
from domain.events.engine import Because
from domain.incident import Breach, Incident, NoBreach
from domain.obligations import progress
from domain.policy import Policy
from domain.roles import Role
from domain.steps import Step, current_step


@dataclass(frozen=True, slots=True)
class Alarm:
    """One message to one role. Of the alarms of one family that are due at once, the latest stands for the others."""

    name: str
    family: str
    to: Role
    due_at: datetime
    because: Because | None = None
    stands_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What the engine has to send now, when it must look again at the latest and for what, and when the clock rings.

    `rings_at` is the deadline for as long as the question of notification is open and its passing is not recorded.
    """

    alarms: tuple[Alarm, ...]
    next_at: datetime | None
    next_is: str
    rings_at: datetime | None


def plan(incident: Incident, policy: Policy, now: datetime) -> Plan:
    """What is due at `now` and not yet done, each once; an alarm given at or after its due time is done.

    Once the deadline has passed, that is recorded first: the message about it stands for what was due before.
    """
    rings = rings_at(incident)
    passed = rings is not None and rings <= now
    scheduled = (alarm for alarm in _scheduled(incident, policy) if not (passed and alarm.family == "clock"))
    waiting = [alarm for alarm in scheduled if not _given(incident, alarm)]
    next_at, next_is = min(((each.due_at, each.name) for each in waiting if each.due_at > now), default=(None, ""))
    return Plan(_merged(each for each in waiting if each.due_at <= now), next_at, next_is, rings)


def rings_at(incident: Incident) -> datetime | None:
    """The deadline, while its passing would have to be recorded."""
    if incident.breach is None or not incident.clock_runs or incident.breach.deadline in incident.missed:
        return None
    return incident.breach.deadline


def _given(incident: Incident, alarm: Alarm) -> bool:
    given_at = incident.given.get(alarm.name)
    return given_at is not None and given_at >= alarm.due_at


def _merged(due: Iterable[Alarm]) -> tuple[Alarm, ...]:
    ordered = sorted(due, key=lambda alarm: (alarm.family, alarm.to, alarm.due_at, alarm.name))
    merged = []
    for _, group in groupby(ordered, key=lambda alarm: (alarm.family, alarm.to)):
        *earlier, last = group
        merged.append(replace(last, stands_for=tuple(alarm.name for alarm in earlier)))
    return tuple(sorted(merged, key=lambda alarm: (alarm.due_at, alarm.name)))


def _scheduled(incident: Incident, policy: Policy) -> Iterator[Alarm]:
    if incident.closed:
        return
    yield from _report_notices(incident)
    yield from _significance(incident, policy)
    yield from _standstill(incident, policy)
    if incident.breach is not None and incident.clock_runs:
        yield from _clock(incident, incident.breach, policy)


def _report_notices(incident: Incident) -> Iterator[Alarm]:
    if isinstance(incident.phase, NoBreach):
        return
    for role, informed in ((Role.LEAD, LeadInformed), (Role.DPO, DpoInformed)):
        if role not in incident.roles and not incident.has(informed):
            yield Alarm(f"reported.{role}", "reported", role, incident.reported_at)


def _significance(incident: Incident, policy: Policy) -> Iterator[Alarm]:
    judged = incident.last(SignificanceJudged)
    name = f"significant.{policy.escalate_to}"
    if judged and judged.significant and name not in incident.given:
        at = incident.latest[SignificanceJudged].recorded_at
        yield Alarm(name, "significant", policy.escalate_to, at, "significant")


def _standstill(incident: Incident, policy: Policy) -> Iterator[Alarm]:
    step = current_step(progress(incident))
    if step is None:
        return
    due_at = _idle_since(incident, step) + timedelta(hours=policy.standstill[step])
    name = f"standstill.{step}.{policy.escalate_to}"
    yield Alarm(name, f"standstill.{step}", policy.escalate_to, due_at, "step_stood_still")


def _idle_since(incident: Incident, step: Step) -> datetime:
    """The last act in this step or an earlier one; a review that only waits for its measures waits for their dates."""
    acted = [at for other, at in incident.acted_at.items() if list(Step).index(other) <= list(Step).index(step)]
    if step is Step.REVIEW:
        acted += [datetime.combine(measure.due_on, time.max, UTC) for measure in incident.measures.values()]
    return max(acted, default=incident.reported_at)


def _clock(incident: Incident, breach: Breach, policy: Policy) -> Iterator[Alarm]:
    for hours in policy.reminders_after_awareness:
        for role in policy.reminders_to:
            due_at = breach.aware_at + timedelta(hours=hours)
            yield Alarm(f"clock.{hours:g}h.{role}", "clock", role, due_at)
    if incident.decided_to_notify is None:
        for hours in policy.decision_missing_before_deadline:
            name = f"clock.undecided.{hours:g}h.{policy.escalate_to}"
            due_at = breach.deadline - timedelta(hours=hours)
            yield Alarm(name, "clock", policy.escalate_to, due_at, "decision_missing")
    if breach.deadline in incident.missed:
        for role in dict.fromkeys((*policy.reminders_to, policy.escalate_to)):
            because: Because | None = "deadline_missed" if role == policy.escalate_to else None
            yield Alarm(f"clock.missed.{role}", "clock", role, breach.deadline, because)
