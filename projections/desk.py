"""What is open at the schools that somebody serves: the next clock first, what is asked for next, and of whom."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from domain.incident import Incident
from domain.obligations import progress
from domain.quantities import Instant, Value
from domain.roles import Role
from domain.steps import Progress, Step
from projections.breach_log import Finding, LogEntry, log_entry
from projections.open_clocks import NextAct, OpenClock, open_clock

ACTS_SHOWN = 3
HEADLINE = 80
"""Characters."""

CLOSING = "close_incident"
"""Asked for until the end, and refused while anything else is: of whom it is asked says nothing before that."""

When = Literal["overdue", "today", "later", "undated", "closed"]


class DeskRow(Value):
    """One incident on the desk, open or closed.

    `deadline` is set while the 72 hours run. `next_due_at` is that deadline while it runs, and else the earliest date
    of an act; `due_act` is what is due then. `acts` are the first few, `other_acts` the number of the rest, and `who`
    the roles that any of them asks.
    """

    ref: str
    school: str
    finding: Finding
    status: str
    step: Step | None
    steps: dict[Step, Progress]
    reported_at: Instant
    aware_at: Instant | None
    deadline: Instant | None
    missed: bool
    next_due_at: Instant | None
    due_act: NextAct | None
    acts: tuple[NextAct, ...]
    other_acts: int
    who: tuple[Role, ...]
    awaiting_acknowledgement: tuple[str, ...]
    headline: str
    closed: bool


class DeskEntry(Value):
    """What is kept of an incident for the desk: everything that is asked for, of which a row shows the beginning."""

    finding: Finding
    status: str
    headline: str
    closed: bool
    clock: OpenClock

    @property
    def next_due_at(self) -> datetime | None:
        """The deadline while it runs, else the earliest date of an act."""
        dates = (act.due_at for act in self.clock.acts if act.due_at is not None)
        return self.clock.deadline or min(dates, default=None)

    @property
    def who(self) -> tuple[Role, ...]:
        """The roles of which anything is asked; the closing counts once it alone is left."""
        acts = [act for act in self.clock.acts if act.command != CLOSING] or self.clock.acts
        asked = {role for act in acts for role in act.who}
        return tuple(role for role in Role if role in asked)

    def row(self) -> DeskRow:
        """The incident as the desk shows it."""
        due_at = self.next_due_at
        due = (act for act in self.clock.acts if act.due_at == due_at)
        return DeskRow.model_validate(
            {
                **dict(self.clock),
                "finding": self.finding,
                "status": self.status,
                "headline": self.headline,
                "closed": self.closed,
                "acts": self.clock.acts[:ACTS_SHOWN],
                "other_acts": max(len(self.clock.acts) - ACTS_SHOWN, 0),
                "who": self.who,
                "next_due_at": due_at,
                "due_act": next(due, None) if due_at else None,
            }
        )


def desk_entry(incident: Incident, logged: LogEntry) -> DeskEntry:
    """What is kept of an incident, given its row of the breach log."""
    return DeskEntry(
        finding=logged.finding,
        status=logged.status,
        headline=headline(logged.what_happened or ""),
        closed=incident.closed,
        clock=open_clock(incident) or _at_rest(incident, logged),
    )


def desk_row(incident: Incident) -> DeskRow:
    """The row of one incident, open or closed."""
    return desk_entry(incident, log_entry(incident)).row()


def headline(text: str) -> str:
    """The beginning of a text in one line, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= HEADLINE:
        return line
    begun, _, cut = line[:HEADLINE].rpartition(" ")
    return f"{(begun or cut).rstrip(' ,;:–-')}…"


def when_due(row: DeskRow, now: datetime, zone: ZoneInfo) -> When:
    """Where the row belongs: before the end of today in that zone, after it, or nowhere in particular."""
    if row.closed:
        return "closed"
    if row.next_due_at is None:
        return "undated"
    if row.next_due_at < now:
        return "overdue"
    return "today" if row.next_due_at < end_of_day(now, zone) else "later"


def end_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """The midnight that ends the day of that moment in that zone, in UTC."""
    tomorrow: date = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, zone).astimezone(UTC)


def _at_rest(incident: Incident, logged: LogEntry) -> OpenClock:
    """A closed incident: nothing is asked for, and no clock runs."""
    return OpenClock(
        ref=incident.ref,
        school=incident.school,
        reported_at=incident.reported_at,
        aware_at=logged.aware_at,
        deadline=None,
        missed=False,
        step=None,
        steps=progress(incident),
        acts=(),
        awaiting_acknowledgement=(),
    )
