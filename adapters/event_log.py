"""The event log: appends what happened, reads it back in order, and proves that nothing was altered or removed."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import sleep
from typing import TypeVar

from eventsourcing.persistence import IntegrityError, InterfaceError, OperationalError, StoredEvent

from adapters.fact_mapper import UPCASTERS, FactMapper, Upcasters, incident_of, stream_of
from adapters.faults import VersionGap
from adapters.hash_chain import ChainedRecorder
from adapters.keys import KeyRing
from adapters.log_memory import MemoryRecorder
from adapters.log_postgres import open_postgres
from adapters.log_sqlite import open_sqlite
from adapters.log_verification import Progress, Verdict, verify
from domain.errors import Refused, SomeoneElseActed
from domain.events import Recorded
from domain.school_record import record_of

__all__ = ["EventLog", "Verdict"]

Answer = TypeVar("Answer")
_set = object.__setattr__  # past the model's own, which is frozen
SCHOOLS_OWN = record_of("")
"""How the stream of a school's own record ends."""
EVERY_SCHOOL = ("", "a")
"""A school's number has no small letters."""

PAUSES = (0.05, 0.2, 0.5)
"""Seconds between the attempts when the database is locked or out of reach."""


class NoLog(Refused):
    """There is no event log in that folder."""


class EventLog:
    """One log for all schools; each incident is a stream of its own in it."""

    def __init__(
        self,
        recorder: ChainedRecorder,
        keys: KeyRing,
        close: Callable[[], None] = lambda: None,
        upcasters: Upcasters = UPCASTERS,
    ) -> None:
        self._recorder = recorder
        self._keys = keys
        self._upcasters = upcasters
        self._close = close

    @classmethod
    def open(cls, place: Path | str | None, keys: KeyRing, upcasters: Upcasters = UPCASTERS) -> "EventLog":
        """A file's log, that of a PostgreSQL address, or one in memory."""
        if place is None:
            return cls(MemoryRecorder(), keys, upcasters=upcasters)
        recorder, factory = open_sqlite(place) if isinstance(place, Path) else open_postgres(place)
        return cls(recorder, keys, factory.close, upcasters)

    def close(self) -> None:
        """Lets go of the database. The key ring is whoever opened it's to close."""
        self._close()

    @classmethod
    def prove(cls, place: Path | str, progress: Progress | None = None, against: str | None = None) -> Verdict:
        """The proof alone, for an auditor who has the log and no key; makes nothing."""
        if isinstance(place, Path) and not place.is_file():
            raise NoLog
        recorder, factory = open_sqlite(place) if isinstance(place, Path) else open_postgres(place)
        try:
            return verify(recorder, progress, against)
        finally:
            factory.close()

    def append(self, events: Sequence[Recorded]) -> tuple[Recorded, ...]:
        """
        All of them or none, in one transaction; they come back with their positions.
        When the same command already recorded them, they come back as they were recorded then.
        """
        if not events:
            return ()
        mapper = FactMapper(self._keys.prepare(_incidents(events)), self._upcasters)
        stored = [mapper.to_stored_event(event) for event in events]
        try:
            positions = _patiently(lambda: self._recorder.insert_events(stored)) or ()
        except IntegrityError as conflict:
            return self._recorded_before(events, conflict)
        return tuple([_at(position, event) for position, event in zip(positions, events, strict=True)])

    def history(self, incident: str) -> tuple[Recorded, ...]:
        """Everything that happened to an incident, in order; nothing where there is no such incident."""
        return tuple(self._events(_patiently(lambda: self._recorder.history(stream_of(incident)))))

    def read(self, after: int, limit: int) -> list[Recorded]:
        """The events that follow a position. An event that is not there yet is never followed by one that is."""
        return self._events(_patiently(lambda: self._recorder.page(after, limit)))

    def head(self) -> int:
        """The last position, 0 while the log is empty."""
        return _patiently(self._recorder.head).position

    def code(self) -> str:
        """The head of the chain as people keep it outside; `verify` proves that it is right."""
        return _patiently(self._recorder.head).code

    def incidents(self, school: str | None = None) -> list[str]:
        """The references of all incidents, or of one school's."""
        start, stop = EVERY_SCHOOL if school is None else (f"{school}/", f"{school}0")  # "0" follows "/"
        found = [incident_of(stream) for stream in _patiently(lambda: self._recorder.streams(start, stop))]
        return [ref for ref in found if not ref.endswith(SCHOOLS_OWN)]

    def verify(self, progress: Progress | None = None, against: str | None = None) -> Verdict:
        """The proof that the log is whole, and that it still has what a code kept outside says."""
        return verify(self._recorder, progress, against)

    def _events(self, rows: Sequence[StoredEvent]) -> list[Recorded]:
        keys = self._keys.fetch({incident_of(row.originator_id) for row in rows})
        mapper = FactMapper(keys, self._upcasters)
        return [mapper.to_domain_event(row) for row in rows]

    def _recorded_before(self, events: Sequence[Recorded], conflict: IntegrityError) -> tuple[Recorded, ...]:
        """A commit whose acknowledgement was lost is ours, and no act of someone else's."""
        if len({(event.incident, event.version) for event in events}) < len(events):
            raise VersionGap("A batch gives one version of an incident twice") from conflict
        there = {(event.incident, event.version): event for i in _incidents(events) for event in self.history(i)}
        before = tuple(there[place] for event in events if (place := (event.incident, event.version)) in there)
        if [(event.command_id, event.fact.kind) for event in before] != [(e.command_id, e.fact.kind) for e in events]:
            raise SomeoneElseActed from conflict
        return before


def _at(position: int, event: Recorded) -> Recorded:
    """A `model_copy`, which by its own way would take a tenth of a batch's time."""
    copy = Recorded.__new__(Recorded)
    _set(copy, "__dict__", event.__dict__ | {"position": position})
    _set(copy, "__pydantic_fields_set__", event.__pydantic_fields_set__)
    _set(copy, "__pydantic_extra__", None)
    _set(copy, "__pydantic_private__", None)
    return copy


def _incidents(events: Iterable[Recorded]) -> set[str]:
    return {event.incident for event in events}


def _patiently(work: Callable[[], Answer]) -> Answer:
    """Safe for an append as well: one that was stored after all meets itself and is recognised by its command."""
    for pause in PAUSES:
        try:
            return work()
        except (InterfaceError, OperationalError):
            sleep(pause)
    return work()
