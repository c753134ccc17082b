"""Lists kept up live, built again from nothing, and folded as at an instant say the same."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.bootstrap import until
from adapters.event_log import EventLog
from adapters.keys import KeyRing
from adapters.papers import draft
from adapters.schools import SAMPLE
from adapters.views import Views
from domain.events import Recorded
from domain.incident import replay
from projections.breach_log import LogEntry, log_entry
from projections.governors_review import governors_review
from projections.open_clocks import OpenClock, open_clock
from projections.timeline import timeline
from tests.examples import classcharts, suspicion

HISTORIES: Sequence[Sequence[Recorded]] = [classcharts(), suspicion().events]


def renamed(events: Sequence[Recorded], number: int) -> list[Recorded]:
    """The same history as another incident's."""
    ref = f"100001-{number:08d}"
    return [event.model_copy(update={"incident": ref, "school": "100001", "position": 0}) for event in events]


@st.composite
def interleaved(draw: st.DrawFn) -> list[Recorded]:
    """Several incidents, each up to some point of its history, mixed in any order that keeps each one's own."""
    histories = [
        renamed(events, number)[: draw(st.integers(1, len(events)))]
        for number, events in enumerate(draw(st.lists(st.sampled_from(HISTORIES), min_size=1, max_size=4)))
    ]
    mixed: list[Recorded] = []
    while any(histories):
        mixed.append(draw(st.sampled_from([each for each in histories if each])).pop(0))
    return mixed


class House:
    """A log and its lists."""

    def __init__(self, folder: Path) -> None:
        self.keys = KeyRing.open(folder / "keys.sqlite", bytes(32))
        self.log = EventLog.open(folder / "events.sqlite", self.keys)
        self.views = Views(folder / "views", self.log, self.keys)

    def close(self) -> None:
        """Lets go."""
        self.views.close()
        self.log.close()
        self.keys.close()

    def lists(self) -> tuple[list[LogEntry], list[OpenClock]]:
        """Every row of both lists."""
        return list(self.views.breach_log()), list(self.views.open_clocks())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(interleaved(), st.lists(st.integers(1, 20), min_size=1, max_size=8))
def test_live_rebuilt_and_as_at_the_last_event_are_the_same(events: list[Recorded], batches: list[int]) -> None:
    """For the breach log, the open clocks, the timeline, the report and the governors' review."""
    with TemporaryDirectory() as folder:
        house = House(Path(folder))
        rest = list(events)
        sizes = iter(batches * len(rest))
        while rest:
            size = next(sizes)
            house.log.append(rest[:size])
            del rest[:size]
            house.views.catch_up()
        live = house.lists()
        papers = {}
        for ref in house.log.incidents():
            kept = replay(house.log.history(ref))
            last = house.log.history(ref)[-1].recorded_at
            at = replay(until(house.log.history(ref), last))
            assert kept is not None
            assert kept == at
            papers[ref] = (timeline(kept), draft(kept.history, SAMPLE), governors_review(kept))
        assert house.views.rebuild() == len(events)
        assert house.lists() == live
        folded = [replay(house.log.history(ref)) for ref in house.log.incidents()]
        assert sorted(live[0], key=lambda row: row.ref) == [log_entry(each) for each in folded if each]
        assert sorted(live[1], key=lambda row: row.ref) == [
            row for each in folded if each and (row := open_clock(each))
        ]
        for each in folded:
            assert each is not None
            assert papers[each.ref] == (timeline(each), draft(each.history, SAMPLE), governors_review(each))
        house.close()


@pytest.fixture
def house(tmp_path: Path) -> House:
    """One log with the three cases in it."""
    built = House(tmp_path)
    for number, events in enumerate(HISTORIES):
        built.log.append(renamed(events, number))
    built.views.catch_up()
    return built


def test_an_instant_of_the_past_shows_what_was_known_then(house: House) -> None:
    """Between two events, only the earlier one; before the first, nothing."""
    history = house.log.history("100001-00000000")
    for before, after in pairwise(history):
        known = replay(until(history, after.recorded_at - timedelta(microseconds=1)))
        assert known is not None
        if before.recorded_at < after.recorded_at:
            assert known.version < after.version
    assert replay(until(history, history[0].recorded_at - timedelta(microseconds=1))) is None


def test_a_closed_incident_leaves_the_open_clocks_and_stays_in_the_log(house: House) -> None:
    """Art. 33(5) keeps it for good."""
    logged, opened = house.lists()
    closed = {row.ref for row in logged if row.closed_at}
    assert closed
    assert not closed & {row.ref for row in opened}


def test_the_lists_hold_no_text_in_the_clear(house: House) -> None:
    """Rows are sealed with the incident's own key."""
    row = next(iter(house.views.breach_log()))
    house.views.close()
    stored = b"".join(path.read_bytes() for path in house.views.folder.iterdir())
    assert row.what_happened is not None
    assert row.ref.encode() in stored
    assert row.what_happened.encode()[:20] not in stored


def test_destroying_a_key_erases_the_lists_too(house: House) -> None:
    """At the next reading, and after building them again; the figures stay."""
    ref = "100001-00000000"
    before = next(row for row in house.views.breach_log() if row.ref == ref)
    house.keys.shred(ref)
    for _ in range(2):
        row = next(row for row in house.views.breach_log() if row.ref == ref)
        assert row.what_happened == "[erased]"
        assert (row.aware_at, row.people_total) == (before.aware_at, before.people_total)
        house.views.rebuild()
    assert house.log.verify().whole


def test_two_programs_keep_one_list(house: House, tmp_path: Path) -> None:
    """Whoever is second finds the work done."""
    other = House(tmp_path)
    house.log.append(renamed(HISTORIES[1], 9))
    assert house.views.catch_up() == len(HISTORIES[1])
    assert other.views.catch_up() == 0
    assert other.lists() == house.lists()


def test_a_school_sees_its_own_rows(house: House) -> None:
    """And no others."""
    assert list(house.views.breach_log(["100002"])) == []
    assert len(list(house.views.breach_log(["100001"]))) == len(HISTORIES)
    assert list(house.views.open_clocks([])) == []
