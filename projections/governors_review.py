"""What governors are shown: facts without names, who decided what and when against the clock, lessons and measures."""

from datetime import date, datetime, timedelta

from domain.events.base import Fact
from domain.events.contain import ChairInformed, SignificanceJudged
from domain.events.engine import EscalationAcknowledged, EscalationRaised, ReminderSent
from domain.events.investigate import RiskAssessed
from domain.events.notify import CommunicationDecided, DpoAdvised, NotificationDecided
from domain.events.review import (
    MeasureAdopted,
    MeasureCompleted,
    ProcedureReviewed,
    ReportedToGovernors,
    ReviewHeld,
)
from domain.incident import Incident
from domain.obligations import outstanding, progress
from domain.quantities import Instant, Value
from domain.risk_facts import Level
from domain.roles import Role
from domain.steps import Progress, Step
from projections.breach_log import LogEntry, log_entry
from projections.complaint_states import ComplaintState, complaint_states
from projections.timeline import title

MILESTONES = frozenset(
    {
        "incident.reported",
        "breach.controller_became_aware",
        "breach.awareness_corrected",
        "containment.stopped",
        "notification.dpo_advised",
        "notification.decided",
        "notification.report_submitted",
        "communication.decided",
        "communication.data_subjects_told",
        "engine.deadline_missed",
        "engine.escalation_raised",
        "engine.escalation_acknowledged",
        "review.held",
        "incident.closed",
        "incident.reopened",
    }
)
"""The events that governors see on the clock; the rest is in the timeline."""


class Milestone(Value):
    """One event against the clock: hours since awareness, negative before it."""

    title: str
    at: Instant
    role: Role
    hours_after_awareness: float | None


class DecisionMade(Value):
    """Advice and decision side by side, and whether they differ."""

    question: str
    advised: bool | None
    advised_at: Instant | None
    decided: bool | None
    decided_by: Role | None
    decided_at: Instant | None
    reasons: str | None

    @property
    def differs(self) -> bool:
        """Whether the controller decided otherwise than the DPO advised."""
        return None not in (self.advised, self.decided) and self.advised != self.decided


class MeasureState(Value):
    """A measure, who answers for it, by when, and whether it is done."""

    item: str
    measure: str
    owner: str
    due_on: date
    completed_at: Instant | None


class Suggestion(Value):
    """What the rules suggested when the risk was last assessed: a prompt, beside advice and decision."""

    level: Level
    score: float
    notify_regulator: bool
    communicate: bool


class GovernorsReview(Value):
    """One incident, for governors. No name of a pupil, parent or member of staff has a field here."""

    ref: str
    school: str
    version: int
    recorded_at: Instant
    entry: LogEntry
    steps: dict[Step, Progress]
    milestones: tuple[Milestone, ...]
    prompt: Suggestion | None
    decisions: tuple[DecisionMade, ...]
    significant: bool | None
    chair_informed_at: Instant | None
    reminders: int
    escalations: int
    unacknowledged: tuple[str, ...]
    causes: str | None
    effectiveness: str | None
    lessons: tuple[str, ...]
    measures: tuple[MeasureState, ...]
    complaints: tuple[ComplaintState, ...]
    procedure: str | None
    governors_met_on: date | None
    still_asked_for: tuple[str, ...]


def governors_review(incident: Incident) -> GovernorsReview:
    """The governors' sheet of one incident."""
    review, procedure = incident.last(ReviewHeld), incident.last(ProcedureReviewed)
    judged, met = incident.last(SignificanceJudged), incident.last(ReportedToGovernors)
    return GovernorsReview(
        ref=incident.ref,
        school=incident.school,
        version=incident.version,
        recorded_at=incident.recorded_at,
        entry=log_entry(incident),
        steps=progress(incident),
        milestones=_milestones(incident),
        prompt=_prompt(incident),
        decisions=_decisions(incident),
        significant=judged.significant if judged else None,
        chair_informed_at=_chair_informed_at(incident),
        reminders=sum(1 for _ in incident.all(ReminderSent)),
        escalations=sum(1 for _ in incident.all(EscalationRaised)),
        unacknowledged=tuple(sorted(incident.awaiting)),
        causes=review.causes if review else None,
        effectiveness=review.effectiveness if review else None,
        lessons=review.lessons if review else (),
        measures=_measures(incident),
        complaints=complaint_states(incident),
        procedure=procedure.detail if procedure else None,
        governors_met_on=met.meeting_on if met else None,
        still_asked_for=tuple(obligation.what for obligation in outstanding(incident)),
    )


def _milestones(incident: Incident) -> tuple[Milestone, ...]:
    aware_at = incident.breach.aware_at if incident.breach else None
    found = []
    for event in incident.history:
        if event.fact.kind not in MILESTONES:
            continue
        at = _when(event.fact) or event.recorded_at
        hours = round((at - aware_at) / timedelta(hours=1), 1) if aware_at else None
        found.append(Milestone(title=title(event.fact), at=at, role=event.actor.role, hours_after_awareness=hours))
    return tuple(sorted(found, key=lambda milestone: milestone.at))


def _when(fact: Fact) -> datetime | None:
    names = ("discovered_at", "aware_at", "stopped_at", "submitted_at", "told_at", "held_at", "deadline")
    fields = type(fact).model_fields  # hasattr takes pydantic ten times as long to say no
    return next((getattr(fact, name) for name in names if name in fields), None)


def _prompt(incident: Incident) -> Suggestion | None:
    assessed = incident.last(RiskAssessed)
    said = assessed.prompt if assessed else None
    if said is None:
        return None
    return Suggestion(
        level=said.level, score=said.score, notify_regulator=said.notify_regulator, communicate=said.communicate
    )


def _decisions(incident: Incident) -> tuple[DecisionMade, ...]:
    advice = incident.latest.get(DpoAdvised)
    said = incident.last(DpoAdvised)
    found = []
    for question, kind, advised in (
        ("Notify the regulator?", NotificationDecided, said.notify_regulator if said else None),
        ("Tell the people concerned?", CommunicationDecided, said.communicate if said else None),
    ):
        event, fact = incident.latest.get(kind), incident.last(kind)
        decided = getattr(fact, "notify_regulator", getattr(fact, "communicate", None))
        found.append(
            DecisionMade(
                question=question,
                advised=advised,
                advised_at=advice.recorded_at if advice else None,
                decided=decided,
                decided_by=event.actor.role if event else None,
                decided_at=event.recorded_at if event else None,
                reasons=getattr(fact, "reasons", None),
            )
        )
    return tuple(found)


def _chair_informed_at(incident: Incident) -> datetime | None:
    informed = incident.last(ChairInformed)
    if informed is not None:
        return informed.informed_at
    acknowledged = (event for event, _ in incident.all(EscalationAcknowledged) if event.actor.role is Role.CHAIR)
    return next((event.recorded_at for event in acknowledged), None)


def _measures(incident: Incident) -> tuple[MeasureState, ...]:
    """A measure that was adopted again with another owner or date is the same measure."""
    completed = {fact.item: fact.completed_at for _, fact in incident.all(MeasureCompleted)}
    adopted = {fact.item: fact for _, fact in incident.all(MeasureAdopted)}
    return tuple(
        MeasureState(
            item=fact.item,
            measure=fact.measure,
            owner=fact.owner,
            due_on=fact.due_on,
            completed_at=completed.get(fact.item),
        )
        for fact in adopted.values()
    )
