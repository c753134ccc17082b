"""What guards every answer: headers, a strict content policy, no writing from another site, no oversized body."""

import re
import secrets
from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.faults import problem

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SIGNED = ("/webhooks/", "/api/")
"""Paths that no browser's cookie opens: they are asked with a signature or a token of their own."""
ASSETS = "/assets/"
LARGEST_BODY = 2 * 1024 * 1024
"""Bytes of one request: the longest form, with room to spare. What is read at once holds up everybody else."""
LARGEST_OF = (
    (re.compile(r"/incidents/[^/]+/evidence"), 26 * 1024 * 1024),
    (re.compile(r"/(sign-in|account)/.*passkey.*"), 64 * 1024),
)
"""Paths with a limit of their own: a piece of evidence has up to 25 MiB, and a passkey's answer is small."""
WATCHED = frozenset({"/healthz", "/metrics"})
"""Asked by programs of the house, by whatever name they know the machine."""
TEXTS = frozenset({"utf-8", "utf8", "us-ascii"})

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
        parts = urlsplit(public_url)
        self.app, self.host, self.failed = app, parts.netloc, failed
        self.hosts = frozenset({parts.hostname, "localhost", "127.0.0.1", "::1"})
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
                kept = scope["path"].startswith(ASSETS) and message["status"] in (200, 304)
                self._dress(MutableHeaders(scope=message), nonce, asset=kept)
            await send(message)

        if refusal := self._refused(scope, headers):
            await refusal(scope, receive, guarded)
            return
        try:
            await self.app(scope, _bounded(receive, largest_body(scope["path"])), guarded)
        except ClientDisconnect:
            return
        except Exception as fault:  # noqa: BLE001 - whatever it is, nobody is shown the inside
            answer = await run_in_threadpool(self.failed, Request(scope, receive), fault)
            if not begun:
                await answer(scope, receive, guarded)

    def _refused(self, scope: Scope, headers: Headers) -> Response | None:
        if scope["path"] not in WATCHED and _host_of(headers.get("host", "")) not in self.hosts:
            return PlainTextResponse("This address is not served here.\n", 421)
        length, largest = headers.get("content-length", "0"), largest_body(scope["path"])
        if not length.isdecimal() or int(length) > largest:
            if scope["path"].startswith(SIGNED):
                return problem(413, "Too large", "A body is at most 1 MB; send less.", "too-large")
            return PlainTextResponse(f"That is larger than {largest // 1024:,} kB, so it was not taken in.\n", 413)
        if _charset_of(headers.get("content-type", "")) not in TEXTS:
            return PlainTextResponse("Send text as UTF-8.\n", 415)
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


def largest_body(path: str) -> int:
    """How many bytes one request to that path may have."""
    return next((limit for pattern, limit in LARGEST_OF if pattern.fullmatch(path)), LARGEST_BODY)


def _host_of(header: str) -> str | None:
    try:
        return urlsplit(f"//{header}").hostname
    except ValueError:
        return None


def _charset_of(content_type: str) -> str:
    """In which letters a body says that it is written; the usual ones where it says nothing."""
    message = EmailMessage()
    message["Content-Type"] = "".join(filter(str.isprintable, content_type)) or "text/plain"
    return (message.get_content_charset() or "utf-8").lower()


def _bounded(receive: Receive, largest: int) -> Receive:
    """A body that came without its length is cut off where it grows too large."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= largest else {"type": "http.disconnect"}

    return counted
