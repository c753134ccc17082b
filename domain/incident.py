"""An incident as its events leave it: the phases it can be in, and `evolve`, which never fails."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from typing import Any, TypeVar, cast, get_args

from domain.events import Recorded
from domain.events.base import Fact
from domain.events.complain import ComplainFact, ComplaintReceived
from domain.events.contain import (
    BreachFoundOngoing,
    BreachStopped,
    ContainFact,
    ContainmentActionPlanned,
    ContainmentActionTaken,
)
from domain.events.discover import (
    AwarenessCorrected,
    ControllerBecameAware,
    DiscoverFact,
    FoundNotToBeABreach,
    IncidentDescribed,
    IncidentReported,
    NearMissRecorded,
    OccurrenceCorrected,
    ProcessorNotifiedController,
)
from domain.events.engine import (
    DeadlineMissed,
    DeliveryFailed,
    EscalationAcknowledged,
    EscalationRaised,
    ReminderSent,
)
from domain.events.investigate import InvestigateFact, RiskAssessed
from domain.events.notify import MessageWritten, NotificationDecided, NotifyFact, RegulatorReportSubmitted
from domain.events.review import IncidentClosed, IncidentReopened, MeasureAdopted, MeasureCompleted, ReviewFact
from domain.phases import Breach, NoBreach, Situation, Suspicion
from domain.quantities import Span
from domain.roles import Role
from domain.steps import Step
from domain.vocabulary import PeopleKind, RiskLevel

F = TypeVar("F", bound=Fact)

STEP_OF: dict[type[Fact], Step] = {
    fact: step
    for step, facts in (
        (Step.DISCOVER, DiscoverFact),
        (Step.CONTAIN, ContainFact),
        (Step.INVESTIGATE, InvestigateFact),
        (Step.NOTIFY, NotifyFact),
        (Step.REVIEW, ReviewFact),
        (Step.REVIEW, ComplainFact),
    )
    for fact in get_args(facts)
}
"""The step to which each fact belongs; the engine's own facts belong to none."""


