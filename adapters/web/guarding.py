"""What guards every answer: headers, a strict content policy, no writing from another site, no oversized body."""

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.faults import problem

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SIGNED = ("/webhooks/", "/api/")
"""Paths that no browser's cookie opens: they are asked with a signature or a token of their own."""
ASSETS = "/assets/"
LARGEST_BODY = 26 * 1024 * 1024
"""Bytes of one request; the largest piece of evidence is 25 MiB."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def content_policy(nonce: str) -> str:
    """Only what this installation serves, and of scripts in a page only those that it wrote itself."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


class Guard:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, public_url: str, failed: Callable[[Request, Exception], Response]) -> None:
        self.app, self.host, self.failed = app, urlsplit(public_url).netloc, failed
        self.secure = public_url.startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, refuses, or passes on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        nonce, begun = secrets.token_urlsafe(16), False
        scope.setdefault("state", {})["nonce"] = nonce

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._dress(MutableHeaders(scope=message), nonce, asset=scope["path"].startswith(ASSETS))
            await send(message)

        if refusal := self._refused(scope, headers):
            await refusal(scope, receive, guarded)
            return
        try:
            await self.app(scope, _bounded(receive), guarded)
        except Exception as fault:  # noqa: BLE001 - whatever it is, nobody is shown the inside
            answer = await run_in_threadpool(self.failed, Request(scope, receive), fault)
            if not begun:
                await answer(scope, receive, guarded)

    def _refused(self, scope: Scope, headers: Headers) -> Response | None:
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            if scope["path"].startswith(SIGNED):
                return problem(413, "Too large", "A body is at most 1 MB; send less.", "too-large")
            return PlainTextResponse("That is larger than 25 MB, so it was not taken in.\n", 413)
        if scope["method"] in SAFE or scope["path"].startswith(SIGNED) or self._same_site(headers):
            return None
        return PlainTextResponse("That form was sent from another site, so nothing was done.\n", 403)

    def _same_site(self, headers: Headers) -> bool:
        """By what the browser says of where the form came from; a program that says nothing has no one's cookie."""
        fetched = headers.get("sec-fetch-site")
        if fetched is not None:
            return fetched in ("same-origin", "none")
        origin = headers.get("origin")
        return origin is None or urlsplit(origin).netloc in (headers.get("host"), self.host)

    def _dress(self, headers: MutableHeaders, nonce: str, *, asset: bool) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", content_policy(nonce))
        headers.setdefault("Cache-Control", "public, max-age=31536000, immutable" if asset else "no-store")
        if self.secure:
            headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")


def _bounded(receive: Receive) -> Receive:
    """A body that came without its length is cut off where it grows too large."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= LARGEST_BODY else {"type": "http.disconnect"}

    return counted
