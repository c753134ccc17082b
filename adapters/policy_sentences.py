"""A published text as sentences: each with the line on which it begins and the mark of the list that it stands in."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from adapters.policy_words import words

LONGEST = 1_500
"""A text without full stops is read in pieces of so many characters, so that no phrase is sought in a whole book."""
SHORTLY = 5
"""How many sentences away breaches may be spoken of, so that a sentence is about them."""

MARKS = {
    "sign": re.compile(r"[•●▪◦‣·*+–—-]\s+"),
    "number": re.compile(r"\(?\d{1,2}(?:(?:\.\d{1,2})*[.)]|(?:\.\d{1,2})+)\s+"),
    "letter": re.compile(r"\(?(?:[a-z]|[ivx]{2,4})[.)]\s+", re.IGNORECASE),
}
END = re.compile(r"(?<!\bArt\.)(?<!\bNo\.)(?<!\bSt\.)(?<=[.!?])[”’\"')]* (?=[“‘\"'(]?[A-Z0-9])")
PIECE = re.compile(rf".{{1,{LONGEST}}}(?:\s|$)|.{{{LONGEST}}}")
ORNAMENT = re.compile(r"\*\*|__|`|^#+\s|^>\s")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, a heading, or a sentence of a list's point; `mark` is the kind of mark before the point."""

    text: str
    line: int
    mark: str | None
    about_breaches: bool


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in their order; lines are counted from one, as an editor counts them."""
    cut = [(said, line, mark) for mark, lines in _blocks(text) for line, said in _cut(lines)]
    named = [words("BREACH").search(said) is not None for said, _, _ in cut]
    about = (any(named[max(0, place - SHORTLY) : place + SHORTLY + 1]) for place in range(len(cut)))
    return tuple(Sentence(*each, about_breaches) for each, about_breaches in zip(cut, about, strict=True))


def _blocks(text: str) -> Iterator[tuple[str | None, list[tuple[int, str]]]]:
    """Paragraphs and points of lists: numbered lines that belong together, without their marks and ornaments."""
    mark: str | None = None
    block: list[tuple[int, str]] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    width, above = max(map(len, lines)), ""
    for number, raw in enumerate(lines, start=1):
        plain = _printable(raw)
        kind = next((kind for kind, pattern in MARKS.items() if pattern.match(plain)), None)
        if block and (kind or not plain or plain.startswith("#") or (mark and _starts_anew(raw, above, width))):
            yield mark, block
            block = []
        line = ORNAMENT.sub("", MARKS[kind].sub("", plain, count=1) if kind else plain)
        if line:
            mark = mark if block else kind
            block.append((number, line))
        above = raw
    if block:
        yield mark, block


def _starts_anew(raw: str, above: str, width: int) -> bool:
    """Whether a line below a point is no longer the point: not indented, and not there for want of room above it."""
    return raw[:1].isupper() and len(above.rstrip()) + 1 + len(raw.split(maxsplit=1)[0]) <= width


def _printable(raw: str) -> str:
    """One line with single spaces, and without characters that a terminal would obey."""
    return " ".join("".join(each if each.isprintable() else " " for each in raw).split())


def _cut(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The sentences of a paragraph, each with the line on which it begins."""
    joined = " ".join(line for _, line in lines)
    begins = list(accumulate((len(line) + 1 for _, line in lines), initial=0))
    ends = [0, *(match.end() for match in END.finditer(joined)), len(joined)]
    for start, end in pairwise(ends):
        for piece in PIECE.finditer(joined, start, end):
            if said := piece[0].strip():
                yield lines[bisect_right(begins, piece.start()) - 1][0], said
