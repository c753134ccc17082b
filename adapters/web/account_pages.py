"""One's own account: who one is, the ways of signing in, and where one is signed in."""

import hmac
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from adapters.accounts import Person, Session
from adapters.accounts.passkeys import RelyingParty, remove_passkey
from adapters.accounts.passwords import PasswordRefused, TooBusy, has_password, is_password, set_password
from adapters.accounts.signing_in import may_remove_app, may_remove_passkey, second_factors
from adapters.accounts.tokens import tokens_of
from adapters.accounts.totp import confirm_app, remove_app
from adapters.schools import NoSuchSchool, SchoolFileWrong
from adapters.web import oidc_pages
from adapters.web.app_setup import WRONG_NEW_CODE, app_setup
from adapters.web.letting_in import is_fresh, let_in
from adapters.web.limiting import TooOften
from adapters.web.pages import Posted, page, see_other, typed
from adapters.web.school_names import school_name
from adapters.web.site import Missing, SignInFirst, Site, TheSite, TheVisitor, Visitor, address_of
from adapters.web.tries import CODE, PASSWORD, tries_of
from domain.roles import Role
from projections.words import ROLES, capitalised

router = APIRouter()

MANY_ROLES = 12
"""More lines than that are folded away."""
WRONG_PASSWORD = "That is not your password of today."  # noqa: S105 - a sentence
SAID = {
    "password": "Your password was changed. You were signed out everywhere else.",
    "app": "Your app was set up. You were signed out everywhere else.",
    "passkey": "Your passkey was added. You were signed out everywhere else.",
    "removed": "That way of signing in was removed. You were signed out everywhere else.",
    "sessions": "You were signed out there.",
}
"""What the account's page says after something was done."""
TOKENS_ENDED = "The tokens that you had made for programs work no more."


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser in which one is signed in. `handle` names it in a form; it opens nothing."""

    handle: str
    session: Session
    here: bool


def fresh(site: TheSite, visitor: TheVisitor) -> Visitor:
    """Somebody who signed in a short while ago: others are asked to do it again before a way of signing in changes."""
    if not is_fresh(site, visitor.session):
        raise SignInFirst
    return visitor


FreshVisitor = Annotated[Visitor, Depends(fresh)]


@router.get("/account")
def account(request: Request, site: TheSite, visitor: TheVisitor, done: str = "", tokens: str = "") -> Response:
    """Who one is here, and what one can change."""
    person, accounts = visitor.person, site.accounts
    roles, said = _roles(site, person), SAID.get(done, "")
    return page(
        request,
        "account/account.html",
        zone=_zone(site, person),
        done=f"{said} {TOKENS_ENDED}" if said and tokens == "ended" else said,
        roles=roles,
        many_roles=len(roles) > MANY_ROLES,
        password=has_password(accounts, person.id),
        factors=second_factors(accounts, person.id),
        app_removable=may_remove_app(accounts, person),
        passkey_removable=may_remove_passkey(accounts, person),
        sessions=_open_sessions(site, visitor),
        providers=oidc_pages.providers(site),
        passkeys_possible=RelyingParty.at(site.public_url).possible,
    )


def _done(what: str, *, tokens_ended: bool) -> str:
    """The account's page, which says what was done."""
    return f"/account?done={what}{'&tokens=ended' if tokens_ended else ''}"


def _tokens_end(site: Site, visitor: Visitor) -> bool:
    """Whether a new password ends tokens of theirs."""
    return bool(tokens_of(site.accounts, visitor.person.id))


def _tokens_end_with_second_step(site: Site, visitor: Visitor) -> bool:
    """Whether a new second step ends tokens of theirs: the first one does."""
    return not site.accounts.has_second_factor(visitor.person.id) and _tokens_end(site, visitor)


def _roles(site: Site, person: Person) -> list[tuple[str, str]]:
    """The roles, each with the school at which it is held."""
    order = list(Role)
    held = sorted(person.memberships, key=lambda each: (each.school or "", order.index(each.role)))
    return [(ROLES[each.role], capitalised(school_name(site, each.school))) for each in held]


