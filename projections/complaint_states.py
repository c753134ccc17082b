"""Complaints (DPA 2018 s. 164A) as governors see them: when, in time or not, and how they ended; never their text."""

from collections.abc import Iterable
from datetime import date, timedelta, tzinfo

from domain.complaints import complaints
from domain.incident import Incident
from domain.quantities import Instant, Value
from domain.vocabulary import Outcome
from projections.periods import Period, day_of


class ComplaintState(Value):
    """One complaint about an incident. `in_time` says whether it was acknowledged within its 30 days."""

    ref: str
    number: int
    received_at: Instant
    acknowledge_before: Instant | None
    acknowledged_at: Instant | None
    in_time: bool | None
    answered_at: Instant | None
    outcome: Outcome | None

    def overdue_on(self, day: date, zone: tzinfo) -> bool:
        """Whether its last day to be acknowledged had passed before that day, and nobody had written."""
        if self.acknowledge_before is None:
            return False
        last_day = day_of(self.acknowledge_before - timedelta(microseconds=1), zone)
        return last_day < day and not self._heard_by(day, zone)

    def open_on(self, day: date, zone: tzinfo) -> bool:
        """Whether it had been received and not answered at the end of the day."""
        answered = self.answered_at is not None and day_of(self.answered_at, zone) <= day
        return day_of(self.received_at, zone) <= day and not answered

    def _heard_by(self, day: date, zone: tzinfo) -> bool:
        return any(at is not None and day_of(at, zone) <= day for at in (self.acknowledged_at, self.answered_at))


class ComplaintFigures(Value):
    """What happened to complaints in a period, each act by its own date, and what was open at its end."""

    received: int
    acknowledged_in_time: int
    acknowledged_late: int
    overdue: int
    open: int
    answered: dict[Outcome, int]


def complaint_states(incident: Incident) -> tuple[ComplaintState, ...]:
    """Every complaint about the incident."""
    return tuple(
        ComplaintState(
            ref=incident.ref,
            number=each.received.number,
            received_at=each.received.received_at,
            acknowledge_before=each.received.acknowledge_before,
            acknowledged_at=each.acknowledged.acknowledged_at if each.acknowledged else None,
            in_time=each.in_time,
            answered_at=each.answered.answered_at if each.answered else None,
            outcome=each.answered.outcome if each.answered else None,
        )
        for each in complaints(incident)
    )


def complaints_in(
    found: Iterable[ComplaintState], period: Period, stands_on: date, zone: tzinfo
) -> tuple[ComplaintState, ...]:
    """Those that were received, acknowledged or answered in the period, or open on the day it is looked at."""
    chosen = [each for each in found if each.open_on(stands_on, zone) or _moved(each, period, zone)]
    return tuple(sorted(chosen, key=lambda each: (each.received_at, each.ref, each.number)))


def _moved(complaint: ComplaintState, period: Period, zone: tzinfo) -> bool:
    moments = (complaint.received_at, complaint.acknowledged_at, complaint.answered_at)
    return any(at is not None and period.holds(day_of(at, zone)) for at in moments)


def complaint_figures(
    found: Iterable[ComplaintState], period: Period, stands_on: date, zone: tzinfo
) -> ComplaintFigures:
    """The figures of a period that is looked at on a day."""
    found = [*found]
    acknowledged = [each for each in found if each.acknowledged_at and period.holds(day_of(each.acknowledged_at, zone))]
    answered = [each.outcome for each in found if each.answered_at and period.holds(day_of(each.answered_at, zone))]
    return ComplaintFigures(
        received=sum(period.holds(day_of(each.received_at, zone)) for each in found),
        acknowledged_in_time=sum(each.in_time is True for each in acknowledged),
        acknowledged_late=sum(each.in_time is False for each in acknowledged),
        overdue=sum(each.overdue_on(stands_on, zone) for each in found),
        open=sum(each.open_on(stands_on, zone) for each in found),
        answered={outcome: answered.count(outcome) for outcome in Outcome},
    )
