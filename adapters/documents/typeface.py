"""What the embedded typefaces can print: anything else would stop a paper, so it is shown as an empty square."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

SQUARE = "□"
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_INVISIBLE = {"Cc", "Cf"}
"""Controls and formats print nothing, and some of them turn the reading direction of what follows."""


@cache
def printable() -> frozenset[int]:
    """The code points that Libertinus Serif and DejaVu Sans Mono, as typst embeds them, have in every weight used."""
    ranges = (Path(__file__).parent / "templates" / "printable.txt").read_text(encoding="ascii").split()
    ends = [part.partition("-") for part in ranges]
    return frozenset(code for first, _, last in ends for code in range(int(first, 16), int(last or first, 16) + 1))


def fit_to_print(text: str) -> str:
    """The text as it can be printed: its line breaks as newlines, no more than one empty line in a row."""
    lines = re.sub(r"\n\s*\n", "\n\n", _BREAKS.sub("\n", text)).replace("\t", "    ")
    return "".join(_printed(character) for character in lines)


def _printed(character: str) -> str:
    if character == "\n" or ord(character) in printable():
        return character
    invisible = unicodedata.category(character) in _INVISIBLE or "VARIATION SELECTOR" in unicodedata.name(character, "")
    return "" if invisible else SQUARE


def all_fit_to_print(value: Any) -> Any:
    """The same for every text in a structure."""
    match value:
        case str():
            return fit_to_print(value)
        case dict():
            return {key: all_fit_to_print(inner) for key, inner in value.items()}
        case list() | tuple():
            return [all_fit_to_print(inner) for inner in value]
        case _:
            return value
