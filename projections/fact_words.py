"""What a fact says, field by field, in the words that people read."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Literal, get_origin
from zoneinfo import ZoneInfo

from domain.escalation import family_of
from domain.events.base import Fact
from domain.events.engine import DeliveryFailed
from domain.events.investigate import Group
from domain.events.notify import ReportDocument
from domain.personal import ERASED
from domain.quantities import Count, Span, Value
from domain.risk_facts import Prompted
from domain.roles import Role
from projections.words import (
    NOT_YET_KNOWN,
    ROLES,
    capitalised,
    count,
    day,
    label,
    listed,
    plural,
    short_moment,
    span,
    yes_or_no,
)

Said = tuple[str, str]
"""A field's name and what it says; several lines where there are several parts."""

NOT_SHOWN = frozenset({"kind", "no_names_confirmed"})
LABELS = {
    "about": "What it is about",
    "acknowledge_before": "To be acknowledged before",
    "acknowledged_at": "Acknowledged",
    "alarm": "About",
    "answered_at": "Answered",
    "aware_at": "Aware from",
    "because": "Why",
    "communicate": "Tell the people concerned",
    "complete": "Leaves nothing open",
    "completed_at": "Completed",
    "cyber": "Cyber incident",
    "discovered_at": "First noticed",
    "document": "What was sent",
    "due_at": "Due",
    "due_on": "Due",
    "facts": "Facts of the risk",
    "final": "Given up",
    "first_signal_at": "First signal",
    "further_information_expected_at": "More is expected",
    "groups": "Whose data, and how many",
    "harm_so_far": "Harm so far",
    "held_at": "Held",
    "inform": "Tell the police",
    "informed_at": "Told",
    "item": "Name",
    "key_safe": "The key is safe",
    "level": "Risk",
    "media_type": "Kind of file",
    "meeting_on": "Meeting",
    "notify_regulator": "Notify the regulator",
    "observed_at": "Seen",
    "obtained_at": "Obtained",
    "occurred": "When it happened",
    "points": "What the message said",
    "possible": "Could be misused",
    "processor_aware_at": "The supplier knew from",
    "processor": "Supplier",
    "prompt": "What the rules suggested",
    "received_at": "Received",
    "risk": "Risk",
    "requires_communication": "Requires the people concerned to be told",
    "sha256": "SHA-256",
    "size_in_bytes": "Size in bytes",
    "stands_for": "Stands also for",
    "started_at": "Started",
    "stopped_at": "Stopped",
    "submitted_at": "Sent",
    "taken_at": "Done",
    "told_at": "Told",
    "vulnerable": "Vulnerable people among them",
}
"""Fields whose own names would not be plain enough."""

BECAUSE = {
    "significant": "The breach was judged significant",
    "step_stood_still": "Nothing was recorded in a step for longer than the school allows",
    "decision_missing": "The deadline was near, and nothing was decided",
    "deadline_missed": "The deadline passed",
    "measure_overdue": "A measure was overdue",
    "complaint_not_acknowledged": "A complaint was not acknowledged in time",
}
"""Why an escalation was raised."""

KEYS: dict[type[Value], tuple[str, ...]] = {DeliveryFailed: ("reason",), Prompted: ("rules", "unknown")}
"""Fields that hold keys and no text of a person, beside those whose type is a closed list."""


def said(fact: Fact, zone: ZoneInfo, without: frozenset[str] = frozenset()) -> tuple[Said, ...]:
    """Every field of the fact that says something, in its own order, with times in that zone."""
    return tuple(_fields(fact, zone, NOT_SHOWN | without))


def name_of(field: str) -> str:
    """The name of a field as a heading."""
    return LABELS.get(field) or capitalised(field.replace("_", " "))


def alarm_in_words(alarm: str) -> str:
    """What an alarm is about, from its name in the log."""
    family, parts = family_of(alarm), alarm.split(".")
    match family.split("."):
        case ["reported"]:
            return "An incident was reported"
        case ["significant"]:
            return "The breach was judged significant"
        case ["undelivered"]:
            return "An escalation could not be delivered"
        case ["measure", event]:
            return f"The measure of event {event} {'is overdue' if 'overdue' in parts else 'falls due'}"
        case ["complaint", number]:
            missed = "was not acknowledged in time" if "missed" in parts else "waits to be acknowledged"
            return f"Complaint {number} {missed}"
        case ["standstill", step]:
            return f"No progress in the step “{step}”"
        case ["clock"]:
            return _clock_in_words(parts)
    return alarm


def _clock_in_words(parts: list[str]) -> str:
    hours = next((part[:-1] for part in parts if part[:-1].replace(".", "").isdecimal() and part.endswith("h")), "")
    if "missed" in parts:
        return "The deadline has passed"
    length = f"{hours} hour{'' if hours == '1' else 's'}"
    return f"No decision yet, {length} before the deadline" if "undecided" in parts else f"{length} after awareness"


@cache
def _names(kind: type[Value]) -> tuple[tuple[str, bool], ...]:
    """Every field, and whether it holds a key rather than a text."""
    return tuple(
        (name, get_origin(field.annotation) is Literal or name in KEYS.get(kind, ()))
        for name, field in kind.model_fields.items()
    )


def _fields(value: Value, zone: ZoneInfo, without: frozenset[str]) -> Iterator[Said]:
    for name, key in _names(type(value)):
        found = getattr(value, name)
        if name in without or found is None or found in ((), Span()):
            continue
        yield name_of(name), _text(name, found, zone, key=key)


def _text(name: str, value: Any, zone: ZoneInfo, *, key: bool) -> str:
    match value:
        case bool():
            return yes_or_no(value)
        case datetime():
            return short_moment(value, zone)
        case date():
            return day(value)
        case Count():
            return count(value)
        case Span():
            return span(value, zone)
        case Role():
            return ROLES[value]
        case StrEnum():
            return _option(value)
        case str():
            return _typed(name, value, key=key)
        case tuple():
            return _several(name, value, zone, key=key)
        case Group():
            return f"{label(value.people)}: {count(value.number).lower()}"
        case ReportDocument():
            form = f", following “{value.form}”" if value.form else ""
            return f"Events 1 to {value.covers_version}{form}\nSHA-256 {value.sha256}"
        case Value():
            return "\n".join(f"{field}: {text}" for field, text in _fields(value, zone, NOT_SHOWN))
    return f"{value:,}" if isinstance(value, int) else str(value)


def _several(name: str, values: tuple[Any, ...], zone: ZoneInfo, *, key: bool) -> str:
    parts = [_text(name, each, zone, key=key) for each in values]
    if all(isinstance(each, StrEnum) for each in values):
        return listed(parts)
    return "\n".join(part.replace("\n", "; ") for part in parts)


def _option(value: str) -> str:
    return NOT_YET_KNOWN if value in ("unknown", "not_yet_known") else label(value)


def _typed(name: str, value: str, *, key: bool) -> str:
    if name in ("alarm", "stands_for"):
        return alarm_in_words(value)
    if name == "because":
        return BECAUSE.get(value, label(value))
    return _option(value) if key else as_typed(value)


def as_typed(text: str) -> str:
    """What somebody typed, and that it was erased where it was."""
    return text.replace(ERASED, "Erased")


def bytes_in_words(size: int) -> str:
    """How large a file is: 512 bytes, 3 KB, 12.4 MB."""
    if size < 1000:
        return plural(size, "byte") or "0 bytes"
    return f"{round(size / 1000):,} KB" if size < 1_000_000 else f"{size / 1_000_000:,.1f} MB"
