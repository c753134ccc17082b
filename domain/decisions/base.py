"""What every decision shares: a fact made from a command, and times that may not lie in the future."""

from datetime import datetime
from typing import Any, TypeVar

from domain.commands import Command
from domain.errors import BeforeItHappened, InTheFuture
from domain.events.base import Fact
from domain.events.notify import DataSubjectsTold
from domain.incident import Incident

F = TypeVar("F", bound=Fact)


def stated(fact: type[F], command: Command, **more: Any) -> F:
    """The fact that says what the command says, field by field, with what else is given."""
    shared = {name: getattr(command, name) for name in type(command).model_fields if name in fact.model_fields}
    return fact(**{**shared, **more, "kind": fact.model_fields["kind"].default})


def happened(at: datetime | None, now: datetime) -> datetime:
    """The time given, or now; refuses a time in the future."""
    if at is not None and at > now:
        raise InTheFuture
    return at or now


DONE_AFTERWARDS = ("stopped_at", "taken_at", "informed_at", "submitted_at", "held_at", "completed_at")
"""When something was done about a breach: never before it began. What was found or sent may be older."""


def not_before_it_began(incident: Incident, fact: Fact) -> None:
    """Refuses an act that is dated before the breach that it answers."""
    began_at = incident.occurred.began_at
    if isinstance(fact, DataSubjectsTold) and began_at and fact.told_at < began_at:
        raise BeforeItHappened
    for name in DONE_AFTERWARDS:
        at = getattr(fact, name, None)
        if at is not None and began_at is not None and at < began_at:
            raise BeforeItHappened


def once(incident: Incident, fact: Fact) -> tuple[Fact, ...]:
    """The fact, unless it repeats any of its kind word for word."""
    return () if any(said == fact for _, said in incident.all(type(fact))) else (fact,)


def new_only(incident: Incident, fact: Fact) -> tuple[Fact, ...]:
    """The fact, unless it only repeats the latest of its kind: a repeated command changes nothing."""
    return () if incident.last(type(fact)) == fact else (fact,)
