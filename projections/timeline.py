"""Who did what, and when: every event in words, with when it was so beside when it was written down."""

from datetime import datetime
from functools import cache

from domain.events import Recorded
from domain.events.base import Fact
from domain.events.notify import RegulatorReportSubmitted
from domain.incident import STEP_OF, Incident
from domain.quantities import Instant, Value
from domain.roles import Role
from domain.steps import Step

HAPPENED_FIELDS = (
    "aware_at",
    "discovered_at",
    "told_at",
    "informed_at",
    "observed_at",
    "stopped_at",
    "taken_at",
    "obtained_at",
    "started_at",
    "submitted_at",
    "received_at",
    "held_at",
    "completed_at",
    "acknowledged_at",
    "answered_at",
    "due_at",
    "deadline",
)
"""Where a fact says when it was so; the first that it has counts."""


class Entry(Value):
    """One event of one incident."""

    position: int
    version: int
    kind: str
    title: str
    step: Step | None
    happened_at: Instant | None
    recorded_at: Instant
    actor: str
    role: Role
    details: dict[str, object]


def timeline(incident: Incident) -> tuple[Entry, ...]:
    """Every event of the incident, oldest first."""
    return tuple(_entry(event) for event in incident.history)


def title(fact: Fact) -> str:
    """The fact's name as words: `ControllerBecameAware` is "Controller became aware"."""
    return _in_words(type(fact).__name__)


@cache
def _in_words(name: str) -> str:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return (words[0].upper() + words[1:]).replace("Dpo", "DPO").replace("dpo", "DPO")


def _entry(event: Recorded) -> Entry:
    details = event.fact.model_dump(mode="json", exclude={"kind"}, exclude_none=True)
    if isinstance(event.fact, RegulatorReportSubmitted) and "document" in details:
        details["document"].pop("content", None)  # a paper of its own
    return Entry(
        position=event.position,
        version=event.version,
        kind=event.fact.kind,
        title=title(event.fact),
        step=STEP_OF.get(type(event.fact)),
        happened_at=_happened_at(event.fact),
        recorded_at=event.recorded_at,
        actor=event.actor.id,
        role=event.actor.role,
        details=details,
    )


def _happened_at(fact: Fact) -> datetime | None:
    return next((at for name in _happened_fields(type(fact)) if (at := getattr(fact, name)) is not None), None)


@cache
def _happened_fields(kind: type[Fact]) -> tuple[str, ...]:
    """Asked once a kind: a field that a model lacks takes pydantic thirty times as long to say so."""
    planned = {"due_at"} if kind in STEP_OF else set()
    return tuple(name for name in HAPPENED_FIELDS if name in kind.model_fields.keys() - planned)
