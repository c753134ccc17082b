"""Personal data inside facts: plain in memory, sealed on disk, gone once the incident's key is destroyed."""

from typing import Annotated, Protocol, TypeAlias

from pydantic import BeforeValidator, PlainSerializer, SerializationInfo, StringConstraints, ValidationInfo

ERASED = "[erased]"
"""What a reader sees in place of a text whose key was destroyed."""


class Seal(Protocol):
    """Seals and opens the texts of one event."""

    def seal(self, text: str) -> str:
        """The text, sealed so that only the incident's key opens it."""
        ...

    def open(self, sealed: str) -> str | None:
        """The text, or None once the incident's key was destroyed."""
        ...


Context: TypeAlias = dict[str, Seal] | None


def _seal(text: str, info: SerializationInfo[Context]) -> str | dict[str, str]:
    if info.context is None or text == ERASED:
        return text
    return {"sealed": info.context["seal"].seal(text)}


def _open(value: object, info: ValidationInfo[Context]) -> object:
    if type(value) is dict and info.context is not None and value.keys() == {"sealed"}:
        opened = info.context["seal"].open(value["sealed"])
        return ERASED if opened is None else opened
    return value


Paper: TypeAlias = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2_000_000),
    BeforeValidator(_open),
    PlainSerializer(_seal),
]
"""A whole document, packed as text: sealed like every other text of its event."""

Text: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000),
    BeforeValidator(_open),
    PlainSerializer(_seal),
]
"""Free or identifying text: at most 10,000 characters, sealed wherever it is stored (UK GDPR Art. 5(1)(e), 17)."""