@dataclass(frozen=True)
class Incident:
    """The state that decisions, obligations and alarms are read from."""

    ref: str
    school: str
    version: int
    reported_at: datetime
    recorded_at: datetime
    phase: Situation = field(default_factory=Suspicion)
    closed: bool = False
    first_signal_at: datetime | None = None
    history: tuple[Recorded, ...] = ()
    latest: Mapping[type[Fact], Recorded] = field(default_factory=dict)
    planned: Mapping[str, ContainmentActionPlanned] = field(default_factory=dict)
    measures: Mapping[str, MeasureAdopted] = field(default_factory=dict)
    complaints: Mapping[int, ComplaintReceived] = field(default_factory=dict)
    items: frozenset[str] = frozenset()
    acted_at: Mapping[Step, datetime] = field(default_factory=dict)
    roles: frozenset[Role] = frozenset()
    given: Mapping[str, datetime] = field(default_factory=dict)
    missed: frozenset[datetime] = frozenset()
    awaiting: Mapping[str, Role] = field(default_factory=dict)
    undelivered: Mapping[str, tuple[Role, datetime]] = field(default_factory=dict)

    def last(self, fact: type[F]) -> F | None:
        """The latest fact of that kind, if there is one."""
        event = self.latest.get(fact)
        return None if event is None else cast(F, event.fact)

    def all(self, *facts: type[F]) -> Iterator[tuple[Recorded, F]]:
        """Every event of those kinds, oldest first, with its fact."""
        return ((event, cast(F, event.fact)) for event in self.history if type(event.fact) in facts)

    def has(self, fact: type[Fact]) -> bool:
        """Whether a fact of that kind was recorded."""
        return fact in self.latest

    @property
    def occurred(self) -> Span:
        """When it happened: what was reported, ended by the moment at which it was stopped."""
        said = self.last(OccurrenceCorrected) or self.last(IncidentReported)
        span = said.occurred if said else Span()
        stopped = self.last(BreachStopped) if self.stopped else None
        if stopped is None or span.ended_at is not None:
            return span
        ended_at = stopped.stopped_at if span.began_at and stopped.stopped_at >= span.began_at else None
        return Span(began_at=span.began_at, ended_at=ended_at)

    @property
    def story(self) -> IncidentDescribed | IncidentReported | None:
        """What happened: as it was written for the report, or else as it was reported."""
        return self.last(IncidentDescribed) or self.last(IncidentReported)

    @property
    def stopped(self) -> bool:
        """Whether it stopped, and was not found to go on since."""
        return self.version_of(BreachStopped) > self.version_of(BreachFoundOngoing)

    def version_of(self, *facts: type[Fact]) -> int:
        """The version at which one of those kinds was last recorded; 0 when none was."""
        return max((event.version for fact in facts if (event := self.latest.get(fact))), default=0)

    @property
    def letters(self) -> dict[PeopleKind, MessageWritten]:
        """The letter that stands for each kind of people."""
        return {letter.people: letter for _, letter in self.all(MessageWritten)}

    def letter_before(self, people: PeopleKind, version: int) -> MessageWritten | None:
        """The letter to those people that stood before a version."""
        written = [said for event, said in self.all(MessageWritten) if event.version < version]
        return next((letter for letter in reversed(written) if letter.people is people), None)

    @property
    def breach(self) -> Breach | None:
        """The breach, when there is one."""
        return self.phase if isinstance(self.phase, Breach) else None

    @property
    def reopened_at(self) -> datetime | None:
        """When it was last reopened."""
        event = self.latest.get(IncidentReopened)
        return None if event is None else event.recorded_at

    @property
    def earlier_signal(self) -> bool:
        """Whether a notice recorded since reached the school before the moment that stands as awareness."""
        notice, breach = self.last(ProcessorNotifiedController), self.breach
        if notice is None or breach is None or notice.told_at >= breach.aware_at:
            return False
        return self.version_of(ProcessorNotifiedController) > self.version_of(ControllerBecameAware, AwarenessCorrected)

    @property
    def new_since_the_report(self) -> bool:
        """Whether anything that a report tells was recorded after the last one."""
        told = self.version_of(RegulatorReportSubmitted)
        return any(
            self.version_of(kind) > told
            for kind, step in STEP_OF.items()
            if step in (Step.CONTAIN, Step.INVESTIGATE) or kind is MeasureAdopted
        )

    def standing(self, decision: type[F]) -> F | None:
        """The latest decision of that kind, unless the breach was found to be none since and confirmed anew."""
        overturned = self.version_of(decision) < self.version_of(ControllerBecameAware)
        return None if overturned else self.last(decision)

    @property
    def decided_to_notify(self) -> bool | None:
        """The controller's decision on notification; None while it is open."""
        decision = self.standing(NotificationDecided)
        return None if decision is None else decision.notify_regulator

    @property
    def notification_open(self) -> bool:
        """Whether it is still to be decided, or to be decided again because the risk is no longer unlikely."""
        if self.decided_to_notify is not False:
            return self.decided_to_notify is None
        risen = self.version_of(RiskAssessed) > self.version_of(NotificationDecided)
        return risen and self.risk is not RiskLevel.UNLIKELY

    @property
    def risk(self) -> RiskLevel | None:
        """The latest assessment of the risk."""
        assessed = self.last(RiskAssessed)
        return None if assessed is None else assessed.level

    @property
    def clock_runs(self) -> bool:
        """Whether the question that the 72 hours are about is still open."""
        breach = self.breach
        if breach is None or self.closed or breach.reported:
            return False
        return self.notification_open or self.decided_to_notify is True


def evolve(incident: Incident | None, event: Recorded) -> Incident:
    """The incident after one more event. Never fails: whatever was recorded has happened."""
    fact = event.fact
    before = incident or Incident(
        ref=event.incident, school=event.school, version=0, reported_at=event.recorded_at, recorded_at=event.recorded_at
    )
    kind = type(fact)
    step, role = STEP_OF.get(kind), event.actor.role
    after = _with(
        before,
        version=event.version,
        recorded_at=event.recorded_at,
        history=(*before.history, event),
        latest={**before.latest, kind: event},
        acted_at={**before.acted_at, step: event.recorded_at} if step else before.acted_at,
        roles=before.roles if role in before.roles else before.roles | {role},
    )
    return _engine_acted(after, event) if step is None else _changed(after, fact)


