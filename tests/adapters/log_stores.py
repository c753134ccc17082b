"""The three places an event log can be in, each with a way to do to it what Tocsin never does."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import psycopg
from eventsourcing.persistence import StoredEvent
from psycopg import sql

from adapters.event_log import EventLog
from adapters.first_start import SETTING_UP, alone_in
from adapters.keys import KeyRing
from adapters.log_memory import MemoryRecorder

Row: TypeAlias = list[Any]
"""Position, stream, version, topic, state and seal."""

MASTER = bytes(range(32))
COLUMNS = "notification_id, originator_id, originator_version, topic, state, seal"


class Store(ABC):
    """A log, its keys, and a tamperer's way in."""

    name: ClassVar[str]

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.keys = KeyRing.open(directory / "keys.sqlite", MASTER)
        self._opened: list[EventLog] = []

    def open(self) -> EventLog:
        """The log; the same events every time."""
        log = self._open()
        self._opened.append(log)
        return log

    def close(self) -> None:
        """Leaves nothing open."""
        for log in self._opened:
            log.close()
        self.keys.close()

    @abstractmethod
    def _open(self) -> EventLog: ...

    @abstractmethod
    def rows(self) -> list[Row]:
        """What is stored, in the order of positions."""

    @abstractmethod
    def rewrite(self, rows: Sequence[Row]) -> None:
        """Puts these rows in the place of all that is stored, as somebody could who owns the database."""

    @abstractmethod
    def everything(self) -> bytes:
        """Every byte that is stored."""


class MemoryStore(Store):
    """A log of this process."""

    name = "memory"

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.recorder = MemoryRecorder()

    def _open(self) -> EventLog:
        return EventLog(self.recorder, self.keys)

    def rows(self) -> list[Row]:
        """What is stored, in the order of positions."""
        return [
            [position, stream.decode(), version, topic.decode(), state, seal]
            for position, stream, version, topic, state, seal in self.recorder.sealed_page(None, 10**6)
        ]

    def rewrite(self, rows: Sequence[Row]) -> None:
        """Its positions are the places in a list, and so the numbers only say the order."""
        in_order = sorted(rows, key=lambda row: int(row[0]))
        self.recorder._stored_events[:] = [StoredEvent(*row[1:5]) for row in in_order]
        self.recorder._seals[:] = [row[5] for row in in_order]

    def everything(self) -> bytes:
        """Every byte that is stored."""
        return repr(self.rows()).encode()


class DatabaseStore(Store):
    """A log in a database, which the tamperer reaches without Tocsin."""

    place: Path | str
    table: ClassVar[str]
    mark: ClassVar[str]

    def _open(self) -> EventLog:
        return EventLog.open(self.place, self.keys)

    def rows(self) -> list[Row]:
        """What is stored, in the order of positions."""
        return [list(row) for row in self.execute(f"SELECT {COLUMNS} FROM {self.table} ORDER BY notification_id")]

    def rewrite(self, rows: Sequence[Row]) -> None:
        """Row by row, without the triggers."""
        self.unguarded((f"DELETE FROM {self.table}", []), *((self.insert(), row) for row in rows))

    def insert(self) -> str:
        """The statement that puts in one row."""
        return f"INSERT INTO {self.table} ({COLUMNS}) VALUES ({', '.join([self.mark] * 6)})"

    @abstractmethod
    def setting_up(self) -> AbstractContextManager[Any]:
        """Another program that is in the middle of its first start."""

    @abstractmethod
    def connect(self) -> Any:
        """A stranger's connection, which the stranger closes."""

    def execute(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """One statement of a stranger's."""
        with closing(self.connect()) as connection, connection:
            cursor = connection.execute(statement, values or ())
            return list(cursor.fetchall()) if cursor.description else []

    @abstractmethod
    def unguarded(self, *statements: tuple[str, Row]) -> None:
        """Statements of somebody who first takes the triggers away."""


class SQLiteStore(DatabaseStore):
    """A log in a file."""

    name = "sqlite"
    table = "stored_events"
    mark = "?"

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.path = self.place = directory / "events.sqlite"

    def setting_up(self) -> AbstractContextManager[Any]:
        """It holds the lock of the folder."""
        return alone_in(self.directory)

    def connect(self) -> sqlite3.Connection:
        """A stranger's connection."""
        return sqlite3.connect(self.path)

    def unguarded(self, *statements: tuple[str, Row]) -> None:
        """The triggers come back afterwards."""
        with closing(self.connect()) as database, database:
            triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                database.execute(f"DROP TRIGGER {name}")
            for statement, values in statements:
                database.execute(statement, values)
            for _, definition in triggers:
                database.execute(definition)

    def everything(self) -> bytes:
        """Every byte that is stored."""
        return b"".join(file.read_bytes() for file in sorted(self.directory.iterdir()) if file.is_file())


class PostgresStore(DatabaseStore):
    """A log in a schema of its own."""

    name = "postgres"
    table = "tocsin_events"
    mark = "%s"

    def __init__(self, directory: Path, address: str) -> None:
        super().__init__(directory)
        self.address = self.place = address

    @contextmanager
    def setting_up(self) -> Iterator[None]:
        """It holds the advisory lock."""
        with self.connect() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (SETTING_UP,))
            yield

    def connect(self) -> psycopg.Connection[Any]:
        """A stranger's connection."""
        return psycopg.connect(self.address)

    def unguarded(self, *statements: tuple[str, Row]) -> None:
        """The triggers come back afterwards."""
        table = sql.Identifier(self.table)
        with self.connect() as connection:
            connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
            for statement, values in statements:
                connection.execute(statement, values)
            connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))

    def everything(self) -> bytes:
        """Every byte that is stored."""
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        dumped = [self.execute(f'SELECT t.* FROM "{table}" t') for (table,) in self.execute(tables)]
        return repr(dumped).encode() + b"".join(file.read_bytes() for file in self.directory.iterdir())
