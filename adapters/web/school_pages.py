"""One school: who is reached there, its limits in words, its reporting page and the poster for it, and its colour."""

from collections.abc import Iterable
from io import BytesIO
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from adapters.accounts.report_links import link_of, rotate_link
from adapters.governors_papers import for_governors
from adapters.web.pages import Posted, page, see_other
from adapters.web.served_schools import name_of, numbers_where
from adapters.web.site import Missing, Site, TheSite, TheVisitor, address_of, school_for
from domain.errors import Refused
from domain.events.school import OpinionGiven, TrainingRecorded
from domain.policy import Policy
from domain.roles import Role, sees
from domain.school import School
from domain.steps import Step
from projections.words import ROLES, capitalised, plural

router = APIRouter()

VIEWS = ("breach_log", "report_link", "governors_review")
"""Whoever is shown one of these of a school is shown the school itself."""
DAY, LONG = 24, 7 * 24
"""Hours: of a day, and from which on a time is said in days."""
LATEST = 10
"""How many records of training and opinions are listed; the newest first."""

LISTED = 100
"""How many schools a list shows; of more, a part of the name or number is typed."""


def school_shown(urn: str, site: TheSite, visitor: TheVisitor) -> School:
    """The school in the path, for whoever is shown any of its lists; `Missing` otherwise."""
    if not any(visitor.person.sees_at(urn, view) for view in VIEWS):
        raise Missing
    return site.school(urn)


ShownSchool = Annotated[School, Depends(school_shown)]
LinkedSchool = Annotated[School, Depends(school_for("report_link"))]


@router.get("/schools")
def schools(request: Request, site: TheSite, visitor: TheVisitor, find: str = "") -> HTMLResponse:
    """The schools whose page this person may open, by name; those alone that have what was typed in name or number."""
    person, part = visitor.person, " ".join(find.split()).casefold()
    if not any(person.sees_anywhere(view) for view in VIEWS):
        raise Missing
    known = [(number, name_of(site, number)) for number in numbers_where(site, person, _shown_the_school)]
    found = [each for each in known if part in each[0].casefold() or part in each[1].casefold()]
    found.sort(key=lambda each: (each[1].casefold(), each[0]))
    return page(
        request,
        "school/list.html",
        schools=found[:LISTED],
        found=len(found),
        every=len(known),
        typed=find,
    )


def _shown_the_school(role: Role) -> bool:
    return any(sees(role, view) for view in VIEWS)


@router.get("/schools/{urn}")
def school_page(
    request: Request, site: TheSite, visitor: TheVisitor, school: ShownSchool, done: str = ""
) -> HTMLResponse:
    """What is kept of a school, and where its papers are."""
    person, record = visitor.person, site.tocsin.school_record(school.id)
    sees_opinions = person.sees_at(school.id, "governors_review")
    training = [event.fact for event in record if isinstance(event.fact, TrainingRecorded)]
    opinions = [(event.recorded_at, event.fact) for event in record if isinstance(event.fact, OpinionGiven)]
    context: dict[str, Any] = {
        "contacts": [(ROLES[role], contact) for role, contact in school.contacts.items()],
        "limits": limits_in_words(school.policy),
        "report_address": _address(site, school) if person.sees_at(school.id, "report_link") else None,
        "sees": {view: person.sees_at(school.id, view) for view in VIEWS},
        "may": {command: person.role_for(school.id, command) for command in ("record_training", "give_opinion")},
        "may_report": person.role_for(school.id, "report_incident"),
        "training": sorted(training, key=lambda said: said.on, reverse=True)[:LATEST],
        "opinions": [(at, for_governors(said, school)) for at, said in reversed(opinions)][:LATEST]
        if sees_opinions
        else [],
        "done": done,
    }
    return page(request, "school/school.html", **context, **of_school(school))


@router.post("/schools/{urn}/report-link")
def new_link(request: Request, site: TheSite, visitor: TheVisitor, school: LinkedSchool, _: Posted) -> Response:
    """Gives the reporting page a new address; the old one stops at once."""
    rotate_link(site.accounts, school.id)
    site.accounts.note("report_link_changed", visitor.person.id, address_of(request), school.id)
    return see_other(f"/schools/{school.id}?done=report_link#reporting")


@router.get("/schools/{urn}/poster")
def poster(request: Request, site: TheSite, school: LinkedSchool) -> HTMLResponse:
    """A page to print and hang up in the staff room."""
    address = _address(site, school)
    return page(request, "school/poster.html", address=address, picture=qr_code(address), **of_school(school))


@router.get("/brand/{urn}.css")
def brand(urn: str, site: TheSite) -> Response:
    """The colour of a school, for whoever asks: also the reporting page wears it, which needs no account."""
    try:
        colour = site.school(urn).colour
    except Refused:
        colour = None
    if colour is None:
        raise Missing
    css = f":root{{--govuk-brand-colour:{colour}}}\n"
    return Response(css, media_type="text/css", headers={"Cache-Control": "public, max-age=300"})


def of_school(school: School) -> dict[str, Any]:
    """What every page about one school is given."""
    return {"school": school, "zone": school.timezone, "brand": school.id if school.colour else None}


def qr_code(address: str) -> Markup:
    """The address as a picture that a telephone reads: an SVG without styles, so that the content policy lets it be."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, svgclass=None, lineclass=None, scale=1
    )
    svg = out.getvalue().decode()
    return Markup(svg.replace("<svg ", '<svg role="img" aria-label="The address as a QR code" class="qr" ', 1))  # noqa: S704


def limits_in_words(policy: Policy) -> list[tuple[str, str]]:
    """The limits that a school set for itself, as people say them."""
    late = plural(policy.measures_escalated_days_after, "day")
    return [
        ("Reminders, after the school became aware", _hours(policy.reminders_after_awareness)),
        ("Reminders go to", _and(ROLES[role] for role in policy.reminders_to)),
        ("A missing decision is told, before the 72 hours end", _hours(policy.decision_missing_before_deadline)),
        ("Escalations go to", ROLES[policy.escalate_to]),
        *((f"Nothing happens in the step “{step}”", _hours([policy.standstill[step]])) for step in Step),
        ("Owners of measures are reminded", _days_before(policy.measures_chased_days_before)),
        (
            "Overdue measures are escalated",
            f"{late} after they were due" if late else "On the day on which they are due",
        ),
        ("Complaints are called to mind, before the 30 days end", _days_before(policy.complaints_chased_days_before)),
    ]


def _hours(hours: Iterable[float]) -> str:
    """Whole days as days, where that is shorter."""
    said = [f"{each / DAY:g} days" if each >= LONG and each % DAY == 0 else f"{each:g}" for each in sorted(hours)]
    listed = _and(said)
    return listed if listed.endswith("days") else f"{listed} {'hour' if listed == '1' else 'hours'}"


def _days_before(days: Iterable[int]) -> str:
    return _and("on the day" if each == 0 else f"{plural(each, 'day')} before" for each in sorted(days, reverse=True))


def _and(said: Iterable[str]) -> str:
    *others, last = said
    return capitalised(f"{', '.join(others)} and {last}" if others else last)


def _address(site: Site, school: School) -> str:
    return f"{site.public_url}/report/{link_of(site.accounts, school.id)}"
