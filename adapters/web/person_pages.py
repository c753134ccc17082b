"""One person, as whoever administers their school sees and changes them."""

from collections.abc import Callable
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from adapters.accounts.granting import give, keep_out, let_in, sign_out, take
from adapters.accounts.invitations import VALID, invite, path_of
from adapters.accounts.oversight import last_sign_in, link_refused, note_act
from adapters.accounts.people import EVERY_SCHOOL, Membership
from adapters.accounts.reach import GIVEN, Managed, managed, reach_of, within
from adapters.web.letting_in import is_fresh
from adapters.web.pages import Posted, page, see_other, typed
from adapters.web.school_names import school_name
from adapters.web.site import Missing, SignInFirst, Site, TheSite, Visitor, address_of, must_see
from domain.errors import Refused
from domain.roles import Role

router = APIRouter()

SAID = {
    "given": "The role was given.",
    "waits": "The role waits until they accept it. Make a one-time link for them.",
    "taken": "The role was taken away.",
    "kept_out": "They are kept out from now on.",
    "let_in": "They are let in again.",
    "signed_out": "They were signed out everywhere.",
}
"""What the page says after something was done."""


class LinkForYourself(Refused):
    """You cannot make a link for yourself; change how you sign in on the page of your own account."""


def administrator(visitor: Annotated[Visitor, Depends(must_see("people"))]) -> Visitor:
    """Somebody who manages the people of a school at least."""
    return visitor


Administrator = Annotated[Visitor, Depends(administrator)]


def must_be_fresh(site: Site, visitor: Visitor) -> None:
    """Raises `SignInFirst` for whoever signed in long ago: an unlocked screen must not give roles or accounts away."""
    if not is_fresh(site, visitor.session):
        raise SignInFirst


@router.get("/people/{person_id}")
def person_page(request: Request, site: TheSite, visitor: Administrator, person_id: str, done: str = "") -> Response:
    """Their roles at one's schools, and what can be done."""
    return _shown(request, site, visitor, _found(site, visitor, person_id), done=SAID.get(done, ""))


@router.post("/people/{person_id}")
def change_person(request: Request, site: TheSite, visitor: Administrator, person_id: str, form: Posted) -> Response:
    """Does what one of the page's buttons asks for."""
    found = _found(site, visitor, person_id)
    acts: dict[str, Callable[[], Response]] = {
        "give": lambda: _give(request, site, visitor, found, typed(form, "role"), typed(form, "school")),
        "keep_out": lambda: _keep_out(request, site, visitor, found),
        "let_in": lambda: _let_in(request, site, visitor, found),
        "sign_out": lambda: _sign_out(request, site, visitor, found),
        "link": lambda: link_page(request, site, visitor, found),
    }
    asked = typed(form, "do")
    try:
        if asked.startswith("take "):
            return _take(request, site, visitor, found, asked.removeprefix("take "))
        if asked not in acts:
            raise Missing
        return acts[asked]()
    except Refused as refusal:
        return _shown(request, site, visitor, found, errors={"roles": str(refusal)})


def _found(site: Site, visitor: Visitor, person_id: str) -> Managed:
    found = managed(site.accounts, reach_of(visitor.person), person_id)
    if found is None:
        raise Missing
    return found


def _give(request: Request, site: Site, visitor: Visitor, found: Managed, role: str, school: str) -> Response:
    must_be_fresh(site, visitor)
    reach, given = reach_of(visitor.person), {"role": role, "school": school}
    errors = {}
    if role not in set(GIVEN):
        errors["role"] = "Choose a role."
    every = reach is None and not school
    if not every and not (within(reach, school) and school_known(site, school)):
        errors["school"] = "Enter the number of a school that you administer."
    if errors:
        return _shown(request, site, visitor, found, errors=errors, given=given)
    membership = Membership(Role(role), EVERY_SCHOOL if every else school)
    waits = give(site.accounts, reach, found.id, [membership])
    what = "own_role_given" if found.id == visitor.person.id else "role_given"
    note_act(site.accounts, what, found.id, visitor.person, address_of(request), membership)
    return _done(found, "waits" if waits else "given")