def _zone(site: Site, person: Person) -> ZoneInfo:
    """The zone of the first of their schools."""
    for each in person.memberships:
        with suppress(NoSuchSchool, SchoolFileWrong):
            if each.school:
                return site.tocsin.schools.school(each.school).timezone
    return ZoneInfo("Europe/London")


@router.get("/account/password")
def password_page(request: Request, site: TheSite, visitor: TheVisitor) -> Response:
    """The form for a new password."""
    return _password_page(request, site, visitor)


@router.post("/account/password")
def change_password(request: Request, site: TheSite, visitor: TheVisitor, form: Posted) -> Response:
    """Asks for the one of today, and signs out everywhere else."""
    person, address = visitor.person, address_of(request)
    # Both fields bear the one name that is never given back when a form has to be sent again (faults.py).
    now_used, wanted = [*(text for text in form.getlist("password") if isinstance(text, str)), "", ""][:2]
    if not has_password(site.accounts, person.id):
        raise Missing
    if errors := _missing_in(now_used, wanted):
        return _password_page(request, site, visitor, errors)
    tokens_end, this = _tokens_end(site, visitor), tries_of(request, PASSWORD, person.email, person).begin()
    try:
        right = is_password(site.accounts, person, now_used)
    except TooBusy as busy:
        this.unchecked()
        raise TooOften(busy.__doc__) from busy
    if not right:
        site.accounts.note("password_wrong", person.id, address, "account")
        return _password_page(request, site, visitor, {"password": WRONG_PASSWORD})
    this.succeeded()
    try:
        set_password(site.accounts, person.id, wanted)
    except PasswordRefused as refusal:
        return _password_page(request, site, visitor, {"new_password": str(refusal)})
    except TooBusy as busy:
        raise TooOften(busy.__doc__) from busy
    _end_others(request, site, visitor, "password_changed")
    return see_other(_done("password", tokens_ended=tokens_end))


def _missing_in(now_used: str, wanted: str) -> dict[str, str]:
    asked = {"password": (now_used, "Enter your password of today."), "new_password": (wanted, "Enter a new password.")}
    return {field: sentence for field, (text, sentence) in asked.items() if not text}


def _password_page(request: Request, site: Site, visitor: Visitor, errors: dict[str, str] | None = None) -> Response:
    if not has_password(site.accounts, visitor.person.id):
        raise Missing
    ending = _tokens_end(site, visitor)
    return page(request, "account/password.html", 422 if errors else 200, errors=errors or {}, tokens_end=ending)


@router.get("/account/app")
def new_app(request: Request, site: TheSite, visitor: FreshVisitor) -> Response:
    """Sets an app up, in place of the one before."""
    return _app_page(request, site, visitor)


@router.post("/account/app")
def take_new_app(request: Request, site: TheSite, visitor: FreshVisitor, form: Posted) -> Response:
    """The first code of the new app."""
    person, tokens_end = visitor.person, _tokens_end_with_second_step(site, visitor)
    this = tries_of(request, CODE, person.id, person).begin()
    if not confirm_app(site.accounts, site.tocsin.keys, visitor.session, typed(form, "code")):
        return _app_page(request, site, visitor, WRONG_NEW_CODE)
    this.succeeded()
    _end_others(request, site, visitor, "second_factor_added", "app")
    answer = see_other(_done("app", tokens_ended=tokens_end))
    let_in(request, answer, person, strong=True)
    return answer


def _app_page(request: Request, site: Site, visitor: Visitor, error: str = "") -> Response:
    errors = {"code": error} if error else {}
    setup = app_setup(site, visitor.session)
    had = second_factors(site.accounts, visitor.person.id).app
    return page(
        request,
        "account/app.html",
        422 if errors else 200,
        errors=errors,
        setup=setup,
        had=had,
        tokens_end=_tokens_end_with_second_step(site, visitor),
    )


