"""What the workflows need from the world."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.escalation import Alarm
from domain.events import Recorded
from domain.incident import Incident
from domain.school import School


class IncidentLog(Protocol):
    """The event log."""

    def history(self, incident: str) -> Sequence[Recorded]:
        """Every event of the incident, in order; none when there is no such incident."""
        ...

    def append(self, events: Sequence[Recorded]) -> Sequence[Recorded]:
        """Stores the events in one transaction; raises `SomeoneElseActed` when a version is taken."""
        ...


class SchoolRegister(Protocol):
    """The schools, their contacts and their policies."""

    def school(self, school: str) -> School:
        """The school of that number; raises `Refused` when there is none."""
        ...


class Undeliverable(Exception):
    """The message cannot be delivered, now or later. The code says why and holds no address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Postbox(Protocol):
    """Delivers a message to a role of a school, at most once for the same incident, alarm and due time."""

    def delivered(self, alarm: Alarm, incident: Incident) -> bool:
        """Whether that message went out, though a crash may have kept the log from saying so."""
        ...

    def deliver(self, alarm: Alarm, incident: Incident, school: School, now: datetime) -> None:
        """Returns once the message is on its way; raises `Undeliverable` when trying again is of no use."""
        ...
