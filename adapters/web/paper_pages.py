"""The governors' and the DPO's papers: a school's term or year on the page, and the same as files."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from adapters.documents.period_paper import period_paper
from adapters.governors_papers import for_governors
from adapters.review_papers import FORMATS, of_period
from adapters.web.log_pages import as_file
from adapters.web.pages import page
from adapters.web.school_pages import of_school
from adapters.web.served_schools import name_of, numbers_seeing
from adapters.web.site import Missing, Site, TheSite, TheVisitor, Visitor, must_see, school_for
from domain.errors import Refused
from domain.quantities import YEARS
from domain.school import School
from projections.period_review import PeriodReview, period_review
from projections.periods import Period, day_of
from projections.publication import SHORTEST
from projections.words import day, short_day

router = APIRouter()

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}
SCHOOLS_A_PAGE = 25
ONE_DAY = timedelta(days=1)
TERMS = (("Autumn term", 9, 12), ("Spring term", 1, 4), ("Summer term", 5, 8))
"""Four months each, so that terms can be compared; the dates on the page can be changed to a school’s own."""
YEAR_BEGINS = 9

ReviewedSchool = Annotated[School, Depends(school_for("governors_review"))]


class NotAPeriod(Refused):
    """Give the first and the last day of the period as dates such as 2026-09-01, the first one first."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A period that is often asked for."""

    name: str
    period: Period

    @property
    def query(self) -> str:
        """The same in an address."""
        return query(self.period)

    @property
    def dates(self) -> str:
        """From when to when."""
        return f"{short_day(self.period.begins_on)} to {short_day(self.period.ends_on)}"


def query(period: Period) -> str:
    """A period in an address."""
    return f"from={period.begins_on}&to={period.ends_on}"


def presets(today: date) -> list[Preset]:
    """This term and the two before it, this school year and the one before it: the newest first."""
    year = today.year if today.month >= YEAR_BEGINS else today.year - 1
    terms = [
        Preset(f"{name} {of}", _months(of, first, last))
        for of in (today.year, today.year - 1)
        for name, first, last in sorted(TERMS, key=lambda term: term[1], reverse=True)
    ]
    begun = [each for each in terms if each.period.begins_on <= today]
    years = [
        Preset(f"School year {of} to {of + 1}", Period(begins_on=date(of, 9, 1), ends_on=date(of + 1, 8, 31)))
        for of in (year, year - 1)
    ]
    return [*begun[:3], *years]


