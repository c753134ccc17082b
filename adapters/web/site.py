"""What every page needs: the installation, the accounts, who is asking, and the walls between schools."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from ipaddress import ip_address
from typing import Annotated, cast

from fastapi import Depends, Request

from adapters.accounts import Accounts, Person, Session
from adapters.bootstrap import Tocsin, until
from adapters.schools import NoSuchSchool
from adapters.web.limiting import Limiter
from domain.incident import Incident, replay
from domain.roles import Role
from domain.school import School

COOKIE = "tocsin"
IS_REF = re.compile(r"[0-9A-Z]{4,8}-[0-9A-HJKMNP-TV-Z]{8}")
"""A reference, as `IncidentId` has it; anything else, a school's own record too, is never looked for."""


class Missing(Exception):
    """There is no such page for whoever asks: not there, or not theirs (docs/decisions/0015)."""


class SignInFirst(Exception):
    """The page is for people who have signed in."""


class SecondFactorFirst(Exception):
    """The page is for people who have shown a second factor."""


@dataclass(frozen=True)
class Site:
    """The installation as its pages know it. `public_url` is the address at which people reach it, without a path."""

    tocsin: Tocsin
    accounts: Accounts
    public_url: str
    limiter: Limiter = field(default_factory=Limiter)

    @cached_property
    def _secret(self) -> bytes:
        return self.accounts.kept_secret("signing").encode()

    @property
    def secure(self) -> bool:
        """Whether cookies may travel encrypted only."""
        return self.public_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; the prefix keeps other hosts and paths from setting it."""
        return f"__Host-{COOKIE}" if self.secure else COOKIE

    def now(self) -> datetime:
        """The installation's time, in UTC."""
        return self.tocsin.clock()

    def school(self, number: str) -> School:
        """The school of that number; `Missing` where there is none."""
        try:
            return self.tocsin.schools.school(number)
        except NoSuchSchool:
            raise Missing from None

    def signature(self, *parts: str) -> str:
        """Proof that this installation wrote these parts."""
        return hmac.new(self._secret, "\0".join(parts).encode(), sha256).hexdigest()[:32]


@dataclass(frozen=True)
class Visitor:
    """Somebody who has signed in, as strongly as their roles ask for."""

    person: Person
    session: Session


@dataclass(frozen=True)
class Case:
    """An incident that somebody may see, its school, and the roles that they hold there."""

    incident: Incident
    school: School
    roles: tuple[Role, ...]
    person: Person


def site_of(request: Request) -> Site:
    """The site that answers this request."""
    return cast("Site", request.app.state.site)


def address_of(request: Request) -> str:
    """The address that asks, for limits and for the log of sign-ins; nothing where what is told is no address."""
    try:
        return str(ip_address(request.client.host)) if request.client else ""
    except ValueError:
        return ""


def session_of(request: Request) -> Session | None:
    """The session of whoever asks, signed in strongly enough or not; looked up once a request."""
    if not hasattr(request.state, "session"):
        site = site_of(request)
        secret = request.cookies.get(site.cookie)
        request.state.session = site.accounts.session(secret) if secret else None
    return cast("Session | None", request.state.session)


def visitor_of(request: Request) -> Visitor:
    """Whoever asks; raises `SignInFirst` or `SecondFactorFirst`."""
    session = session_of(request)
    if session is None:
        raise SignInFirst
    if not session.enough:
        raise SecondFactorFirst
    return Visitor(session.person, session)


TheSite = Annotated[Site, Depends(site_of)]
TheVisitor = Annotated[Visitor, Depends(visitor_of)]


def seen_case(site: Site, person: Person, ref: str, view: str, as_at: datetime | None = None) -> Case:
    """The incident, if that person is shown that view of it; `Missing` otherwise, before anything is looked up."""
    number = school_of(ref)
    roles = person.roles_at(number)
    if not person.sees_at(number, view):
        raise Missing
    history = site.tocsin.log.history(ref) if IS_REF.fullmatch(ref) else ()
    incident = replay(until(history, as_at))
    if incident is None:
        raise Missing
    return Case(incident, site.school(number), roles, person)


def case_for(view: str) -> Callable[..., Case]:
    """A dependency: the incident in the path, for whoever is shown that view of it."""

    def case(ref: str, site: TheSite, visitor: TheVisitor) -> Case:
        return seen_case(site, visitor.person, ref, view)

    return case


def school_for(view: str) -> Callable[..., School]:
    """A dependency: the school in the path, for whoever is shown that view of it; `Missing` otherwise."""

    def school(urn: str, site: TheSite, visitor: TheVisitor) -> School:
        if not visitor.person.sees_at(urn, view):
            raise Missing
        return site.school(urn)

    return school


def must_see(view: str) -> Callable[..., Visitor]:
    """A dependency: somebody who is shown that view at one school at least; `Missing` otherwise."""

    def visitor(visitor: TheVisitor) -> Visitor:
        if not visitor.person.sees_anywhere(view):
            raise Missing
        return visitor

    return visitor


def school_of(ref: str) -> str:
    """The number of the school to which a reference belongs."""
    return ref.split("-", maxsplit=1)[0]
