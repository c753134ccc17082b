"""How every request of the API is taken: the token first, then a body that is JSON and nothing else, then the rest."""

import math
import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic_core import from_json
from starlette.concurrency import run_in_threadpool
from starlette.types import Message

from adapters.web.api.bearer import token_of
from adapters.web.api.problems import NOT_THERE, Unanswered, misunderstood, not_json, refused, too_large, unreadable
from adapters.web.site import Missing
from domain.errors import Refused

LARGEST_BODY = 1_000_000
"""Bytes. A text has at most 10,000 characters, and no command has a hundred of them."""
JSON = re.compile(r"application/json\s*(;.*)?", re.IGNORECASE)


class ApiRoute(APIRoute):
    """One path operation."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request of it."""
        answered, takes_body = super().get_route_handler(), self.body_field is not None

        async def handle(request: Request) -> Response:
            try:
                await run_in_threadpool(token_of, request)
                return await answered(await _with_json(request) if takes_body else request)
            except Unanswered as problem:
                return problem.response()
            except RequestValidationError as mistake:
                if any(error["loc"][0] == "path" for error in mistake.errors()):
                    raise Missing from None  # no such thing can have that name
                return misunderstood(mistake).response()
            except NOT_THERE:
                raise Missing from None
            except Refused as refusal:
                return refused(refusal).response()

        return handle


async def _with_json(request: Request) -> Request:
    """The same request, its body read whole and found to be plain JSON; raises an `Unanswered` otherwise."""
    body = await _body(request)
    if not JSON.fullmatch(request.headers.get("content-type", "")):
        raise not_json()
    try:
        sent = from_json(body, allow_inf_nan=False)
    except ValueError:  # no UTF-8, a lone surrogate, NaN, too deep, too many digits
        raise unreadable() from None
    if not _plain(sent):
        raise unreadable()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, receive)


async def _body(request: Request) -> bytes:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > LARGEST_BODY:
        raise too_large()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise too_large()
    return bytes(body)


def _plain(sent: object) -> bool:
    """Whether every text is without null characters, and every number has an end."""
    match sent:
        case str():
            return "\0" not in sent
        case float():
            return math.isfinite(sent)
        case list():
            return all(map(_plain, sent))
        case dict():
            return all(_plain(name) and _plain(value) for name, value in sent.items())
        case _:
            return True
