"""The 72-hour clock as a horizontal picture (SVG): only times, numbers and fixed words, never what a person typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.deadlines import NOTIFICATION_WINDOW
from projections.words import local, period

WIDTH, HEIGHT = 656, 128
LEFT, RIGHT, SIDE = 30, 626, 96
BAR, THICK = 78, 12
APART = 4
INK, QUIET, ACCENT, TINT, WARN, GOOD = "#1b2226", "#59646b", "#17484c", "#dbe5e5", "#b0521b", "#2f6b4a"
FONT = "Libertinus Serif"


@dataclass(frozen=True, slots=True)
class ClockPicture:
    """What the picture shows: the clock, the moments of the numbered events, and what stopped the clock."""

    aware_at: datetime
    deadline: datetime
    events: tuple[datetime, ...]
    until: datetime
    reported_at: datetime | None = None
    decided_not_to_at: datetime | None = None

    @property
    def stopped_at(self) -> datetime | None:
        """When the question of notification was answered."""
        return self.reported_at or self.decided_not_to_at


def picture_in_words(picture: ClockPicture) -> str:
    """What a reader is told who does not see the picture."""
    numbered = len(picture.events)
    listed = f" {numbered} numbered events stand on it; the table below lists them." if numbered else ""
    return f"The 72-hour clock from awareness to the deadline. {_outcome(picture)}.{listed}"


def _outcome(picture: ClockPicture) -> str:
    if picture.reported_at:
        return f"Report sent {_against(picture, picture.reported_at)}"
    if picture.decided_not_to_at:
        return f"Decided not to notify {_against(picture, picture.decided_not_to_at)}"
    return f"No report yet, {_against(picture, picture.until)}"


def _against(picture: ClockPicture, at: datetime) -> str:
    if at == picture.deadline:
        return "as the 72 hours end"
    side = "before" if at <= picture.deadline else "after"
    return f"{period(picture.deadline - at)} {side} the deadline"


def clock_svg(picture: ClockPicture, zone: ZoneInfo) -> str:
    """The picture as SVG."""
    scale = _Scale(picture)
    parts = [
        *_bar(picture, scale),
        *_ticks(picture, scale, zone),
        *_flag(picture, scale),
        *_events(picture.events, scale),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{FONT}" '
        f'font-size="12" fill="{INK}">{"".join(parts)}</svg>'
    )


class _Scale:
    """Where a moment stands: even hours inside the 72, the time before and after them pressed into the margins."""

    def __init__(self, picture: ClockPicture) -> None:
        moments = (*picture.events, picture.stopped_at or picture.until)
        self._aware_at, self._deadline = picture.aware_at, picture.deadline
        self._first, self._last = min(moments), max(moments)
        self.start = LEFT + (SIDE if self._first < self._aware_at else 0)
        self.end = RIGHT - (SIDE if self._last > self._deadline else 0)

    def __call__(self, at: datetime) -> float:
        if at < self._aware_at:
            share = (self._aware_at - at) / (self._aware_at - self._first)
            return round(self.start - share * (SIDE - 10), 1)
        if at > self._deadline:
            share = (at - self._deadline) / (self._last - self._deadline)
            return round(self.end + share * (SIDE - 10), 1)
        return round(self.start + (at - self._aware_at) / NOTIFICATION_WINDOW * (self.end - self.start), 1)


def _rect(x: float, width: float, fill: str) -> str:
    return f'<rect x="{x}" y="{BAR}" width="{max(width, 0):.1f}" height="{THICK}" fill="{fill}"/>'


def _line(x: float, top: float, bottom: float, colour: str, width: float = 1, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="M{x} {top}V{bottom}" stroke="{colour}" stroke-width="{width}"{dashed}/>'


def _text(x: float, y: float, text: str, anchor: str = "middle", fill: str = INK, weight: int = 400) -> str:
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" fill="{fill}" font-weight="{weight}">{text}</text>'


def _bar(picture: ClockPicture, scale: _Scale) -> Iterable[str]:
    """The time used is dark, the time left is light, the time after the deadline is striped and not only coloured."""
    used = scale(min(picture.stopped_at or picture.until, picture.deadline))
    yield _rect(scale.start, scale.end - scale.start, TINT)
    yield _rect(scale.start, used - scale.start, ACCENT)
    over = picture.stopped_at or picture.until
    if over > picture.deadline:
        left = scale.end + 3
        while left < scale(over):
            yield _rect(left, min(4.0, scale(over) - left), WARN)
            left += 7
    for edge, begins in ((LEFT, scale.start > LEFT), (RIGHT, scale.end < RIGHT)):
        if begins:
            inner = scale.start if edge == LEFT else scale.end
            middle = BAR + THICK / 2
            yield f'<path d="M{edge} {middle}H{inner}" stroke="{QUIET}" stroke-dasharray="2 3" fill="none"/>'


def _ticks(picture: ClockPicture, scale: _Scale, zone: ZoneInfo) -> Iterable[str]:
    bottom = BAR + THICK
    for hours in (24, 48):
        x = scale(picture.aware_at + timedelta(hours=hours))
        yield _line(x, bottom, bottom + 5, QUIET)
        yield _text(x, bottom + 19, f"{hours} hours", fill=QUIET)
    for at, name, anchor in ((picture.aware_at, "Aware", "start"), (picture.deadline, "72 hours end", "end")):
        x, there = scale(at), local(at, zone)
        side = anchor if (at == picture.aware_at and scale.start == LEFT) or scale.end == RIGHT else "middle"
        nudged = x + {"start": -8, "end": 8, "middle": 0}[side]
        yield _line(x, BAR - 7, bottom + 5, INK, 2)
        yield _text(nudged, bottom + 19, name, side, weight=600)
        yield _text(nudged, bottom + 33, f"{there:%H:%M} {there.tzname()}, {there.day}/{there.month}", side, QUIET)


def _flag(picture: ClockPicture, scale: _Scale) -> Iterable[str]:
    at = picture.stopped_at or picture.until
    x, late = scale(at), at > picture.deadline
    colour = WARN if late else GOOD if picture.stopped_at else INK
    text = _outcome(picture)
    half = len(text) * 2.9
    yield _line(x, 22, BAR + THICK, colour, 1.5)
    yield f'<path d="M{x - 5} 22h10l-5 7z" fill="{colour}"/>'
    yield _text(min(max(x, half), WIDTH - half), 15, text, fill=colour, weight=600)


def _events(events: Sequence[datetime], scale: _Scale) -> Iterable[str]:
    for first, last, x in _grouped([scale(at) for at in events]):
        name = f"{first}" if first == last else f"{first}–{last}"
        width = _width(first, last)
        yield _line(x, 58, BAR, QUIET, 0.8)
        yield (
            f'<rect x="{x - width / 2:.1f}" y="40" width="{width}" height="18" rx="9" fill="#ffffff" '
            f'stroke="{ACCENT}"/>'
        )
        yield _text(x, 53, name, fill=ACCENT, weight=600)


def _width(first: int, last: int) -> int:
    return 20 if first == last else 40


def _grouped(places: Sequence[float]) -> list[tuple[int, int, float]]:
    """Events too close to stand apart share one mark: the numbers of the first and the last, and their middle."""
    groups: list[tuple[int, int, float]] = []
    for number, x in enumerate(places, 1):
        group = (number, number, x)
        while groups and _touch(groups[-1], group):
            first = groups.pop()[0]
            group = (first, number, (places[first - 1] + x) / 2)
        groups.append(group)
    return groups


def _touch(left: tuple[int, int, float], right: tuple[int, int, float]) -> bool:
    return right[2] - left[2] < (_width(*left[:2]) + _width(*right[:2])) / 2 + APART
