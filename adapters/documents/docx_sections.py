"""Parts that several papers have in common, as blocks of a DOCX."""

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from adapters.documents.docx_parts import Block, Bullets, Cell, Facts, Heading, Look, Paragraph, Picture, Said, Table
from adapters.documents.png import png_of

Paper: TypeAlias = dict[str, Any]
"""A paper, or a part of one, in the words from which its PDF is set."""

Blocks: TypeAlias = Sequence[Block]

WHOLE_LINE = 16.4
"""The width of a line, in cm."""

TONES = {"good": Look.GOOD, "warn": Look.WARN, "plain": Look.PLAIN}
STATES = {"known": Look.PLAIN, "not applicable": Look.ABSENT}
"""Every other state is that something is not known, and stands out."""


def under(title: str, *blocks: Block, level: Literal[1, 2] = 1, numbered: bool = True) -> Blocks:
    """The blocks below their heading; nothing where there are none."""
    return [Heading(level, title, numbered), *blocks] if blocks else []


def facts(items: Sequence[Paper]) -> Facts:
    """Labels and values in two columns."""
    return Facts([(item["label"], item["value"]) for item in items])


def bullets(items: Sequence[str]) -> Blocks:
    """A list, or nothing."""
    return [Bullets(items)] if items else []


def paragraph(text: str) -> Blocks:
    """A paragraph, or nothing where there is no text."""
    return [Paragraph(text)] if text else []


def reasons(items: Sequence[Paper]) -> Blocks:
    """Texts, each below its label."""
    return [Paragraph(item["value"], lead=item["label"]) for item in items]


def table(header: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[float], *right: int) -> Blocks:
    """A table whose columns `right` are aligned to the right, or nothing where there are no rows."""
    return [Table(header, rows, widths, right)] if rows else []


def picture(drawn: Paper | None, width: float = WHOLE_LINE) -> Blocks:
    """A drawing with its words, `width` cm wide, or nothing where there is none."""
    return [Picture(png_of(drawn["svg"], width), drawn["alt"], width)] if drawn else []


def in_state(row: Paper) -> Said:
    """An answer that stands out where it is missing."""
    return Said(row["answer"], STATES.get(row["state"], Look.WARN))


def toned(text: str, row: Paper) -> Said:
    """A text in the tone of its row."""
    return Said(text, TONES[row["tone"]])


def small(*texts: str) -> list[Said]:
    """Texts in small type; those that are empty are left out."""
    return [Said(text, Look.SMALL) for text in texts if text]


def measures(adopted: Sequence[Paper]) -> Blocks:
    """Who answers for each measure, by when, and how it stands; the incident it comes from, where the paper says it."""
    rows = [
        ((Said(row["measure"]), *small(row.get("ref", ""))), row["owner"], row["due"], toned(row["state"], row))
        for row in adopted
    ]
    return table(("Measure", "Who answers for it", "By", "State"), rows, (6.9, 3.8, 2.5, 3.2))


def head_of_the_log(paper: Paper) -> Blocks:
    """The code for the minutes, in type in which no two characters look alike."""
    code = Paragraph(Said(paper["code"], Look.CODE))
    return under("Head of the log", code, Paragraph(paper["code_is_for"]), numbered=False)
