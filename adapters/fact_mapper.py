"""The stored form of an event: readable JSON under the fact's own name, with every personal text sealed."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, Notification, StoredEvent, Transcoder
from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from adapters.faults import EventUnreadable, SchoolAndIncidentDisagree
from adapters.keys import FetchedKeys
from domain.events import Recorded

Document: TypeAlias = dict[str, Any]

Upcasters: TypeAlias = Mapping[tuple[str, int], Callable[[Document], Document]]
"""By kind and the version they start from: each takes an event's document one version on."""


def _without_controller(document: Document) -> Document:
    """Version 1 named the controller beside the hash; since version 2 the whole document is kept."""
    if paper := document["fact"].get("document"):
        paper.pop("controller", None)
    return document


UPCASTERS: Upcasters = {("notification.report_submitted", 1): _without_controller}

COLUMNS = {"position", "incident", "version"}
"""What the columns say, and the document therefore does not repeat."""

_RECORDED = TypeAdapter(Recorded)
_to_json: Callable[..., bytes] = _RECORDED.serializer.to_json
_to_event: Callable[..., Recorded] = _RECORDED.validator.validate_python


def stream_of(incident: str) -> str:
    """`URN/XXXXXXXX` for `URN-XXXXXXXX`, so that a school's incidents are one range."""
    return incident.replace("-", "/", 1)


def incident_of(stream: object) -> str:
    """The reference people use."""
    return str(stream).replace("/", "-", 1)


class _NoTranscoder(Transcoder):
    """Nothing is left to it: the mapper writes JSON and reads it."""

    def encode(self, obj: Any) -> bytes:
        raise NotImplementedError

    def decode(self, data: bytes) -> Any:
        raise NotImplementedError


class FactMapper(Mapper[str]):
    """One batch's or page's events to rows and back. It takes no compressor and no cipher from anywhere."""

    def __init__(self, keys: FetchedKeys, upcasters: Upcasters = UPCASTERS) -> None:
        super().__init__(_NoTranscoder())
        self._keys = keys
        self._upcasters = upcasters

    def to_stored_event(self, domain_event: DomainEventProtocol[str] | Recorded) -> StoredEvent:
        """The topic is the fact's kind and never a Python path, which code could not leave again."""
        assert isinstance(domain_event, Recorded)
        incident, version, kind = domain_event.incident, domain_event.version, domain_event.fact.kind
        stream = stream_of(incident)
        if not stream.startswith(domain_event.school + "/"):
            raise SchoolAndIncidentDisagree
        context = {"seal": self._keys.seal_for(incident, version)}
        try:
            document = _to_json(domain_event, context=context, exclude=COLUMNS)
        except PydanticSerializationError:
            self._keys.sealing(incident)  # refuses by its own name, which pydantic has hidden
            raise
        return StoredEvent(stream, version, kind, b'{"schema":%d,%b' % (self._schema(kind), document[1:]))

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded:  # type: ignore[override]
        """Reads any version there ever was. Unlike the library's events ours do not repeat the stream they are in."""
        incident, version = incident_of(stored_event.originator_id), stored_event.originator_version
        position = stored_event.id if isinstance(stored_event, Notification) else 0
        try:
            document = self._upcast(stored_event.topic, json.loads(stored_event.state))
            document |= {"position": position, "incident": incident, "version": version}
            return _to_event(document, context={"seal": self._keys.seal_for(incident, version)})
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise EventUnreadable(f"Event {position}, a {stored_event.topic} of {incident}, cannot be read") from error

    def _schema(self, kind: str) -> int:
        version = 1
        while (kind, version) in self._upcasters:
            version += 1
        return version

    def _upcast(self, kind: str, document: Document) -> Document:
        version = document.pop("schema")
        if version > self._schema(kind):
            raise EventUnreadable(f"A {kind} was written by a newer Tocsin than this one; start that one instead")
        while step := self._upcasters.get((kind, version)):
            document, version = step(document), version + 1
        return document
