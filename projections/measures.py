"""Measures adopted after incidents: who answers for each, by when, and how it stands on a day."""

from collections.abc import Iterable, Iterator
from datetime import date, tzinfo

from domain.events.review import MeasureAdopted, MeasureCompleted
from domain.incident import Incident
from domain.quantities import Value
from projections.periods import Period, day_of


class AdoptedMeasure(Value):
    """A measure with its dates, as days at the school. The owner is a role, or what was typed for one."""

    ref: str
    item: str
    measure: str
    owner: str
    adopted_on: date
    due_on: date
    completed_on: date | None

    def open_on(self, day: date) -> bool:
        """Whether it was adopted and not done at the end of the day."""
        return self.adopted_on <= day and (self.completed_on is None or self.completed_on > day)

    def overdue_on(self, day: date) -> bool:
        """Whether it was open although its date had passed: on the due day itself it is not."""
        return self.open_on(day) and self.due_on < day


class MeasureFigures(Value):
    """How many were open and overdue at the end of a period, and how many were done within it."""

    open: int
    overdue: int
    completed: int


def adopted_measures(incidents: Iterable[Incident], zone: tzinfo) -> tuple[AdoptedMeasure, ...]:
    """Every measure of these incidents, each once as it was adopted last, the first due first."""
    found = [measure for incident in incidents for measure in _of(incident, zone)]
    return tuple(sorted(found, key=lambda measure: (measure.due_on, measure.ref, measure.item)))


def _of(incident: Incident, zone: tzinfo) -> Iterator[AdoptedMeasure]:
    """A measure that is open may be adopted again with another owner or date: it is the same measure."""
    completed = {fact.item: day_of(fact.completed_at, zone) for _, fact in incident.all(MeasureCompleted)}
    adopted_on: dict[str, date] = {}
    latest: dict[str, MeasureAdopted] = {}
    for event, fact in incident.all(MeasureAdopted):
        adopted_on.setdefault(fact.item, day_of(event.recorded_at, zone))
        latest[fact.item] = fact
    for item, fact in latest.items():
        yield AdoptedMeasure(
            ref=incident.ref,
            item=item,
            measure=fact.measure,
            owner=fact.owner,
            adopted_on=adopted_on[item],
            due_on=fact.due_on,
            completed_on=completed.get(item),
        )


def in_period(measures: Iterable[AdoptedMeasure], period: Period, stands_on: date) -> tuple[AdoptedMeasure, ...]:
    """Those that were open on the day on which the period is looked at, or done within the period."""
    return tuple(each for each in measures if each.open_on(stands_on) or period.holds(each.completed_on))


def measure_figures(measures: Iterable[AdoptedMeasure], period: Period, stands_on: date) -> MeasureFigures:
    """The figures of a period that is looked at on a day."""
    measures = [*measures]
    return MeasureFigures(
        open=sum(each.open_on(stands_on) for each in measures),
        overdue=sum(each.overdue_on(stands_on) for each in measures),
        completed=sum(period.holds(each.completed_on) for each in measures),
    )
