"""A kept list is a file: its rows, sealed, beside what they are found by and the position at which they stand."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

from eventsourcing.persistence import Tracking
from eventsourcing.sqlite import SQLiteConnection, SQLiteConnectionPool, SQLiteDatastore, SQLiteTrackingRecorder

from adapters.first_start import alone_in
from adapters.keys import Keys, seal_document
from domain.incident import Incident
from domain.quantities import Value
from domain.roles import Role
from projections.breach_log import LogEntry

SHAPE = 2
"""Raised with every change of the columns, of what stands in them, or of what a row holds.

A file of another shape is thrown away when it is opened, and made anew from the log. The order of `Role` counts too.
"""

FORMER = ("open_clocks",)
"""Lists of earlier versions, whose files are thrown away too."""

LOG = "events"
V = TypeVar("V", bound=Value)
Row: TypeAlias = tuple[str, str, str, str, str, int, int, int, bytes]


@dataclass(frozen=True, slots=True)
class Place:
    """What a row is found by, none of it personal. `sorted_by` is compared as text; `asked` has a bit a role."""

    sorted_by: str
    finding: str
    step: str = ""
    asked: int = 0
    clock_runs: bool = False


@dataclass(frozen=True)
class List(Generic[V]):
    """A list: its name, what a row is, what it is made from, and where it stands."""

    name: str
    row: type[V]
    made_from: Callable[[Incident, LogEntry], V]
    placed: Callable[[V], Place]

    def stored(self, keys: Keys, incident: str, school: str, row: V) -> Row:
        """The row as it is stored: sealed, unless the key was destroyed, when nothing personal is left in it."""
        document = row.model_dump_json().encode()
        sealed = keys.opening(incident) is not None
        if sealed:
            document = seal_document(keys, incident, self.name.encode(), document)
        sorted_by, finding, step, asked, clock_runs = astuple(self.placed(row))
        return incident, school, sorted_by, finding, step, asked, clock_runs, sealed, document


class ListFile(SQLiteTrackingRecorder):
    """One list's rows beside the position at which they stand, moved in one transaction."""

    def construct_create_table_statements(self) -> list[str]:
        """The tracking table of the library, the rows, and every column that is filtered by in every index.

        So a scan that a filter makes longer reads index pages alone, and never a row that is not shown.
        """
        return [
            *super().construct_create_table_statements(),
            """CREATE TABLE IF NOT EXISTS list_rows (incident TEXT PRIMARY KEY, school TEXT NOT NULL,
            sorted_by TEXT NOT NULL, finding TEXT NOT NULL, step TEXT NOT NULL, asked INTEGER NOT NULL,
            clock_runs INTEGER NOT NULL, sealed INTEGER NOT NULL, document BLOB NOT NULL) WITHOUT ROWID""",
            """CREATE INDEX IF NOT EXISTS list_rows_in_order
            ON list_rows (sorted_by, incident, school, finding, step, asked, clock_runs)""",
            """CREATE INDEX IF NOT EXISTS list_rows_of_school
            ON list_rows (school, sorted_by, incident, finding, step, asked, clock_runs)""",
            """CREATE INDEX IF NOT EXISTS list_rows_of_kind
            ON list_rows (finding, step, sorted_by, incident, school, asked, clock_runs)""",
        ]

    def put(self, position: int, rows: Sequence[Row]) -> None:
        """Writes a page's rows; refuses, and changes nothing, when another process is already past the position."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, Tracking(LOG, position))
            cursor.executemany("INSERT OR REPLACE INTO list_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


class QuickPool(SQLiteConnectionPool):
    """A power cut may cost the last page: its rows and its position together, so it is read again."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = NORMAL")
        return connection


def open_list(folder: Path, name: str) -> ListFile:
    """The file of a list, made where there is none of today's shape."""
    path = list_path(folder, name)
    datastore = SQLiteDatastore(str(path), single_row_tracking=True)
    datastore.pool = QuickPool(db_name=str(path))
    file = ListFile(datastore)
    with alone_in(folder):
        if path.exists() and _shape(path) != SHAPE:
            drop_list(folder, name)
        file.create_table()
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA user_version = {SHAPE}")
    return file


def list_path(folder: Path, name: str) -> Path:
    """Where the list of that name is kept."""
    return folder / f"{name}.sqlite"


def drop_list(folder: Path, name: str) -> None:
    """Throws a list away; it is made again from the log."""
    for path in folder.glob(f"{name}.sqlite*"):
        path.unlink(missing_ok=True)


def bits_of(roles: Iterable[Role]) -> int:
    """Roles as the bits of a number."""
    return sum(1 << number for number, role in enumerate(Role) if role in {*roles})


def _shape(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        [shape] = connection.execute("PRAGMA user_version").fetchone()
        return int(shape)
