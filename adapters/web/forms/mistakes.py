"""What can be wrong with one field."""

from typing import Final

ABSENT: Final = object()
"""Nothing was said: the command's own default holds."""


class Mistake(Exception):
    """One field cannot be read: the sentence that says what to do, and the field where it is not the field itself."""

    def __init__(self, sentence: str, at: str | None = None) -> None:
        super().__init__(sentence)
        self.at = at
