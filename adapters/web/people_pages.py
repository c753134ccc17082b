"""The people of the schools that somebody administers: the list, adding somebody, and the log of sign-ins.

The answer to adding an address that belongs to somebody of another school is the same as to a new one, in what is said,
on the person's page and in the one-time link: adapters/accounts/granting.py and adapters/accounts/invitations.py say
how. What cannot be hidden is what happens to whoever opens the link in that person's place and sends a good password
with it: a new account opens, and one that is there already stays shut. The log of sign-ins keeps whose link it
was, and the person's page says from then on who can help.
"""

import re
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from adapters.accounts.granting import AlreadyThere, add
from adapters.accounts.oversight import KINDS, USES_OF_LINKS, lines, note_act
from adapters.accounts.people import EVERY_SCHOOL, Membership
from adapters.accounts.reach import GIVEN, PAGE, Chosen, Reach, listed, managed, reach_of
from adapters.schools import NoSuchSchool
from adapters.web import person_pages, token_pages
from adapters.web.invitation_pages import first_errors
from adapters.web.pages import Posted, page, typed
from adapters.web.person_pages import link_page, must_be_fresh, zone_of
from adapters.web.school_names import school_name
from adapters.web.site import Site, TheSite, Visitor, address_of, must_see
from domain.roles import Role

router = APIRouter()

MOST_AT_ONCE = 3000
"""Roles given with one form: a thousand schools with three roles each."""
SCHOOL_NUMBER = re.compile(r"[A-Za-z0-9]{1,20}")

Administrator = Annotated[Visitor, Depends(must_see("people"))]
Overseer = Annotated[Visitor, Depends(must_see("sign_ins"))]


@router.get("/people")
def people(request: Request, site: TheSite, visitor: Administrator) -> Response:
    """Whom one manages, by name, fifty on a page; one school or one role alone where that is asked for."""
    asked = request.query_params
    chosen = Chosen(_number(asked.get("school")), _role(asked.get("role")))
    return _list_page(request, site, visitor, chosen, _page(asked.get("page")))


@router.post("/people")
def find(request: Request, site: TheSite, visitor: Administrator, form: Posted) -> Response:
    """The same by a part of the name or the address, which must not stand in an address of this site."""
    return _list_page(request, site, visitor, Chosen(text=typed(form, "find")[:100]), 1)


def _list_page(request: Request, site: Site, visitor: Visitor, chosen: Chosen, number: int) -> HTMLResponse:
    reach = reach_of(visitor.person)
    found, total = listed(site.accounts, reach, chosen, number)
    query = {"school": chosen.school or "", "role": chosen.role or ""}
    shown = {name: value for name, value in query.items() if value}
    return page(
        request,
        "people/list.html",
        found=[(each, _roles_in_short(site, each.roles)) for each in found],
        total=total,
        chosen=chosen,
        roles=GIVEN,
        every_school=reach is None,
        number=number,
        first=(number - 1) * PAGE + 1,
        before=_people_path(shown, number - 1) if number > 1 else None,
        after=_people_path(shown, number + 1) if number * PAGE < total and not chosen.text else None,
    )


def _people_path(shown: dict[str, Any], number: int) -> str:
    return f"/people?{urlencode({**shown, 'page': number})}"


SHORT = 3
"""Roles of one person in the list; the others are on the person's page."""


def _roles_in_short(site: Site, roles: Any) -> tuple[list[tuple[Role, str]], int]:
    return [(each.role, school_name(site, each.school)) for each in roles[:SHORT]], max(0, len(roles) - SHORT)


@router.get("/people/new")
def new_person(request: Request, site: TheSite, visitor: Administrator) -> Response:
    """The form for somebody new."""
    must_be_fresh(site, visitor)
    reach = reach_of(visitor.person)
    only = next(iter(reach)) if reach and len(reach) == 1 else ""
    return _new_page(request, reach, {"schools": only, "roles": [], "name": "", "email": "", "every": False})


