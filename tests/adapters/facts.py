"""Events to put into a log: one by hand, and any there could be."""

import types
from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from domain.events import IncidentFact, Recorded
from domain.events.discover import NoteAdded
from domain.personal import Text
from domain.quantities import UNKNOWN, Count, Span
from domain.roles import ENGINE, Actor, Role

SUNDAY = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LEAD = Actor(id="lead-1", role=Role.LEAD)
HERE, THERE, ELSEWHERE = "100001-ABCDEFGH", "100001-ABCDEFGJ", "100002-ABCDEFGH"
FACTS: tuple[type[BaseModel], ...] = get_args(IncidentFact)

Strategy: TypeAlias = st.SearchStrategy[Any]


def noted(incident: str = HERE, version: int = 1, note: str = "A laptop is missing", command: str = "") -> Recorded:
    """An event with one personal text."""
    return Recorded(
        school=incident.partition("-")[0],
        incident=incident,
        version=version,
        recorded_at=SUNDAY,
        actor=LEAD,
        command_id=command or f"{incident}.{version}",
        fact=NoteAdded(note=note),
    )


def at(position: int, event: Recorded) -> Recorded:
    """The event as the log gives it back."""
    return event.model_copy(update={"position": position})


def any_fact(texts: st.SearchStrategy[str], *, filled: bool = False) -> dict[str, Strategy]:
    """By its name, every kind of fact with any values; `filled` leaves out nothing that may be left out."""
    return {fact.__name__: _built(fact, _Any(texts, filled)) for fact in FACTS}


def any_text() -> st.SearchStrategy[str]:
    """Whatever somebody can type."""
    return st.one_of(st.text(min_size=1, max_size=80).filter(_is_text), st.just("[erased]"), st.just('{"sealed": "x"}'))


def any_place() -> Strategy:
    """Who wrote it down and when, with a command's id of any letters."""
    return st.fixed_dictionaries(
        {
            "recorded_at": _INSTANTS,
            "actor": st.sampled_from([LEAD, ENGINE]),
            "command_id": st.text(min_size=1, max_size=99),
        }
    )


def _is_text(text: str) -> bool:
    try:
        TypeAdapter(Text).validate_python(text)
    except ValidationError:
        return False
    return True


_INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_SPANS = _INSTANTS.flatmap(
    lambda began: st.sampled_from([Span(), Span(began_at=began), Span(began_at=began, ongoing=True)])
)
_COUNTS = st.sampled_from([UNKNOWN, Count(certainty="exact", number=0), Count(certainty="approximate", number=1_700)])


class _Any:
    """What may stand in a field of some type."""

    def __init__(self, texts: st.SearchStrategy[str], filled: bool) -> None:
        self._texts = texts
        self._filled = filled

    def of(self, kind: Any, *metadata: Any) -> Strategy:
        """Any value of a type; what pydantic keeps beside the type narrows it down."""
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self.of(arguments[0], *arguments[1:], *metadata)
        if origin is Literal:
            return st.sampled_from(arguments)
        if origin in (Union, types.UnionType):
            some = [argument for argument in arguments if argument is not types.NoneType or not self._filled]
            return st.one_of(*(self.of(argument) for argument in some))
        if origin is tuple:
            return st.lists(self.of(arguments[0]), min_size=1, max_size=3).map(tuple)
        return self._plain(kind, metadata)

    def _plain(self, kind: type, metadata: tuple[Any, ...]) -> Strategy:
        if kind is str:
            patterns = [item.pattern for item in metadata if getattr(item, "pattern", None)]
            return st.from_regex(patterns[0], fullmatch=True) if patterns else self._texts
        simple: dict[type, Strategy] = {
            types.NoneType: st.none(),
            bool: st.booleans(),
            int: st.integers(1, 10**9),
            float: st.floats(0, 100_000),
            AwareDatetime: _INSTANTS,
            date: st.dates(date(2000, 1, 1), date(2100, 1, 1)),
            Count: _COUNTS,
            Span: _SPANS,
        }
        if issubclass(kind, Enum):
            return st.sampled_from(kind)
        return simple[kind] if kind in simple else _built(kind, self)

    def values(self, model: type[BaseModel]) -> Strategy:
        """Any values for the fields of a model."""
        fields: dict[str, FieldInfo] = dict(model.model_fields)
        return st.fixed_dictionaries(
            {name: self.of(field.annotation, *field.metadata) for name, field in fields.items()}
        )


def _built(model: type[Any], any_of: _Any) -> Strategy:
    """Values that a rule of the model's own refuses are thrown away."""
    return any_of.values(model).map(lambda values: _or_none(model, values)).filter(lambda made: made is not None)


def _or_none(model: type[BaseModel], values: dict[str, Any]) -> BaseModel | None:
    try:
        return model(**values)
    except ValidationError:
        return None
