"""How much of the time until a deadline is working time: no hour counts twice, and none that is not there."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from adapters.working_days import bank_holidays
from domain.deadlines import notification_deadline
from projections.working_time import working_time_left

LONDON = ZoneInfo("Europe/London")
ZONES = st.sampled_from([LONDON, *map(ZoneInfo, ("Europe/Amsterdam", "Pacific/Auckland", "America/St_Johns"))])
MOMENTS = st.integers(0, 3 * 366 * 24 * 3600).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
SPANS = st.timedeltas(timedelta(0), timedelta(weeks=3))


def no_day_off(_: date) -> bool:
    """No holiday anywhere."""
    return False


def london(text: str) -> datetime:
    """A moment by a clock in London."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def left(now: str, deadline: str) -> timedelta:
    """Working time between two moments in London, without holidays."""
    return working_time_left(london(now), london(deadline), LONDON, no_day_off)


def test_a_friday_afternoon_leaves_a_quarter_of_an_hour_and_a_monday() -> None:
    """Aware on Friday at 16:45: of the whole weekend nothing is working time."""
    aware_at = london("2026-11-20 16:45")
    monday = working_time_left(aware_at, notification_deadline(aware_at), LONDON, no_day_off)
    assert monday == timedelta(minutes=15) + timedelta(hours=8, minutes=45)


def test_a_weekend_leaves_nothing() -> None:
    """From midnight on Saturday to eight on Monday."""
    assert left("2026-11-21 00:00", "2026-11-23 08:00") == timedelta()


def test_before_and_after_the_day_nothing_counts() -> None:
    """A night leaves nothing, a day nine hours."""
    assert left("2026-11-18 04:00", "2026-11-18 08:00") == timedelta()
    assert left("2026-11-18 17:00", "2026-11-19 08:00") == timedelta()
    assert left("2026-11-18 04:00", "2026-11-18 23:00") == timedelta(hours=9)


def test_after_the_deadline_nothing_is_left() -> None:
    """Also where the two stand on different days."""
    assert left("2026-11-20 12:00", "2026-11-18 12:00") == timedelta()
    assert left("2026-11-18 12:00", "2026-11-18 12:00") == timedelta()


def test_a_bank_holiday_is_no_working_day() -> None:
    """Good Friday and Easter Monday 2027 in England; in Scotland Easter Monday is worked."""
    now, deadline = london("2027-03-25 17:00"), london("2027-03-30 08:00")
    england, scotland = bank_holidays("England"), bank_holidays("Scotland")
    assert working_time_left(now, deadline, LONDON, england.__contains__) == timedelta()
    assert working_time_left(now, deadline, LONDON, scotland.__contains__) == timedelta(hours=9)


def test_a_change_of_the_clocks_between_two_days_changes_no_working_hour() -> None:
    """The clocks go back on Sunday 25 October 2026, at two in the morning."""
    assert left("2026-10-23 16:00", "2026-10-26 09:00") == timedelta(hours=2)
    assert left("2026-03-27 16:00", "2026-03-30 09:00") == timedelta(hours=2)


@given(MOMENTS, SPANS, ZONES)
def test_never_more_is_left_than_the_time_itself(now: datetime, span: timedelta, zone: ZoneInfo) -> None:
    """And never less than none."""
    found = working_time_left(now, now + span, zone, no_day_off)
    assert timedelta() <= found <= span


@given(MOMENTS, SPANS, SPANS, ZONES, st.sets(st.dates(date(2026, 1, 1), date(2028, 12, 31)), max_size=20))
def test_two_parts_make_the_whole(
    now: datetime, one: timedelta, other: timedelta, zone: ZoneInfo, off: set[date]
) -> None:
    """Cut anywhere, also in the middle of a working hour; so less is left the later it is."""
    middle, end = now + one, now + one + other
    parts = (working_time_left(*each, zone, off.__contains__) for each in ((now, middle), (middle, end)))
    assert sum(parts, timedelta()) == working_time_left(now, end, zone, off.__contains__)


@given(MOMENTS, SPANS, SPANS, ZONES)
def test_a_later_deadline_never_leaves_less(now: datetime, one: timedelta, more: timedelta, zone: ZoneInfo) -> None:
    """Whatever the zone."""
    shorter = working_time_left(now, now + one, zone, no_day_off)
    assert shorter <= working_time_left(now, now + one + more, zone, no_day_off)


@given(MOMENTS, SPANS, st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_a_day_off_takes_a_working_day_at_most(now: datetime, span: timedelta, off: date) -> None:
    """Nine hours, or what of them lies before the deadline."""
    worked = working_time_left(now, now + span, LONDON, no_day_off)
    assert timedelta() <= worked - working_time_left(now, now + span, LONDON, {off}.__contains__) <= timedelta(hours=9)