@router.post("/people/new")
def add_person(request: Request, site: TheSite, visitor: Administrator, form: Posted) -> Response:
    """Gives the roles, and shows the one-time link with which they are accepted."""
    must_be_fresh(site, visitor)
    reach = reach_of(visitor.person)
    given = _given(form)
    errors = first_errors(given["name"], given["email"])
    roles, wrong = asked_roles(site, reach, given)
    errors |= wrong
    if errors:
        return _new_page(request, reach, given, errors)
    try:
        id_ = add(site.accounts, reach, given["email"], given["name"], roles)
    except AlreadyThere as refusal:
        return _new_page(request, reach, given, {"email": str(refusal)})
    for role in roles:
        note_act(site.accounts, "role_given", id_, visitor.person, address_of(request), role)
    found = managed(site.accounts, reach, id_)
    assert found is not None
    return link_page(request, site, visitor, found, added=True)


def _given(form: FormData) -> dict[str, Any]:
    return {
        "name": typed(form, "name"),
        "email": typed(form, "email"),
        "roles": [str(each) for each in form.getlist("roles")],
        "schools": typed(form, "schools")[:30_000],
        "every": typed(form, "every") == "yes",
    }


def asked_roles(site: Site, reach: Reach, given: dict[str, Any]) -> tuple[list[Membership], dict[str, str]]:
    """The roles of a form at its schools, and what is wrong with them by field."""
    roles = [role for role in GIVEN if role in given["roles"]]
    errors: dict[str, str] = {}
    if not roles:
        errors["roles"] = "Choose at least one role."
    if reach is None and given["every"]:
        return [Membership(role, EVERY_SCHOOL) for role in roles], errors
    numbers = list(dict.fromkeys(SCHOOL_NUMBER.findall(given["schools"])))
    if not numbers:
        errors["schools"] = "Enter the number of at least one school."
    elif len(numbers) * len(roles) > MOST_AT_ONCE:
        errors["schools"] = f"That gives more than {MOST_AT_ONCE:,} roles; give them in several steps."
    else:
        strange = [number for number in numbers if not _administered(site, reach, number)]
        if strange:
            errors["schools"] = f"You administer no school with the number {strange[0]}; correct it or leave it out."
    return [Membership(role, number) for number in numbers for role in roles], errors


def _administered(site: Site, reach: Reach, number: str) -> bool:
    if reach is not None and number not in reach:
        return False
    try:
        site.tocsin.schools.known(number)
    except NoSuchSchool:
        return False
    return True


def _new_page(request: Request, reach: Reach, given: dict[str, Any], errors: dict[str, str] | None = None) -> Response:
    status = 422 if errors else 200
    return page(
        request, "people/new.html", status, given=given, errors=errors or {}, roles=GIVEN, every_school=reach is None
    )


@router.get("/people/sign-ins")
def sign_ins(request: Request, site: TheSite, visitor: Overseer) -> Response:
    """What happened to the accounts of the people of one's schools, the newest first."""
    reach, asked = visitor.person.schools_seeing("sign_ins"), request.query_params
    before = int(asked["before"]) if asked.get("before", "").isdecimal() and len(asked["before"]) < 19 else None
    what = asked.get("what") if asked.get("what") in KINDS else None
    person = asked.get("person") or None
    found = lines(site.accounts, reach, before, person, what, PAGE + 1)
    shown, query = found[:PAGE], {name: value for name, value in (("person", person), ("what", what)) if value}
    older = f"/people/sign-ins?{urlencode({**query, 'before': shown[-1].number})}" if len(found) > PAGE else None
    return page(
        request,
        "people/sign_ins.html",
        found=[(each, school_name(site, each.role.school) if each.role else "") for each in shown],
        kinds=KINDS,
        uses_of_links=USES_OF_LINKS,
        what=what,
        filtered=person,
        older=older,
        newest=f"/people/sign-ins?{urlencode(query)}" if before is not None else None,
        zone=zone_of(site, next(iter(sorted(reach)), None) if reach else None),
        names_link=visitor.person.sees_anywhere("people"),
    )


def _number(text: str | None) -> str | None:
    return text.strip() if text and SCHOOL_NUMBER.fullmatch(text.strip()) else None


def _role(text: str | None) -> Role | None:
    return Role(text) if text in set(GIVEN) else None


def _page(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 7 else 1


router.include_router(token_pages.router)
router.include_router(person_pages.router)
