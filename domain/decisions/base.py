"""What every decision shares: a fact made from a command, and times that may not lie in the future."""

from datetime import datetime
from typing import Any, TypeVar

from domain.commands import Command
from domain.errors import InTheFuture
from domain.events.base import Fact
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


def new_only(incident: Incident, fact: Fact) -> tuple[Fact, ...]:
    """The fact, unless it only repeats the latest of its kind: a repeated command changes nothing."""
    return () if incident.last(type(fact)) == fact else (fact,)
