"""One-time links: whoever holds one chooses a password and is signed in, or accepts what it brings."""

import re
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from adapters.accounts.invitations import (
    AddressTaken,
    Invitation,
    LinkDoesNotWork,
    SignInAsBefore,
    opened,
    path_of,
    use_signed_in,
    use_to_open,
)
from adapters.accounts.oversight import note_act
from adapters.accounts.passwords import PasswordRefused, TooBusy
from adapters.accounts.people import Membership, Person
from adapters.web.letting_in import signed_in
from adapters.web.oidc_pages import offers_with
from adapters.web.pages import Posted, page, see_other, typed
from adapters.web.school_names import school_name
from adapters.web.site import Site, TheSite, address_of, session_of

router = APIRouter()

WRONG_LINKS = "30/15 minute"
"""Wrong links from one address. Nobody guesses 256 bits; the limit keeps trying from being free."""
USES = "60/15 minute"
"""Forms sent with links from one address, each of which costs the hashing of a password."""
ADDRESS = re.compile(r"[^@\s,;<>\x00-\x1f]+@[^@\s,;<>\x00-\x1f]+")
LONGEST_ADDRESS, LONGEST_NAME = 254, 100
UNREFERRED = {"Referrer-Policy": "no-referrer"}
"""The address of the page is itself a secret."""


@router.get("/invitation/{token}")
def invitation_page(request: Request, token: str, site: TheSite) -> Response:
    """What the link is for, and the form to use it with."""
    invitation = _invitation(site, request, token)
    return _gone(request) if invitation is None else _shown(request, site, invitation, token)


@router.post("/invitation/{token}")
def use_invitation(request: Request, token: str, site: TheSite, form: Posted) -> Response:
    """Uses the link up: with a new password, or by whoever signed in as the person whom it invites."""
    site.limiter.spend(USES, "invitation", address_of(request))
    invitation = _invitation(site, request, token)
    if invitation is None:
        return _gone(request)
    if typed(form, "do") == "accept":
        return _accepted(request, site, invitation)
    password, name, email = str(form.get("password") or ""), typed(form, "name"), typed(form, "email")
    errors = first_errors(name, email) if invitation.first else {}
    given = {"name": name, "email": email}
    if errors:
        return _shown(request, site, invitation, token, errors, given)
    try:
        person = use_to_open(site.accounts, invitation, password, name, email, address_of(request))
    except (PasswordRefused, SignInAsBefore, TooBusy) as refusal:
        if isinstance(refusal, SignInAsBefore):
            note_act(site.accounts, "invitation_refused", invitation.person.id, invitation.by, address_of(request))
        sentence = str(refusal) or TooBusy.__doc__ or ""
        return _shown(request, site, invitation, token, {"password": sentence}, given)
    except AddressTaken as refusal:
        return _shown(request, site, invitation, token, {"email": str(refusal)}, given)
    except LinkDoesNotWork:
        return _gone(request)
    return signed_in(request, person, "/", strong=False, note="password")


def _accepted(request: Request, site: Site, invitation: Invitation) -> Response:
    person = invited_here(request, invitation)
    if person is None:
        return see_other(request.url.path)
    try:
        use_signed_in(site.accounts, invitation, person, address_of(request))
    except LinkDoesNotWork:
        return _gone(request)
    return see_other("/")


def invited_here(request: Request, invitation: Invitation) -> Person | None:
    """The person whom a link invites, where this browser has signed in as them."""
    session = session_of(request)
    if session is None or not session.enough or session.person.id != invitation.person.id:
        return None
    return session.person


def first_errors(name: str, email: str) -> dict[str, str]:
    """What is wrong with a name and an address, by field."""
    errors = {}
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        errors["name"] = f"Enter a name of at most {LONGEST_NAME} characters."
    if not ADDRESS.fullmatch(email) or len(email) > LONGEST_ADDRESS:
        errors["email"] = "Enter an e-mail address, such as name@example.sch.uk."
    return errors


def _invitation(site: Site, request: Request, token: str) -> Invitation | None:
    found = opened(site.accounts, token)
    if found is None:
        site.limiter.spend(WRONG_LINKS, "invitation-wrong", address_of(request))
    return found


def _gone(request: Request) -> HTMLResponse:
    answer = page(request, "invitation/gone.html", 404)
    answer.headers.update(UNREFERRED)
    return answer


def _shown(
    request: Request,
    site: Site,
    invitation: Invitation,
    token: str,
    errors: dict[str, str] | None = None,
    given: dict[str, str] | None = None,
) -> HTMLResponse:
    roles = dict.fromkeys((*invitation.holds, *invitation.brings))
    context: dict[str, Any] = {
        "invitation": invitation,
        "roles": [(each.role, school_name(site, each.school)) for each in roles],
        "zone": _zone(site, next(iter(roles), None)),
        "accepting": invited_here(request, invitation) is not None and bool(invitation.brings),
        "providers": [] if invitation.first else offers_with(site, token),
        "sign_in": f"/sign-in?next={path_of(token)}",
        "given": given or {},
        "errors": errors or {},
    }
    answer = page(request, "invitation/open.html", 422 if errors else 200, **context)
    answer.headers.update(UNREFERRED)
    return answer


def _zone(site: Site, role: Membership | None) -> ZoneInfo:
    if role is None or role.school is None:
        return ZoneInfo("Europe/London")
    return site.school(role.school).timezone
