"""Nothing that was recorded can be changed unnoticed: the database refuses it, and the chain shows it."""

from collections.abc import Callable
from typing import Any

import pytest

from adapters.event_log import EventLog
from adapters.hash_chain import GENESIS, next_seal
from adapters.log_verification import CodeMalformed
from tests.adapters.facts import HERE, THERE, noted
from tests.adapters.log_stores import COLUMNS, DatabaseStore, MemoryStore, Row, SQLiteStore, Store

REFUSED = "append-only|is taken|must follow|NOT NULL|not-null"
UPSERT = " ON CONFLICT (originator_id, originator_version) DO UPDATE SET topic = 'forged'"


@pytest.fixture
def ten(log: EventLog) -> EventLog:
    """A log of ten events of two incidents."""
    log.append([noted((HERE, THERE)[n % 2], n // 2 + 1) for n in range(10)])
    return log


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET topic = 'other'",
        "UPDATE {table} SET topic = 'other' WHERE notification_id = 1",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE notification_id = 2",
    ],
)
def test_database_refuses_to_change_what_is_stored(database: DatabaseStore, statement: str) -> None:
    """Whoever opens the database with another program and changes or removes events is refused by the database."""
    database.open().append([noted(HERE, 1), noted(HERE, 2)])
    before = database.rows()
    with pytest.raises(Exception, match="append-only"):
        database.execute(statement.format(table=database.table))
    assert database.rows() == before


def test_postgres_refuses_to_empty_the_table(database: DatabaseStore) -> None:
    """TRUNCATE, which passes by the triggers of rows, is refused as well; SQLite has no such statement."""
    database.open().append([noted(HERE)])
    with pytest.raises(Exception, match="append-only" if database.name == "postgres" else "syntax"):
        database.execute(f"TRUNCATE {database.table}")
    assert len(database.rows()) == 1


@pytest.mark.parametrize(
    "values",
    [
        "(1, '100001/ABCDEFGH', 1, 'forged', '{}', 'forged')",
        "(1, '100001/FFFFFFFF', 1, 'forged', '{}', 'forged')",
        "(3, '100001/ABCDEFGH', 1, 'forged', '{}', 'forged')",
        "(3, '100001/ABCDEFGH', 4, 'forged', '{}', 'forged')",
        "(7, '100001/ABCDEFGH', 3, 'forged', '{}', 'forged')",
        "(-1, '100001/FFFFFFFF', 1, 'forged', '{}', 'forged')",
        "(3, '100001/ABCDEFGH', 3, 'forged', '{}', NULL)",
        "(NULL, '100001/ABCDEFGH', 3, 'forged', '{}', 'forged')",
    ],
    ids=["same", "position", "version", "version-gap", "position-gap", "before-the-first", "no-seal", "no-position"],
)
@pytest.mark.parametrize(("verb", "suffix"), [("INSERT", ""), ("INSERT OR REPLACE", ""), ("INSERT", UPSERT)])
def test_database_refuses_what_does_not_come_next(database: DatabaseStore, verb: str, values: str, suffix: str) -> None:
    """A row that replaces another, or skips a version or a position, or bears no seal, is refused by the database."""
    database.open().append([noted(HERE, 1), noted(HERE, 2)])
    before = database.rows()
    if database.name == "postgres":
        verb = "INSERT"  # it has no other
    with pytest.raises(Exception, match=REFUSED):
        database.execute(f"{verb} INTO {database.table} ({COLUMNS}) VALUES {values}{suffix}")
    assert database.rows() == before


def edited_state(rows: list[Row]) -> None:
    """Another person is said to have acted."""
    rows[4][4] = rows[4][4].replace(b"lead-1", b"lead-2")


def edited_topic(rows: list[Row]) -> None:
    """Another thing is said to have happened."""
    rows[4][3] = "incident.note_adder"


def edited_stream(rows: list[Row]) -> None:
    """It is said to have happened to another incident."""
    rows[4][1] = "100009/ABCDEFGH"


def edited_version(rows: list[Row]) -> None:
    """It is said to have happened later in its incident."""
    rows[4][2] = 77


def edited_seal(rows: list[Row]) -> None:
    """One bit of a seal is another."""
    rows[4][5] = bytes([rows[4][5][0] ^ 1]) + rows[4][5][1:]


def shortened_seal(rows: list[Row]) -> None:
    """A seal that is only part of itself."""
    rows[4][5] = rows[4][5][:16]


def removed_row(rows: list[Row]) -> None:
    """One event is gone, and the numbers of the others are as before."""
    del rows[4]


def removed_and_closed_up(rows: list[Row]) -> None:
    """One event is gone, and those after it moved up."""
    del rows[4]
    for position, row in enumerate(rows, 1):
        row[0] = position


def swapped_rows(rows: list[Row]) -> None:
    """Two events stand in each other's place."""
    rows[4][0], rows[7][0] = rows[7][0], rows[4][0]


def swapped_with_their_seals(rows: list[Row]) -> None:
    """Two events stand in each other's place, and the seals stayed where they were."""
    rows[4][0], rows[7][0] = rows[7][0], rows[4][0]
    rows[4][5], rows[7][5] = rows[7][5], rows[4][5]


def renumbered_row(rows: list[Row]) -> None:
    """An event is said to have come last."""
    rows[4][0] = 4_000


def added_row(rows: list[Row]) -> None:
    """An event that nobody recorded, with a seal copied from another."""
    for row in rows[4:]:
        row[0] += 1
    rows.append([5, "100001/FFFFFFFF", 1, "incident.note_added", b"{}", rows[4][5]])


def moved_border(rows: list[Row]) -> None:
    """The same bytes, divided otherwise between the topic and the state."""
    rows[4][3], rows[4][4] = rows[4][3] + rows[4][4][:1].decode(), rows[4][4][1:]


MATRIX: list[Callable[[list[Row]], None]] = [
    edited_state,
    edited_topic,
    edited_stream,
    edited_version,
    edited_seal,
    shortened_seal,
    removed_row,
    removed_and_closed_up,
    swapped_rows,
    swapped_with_their_seals,
    renumbered_row,
    added_row,
    moved_border,
]


@pytest.mark.parametrize("tamper", MATRIX)
def test_tampering_is_found_at_its_position(store: Store, ten: EventLog, tamper: Callable[[list[Row]], None]) -> None:
    """Whatever somebody does to the fifth event who owns the database, the proof fails at the fifth."""
    whole = ten.verify()
    rows = store.rows()
    tamper(rows)
    store.rewrite(rows)
    verdict = ten.verify()
    assert (verdict.whole, verdict.first_bad_position, verdict.events) == (False, 5, 4)
    assert "position 5" in verdict.sentence
    assert ten.verify(against=verdict.code).first_bad_position == 5
    assert ten.verify(against=whole.code).first_bad_position == 5


def test_whole_log_says_so(ten: EventLog) -> None:
    """A log that nobody touched is whole, with a code to keep, and is later proven against that code."""
    verdict = ten.verify()
    assert (verdict.whole, verdict.events, verdict.first_bad_position) == (True, 10, None)
    assert verdict.sentence.startswith("The log is whole: 10 events")
    ten.append([noted(HERE, 6)])
    assert ten.verify(against=verdict.code).whole
    assert ten.verify(against=f"  {verdict.code.upper()}\n").events == 11


def test_empty_log_is_whole(log: EventLog) -> None:
    """A log without events is whole, and even its code holds for ever after."""
    verdict = log.verify()
    assert (verdict.whole, verdict.events, verdict.code) == (True, 0, "0-0000000000000000")
    log.append([noted(HERE)])
    assert log.verify(against=verdict.code).whole


def test_verifying_tells_how_far_it_is(ten: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page after page, whoever waits is told how many events are proven, of how many."""
    monkeypatch.setattr("adapters.log_verification.PAGE", 4)
    told: list[tuple[int, int]] = []
    assert ten.verify(progress=lambda proven, total: told.append((proven, total))).events == 10
    assert told == [(4, 10), (8, 10), (10, 10)]


@pytest.mark.parametrize("left", [9, 3, 0])
def test_removed_end_is_found_by_the_code(store: Store, ten: EventLog, left: int) -> None:
    """A log cut short is whole in itself; the code that was kept outside shows where it was cut."""
    code = ten.verify().code
    store.rewrite(store.rows()[:left])
    assert ten.verify().whole
    verdict = ten.verify(against=code)
    assert (verdict.whole, verdict.first_bad_position, verdict.events) == (False, left + 1, left)
    assert "removed from the end" in verdict.sentence


def test_log_sealed_anew_is_found_by_the_code(store: Store, ten: EventLog) -> None:
    """Who changes an event and makes every later seal anew is found by any code that was kept since."""
    early, late = _code_at(store.rows(), 3), ten.verify().code
    rows = store.rows()
    edited_state(rows)
    store.rewrite(_sealed_anew(rows))
    assert ten.verify().whole
    assert ten.verify(against=early).whole
    verdict = ten.verify(against=late)
    assert (verdict.whole, verdict.first_bad_position) == (False, 10)
    assert "written anew" in verdict.sentence
    ten.append([noted(HERE, 6)])
    assert ten.verify(against=late).first_bad_position == 10


def test_restored_log_is_continued_where_it_ends(store: Store, ten: EventLog) -> None:
    """When another log of the same length is restored under a running program, its chain is the one that goes on."""
    rows = store.rows()
    edited_state(rows)
    store.rewrite(_sealed_anew(rows))
    ten.append([noted(HERE, 6)])
    assert ten.verify().events == 11


def _code_at(rows: list[Row], position: int) -> str:
    return f"{position}-{rows[position - 1][5].hex()[:16]}"


def _sealed_anew(rows: list[Row]) -> list[Row]:
    seal = GENESIS
    for row in rows:
        position, stream, version, topic, state, _ = row
        row[5] = seal = next_seal(seal, position, stream.encode(), version, topic.encode(), state)
    return rows


@pytest.mark.parametrize(
    "code", ["", "412", "412-", "412-9f3a", "412-zzzzzzzzzzzzzzzz", "-1-9f3a77c1d0b24e5a", "x" * 99]
)
def test_malformed_code_is_refused(log: EventLog, code: str) -> None:
    """What is no code at all is refused with a sentence, rather than found not to fit."""
    with pytest.raises(CodeMalformed, match="412-9f3a77c1d0b24e5a"):
        log.verify(against=code)


def test_row_before_the_first_is_found(database: DatabaseStore) -> None:
    """An event that was slipped in below position 1, where no page would begin, is found as well."""
    log = database.open()
    log.append([noted(HERE)])
    rows = database.rows()
    database.rewrite([[-5, "100001/FFFFFFFF", 1, "incident.note_added", b"{}", bytes(32)], *rows])
    assert (log.verify().whole, log.verify().first_bad_position) == (False, -5)


def test_renumbered_last_event_is_found(database: DatabaseStore) -> None:
    """An event that was moved away from the end, with nothing behind it to show the hole, is found as well."""
    log = database.open()
    log.append([noted(HERE, 1), noted(HERE, 2)])
    rows = database.rows()
    rows[1][0] = 4_000
    database.rewrite(rows)
    assert (log.verify().whole, log.verify().first_bad_position) == (False, 2)


@pytest.mark.parametrize(
    ("column", "value"), [("state", "'text'"), ("seal", "'text'"), ("state", "7"), ("topic", "CAST(x'ff' AS TEXT)")]
)
def test_value_of_another_type_is_found(directory: Any, column: str, value: str) -> None:
    """SQLite keeps any type of value in any column; one that was never written is a finding and not a crash."""
    store = SQLiteStore(directory)
    log = store.open()
    log.append([noted(HERE, 1), noted(HERE, 2)])
    store.unguarded((f"UPDATE stored_events SET {column} = {value} WHERE notification_id = 2", []))
    assert (log.verify().whole, log.verify().first_bad_position) == (False, 2)
    store.close()


@pytest.mark.parametrize("more", ["events", "seals"])
def test_events_and_seals_are_of_one_number(directory: Any, more: str) -> None:
    """In memory seals stand beside events; one too many of either is found (in a database one row holds both)."""
    store = MemoryStore(directory)
    log = store.open()
    log.append([noted(HERE, 1), noted(HERE, 2)])
    if more == "events":
        store.recorder._seals.pop()
    else:
        store.recorder._seals.append(bytes(32))
    assert (log.verify().whole, log.verify().first_bad_position) == (False, 2 if more == "events" else 3)
    store.close()


def test_no_two_events_share_one_encoding() -> None:
    """Changing a letter, or moving it from one sealed field into the next, gives another seal."""
    seals = {
        next_seal(GENESIS, 1, b"ab", 1, b"c", b"d"),
        next_seal(GENESIS, 1, b"a", 1, b"bc", b"d"),
        next_seal(GENESIS, 1, b"a", 1, b"b", b"cd"),
        next_seal(GENESIS, 1, b"", 1, b"", b"abcd"),
        next_seal(GENESIS, 1, b"ab", 1, b"x", b"d"),
        next_seal(GENESIS, 11, b"ab", 1, b"c", b"d"),
        next_seal(GENESIS, 1, b"ab", 11, b"c", b"d"),
        next_seal(bytes(31) + b"1", 1, b"ab", 1, b"c", b"d"),
    }
    assert len(seals) == 8
