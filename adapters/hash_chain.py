"""The chain that makes tampering visible: each event is sealed together with the seal of the one before it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from struct import Struct
from typing import Any, NamedTuple, Protocol, TypeAlias

from eventsourcing.persistence import Notification, StoredEvent

GENESIS = bytes(32)
"""The seal before the first event."""

_frame: Callable[[bytes, int, int, int, int], bytes] = Struct(">32sqqII").pack

SealedRow: TypeAlias = tuple[int, bytes, int, bytes, bytes, bytes]
"""Position, stream, version, topic, state and seal, as they are read back to be verified."""

Row: TypeAlias = tuple[int, str, int, str, bytes, bytes]
"""The same, as it is written."""


class Head(NamedTuple):
    """Where the log ends: the position of its last event and that event's seal."""

    position: int
    seal: bytes

    @property
    def code(self) -> str:
        """The head as people write it down: the position, and enough of the seal."""
        return f"{self.position}-{self.seal.hex()[:16]}"


EMPTY = Head(0, GENESIS)


def next_seal(previous: bytes, position: int, stream: bytes, version: int, topic: bytes, state: bytes) -> bytes:
    """A frame of fixed length gives the lengths of what follows, so no two events share one encoding."""
    return sha256(_frame(previous, position, version, len(stream), len(topic)) + stream + topic + state).digest()


def sealed(head: Head, events: Iterable[StoredEvent]) -> Iterator[Row]:
    """The rows that these events add after the head."""
    position, seal = head
    for event in events:
        position += 1
        stream, version, topic, state = str(event.originator_id), event.originator_version, event.topic, event.state
        seal = next_seal(seal, position, stream.encode(), version, topic.encode(), state)
        yield position, stream, version, topic, state, seal


class ChainedRecorder(Protocol):
    """What the event log asks of each of its three stores."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append in one transaction, sealed, and give the positions; IntegrityError where a version is taken."""
        ...

    def page(self, after: int, limit: int) -> Sequence[Notification]:
        """The events that follow a position."""
        ...

    def history(self, stream: str) -> Sequence[Notification]:
        """The events of one stream, in order."""
        ...

    def streams(self, start: str, stop: str) -> Sequence[str]:
        """The streams from `start` to just before `stop`, in order."""
        ...

    def head(self) -> Head:
        """Where the log ends."""
        ...

    def sealed_page(self, after: int | None, limit: int) -> Sequence[SealedRow]:
        """The rows that follow a position, seals and all; from the very first, however it is numbered, after None."""
        ...
