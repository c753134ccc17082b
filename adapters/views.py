"""The lists that people read, kept up from the log: a page a transaction, each list in a file of its own.

A list can be deleted at any time: it is built again from the log. Its rows are sealed like the events they come
from, so that destroying an incident's key erases it here as well.
"""

import json
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

from eventsourcing.persistence import IntegrityError

from adapters.event_log import EventLog
from adapters.kept_lists import FORMER, LOG, List, Place, V, bits_of, drop_list, list_path, open_list
from adapters.keys import FetchedKeys, KeyRing, open_document
from adapters.list_filters import CLOSED, DeskFilter, LogFilter, Wanted, desk_key
from adapters.list_pages import Page, spots
from domain.events import Recorded
from domain.events.school import SchoolFact
from domain.incident import Incident, evolve, replay
from projections.breach_log import LogEntry, log_entry
from projections.desk import DeskEntry, DeskRow, desk_entry
from projections.open_clocks import OpenClock

PAGE = 1000
WRITTEN_AT_ONCE = 1000
"""Incidents. Those that the next page touches again are written once, not once a page."""

KEPT_IN_MEMORY = 2000
SHOWN = 25
"""Rows of a page of a list."""

Progress = Callable[[int, int], None]
DeskPage: TypeAlias = Page[DeskRow]
LogPage: TypeAlias = Page[LogEntry]


def _on_the_desk(row: DeskEntry) -> Place:
    clock = row.clock
    return Place(
        sorted_by=desk_key(clock.reported_at, row.next_due_at, closed=row.closed),
        finding=str(row.finding),
        step=str(clock.step or ""),
        asked=bits_of(row.who),
        clock_runs=clock.deadline is not None,
    )


BREACH_LOG = List(
    "breach_log",
    LogEntry,
    lambda _, logged: logged,
    lambda row: Place(sorted_by=row.reported_at.isoformat(), finding=str(row.finding)),
)
DESK = List("desk", DeskEntry, desk_entry, _on_the_desk)
LISTS: tuple[List[Any], ...] = (BREACH_LOG, DESK)


class Views:
    """Every list, brought to the head of the log by one reading of it."""

    def __init__(self, folder: Path, log: EventLog, keys: KeyRing) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.log, self.keys = folder, log, keys
        self._open()

    def _open(self) -> None:
        for name in FORMER:
            drop_list(self.folder, name)
        self.files = {each.name: open_list(self.folder, each.name) for each in LISTS}
        self._incidents: OrderedDict[str, Incident] = OrderedDict()

    def close(self) -> None:
        """Lets go of the files."""
        for file in self.files.values():
            file.datastore.close()

    def position(self) -> int:
        """The position that every list has reached."""
        return min(file.max_tracking_id(LOG) or 0 for file in self.files.values())

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
            drop_list(self.folder, each.name)
        self._open()
        return self.catch_up(progress)

    def breach_log(self, schools: Iterable[str] | None = None) -> Iterator[LogEntry]:
        """The breach log, oldest first: of these schools, or of all."""
        return self._rows(BREACH_LOG, schools)

    def open_clocks(self, schools: Iterable[str] | None = None) -> Iterator[OpenClock]:
        """The open incidents, those whose clock runs first and the next deadline first: of these schools, or of all."""
        chosen = None if schools is None else list(schools)
        for runs in (True, False):
            for row in self._rows(DESK, chosen, f"clock_runs = {runs} AND sorted_by < '{CLOSED}'"):
                yield row.clock

    def desk(
        self,
        schools: frozenset[str] | None,
        filters: DeskFilter = DeskFilter(),  # noqa: B008 - frozen
        after: str | None = None,
        limit: int = SHOWN,
    ) -> DeskPage:
        """A page of the desk of somebody who sees these schools, or every school: what is due next comes first.

        `after` is a page's `next` or `previous`; raises `NoSuchPlace` for any other text.
        """
        page = self._page(DESK, filters.wanted(schools), after, limit)
        return Page(tuple(row.row() for row in page.rows), page.next, page.previous)

    def log_page(
        self,
        schools: frozenset[str] | None,
        filters: LogFilter = LogFilter(),  # noqa: B008 - frozen
        after: str | None = None,
        limit: int = SHOWN,
    ) -> LogPage:
        """A page of the breach log of somebody who sees these schools, or every school: the newest report first.

        `after` is a page's `next` or `previous`; raises `NoSuchPlace` for any other text.
        """
        return self._page(BREACH_LOG, filters.wanted(schools), after, limit)

    def counts(self) -> tuple[int, int]:
        """How many incidents are open, and in how many of them the clock runs."""
        with closing(sqlite3.connect(list_path(self.folder, DESK.name))) as connection:
            select = "SELECT count(*), count(*) FILTER (WHERE clock_runs) FROM list_rows WHERE sorted_by < ?"
            open_incidents, running_clocks = connection.execute(select, (CLOSED,)).fetchone()
            return open_incidents, running_clocks

    def _write(self, position: int, touched: Mapping[str, Incident]) -> None:
        keys = self.keys.fetch(touched)
        logged = {ref: log_entry(incident) for ref, incident in touched.items()}
        for each in LISTS:
            file = self.files[each.name]
            if (file.max_tracking_id(LOG) or 0) >= position:
                continue
            made = ((incident, each.made_from(incident, logged[ref])) for ref, incident in touched.items())
            rows = [each.stored(keys, incident.ref, incident.school, row) for incident, row in made]
            try:
                file.put(position, rows)
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

    def _rows(self, each: List[V], schools: Iterable[str] | None, where: str = "TRUE") -> Iterator[V]:
        chosen = None if schools is None else json.dumps([*schools])
        of_schools = "" if chosen is None else " AND school IN (SELECT value FROM json_each(?))"
        with closing(sqlite3.connect(list_path(self.folder, each.name))) as connection:
            cursor = connection.execute(
                f"SELECT incident, sealed, document FROM list_rows WHERE {where}{of_schools}"  # noqa: S608
                " ORDER BY sorted_by, incident",
                () if chosen is None else (chosen,),
            )
            while page := cursor.fetchmany(200):
                keys = self.keys.fetch(ref for ref, _, _ in page)
                for ref, sealed, document in page:
                    yield self._read(each, keys, ref, sealed, document)

    def _page(self, each: List[V], wanted: Wanted, after: str | None, limit: int) -> Page[V]:
        with closing(sqlite3.connect(list_path(self.folder, each.name), isolation_level=None)) as connection:
            connection.execute("BEGIN")  # so that what was found is still there when it is read
            page = spots(connection, wanted, after, limit)
            refs = [spot.incident for spot in page.found]
            select = (
                "SELECT incident, sealed, document FROM list_rows WHERE incident IN (SELECT value FROM json_each(?))"
            )
            rows = {ref: row for ref, *row in connection.execute(select, (json.dumps(refs),))}
        keys = self.keys.fetch(refs)
        return Page(tuple(self._read(each, keys, ref, *rows[ref]) for ref in refs), page.next, page.previous)

    def _read(self, each: List[V], keys: FetchedKeys, ref: str, sealed: int, document: bytes) -> V:
        opened = open_document(keys, ref, each.name.encode(), document) if sealed else document
        if opened is not None:
            return each.row.model_validate_json(opened)
        incident = replay(self.log.history(ref))
        assert incident is not None, "a row stands for an incident of the log"
        return each.made_from(incident, log_entry(incident))
