"""The event log in one SQLite file: sealed in the transaction that appends, append-only and without gaps by trigger."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from eventsourcing.persistence import DatabaseError, IntegrityError, Notification, OperationalError, StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteDatastore,
    SQLiteFactory,
)
from eventsourcing.utils import Environment, EnvType

from adapters.faults import VersionGap
from adapters.first_start import alone_in
from adapters.hash_chain import EMPTY, Head, SealedRow, sealed

WAIT_SECONDS = 5.0
FIRST, LAST = -(2**63), 2**63 - 1
GAP = "an event's version must follow the last of its stream"
TABLE = """
    CREATE TABLE stored_events (
        notification_id INTEGER PRIMARY KEY,
        originator_id TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        seal BLOB NOT NULL,
        UNIQUE (originator_id, originator_version)
    )
"""
APPEND_ONLY = """
    CREATE TRIGGER no_{verb} BEFORE {verb} ON stored_events
    BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
"""
IN_TURN = """
    CREATE TRIGGER in_turn BEFORE INSERT ON stored_events
    WHEN NEW.originator_version IS NOT 1 + IFNULL({last_version}, 0)
        OR NEW.notification_id IS NOT 1 + IFNULL({last_position}, 0)
    BEGIN
        SELECT RAISE(ABORT, '{gap}') WHERE NEW.originator_version > 1 + IFNULL({last_version}, 0);
        SELECT RAISE(ABORT, 'that version or position is taken');
    END
"""
LAST_POSITION = "(SELECT notification_id FROM stored_events ORDER BY notification_id DESC LIMIT 1)"
LAST_VERSION = """
    (SELECT originator_version FROM stored_events WHERE originator_id = NEW.originator_id
    ORDER BY originator_version DESC LIMIT 1)
"""
INSERT = "INSERT INTO stored_events VALUES (?, ?, ?, ?, ?, ?)"
HEAD = "SELECT notification_id, seal FROM stored_events ORDER BY notification_id DESC LIMIT 1"
PRESENT = "SELECT 1 FROM sqlite_master WHERE name = 'stored_events'"
SELECT = "SELECT notification_id, originator_id, originator_version, topic, state FROM stored_events WHERE {where}"
STREAMS = """
    SELECT originator_id FROM stored_events
    WHERE originator_version = 1 AND originator_id >= ? AND originator_id < ? ORDER BY originator_id
"""
SEALED_PAGE = """
    SELECT notification_id, CAST(originator_id AS BLOB), originator_version, CAST(topic AS BLOB), state, seal
    FROM stored_events WHERE notification_id >= ? ORDER BY notification_id LIMIT ?
