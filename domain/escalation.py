"""Whom the engine reminds and to whom it escalates, and when: alarms read from an incident and the school's policy."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import groupby

from domain.complaints import unacknowledged
from domain.events.contain import SignificanceJudged
from domain.events.discover import DpoInformed, LeadInformed
from domain.events.engine import Because
from domain.events.notify import NotificationDecided
from domain.events.review import MeasureAdopted
from domain.incident import Incident, replay
from domain.obligation import Obligation
from domain.obligations import outstanding, progress
from domain.phases import Breach, NoBreach, Suspicion
from domain.policy import Policy
from domain.roles import Role
from domain.steps import Progress, Step, current_step

WAITS_FOR_A_DATE = ("take_containment", "complete_measure", "acknowledge_complaint")


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
    """The deadline, while its passing would have to be recorded: not where it was met or the decision was in force."""
    if incident.breach is None or not incident.clock_runs or incident.breach.deadline in incident.missed:
        return None
    return None if _was_met(incident, incident.breach) else incident.breach.deadline


def _was_met(incident: Incident, breach: Breach) -> bool:
    sent = [report for report in breach.reports if report.submitted_at <= breach.deadline]
    if sent and sent[-1].phase != "withdrawn":
        return True
    if incident.version_of(NotificationDecided) == 0:
        return False
    then = replay(event for event in incident.history if event.recorded_at <= breach.deadline)
    return then is not None and then.breach is not None and not then.clock_runs


def _given(incident: Incident, alarm: Alarm) -> bool:
    given_at = incident.given.get(alarm.name)
    return given_at is not None and given_at >= alarm.due_at


def _merged(due: Iterable[Alarm]) -> tuple[Alarm, ...]:
    ordered = sorted(due, key=lambda alarm: (*_kind(alarm), alarm.due_at, alarm.name))
    merged = []
    for _, group in groupby(ordered, key=_kind):
        *earlier, last = group
        merged.append(replace(last, stands_for=tuple(alarm.name for alarm in earlier)))
    return tuple(sorted(merged, key=lambda alarm: (alarm.due_at, alarm.name)))


def _kind(alarm: Alarm) -> tuple[str, Role, bool]:
    """A reminder never stands for an escalation, which waits for an acknowledgement."""
    return alarm.family, alarm.to, alarm.because is None


def family_of(name: str) -> str:
    """The family to which an alarm of that name belongs."""
    kind, _, rest = name.partition(".")
    return f"{kind}.{rest.partition('.')[0]}" if kind in ("standstill", "measure", "complaint") else kind


def _scheduled(incident: Incident, policy: Policy) -> Iterator[Alarm]:
    if incident.closed:
        return
    yield from _report_notices(incident)
    yield from _significance(incident, policy)
    yield from _standstill(incident, policy)
    yield from _undelivered(incident, policy)
    yield from _measures(incident, policy)
    yield from _complaints(incident, policy)
    if incident.breach is not None and incident.clock_runs:
        yield from _clock(incident, incident.breach, policy)


def _report_notices(incident: Incident) -> Iterator[Alarm]:
    if isinstance(incident.phase, NoBreach):
        return
    for role, informed in ((Role.LEAD, LeadInformed), (Role.DPO, DpoInformed)):
        known = {Role.LEAD, Role.HEAD} if role is Role.LEAD else {role}
        if not incident.roles & known and not incident.has(informed):
            yield Alarm(f"reported.{role}", "reported", role, incident.reported_at)


def _significance(incident: Incident, policy: Policy) -> Iterator[Alarm]:
    if isinstance(incident.phase, NoBreach):
        return
    judged = incident.last(SignificanceJudged)
    name = f"significant.{policy.escalate_to}"
    if judged and judged.significant and name not in incident.given:
        at = incident.latest[SignificanceJudged].recorded_at
        yield Alarm(name, "significant", policy.escalate_to, at, "significant")


def _undelivered(incident: Incident, policy: Policy) -> Iterator[Alarm]:
    """An escalation that can never be delivered is passed to the others who can act."""
    for name, (to, at) in incident.undelivered.items():
        for role in (Role.HEAD, Role.LEAD, Role.DPO) if to is policy.escalate_to else ():
            if role is not to:
                yield Alarm(f"undelivered.{name}.{role}", "undelivered", role, at)


def _measures(incident: Incident, policy: Policy) -> Iterator[Alarm]:
    """A measure is chased before and on its day, and escalated when it stays undone. Its name stays in the log."""
    for adopted, measure in incident.all(MeasureAdopted):
        if incident.measures.get(measure.item) is not measure:
            continue
        name, due_on = f"measure.{adopted.version}", datetime.combine(measure.due_on, time.min, UTC)
        for days in policy.measures_chased_days_before:
            if (due_at := due_on - timedelta(days=days)) > adopted.recorded_at:
                yield Alarm(f"{name}.{days}d.{Role.LEAD}", name, Role.LEAD, due_at)
        overdue = due_on + timedelta(days=policy.measures_escalated_days_after)
        yield Alarm(f"{name}.overdue.{policy.escalate_to}", name, policy.escalate_to, overdue, "measure_overdue")


def _complaints(incident: Incident, policy: Policy) -> Iterator[Alarm]:
    """The clock of DPA 2018 s. 164A(3): reminders before the 30 days end, and an escalation when they have."""
    for number, before in unacknowledged(incident):
        name = f"complaint.{number}"
        for days in policy.complaints_chased_days_before:
            for role in (Role.LEAD, Role.DPO):
                yield Alarm(f"{name}.{days}d.{role}", name, role, before - timedelta(days=days))
        to = policy.escalate_to
        yield Alarm(f"{name}.missed.{to}", name, to, before, "complaint_not_acknowledged")


def _standstill(incident: Incident, policy: Policy) -> Iterator[Alarm]:
    """The current step, and any other that was begun and still asks for something: the steps are tracks."""
    steps = progress(incident)
    current = current_step(steps)
    asked = outstanding(incident)
    for step in Step:
        begun = steps[step] is Progress.UNDER_WAY and step is not Step.REVIEW
        if step is current or begun:
            idle_since = _idle_since(incident, step, [each for each in asked if each.step is step], step is current)
            due_at = idle_since + timedelta(hours=policy.standstill[step])
            name = f"standstill.{step}.{policy.escalate_to}"
            yield Alarm(name, f"standstill.{step}", policy.escalate_to, due_at, "step_stood_still")


def _idle_since(incident: Incident, step: Step, asked: Sequence[Obligation], is_current: bool) -> datetime:
    """The last act in this step, or for the current one in an earlier one; what only waits for dates waits for them."""
    if isinstance(incident.phase, Suspicion) and step is Step.DISCOVER:
        return incident.reopened_at or incident.reported_at
    before = list(Step)[: list(Step).index(step)] if is_current else []
    acted = [at for other, at in incident.acted_at.items() if other is step or other in before]
    dates = [each.due_at for each in asked if each.command in WAITS_FOR_A_DATE and each.due_at]
    only_dates = len(dates) == sum(each.command != "close_incident" for each in asked)
    return max([*acted, *(dates if only_dates else [])], default=incident.reported_at)


def _clock(incident: Incident, breach: Breach, policy: Policy) -> Iterator[Alarm]:
    for hours in policy.reminders_after_awareness:
        for role in policy.reminders_to:
            due_at = breach.aware_at + timedelta(hours=hours)
            yield Alarm(f"clock.{hours:g}h.{role}", "clock", role, due_at)
    if incident.notification_open:
        for hours in policy.decision_missing_before_deadline:
            name = f"clock.undecided.{hours:g}h.{policy.escalate_to}"
            due_at = breach.deadline - timedelta(hours=hours)
            yield Alarm(name, "clock", policy.escalate_to, due_at, "decision_missing")
    if breach.deadline in incident.missed:
        for role in dict.fromkeys((*policy.reminders_to, policy.escalate_to)):
            because: Because | None = "deadline_missed" if role == policy.escalate_to else None
            yield Alarm(f"clock.missed.{role}", "clock", role, breach.deadline, because)
