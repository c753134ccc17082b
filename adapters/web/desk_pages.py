"""The desk: what is open at every school that somebody serves, the next clock first, and the way to its next act."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from adapters.accounts import Person
from adapters.list_filters import DeskFilter, State
from adapters.list_pages import NoSuchPlace
from adapters.web.incident_view import path_to
from adapters.web.pages import page, see_other
from adapters.web.served_schools import name_of, numbers_seeing
from adapters.web.site import Site, TheSite, Visitor, must_see
from adapters.working_days import bank_holidays
from domain.roles import Role
from domain.steps import Step
from projections.breach_log import Finding
from projections.clock_faces import in_minutes, time_left
from projections.desk import DeskRow, When, when_due
from projections.open_clocks import NextAct
from projections.words import ROLES, label, plural
from projections.working_time import working_time_left

router = APIRouter()

CHOSEN_FROM = 15
"""As many schools stand in a list to choose from; of more, a number or a part of a name is typed."""

SUGGESTED = 300
"""As many names are suggested while somebody types."""

IN_HOURS = timedelta(days=4)
"""Beyond this, the time left is said in days."""

ME = "me"
ASKED = (Role.LEAD, Role.HEAD, Role.DPO, Role.CHAIR, Role.STAFF)
"""Roles of which an incident asks something."""

UNREADABLE = ZoneInfo("Europe/London")
"""The zone in which times are shown of a school whose file cannot be read."""

TITLES: dict[str, str] = {"later": "Due later", "undated": "Without a date", "closed": "Closed"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen to filter by, as it stands in the address; what is not known counts as not chosen."""

    school: str = ""
    step: str = ""
    who: str = ""
    overdue: str = ""
    state: str = "open"
    finding: str = ""

    @classmethod
    def known(cls, given: dict[str, str]) -> "Chosen":
        """As far as there is such a choice."""
        choices: dict[str, Sequence[str]] = {
            "step": list(Step),
            "who": [ME, *ASKED],
            "overdue": ["yes"],
            "state": get_args(State),
            "finding": list(Finding),
        }
        kept = {name: given[name] for name, values in choices.items() if given.get(name) in values}
        return cls(school=" ".join(given.get("school", "").split()), **kept)

    def path(self, after: str | None = None) -> str:
        """The address of the desk filtered like this."""
        chosen = {name: getattr(self, name) for name in type(self).__slots__}
        told = {name: value for name, value in chosen.items() if value and (name, value) != ("state", "open")}
        query = urlencode(told | ({"after": after} if after else {}))
        return f"/desk?{query}" if query else "/desk"

    def chips(self, school: str) -> list[tuple[str, str]]:
        """What is filtered by in words, each with the address without it; the school by the name given."""
        said = {
            "school": f"School: {school}",
            "step": f"Step: {label(self.step)}",
            "who": "Asked of: you" if self.who == ME else f"Asked of: {ROLES[Role(self.who)]}" if self.who else "",
            "overdue": "Overdue",
            "state": {"closed": "Closed", "all": "Open and closed"}.get(self.state, ""),
            "finding": f"Found to be: {label(self.finding)}",
        }
        blank = Chosen()
        return [
            (words, replace(self, **{name: getattr(blank, name)}).path())
            for name, words in said.items()
            if getattr(self, name) != getattr(blank, name)
        ]


