"""The lists that people read, kept up from the log: a page a transaction, each list in a file of its own.

A list can be deleted at any time: it is built again from the log. Its rows are sealed like the events they come
from, so that destroying an incident's key erases it here as well.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from eventsourcing.persistence import IntegrityError, Tracking
from eventsourcing.sqlite import SQLiteConnection, SQLiteConnectionPool, SQLiteDatastore, SQLiteTrackingRecorder

from adapters.event_log import EventLog
from adapters.first_start import alone_in
from adapters.keys import FetchedKeys, KeyRing, open_document, seal_document
from domain.events import Recorded
from domain.events.school import SchoolFact
from domain.incident import Incident, evolve, replay
from domain.quantities import Value
from projections.breach_log import LogEntry, log_entry
from projections.open_clocks import OpenClock, open_clock

PAGE = 1000
WRITTEN_AT_ONCE = 1000
"""Incidents. Those that the next page touches again are written once, not once a page."""

KEPT_IN_MEMORY = 2000
LOG = "events"
Progress = Callable[[int, int], None]
V = TypeVar("V", bound=Value)


@dataclass(frozen=True)
class List(Generic[V]):
    """A list: its name, what a row is, what it is made from, and what it is sorted by (ascending, as text)."""

    name: str
    row: type[V]
    made_from: Callable[[Incident], V | None]
    sorted_by: Callable[[V], str]


NO_CLOCK = "9999"
"""Sorts behind every deadline."""

BREACH_LOG = List("breach_log", LogEntry, log_entry, lambda row: row.reported_at.isoformat())
OPEN_CLOCKS = List(
    "open_clocks", OpenClock, open_clock, lambda row: row.deadline.isoformat() if row.deadline else NO_CLOCK
)
LISTS: tuple[List[LogEntry] | List[OpenClock], ...] = (BREACH_LOG, OPEN_CLOCKS)


class ListFile(SQLiteTrackingRecorder):
    """One list's rows beside the position at which they stand, moved in one transaction."""

    def construct_create_table_statements(self) -> list[str]:
        """The tracking table of the library, and the rows."""
        return [
            *super().construct_create_table_statements(),
            """CREATE TABLE IF NOT EXISTS list_rows (incident TEXT PRIMARY KEY, school TEXT NOT NULL,
            sorted_by TEXT NOT NULL, sealed INTEGER NOT NULL, document BLOB NOT NULL) WITHOUT ROWID""",
            "CREATE INDEX IF NOT EXISTS list_rows_in_order ON list_rows (sorted_by, incident)",
            "CREATE INDEX IF NOT EXISTS list_rows_of_school ON list_rows (school, sorted_by, incident)",
        ]

    def put(self, position: int, rows: Sequence[tuple[str, str, str, int, bytes]], gone: Sequence[str]) -> None:
        """Writes a page's rows; refuses, and changes nothing, when another process is already past the position."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, Tracking(LOG, position))
            cursor.executemany("INSERT OR REPLACE INTO list_rows VALUES (?, ?, ?, ?, ?)", rows)
            cursor.executemany("DELETE FROM list_rows WHERE incident = ?", [(ref,) for ref in gone])


class Views:
    """Every list, brought to the head of the log by one reading of it."""

    def __init__(self, folder: Path, log: EventLog, keys: KeyRing) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.log, self.keys = folder, log, keys
        self._open()

    def _open(self) -> None:
        self._files = {each.name: _list_file(self.folder / f"{each.name}.sqlite") for each in LISTS}
        self._incidents: OrderedDict[str, Incident] = OrderedDict()

    def close(self) -> None:
        """Lets go of the files."""
        for file in self._files.values():
            file.datastore.close()

    def position(self) -> int:
        """The position that every list has reached."""
        return min(file.max_tracking_id(LOG) or 0 for file in self._files.values())

    def catch_up(self, progress: Progress | None = None) -> int:
        """Brings every list to the head of the log; the number of events read."""
        position, read = self.position(), 0
        end = self.log.head() if progress else 0
        touched: dict[str, Incident] = {}
        while page := self.log.read(position, PAGE):
            of_incidents = (event for event in page if not isinstance(event.fact, SchoolFact))
            touched |= {event.incident: self._evolved(event) for event in of_incidents}
            position = page[-1].position
            read += len(page)
            if len(page) < PAGE or len(touched) >= WRITTEN_AT_ONCE:
                self._write(position, touched)
                touched = {}
            if progress:
                progress(min(position, end), end)
        if touched:
            self._write(position, touched)
        return read

    def rebuild(self, progress: Progress | None = None) -> int:
        """Drops every list and builds it again from the log; the number of events read."""
        self.close()
        for each in LISTS:
            for path in self.folder.glob(f"{each.name}.sqlite*"):
                path.unlink(missing_ok=True)
        self._open()
        return self.catch_up(progress)

    def breach_log(self, schools: Iterable[str] | None = None) -> Iterator[LogEntry]:
        """The breach log, oldest first: of these schools, or of all."""
        return self._rows(BREACH_LOG, schools)

    def open_clocks(self, schools: Iterable[str] | None = None) -> Iterator[OpenClock]:
        """The open incidents, the next deadline first: of these schools, or of all."""
        return self._rows(OPEN_CLOCKS, schools)

    def counts(self) -> tuple[int, int]:
        """How many incidents are open, and in how many of them the clock runs."""
        with closing(sqlite3.connect(self.folder / f"{OPEN_CLOCKS.name}.sqlite")) as connection:
            select = "SELECT count(*), count(*) FILTER (WHERE sorted_by < ?) FROM list_rows"
            open_incidents, running_clocks = connection.execute(select, (NO_CLOCK,)).fetchone()
            return open_incidents, running_clocks

    def _write(self, position: int, touched: Mapping[str, Incident]) -> None:
        keys = self.keys.fetch(touched)
        for each in LISTS:
            rows, gone = [], []
            for ref, incident in touched.items():
                row = each.made_from(incident)
                if row is None:
                    gone.append(ref)
                else:
                    sort: Callable[[Value], str] = each.sorted_by  # type: ignore[assignment]
                    rows.append((ref, incident.school, sort(row), *_sealed(keys, each.name, ref, row)))
            try:
                self._files[each.name].put(position, rows, gone)
            except IntegrityError:
                continue

    def _evolved(self, event: Recorded) -> Incident:
        """The incident with this event; read from the log when memory does not hold what came before."""
        before = self._incidents.pop(event.incident, None)
        if (before is None and event.version > 1) or (before is not None and event.version > before.version + 1):
            before = replay(self.log.history(event.incident))
        after = evolve(before, event) if before is None or event.version > before.version else before
        self._incidents[event.incident] = after
        if len(self._incidents) > KEPT_IN_MEMORY:
            self._incidents.popitem(last=False)
        return after

    def _rows(self, each: List[V], schools: Iterable[str] | None) -> Iterator[V]:
        chosen = None if schools is None else list(schools)
        places = "" if chosen is None else f" WHERE school IN ({','.join('?' * len(chosen))})"
        with closing(sqlite3.connect(self.folder / f"{each.name}.sqlite")) as connection:
            cursor = connection.execute(
                f"SELECT incident, sealed, document FROM list_rows{places} ORDER BY sorted_by, incident",  # noqa: S608
                chosen or (),
            )
            while page := cursor.fetchmany(200):
                keys = self.keys.fetch(ref for ref, _, _ in page)
                for ref, sealed, document in page:
                    yield self._read(each, keys, ref, sealed, document)

    def _read(self, each: List[V], keys: FetchedKeys, ref: str, sealed: int, document: bytes) -> V:
        opened = open_document(keys, ref, each.name.encode(), document) if sealed else document
        if opened is not None:
            return each.row.model_validate_json(opened)
        incident = replay(self.log.history(ref))
        row = each.made_from(incident) if incident else None
        assert row is not None, "a row stands for an incident of the log"
        return row


class QuickPool(SQLiteConnectionPool):
    """A power cut may cost the last page: its rows and its position together, so it is read again."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = NORMAL")
        return connection


def _list_file(path: Path) -> ListFile:
    datastore = SQLiteDatastore(str(path), single_row_tracking=True)
    datastore.pool = QuickPool(db_name=str(path))
    file = ListFile(datastore)
    with alone_in(path.parent):
        file.create_table()
    return file


def _sealed(keys: FetchedKeys, name: str, ref: str, row: Value) -> tuple[int, bytes]:
    """The row as it is stored: sealed, unless the key was destroyed, when nothing personal is left in it."""
    document = row.model_dump_json().encode()
    if keys.opening(ref) is None:
        return 0, document
    return 1, seal_document(keys, ref, name.encode(), document)