def school_known(site: Site, school: str) -> bool:
    """Whether the register has a school of that number."""
    return school.isalnum() and school.isascii() and (site.tocsin.schools.folder / f"{school}.yaml").is_file()


def _take(request: Request, site: Site, visitor: Visitor, found: Managed, asked: str) -> Response:
    held = {f"{each.role} {each.school or ''}".strip(): Membership(each.role, each.school) for each in found.roles}
    if asked not in held:
        raise Missing
    take(site.accounts, reach_of(visitor.person), found.id, held[asked])
    note_act(site.accounts, "role_taken", found.id, visitor.person, address_of(request), held[asked])
    return _done(found, "taken") if _still_there(site, visitor, found) else see_other("/people")


def _keep_out(request: Request, site: Site, visitor: Visitor, found: Managed) -> Response:
    keep_out(site.accounts, reach_of(visitor.person), found.id, visitor.person.id)
    note_act(site.accounts, "kept_out", found.id, visitor.person, address_of(request))
    return _done(found, "kept_out") if _still_there(site, visitor, found) else see_other("/people")


def _let_in(request: Request, site: Site, visitor: Visitor, found: Managed) -> Response:
    let_in(site.accounts, reach_of(visitor.person), found.id)
    note_act(site.accounts, "let_in", found.id, visitor.person, address_of(request))
    return _done(found, "let_in")


def _sign_out(request: Request, site: Site, visitor: Visitor, found: Managed) -> Response:
    sign_out(site.accounts, reach_of(visitor.person), found.id, visitor.session)
    note_act(site.accounts, "signed_out_by", found.id, visitor.person, address_of(request))
    return _done(found, "signed_out")


def _still_there(site: Site, visitor: Visitor, found: Managed) -> bool:
    """Whether one sees the person still, after a change that may also have been to one's own rights."""
    now = site.accounts.person(visitor.person.id)
    return now.sees_anywhere("people") and managed(site.accounts, reach_of(now), found.id) is not None


def _done(found: Managed, what: str) -> Response:
    return see_other(f"/people/{found.id}?done={what}")


def link_page(request: Request, site: Site, visitor: Visitor, found: Managed, *, added: bool = False) -> HTMLResponse:
    """A new one-time link, shown this once. Every link passes here: sending it by e-mail as well belongs here."""
    must_be_fresh(site, visitor)
    by = visitor.person
    if found.id == by.id:
        raise LinkForYourself
    link = f"{site.public_url}{path_of(invite(site.accounts, found.id, by))}"
    note_act(site.accounts, "invitation_made", found.id, by, address_of(request))
    zone = zone_of(site, found.roles[0].school if found.roles else None)
    ends_at = site.now() + VALID
    return page(request, "people/link.html", found=found, link=link, added=added, ends_at=ends_at, zone=zone)


def zone_of(site: Site, school: str | None) -> ZoneInfo:
    """The zone in which a school's people read a clock; London's for every school."""
    return site.school(school).timezone if school and school_known(site, school) else ZoneInfo("Europe/London")


def _shown(
    request: Request,
    site: Site,
    visitor: Visitor,
    found: Managed,
    done: str = "",
    errors: dict[str, str] | None = None,
    given: dict[str, str] | None = None,
) -> HTMLResponse:
    reach = reach_of(visitor.person)
    only = next(iter(reach)) if reach and len(reach) == 1 else ""
    return page(
        request,
        "people/person.html",
        422 if errors else 200,
        found=found,
        held=[(each, school_name(site, each.school)) for each in found.roles],
        oneself=found.id == visitor.person.id,
        fresh=is_fresh(site, visitor.session),
        refused=found.state != "disabled" and link_refused(site.accounts, reach, found.id),
        roles=GIVEN,
        every_school=reach is None,
        last=last_sign_in(site.accounts, reach, found.id),
        zone=zone_of(site, found.roles[0].school if found.roles else None),
        given=given or {"role": "", "school": only},
        done=done,
        errors=errors or {},
    )
