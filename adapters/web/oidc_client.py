"""The conversation with a provider, and what is checked of it before anybody is believed."""

import asyncio
import ssl
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.starlette_client import OAuth  # type: ignore[import-untyped]
from fastapi import Request
from joserfc.errors import JoseError

from adapters.accounts.identities import LOOPBACK, Provider, ProvidersFileWrong, secret_of

DISCOVERY = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
SIGNED_WITH = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Signatures by a key that the provider alone holds: never "none", and never one with a secret that we hold too."""
TIMEOUT_SECONDS = 10.0
LONGEST_SUBJECT = 255
"""OpenID Connect Core 1.0, section 2."""
FAILURES = (AuthlibBaseError, JoseError, httpx2.HTTPError, httpx2.InvalidURL, RuntimeError, ValueError, KeyError,
            TypeError, AttributeError, ProvidersFileWrong)  # fmt: skip
"""What a provider that does not answer as it should leads to."""


class NotConfirmed(Exception):
    """The provider did not confirm who it is. `why` is a word for the log, and nothing of what the provider said."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Proof:
    """Who the provider says that it is, checked. `strong` says that a second factor was shown there."""

    subject: str
    strong: bool


def begin(request: Request, provider: Provider, folder: Path, return_url: str) -> tuple[str, dict[str, Any]]:
    """The address at the provider, and what must be remembered until the answer; raises `NotConfirmed`."""
    remembered: dict[str, Any] = {}
    request.scope["session"] = remembered

    async def asked() -> str:
        client = await _client(provider, folder)
        hint = {"hd": provider.hd} if provider.hd else {}
        answer = await client.authorize_redirect(request, return_url, **hint)
        return str(answer.headers["location"])

    return _done(asked()), remembered


def proof(request: Request, provider: Provider, folder: Path, remembered: dict[str, Any]) -> Proof:
    """Who came back; raises `NotConfirmed` where state, code, signature, issuer, audience, nonce or tenant is wrong."""
    request.scope["session"] = dict(remembered)
    expected = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }

    async def exchanged() -> dict[str, Any]:
        client = await _client(provider, folder)
        token = await client.authorize_access_token(request, claims_options=expected)
        return dict(token.get("userinfo") or {})

    return _checked(_done(exchanged()), provider)


def _checked(claims: dict[str, Any], provider: Provider) -> Proof:
    """What the library need not know: the tenant, the domain, and once more who speaks of whom."""
    subject = claims.get("sub")
    if claims.get("iss") != provider.issuer or not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise NotConfirmed("issuer")
    if provider.tid is not None and claims.get("tid") != provider.tid:
        raise NotConfirmed("tenant")
    if provider.hd is not None and claims.get("hd") != provider.hd:
        raise NotConfirmed("domain")
    methods = claims.get("amr")
    return Proof(subject, provider.second_factor or (isinstance(methods, list) and "mfa" in methods))


async def _client(provider: Provider, folder: Path) -> Any:
    """A client that has read the provider's description, which must be that of exactly this issuer."""
    # Entra tells the tenant, and Google the domain, only to who asks for a little more.
    scopes = ["openid", *(["profile"] if provider.tid else []), *(["email"] if provider.hd else [])]
    asking = {"timeout": TIMEOUT_SECONDS, "verify": _trusted()}
    client = OAuth().register(
        name=provider.name,
        client_id=provider.client_id,
        client_secret=secret_of(provider, folder),
        server_metadata_url=f"{provider.issuer.rstrip('/')}{DISCOVERY}",
        client_kwargs={"scope": " ".join(scopes), "code_challenge_method": "S256", **asking},
    )
    found = await client.load_server_metadata()
    if found.get("issuer") != provider.issuer:
        raise NotConfirmed("issuer")
    if not all(_safe(found.get(each)) for each in ENDPOINTS):
        raise NotConfirmed("endpoints")
    offered = found.get("id_token_signing_alg_values_supported") or ["RS256"]
    found["id_token_signing_alg_values_supported"] = [each for each in offered if each in SIGNED_WITH]
    return client


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed; reading them takes a tenth of a second, so it is done once."""
    return httpx2.create_ssl_context()


def _safe(url: object) -> bool:
    parts = urlsplit(url) if isinstance(url, str) else None
    return parts is not None and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def _done(conversation: Any) -> Any:
    """The end of a conversation, held in the thread of the page; whatever goes wrong in it confirms nobody."""
    try:
        return asyncio.run(conversation)
    except FAILURES as failure:
        raise NotConfirmed(type(failure).__name__) from failure
