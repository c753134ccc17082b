"""Where wrapped keys are kept: one row an incident, and no key in it once it was destroyed."""

import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from threading import RLock
from typing import Protocol, TypeVar

import psycopg
from psycopg import Cursor, InterfaceError, OperationalError
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from adapters.faults import KeyFileBusy
from adapters.first_start import SETTING_UP, alone_in

Answer = TypeVar("Answer")
TABLE = "CREATE TABLE IF NOT EXISTS incident_keys (incident TEXT PRIMARY KEY, wrapped {blob})"
DESTROY = """
    INSERT INTO incident_keys VALUES ({mark}, NULL) ON CONFLICT (incident) DO UPDATE SET wrapped = NULL
"""
WAIT_SECONDS = 5.0
SETTINGS = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "wal_autocheckpoint = 100")
"""A short journal is soon written over rather than on, and the disk then answers in half the time."""


class KeyTable(Protocol):
    """Wrapped keys by incident; None where the key was destroyed."""

    def find(self, incidents: Collection[str]) -> dict[str, bytes | None]:
        """What is kept for these incidents; one that never had a key is left out."""
        ...

    def add(self, wrapped: Mapping[str, bytes]) -> None:
        """Keep these in one transaction, save where something is kept already."""
        ...

    def destroy(self, incident: str) -> None:
        """Remove the incident's key for ever, and keep any other from being added."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


class SQLiteKeyTable:
    """One file beside the event log, readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path.absolute()
        self._one_at_a_time = RLock()
        with alone_in(path.parent):
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._database = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
            for setting in SETTINGS:
                self._database.execute(f"PRAGMA {setting}")
            self._database.execute(TABLE.format(blob="BLOB") + " WITHOUT ROWID")

    def find(self, incidents: Collection[str]) -> dict[str, bytes | None]:
        """Read without a transaction: a row that changes meanwhile is seen as it then is."""
        select = "SELECT incident, wrapped FROM incident_keys WHERE incident = ?"
        with self._one_at_a_time:
            return dict(row for incident in incidents for row in self._database.execute(select, (incident,)))

    def add(self, wrapped: Mapping[str, bytes]) -> None:
        """One transaction, and so one wait for the disk."""
        with self._writing() as database:
            database.executemany("INSERT OR IGNORE INTO incident_keys VALUES (?, ?)", wrapped.items())

    def destroy(self, incident: str) -> None:
        """The row is overwritten with zeros, and the journal that still holds a copy is emptied."""
        with self._writing() as database:
            database.execute(DESTROY.format(mark="?"), (incident,))
        with closing(sqlite3.connect(self._path, timeout=WAIT_SECONDS)) as apart:  # nobody else here waits meanwhile
            (busy, *_counts) = apart.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise KeyFileBusy

    def close(self) -> None:
        """Waits for whoever is in the middle of something."""
        with self._one_at_a_time:
            self._database.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._one_at_a_time:
            self._database.execute("BEGIN IMMEDIATE")
            with self._database:
                yield self._database


class PostgresKeyTable:
    """A table that several machines share. Every call may be repeated, so a lost connection costs one more try."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            _create(connection)
        self._pool = ConnectionPool(
            url, kwargs={"autocommit": True}, min_size=1, max_size=8, timeout=WAIT_SECONDS, open=True
        )

    def find(self, incidents: Collection[str]) -> dict[str, bytes | None]:
        """One query, however many incidents."""
        select = "SELECT incident, wrapped FROM incident_keys WHERE incident = ANY(%s)"
        return dict(self._twice(lambda cursor: cursor.execute(select, (list(incidents),), prepare=True).fetchall()))

    def add(self, wrapped: Mapping[str, bytes]) -> None:
        """One statement, and so one transaction."""
        insert = """
            INSERT INTO incident_keys SELECT * FROM unnest(%b::text[], %b::bytea[])
            ORDER BY 1 ON CONFLICT (incident) DO NOTHING
        """
        self._twice(lambda cursor: cursor.execute(insert, (list(wrapped), list(wrapped.values()))))

    def destroy(self, incident: str) -> None:
        """The table is written anew, since PostgreSQL keeps a removed row in its file until then."""
        self._twice(lambda cursor: cursor.execute(DESTROY.format(mark="%s"), (incident,)))
        self._twice(lambda cursor: cursor.execute("VACUUM FULL incident_keys"))

    def close(self) -> None:
        """Closes every connection."""
        self._pool.close()

    def _twice(self, work: Callable[[Cursor[TupleRow]], Answer]) -> Answer:
        try:
            with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
                return work(cursor)
        except (InterfaceError, OperationalError):
            self._pool.check()
            with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
                return work(cursor)


def _create(connection: psycopg.Connection[TupleRow]) -> None:
    missing = "SELECT 1 WHERE to_regclass(format('%I.incident_keys', current_schema())) IS NULL"
    if connection.execute(missing).fetchone():
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (SETTING_UP,))
            connection.execute(TABLE.format(blob="BYTEA"))
