"""What the API answers with, for its description. The views say the rest: a log row, a report, a governors' sheet."""

from datetime import datetime
from typing import Any

from pydantic import JsonValue, create_model

from adapters.documents.review_paper import NARRATIVE
from domain.quantities import Instant, Value
from domain.roles import Role
from domain.steps import Progress, Step
from projections.breach_log import LogEntry
from projections.desk import DeskRow
from projections.governors_review import GovernorsReview
from projections.open_clocks import NextAct
from projections.period_review import PeriodReview
from projections.timeline import Entry


class Incidents(Value):
    """Some incidents, what is due next first; `next` leads to more."""

    rows: tuple[DeskRow, ...]
    next: str | None


class Shown(Value):
    """An incident, now or as the log stood at an instant. `version` is its ETag."""

    ref: str
    school: str
    as_at: Instant | None
    version: int
    closed: bool
    aware_at: Instant | None
    deadline: Instant | None
    clock_runs: bool
    steps: dict[Step, Progress]
    outstanding: tuple[NextAct, ...]
    entry: LogEntry
    timeline: tuple[Entry, ...]


class Timeline(Value):
    """Every event of an incident in words, oldest first."""

    ref: str
    version: int
    timeline: tuple[Entry, ...]


class Obligations(Value):
    """What the law and the procedure still ask for, in the order of the steps."""

    ref: str
    version: int
    outstanding: tuple[NextAct, ...]


class RawEvent(Value):
    """One event as it was recorded; a report's document is a paper of its own and left out here."""

    position: int
    version: int
    recorded_at: Instant
    actor: str
    role: Role
    command_id: str
    fact: dict[str, JsonValue]


class RawEvents(Value):
    """Every event of an incident as it was recorded, oldest first."""

    ref: str
    version: int
    events: tuple[RawEvent, ...]


class Happened(Value):
    """One event that a command led to."""

    position: int
    version: int
    kind: str
    recorded_at: datetime
    role: Role


class CarriedOut(Value):
    """What a command led to: no events where it said nothing new. `version` is the incident's, and its ETag."""

    ref: str
    version: int
    events: tuple[Happened, ...]


class Chain(Value):
    """The head of the log: the last position, and the code that a proof can be held against later."""

    position: int
    code: str


class SchoolRow(Value):
    """One school, and the roles that the token's person holds there. Its name is null where its file is unreadable."""

    urn: str
    name: str | None
    zone: str | None
    roles: tuple[Role, ...]


class Schools(Value):
    """Some schools, by number; `next` leads to more."""

    rows: tuple[SchoolRow, ...]
    next: str | None


class CommandRow(Value):
    """One command: who may ask for it, where it is sent, and where its fields are described as JSON Schema."""

    kind: str
    summary: str
    who: tuple[Role, ...]
    path: str
    schema_at: str


class Commands(Value):
    """Every command that this API takes."""

    rows: tuple[CommandRow, ...]


class LogPage(Value):
    """Some rows of a breach log, newest first; `next` leads to more."""

    rows: tuple[LogEntry, ...]
    next: str | None


_KEPT: dict[str, Any] = {
    name: (info.annotation, info) for name, info in LogEntry.model_fields.items() if name not in NARRATIVE
}
GovernorsEntry = create_model(
    "GovernorsEntry",
    __base__=Value,
    __doc__="A row of the breach log without the texts in which a name may have slipped.",
    **_KEPT,
)


class GovernorsSheet(GovernorsReview):
    """One incident for governors; no name of a pupil, parent or member of staff has a field here."""

    entry: GovernorsEntry  # type: ignore[assignment]


class GovernorsPeriod(PeriodReview):
    """A term's or a year's figures for one school, and what is behind them, for its governors."""

    reviews: tuple[GovernorsSheet, ...]
