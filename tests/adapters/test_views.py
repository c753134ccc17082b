"""Lists kept up live, built again from nothing, and folded as at an instant say the same."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.bootstrap import until
from adapters.event_log import EventLog
from adapters.keys import KeyRing
from adapters.list_filters import DeskFilter, LogFilter
from adapters.list_pages import NoSuchPlace, Page
from adapters.papers import draft
from adapters.schools import SAMPLE
from adapters.views import Views
from domain.commands.review import ReopenIncident
from domain.events import Recorded
from domain.incident import replay
from domain.quantities import Value
from domain.roles import Actor, Role
from domain.steps import Step
from projections.breach_log import Finding, LogEntry, log_entry
from projections.desk import DeskRow, desk_row
from projections.governors_review import governors_review
from projections.open_clocks import OpenClock, open_clock
from projections.timeline import timeline
from tests.examples import classcharts, suspicion
from workflows.command_handler import CommandHandler

V = TypeVar("V", bound=Value)
HISTORIES: Sequence[Sequence[Recorded]] = [classcharts(), suspicion().events]


def renamed(events: Sequence[Recorded], number: int, school: str = "100001") -> list[Recorded]:
    """The same history as another incident's."""
    ref = f"{school}-{number:08d}"
    return [event.model_copy(update={"incident": ref, "school": school, "position": 0}) for event in events]


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


def walked(page_at: Callable[[str | None], Page[V]]) -> Iterator[V]:
    """Every row, page after page."""
    page = page_at(None)
    yield from page.rows
    while page.next:
        page = page_at(page.next)
        yield from page.rows


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

    def lists(self) -> tuple[list[LogEntry], list[OpenClock], list[DeskRow]]:
        """Every row of each list; the desk page by page."""
        return list(self.views.breach_log()), list(self.views.open_clocks()), self.desk()

    def desk(self, schools: frozenset[str] | None = None, **filters: Any) -> list[DeskRow]:
        """Every row of the desk, open and closed unless said otherwise."""
        wanted = DeskFilter(**{"state": "all", **filters})
        return list(walked(lambda after: self.views.desk(schools, wanted, after, 2)))


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
        assert sorted(live[2], key=lambda row: row.ref) == [desk_row(each) for each in folded if each]
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
    logged, opened, _ = house.lists()
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


@pytest.fixture
def street(tmp_path: Path) -> House:
    """Three schools, each with the whole case as it stood at four moments of it; the fourth is its end."""
    built = House(tmp_path)
    events = HISTORIES[0]
    for number, school in enumerate(("100001", "100002", "100003")):
        for moment, length in enumerate((3, 12, 30, len(events))):
            later = timedelta(hours=number)
            moved = [event.model_copy(update={"recorded_at": event.recorded_at + later}) for event in events[:length]]
            built.log.append(renamed(moved, 10 * number + moment, school))
    built.views.catch_up()
    return built


def test_the_desk_has_the_next_date_first_then_what_has_none_then_what_is_closed(street: House) -> None:
    """Of what is closed, the newest first."""
    rows = street.desk()
    assert len(rows) == 12
    dated = [row.next_due_at for row in rows if row.next_due_at]
    assert dated == sorted(dated)
    assert dated
    groups = [(row.closed, row.next_due_at is None) for row in rows]
    assert groups == sorted(groups)
    closed = [row.reported_at for row in rows if row.closed]
    assert closed == sorted(closed, reverse=True)


@pytest.mark.parametrize(
    ("filters", "suits"),
    [
        ({"state": "open"}, lambda row: not row.closed),
        ({"state": "closed"}, lambda row: row.closed),
        ({"school": "100002"}, lambda row: row.school == "100002"),
        ({"step": Step.DISCOVER}, lambda row: row.step is Step.DISCOVER),
        ({"step": Step.INVESTIGATE}, lambda row: row.step is Step.INVESTIGATE),
        ({"finding": Finding.BREACH}, lambda row: row.finding is Finding.BREACH),
        ({"finding": Finding.BREACH, "state": "open"}, lambda row: row.finding is Finding.BREACH and not row.closed),
        ({"finding": Finding.NEAR_MISS}, lambda _: False),
        ({"asked": frozenset({Role.HEAD})}, lambda row: Role.HEAD in row.who),
        ({"asked": frozenset({Role.STAFF, Role.LEAD})}, lambda row: {Role.STAFF, Role.LEAD} & {*row.who}),
        ({"asked": frozenset({Role.AUDITOR})}, lambda _: False),
        (
            {"asked_at": {"100001": frozenset({Role.HEAD}), "100003": frozenset({Role.DPO})}},
            lambda row: (row.school, True) in (("100001", Role.HEAD in row.who), ("100003", Role.DPO in row.who)),
        ),
        ({"asked_at": {}}, lambda _: False),
        ({"asked_at": {"100001": frozenset()}}, lambda _: False),
    ],
)
def test_each_filter_leaves_what_it_says(
    street: House, filters: dict[str, Any], suits: Callable[[DeskRow], bool]
) -> None:
    """For somebody who serves every school, and for somebody who serves two of them."""
    for schools in (None, frozenset({"100001", "100002"}), frozenset(f"{n}" for n in range(100_000, 100_300))):
        every = street.desk(schools)
        assert street.desk(schools, **filters) == [row for row in every if suits(row)]