@router.get("/account/passkeys/new")
def new_passkey(request: Request, site: TheSite, visitor: FreshVisitor) -> Response:
    """Adds a passkey; the browser's script does it."""
    ending = _tokens_end_with_second_step(site, visitor)
    return page(
        request,
        "account/passkey.html",
        passkeys_possible=RelyingParty.at(site.public_url).possible,
        tokens_end=ending,
        done=_done("passkey", tokens_ended=ending),
    )


@router.get("/account/app/remove")
def remove_app_page(request: Request, site: TheSite, visitor: FreshVisitor) -> Response:
    """Asks before the app is removed."""
    return _removal_page(request, site, visitor, "app")


@router.post("/account/app/remove")
def take_app_away(request: Request, site: TheSite, visitor: FreshVisitor, _: Posted) -> Response:
    """Removes the app; never the last second step of somebody who needs one."""
    if refused := _kept(request, site, visitor, "app"):
        return refused
    remove_app(site.accounts, visitor.person.id)
    _end_others(request, site, visitor, "second_factor_removed", "app")
    return see_other("/account?done=removed")


@router.get("/account/passkeys/{number}/remove")
def remove_passkey_page(request: Request, site: TheSite, visitor: FreshVisitor, number: int) -> Response:
    """Asks before the passkey is removed."""
    return _removal_page(request, site, visitor, number)


@router.post("/account/passkeys/{number}/remove")
def take_passkey_away(request: Request, site: TheSite, visitor: FreshVisitor, number: int, _: Posted) -> Response:
    """Removes that passkey of one's own; never the last second step of somebody who needs one."""
    if refused := _kept(request, site, visitor, number):
        return refused
    remove_passkey(site.accounts, visitor.person.id, number)
    _end_others(request, site, visitor, "second_factor_removed", "passkey")
    return see_other("/account?done=removed")


def _removal_page(request: Request, site: Site, visitor: Visitor, what: int | str, status: int = 200) -> Response:
    factors = second_factors(site.accounts, visitor.person.id)
    passkey = next((each for each in factors.passkeys if each.number == what), None)
    if passkey is None and (what != "app" or factors.app is None):
        raise Missing
    removable = _removable(site, visitor, what)
    return page(request, "account/remove.html", status, passkey=passkey, removable=removable)


def _removable(site: Site, visitor: Visitor, what: int | str) -> bool:
    return (may_remove_app if what == "app" else may_remove_passkey)(site.accounts, visitor.person)


def _kept(request: Request, site: Site, visitor: Visitor, what: int | str) -> Response | None:
    """The page again where it may not be removed; `Missing` where it is not there."""
    asked = _removal_page(request, site, visitor, what, 422)
    return None if _removable(site, visitor, what) else asked


@router.get("/account/sessions")
def sessions_page(_: TheVisitor) -> Response:
    """They stand on the account's page."""
    return see_other("/account")


@router.post("/account/sessions")
def end_sessions(request: Request, site: TheSite, visitor: TheVisitor, form: Posted) -> Response:
    """Signs out in one other browser, or in all others."""
    wanted = typed(form, "session")
    if not wanted:
        _end_others(request, site, visitor, "sessions_ended", "everywhere else")
        return see_other("/account?done=sessions")
    for each in _open_sessions(site, visitor):
        if not each.here and hmac.compare_digest(each.handle.encode(), wanted.encode()):
            site.accounts.end_session(each.session)
            site.accounts.note("sessions_ended", visitor.person.id, address_of(request), "one")
    return see_other("/account?done=sessions")


def _open_sessions(site: Site, visitor: Visitor) -> list[OpenSession]:
    return [
        OpenSession(site.signature("session", each.hash), each, each.hash == visitor.session.hash)
        for each in site.accounts.sessions_of(visitor.person.id)
    ]


def _end_others(request: Request, site: Site, visitor: Visitor, what: str, detail: str = "") -> None:
    site.accounts.end_sessions(visitor.person.id, but=visitor.session)
    site.accounts.note(what, visitor.person.id, address_of(request), detail)
