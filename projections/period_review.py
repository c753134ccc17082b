"""What governors are shown of a term or a year: its figures beside earlier ones, kinds, measures, complaints, training.

The contents follow what the regulator expects of oversight (ICO accountability framework, breach response and
monitoring: volume, type, trends, lessons) and what the DPO owes to the highest level of management (UK GDPR
Art. 38(3), 39(1)(b)). Nothing recorded is None or an empty list, never a nought that looks like a figure.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, tzinfo

from domain.events import Recorded
from domain.events.investigate import RiskAssessed
from domain.events.notify import RegulatorAnswered
from domain.events.review import ReviewHeld
from domain.incident import Incident
from domain.quantities import Instant, Value
from projections.breach_log import Finding
from projections.complaint_states import ComplaintState, complaints_in
from projections.governors_review import GovernorsReview, governors_review
from projections.measures import AdoptedMeasure, in_period
from projections.period_figures import Case, Figures, Records, figures, figures_before, records_of
from projections.period_kinds import Kinds, kinds
from projections.periods import Period, day_of
from projections.school_matters import DpoOpinion, GroupTraining, opinion_on, training_by

EARLIER_PERIODS = 5
"""The one before, and four more for the trend."""


class LateReport(Value):
    """A report that went to the regulator after the 72 hours, with the reasons that Art. 33(1) asks for."""

    ref: str
    aware_at: Instant | None
    deadline: Instant | None
    notified_at: Instant
    reasons: str | None


class MissedDeadline(Value):
    """The 72 hours of a breach passed without an answer."""

    ref: str
    deadline: Instant | None


class RegulatorCase(Value):
    """An incident that the regulator knows: its reference, and how often it answered in the period."""

    ref: str
    reference: str | None
    answers: int


class Compared(Value):
    """In how many incidents the rules suggested this, the DPO advised that and the school decided so."""

    question: str
    suggested: bool
    advised: bool | None
    decided: bool | None
    incidents: int


class Themes(Value):
    """What runs through several incidents: lessons of reviews that found a systemic problem, and the DPO's themes."""

    systemic_refs: tuple[str, ...]
    systemic_lessons: tuple[str, ...]
    by_dpo: tuple[str, ...]


class PeriodReview(Figures):
    """A term's or a year's figures for one school, those of the periods before, and what is behind them.

    `stands_on` is the day at whose end measures and complaints are open or overdue: the last of the period, or the
    day on which the log was read when that is earlier. `before` holds the nearest period first and ends where the
    records begin (`recorded_since`). `recorded_at` is the newest event behind the figures.
    """

    school: str
    stands_on: date
    recorded_since: date | None
    recorded_at: Instant | None
    before: tuple[Figures, ...]
    kinds: Kinds
    themes: Themes
    late_reports: tuple[LateReport, ...]
    missed_deadlines: tuple[MissedDeadline, ...]
    regulator: tuple[RegulatorCase, ...]
    compared: tuple[Compared, ...]
    decided_otherwise: int
    measures: tuple[AdoptedMeasure, ...]
    complaint_states: tuple[ComplaintState, ...]
    training: tuple[GroupTraining, ...]
    opinion: DpoOpinion | None
    reviews: tuple[GovernorsReview, ...]

    @property
    def over(self) -> bool:
        """Whether the period had ended when the log was read."""
        return self.stands_on >= self.ends_on


