"""What the browser's script asks and sends when a passkey is used or added (static/passkeys.js)."""

import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from adapters.accounts import Person, Session
from adapters.accounts.passkeys import RelyingParty, add_passkey, adding_options, signing_options
from adapters.accounts.signing_in import with_passkey
from adapters.web.letting_in import LONGEST_PATH, HalfWay, half_way, is_fresh, let_in, own_path
from adapters.web.pages import FormNotTrusted, form_token
from adapters.web.site import SecondFactorFirst, SignInFirst, Site, TheSite, address_of
from adapters.web.tries import PASSKEY, answer_alone, ask, note_once, tries_of
from domain.errors import Refused

router = APIRouter()


class Asked(BaseModel):
    """A question of the script. `csrf` is the token of the page that it runs on."""

    csrf: str = Field(max_length=100)


class Answered(Asked):
    """What the browser answers for the passkey, and where its owner wants to go."""

    credential: dict[str, Any]
    next: str = Field(default="/", max_length=LONGEST_PATH)
    name: str = Field(default="", max_length=200)


def may_add(request: Request, site: TheSite) -> Session:
    """
    Whoever may add a passkey: somebody who signed in strongly a short while ago, or who gave the password and has no
    second step yet. A password alone adds none to an account that has one.
    """
    session = half_way(request)
    if not session.enough and site.accounts.has_second_factor(session.person.id):
        raise SecondFactorFirst
    if session.enough and not is_fresh(site, session):
        raise SignInFirst
    return session


Adder = Annotated[Session, Depends(may_add)]


@router.post("/sign-in/passkey/options")
def options_alone(request: Request, site: TheSite, asked: Asked) -> Response:
    """For somebody who signs in with a passkey and nothing else."""
    return _options(request, site, asked, None)


@router.post("/sign-in/passkey")
def sign_in_alone(request: Request, site: TheSite, answered: Answered) -> Response:
    """
    Signs in whoever the passkey belongs to. Answers that are wrong count against no account and no password: anybody
    can send them, and whoever shares the address must not pay for it.
    """
    _trusted(request, answered)
    address = address_of(request)
    answer_alone(site, address)
    try:
        person = with_passkey(site.accounts, RelyingParty.at(site.public_url), None, answered.credential, address)
    except Refused as refusal:
        note_once(site, "second_factor_wrong", None, address, PASSKEY, address)
        return _sentence(refusal)
    return _into(request, person, answered.next, note="passkey")


@router.post("/sign-in/second/passkey/options")
def options_second(request: Request, site: TheSite, session: HalfWay, asked: Asked) -> Response:
    """For the second step."""
    return _options(request, site, asked, session)


@router.post("/sign-in/second/passkey")
def sign_in_second(request: Request, site: TheSite, session: HalfWay, answered: Answered) -> Response:
    """The second step of whoever gave the password."""
    _trusted(request, answered)
    party, address = RelyingParty.at(site.public_url), address_of(request)
    this = tries_of(request, PASSKEY, session.person.id, session.person).begin()
    try:
        person = with_passkey(site.accounts, party, session, answered.credential, address)
    except Refused as refusal:
        return _sentence(refusal)
    this.succeeded()
    return _into(request, person, answered.next, note="password and passkey")


@router.post("/account/passkeys/options")
def options_to_add(request: Request, site: TheSite, session: Adder, asked: Asked) -> Response:
    """For a new passkey."""
    _trusted(request, asked)
    ask(site, session.hash)
    return _json(adding_options(site.accounts, RelyingParty.at(site.public_url), session))


@router.post("/account/passkeys")
def add(request: Request, site: TheSite, session: Adder, answered: Answered) -> Response:
    """Keeps the new passkey. Everywhere else the person is signed out, and here they go on in a new session."""
    _trusted(request, answered)
    person, address, first = session.person, address_of(request), not session.enough
    try:
        add_passkey(site.accounts, RelyingParty.at(site.public_url), session, answered.credential, answered.name)
    except Refused as refusal:
        return _sentence(refusal)
    site.accounts.note("second_factor_added", person.id, address, "passkey")
    site.accounts.end_sessions(person.id, but=session)
    return _into(request, person, answered.next, note="password and new passkey" if first else "")


def _options(request: Request, site: Site, asked: Asked, session: Session | None) -> Response:
    _trusted(request, asked)
    ask(site, session.hash if session else address_of(request))
    return _json(signing_options(site.accounts, RelyingParty.at(site.public_url), session))


def _into(request: Request, person: Person, next_path: str, note: str) -> Response:
    answer = JSONResponse({"to": own_path(next_path)})
    let_in(request, answer, person, strong=True, note=note)
    return answer


def _trusted(request: Request, asked: Asked) -> None:
    if not hmac.compare_digest(asked.csrf.encode(), form_token(request).encode()):
        raise FormNotTrusted


def _sentence(refusal: Refused) -> Response:
    return JSONResponse({"sentence": str(refusal)}, 422)


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")