def test_what_is_due_before_a_moment(street: House) -> None:
    """Strictly: what is due at the very moment is not overdue yet."""
    dates = [row.next_due_at for row in street.desk() if row.next_due_at]
    for at in (dates[0], dates[-1], dates[-1] + timedelta(microseconds=1)):
        found = [row.next_due_at for row in street.desk(due_before=at)]
        assert found == [each for each in dates if each < at]
    assert street.desk(due_before=dates[-1], state="closed") == []


def test_no_row_of_another_school_is_on_anybodys_desk(street: House) -> None:
    """Whatever is asked for, and from whatever place in the list."""
    theirs = frozenset({"100002"})
    places: list[str | None] = [None]
    page = street.views.desk(None, DeskFilter(state="all"), None, 1)
    while page.next:
        places += [page.next, page.previous] if page.previous else [page.next]
        page = street.views.desk(None, DeskFilter(state="all"), page.next, 1)
    for after in places:
        for school in (None, "100001", "100002", "999999", "' OR 1=1 --"):
            found = street.views.desk(theirs, DeskFilter(state="all", school=school), after)
            assert {row.school for row in found.rows} <= theirs
            logged = street.views.log_page(theirs, LogFilter(school=school))
            assert {row.school for row in logged.rows} <= theirs
    assert street.views.desk(theirs, DeskFilter(school="100001")).rows == ()
    assert street.views.desk(frozenset()).rows == ()
    assert street.views.log_page(frozenset()).rows == ()
    with pytest.raises(NoSuchPlace):
        street.views.desk(theirs, DeskFilter(), "elsewhere")


def test_the_log_is_shown_the_newest_first(street: House) -> None:
    """Filtered by school, finding and year."""
    oldest_first = list(street.views.breach_log())
    every = list(walked(lambda after: street.views.log_page(None, LogFilter(), after, 5)))
    assert every == sorted(oldest_first, key=lambda row: (row.reported_at, row.ref), reverse=True)
    year = every[0].reported_at.year
    assert list(street.views.log_page(None, LogFilter(year=year)).rows) == every
    assert street.views.log_page(None, LogFilter(year=year + 1)).rows == ()
    assert street.views.log_page(None, LogFilter(year=year - 1)).rows == ()
    of_one = street.views.log_page(None, LogFilter(school="100003", finding=Finding.BREACH)).rows
    assert list(of_one) == [row for row in every if row.school == "100003" and row.finding is Finding.BREACH]
    assert street.views.log_page(frozenset({"100001"}), LogFilter(school="100003")).rows == ()


def test_running_clocks_come_first_among_the_open_ones_and_are_counted(street: House) -> None:
    """As `tocsin clocks` and the figures show them."""
    clocks = list(street.views.open_clocks())
    assert [clock.deadline is None for clock in clocks] == sorted(clock.deadline is None for clock in clocks)
    deadlines = [clock.deadline for clock in clocks if clock.deadline]
    assert deadlines == sorted(deadlines)
    assert street.views.counts() == (len(clocks), len(deadlines))
    assert 0 < len(deadlines) < len(clocks)


def test_lists_of_an_earlier_version_are_made_anew(street: House) -> None:
    """Without being asked, the next time that Tocsin starts; a list of today's shape is left as it is."""
    before, folder = street.lists(), street.views.folder
    street.views.close()
    kept = (folder / "desk.sqlite").read_bytes()
    for name in ("breach_log", "open_clocks"):
        for path in folder.glob(f"{name}.sqlite*"):
            path.unlink()
        with closing(sqlite3.connect(folder / f"{name}.sqlite", isolation_level=None)) as old:
            old.execute("CREATE TABLE tracking (application_name TEXT PRIMARY KEY, notification_id INTEGER)")
            old.execute("INSERT INTO tracking VALUES ('events', 1000000)")
            old.execute("CREATE TABLE list_rows (incident TEXT PRIMARY KEY, school TEXT, sorted_by TEXT)")
    street.views = Views(folder, street.log, street.keys)
    assert not list(folder.glob("open_clocks*"))
    assert (folder / "desk.sqlite").read_bytes() == kept
    assert street.views.position() == 0
    assert street.views.catch_up() == street.log.head()
    assert street.lists() == before
    street.views.close()
    street.views = Views(folder, street.log, street.keys)
    assert street.views.catch_up() == 0
    assert street.lists() == before


def test_an_erased_incident_stays_on_the_desk_without_its_text(street: House) -> None:
    """What is asked for is still asked for."""
    before = next(row for row in street.desk() if not row.closed)
    street.keys.shred(before.ref)
    after = next(row for row in street.desk() if row.ref == before.ref)
    assert before.headline not in ("", "[erased]")
    assert after.headline == "[erased]"
    assert (after.next_due_at, after.who, after.step) == (before.next_due_at, before.who, before.step)


def test_a_reopened_incident_is_open_on_the_desk_again(street: House) -> None:
    """A row moves in the list; it is never there twice."""
    closed = next(row for row in street.desk() if row.closed)
    handler = CommandHandler(street.log)
    when = closed.reported_at + timedelta(days=365)
    handler.handle(
        ReopenIncident(reason="A parent wrote again"), closed.ref, Actor(id="u-lead", role=Role.LEAD), when, "x"
    )
    street.views.catch_up()
    found = [row for row in street.desk() if row.ref == closed.ref]
    assert [row.closed for row in found] == [False]
    assert found[0] not in street.desk(state="closed")
