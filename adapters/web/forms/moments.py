"""Days and times of day as people type them, in the school's zone; an hour that the clocks repeat is asked about."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from domain.quantities import YEARS
from projections.words import MONTHS, local

FIRST, SECOND = "first", "second"
"""Which of two hours of the same name is meant, where the clocks go back."""

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])\.?m\.?|(\d{1,2})[:.](\d{2})|(\d{2})(\d{2})", re.ASCII)
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)


class NotRead(ValueError):
    """What was typed is no day or time; the message is a sentence that says what to do."""


class HappenedTwice(NotRead):
    """That time came twice, because the clocks went back."""


def read_day(day: str, month: str, year: str) -> date:
    """The day of three fields; raises `NotRead`."""
    number, of_year = _number(day), _number(year)
    of_month = _month(month)
    if number is None or of_month is None or of_year is None:
        missing = [name for name, typed in (("day", day), ("month", month), ("year", year)) if not typed]
        if missing:
            raise NotRead(f"Give the {' and the '.join(missing)} as well.")
        raise NotRead("Write the day as numbers, such as 20 11 2026.")
    if of_year not in YEARS:
        raise NotRead(f"Give a year between {YEARS.start} and {YEARS.stop - 1}.")
    try:
        return date(of_year, of_month, number)
    except ValueError:
        raise NotRead("There is no such day; look at the day and the month again.") from None


def read_time(typed: str) -> tuple[int, int]:
    """The hour and the minute of a time of day, such as 16:45 or 4.45pm; raises `NotRead`."""
    found = _TIME.fullmatch(typed.casefold().strip())
    if not found:
        raise NotRead("Write the time as 16:45 or 4:45pm.")
    half = found[3]
    hour = int(found[1] or found[4] or found[6])
    minute = int(found[2] or found[5] or found[7] or 0)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 24
    if hour > 23 or minute > 59:
        raise NotRead("There is no such time of day; write it as 16:45 or 4:45pm.")
    return hour, minute


def moment_at(day: date, time: tuple[int, int], zone: ZoneInfo, which: str = "") -> datetime:
    """The moment at which clocks in that zone show it; raises `HappenedTwice` unless `which` says which of two."""
    shown = datetime(day.year, day.month, day.day, *time, tzinfo=zone)
    both = [shown.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
    real = [at for at in dict.fromkeys(both) if at.astimezone(zone).replace(tzinfo=None) == shown.replace(tzinfo=None)]
    if not real:
        raise NotRead("That time did not exist on that day, because the clocks went forward; give one before or after.")
    if len(real) > 1:
        if which not in (FIRST, SECOND):
            raise HappenedTwice("The clocks went back, so that time came twice on that day; say which of the two.")
        return max(real) if which == SECOND else min(real)
    return real[0]


def typed_day(day: date) -> dict[str, str]:
    """A day as its three fields hold it."""
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}


def typed_moment(at: datetime, zone: ZoneInfo) -> dict[str, str]:
    """A moment as its fields hold it, with the moment itself: what is not changed keeps its seconds."""
    there = local(at, zone)
    return {**typed_day(there.date()), "time": f"{there:%H:%M}", "was": at.isoformat()}


def kept(was: str, day: date, time: tuple[int, int], zone: ZoneInfo) -> datetime | None:
    """The moment that a field began with, where the day and the time still say the same."""
    try:
        at = datetime.fromisoformat(was)
    except ValueError:
        return None
    if at.tzinfo is None or at.year not in YEARS:
        return None
    there = local(at, zone)
    return at if (there.date(), (there.hour, there.minute)) == (day, time) else None


def _number(typed: str) -> int | None:
    return int(typed) if _NUMBER.fullmatch(typed) else None


def _month(typed: str) -> int | None:
    """A month by its number, its name or the first letters of it."""
    if typed.isalpha() and len(typed) >= 3:
        return next(
            (place for place, name in enumerate(MONTHS, 1) if name.casefold().startswith(typed.casefold())), None
        )
    return _number(typed)
