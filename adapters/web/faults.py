"""What people are told when something is in the way: one clear sentence, nothing of the inside, nothing typed lost."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from adapters.schools import SchoolFileWrong
from adapters.web.limiting import TooOften
from adapters.web.pages import FormNotTrusted, page
from adapters.web.site import Missing, SecondFactorFirst, SignInFirst, session_of
from domain.errors import Refused

NOT_KEPT = frozenset({"csrf", "password", "new_password", "current_password", "old_password", "code"})
"""Fields that are not given back: a token that is stale, and secrets."""
NOT_FOUND = (404, "Not found", "There is nothing here that you may see.", "not-found")
"""What a program is told of what is not there, and of what is not theirs."""


def answer_faults(app: FastAPI) -> None:
    """Adds the answers."""
    app.add_exception_handler(Missing, _missing)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _missing)
    app.add_exception_handler(SignInFirst, _sign_in)
    app.add_exception_handler(SecondFactorFirst, _second_factor)
    app.add_exception_handler(FormNotTrusted, _once_more)
    app.add_exception_handler(TooOften, _too_often)
    app.add_exception_handler(Refused, _refused)


def problem(
    status: int, title: str, detail: str, code: str, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """The same for programs (RFC 9457)."""
    body = {"type": f"urn:tocsin:problem:{code}", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _for_programs(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/webhooks/"))


def _missing(request: Request, _: Exception) -> Response:
    if _for_programs(request):
        return problem(*NOT_FOUND)
    return page(request, "faults/missing.html", 404)


def _http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    if fault.status_code == 404:
        return _missing(request, fault)
    if _for_programs(request):
        return problem(fault.status_code, str(fault.detail), f"{fault.detail}.", "request", fault.headers)
    return page(request, "faults/sentence.html", fault.status_code, title=f"{fault.detail}", sentence="")


async def _sign_in(request: Request, _: Exception) -> Response:
    if request.method == "GET":
        return RedirectResponse(f"/sign-in?next={quote(_path(request))}", 303)
    return await _again(request, 401, signed_out=True)


def _second_factor(request: Request, _: Exception) -> Response:
    return RedirectResponse(f"/sign-in/second?next={quote(_path(request))}", 303)


async def _once_more(request: Request, _: Exception) -> Response:
    return await _again(request, 403, signed_out=session_of(request) is None)


async def _again(request: Request, status: int, *, signed_out: bool) -> Response:
    """The form as it was sent, to be sent again: a session that ended costs nobody what they typed."""
    form = await request.form()
    kept = [(name, text) for name, text in form.multi_items() if isinstance(text, str) and name not in NOT_KEPT]
    files = any(not isinstance(text, str) for _, text in form.multi_items())
    again = {"kept": kept, "path": _path(request), "signed_out": signed_out, "files": files}
    return page(request, "faults/again.html", status, **again)


def _too_often(request: Request, fault: Exception) -> Response:
    sentence = str(fault) or TooOften.__doc__ or ""
    if _for_programs(request):
        return problem(429, "Too many requests", sentence, "too-often", {"Retry-After": "60"})
    return page(request, "faults/sentence.html", 429, title="Too many tries", sentence=sentence)


def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refused)
    if isinstance(refusal, SchoolFileWrong):
        # Its own sentence names a file, and is for whoever runs the machine.
        structlog.get_logger().error("school_file_wrong", route=_route(request))
        refusal = Refused("The school’s entry in the register cannot be read; tell whoever runs Tocsin for you.")
    if _for_programs(request):
        return problem(409, "Refused", str(refusal), refusal.code)
    return page(request, "faults/sentence.html", 409, title="That cannot be done", sentence=str(refusal))


def failed(request: Request, fault: Exception) -> Response:
    """The answer when something failed inside; the log line says what kind, and nothing of what was typed."""
    structlog.get_logger().error("page_failed", failure=type(fault).__name__, route=_route(request))
    if _for_programs(request):
        return problem(500, "Failed", "Something went wrong inside Tocsin; nothing was recorded.", "failed")
    return page(request, "faults/failed.html", 500)


def _route(request: Request) -> str:
    """The route's pattern: a path itself can hold a secret link."""
    return str(getattr(request.scope.get("route"), "path", "none"))


def _path(request: Request) -> str:
    return f"{request.url.path}{f'?{request.url.query}' if request.url.query else ''}"
