"""What the clock of Art. 33(1) shows of one incident: whether it runs, until when, and if not, why not."""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.events.notify import NotificationDecided
from domain.incident import Incident
from domain.phases import Breach, NoBreach
from domain.quantities import Instant, Value
from domain.roles import Role
from projections.words import plural


class ClockState(StrEnum):
    """Where the clock stands. It is `missed` while it still runs after its end: a report is owed and late."""

    NOT_BEGUN = "not begun"
    RUNNING = "running"
    MISSED = "missed"
    REPORTED = "reported"
    DECIDED_NOT = "decided not to notify"
    NO_BREACH = "no breach"
    CLOSED = "closed"


class ClockFace(Value):
    """The clock at one moment. `stopped_at` is when the report was sent, or the decision not to notify recorded."""

    state: ClockState
    first_signal_at: Instant | None
    aware_at: Instant | None
    deadline: Instant | None
    stopped_at: Instant | None = None
    stopped_by: Role | None = None
    late: bool = False
    near_miss: bool = False

    @property
    def runs(self) -> bool:
        """Whether the question of the 72 hours is still open."""
        return self.state in (ClockState.RUNNING, ClockState.MISSED)


def clock_face(incident: Incident, now: datetime) -> ClockFace:
    """The clock of that incident at that moment."""
    breach = incident.breach
    known = {
        "first_signal_at": incident.first_signal_at,
        "aware_at": breach.aware_at if breach else None,
        "deadline": breach.deadline if breach else None,
    }
    if breach is not None:
        return ClockFace.model_validate({**known, **_of_a_breach(incident, breach, now)})
    if isinstance(incident.phase, NoBreach):
        return ClockFace(state=ClockState.NO_BREACH, near_miss=incident.phase.near_miss, **known)
    return ClockFace(state=ClockState.NOT_BEGUN, **known)


def _of_a_breach(incident: Incident, breach: Breach, now: datetime) -> dict[str, object]:
    if incident.clock_runs:
        return {"state": ClockState.RUNNING if now <= breach.deadline else ClockState.MISSED}
    if breach.reported:
        return {
            "state": ClockState.REPORTED,
            "stopped_at": breach.standing_reports[0].submitted_at,
            "late": breach.late,
        }
    decided = incident.latest.get(NotificationDecided)
    if decided is None or incident.decided_to_notify is not False:
        return {"state": ClockState.CLOSED}
    return {"state": ClockState.DECIDED_NOT, "stopped_at": decided.recorded_at, "stopped_by": decided.actor.role}


def time_left(until: datetime, now: datetime) -> str:
    """How long is left, or how long ago it passed, in whole minutes: the words that the page's script keeps up."""
    length = in_minutes(until - now)
    return f"{length} left" if until >= now else f"passed {length} ago"


def in_minutes(length: timedelta) -> str:
    """A length in hours and whole minutes, its sign left out: 12 hours 3 minutes; 0 minutes."""
    hours, minutes = divmod(abs(length) // timedelta(minutes=1), 60)
    return " ".join(filter(None, (plural(hours, "hour"), plural(minutes, "minute")))) or "0 minutes"