def period_review(
    school: str,
    incidents: Iterable[Incident],
    record: Sequence[Recorded],
    begins_on: date,
    ends_on: date,
    zone: tzinfo = UTC,
    *,
    as_at: datetime | None = None,
) -> PeriodReview:
    """The review of the days from `begins_on` to `ends_on` in the school's zone.

    `incidents` are all that the school has, `record` is what is recorded of the school itself, and `as_at` is when
    both were read: None once the period is over. Raises ValueError when the period ends before it begins.
    """
    period = Period(begins_on=begins_on, ends_on=ends_on)
    stands_on = min(ends_on, day_of(as_at, zone)) if as_at else ends_on
    records = records_of(incidents, zone)
    cases = records.reported_in(period)
    reviews = tuple(governors_review(case.incident) for case in cases)
    since = _recorded_since(records, record)
    opinion = opinion_on(record, period)
    return PeriodReview(
        **dict(figures(records, period, stands_on)),
        school=school,
        stands_on=stands_on,
        recorded_since=since,
        recorded_at=_recorded_at(records, record),
        before=figures_before(records, period, since, EARLIER_PERIODS),
        kinds=kinds(case.entry for case in cases),
        themes=_themes(cases, opinion),
        late_reports=_late_reports(cases),
        missed_deadlines=tuple(
            MissedDeadline(ref=case.entry.ref, deadline=case.entry.deadline)
            for case in cases
            if case.entry.deadline_missed
        ),
        regulator=_regulator(records, period),
        compared=_compared(cases, reviews),
        decided_otherwise=sum(any(made.differs for made in review.decisions) for review in reviews),
        measures=in_period(records.measures, period, stands_on),
        complaint_states=complaints_in(records.complaints, period, stands_on, zone),
        training=training_by(record, stands_on),
        opinion=opinion,
        reviews=reviews,
    )


def _recorded_since(records: Records, record: Sequence[Recorded]) -> date | None:
    days = [case.reported_on for case in records.cases]
    return min(days + [day_of(event.recorded_at, records.zone) for event in record], default=None)


def _recorded_at(records: Records, record: Sequence[Recorded]) -> datetime | None:
    moments = [case.incident.recorded_at for case in records.cases] + [event.recorded_at for event in record]
    return max(moments, default=None)


def _themes(cases: Sequence[Case], opinion: DpoOpinion | None) -> Themes:
    held = [(case.entry.ref, review) for case in cases if (review := case.incident.last(ReviewHeld))]
    systemic = [(ref, review.lessons) for ref, review in held if review.systemic]
    return Themes(
        systemic_refs=tuple(ref for ref, _ in systemic),
        systemic_lessons=tuple(dict.fromkeys(lesson for _, lessons in systemic for lesson in lessons)),
        by_dpo=opinion.themes if opinion else (),
    )


def _late_reports(cases: Sequence[Case]) -> tuple[LateReport, ...]:
    return tuple(
        LateReport(
            ref=case.entry.ref,
            aware_at=case.entry.aware_at,
            deadline=case.entry.deadline,
            notified_at=case.entry.notified_at,
            reasons=case.entry.reasons_for_delay,
        )
        for case in cases
        if case.entry.late and case.entry.notified_at
    )


def _regulator(records: Records, period: Period) -> tuple[RegulatorCase, ...]:
    """Those reported in the period that have a reference, and those that the regulator wrote about in it."""
    found = []
    for case in records.cases:
        answers = [fact.received_at for _, fact in case.incident.all(RegulatorAnswered)]
        within = sum(period.holds(day_of(at, records.zone)) for at in answers)
        reference = case.entry.regulator_reference
        if within or (reference and period.holds(case.reported_on)):
            found.append(RegulatorCase(ref=case.entry.ref, reference=reference, answers=within))
    return tuple(found)


def _compared(cases: Sequence[Case], reviews: Sequence[GovernorsReview]) -> tuple[Compared, ...]:
    """Where the risk was assessed with facts, so that the rules of that day could suggest something."""
    counts: Counter[tuple[str, bool, bool | None, bool | None]] = Counter()
    for case, review in zip(cases, reviews, strict=True):
        assessed = case.incident.last(RiskAssessed)
        prompt = assessed.prompt if assessed else None
        if prompt is None or case.entry.finding is not Finding.BREACH:
            continue
        for made, suggested in zip(review.decisions, (prompt.notify_regulator, prompt.communicate), strict=True):
            counts[made.question, suggested, made.advised, made.decided] += 1
    return tuple(
        Compared(question=question, suggested=suggested, advised=advised, decided=decided, incidents=number)
        for (question, suggested, advised, decided), number in sorted(
            counts.items(), key=lambda each: (each[0][0], -each[1], str(each[0]))
        )
    )
