"""For the chair and the governors: what happened, without names, what is asked of them, and to acknowledge it."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from adapters.documents.message_words import Wording, wording_for
from adapters.documents.review_paper import review_paper
from adapters.governors_papers import for_governors
from adapters.web import acting
from adapters.web.pages import Posted, page, see_other, typed
from adapters.web.served_schools import name_of
from adapters.web.site import Case, Missing, TheSite, TheVisitor, Visitor, case_for, must_see
from domain.commands.engine import AcknowledgeEscalation
from domain.errors import NothingToAcknowledge
from domain.escalation import Alarm, family_of
from domain.events.engine import EscalationRaised
from domain.roles import Actor, Role, may
from projections.governors_review import governors_review
from projections.open_clocks import OpenClock
from projections.words import short_moment

router = APIRouter()
TheCase = Annotated[Case, Depends(case_for("governors_sheet"))]
UNREADABLE = ZoneInfo("Europe/London")
"""The zone of a school whose file cannot be read."""
MOST = 200
"""Open incidents on one page; a governing body has few, and a DPO has the desk."""


@dataclass(frozen=True)
class Row:
    """One open incident on the list."""

    ref: str
    school: str
    clock: str
    step: str
    waits: bool


@dataclass(frozen=True)
class Waiting:
    """One escalation that waits to be acknowledged, in the words of the message that was sent about it."""

    alarm: str
    raised: str
    wording: Wording


@router.get("/escalations")
def listed(
    request: Request, site: TheSite, visitor: Annotated[Visitor, Depends(must_see("governors_sheet"))]
) -> HTMLResponse:
    """The open incidents of the schools, those that wait for this person first."""
    schools = visitor.person.schools_seeing("governors_sheet")
    clocks = islice(site.tocsin.views.open_clocks(schools), MOST)
    rows = sorted((_row(site, visitor, clock) for clock in clocks), key=lambda row: not row.waits)
    return page(
        request, "escalations/list.html", rows=rows, most=MOST, many_schools=schools is None or len(schools) > 1
    )


@router.get("/escalations/{ref}")
def shown(request: Request, case: TheCase, site: TheSite, done: str = "") -> HTMLResponse:
    """One incident's sheet, what is asked of this person, and what else their role may do."""
    return _sheet(request, case, site, done)


@router.post("/escalations/{ref}/acknowledge")
def acknowledge(case: TheCase, site: TheSite, form: Posted) -> RedirectResponse:
    """Acknowledges every escalation that waits for a role that this person holds."""
    waiting = set(case.incident.awaiting.values())
    roles = [role for role in case.roles if role in waiting and may(role, "acknowledge_escalation")]
    if not any(may(role, "acknowledge_escalation") for role in case.roles):
        raise Missing
    if not roles:
        raise NothingToAcknowledge
    for number, role in enumerate(roles):
        by = Actor(id=case.person.id, role=role)
        command_id = f"{typed(form, 'command_id')}-{number}"
        site.tocsin.act(AcknowledgeEscalation(), case.incident.ref, by, command_id)
    return see_other(f"/escalations/{case.incident.ref}?done=acknowledge_escalation")


def _sheet(request: Request, case: Case, site: TheSite, done: str) -> HTMLResponse:
    incident, school = case.incident, case.school
    sheet = for_governors(governors_review(incident), school)
    paper = review_paper(sheet, school, site.tocsin.log.code())
    picture = paper["clock"]
    breach = incident.breach
    decides = any(may(role, "decide_notification") for role in case.roles)
    return page(
        request,
        "escalations/sheet.html",
        case=case,
        incident=incident,
        school=school,
        zone=school.timezone,
        brand=school.id,
        paper=paper,
        known=[(row["label"], row["value"]) for row in paper["facts"]]
        + [(row["question"], row["answer"]) for row in paper["described"] if row["state"] == "known"],
        picture=picture and _as_image(picture["svg"]),
        waiting=[*_waiting(case)],
        offered=[each for each in acting.commands_for(case) if each.command != "acknowledge_escalation"],
        story=sheet.entry.what_happened if decides else None,
        deadline=breach.deadline if breach and incident.clock_runs else None,
        done=acting.done_title(done),
    )


def _as_image(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _waiting(case: Case) -> Iterator[Waiting]:
    """What waits for a role that this person holds, newest first."""
    raised = {fact.alarm: (event, fact) for event, fact in case.incident.all(EscalationRaised)}
    for name, role in reversed([*case.incident.awaiting.items()]):
        if role in case.roles and name in raised:
            event, fact = raised[name]
            alarm = Alarm(name, family_of(name), role, fact.due_at, fact.because)
            at = short_moment(event.recorded_at, case.school.timezone)
            yield Waiting(name, at, wording_for(alarm, case.incident, case.school.regulator))


def _row(site: TheSite, visitor: TheVisitor, clock: OpenClock) -> Row:
    school = site.tocsin.schools.readable(clock.school)
    zone = school.timezone if school else UNREADABLE
    roles = visitor.person.roles_at(clock.school)
    ends = short_moment(clock.deadline, zone) if clock.deadline else ""
    return Row(
        ref=clock.ref,
        school=name_of(site, clock.school),
        clock=(f"Passed {ends}" if clock.missed else f"Ends {ends}") if ends else _at_rest(clock),
        step=clock.step or "",
        waits=any(_role_of(alarm) in roles for alarm in clock.awaiting_acknowledgement),
    )


def _at_rest(clock: OpenClock) -> str:
    """Why no clock runs, in a few words."""
    return "Not confirmed as a breach" if clock.aware_at is None else "Answered: no clock runs"


def _role_of(alarm: str) -> Role | None:
    """The role to which an escalation went: its name ends with it."""
    last = alarm.rpartition(".")[2]
    return Role(last) if last in tuple(Role) else None
