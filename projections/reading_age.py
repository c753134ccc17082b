"""How old a reader has to be for a letter to be easy: the Flesch-Kincaid grade and five years, which is its school age.

J. P. Kincaid et al., Derivation of New Readability Formulas, 1975. It counts words and syllables and knows nothing of
sense: a low age does not make a text clear, but a high one makes it hard. A heading, and a line that is looked up and
not read, such as a telephone number, is left out.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from domain.quantities import Value
from projections.letter import Letter, Part

Syllables = Callable[[str], int]
"""How many syllables a word has."""

HARD_ABOVE = 14
"""In years. A sentence above it is to be made simpler; the sentences of Tocsin's own stay at 12 or below."""

FIRST_GRADE_BEGINS_AT = 5

_LOOKED_UP = re.compile(r"\d|@|https?://|www\.|[\w-]\.(?:com|edu|gov|info|net|nl|org|uk)\b", re.IGNORECASE)
"""A number or an address, which is looked at rather than read."""

_WORD = re.compile(r"[^\W\d_]+(?:['’‐‑-][^\W\d_]+)*")
_END = re.compile(r"(?<![.!?…])[.!?…]+[)\]”’\"']*\s+")
_LINE = re.compile(r"\n[^\S\n]*\n\s*|\n\s*+(?![a-z])")
"""A line that goes on in small letters was only wrapped."""

_NOT_AN_END = re.compile(r"\b(?:mr|mrs|ms|dr|prof|st|approx|vs|e\.g|i\.e|[b-hj-z])\.$", re.IGNORECASE)
"""Titles, abbreviations and initials."""

LONGEST_ABBREVIATION = 8


class Hard(Value):
    """Where a letter is hard to read, without its words: the heading, the sentence's number below it, and its age."""

    heading: str
    sentence: int
    reading_age: float


class PartAge(Value):
    """The reading age of one part and of each of its sentences, in years."""

    heading: str
    reading_age: float
    sentences: tuple[float, ...]


class LetterAge(Value):
    """The reading age of a whole letter and of its parts, in years."""

    reading_age: float
    parts: tuple[PartAge, ...]


def letter_age(letter: Letter, syllables: Syllables) -> LetterAge:
    """How hard the letter is, as a whole, part by part and sentence by sentence."""
    own = [sentence for text in letter.opening for sentence in sentences(text)]
    read = [(part, list(_sentences_of(part))) for part in letter.parts]
    return LetterAge(
        reading_age=_age([*own, *(sentence for _, said in read for sentence in said)], syllables),
        parts=tuple(
            PartAge(
                heading=part.heading,
                reading_age=_age(said, syllables),
                sentences=tuple(_age([sentence], syllables) for sentence in said),
            )
            for part, said in read
        ),
    )


def too_hard(letter: Letter, syllables: Syllables) -> tuple[Hard, ...]:
    """The sentences that need an older reader than `HARD_ABOVE`."""
    return tuple(
        Hard(heading=part.heading, sentence=number, reading_age=age)
        for part in letter_age(letter, syllables).parts
        for number, age in enumerate(part.sentences, 1)
        if age > HARD_ABOVE
    )


def reading_age(text: str, syllables: Syllables) -> float:
    """The reading age of a text in years, to one decimal; five for a text without a word."""
    return _age(sentences(text), syllables)


def sentences(text: str) -> list[str]:
    """The sentences of a text; a new line ends one, unless it goes on in small letters."""
    return [said for line in _LINE.split(text) for said in _sentences_of_line(line.strip()) if words(said)]


def words(sentence: str) -> list[str]:
    """The words, without punctuation; a number or an address stands as the digit 1, to be counted as one syllable."""
    found = (["1"] if _LOOKED_UP.search(token) else _WORD.findall(token) for token in sentence.split())
    return [word for each in found for word in each]


def _sentences_of_line(line: str) -> Iterator[str]:
    begin = 0
    for end in _END.finditer(line):
        if not _NOT_AN_END.search(line[max(0, end.start() - LONGEST_ABBREVIATION) : end.start() + 1]):
            yield line[begin : end.end()].strip()
            begin = end.end()
    yield line[begin:]


def _sentences_of(part: Part) -> Iterator[str]:
    for text in (*part.paragraphs, *part.points):
        yield from sentences(text)


def _age(said: Iterable[str], syllables: Syllables) -> float:
    counted = [[1 if word == "1" else syllables(word) for word in words(sentence)] for sentence in said]
    number = sum(map(len, counted))
    if not number:
        return float(FIRST_GRADE_BEGINS_AT)
    grade = 0.39 * number / len(counted) + 11.8 * sum(map(sum, counted)) / number - 15.59
    return round(max(0.0, grade) + FIRST_GRADE_BEGINS_AT, 1)
