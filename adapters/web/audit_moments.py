"""Which moment of an incident is asked for: the number of an event, an instant, or a date and a time at the school."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from adapters.bootstrap import until
from domain.events import Recorded
from domain.incident import Incident, replay
from domain.quantities import YEARS
from projections.words import local, short_moment

INSTANT = "2026-11-20T16:45:00+00:00"
WHOLE_MINUTE = timedelta(minutes=1) - timedelta(microseconds=1)
"""A minute is typed without its seconds, and what was recorded within it is counted."""


class NotAMoment(ValueError):
    """What was asked is no moment of the incident. `field` is the id of the field to put it right in."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Asked:
    """What the address or a form asked for, as it was typed: the first of these that is given counts."""

    at: str = ""
    time: str = ""
    date: str = ""
    clock: str = ""

    @property
    def by_time(self) -> bool:
        """Whether it is a time rather than an event."""
        return not self.at and bool(self.time or self.date or self.clock)


@dataclass(frozen=True)
class Moment:
    """An incident up to a moment. By a time it counts all that was recorded at or before it; by an event, up to it."""

    seen: tuple[Recorded, ...]
    at: datetime
    by_time: bool = False

    @property
    def version(self) -> int:
        """The number of the last event that counts."""
        return self.seen[-1].version

    @property
    def incident(self) -> Incident:
        """The incident as it stood."""
        incident = replay(self.seen)
        assert incident is not None, "a moment counts one event at least"
        return incident


def latest(history: Sequence[Recorded]) -> Moment:
    """The incident as it stands now."""
    return Moment(tuple(history), history[-1].recorded_at)


def moment_of(history: Sequence[Recorded], asked: Asked, zone: ZoneInfo, now: datetime) -> Moment:
    """The moment that is asked for, the latest if none is; raises `NotAMoment`."""
    if asked.at:
        number = event_number(asked.at, len(history), "at")
        return Moment(tuple(history[:number]), history[number - 1].recorded_at)
    if not asked.by_time:
        return latest(history)
    at = asked_time(asked, zone, now)
    seen = tuple(until(history, at))
    if not seen:
        first = short_moment(history[0].recorded_at, zone)
        raise NotAMoment("date", f"Nothing was recorded of this incident before {first}; choose a later time.")
    return Moment(seen, at, by_time=True)


def version_at(history: Sequence[Recorded], asked: Asked, zone: ZoneInfo, now: datetime, field: str) -> int:
    """
    The number of the last event at one end of a comparison, whose fields begin with `field`; raises `NotAMoment`.
    `asked.at` is whatever was typed: an event, an instant, or a time by the clock of the school. 0, before the first
    event, can only be where a comparison begins.
    """
    least = 0 if field == "from" else 1
    if asked.at.isdigit():
        return event_number(asked.at, len(history), field, least)
    try:
        at = asked_time(_as_typed(asked), zone, now)
    except NotAMoment as mistake:
        raise NotAMoment(field if asked.at else f"{field}_{mistake.field}", str(mistake)) from None
    seen = until(history, at)
    if len(seen) < least:
        where = field if asked.at else f"{field}_date"
        raise NotAMoment(where, "Nothing was recorded of this incident by that time; choose a later one.")
    return len(seen)


def _as_typed(asked: Asked) -> Asked:
    """Which time was typed where also the number of an event can be; raises `NotAMoment`."""
    if not asked.at:
        return asked
    if match := re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[ T]+([0-9:]+))?", asked.at, re.ASCII):
        return Asked(date=match[1], clock=match[2] or "")
    try:
        instant(asked.at, "at")
    except NotAMoment:
        sentence = f"Give the number of an event, or a time such as 2026-11-20 16:45 or {INSTANT}."
        raise NotAMoment("at", sentence) from None
    return Asked(time=asked.at)


def event_number(text: str, most: int, field: str, least: int = 1) -> int:
    """The number of an event, from the first to the last; raises `NotAMoment`."""
    if re.fullmatch(r"[0-9]{1,9}", text.strip()) and least <= int(text) <= most:
        return int(text)
    raise NotAMoment(field, f"This incident has {most:,} events; give a number from {least} to {most}.")


def asked_time(asked: Asked, zone: ZoneInfo, now: datetime) -> datetime:
    """The instant that is asked for, in UTC and no later than now; raises `NotAMoment`."""
    if asked.time:
        at = instant(asked.time, "date")
    else:
        at = local_moment(asked.date, asked.clock, zone)
        at = min(at, now) if at - WHOLE_MINUTE <= now else at
    if at > now and asked.date and not asked.clock and local(now, zone).date() == local(at, zone).date():
        return now
    if at > now:
        raise NotAMoment("date", "That time has not come yet; choose one that has.")
    return at


def instant(text: str, field: str) -> datetime:
    """A time with its offset, in UTC; a plus sign that an address turned into a space is taken as meant."""
    try:
        at = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text.strip())
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at.year not in YEARS:
        raise NotAMoment(field, f"Give the time with its offset, such as {INSTANT}.")
    return at.astimezone(UTC)


def local_moment(day: str, clock: str, zone: ZoneInfo) -> datetime:
    """The end of that minute, or of that day, by the clock of the school, in UTC; raises `NotAMoment`."""
    wall = datetime.combine(_day(day), _time(clock), zone)
    end = WHOLE_MINUTE if wall.second == wall.microsecond == 0 and clock.count(":") == 1 else timedelta()
    at = wall.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise NotAMoment("clock", "The clocks went forward over that time, so it never was; choose another.")
    if wall.replace(fold=1).utcoffset() != wall.utcoffset():
        raise NotAMoment("clock", "The clocks went back and that time came twice; choose an event by its number.")
    return at + end


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text.strip()) if re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip(), re.ASCII) else None
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise NotAMoment("date", "Give the day as a date, such as 2026-11-20.")
    return found


def _time(text: str) -> time:
    """The time of day; where none is typed, the end of the day."""
    if not text.strip():
        return time.max
    try:
        match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", text.strip())
        hour, minute, second = (int(part) for part in match.groups(default="0")) if match else (24, 0, 0)
        return time(hour, minute, second)
    except ValueError:
        raise NotAMoment("clock", "Give the time of day, such as 16:45.") from None
