"""Numbers, counts, days, moments and spans of time, read from their fields."""

import math
import re
from typing import TYPE_CHECKING, Any

from adapters.web.forms.fields import UNKNOWN, Field
from adapters.web.forms.mistakes import ABSENT, Mistake, Mistakes
from adapters.web.forms.moments import NotRead, kept, moment_at, read_day, read_time
from adapters.web.forms.typed import NO, YES
from adapters.web.forms.wording import option
from domain.quantities import Count, Span

if TYPE_CHECKING:
    from adapters.web.forms.reading import Reader

MOST_COUNTED = 1_000_000_000
"""Of anything: `Count` takes no more."""
_WHOLE = re.compile(r"\d{1,15}", re.ASCII)
_DECIMAL = re.compile(r"\d{1,15}(\.\d{1,400})?", re.ASCII)


def number(reader: "Reader", field: Field) -> Any:
    """A whole number, or nothing."""
    typed = reader.typed.one(field.id)
    return _bounded(reader, field, typed, field.id) if typed else ABSENT


def amount(reader: "Reader", field: Field) -> Any:
    """A number, or that it is not known."""
    label, place = reader.label(field), f"{field.id}-number"
    said, typed = reader.typed.one(f"{field.id}-certainty"), reader.typed.one(place)
    if said == NO and typed:
        raise Mistake(f"You gave a number for {label} and chose “not known”; choose one of the two.")
    if said == YES or typed:
        if not typed:
            raise Mistake(f"Give the number for {label}, or choose “not known”.", place)
        return _bounded(reader, field, typed, place)
    return UNKNOWN if said == NO else ABSENT


def count(reader: "Reader", field: Field) -> Any:
    """An exact or a rough number, or that it is not known."""
    return _count(reader, field.id, reader.label(field))


def counted(reader: "Reader", field: Field) -> Any:
    """A count for each kind that is concerned."""
    rows, errors = [], {}
    for key in field.keys:
        place = f"{field.id}-{key}"
        try:
            found = _count(reader, place, f"“{option(field.list_name, key).text}”")
        except Mistake as mistake:
            errors[mistake.at or place] = str(mistake)
            continue
        if found is not ABSENT:
            rows.append({field.key_name: key, field.beside.name: found})
    if errors:
        raise Mistakes(errors)
    return tuple(rows) or ABSENT


def day(reader: "Reader", field: Field) -> Any:
    """A day, or nothing."""
    parts = [reader.typed.one(f"{field.id}-{part}") for part in ("day", "month", "year")]
    if not any(parts):
        return ABSENT
    try:
        return read_day(*parts)
    except NotRead as why:
        raise Mistake(f"{reader.label(field)}: {_small(str(why))}") from None


def moment(reader: "Reader", field: Field) -> Any:
    """A moment, or nothing."""
    return _moment(reader, field.id, reader.label(field))


def span(reader: "Reader", field: Field) -> Any:
    """When something happened: over, still going on, or not known."""
    state, label, place = reader.typed.one(f"{field.id}-state"), reader.label(field), field.id
    began, ended = _moment(reader, f"{place}-began", label), _moment(reader, f"{place}-ended", label)
    timed = began is not ABSENT or ended is not ABSENT
    if state not in (UNKNOWN, "over", "ongoing"):
        if timed:
            raise Mistake(f"Choose an answer to {label}.")
        return ABSENT
    if state == UNKNOWN and timed:
        raise Mistake(f"You gave a time and chose “not known” for {label}; choose one of the two.")
    if state == "ongoing" and ended is not ABSENT:
        raise Mistake(f"You gave an end and chose “still going on” for {label}; choose one of the two.")
    if state == "over" and began is ABSENT:
        raise Mistake(f"Say when it began, or choose “not known” for {label}.", f"{place}-began")
    if timed and ABSENT not in (began, ended) and ended < began:
        raise Mistake(f"The end lies before the beginning for {label}; correct one of the two.", f"{place}-ended")
    ends = {name: at for name, at in (("began_at", began), ("ended_at", ended)) if at is not ABSENT}
    return Span(**ends, ongoing=state == "ongoing")


def _bounded(reader: "Reader", field: Field, typed: str, at: str) -> int | float:
    plain, label = re.sub(r"[\s,]", "", typed), reader.label(field)
    if not (_WHOLE if field.whole else _DECIMAL).fullmatch(plain):
        raise Mistake(f"Write {label} as a {'whole ' if field.whole else ''}number, such as 30.", at)
    found = int(plain) if field.whole else float(plain)
    least, most = field.least or 0, math.inf if field.most is None else field.most
    if not least <= found <= most:
        upper = "" if most == math.inf else f" and at most {most:,.0f}"
        raise Mistake(f"{label} takes a number of at least {least:,.0f}{upper}.", at)
    return found


def _count(reader: "Reader", place: str, label: str) -> Any:
    said, typed = reader.typed.one(f"{place}-certainty"), reader.typed.one(f"{place}-number")
    if said == UNKNOWN and typed:
        raise Mistake(f"You gave a number for {label} and chose “not known”; choose one of the two.", place)
    if said not in ("exact", "approximate"):
        if typed:
            raise Mistake(f"You gave a number for {label}; say whether it is exact or a rough one.", place)
        return Count(certainty="unknown") if said == UNKNOWN else ABSENT
    if not typed:
        raise Mistake(f"Give the number for {label}, or choose “not known”.", f"{place}-number")
    plain = re.sub(r"[\s,]", "", typed)
    if not _WHOLE.fullmatch(plain) or int(plain) > MOST_COUNTED:
        raise Mistake(f"Write the number for {label} as a whole number, such as 30.", f"{place}-number")
    return Count(certainty="exact" if said == "exact" else "approximate", number=int(plain))


def _moment(reader: "Reader", place: str, label: str) -> Any:
    day, month, year, time = (reader.typed.one(f"{place}-{part}") for part in ("day", "month", "year", "time"))
    if not (day or month or year or time):
        return ABSENT
    try:
        if not (day or month or year):
            raise NotRead("Give the day as well as the time.")
        on = read_day(day, month, year)
        if not time:
            raise NotRead("Give the time as well as the day; a rough one is better than none.")
        clock = read_time(time)
        same = kept(reader.typed.one(f"{place}-was"), on, clock, reader.zone)
        return same or moment_at(on, clock, reader.zone, reader.typed.one(f"{place}-which"))
    except NotRead as why:
        raise Mistake(f"{label}: {_small(str(why))}", place) from None


def _small(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}"
