"""The walls, as the pages have them: what is not yours answers exactly like what is not there (docs/decisions/0015)."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header, Path, Query

from adapters.accounts import Person
from adapters.web.api.bearer import TheToken
from adapters.web.site import Case, Missing, Site, TheSite, school_of, seen_case
from domain.events import IncidentId, Recorded, SchoolId
from domain.incident import replay
from domain.quantities import Instant
from domain.roles import Actor, Role

Ref = Annotated[IncidentId, Path(description="The incident’s reference.", examples=["100001-2PMDMMZ1"])]
Urn = Annotated[SchoolId, Path(description="The school’s number.", examples=["100001"])]
AsAt = Annotated[
    Instant | None,
    Query(description="As the log stood at this time, with its offset.", examples=["2026-11-20T16:45:00Z"]),
]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern="^[!-~]{1,100}$",
        description="Your own name for this request, up to 100 visible characters: sent again with the same key, it"
        " does nothing twice and is answered as before.",
    ),
]


def case_for(view: str) -> Callable[..., Case]:
    """A dependency: the incident in the path, now or as the log stood, for whoever is shown that view of it."""

    def case(ref: Ref, site: TheSite, token: TheToken, as_at: AsAt = None) -> Case:
        return seen_case(site, token.person, ref, view, as_at)

    return case


def school_for(view: str) -> Callable[..., str]:
    """A dependency: the number in the path, of a school at which they are shown that view."""

    def school(urn: Urn, site: TheSite, token: TheToken) -> str:
        if not token.person.sees_at(urn, view):
            raise Missing
        return site.tocsin.schools.known(urn)

    return school


def sees_somewhere(view: str) -> Callable[..., Site]:
    """A dependency: the site, for somebody who is shown that view at one school at least."""

    def seen(site: TheSite, token: TheToken) -> Site:
        if not token.person.sees_anywhere(view):
            raise Missing
        return site

    return seen


@dataclass(frozen=True)
class Asker:
    """Who asks for a command, in which role, and the command's id where they gave a key."""

    actor: Actor
    command_id: str | None


def asker_at_school(kind: str) -> Callable[..., Asker]:
    """A dependency: who asks, in the first role that they hold at the school and that may ask for that command."""

    def asker(urn: Urn, site: TheSite, token: TheToken, key: Key = None) -> Asker:
        role = token.person.role_for(urn, kind)
        if role is None:
            raise Missing
        site.tocsin.schools.known(urn)
        return Asker(Actor(id=token.person.id, role=role), _command_id(token.person, key))

    return asker


def asker_on_incident(kind: str) -> Callable[..., Asker]:
    """The same for an incident, of those who are shown it, or who reported it themselves."""

    def asker(ref: Ref, site: TheSite, token: TheToken, key: Key = None) -> Asker:
        person, school = token.person, school_of(ref)
        if person.role_for(school, kind) is None:
            raise Missing
        history = site.tocsin.log.history(ref)
        if not history:
            raise Missing
        held = person.acts_as(school, kind, own=history[0].actor.id == person.id)
        if not held:
            raise Missing
        command_id = _command_id(person, key)
        return Asker(Actor(id=person.id, role=_role(kind, held, history, command_id)), command_id)

    return asker


def _role(kind: str, held: tuple[Role, ...], history: Sequence[Recorded], command_id: str | None) -> Role:
    """The first that may, but that of the first time when a request is repeated, or the one an escalation waits for."""
    before = [event.actor.role for event in history if command_id is not None and event.command_id == command_id]
    incident = replay(history) if kind == "acknowledge_escalation" else None
    waited_for = incident.awaiting.values() if incident else ()
    fit = (role for role in held if role in before or role in waited_for)
    return next(fit, held[0])


def _command_id(person: Person, key: str | None) -> str | None:
    """The command's id for a key: two people who choose the same key do not meet."""
    return None if key is None else f"api:{hashlib.sha256(f'{person.id} {key}'.encode()).hexdigest()}"
