"""Signing in with an account at a provider: OpenID Connect, the authorization code flow with PKCE, state and nonce."""

import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from adapters.accounts import Person, Session
from adapters.accounts.identities import (
    LinkedToSomebodyElse,
    Provider,
    ProvidersFileWrong,
    identities_of,
    link_identity,
    person_of,
    read_providers,
    unlink_identities,
)
from adapters.accounts.invitations import (
    LinkDoesNotWork,
    SignInAsBefore,
    opened,
    path_of,
    use_with_provider,
)
from adapters.accounts.oversight import note_act
from adapters.accounts.passwords import has_password
from adapters.web.letting_in import is_fresh, own_path, signed_in, with_next
from adapters.web.limiting import TooOften
from adapters.web.oidc_client import NotConfirmed, Proof, begin, proof
from adapters.web.pages import Posted, page, see_other, typed
from adapters.web.site import Missing, SignInFirst, Site, TheSite, TheVisitor, Visitor, address_of, session_of
from domain.errors import Refused

router = APIRouter()

FILE = "oidc.yaml"
STARTS = "60/minute"
"""Ways to a provider begun from one address; each asks the provider for its description."""
KEPT_SECONDS = 600
"""How long somebody may take at the provider."""
LONGEST_TOKEN = 100
"""Characters of an invitation's address that are led back to; a real one is shorter."""
ONCE = "1/15 minute"
"""An answer, for longer than the cookie lasts that goes with it."""
ADDED = {"added": "That account signs you in from now on.", "removed": "That account signs you in no more."}


class NotLinked(Refused):
    """That account is not known here; ask whoever manages accounts at your school for an invitation."""


class LastWayIn(Refused):
    """That is your only way of signing in; ask whoever manages accounts at your school for a new one-time link."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A provider as pages offer it."""

    name: str
    label: str
    url: str


def providers(site: Site, next_path: str = "/", **purpose: str) -> list[Offer]:
    """The providers to sign in with. A file that is wrong offers none: the password must still let people in."""
    query = {**({"next": next_path} if next_path != "/" else {}), **purpose}
    asked = f"?{urlencode(query)}" if query else ""
    try:
        known = read_providers(site.tocsin.settings.data / FILE)
    except ProvidersFileWrong:
        structlog.get_logger().error("providers_file_wrong")
        return []
    return [Offer(each.name, each.label, f"/sign-in/with/{each.name}{asked}") for each in known]


def links_for(site: Site, session: Session) -> list[Offer]:
    """The providers whose accounts may be added to one's own account, by links that only this session may use."""
    return providers(site, link=_link_proof(site, session))


def offers_with(site: Site, token: str) -> list[Offer]:
    """The providers whose accounts may open the account that an invitation is for, as its own page offers them."""
    return providers(site, invitation=token, proof=_invitation_proof(site, token))


@router.get("/sign-in/with/{provider}")
def leave(request: Request, provider: str, site: TheSite) -> Response:
    """Leads to the provider. The cookie remembers for ten minutes what was asked there, and what for."""
    site.limiter.spend(STARTS, "provider", address_of(request))
    chosen, asked = _provider(site, provider), request.query_params
    invitation = asked.get("invitation", "")
    if invitation and not _asked_on_its_page(request, site, invitation, asked.get("proof", "")):
        return see_other(path_of(quote(invitation[:LONGEST_TOKEN], safe="")))
    kept = {"next": own_path(asked.get("next")), "invitation": invitation, "session": ""}
    if link := asked.get("link"):
        session = session_of(request)
        if session is None or not session.enough or not is_fresh(site, session):
            return see_other(with_next("/sign-in", "/account/providers"))
        if not hmac.compare_digest(link.encode(), _link_proof(site, session).encode()):
            raise Missing
        kept["session"] = session.hash
    try:
        url, state = begin(request, chosen, site.tocsin.settings.data, _return_url(site, chosen))
    except NotConfirmed as refusal:
        return _not_confirmed(request, chosen, refusal)
    answer = RedirectResponse(url, 303)
    value = _signer(site).dumps({"provider": chosen.name, "state": state, **kept})
    answer.set_cookie(
        _cookie(site), str(value), KEPT_SECONDS, path="/", secure=site.secure, httponly=True, samesite="lax"
    )
    return answer


