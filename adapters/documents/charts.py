"""Bars as pictures (SVG) for papers: few, each number printed at its bar, readable without colour.

They hold numbers and words from closed lists or dates, never what a person typed. The two series of a chart differ in
darkness and outline, and each is named beside its mark. A chart that would compare nothing is not drawn.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from adapters.documents.clock_picture import ACCENT, FONT, INK, QUIET, TINT

WIDTH = 656
"""Across a page between the margins; text of 12 in it is as large as in the clock's picture."""

TOP, BASE, COLUMN_HEIGHT = 40, 138, 178
BAR_WIDTH, BAR_GAP = 30, 6
ROW, BAR = 24, 13
NUMBER_WIDTH = 46


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and what it says to whoever does not see it."""

    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class Series:
    """A row of numbers of one kind, such as the breaches of each period."""

    name: str
    numbers: tuple[int, ...]


def columns(title: str, labels: Sequence[tuple[str, str]], series: Sequence[Series]) -> Chart | None:
    """Standing bars side by side, one or two for each label of two lines; None where nothing can be compared."""
    most = max((number for each in series for number in each.numbers), default=0)
    if len(labels) < 2 or not most:
        return None
    parts = [*_legend(series), *_columns(labels, series, most)]
    said = "; ".join(
        f"{' '.join(filter(None, label))}: "
        + ", ".join(f"{each.numbers[place]:,} {each.name.lower()}" for each in series)
        for place, label in enumerate(labels)
    )
    return _chart(title, f"{title}. {said}.", WIDTH, COLUMN_HEIGHT, parts)


def rows(title: str, numbers: dict[str, int], *, width: int = WIDTH, name_width: int = 330) -> Chart | None:
    """Lying bars, one for each name; None where nothing can be compared."""
    most = max(numbers.values(), default=0)
    if len(numbers) < 2 or not most:
        return None
    parts = _rows(numbers, most, name_width, width - NUMBER_WIDTH)
    said = "; ".join(f"{name}: {number:,}" for name, number in numbers.items())
    return _chart(title, f"{title}. {said}.", width, len(numbers) * ROW + 4, parts)


def _chart(title: str, alt: str, width: int, height: int, parts: Iterable[str]) -> Chart:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="{FONT}" '
        f'font-size="12" fill="{INK}"><title>{escape(title)}</title><desc>{escape(alt)}</desc>{"".join(parts)}</svg>'
    )
    return Chart(svg, alt)


def _legend(series: Sequence[Series]) -> Iterator[str]:
    x = 2.0
    for place, each in enumerate(series):
        yield _bar(x, 5, 12, 12, place)
        yield _text(x + 18, 15, each.name, "start")
        x += 44 + len(each.name) * 5.6


def _columns(labels: Sequence[tuple[str, str]], series: Sequence[Series], most: int) -> Iterator[str]:
    slot, group = WIDTH / len(labels), len(series) * (BAR_WIDTH + BAR_GAP) - BAR_GAP
    for place, lines in enumerate(labels):
        middle = (place + 0.5) * slot
        for number, each in enumerate(series):
            x, height = middle - group / 2 + number * (BAR_WIDTH + BAR_GAP), each.numbers[place] / most * (BASE - TOP)
            yield _bar(x, BASE - height, BAR_WIDTH, height, number)
            yield _text(x + BAR_WIDTH / 2, BASE - height - 5, f"{each.numbers[place]:,}", weight=600)
        for line, text in enumerate(filter(None, lines)):
            yield _text(middle, BASE + 17 + line * 15, text, fill=QUIET)
    yield f'<path d="M0 {BASE}H{WIDTH}" stroke="{INK}"/>'


def _rows(numbers: dict[str, int], most: int, left: int, right: int) -> Iterator[str]:
    for place, (name, number) in enumerate(numbers.items()):
        y = 2 + place * ROW
        length = number / most * (right - left)
        yield _text(0, y + 16, name, "start")
        yield _bar(left, y + (ROW - BAR) / 2, length, BAR, 0)
        yield _text(left + length + 7, y + 16, f"{number:,}", "start", weight=600)
    yield f'<path d="M{left} 0V{len(numbers) * ROW + 4}" stroke="{INK}"/>'


def _bar(x: float, y: float, width: float, height: float, series: int) -> str:
    """The first series is dark, the second light with a dark outline."""
    if not (width and height):
        return ""
    look = f'fill="{ACCENT}"' if series == 0 else f'fill="{TINT}" stroke="{ACCENT}"'
    inset = 0 if series == 0 else 0.5
    return (
        f'<rect x="{x + inset:.1f}" y="{y + inset:.1f}" width="{max(width - 2 * inset, 0.5):.1f}" '
        f'height="{max(height - 2 * inset, 0.5):.1f}" {look}/>'
    )


def _text(x: float, y: float, text: str, anchor: str = "middle", fill: str = INK, weight: int = 400) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-weight="{weight}">'
        f"{escape(text)}</text>"
    )
