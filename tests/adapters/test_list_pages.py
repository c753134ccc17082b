"""Whatever the way in which the rows of a page are found, they are the first that are wanted, each once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import list_pages
from adapters.kept_lists import ListFile, Place, Row, open_list
from adapters.list_filters import END, Wanted
from adapters.list_pages import NoSuchPlace, Spot, spots
from domain.steps import Step
from projections.breach_log import Finding

SCHOOLS = [str(100_001 + number) for number in range(12)]
TIMES = [f"1 2026-11-{day:02}" for day in range(1, 8)] + ["2 2026-11-01", "3 000"]
PLACES = st.builds(
    Place,
    sorted_by=st.sampled_from(TIMES),
    finding=st.sampled_from([str(each) for each in Finding]),
    step=st.sampled_from(["", *map(str, Step)]),
    asked=st.integers(0, 7),
)
WANTED = st.builds(
    Wanted,
    schools=st.none() | st.dictionaries(st.sampled_from([*SCHOOLS, "999999"]), st.integers(0, 7)),
    by_role=st.booleans(),
    asked=st.integers(0, 7),
    since=st.sampled_from(["", *TIMES]),
    before=st.sampled_from([END, *TIMES]),
    finding=st.none() | st.sampled_from([str(each) for each in Finding]),
    step=st.none() | st.sampled_from(list(map(str, Step))),
    newest_first=st.booleans(),
)


def row(number: int, school: str, place: Place) -> Row:
    """A row of which only its place counts."""
    found = place.sorted_by, place.finding, place.step, place.asked, 0
    return f"{school}-{number:08}", school, *found, 0, b""


def suits(each: Row, wanted: Wanted) -> bool:
    """What a page may show, said once more and more plainly."""
    _, school, sorted_by, finding, step, asked, *_ = each
    roles = wanted.asked if wanted.schools is None else wanted.schools.get(school, 0)
    return (
        (wanted.schools is None or school in wanted.schools)
        and wanted.since <= sorted_by < wanted.before
        and wanted.finding in (None, finding)
        and wanted.step in (None, step)
        and (not wanted.by_role or bool(asked & roles))
    )


def first_of(rows: list[Row], wanted: Wanted) -> list[Spot]:
    """Every spot that is wanted, in order."""
    return sorted((Spot(each[2], each[0]) for each in rows if suits(each, wanted)), reverse=wanted.newest_first)


def random_wanted(chance: Random) -> Wanted:
    """Something wanted, of none, few, or most of the schools."""
    several = chance.sample([*SCHOOLS, "999999"], chance.randrange(13))
    since, before = sorted(chance.sample(["", *TIMES, END], 2))
    return Wanted(
        schools=chance.choice((None, {school: chance.randrange(8) for school in several})),
        by_role=chance.random() < 0.5,
        asked=chance.randrange(8),
        since=chance.choice(("", since)),
        before=chance.choice((END, before)),
        finding=chance.choice((None, None, "near miss", "personal data breach")),
        step=chance.choice((None, None, None, "notify")),
        newest_first=chance.random() < 0.5,
    )


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[ListFile]:
    """An empty list."""
    file = open_list(tmp_path, "a_list")
    yield file
    file.datastore.close()


@pytest.mark.parametrize(("few", "several", "a_while"), [(26, 200, 1000), (1, 200, 10), (0, 0, 10), (0, 0, 200)])
def test_each_way_finds_what_a_plain_look_at_every_row_finds(
    kept: ListFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int, several: int, a_while: int
) -> None:
    """Five hundred times, from any place in a list of two hundred rows."""
    for name, number in (("FEW", few), ("SEVERAL", several), ("A_WHILE", a_while)):
        monkeypatch.setattr(list_pages, name, number)
    chance = Random(7)
    kinds = [(str(finding), str(step)) for finding in Finding for step in ("", *Step)]
    rows = [
        row(number, chance.choice(SCHOOLS), Place(chance.choice(TIMES), *chance.choice(kinds), chance.randrange(8)))
        for number in range(200)
    ]
    kept.put(1, rows)
    with closing(sqlite3.connect(tmp_path / "a_list.sqlite")) as connection:
        for _ in range(500):
            wanted, limit = random_wanted(chance), chance.randrange(1, 9)
            expected = first_of(rows, wanted)
            page = spots(connection, wanted, None, limit)
            assert page.found == expected[:limit]
            if page.next:
                page = spots(connection, wanted, page.next, limit)
                assert page.found == expected[limit : 2 * limit]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(SCHOOLS), PLACES), max_size=60), WANTED, st.integers(1, 9), st.integers(0, 12)
)
def test_walking_forth_and_back_gives_every_row_once(
    given_: list[tuple[str, Place]], wanted: Wanted, limit: int, few: int
) -> None:
    """By each of the ways in which pages are found."""
    rows = [row(number, *each) for number, each in enumerate(given_)]
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(list_pages, "FEW", few)
        patch.setattr(list_pages, "SEVERAL", few + 3)
        patch.setattr(list_pages, "A_WHILE", limit + 2)
        file = open_list(Path(folder), "a_list")
        file.put(1, rows)
        with closing(sqlite3.connect(Path(folder) / "a_list.sqlite")) as connection:
            expected = first_of(rows, wanted)
            page = spots(connection, wanted, None, limit)
            pages = [page]
            while page.next:
                page = spots(connection, wanted, page.next, limit)
                pages.append(page)
            assert [spot for each in pages for spot in each.found] == expected
            assert all(len(each.found) == limit for each in pages[:-1])
            for before in reversed(pages[:-1]):
                assert page.previous
                page = spots(connection, wanted, page.previous, limit)
                assert page.found == before.found
            assert page.previous is None
        file.datastore.close()


def test_each_way_reads_an_index_and_no_row(kept: ListFile, tmp_path: Path) -> None:
    """None sorts, and none reads the documents of rows that are not shown."""
    kept.put(1, [row(number, SCHOOLS[number % 12], Place("1 2026", "near miss")) for number in range(40)])
    said: list[str] = []
    with closing(sqlite3.connect(tmp_path / "a_list.sqlite")) as connection:
        connection.set_trace_callback(said.append)
        many = dict.fromkeys([*SCHOOLS, *map(str, range(300))], 0)
        for schools in (None, {SCHOOLS[0]: 0}, dict.fromkeys([*SCHOOLS, *map(str, range(30))], 0), many):
            for finding, descending in ((None, False), ("near miss", True)):
                spots(connection, Wanted(schools=schools, finding=finding, newest_first=descending), None, 25)
        connection.set_trace_callback(None)
        plans = [list(connection.execute(f"EXPLAIN QUERY PLAN {select}")) for select in said]
    searches = [step[-1] for plan in plans for step in plan if "list_rows" in step[-1]]
    assert len(searches) >= 8
    assert all("USING COVERING INDEX" in search and "sorted_by" in search for search in searches)


def test_a_row_that_comes_meanwhile_shifts_no_other(kept: ListFile, tmp_path: Path) -> None:
    """Two hundred rows by pages, and as many new ones between them."""
    old = [row(number, SCHOOLS[number % 12], Place(f"1 2026-{number % 40:02}", "near miss")) for number in range(200)]
    kept.put(1, old)
    wanted = Wanted(schools=None)
    with closing(sqlite3.connect(tmp_path / "a_list.sqlite")) as connection:
        seen: list[str] = []
        after, position = None, 1
        while True:
            page = spots(connection, wanted, after, 17)
            seen += [spot.incident for spot in page.found]
            position += 1
            new = [
                row(1000 * position + number, "100001", Place(f"1 2026-{number % 40:02}", "near miss"))
                for number in range(20)
            ]
            kept.put(position, new)
            if page.next is None or position > 40:
                break
            after = page.next
    assert len(seen) == len(set(seen))
    assert {each[0] for each in old} <= set(seen)


@pytest.mark.parametrize("after", ["x", "n", "nMSAy", "n!!!!", "né", "p" + "A" * 9, "xMSAyMDI2CjEwMDAwMQ"])
def test_an_invented_place_is_refused(kept: ListFile, tmp_path: Path, after: str) -> None:
    """It never fails in another way."""
    with closing(sqlite3.connect(tmp_path / "a_list.sqlite")) as connection, pytest.raises(NoSuchPlace):
        spots(connection, Wanted(schools=None), after, 25)
