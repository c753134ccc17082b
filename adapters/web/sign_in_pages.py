"""Signing in: with a password and a second step, or with a passkey alone; signing out; staying signed in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from adapters.accounts import Session
from adapters.accounts.passkeys import RelyingParty
from adapters.accounts.passwords import TooBusy
from adapters.accounts.signing_in import SecondFactors, second_factors, with_code, with_password
from adapters.accounts.tokens import tokens_of
from adapters.accounts.totp import confirm_app
from adapters.web import oidc_pages, passkey_answers
from adapters.web.app_setup import WRONG_NEW_CODE, app_setup
from adapters.web.letting_in import HalfWay, let_out, own_path, signed_in, with_next
from adapters.web.limiting import TooOften
from adapters.web.pages import Posted, must_be_trusted, page, see_other, typed
from adapters.web.site import Site, TheSite, TheVisitor, address_of, session_of
from adapters.web.tries import CODE, PASSWORD, tries_of

router = APIRouter()
router.include_router(passkey_answers.router)

WRONG = "That e-mail address and password do not belong together; check both, or ask for a new one-time link."
WRONG_CODE = "That code does not fit; type the one that your app shows now, which works once."


@router.get("/sign-in")
def sign_in(request: Request, site: TheSite, next: str = "/", out: str = "") -> Response:  # noqa: A002 - its public name
    """Where everybody begins."""
    return _sign_in_page(request, site, own_path(next), signed_out=bool(out))


@router.post("/sign-in")
def take_sign_in(request: Request, site: TheSite, form: Posted) -> Response:
    """The first step. An answer of "no" is the same for an address that nobody has, in words and in work."""
    email, password, path = typed(form, "email"), str(form.get("password") or ""), own_path(form.get("next"))
    errors = {}
    if not email:
        errors["email"] = "Enter your e-mail address."
    if not password:
        errors["password"] = "Enter your password."  # noqa: S105 - a sentence
    if errors:
        return _sign_in_page(request, site, path, email, errors)
    known = site.accounts.person_with_email(email)
    this = tries_of(request, PASSWORD, email, known).begin()
    try:
        person = with_password(site.accounts, email, password, address_of(request))
    except TooBusy as busy:
        this.unchecked()
        raise TooOften(busy.__doc__) from busy
    if person is None:
        return _sign_in_page(request, site, path, email, {"email": WRONG})
    this.succeeded()
    return signed_in(request, person, path, strong=False, note="password")


def _sign_in_page(
    request: Request,
    site: Site,
    next_path: str,
    email: str = "",
    errors: dict[str, str] | None = None,
    *,
    signed_out: bool = False,
) -> Response:
    return page(
        request,
        "sign_in/sign_in.html",
        422 if errors else 200,
        next=next_path,
        email=email,
        errors=errors or {},
        signed_out=signed_out,
        once_more=bool((session := session_of(request)) and session.enough),
        providers=oidc_pages.providers(site, next_path),
        passkeys_possible=RelyingParty.at(site.public_url).possible,
    )


@router.get("/sign-in/second")
def second(request: Request, site: TheSite, session: HalfWay, next: str = "/") -> Response:  # noqa: A002 - its public name
    """The second step."""
    path, factors = own_path(next), second_factors(site.accounts, session.person.id)
    if session.enough:
        return see_other(path)
    if not factors.number:
        return see_other(with_next("/sign-in/second/new", path))
    return _second_page(request, site, factors, path)


@router.post("/sign-in/second")
def take_second(request: Request, site: TheSite, session: HalfWay, form: Posted) -> Response:
    """The code of an app."""
    path, code, person = own_path(form.get("next")), typed(form, "code"), session.person
    if session.enough:
        return see_other(path)
    factors = second_factors(site.accounts, person.id)
    if not code:
        return _second_page(request, site, factors, path, "Enter the code that your app shows.")
    this = tries_of(request, CODE, person.id, person).begin()
    if not with_code(site.accounts, site.tocsin.keys, session, code, address_of(request)):
        return _second_page(request, site, factors, path, WRONG_CODE)
    this.succeeded()
    return signed_in(request, person, path, strong=True, note="password and app")


def _second_page(request: Request, site: Site, factors: SecondFactors, next_path: str, error: str = "") -> Response:
    errors = {"code": error} if error else {}
    possible = RelyingParty.at(site.public_url).possible
    return page(
        request,
        "sign_in/second.html",
        422 if errors else 200,
        factors=factors,
        next=next_path,
        errors=errors,
        passkeys_possible=possible,
    )


@router.get("/sign-in/second/new")
def new_second(request: Request, site: TheSite, session: HalfWay, next: str = "/") -> Response:  # noqa: A002 - its public name
    """Sets the first second step up, right after the password; later ones are added on the account's page."""
    path = own_path(next)
    if site.accounts.has_second_factor(session.person.id):
        return see_other("/account" if session.enough else with_next("/sign-in/second", path))
    return _new_second_page(request, site, session, path)


@router.post("/sign-in/second/new")
def take_new_second(request: Request, site: TheSite, session: HalfWay, form: Posted) -> Response:
    """The first code of a new app, which shows that the app holds the key."""
    path, person = own_path(form.get("next")), session.person
    if site.accounts.has_second_factor(person.id):
        return see_other("/account" if session.enough else with_next("/sign-in/second", path))
    this = tries_of(request, CODE, person.id, person).begin()
    if not confirm_app(site.accounts, site.tocsin.keys, session, typed(form, "code")):
        return _new_second_page(request, site, session, path, WRONG_NEW_CODE)
    this.succeeded()
    site.accounts.note("second_factor_added", person.id, address_of(request), "app")
    site.accounts.end_sessions(person.id, but=session)
    return signed_in(request, person, path, strong=True, note="password and new app")


def _new_second_page(request: Request, site: Site, session: Session, next_path: str, error: str = "") -> Response:
    return page(
        request,
        "sign_in/new_second.html",
        422 if error else 200,
        next=next_path,
        errors={"code": error} if error else {},
        setup=app_setup(site, session),
        tokens_end=bool(tokens_of(site.accounts, session.person.id)),
        passkeys_possible=RelyingParty.at(site.public_url).possible,
    )


@router.get("/signed-in")
def other_tab(request: Request, _: TheVisitor) -> Response:
    """For somebody who signed in beside a page on which they had typed something."""
    return page(request, "sign_in/signed_in.html")


async def _trusted_or_gone(request: Request) -> None:
    """A session that ended already cannot be signed out, and nobody is asked twice for that."""
    if session_of(request):
        must_be_trusted(request, await request.form())


@router.post("/sign-out")
def sign_out(request: Request, _: Annotated[None, Depends(_trusted_or_gone)]) -> RedirectResponse:
    """Ends this browser's session."""
    answer = see_other("/sign-in?out=1")
    let_out(request, answer)
    return answer


@router.post("/session/extend")
def extend(site: TheSite, visitor: TheVisitor, _: Posted) -> JSONResponse:
    """Keeps the session for somebody who is still there. Any other request does the same (WCAG 2.2, 2.2.1)."""
    session = visitor.session
    ends = {"ends": session.ends_at, "last": session.last_end, "now": site.now()}
    return JSONResponse({name: at.isoformat() for name, at in ends.items()})
