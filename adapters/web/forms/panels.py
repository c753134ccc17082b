"""What can stand beside a form."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A name and what is said of it; `typed` where a person wrote it, `href` where the name leads somewhere."""

    term: str
    said: str
    typed: bool = False
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One box: rows, points, links as text and address, and a sentence. Many points are folded under what they are."""

    title: str
    rows: tuple[Row, ...] = ()
    points: tuple[str, ...] = ()
    points_called: str | None = None
    links: tuple[tuple[str, str], ...] = ()
    note: str | None = None
