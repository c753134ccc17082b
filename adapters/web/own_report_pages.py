"""What signed-in people reported themselves: their own words, how far it is, and nothing else of the incident."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from adapters.accounts import Person
from adapters.accounts.report_links import reports_of
from adapters.web.pages import page, see_other
from adapters.web.school_pages import of_school
from adapters.web.served_schools import name_of, numbers_where
from adapters.web.site import Case, Missing, Site, TheSite, TheVisitor, seen_case
from domain.errors import Refused
from domain.events.discover import IncidentReported
from domain.incident import Incident
from domain.obligations import progress
from domain.roles import Role, may
from domain.steps import Step

router = APIRouter()

MOST_REPORTS = 50
MOST_SCHOOLS = 20
"""As many are listed; somebody who reports at more schools types the number."""

STEPS = {
    Step.DISCOVER: "Finding out what it is",
    Step.CONTAIN: "Stopping it and limiting the damage",
    Step.INVESTIGATE: "Looking into it",
    Step.NOTIFY: "Deciding who has to be told",
    Step.REVIEW: "Learning from it",
}
ADDED = (
    ("add_note", "Add something that you remember or found out"),
    ("record_stopped", "Say that it has stopped"),
    ("take_containment", "Say what was done to limit the damage"),
    ("record_evidence", "Add a file or picture as evidence"),
)
"""What a reporter may add, as far as their role may."""


@router.get("/my-reports")
def my_reports(request: Request, site: TheSite, visitor: TheVisitor, school: str = "") -> Response:
    """Where I can report, and what I reported."""
    person, number = visitor.person, school.strip().upper()
    numbers = numbers_where(site, person, lambda role: may(role, "report_incident"))
    if number in numbers:
        return see_other(f"/schools/{number}/report")
    shown = numbers[:MOST_SCHOOLS] if len(numbers) <= MOST_SCHOOLS else []
    errors = {"school": "There is no school of that number at which you can report; check the number."}
    return page(
        request,
        "report/mine.html",
        422 if number else 200,
        schools=[(each, name_of(site, each)) for each in shown],
        many=len(numbers) > MOST_SCHOOLS,
        typed_school=school,
        reports=_reports(site, person),
        errors=errors if number else {},
    )


@router.get("/my-reports/{ref}")
def my_report(ref: str, request: Request, site: TheSite, visitor: TheVisitor, done: str = "") -> HTMLResponse:
    """One report of mine, as I wrote it, and how far it is."""
    case = _own(site, visitor.person, ref)
    incident = case.incident
    said = incident.history[0].fact
    if not isinstance(said, IncidentReported):
        raise Missing
    context: dict[str, Any] = {
        "ref": ref,
        **of_school(case.school),
        "lead": case.school.contacts.get(Role.LEAD),
        "said": said,
        "at": incident.reported_at,
        "state": state_of(incident),
        "steps": [(STEPS[step], str(state).replace("_", " ")) for step, state in progress(incident).items()],
        "added": [] if incident.closed else _may_add(case),
        "done": done,
    }
    return page(request, "report/own.html", **context)


def _own(site: Site, person: Person, ref: str) -> Case:
    case = seen_case(site, person, ref, "own_report")
    if case.incident.history[0].actor.id != person.id:
        raise Missing
    return case


def _may_add(case: Case) -> list[tuple[str, str]]:
    return [
        (f"/incidents/{case.incident.ref}/{'evidence' if command == 'record_evidence' else f'do/{command}'}", words)
        for command, words in ADDED
        if case.person.role_for(case.school.id, command)
    ]


def _reports(site: Site, person: Person) -> list[dict[str, Any]]:
    """Those that are still theirs to see: a role at the school may have ended since."""
    found = []
    for ref in reports_of(site.accounts, person.id, MOST_REPORTS):
        try:
            case = _own(site, person, ref)
        except (Missing, Refused):
            continue
        shown = {"ref": ref, "at": case.incident.reported_at, "zone": case.school.timezone}
        found.append({**shown, "school": case.school.name, "state": state_of(case.incident)})
    return found


def state_of(incident: Incident) -> str:
    """How far a report is, for whoever sent it."""
    if incident.closed:
        return "Finished"
    reporter = incident.history[0].actor
    acted = any(event.actor.role is not Role.ENGINE and event.actor != reporter for event in incident.history)
    return "Being looked at" if acted else "Received"
