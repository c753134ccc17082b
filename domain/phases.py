"""The phases of an incident, as types: what cannot be, such as a report on an unconfirmed breach, cannot be said."""

from dataclasses import dataclass
from datetime import datetime

from domain.deadlines import notification_deadline
from domain.events.notify import Phase, RegulatorReportSubmitted
from domain.personal import Text


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Reported, and not yet known whether personal data were compromised."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A personal data breach of which the controller is aware: only here can there be a clock and a report."""

    aware_at: datetime
    reports: tuple[RegulatorReportSubmitted, ...] = ()

    @property
    def deadline(self) -> datetime:
        """When the 72 hours end (Art. 33(1))."""
        return notification_deadline(self.aware_at)

    @property
    def reported(self) -> bool:
        """Whether a report stands with the regulator."""
        return bool(self.reports) and self.reports[-1].phase != "withdrawn"

    def next_phase(self, *, complete: bool) -> Phase:
        """Which phase a report sent now is: the first is initial, a later one follows up or completes."""
        if not self.reported:
            return "initial"
        return "completed" if complete else "follow_up"

    @property
    def standing_reports(self) -> tuple[RegulatorReportSubmitted, ...]:
        """The reports since the last withdrawal."""
        withdrawn = [number for number, report in enumerate(self.reports, 1) if report.phase == "withdrawn"]
        return self.reports[max(withdrawn, default=0) :]

    @property
    def late(self) -> bool:
        """Whether the first report that stands came after the deadline, as the clock is known now."""
        return bool(self.standing_reports) and self.standing_reports[0].submitted_at > self.deadline

    @property
    def reasons_for_delay(self) -> Text | None:
        """The reasons that were given for a late report, with it or after it."""
        return next((report.reasons_for_delay for report in self.standing_reports if report.reasons_for_delay), None)

    @property
    def report_complete(self) -> bool:
        """Whether the report that stands leaves nothing open (Art. 33(4))."""
        return self.reported and self.reports[-1].complete


@dataclass(frozen=True, slots=True)
class NoBreach:
    """A near miss, or found not to be a breach."""

    near_miss: bool


Situation = Suspicion | Breach | NoBreach
