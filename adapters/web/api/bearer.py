"""Who asks: a program with a token of somebody's account. No cookie opens anything here."""

from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from adapters.accounts.tokens import Token, token
from adapters.web.api.problems import scope_lacking, too_often, unknown_token
from adapters.web.limiting import TooOften
from adapters.web.site import address_of, site_of

PER_TOKEN = "600/minute"  # noqa: S105 - a limit
FAILED_PER_ADDRESS = "30/minute"
"""Tokens that open nothing, from one address; one that opens something is answered from there all the same."""

SCHEME = HTTPBearer(
    scheme_name="token",
    bearerFormat="tcs_…",
    description="A token that somebody issued on the page of their account. It opens what that person’s roles open,"
    " as far as its scopes go: “read” for every GET, “act” for every POST.",
    auto_error=False,
)
"""How the description says it; what is read from a request is read by `token_of`."""


def token_of(request: Request) -> Token:
    """The token that asks, looked up and counted once a request; raises an `Unanswered` where it opens nothing."""
    if not hasattr(request.state, "token"):
        request.state.token = _checked(request)
    return cast("Token", request.state.token)


TheToken = Annotated[Token, Depends(token_of)]


def _checked(request: Request) -> Token:
    site = site_of(request)
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise unknown_token(given=False)
    found = token(site.accounts, secret.strip())
    try:
        if found is None:
            site.limiter.spend(FAILED_PER_ADDRESS, "token", address_of(request))
            raise unknown_token(given=True)
        site.limiter.spend(PER_TOKEN, "token", found.id)
    except TooOften:
        raise too_often() from None
    scope = "read" if request.method == "GET" else "act"
    if scope not in found.scopes:
        raise scope_lacking(scope)
    return found
