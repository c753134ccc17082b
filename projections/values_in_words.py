"""Any value that an event or a row of a list holds, in the words that people read."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from zoneinfo import ZoneInfo

from domain.events.base import Fact
from domain.events.notify import ReportDocument
from domain.quantities import Count, Span, Value
from domain.roles import Role
from projections.breach_log import Affected
from projections.words import ROLES, capitalised, count, day, label, local, short_moment, span, yes_or_no


def in_words(value: object, zone: ZoneInfo) -> str | None:
    """The value in words, moments in that zone; None where it says nothing."""
    match value:
        case None | () | "":
            return None
        case bool():
            return yes_or_no(value)
        case Role():
            return ROLES[value]
        case Enum():
            return label(str(value))
        case datetime():
            return short_moment(value, zone)
        case date():
            return day(value)
        case Count():
            return count(value) if value.number is not None else None
        case Span():
            return span(value, zone) if value.known else None
        case Affected():
            return f"{label(value.people)}: {count(value.number).lower()}"
        case ReportDocument():
            return f"SHA-256 {value.sha256}, made of the first {value.covers_version:,} events"
        case Value():
            return "; ".join(f"{name.lower()}: {words}" for name, words in fields_in_words(value, zone)) or None
        case tuple():
            return "\n".join(capitalised(words) for each in value if (words := in_words(each, zone)))
        case int():
            return f"{value:,}"
        case _:
            return str(value)


def exactly(value: object, zone: ZoneInfo) -> str | None:
    """The same with moments to the second and beyond, for two that read alike to the minute."""
    match value:
        case datetime():
            return local(value, zone).isoformat()
        case Span(began_at=began, ended_at=ended):
            return " to ".join(local(at, zone).isoformat() for at in (began, ended) if at)
        case _:
            return in_words(value, zone)


def fields_in_words(value: Value | Fact, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Each field of a fact or a value that says something: its name as words, and what it says."""
    for name in type(value).model_fields:
        if name != "kind" and (words := in_words(getattr(value, name), zone)):
            yield capitalised(name.removesuffix("_at").replace("_", " ")), words
