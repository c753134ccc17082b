"""What stands in the fields of a form: as it was sent, or as a command would have it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from adapters.web.forms.fields import UNKNOWN, Field, Kind
from adapters.web.forms.moments import typed_day, typed_moment
from domain.personal import ERASED
from domain.quantities import Count, Span, Value

YES, NO, NONE, NOTHING = "yes", "no", "none", "nothing"
"""Answers that no closed list holds: `NONE` is no people of a kind, `NOTHING` that no key is chosen."""
ITEM, NEW = "is:", "new"
"""Before a name that was chosen from a list, and in place of one where it is none of them."""


class Typed:
    """What stands in the fields, by their names; a name may have several values. What was typed is never changed."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            # A browser sends a line break as two characters, whatever was typed.
            self._values.setdefault(name, []).append(value.replace("\r\n", "\n"))

    def one(self, name: str) -> str:
        """The value without the white space around it; empty where there is none."""
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        """The value as it is; empty where there is none."""
        return self._values.get(name, [""])[0]

    def all(self, name: str) -> Sequence[str]:
        """Every value."""
        return self._values.get(name, [])

    def some(self, *names: str) -> bool:
        """Whether anything stands in any of these."""
        return any(self.one(name) for name in names)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def pairs(self) -> list[tuple[str, str]]:
        """Every name with each of its values."""
        return [(name, value) for name, values in self._values.items() for value in values]


def typed_from(fields: Iterable[Field], values: Mapping[str, Any], zone: ZoneInfo) -> Typed:
    """The form as it stands before anything is typed: these values, or what holds where nothing is said."""
    return Typed(pair for field in fields for pair in _pairs(field, values.get(field.name, field.default), zone))


def _pairs(field: Field, value: Any, zone: ZoneInfo) -> list[tuple[str, str]]:
    if field.kind is Kind.GROUP:
        return _group(field, value, zone)
    if field.kind is Kind.SPAN:
        return _span(field.id, value or Span(), zone)
    if value is None and field.kind is Kind.CHOICE and not field.required:
        return [(field.id, NOTHING)]
    if value is None or value == ERASED:
        return []
    return [(f"{field.id}{part}", text) for part, text in _parts(field, value, zone)]


def _parts(field: Field, value: Any, zone: ZoneInfo) -> list[tuple[str, str]]:
    match field.kind:
        case Kind.YES_NO:
            return [("", "true" if value else "false")]
        case Kind.CONFIRMED:
            return [("", "true")] if value else []
        case Kind.MOMENT:
            return [(f"-{part}", text) for part, text in typed_moment(value, zone).items()]
        case Kind.DAY:
            return [(f"-{part}", text) for part, text in typed_day(value).items()]
        case Kind.COUNT:
            return _count(value)
        case Kind.AMOUNT:
            # Written out in full: a number that is not changed comes back as it was.
            number = ("-number", format(Decimal(str(value)), "f")) if value != UNKNOWN else None
            return [("-certainty", YES), number] if number else [("-certainty", NO)]
        case Kind.LINES:
            return [("", "\n".join(" ".join(line.split("\n")) for line in value if line != ERASED))]
        case Kind.CHOICES:
            return [("", str(key)) for key in value]
        case Kind.COUNTED:
            return _counted(field, value)
        case Kind.MARKED:
            return _marked(field, value)
        case _:
            return [("", str(value))]


def _count(count: Count) -> list[tuple[str, str]]:
    number = [] if count.number is None else [("-number", str(count.number))]
    return [("-certainty", count.certainty), *number]


def _counted(field: Field, rows: Iterable[Value]) -> list[tuple[str, str]]:
    """One row a key; where a key is there twice, its counts together."""
    found: dict[str, Count] = {}
    for row in rows:
        key, count = str(getattr(row, field.key_name)), getattr(row, field.beside.name)
        found[key] = _together(found[key], count) if key in found else count
    return [(f"-{key}{part}", text) for key, count in found.items() for part, text in _count(count)]


def _together(one: Count, other: Count) -> Count:
    if one.number is None or other.number is None:
        return Count(certainty="unknown")
    exact = one.certainty == other.certainty == "exact"
    return Count(certainty="exact" if exact else "approximate", number=one.number + other.number)


def _marked(field: Field, rows: Iterable[Value]) -> list[tuple[str, str]]:
    found = {str(getattr(row, field.key_name)): str(getattr(row, field.beside.name)) for row in rows}
    return [*(("", key) for key in found), *((f"-{key}", beside) for key, beside in found.items())]


def _span(place: str, span: Span, zone: ZoneInfo) -> list[tuple[str, str]]:
    state = "ongoing" if span.ongoing else "over" if span.known else UNKNOWN
    ends = [(name, at) for name, at in (("began", span.began_at), ("ended", span.ended_at)) if at]
    parts = [(f"{place}-{name}-{part}", text) for name, at in ends for part, text in typed_moment(at, zone).items()]
    return [(f"{place}-state", state), *parts]


def _group(field: Field, value: Value | None, zone: ZoneInfo) -> list[tuple[str, str]]:
    said = [] if field.required else [(field.id, NO if value is None else YES)]
    within = {} if value is None else {name: getattr(value, name) for name in type(value).model_fields}
    return [*said, *(pair for part in field.parts for pair in _pairs(part, within.get(part.name, part.default), zone))]
