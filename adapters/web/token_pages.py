"""One's own tokens, with which programs ask the API in one's name."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from adapters.accounts.tokens import SCOPES, issue_token, revoke, tokens_of
from adapters.web.account_pages import FreshVisitor, fresh
from adapters.web.pages import Posted, page, see_other, typed
from adapters.web.site import Missing, Site, TheSite, TheVisitor, Visitor, address_of

router = APIRouter()

LASTING = {"30": "30 days", "90": "90 days", "365": "A year"}
SCOPES_IN_WORDS = {"read": "Read what you may see", "act": "Do what you may do"}
MOST = 20
"""Tokens of one person."""
LONGEST_NAME = 60


@router.get("/account/tokens")
def tokens(request: Request, site: TheSite, visitor: TheVisitor, done: str = "") -> Response:
    """The tokens that one has."""
    said = "The token was revoked; no program gets in with it any more." if done == "revoked" else ""
    found = tokens_of(site.accounts, visitor.person.id)
    return page(request, "people/tokens.html", tokens=found, words=SCOPES_IN_WORDS, done=said)


@router.post("/account/tokens")
def revoke_token(request: Request, site: TheSite, visitor: TheVisitor, form: Posted) -> Response:
    """Revokes one."""
    if not revoke(site.accounts, visitor.person.id, typed(form, "token")):
        raise Missing
    site.accounts.note("token_revoked", visitor.person.id, address_of(request))
    return see_other("/account/tokens?done=revoked")


@router.get("/account/tokens/new", dependencies=[Depends(fresh)])
def new_token(request: Request) -> Response:
    """The form for a new one."""
    return _form(request, {"name": "", "scopes": ["read"], "days": "90"})


@router.post("/account/tokens/new")
def make_token(request: Request, site: TheSite, visitor: FreshVisitor, form: Posted) -> Response:
    """Makes it, and shows its secret this once."""
    given: dict[str, Any] = {
        "name": typed(form, "name"),
        "scopes": [scope for scope in SCOPES if scope in form.getlist("scopes")],
        "days": typed(form, "days"),
    }
    errors = _errors(site, visitor, given)
    if errors:
        return _form(request, given, errors)
    ends_at = site.now() + timedelta(days=int(given["days"]))
    strong = visitor.session.strong
    secret = issue_token(site.accounts, visitor.person.id, given["name"], given["scopes"], ends_at, strong=strong)
    site.accounts.note("token_made", visitor.person.id, address_of(request))
    return page(request, "people/token_made.html", secret=secret, name=given["name"], ends_at=ends_at)


def _errors(site: Site, visitor: Visitor, given: dict[str, Any]) -> dict[str, str]:
    errors = {}
    if not given["name"] or len(given["name"]) > LONGEST_NAME:
        errors["name"] = f"Enter what it is for, in at most {LONGEST_NAME} characters."
    elif len(tokens_of(site.accounts, visitor.person.id)) >= MOST:
        errors["name"] = f"You have {MOST} tokens already; revoke one that is no longer used."
    if not given["scopes"]:
        errors["scopes"] = "Choose what it may do."
    if given["days"] not in LASTING:
        errors["days"] = "Choose how long it lasts."
    return errors


def _form(request: Request, given: dict[str, Any], errors: dict[str, str] | None = None) -> Response:
    status = 422 if errors else 200
    return page(
        request,
        "people/new_token.html",
        status,
        given=given,
        errors=errors or {},
        lasting=LASTING,
        scopes=SCOPES_IN_WORDS,
    )
