"""The figures of one period: the same for a term under review and for each period that it is compared with."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from statistics import median

from domain.events.contain import BreachStopped
from domain.events.notify import DataSubjectsTold
from domain.incident import Incident
from domain.vocabulary import Cause
from projections.breach_log import Finding, LogEntry, log_entry
from projections.complaint_states import ComplaintFigures, ComplaintState, complaint_figures, complaint_states
from projections.measures import AdoptedMeasure, adopted_measures, measure_figures
from projections.period_kinds import types_of
from projections.periods import Period, day_of


class Figures(Period):
    """A period with its figures. Incidents belong to the period in which they were reported, measures and complaints
    to those of their own dates. `people_told` is as many as were counted: in `told_uncounted` incidents not all were.
    """

    incidents: int
    breaches: int
    near_misses: int
    not_breaches: int
    suspected: int
    notified: int
    late: int
    deadlines_missed: int
    people_told: int
    told_approximate: bool
    told_uncounted: int
    supplier_caused: int
    open_incidents: int
    open_measures: int
    overdue_measures: int
    completed_measures: int
    complaints: ComplaintFigures
    median_hours_to_contain: float | None
    median_hours_to_notify: float | None
    by_type: dict[str, int]


@dataclass(frozen=True, slots=True)
class Case:
    """An incident with its row in the breach log and the day on which it was reported."""

    incident: Incident
    entry: LogEntry
    reported_on: date


@dataclass(frozen=True, slots=True)
class Records:
    """All that is recorded of a school's incidents, read once for every period."""

    cases: tuple[Case, ...]
    measures: tuple[AdoptedMeasure, ...]
    complaints: tuple[ComplaintState, ...]
    zone: tzinfo

    def reported_in(self, period: Period) -> list[Case]:
        """The incidents that belong to a period."""
        return [case for case in self.cases if period.holds(case.reported_on)]


def records_of(incidents: Iterable[Incident], zone: tzinfo) -> Records:
    """The records of these incidents, in the order in which they were reported."""
    ordered = sorted(incidents, key=lambda incident: (incident.reported_at, incident.ref))
    return Records(
        cases=tuple(Case(each, log_entry(each), day_of(each.reported_at, zone)) for each in ordered),
        measures=adopted_measures(ordered, zone),
        complaints=tuple(state for each in ordered for state in complaint_states(each)),
        zone=zone,
    )


def figures(records: Records, period: Period, stands_on: date) -> Figures:
    """The figures of a period; what is open or overdue in it is so at the end of the day `stands_on`."""
    cases = records.reported_in(period)
    entries = [case.entry for case in cases]
    findings = Counter(entry.finding for entry in entries)
    measures = measure_figures(records.measures, period, stands_on)
    told = [[fact for _, fact in case.incident.all(DataSubjectsTold)] for case in cases]
    return Figures(
        begins_on=period.begins_on,
        ends_on=period.ends_on,
        incidents=len(entries),
        breaches=findings[Finding.BREACH],
        near_misses=findings[Finding.NEAR_MISS],
        not_breaches=findings[Finding.NOT_A_BREACH],
        suspected=findings[Finding.SUSPECTED],
        notified=sum(entry.notified_at is not None and not entry.report_withdrawn for entry in entries),
        late=sum(bool(entry.late) for entry in entries),
        deadlines_missed=sum(entry.deadline_missed for entry in entries),
        people_told=sum(fact.number.number or 0 for facts in told for fact in facts),
        told_approximate=any(fact.number.certainty == "approximate" for facts in told for fact in facts),
        told_uncounted=sum(any(fact.number.number is None for fact in facts) for facts in told),
        supplier_caused=sum(entry.cause is Cause.SUPPLIER_FAULT for entry in entries),
        open_incidents=sum(entry.closed_at is None for entry in entries),
        open_measures=measures.open,
        overdue_measures=measures.overdue,
        completed_measures=measures.completed,
        complaints=complaint_figures(records.complaints, period, stands_on, records.zone),
        median_hours_to_contain=_median_hours(
            (_first(case.incident), stopped.stopped_at)
            for case in cases
            if (stopped := case.incident.last(BreachStopped)) is not None
        ),
        median_hours_to_notify=_median_hours(
            (entry.aware_at, entry.notified_at) for entry in entries if entry.aware_at and entry.notified_at
        ),
        by_type=types_of(entries),
    )


def figures_before(records: Records, period: Period, since: date | None, at_most: int) -> tuple[Figures, ...]:
    """The figures of the periods of the same length before, the nearest first, as far back as anything is recorded."""
    found: list[Figures] = []
    earlier: Period | None = period
    while len(found) < at_most and earlier and since and since < earlier.begins_on:
        earlier = earlier.preceding()
        if earlier:
            found.append(figures(records, earlier, earlier.ends_on))
    return tuple(found)


def _first(incident: Incident) -> datetime:
    return incident.first_signal_at or incident.reported_at


def _median_hours(spans: Iterable[tuple[datetime, datetime]]) -> float | None:
    hours = [(end - begin) / timedelta(hours=1) for begin, end in spans]
    return round(median(hours), 1) if hours else None
