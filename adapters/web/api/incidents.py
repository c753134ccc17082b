"""Reading incidents: what they are, what happened, what is asked for, and their papers."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import JSONResponse, Response

from adapters.documents.submission_json import submission_bytes
from adapters.list_filters import DeskFilter, State
from adapters.papers import draft, submitted
from adapters.review_papers import of_incident
from adapters.shown import asked, shown
from adapters.web.api.bearer import TheToken
from adapters.web.api.paging import After, Limit, paged
from adapters.web.api.problems import documented
from adapters.web.api.routing import ApiRoute
from adapters.web.api.shapes import GovernorsSheet, Incidents, Obligations, RawEvents, Shown, Timeline
from adapters.web.api.walls import AsAt, case_for, sees_somewhere
from adapters.web.site import Case, Site, TheSite
from domain.events import Recorded
from domain.events.base import SchoolId
from domain.events.discover import IncidentReported
from domain.events.notify import RegulatorReportSubmitted
from domain.incident import Incident
from domain.obligations import outstanding
from domain.personal import ERASED
from domain.steps import Step
from projections.breach_log import Finding
from projections.ico_submission import Submission
from projections.timeline import timeline

router = APIRouter(tags=["Incidents"], route_class=ApiRoute)

READ = documented(401, 403, 404, 409, 422, 429)
ETAG = {"ETag": {"description": "The incident’s version.", "schema": {"type": "string"}, "required": True}}
VERSIONED: dict[int | str, dict[str, Any]] = READ | {
    200: {"headers": ETAG},
    304: {"description": "It is still the version that If-None-Match names.", "headers": ETAG},
}

Seen = Annotated[str | None, Header(alias="If-None-Match", description="A version that is already there.")]
ShownCase = Annotated[Case, Depends(case_for("incident"))]
AuditedCase = Annotated[Case, Depends(case_for("replay"))]
SubmissionCase = Annotated[Case, Depends(case_for("submission"))]
GovernorsCase = Annotated[Case, Depends(case_for("governors_sheet"))]


@router.get("/incidents", responses=documented(401, 403, 404, 422, 429), operation_id="list_incidents")
def list_incidents(
    site: Annotated[Site, Depends(sees_somewhere("desk"))],
    token: TheToken,
    school: Annotated[SchoolId | None, Query(description="Of this school alone.", examples=["100001"])] = None,
    status: Annotated[State, Query(description="Only these; open ones if left out.")] = "open",
    step: Annotated[Step | None, Query(description="Whose first step that is not done is this one.")] = None,
    finding: Annotated[Finding | None, Query(description="Found to be this, so far.")] = None,
    after: After = None,
    limit: Limit = 25,
) -> Incidents:
    """The incidents at the schools that the token’s person serves: what is due next comes first."""
    filters = DeskFilter(state=status, school=school, step=step, finding=finding)
    page = paged(lambda: site.tocsin.views.desk(token.person.schools_seeing("desk"), filters, after, limit))
    return Incidents(rows=page.rows, next=page.next)


@router.get("/incidents/{ref}", response_model=Shown, responses=VERSIONED, operation_id="show_incident")
def show_incident(case: ShownCase, as_at: AsAt = None, seen: Seen = None) -> Response:
    """An incident, now or as the log stood at a time: its clock, what is asked for, its log row, its events."""
    return _versioned(case, shown(case.incident, as_at), seen)


@router.get("/incidents/{ref}/timeline", response_model=Timeline, responses=VERSIONED, operation_id="show_timeline")
def show_timeline(case: ShownCase, seen: Seen = None) -> Response:
    """Every event in words, with when it was so beside when it was recorded."""
    entries = [entry.model_dump(mode="json") for entry in timeline(case.incident)]
    return _versioned(case, {"timeline": entries}, seen)


@router.get(
    "/incidents/{ref}/obligations", response_model=Obligations, responses=VERSIONED, operation_id="show_obligations"
)
def show_obligations(case: ShownCase, seen: Seen = None) -> Response:
    """What the law and the procedure still ask for, of whom and by when; nothing once the incident is closed."""
    return _versioned(case, {"outstanding": [asked(each) for each in outstanding(case.incident)]}, seen)


@router.get("/incidents/{ref}/events", response_model=RawEvents, responses=VERSIONED, operation_id="show_events")
def show_events(case: AuditedCase, seen: Seen = None) -> Response:
    """Every event as it was recorded, for whoever audits."""
    return _versioned(case, {"events": [_raw(event) for event in case.incident.history]}, seen)


@router.get("/incidents/{ref}/submission", response_model=Submission, responses=READ, operation_id="show_submission")
def show_submission(
    case: SubmissionCase,
    phase: Annotated[int | None, Query(ge=1, le=1_000, description="The number of a report that was sent.")] = None,
) -> Response:
    """The report to the regulator that could be sent now; or, by its number, one that was sent, byte for byte."""
    history = case.incident.history
    body = submission_bytes(draft(history, case.school)) if phase is None else submitted(history, phase)[1]
    return Response(body, media_type="application/json")


@router.get(
    "/incidents/{ref}/governors-sheet",
    response_model=GovernorsSheet,
    responses=READ,
    operation_id="show_governors_sheet",
)
def show_governors_sheet(case: GovernorsCase, site: TheSite, as_at: AsAt = None) -> Response:
    """What governors are shown of the incident: facts, decisions and lessons, with names left out."""
    return Response(of_incident(site.tocsin, case.incident.ref, as_at)["json"](), media_type="application/json")


def _versioned(case: Case, body: dict[str, Any], seen: str | None) -> Response:
    """The answer with the version as its ETag; without a body where that version is already there."""
    etag = f'"{case.incident.version}{"-erased" if _erased(case.incident) else ""}"'
    if seen is not None and (seen.strip() == "*" or etag in re.findall(r'"[^"]*"', seen)):
        return Response(status_code=304, headers={"ETag": etag})
    known = {"ref": case.incident.ref, "version": case.incident.version}
    return JSONResponse({**known, **body}, headers={"ETag": etag})


def _erased(incident: Incident) -> bool:
    """Whether its texts are gone: whoever still has that version has them, and is to read it again."""
    reported = incident.last(IncidentReported)
    return reported is not None and reported.what_happened == ERASED


def _raw(event: Recorded) -> dict[str, Any]:
    fact = event.fact.model_dump(mode="json", exclude_none=True)
    if isinstance(event.fact, RegulatorReportSubmitted) and "document" in fact:
        fact["document"].pop("content", None)
    return {
        "position": event.position,
        "version": event.version,
        "recorded_at": event.recorded_at.isoformat(),
        "actor": event.actor.id,
        "role": event.actor.role,
        "command_id": event.command_id,
        "fact": fact,
    }