"""


class DurablePool(SQLiteConnectionPool):
    """The library's connections remember one statement, so they prepare each anew: a fifth of an append's time."""

    def _create_connection(self) -> SQLiteConnection:
        database = sqlite3.connect(self.db_name, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")  # some builds of SQLite wait less for the disk unless told
        database.execute("PRAGMA recursive_triggers = ON")  # else INSERT OR REPLACE deletes without any trigger
        database.row_factory = sqlite3.Row
        return SQLiteConnection(database, self.max_age)


class SQLiteRecorder(SQLiteApplicationRecorder):
    """The library's table with two columns more: the position, which is then no bare rowid, and the seal."""

    def __init__(self, datastore: SQLiteDatastore, events_table_name: str = "stored_events") -> None:
        super().__init__(datastore, events_table_name)
        self._one_writer = Lock()
        self._writer = datastore.pool.get_connection(is_writer=True).cursor().sqlite_cursor.connection

    def construct_create_table_statements(self) -> list[str]:
        """In place of the library's table, which numbers its rows implicitly and has no seals."""
        frozen = [APPEND_ONLY.format(verb=verb) for verb in ("UPDATE", "DELETE")]
        gap = GAP.replace("'", "''")
        in_turn = IN_TURN.format(gap=gap, last_version=LAST_VERSION, last_position=LAST_POSITION)
        return [TABLE, *frozen, in_turn]

    def create_table(self) -> None:
        """Once: a trigger that is missing later was taken away, and making it anew would hide that."""
        with self._writing() as database:
            if not database.execute(PRESENT).fetchone():
                for statement in self.create_table_statements:
                    database.execute(statement)

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int]:
        """The write lock comes before the head is read, so the head cannot move in between."""
        with self._writing() as database:
            head = _head(database)
            database.executemany(INSERT, sealed(head, stored_events))
        return range(head.position + 1, head.position + len(stored_events) + 1)

    def page(self, after: int, limit: int) -> Sequence[Notification]:
        """Positions have no gaps and become visible in their order, so none is ever passed over."""
        return self.select_notifications(after, limit, inclusive_of_start=False)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The library's own asks for a column named rowid, which no longer bears that name."""
        where = "notification_id > ? AND notification_id <= ?"
        after = 0 if start is None else start - inclusive_of_start
        if topics:
            where += f" AND topic IN ({', '.join('?' * len(topics))})"
        until = LAST if stop is None else stop
        return self._notifications(f"{where} ORDER BY notification_id LIMIT ?", after, until, *topics, limit)

    def history(self, stream: str) -> Sequence[Notification]:
        """One query, positions and all."""
        return self._notifications("originator_id = ? ORDER BY originator_version", stream)

    def streams(self, start: str, stop: str) -> Sequence[str]:
        """A scan of a range of the index: every stream has exactly one first version."""
        with self._reading() as cursor:
            return [stream for (stream,) in cursor.execute(STREAMS, (start, stop))]

    def head(self) -> Head:
        """The last row of the table."""
        with self._reading() as cursor:
            return _head(cursor)

    def sealed_page(self, after: int | None, limit: int) -> Sequence[SealedRow]:
        """Texts as bytes, so that a row that holds no valid UTF-8 is a finding and not an error."""
        with self._reading() as cursor:
            return cursor.execute(SEALED_PAGE, (FIRST if after is None else after + 1, limit)).fetchall()

    def _notifications(self, where: str, *values: int | str) -> list[Notification]:
        with self._reading() as cursor:
            return [
                Notification(id=position, originator_id=stream, originator_version=version, topic=topic, state=state)
                for position, stream, version, topic, state in cursor.execute(SELECT.format(where=where), values)
            ]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Cursor]:
        try:
            with self.datastore.get_connection(commit=False) as connection, connection.cursor() as cursor:
                cursor.row_factory = None
                yield cursor
        except sqlite3.Error as error:
            raise _translated(error) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """IMMEDIATE: SQLite refuses at once, without waiting, to turn a reader into a writer behind another one."""
        try:
            with self._one_writer, self._writer:
                self._writer.execute("BEGIN IMMEDIATE")
                yield self._writer
        except sqlite3.Error as error:
            raise _translated(error) from error


class SQLiteLogFactory(SQLiteFactory):
    """The library's factory with the durable pool and the sealing recorder."""

    application_recorder_class = SQLiteRecorder

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        self.datastore.pool = DurablePool(db_name=self.datastore.pool.db_name)


def open_sqlite(path: Path) -> tuple[SQLiteRecorder, SQLiteLogFactory]:
    """The recorder of a file, which the first start makes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    settings = {
        "SQLITE_DBNAME": str(path.absolute()),
        "ORIGINATOR_ID_TYPE": "text",
        "CREATE_TABLE": "yes",
    }
    with alone_in(path.parent):
        factory = SQLiteLogFactory(Environment("tocsin", settings))
        recorder = factory.application_recorder()
    assert isinstance(recorder, SQLiteRecorder)
    return recorder, factory


def _head(database: sqlite3.Connection | sqlite3.Cursor) -> Head:
    row = database.execute(HEAD).fetchone()
    return Head(*row) if row else EMPTY


def _translated(error: sqlite3.Error) -> Exception:
    """SQLite's errors in the library's words, which are the same for every store."""
    if isinstance(error, sqlite3.IntegrityError):
        return VersionGap() if GAP in str(error) else IntegrityError(str(error))
    return OperationalError(str(error)) if isinstance(error, sqlite3.OperationalError) else DatabaseError(str(error))
