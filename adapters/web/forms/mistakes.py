"""What can be wrong with one field."""

from typing import Final

ABSENT: Final = object()
"""Nothing was said: the command's own default holds."""


class Mistake(Exception):
    """A field cannot be read: what to do about it, and where, if that is not the field itself."""

    def __init__(self, sentence: str, at: str | None = None) -> None:
        super().__init__(sentence)
        self.at = at


class Mistakes(Exception):
    """Several parts of a field cannot be read: what to do about each, by its place."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__()
        self.errors = errors