def replay(events: Iterable[Recorded]) -> Incident | None:
    """The incident after all these events; None when there are none."""
    return reduce(evolve, events, cast("Incident | None", None))


def _with(incident: Incident, **changes: Any) -> Incident:
    """A copy with changes; `dataclasses.replace` takes six times as long, and a view is one of these an event."""
    copy = object.__new__(Incident)
    copy.__dict__.update(incident.__dict__, **changes)
    return copy


def _changed(incident: Incident, fact: Fact) -> Incident:
    match fact:
        case IncidentReported(discovered_at=at) | ProcessorNotifiedController(told_at=at):
            return _with(incident, first_signal_at=_earliest(incident, at))
        case ControllerBecameAware(aware_at=at):
            reports = tuple(report for _, report in incident.all(RegulatorReportSubmitted))
            return _with(incident, phase=Breach(aware_at=at, reports=reports), first_signal_at=_earliest(incident, at))
        case AwarenessCorrected(aware_at=at) if isinstance(incident.phase, Breach):
            phase = replace(incident.phase, aware_at=at)
            return _with(incident, phase=phase, first_signal_at=_earliest(incident, at))
        case FoundNotToBeABreach() | NearMissRecorded():
            return _with(incident, phase=NoBreach(near_miss=isinstance(fact, NearMissRecorded)))
        case RegulatorReportSubmitted() if isinstance(incident.phase, Breach):
            phase = replace(incident.phase, reports=(*incident.phase.reports, fact))
            return _with(incident, phase=phase)
        case ContainmentActionPlanned(item=item):
            return _with(incident, planned={**incident.planned, item: fact}, items=incident.items | {item})
        case ContainmentActionTaken(item=item):
            return _with(incident, planned=_without(incident.planned, item), items=incident.items | {item})
        case MeasureAdopted(item=item):
            return _with(incident, measures={**incident.measures, item: fact}, items=incident.items | {item})
        case MeasureCompleted(item=item):
            return _with(incident, measures=_without(incident.measures, item))
        case ComplaintReceived(number=number):
            return _with(incident, complaints={**incident.complaints, number: fact})
        case IncidentClosed():
            return _with(incident, closed=True)
        case IncidentReopened():
            again: Situation = Suspicion() if isinstance(incident.phase, NoBreach) else incident.phase
            return _with(incident, closed=False, phase=again)
        case _:
            return incident


def _earliest(incident: Incident, at: datetime) -> datetime:
    return min(at, incident.first_signal_at or at)


def _engine_acted(incident: Incident, event: Recorded) -> Incident:
    match event.fact:
        case ReminderSent(alarm=alarm, stands_for=others):
            return _with(incident, given=_given(incident, event, alarm, *others))
        case EscalationRaised(alarm=alarm, to=to, stands_for=others):
            given = _given(incident, event, alarm, *others)
            return _with(incident, given=given, awaiting={**incident.awaiting, alarm: to})
        case DeliveryFailed(alarm=alarm, to=to, final=True):
            undelivered = {**incident.undelivered, alarm: (to, event.recorded_at)}
            return _with(incident, given=_given(incident, event, alarm), undelivered=undelivered)
        case DeadlineMissed(deadline=deadline):
            return _with(incident, missed=incident.missed | {deadline})
        case EscalationAcknowledged(alarm=alarm):
            return _with(incident, awaiting=_without(incident.awaiting, alarm))
        case _:
            return incident


def _given(incident: Incident, event: Recorded, *alarms: str) -> dict[str, datetime]:
    return {**incident.given, **dict.fromkeys(alarms, event.recorded_at)}


V = TypeVar("V")


def _without(items: Mapping[str, V], item: str) -> dict[str, V]:
    return {key: value for key, value in items.items() if key != item}
