"""The page of one incident: the clock, what is asked for, what is known, and everything that happened."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from adapters.web import document_pages
from adapters.web.acting import commands_for, done_title
from adapters.web.incident_view import (
    clock_of,
    happenings,
    next_of,
    not_asked,
    notes_of,
    path_to,
    prompt_level,
    questions_of,
    steps_of,
    waiting_in,
)
from adapters.web.pages import page
from adapters.web.site import Case, TheSite, case_for
from domain.events.notify import CommunicationDecided, DpoAdvised, NotificationDecided
from domain.events.review import IncidentClosed
from projections.breach_log import log_entry
from projections.fact_words import as_typed
from projections.known_so_far import known_so_far

router = APIRouter()
router.include_router(document_pages.router)
NEWEST_NOTES = 5
"""Notes that stand open on the page; the older ones are folded."""
LARGEST_PAGE = 1_000_000
"""Beyond any page; a number that no program can hold would be no number."""


@router.get("/incidents/{ref}")
def shown(
    request: Request,
    case: Annotated[Case, Depends(case_for("incident"))],
    site: TheSite,
    done: str = "",
    order: Literal["newest", "oldest"] = "newest",
    number: Annotated[int, Query(alias="page", ge=1, le=LARGEST_PAGE)] = 1,
    events: Literal["page", "all"] = "page",
) -> HTMLResponse:
    """The incident for those who work on it."""
    incident, now = case.incident, site.now()
    offered = commands_for(case)
    steps = steps_of(case, offered, now)
    return page(
        request,
        "incident/incident.html",
        zone=case.school.timezone,
        now=now,
        incident=incident,
        school=case.school,
        brand=case.school.id,
        roles=case.roles,
        done=done_title(done),
        entry=log_entry(incident),
        clock=clock_of(case, now),
        steps=steps,
        next_task=next_of(steps),
        offered={each.command for each in offered},
        not_asked=not_asked(offered),
        path_to=path_to,
        as_typed=as_typed,
        waiting=waiting_in(case),
        questions=questions_of(incident),
        prompt_level=prompt_level(incident),
        advice=incident.last(DpoAdvised),
        decisions=(incident.last(NotificationDecided), incident.last(CommunicationDecided)),
        known=known_so_far(incident, case.school.timezone),
        notes=notes_of(incident),
        newest_notes=NEWEST_NOTES,
        closed=incident.last(IncidentClosed) if incident.closed else None,
        timeline=happenings(case, newest_first=order == "newest", number=number, whole=events == "all"),
    )