def _months(year: int, first: int, last: int) -> Period:
    after = date(year + last // 12, last % 12 + 1, 1)
    return Period(begins_on=date(year, first, 1), ends_on=after - ONE_DAY)


@router.get("/papers")
def papers(
    request: Request,
    site: TheSite,
    visitor: Annotated[Visitor, Depends(must_see("governors_review"))],
    school: str = "",
    number: int = 1,
) -> HTMLResponse:
    """The schools whose papers somebody is shown, with the periods that are often asked for."""
    numbers, typed = numbers_seeing(site, visitor.person, "governors_review"), school.strip().upper()
    errors = {}
    if typed and typed not in numbers:
        errors["school"] = "There is no school of that number whose papers you are shown; check the number."
    found = [each for each in numbers if typed in ("", each)]
    pages = max(-(-len(found) // SCHOOLS_A_PAGE), 1)
    place = min(max(number, 1), pages)
    shown = found[(place - 1) * SCHOOLS_A_PAGE : place * SCHOOLS_A_PAGE]
    return page(
        request,
        "papers/papers.html",
        422 if errors else 200,
        schools=[(each, name_of(site, each)) for each in shown],
        presets=presets(site.now().date()),
        many=len(numbers) > SCHOOLS_A_PAGE,
        typed=school,
        place=place,
        pages=pages,
        errors=errors,
    )


@router.get("/schools/{urn}/review")
def review(request: Request, site: TheSite, visitor: TheVisitor, school: ReviewedSchool) -> HTMLResponse:
    """The review of a period on the page, without the names that somebody typed."""
    asked, person = request.query_params, visitor.person
    offered = presets(day_of(site.now(), school.timezone))
    begins_on, ends_on = asked.get("from", ""), asked.get("to", "")
    period, errors = offered[0].period, {}
    if begins_on or ends_on:
        try:
            period = _period(begins_on, ends_on)
        except NotAPeriod as wrong:
            errors["from"] = str(wrong)
    given = {"from": begins_on, "to": ends_on} if errors else {"from": period.begins_on, "to": period.ends_on}
    context: dict[str, Any] = {"presets": offered, "given": given, "errors": errors}
    context["link"] = _incident_link(visitor, school)
    context["may"] = {command: person.role_for(school.id, command) for command in ("give_opinion", "record_training")}
    if not errors:
        found = for_governors(read_review(site, school, period), school)
        paper = period_paper(found, school, site.tocsin.log.code())
        context |= {"paper": paper, "query": query(period), "publishable": _publishable(found), "drawn": drawn}
        context |= {"opinion_is_of": paper["opinion"] and _covers(found)}
    return page(request, "papers/review.html", 422 if errors else 200, **context, **of_school(school))


@router.get("/schools/{urn}/review.{fmt}")
def review_file(
    fmt: str,
    request: Request,
    site: TheSite,
    school: ReviewedSchool,
    published: bool = False,
    with_opinion: bool = False,
) -> Response:
    """The same review as a file, or what of it may be published."""
    if fmt not in FORMATS:
        raise Missing
    period = _period(request.query_params.get("from", ""), request.query_params.get("to", ""))
    days = (period.begins_on, period.ends_on)
    made = of_period(
        site.tocsin, school.id, days, None, published=published, opinion=with_opinion, progress=lambda _done, _of: None
    )
    kind = "published-review" if published else "review"
    return as_file(made[fmt](), f"{kind}-{school.id}-{days[0]}-to-{days[1]}.{fmt}", MEDIA_TYPES[fmt])


def read_review(site: Site, school: School, period: Period) -> PeriodReview:
    """The review of the period as the log stands now, with everything that people typed."""
    tocsin = site.tocsin
    incidents = [tocsin.incident(ref) for ref in tocsin.log.incidents(school.id)]
    record, days = tocsin.school_record(school.id), (period.begins_on, period.ends_on)
    return period_review(school.id, incidents, record, *days, school.timezone, as_at=site.now())


def drawn(chart: dict[str, str]) -> Markup:
    """A chart as part of the page. It holds numbers and words from closed lists, escaped where it is drawn."""
    return Markup(chart["svg"].replace("<svg ", '<svg role="img" class="chart" ', 1))  # noqa: S704


def _period(begins_on: str, ends_on: str) -> Period:
    try:
        first, last = date.fromisoformat(begins_on.strip()), date.fromisoformat(ends_on.strip())
    except ValueError:
        raise NotAPeriod from None
    if first > last or not {first.year, last.year} <= set(YEARS):
        raise NotAPeriod
    return Period(begins_on=first, ends_on=last)


def _publishable(found: PeriodReview) -> str:
    """Why the review cannot be published; empty where it can be."""
    if found.days < SHORTEST:
        return "A review for publication covers a term or a year: five weeks or more."
    if not found.over:
        return f"The period is not over: what may be published can be made after {day(found.ends_on)}."
    return ""


def _covers(found: PeriodReview) -> bool:
    said = found.opinion
    return said is not None and (said.begins_on, said.ends_on) == (found.begins_on, found.ends_on)


def _incident_link(visitor: Visitor, school: School) -> str:
    """Where a reference leads: governors are shown the sheet without names."""
    return "/incidents/" if visitor.person.sees_at(school.id, "incident") else "/escalations/"
