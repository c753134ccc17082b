"""The event log in memory: the same chain and the same refusals, for tests and drills."""

from collections.abc import Sequence
from itertools import islice, zip_longest
from typing import Any

from eventsourcing.persistence import Notification, StoredEvent
from eventsourcing.popo import POPOApplicationRecorder

from adapters.faults import VersionGap
from adapters.hash_chain import EMPTY, Head, SealedRow, sealed


class MemoryRecorder(POPOApplicationRecorder):
    """Keeps the seals beside the events."""

    def __init__(self) -> None:
        super().__init__()
        self._seals: list[bytes] = []

    def _assert_uniqueness(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        super()._assert_uniqueness(stored_events, **kwargs)
        last: dict[str, int] = {}
        for event in stored_events:
            stream = str(event.originator_id)
            version = last.get(stream, len(self._stored_events_index[stream])) + 1
            if event.originator_version != version:
                raise VersionGap
            last[stream] = version

    def _update_table(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        self._seals += [seal for *_, seal in sealed(self.head(), stored_events)]
        return super()._update_table(stored_events, **kwargs)

    def page(self, after: int, limit: int) -> Sequence[Notification]:
        """Positions are the places in a list."""
        return self.select_notifications(after, limit, inclusive_of_start=False)

    def history(self, stream: str) -> Sequence[Notification]:
        """By the index of versions."""
        with self._database_lock:
            places = sorted(self._stored_events_index.get(stream, {}).items())
            return [self._notification(index) for _version, index in places]

    def _notification(self, index: int) -> Notification:
        event = self._stored_events[index]
        return Notification(
            id=index + 1,
            originator_id=event.originator_id,
            originator_version=event.originator_version,
            topic=event.topic,
            state=event.state,
        )

    def streams(self, start: str, stop: str) -> Sequence[str]:
        """Those that have an event: the index also holds what was only asked for."""
        with self._database_lock:
            return sorted(
                stream for stream, index in self._stored_events_index.items() if index and start <= stream < stop
            )

    def head(self) -> Head:
        """The last seal and its place."""
        with self._database_lock:
            return Head(len(self._seals), self._seals[-1]) if self._seals else EMPTY

    def sealed_page(self, after: int | None, limit: int) -> Sequence[SealedRow]:
        """An event without a seal, or a seal without an event, makes a row that cannot fit."""
        start = after or 0
        with self._database_lock:
            pairs = islice(zip_longest(self._stored_events, self._seals, fillvalue=None), start, start + limit)
            return [_row(position, event, seal) for position, (event, seal) in enumerate(pairs, start + 1)]


def _row(position: int, event: StoredEvent | None, seal: bytes | None) -> SealedRow:
    if event is None:
        return position, b"", 0, b"", b"", seal or b""
    stream, topic = str(event.originator_id).encode(), event.topic.encode()
    return position, stream, event.originator_version, topic, event.state, seal or b""
