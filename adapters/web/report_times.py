"""When something was noticed or happened, as people say it in a report: now, today, on a day, or not known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

from domain.quantities import YEARS
from projections.words import clock, day

ANSWERS = {"noticed": ("now", "today", "on", "unknown"), "happened": ("today", "on", "unknown")}
"""What may be answered to which question."""
_TIME = re.compile(r"(\d{1,2})(?:[:.]?([0-5]\d))?(am|pm)?")
NOON = 12
CENTURY = 100


class Typed(Protocol):
    """What was typed into a form, and the errors found in it."""

    errors: dict[str, str]

    def line(self, name: str) -> str:
        """What was typed into a field, as one line."""
        ...

    def chosen(self, name: str, choices: Mapping[str, str]) -> str | None:
        """Which of the choices was taken, if any."""
        ...


@dataclass(frozen=True, slots=True)
class When:
    """A moment as it was told. Without a time of day, `at` is where its day begins: the clock must not start late."""

    at: datetime | None
    words: str
    whole_day: bool = False


NOT_GIVEN = When(None, "")


class _Wrong(Exception):
    """A date or time that cannot be meant; says at which field, and what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def read_when(typed: Typed, name: str, zone: ZoneInfo, now: datetime) -> When:
    """The answer to “when was it noticed” or “when did it happen”; an error is added to those of the form."""
    here = now.astimezone(zone)
    answer = typed.chosen(name, dict.fromkeys(ANSWERS[name], ""))
    if answer is None and any(typed.line(f"{name}_{part}") for part in ("day", "month", "year")):
        answer = "on"
    try:
        match answer:
            case "now":
                return When(None, "just now")
            case "unknown":
                return When(None, "not known")
            case "today":
                return _on(here.date(), typed.line(f"{name}_time"), f"{name}_time", here)
            case "on":
                return _on(_date(typed, name), typed.line(f"{name}_at"), f"{name}_at", here)
            case _:
                return NOT_GIVEN
    except _Wrong as wrong:
        typed.errors[wrong.field] = str(wrong)
        return NOT_GIVEN


def _date(typed: Typed, name: str) -> date:
    parts = [typed.line(f"{name}_{part}") for part in ("year", "month", "day")]
    try:
        year, month, day_ = (int(part) for part in parts if part.isascii() and part.isdecimal())
        found = date(2000 + year if year < CENTURY else year, month, day_)
    except ValueError:
        raise _Wrong(f"{name}_day", "Enter the day, month and year as numbers, such as 20 11 2026.") from None
    if found.year not in YEARS:
        raise _Wrong(f"{name}_day", f"Enter a year between {YEARS.start} and {YEARS.stop - 1}.")
    return found


def _on(on: date, typed_time: str, time_field: str, here: datetime) -> When:
    """Where the clocks go back, the first of the two hours is taken; where they go forward, the hour after the gap."""
    time_of_day = _time(typed_time, time_field) if typed_time else None
    at = datetime.combine(on, time_of_day or time.min, here.tzinfo).astimezone(UTC)
    first = time_field if on == here.date() else time_field.replace("_at", "_day")
    if at > here:
        raise _Wrong(first, "That is in the future; give a day and time that have passed.")
    if at.year not in YEARS:
        raise _Wrong(first, f"Enter a year between {YEARS.start} and {YEARS.stop - 1}.")
    if time_of_day is None:
        return When(at, f"on {day(on)}, no time given, so the beginning of that day was taken", whole_day=True)
    return When(at, f"on {day(on)} at {clock(at.astimezone(here.tzinfo))}")


def _time(typed: str, field: str) -> time:
    found = _TIME.fullmatch(typed.lower().replace("a.m.", "am").replace("p.m.", "pm").replace(" ", ""))
    if found and typed.isascii():
        hour, half = int(found[1]), found[3]
        if half is None and hour < 24:
            return time(hour, int(found[2] or 0))
        if half and 1 <= hour <= NOON:
            return time(hour % NOON + (NOON if half == "pm" else 0), int(found[2] or 0))
    raise _Wrong(field, "Enter the time as hours and minutes, such as 16:45; leave it empty if you do not know it.")
