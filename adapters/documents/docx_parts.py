"""What an editable paper (DOCX) is made of: blocks in the order in which they are read, each said in plain values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias

Tone: TypeAlias = Literal["good", "warn", "plain"]


class Look(StrEnum):
    """How a text stands out. Each is a character style of the document, so an editor can change it in one place."""

    PLAIN = ""
    STRONG = "Strong"
    SMALL = "Small"
    CODE = "Code"
    GOOD = "Good"
    WARN = "Warn"
    ABSENT = "Absent"


@dataclass(frozen=True, slots=True)
class Said:
    """A text and how it stands out."""

    text: str
    look: Look = Look.PLAIN


Cell: TypeAlias = str | Said | tuple[Said, ...]
"""What a table's cell holds: a text, or several, each in a paragraph of its own."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3; those of level 1 are numbered unless said otherwise."""

    level: Literal[1, 2, 3]
    text: str
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text; `lead` is a title in bold on the line before it."""

    text: str | Said
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to the first question, set apart in the colour of its tone."""

    tone: Tone
    text: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and their values, as a table of two columns."""

    items: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a header that comes again on every page. Widths are shares of the line; `right` lists the columns
    that are aligned to the right. No row is broken between two pages."""

    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[float]
    right: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; a numbered one begins at 1."""

    items: Sequence[str]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, what it says to whoever does not see it, and its width in cm."""

    png: bytes
    alt: str
    width: float


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in small type."""

    text: str


Block: TypeAlias = Heading | Paragraph | Verdict | Facts | Table | Bullets | Picture | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Docx:
    """A whole paper. `footer` stands on every page beside the reference; `modified_at` is the moment of its data."""

    title: str
    heading: str
    kicker: str
    school: str
    ref: str
    modified_at: datetime
    blocks: Sequence[Block]
    colophon: Sequence[str] = field(default=())
    ref_label: str = "Reference"
    footer: str = ""
    language: str = "en-GB"


_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, what prints nothing, and what turns the reading direction of all that follows."""


def fit_for_xml(text: str) -> str:
    """The text as a DOCX can hold it: any printable character, its line breaks as newlines."""
    return _UNFIT.sub("", _BREAKS.sub("\n", text))


def paragraphs(text: str) -> list[str]:
    """The text in the parts between its empty lines; one empty part where there is nothing."""
    return re.sub(r"\n[^\S\n]*\n\s*", "\n\n", fit_for_xml(text)).strip("\n").split("\n\n")