def _asked_on_its_page(request: Request, site: Site, token: str, proof: str) -> bool:
    """Whether somebody pressed the button on the invitation's page.

    Otherwise a link on another site, or in a message, would tie the account of whoever opens it to somebody else's
    invitation at once: they are asked first. Browsers that say where they come from say “same-origin” of that button.
    """
    if not hmac.compare_digest(proof.encode(), _invitation_proof(site, token).encode()):
        return False
    return request.headers.get("sec-fetch-site", "same-origin") == "same-origin"


@router.get("/sign-in/with/{provider}/back")
def come_back(request: Request, provider: str, site: TheSite) -> Response:
    """Back from the provider: checks what it says, and signs in, or adds the account, or accepts the invitation."""
    chosen, kept = _provider(site, provider), _kept(request, site, provider)
    try:
        _only_once(site, kept["state"])
        told = proof(request, chosen, site.tocsin.settings.data, kept["state"])
        answer = _welcomed(request, site, chosen, kept, told)
    except NotConfirmed as refusal:
        answer = _not_confirmed(request, chosen, refusal)
    except (LinkedToSomebodyElse, NotLinked, SignInAsBefore) as refusal:
        answer = page(request, "oidc/refused.html", 403, sentence=str(refusal), label=chosen.label)
    answer.delete_cookie(_cookie(site), path="/", secure=site.secure, httponly=True, samesite="lax")
    return answer


def _only_once(site: Site, state: dict[str, Any]) -> None:
    """Refuses an answer that came before, also where the provider would take its code again."""
    try:
        for each in state:
            site.limiter.spend(ONCE, "provider-answer", each)
    except TooOften:
        raise NotConfirmed("repeated") from None


def _welcomed(request: Request, site: Site, provider: Provider, kept: dict[str, Any], told: Proof) -> Response:
    known = person_of(site.accounts, provider.issuer, told.subject)
    if kept["session"]:
        return _linked(request, site, provider, kept["session"], told)
    if kept["invitation"] and known is None:
        return _invited(request, site, provider, kept["invitation"], told)
    if known is None or known.disabled:
        site.accounts.note("unknown_account", known.id if known else None, address_of(request), provider.name)
        raise NotLinked
    if kept["invitation"]:
        return _known_and_invited(request, site, provider, kept["invitation"], told, known)
    return signed_in(request, known, own_path(kept["next"]), strong=told.strong, note=provider.name)


def _linked(request: Request, site: Site, provider: Provider, hash_: str, told: Proof) -> Response:
    session = session_of(request)
    if session is None or session.hash != hash_ or not session.enough:
        raise SignInFirst
    link_identity(site.accounts, session.person.id, provider, told.subject)
    site.accounts.end_sessions(session.person.id, session)
    site.accounts.note("provider_added", session.person.id, address_of(request), provider.name)
    return see_other("/account/providers?done=added")


def _invited(request: Request, site: Site, provider: Provider, token: str, told: Proof) -> Response:
    invitation, address = opened(site.accounts, token), address_of(request)
    if invitation is None or invitation.first:
        return see_other(path_of(token))
    try:
        person = use_with_provider(site.accounts, invitation, provider, told.subject, address)
    except SignInAsBefore:
        note_act(site.accounts, "invitation_refused", invitation.person.id, invitation.by, address)
        raise
    except LinkDoesNotWork:
        return see_other(path_of(token))
    return signed_in(request, person, "/", strong=told.strong, note=provider.name)


