"""The fields of a form, read from the fields of a command: a new command gets a form by itself."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import AwareDatetime, StringConstraints
from pydantic.fields import FieldInfo

from domain.commands import COMMANDS
from domain.quantities import Count, Span, Value
from workflows.command_handler import FILLED_IN

NEVER_ASKED = frozenset({"kind", *FILLED_IN})
"""What a command is, and what is filled in where it is carried out."""
UNKNOWN = "unknown"


class Kind(StrEnum):
    """How something is asked."""

    TEXT = "text"
    CODE = "code"
    LINES = "lines"
    YES_NO = "yes_no"
    CONFIRMED = "confirmed"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    AMOUNT = "amount"
    COUNT = "count"
    COUNTED = "counted"
    MARKED = "marked"
    MOMENT = "moment"
    DAY = "day"
    SPAN = "span"
    GROUP = "group"


class CannotAsk(TypeError):
    """A command has a field of a type for which there is no way of asking yet."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `id` is its place in the command, and what the page calls it.

    `keys` are those of a closed list, which `list_name` names. `parts` are the fields within: of a group, or those
    that each row has beside its key. `least` and `most` bound a number, and `most` the length of a text.
    """

    name: str
    id: str
    kind: Kind
    required: bool
    default: Any = None
    keys: tuple[str, ...] = ()
    list_name: str = ""
    parts: tuple["Field", ...] = ()
    least: float | None = None
    most: float | None = None
    whole: bool = True

    @property
    def key_name(self) -> str:
        """In rows: what the key of a row is called in its value."""
        return self.parts[0].name

    @property
    def beside(self) -> "Field":
        """In rows: what is said beside the key."""
        return self.parts[1]


@cache
def fields_of(command: str) -> tuple[Field, ...]:
    """Every field of a command that is asked for; raises `CannotAsk`."""
    asked = {name: info for name, info in COMMANDS[command].model_fields.items() if name not in NEVER_ASKED}
    return tuple(_field(name, name, info) for name, info in asked.items())


def within(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """These fields and those within their groups."""
    return tuple(each for field in fields for each in (field, *(field.parts if field.kind is Kind.GROUP else ())))


def _fields(model: type[Value], prefix: str) -> tuple[Field, ...]:
    return tuple(_field(name, f"{prefix}{name}", info) for name, info in model.model_fields.items())


def _field(name: str, place: str, info: FieldInfo) -> Field:
    kind, metadata = _without_none(info.annotation, info.metadata)
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    about: dict[str, Any] = {"name": name, "id": place, "required": info.is_required(), "default": default}
    if get_origin(kind) is tuple:
        return _several(get_args(kind)[0], about)
    if get_origin(kind) in (Union, UnionType):
        return _amount(get_args(kind), about)
    if get_origin(kind) is Literal:
        return Field(**about, kind=Kind.CHOICE, keys=get_args(kind), list_name=name)
    if kind is bool:
        return Field(**about, kind=Kind.CONFIRMED if name.endswith("_confirmed") else Kind.YES_NO)
    if kind in SIMPLE:
        return Field(**about, kind=SIMPLE[kind])
    if kind is int:
        return Field(**about, kind=Kind.NUMBER, **_bounds(metadata))
    if issubclass(kind, StrEnum):
        return Field(**about, kind=Kind.CHOICE, keys=_keys(kind), list_name=kind.__name__)
    if issubclass(kind, str):
        return _text(metadata, about)
    if issubclass(kind, Value):
        return Field(**about, kind=Kind.GROUP, parts=_fields(kind, f"{place}-"))
    raise CannotAsk(f"{place}: {kind}")


SIMPLE: dict[Any, Kind] = {AwareDatetime: Kind.MOMENT, date: Kind.DAY, Span: Kind.SPAN, Count: Kind.COUNT}


def _without_none(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any]]:
    """The type itself, without “or none” around it, and what is said of its values."""
    if get_origin(annotation) in (Union, UnionType):
        some = [each for each in get_args(annotation) if each is not type(None)]
        if len(some) == 1:
            return _without_none(some[0], metadata)
    if get_origin(annotation) is Annotated:
        inner, *said = get_args(annotation)
        return _without_none(inner, [*metadata, *said])
    return annotation, metadata


def _several(each: Any, about: dict[str, Any]) -> Field:
    kind, metadata = _without_none(each, [])
    if issubclass(kind, StrEnum):
        return Field(**about, kind=Kind.CHOICES, keys=_keys(kind), list_name=kind.__name__)
    if issubclass(kind, str):
        return Field(**about, kind=Kind.LINES, most=_longest(metadata))
    if not issubclass(kind, Value):
        raise CannotAsk(f"{about['id']}: {kind}")
    parts = _fields(kind, f"{about['id']}-")
    if [part.kind for part in parts] == [Kind.CHOICE, Kind.COUNT]:
        rows = Kind.COUNTED
    elif [part.kind for part in parts] == [Kind.CHOICE, Kind.CHOICE]:
        rows = Kind.MARKED
    else:
        raise CannotAsk(f"{about['id']}: {kind}")
    return Field(**about, kind=rows, keys=parts[0].keys, list_name=parts[0].list_name, parts=parts)


def _amount(either: tuple[Any, ...], about: dict[str, Any]) -> Field:
    """A number, or the word for a number that is not known."""
    (number, metadata), (word, _) = (_without_none(each, []) for each in either)
    if number not in (int, float) or get_args(word) != (UNKNOWN,):
        raise CannotAsk(f"{about['id']}: {either}")
    said = [each for part in metadata for each in (part.metadata if isinstance(part, FieldInfo) else [part])]
    return Field(**about, kind=Kind.AMOUNT, whole=number is int, **_bounds(said))


def _text(metadata: list[Any], about: dict[str, Any]) -> Field:
    patterned = any(isinstance(each, StringConstraints) and each.pattern for each in metadata)
    return Field(**about, kind=Kind.CODE if patterned else Kind.TEXT, most=_longest(metadata))


def _longest(metadata: list[Any]) -> int | None:
    return next((each.max_length for each in metadata if isinstance(each, StringConstraints)), None)


def _bounds(metadata: list[Any]) -> dict[str, Any]:
    least = next((each.ge for each in metadata if isinstance(each, Ge)), None)
    most = next((each.le for each in metadata if isinstance(each, Le)), None)
    return {"least": least, "most": most}


def _keys(kind: type[StrEnum]) -> tuple[str, ...]:
    return tuple(each.value for each in kind)
