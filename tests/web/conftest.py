"""The site under test: the real application on real SQLite files, with two schools and people of every role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from adapters.accounts import Membership, Person
from adapters.bootstrap import Settings, Tocsin
from adapters.web import Health, web_app
from adapters.web.site import Site, school_of
from domain.commands import command_named
from domain.commands.discover import ReportIncident
from domain.roles import Actor, Role
from tests.examples import SCHOOL, URN, classcharts
from tests.web.browsing import Visit

OTHER_URN = "100002"
ROLES = (
    Role.STAFF, Role.LEAD, Role.HEAD, Role.DPO, Role.CHAIR, Role.GOVERNOR, Role.AUDITOR, Role.ADMINISTRATOR,
)  # fmt: skip
PUBLIC_URL = "http://localhost:8700"
NOON = datetime.fromisoformat("2026-11-20T12:00:00+00:00")
"""A Friday."""


WELL = Health(temporal=True, head=0, relayed=0, viewed=0, open_incidents=0, running_clocks=0)


class MovableClock:
    """Stands where it was put."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """That moment."""
        return self.now

    def forward(self, **span: float) -> None:
        """Time passes, such as hours=3."""
        self.now += timedelta(**span)


@dataclass
class Town:
    """The site, its clock, and whoever visits it."""

    tocsin: Tocsin
    site: Site
    app: Any
    clock: MovableClock
    people: dict[tuple[Role, str], Person] = field(default_factory=dict)

    def person(self, role: Role | str, school: str = URN) -> Person:
        """Who holds that role at that school; made when first asked for."""
        role = Role(role)
        if (role, school) not in self.people:
            address, name = f"{role}.{school}@school.example", f"The {role} of {school}"
            self.people[role, school] = self.site.accounts.add_person(address, name, [Membership(role, school)])
        return self.people[role, school]

    def anonymous(self) -> Visit:
        """A browser that nobody signed in with."""
        return Visit(TestClient(self.app, base_url=PUBLIC_URL, follow_redirects=False))

    def signed_in(self, role: Role | str | Person, school: str = URN, *, strong: bool = True) -> Visit:
        """A browser in which that role of that school, or that person, has signed in."""
        person = role if isinstance(role, Person) else self.person(role, school)
        visit = self.anonymous()
        secret = self.site.accounts.open_session(person.id, strong=strong)
        # The domain that the client files a cookie of “localhost” under, so that a later one takes its place.
        visit.client.cookies.set(self.site.cookie, secret, domain="localhost.local")
        return visit

    def actor(self, role: Role | str, school: str = URN) -> Actor:
        """The person of that role, as the log knows them."""
        return Actor(id=self.person(role, school).id, role=Role(role))

    def report(self, school: str = URN, by: Role | str = Role.STAFF, **fields: Any) -> str:
        """An incident is reported at that school; its reference."""
        command = ReportIncident.model_validate({"what_happened": "A memory stick is missing", **fields})
        ref = self.tocsin.report(command, school, self.actor(by, school))[0].incident
        self.tocsin.views.catch_up()
        return ref

    def act(self, ref: str, command: str, by: Role | str = Role.LEAD, **fields: Any) -> None:
        """Somebody of its school does something about an incident."""
        self.tocsin.act(command_named(command, fields), ref, self.actor(by, school_of(ref)))
        self.tocsin.views.catch_up()

    def breach(self, school: str = URN) -> str:
        """An incident that was confirmed as a breach, now."""
        ref = self.report(school)
        self.act(ref, "confirm_breach", basis="It holds pupils’ files")
        return ref

    def whole_life(self, school: str = URN) -> str:
        """A supplier's breach through all five steps, closed weeks later (tests/examples.py); its reference."""
        ref = f"{school}-7K3M9QXA"
        events = [event.model_copy(update={"school": school, "incident": ref}) for event in classcharts()]
        for event in events:
            self.tocsin.log.append([event])
        self.clock.now = max(self.clock.now, events[-1].recorded_at)
        self.tocsin.views.catch_up()
        return ref


@contextmanager
def two_schools(folder: Path) -> Iterator[Town]:
    """Two schools, nothing reported yet."""
    clock = MovableClock()
    tocsin = Tocsin(Settings.of(folder / "data"), clock)
    tocsin.schools.add(SCHOOL)
    tocsin.schools.add(SCHOOL.model_copy(update={"id": OTHER_URN, "name": "Another Example School"}))
    site = Site(tocsin, tocsin.accounts, PUBLIC_URL)
    yield Town(tocsin, site, web_app(site, lambda: WELL), clock)
    tocsin.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """The site of two schools, for a browser without a screen."""
    with two_schools(tmp_path) as found:
        yield found
