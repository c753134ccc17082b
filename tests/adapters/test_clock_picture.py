"""The picture of the 72 hours: whatever happened when, it is whole, inside its frame, and says the same in words."""

import re
from datetime import datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.documents.clock_picture import HEIGHT, WIDTH, ClockPicture, clock_svg, picture_in_words
from tests.examples import AWARE_AT

LONDON = ZoneInfo("Europe/London")
DEADLINE = AWARE_AT + timedelta(hours=72)
HOURS = st.floats(-2000, 9000).map(lambda hours: AWARE_AT + timedelta(hours=hours))
SPACE = "{http://www.w3.org/2000/svg}"


def picture(*events: datetime, until: datetime = DEADLINE, **stopped: datetime) -> ClockPicture:
    """A clock that ran out on Monday, with these events on it."""
    return ClockPicture(aware_at=AWARE_AT, deadline=DEADLINE, events=tuple(sorted(events)), until=until, **stopped)


def marks(svg: str) -> list[tuple[float, float, range]]:
    """The numbered marks: where each begins and ends, and which events it stands for."""
    root = ET.fromstring(svg)
    boxes = [box for box in root.iter(f"{SPACE}rect") if box.get("rx")]
    names = [text.text or "" for text in root.iter(f"{SPACE}text") if re.fullmatch(r"\d+(–\d+)?", text.text or "")]
    found = []
    for box, name in zip(boxes, names, strict=True):
        first, _, last = name.partition("–")
        left, width = float(box.attrib["x"]), float(box.attrib["width"])
        found.append((left, left + width, range(int(first), int(last or first) + 1)))
    return found


@given(st.lists(HOURS, max_size=60), HOURS)
def test_every_event_has_a_mark_and_no_two_marks_touch(events: list[datetime], until: datetime) -> None:
    """However many events there are and however close, each number is shown once, side by side, inside the frame."""
    shown = marks(clock_svg(picture(*events, until=max(until, AWARE_AT)), LONDON))
    assert [number for *_, numbers in shown for number in numbers] == list(range(1, len(events) + 1))
    for (_, right, _), (left, _, _) in pairwise(shown):
        assert right < left
    assert all(left >= 0 and right <= WIDTH for left, right, _ in shown)


@given(st.lists(HOURS, max_size=5), HOURS)
def test_nothing_is_drawn_outside_the_frame(events: list[datetime], reported_at: datetime) -> None:
    """Bars, stripes and texts stay inside, in time, late, and years late."""
    root = ET.fromstring(clock_svg(picture(*events, reported_at=max(reported_at, AWARE_AT)), LONDON))
    for shape in root.iter():
        x, y = float(shape.get("x", 0)), float(shape.get("y", 0))
        assert x >= 0
        assert x + float(shape.get("width", 0)) <= WIDTH
        assert 0 <= y <= HEIGHT


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (DEADLINE - timedelta(seconds=1), "Report sent less than a minute before the deadline"),
        (DEADLINE, "Report sent as the 72 hours end"),
        (DEADLINE + timedelta(seconds=1), "Report sent less than a minute after the deadline"),
    ],
)
def test_picture_and_words_say_the_same(at: datetime, said: str) -> None:
    """The line above the clock is the line that a screen reader reads."""
    drawn = picture(AWARE_AT, reported_at=at)
    assert said in picture_in_words(drawn)
    assert said in clock_svg(drawn, LONDON)


def test_a_clock_nobody_stopped_shows_how_far_it_ran() -> None:
    """Neither reported nor decided: the picture says so, and how much is left."""
    assert "No report yet, 24 hours before the deadline" in picture_in_words(
        picture(until=AWARE_AT + timedelta(hours=48))
    )
    assert "Decided not to notify 71 hours before the deadline" in picture_in_words(
        picture(decided_not_to_at=AWARE_AT + timedelta(hours=1))
    )