@dataclass(frozen=True, slots=True)
class Line:
    """One incident on the page.

    `act` is the first act asked for that this person may do, and `href` where; `due_href` is where they do what is due.
    """

    row: DeskRow
    school: str
    zone: ZoneInfo
    due: When
    left: str
    minutes_count: bool
    working: str | None
    mine: bool
    act: NextAct | None
    href: str | None
    due_href: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that belong together."""

    title: str
    lines: list[Line]


@router.get("/desk")
def desk(
    request: Request,
    site: TheSite,
    visitor: Annotated[Visitor, Depends(must_see("desk"))],
    after: str = "",
) -> Response:
    """The desk of whoever asks, a page of it."""
    person, now = visitor.person, site.now()
    chosen = Chosen.known(dict(request.query_params))
    numbers = numbers_seeing(site, person, "desk")
    schools = _schools(site, person, chosen.school, numbers)
    try:
        found = site.tocsin.views.desk(schools, _filter(chosen, person, numbers, now), after or None)
    except NoSuchPlace:
        return see_other(chosen.path())
    lines = [line_of(row, site, person, now) for row in found.rows]
    return page(
        request,
        "desk/desk.html",
        sections=sections_of(lines),
        chosen=chosen,
        chips=chosen.chips(_named(site, chosen.school, schools)),
        begins=not after,
        next=chosen.path(found.next) if found.next else None,
        previous=chosen.path(found.previous) if found.previous else None,
        several=len(numbers) > 1,
        choices=[(each, name_of(site, each)) for each in numbers] if len(numbers) <= SUGGESTED else [],
        typed=len(numbers) > CHOSEN_FROM,
        steps=[*Step],
        asked=ASKED,
        findings=Finding,
    )


def line_of(row: DeskRow, site: Site, person: Person, now: datetime) -> Line:
    """The incident as this person sees it now."""
    school = site.tocsin.schools.readable(row.school)
    zone = school.timezone if school else UNREADABLE
    due, roles = row.next_due_at, person.roles_at(row.school)
    working = None
    if row.deadline and row.deadline >= now:
        holidays = bank_holidays(school.nation if school else "England")
        working = in_minutes(working_time_left(now, row.deadline, zone, holidays.__contains__))

    def may(asked: NextAct) -> bool:
        return bool(person.acts_as(row.school, asked.command))

    act = next(filter(may, row.acts), None)
    return Line(
        row=row,
        school=name_of(site, row.school),
        zone=zone,
        due=when_due(row, now, zone),
        left=_left(due, now) if due else "",
        minutes_count=due is not None and abs(due - now) < IN_HOURS,
        working=working,
        mine=bool(row.acts) and not set(roles).isdisjoint(row.acts[0].who),
        act=act,
        href=path_to(row.ref, act.command) if act else None,
        due_href=path_to(row.ref, row.due_act.command) if row.due_act and may(row.due_act) else None,
    )


def sections_of(lines: Iterable[Line]) -> list[Section]:
    """What is overdue or due today on top, then the rest in the order in which it comes."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault("today" if line.due == "overdue" else line.due, []).append(line)
    urgent = found.pop("today", [])
    overdue = any(line.due == "overdue" for line in urgent)
    first = [Section("Overdue and due today" if overdue else "Due today", urgent)] if urgent else []
    return [*first, *(Section(title, found[due]) for due, title in TITLES.items() if due in found)]


def _left(due: datetime, now: datetime) -> str:
    if abs(due - now) < IN_HOURS:
        return time_left(due, now)
    days = plural(abs(due - now) // timedelta(days=1), "day")
    return f"{days} left" if due >= now else f"passed {days} ago"


def _filter(chosen: Chosen, person: Person, numbers: Iterable[str], now: datetime) -> DeskFilter:
    wanted = DeskFilter(
        state=next(state for state in get_args(State) if state == chosen.state),
        step=Step(chosen.step) if chosen.step else None,
        finding=Finding(chosen.finding) if chosen.finding else None,
        due_before=now if chosen.overdue else None,
    )
    if chosen.who != ME:
        return replace(wanted, asked=frozenset({Role(chosen.who)}) if chosen.who else frozenset())
    everywhere = frozenset(each.role for each in person.memberships if each.school is None)
    held: dict[str, frozenset[Role]] = {}
    for each in person.memberships:
        if each.school is not None:
            held[each.school] = held.get(each.school, frozenset()) | {each.role}
    if not held:
        return replace(wanted, asked=everywhere)
    seen = person.schools_seeing("desk")
    roles = {each: everywhere | held.get(each, frozenset()) for each in (numbers if seen is None else seen)}
    return replace(wanted, asked_at=roles)


def _named(site: Site, typed: str, schools: frozenset[str] | None) -> str:
    """The one school that was meant by its name, or else what was typed."""
    known = site.tocsin.schools.readable(*schools) if schools and len(schools) == 1 else None
    return known.name if known else f"“{typed}”"


def _schools(site: Site, person: Person, typed: str, numbers: Collection[str]) -> frozenset[str] | None:
    """The schools whose incidents are wanted; none of another person's is ever among them."""
    seen = person.schools_seeing("desk")
    if not typed:
        return seen
    if typed in numbers:
        return frozenset({typed})
    exactly = {typed} if typed.isalnum() and (seen is None or typed in seen) else set()
    part = typed.casefold()
    return frozenset(exactly | {number for number in numbers if part in name_of(site, number).casefold()})
