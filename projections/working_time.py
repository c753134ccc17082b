"""How much of the time until a deadline is working time, when somebody can be reached at the school."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(8), time(17)
"""A working day at the school, by its own clock. The law counts every hour; this only says how many are useful."""
SATURDAY = 5


def working_time_left(
    now: datetime, deadline: datetime, zone: ZoneInfo, is_day_off: Callable[[date], bool]
) -> timedelta:
    """The time from now to the deadline that lies within Monday to Friday, 08:00 to 17:00 local, without days off.

    None at or after the deadline. The spans are measured in UTC, so a change of the clocks inside one counts as it is.
    """
    left, day = timedelta(), now.astimezone(zone).date()
    last = deadline.astimezone(zone).date()
    while day <= last:
        if day.weekday() < SATURDAY and not is_day_off(day):
            begins = max(now, _at(day, OPENS, zone))
            ends = min(deadline, _at(day, CLOSES, zone))
            left += max(ends.astimezone(UTC) - begins.astimezone(UTC), timedelta())
        day += timedelta(days=1)
    return left


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, zone).astimezone(UTC)
