"""Reading schools: which there are, their breach log, and the review of a term or a year."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from adapters.accounts import Person
from adapters.accounts.people import EVERY_SCHOOL
from adapters.list_filters import LogFilter
from adapters.review_papers import of_period
from adapters.schools import SchoolFileWrong
from adapters.web.api.bearer import TheToken
from adapters.web.api.paging import After, Limit, paged
from adapters.web.api.problems import FieldProblem, documented, unclear
from adapters.web.api.routing import ApiRoute
from adapters.web.api.shapes import GovernorsPeriod, LogPage, SchoolRow, Schools
from adapters.web.api.walls import AsAt, school_for
from adapters.web.site import Site, TheSite
from domain.events.base import SchoolId
from domain.quantities import YEARS, Day
from projections.breach_log import Finding

router = APIRouter(tags=["Schools"], route_class=ApiRoute)

READ = documented(401, 403, 404, 409, 422, 429)
LoggedSchool = Annotated[str, Depends(school_for("breach_log"))]
ReviewedSchool = Annotated[str, Depends(school_for("governors_review"))]


@router.get("/schools", responses=documented(401, 403, 422, 429), operation_id="list_schools")
def list_schools(
    site: TheSite,
    token: TheToken,
    after: Annotated[SchoolId | None, Query(description="Go on after this school.")] = None,
    limit: Limit = 25,
) -> Schools:
    """The schools at which the token’s person holds a role, by number."""
    numbers = [number for number in _numbers(site, token.person) if number > (after or "")]
    rows = tuple(_row(site, token.person, number) for number in numbers[:limit])
    return Schools(rows=rows, next=numbers[limit - 1] if len(numbers) > limit else None)


@router.get("/schools/{urn}/log", responses=documented(401, 403, 404, 422, 429), operation_id="show_log")
def show_log(
    urn: LoggedSchool,
    site: TheSite,
    finding: Annotated[Finding | None, Query(description="Found to be this, so far.")] = None,
    year: Annotated[
        int | None, Query(ge=YEARS.start, lt=YEARS.stop, description="Reported in this year (UTC).")
    ] = None,
    after: After = None,
    limit: Limit = 25,
) -> LogPage:
    """The school’s breach log (UK GDPR Art. 33(5)), the newest report first."""
    filters = LogFilter(finding=finding, year=year)
    page = paged(lambda: site.tocsin.views.log_page(frozenset({urn}), filters, after, limit))
    return LogPage(rows=page.rows, next=page.next)


@router.get("/schools/{urn}/review", response_model=GovernorsPeriod, responses=READ, operation_id="show_review")
def show_review(
    urn: ReviewedSchool,
    site: TheSite,
    begins_on: Annotated[Day, Query(alias="from", description="The first day.", examples=["2026-09-01"])],
    ends_on: Annotated[Day, Query(alias="to", description="The last day.", examples=["2026-12-31"])],
    as_at: AsAt = None,
) -> Response:
    """The governors’ review of a term or a year, with names left out."""
    if ends_on < begins_on:
        raise unclear(FieldProblem(where="query.to", what="is a day before “from”"))
    days = (begins_on, ends_on)
    made = of_period(site.tocsin, urn, days, as_at, published=False, opinion=False, progress=lambda *_: None)
    return Response(made["json"](), media_type="application/json")


def _numbers(site: Site, person: Person) -> list[str]:
    there = {path.stem for path in site.tocsin.schools.folder.glob("*.yaml")}
    held = {each.school for each in person.memberships}
    return sorted(there if EVERY_SCHOOL in held else there & held)


def _row(site: Site, person: Person, number: str) -> SchoolRow:
    roles = person.roles_at(number)
    try:
        school = site.tocsin.schools.school(number)
    except SchoolFileWrong:
        return SchoolRow(urn=number, name=None, zone=None, roles=roles)
    return SchoolRow(urn=number, name=school.name, zone=school.zone, roles=roles)