def _known_and_invited(
    request: Request, site: Site, provider: Provider, token: str, told: Proof, known: Person
) -> Response:
    """Signs them in, and lets the invitation's page ask whether they accept; nothing is accepted by signing in."""
    invitation = opened(site.accounts, token)
    if invitation is not None and known.id != invitation.person.id:
        raise LinkedToSomebodyElse
    path = "/" if invitation is not None and not invitation.brings else path_of(token)
    return signed_in(request, known, path, strong=told.strong, note=provider.name)


@router.get("/account/providers")
def own_providers(request: Request, site: TheSite, visitor: TheVisitor, done: str = "") -> Response:
    """The accounts at providers that sign one in."""
    return _own(request, site, visitor, ADDED.get(done, ""))


@router.post("/account/providers")
def remove_provider(request: Request, site: TheSite, visitor: TheVisitor, form: Posted) -> Response:
    """Removes one, unless it is the only way of signing in."""
    if not is_fresh(site, visitor.session):
        raise SignInFirst
    person, name = visitor.person, typed(form, "provider")
    held = {each.provider for each in identities_of(site.accounts, person.id)}
    if name not in held:
        raise Missing
    if held == {name} and not _other_way_in(site, person):
        return _own(request, site, visitor, errors={"providers": str(LastWayIn())})
    unlink_identities(site.accounts, person.id, name)
    site.accounts.end_sessions(person.id, visitor.session)
    site.accounts.note("provider_removed", person.id, address_of(request), name)
    return see_other("/account/providers?done=removed")


def _other_way_in(site: Site, person: Person) -> bool:
    passkeys = "SELECT 1 FROM passkeys WHERE person = ?"
    has_passkey = site.accounts.db.execute(passkeys, (person.id,)).fetchone() is not None
    return has_password(site.accounts, person.id) or has_passkey


def _own(
    request: Request, site: Site, visitor: Visitor, done: str = "", errors: dict[str, str] | None = None
) -> Response:
    held = identities_of(site.accounts, visitor.person.id)
    names = {each.name: each.label for each in providers(site)}
    linked = [(each, names.get(each.provider, each.provider)) for each in held]
    taken = {each.provider for each in held}
    offers = [each for each in links_for(site, visitor.session) if each.name not in taken]
    status = 422 if errors else 200
    return page(
        request,
        "oidc/own.html",
        status,
        done=done,
        linked=linked,
        offers=offers,
        errors=errors or {},
        fresh=is_fresh(site, visitor.session),
    )


def _provider(site: Site, name: str) -> Provider:
    try:
        found = read_providers(site.tocsin.settings.data / FILE)
    except ProvidersFileWrong:
        raise Missing from None
    for each in found:
        if each.name == name:
            return each
    raise Missing


def _not_confirmed(request: Request, provider: Provider, refusal: NotConfirmed) -> Response:
    structlog.get_logger().warning("provider_did_not_confirm", provider=provider.name, why=refusal.why)
    return page(request, "oidc/refused.html", 403, sentence="", label=provider.label)


def _return_url(site: Site, provider: Provider) -> str:
    return f"{site.public_url}/sign-in/with/{provider.name}/back"


def _link_proof(site: Site, session: Session) -> str:
    return site.signature("link-provider", session.hash)


def _invitation_proof(site: Site, token: str) -> str:
    return site.signature("invite-provider", token)


def _signer(site: Site) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(site.accounts.kept_secret("providers"), salt="provider")


def _cookie(site: Site) -> str:
    return f"{site.cookie}-provider"


def _kept(request: Request, site: Site, provider: str) -> dict[str, Any]:
    """What the cookie remembers of leaving for that provider; nothing where it is not ours or too old."""
    empty: dict[str, Any] = {"state": {}, "next": "/", "invitation": "", "session": ""}
    try:
        kept = _signer(site).loads(request.cookies.get(_cookie(site), ""), max_age=KEPT_SECONDS)
    except BadSignature:
        return empty
    return kept if isinstance(kept, dict) and kept.get("provider") == provider else empty
