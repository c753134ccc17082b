"""Appending: events through the sealed log beside the same bytes through the bare driver, as safe from a power cut."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import psycopg
from psycopg.rows import tuple_row
from rich.progress import Progress

from adapters.event_log import EventLog
from adapters.keys import KeyRing
from benchmarks.histories import cases
from benchmarks.measuring import Figure, in_turn, timed
from benchmarks.sizes import Sizes
from domain.events import Recorded

Row: TypeAlias = tuple[Any, ...]

SQLITE_TABLE = """
    CREATE TABLE bare (
        notification_id INTEGER PRIMARY KEY, originator_id TEXT NOT NULL, originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL, state BLOB NOT NULL, seal BLOB NOT NULL, UNIQUE (originator_id, originator_version)
    )
"""
POSTGRES_TABLE = """
    CREATE TABLE bare (
        notification_id bigint NOT NULL UNIQUE, originator_id text COLLATE "C" NOT NULL,
        originator_version bigint NOT NULL, topic text NOT NULL, state bytea NOT NULL, seal bytea NOT NULL,
        PRIMARY KEY (originator_id, originator_version)
    )
"""
COLUMNS = "notification_id, originator_id, originator_version, topic, state, seal"
SINGLE = "{driver}: the same rows into the same columns and keys, no triggers, one transaction each, {durable}"
BATCH = "{driver}: the same rows into the same columns and keys, no triggers, one executemany a transaction, {durable}"


@dataclass(frozen=True)
class Store:
    """A database in both hands: the log's, and the bare driver's."""

    name: str
    driver: str
    durable: str
    log: EventLog
    rows_after: Callable[[int], Sequence[Row]]
    insert_one: Callable[[Row], object]
    insert_many: Callable[[Sequence[Row]], object]


def sqlite_appends(progress: Progress, sizes: Sizes) -> list[Figure]:
    """Both figures on SQLite."""
    with _sqlite() as store:
        return [_single(progress, sizes, store, 0.5), _batch(progress, sizes, store, 0.25)]


def postgres_appends(progress: Progress, sizes: Sizes, address: str) -> list[Figure]:
    """Both figures on PostgreSQL, for which no goal is set."""
    with _postgres(address) as store:
        return [_single(progress, sizes, store, None), _batch(progress, sizes, store, None)]


def _single(progress: Progress, sizes: Sizes, store: Store, goal: float | None) -> Figure:
    name, events, rows = f"append_single_{store.name}", cases(f"{store.name}-single"), list[Row]()

    def ours() -> float:
        chosen = list(islice(events, sizes.appends))
        rate = timed(len(chosen), lambda: [store.log.append([event]) for event in chosen])
        _take(rows, store, len(chosen))
        return rate

    def floor() -> float:
        return timed(len(rows), lambda: [store.insert_one(row) for row in rows])

    turns = in_turn(progress, name, sizes.append_rounds, ours, floor)
    sentence = SINGLE.format(driver=store.driver, durable=store.durable)
    return Figure(name, "events", sentence, goal, sizes.appends * sizes.append_rounds, turns, _notes(rows))


def _batch(progress: Progress, sizes: Sizes, store: Store, goal: float | None) -> Figure:
    name, events, rows = f"append_batch_{store.name}", cases(f"{store.name}-batch"), list[Row]()
    count = sizes.batches * sizes.batch

    def ours() -> float:
        chosen = [list(islice(events, sizes.batch)) for _ in range(sizes.batches)]
        rate = timed(count, lambda: [store.log.append(batch) for batch in chosen])
        _take(rows, store, count)
        return rate

    def floor() -> float:
        batches = [rows[start : start + sizes.batch] for start in range(0, count, sizes.batch)]
        return timed(count, lambda: [store.insert_many(batch) for batch in batches])

    turns = in_turn(progress, name, sizes.append_rounds, ours, floor)
    sentence = BATCH.format(driver=store.driver, durable=store.durable)
    return Figure(name, "events", sentence, goal, count * sizes.append_rounds, turns, _notes(rows))


def _take(rows: list[Row], store: Store, count: int) -> None:
    """The bytes that the log has just written are what the floor writes next."""
    rows[:] = store.rows_after(store.log.head() - count)
    assert len(rows) == count


def _notes(rows: Sequence[Row]) -> dict[str, str | int | float | bool]:
    return {
        "bytes_per_event": round(sum(len(row[4]) for row in rows) / len(rows)),
        "events_per_incident": len(_a_case()),
        "key_ring": "SQLite, synchronous = FULL; a new incident's key is one more transaction there, counted as ours",
    }


def _a_case() -> list[Recorded]:
    first, *others = islice(cases(), 1_000)
    return [first, *(event for event in others if event.incident == first.incident)]


@contextmanager
def _sqlite() -> Iterator[Store]:
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder, _log(Path(folder)) as log:
        place = Path(folder) / "bare.sqlite"
        with closing(sqlite3.connect(place, isolation_level=None)) as bare, _reader(Path(folder)) as reader:
            for setting in ("journal_mode = WAL", "synchronous = FULL"):
                bare.execute(f"PRAGMA {setting}")
            bare.execute(SQLITE_TABLE)
            insert = "INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?)"
            select = f"SELECT {COLUMNS} FROM stored_events WHERE notification_id > ? ORDER BY 1"

            def many(rows: Sequence[Row]) -> None:
                bare.execute("BEGIN IMMEDIATE")
                with bare:
                    bare.executemany(insert, rows)

            yield Store(
                name="sqlite",
                driver="sqlite3",
                durable="WAL, synchronous = FULL",
                log=log,
                rows_after=lambda position: reader.execute(select, (position,)).fetchall(),
                insert_one=lambda row: bare.execute(insert, row),
                insert_many=many,
            )


@contextmanager
def _log(folder: Path, place: str | None = None) -> Iterator[EventLog]:
    with ExitStack() as stack:
        keys = stack.enter_context(closing(KeyRing.open(folder / "keys.sqlite", bytes(32))))
        yield stack.enter_context(closing(EventLog.open(place or folder / "events.sqlite", keys)))


@contextmanager
def _reader(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / "events.sqlite")) as reader:
        yield reader


@contextmanager
def _postgres(address: str) -> Iterator[Store]:
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder,
        _log(Path(folder), address) as log,
        psycopg.connect(address, autocommit=True) as bare,
        bare.cursor(row_factory=tuple_row) as cursor,
    ):
        cursor.execute(POSTGRES_TABLE)
        insert = "INSERT INTO bare VALUES (%b, %b, %b, %b, %b, %b)"
        table = cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'seal'")
        (events,) = {name for (name,) in table} - {"bare"}
        select = f"SELECT {COLUMNS} FROM {events} WHERE notification_id > %s ORDER BY 1"

        def many(rows: Sequence[Row]) -> None:
            with bare.transaction():
                cursor.executemany(insert, rows)

        yield Store(
            name="postgres",
            driver="psycopg",
            durable="synchronous_commit = on",
            log=log,
            rows_after=lambda position: _in_binary(bare, select, position),
            insert_one=lambda row: cursor.execute(insert, row, prepare=True),
            insert_many=many,
        )


def _in_binary(bare: psycopg.Connection[Any], select: str, position: int) -> list[Row]:
    """Read in binary, so that a bytea comes back as the bytes that went in."""
    with bare.cursor(row_factory=tuple_row, binary=True) as cursor:
        return cursor.execute(select.encode(), (position,)).fetchall()
