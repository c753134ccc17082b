"""A postbox in memory, which can be out of reach."""

from datetime import datetime

from domain.escalation import Alarm
from domain.incident import Incident
from domain.school import School


class Postbox:
    """Keeps what was delivered, once for each incident, alarm and due time, as the real ones do."""

    def __init__(self) -> None:
        self.sent: dict[tuple[str, str, datetime], datetime] = {}
        self.calls = 0
        self.failures: list[Exception] = []

    def deliver(self, alarm: Alarm, incident: Incident, school: School, now: datetime) -> None:
        """Delivers, unless it was told to fail first."""
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        self.sent.setdefault((incident.ref, alarm.name, alarm.due_at), now)

    def delivered(self, alarm: Alarm, incident: Incident) -> bool:
        """Whether it was."""
        return (incident.ref, alarm.name, alarm.due_at) in self.sent

    @property
    def names(self) -> list[str]:
        """The alarms delivered, in order."""
        return [name for _, name, _ in self.sent]
