"""What a program is told when its request cannot be answered (RFC 9457), and how the description says so."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse

from adapters.keys import KeyDestroyed
from adapters.papers import NoSuchReport
from adapters.schools import PLAINLY, NoSuchSchool, SchoolFileWrong
from adapters.web.faults import NOT_FOUND, problem
from domain.errors import NoSuchIncident, NotConfirmed, Refused, SomeoneElseActed
from domain.quantities import Value

MEDIA_TYPE = "application/problem+json"
REALM = 'Bearer realm="tocsin"'
RETRY_AFTER = 60
"""Seconds: every limit of this API counts by the minute."""
REFUSING = ("domain.errors", "adapters.papers")
"""Where the rules are that refuse what is asked for here."""
NOT_THERE = (NoSuchIncident, NoSuchReport, NoSuchSchool)
"""Refusals that are answered as what is not there."""
OURS = re.compile(r"[a-z][a-z0-9_]{0,39}|If-Match|Idempotency-Key")
"""How the names of fields look; a part of a path that does not is one of pydantic's own words."""


class FieldProblem(Value):
    """What is wrong with one part of a request. `where` leads to it, such as "body.occurred.began_at"."""

    where: str
    what: str


class Problem(Value):
    """Why a request was not answered. `type` ends in a code that stays the same; `detail` is a sentence for people."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldProblem, ...] = ()


class Unanswered(Exception):
    """The request is answered with a problem in place of what it asked for."""

    def __init__(
        self, status: int, title: str, detail: str, code: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(code)
        self.status = status
        self._said = (status, title, detail, code)
        self._headers, self._more = headers, more

    def response(self) -> JSONResponse:
        """The answer."""
        return problem(*self._said, headers=self._headers, **self._more)


def unknown_token(*, given: bool) -> Unanswered:
    """There is no token, or none that opens anything (RFC 6750, section 3)."""
    error = ', error="invalid_token"' if given else ""
    detail = (
        "That token is not known, has ended or was revoked; issue a new one on the page of your account."
        if given
        else "Send a token of your account in the header Authorization: Bearer …."
    )
    return Unanswered(401, "Token needed", detail, "token", {"WWW-Authenticate": f"{REALM}{error}"})


def scope_lacking(scope: str) -> Unanswered:
    """The token was not issued for that."""
    challenge = f'{REALM}, error="insufficient_scope", scope="{scope}"'
    detail = f"That token was issued without the scope “{scope}”; issue one that has it."
    return Unanswered(403, "Scope needed", detail, "scope", {"WWW-Authenticate": challenge})


def too_often() -> Unanswered:
    """More was asked than one token, or one address, may ask in a minute."""
    detail = "That is more than may be asked in a minute; wait a minute, then go on."
    return Unanswered(429, "Too many requests", detail, "too-often", {"Retry-After": f"{RETRY_AFTER}"})


def too_large() -> Unanswered:
    """The body is larger than any command."""
    return Unanswered(413, "Too large", "A body is at most 1 MB; send less.", "too-large")


def not_json() -> Unanswered:
    """The body says that it is something else."""
    detail = "Send the fields of the command as one JSON object, with the header Content-Type: application/json."
    return Unanswered(415, "JSON needed", detail, "not-json")


def unreadable() -> Unanswered:
    """The body is no JSON, or holds what no text or number of ours can."""
    return unclear(FieldProblem(where="body", what="is not readable as JSON in UTF-8 without null characters"))


def moved_on(version: int, refusal: Refused) -> Unanswered:
    """Somebody acted since the version that the request names."""
    return Unanswered(412, "Someone else acted", str(refusal), refusal.code, {"ETag": f'"{version}"'})


def refused(refusal: Refused) -> Unanswered:
    """A rule refused it."""
    said = str(refusal)
    if isinstance(refusal, SchoolFileWrong):  # its own sentence names a file of the machine
        said = "The school’s file in the register cannot be read; whoever runs Tocsin must put it right."
    return Unanswered(409, "Refused", said, refusal.code)


def misunderstood(mistake: RequestValidationError) -> Unanswered:
    """Fields are missing or wrong: which, and what each takes; never what was sent."""
    return unclear(*dict.fromkeys(_field_problems(mistake)))


def unclear(*errors: FieldProblem) -> Unanswered:
    """Parts of the request are missing or wrong."""
    detail = "Some of what was sent is not understood; “errors” says which."
    return Unanswered(422, "Not understood", detail, "not-understood", errors=[each.model_dump() for each in errors])


def _field_problems(mistake: RequestValidationError) -> Iterator[FieldProblem]:
    for error in mistake.errors():
        kind, path = error["type"], error["loc"]
        if kind == "extra_forbidden":  # its name is whatever was sent
            path, said = path[:-1], "holds a field that is not known here"
        else:
            said = PLAINLY.get(kind, error["msg"].removeprefix("Value error, "))
        where = ".".join(f"{part}" for part in path if isinstance(part, int) or OURS.fullmatch(part))
        yield FieldProblem(where=where, what=said)


def every_refusal() -> tuple[Problem, ...]:
    """Each rule that can refuse a command, with the sentence that it gives unless it knows more."""
    kinds = {kind for kind in Refused.__subclasses__() if kind.__module__ in REFUSING} | {KeyDestroyed, SchoolFileWrong}
    told = sorted(kinds.difference(NOT_THERE), key=lambda kind: kind.__name__)
    return tuple(Problem.model_validate_json(bytes(refused(kind()).response().body)) for kind in told)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How the description tells of these answers; every one of them has the same shape."""
    return {status: _documented(*EXAMPLES[status]) for status in statuses}


def _documented(description: str, example: JSONResponse) -> dict[str, Any]:
    content = {
        MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": json.loads(bytes(example.body))}
    }
    names = [name for name in ("WWW-Authenticate", "Retry-After", "ETag") if name in example.headers]
    headers = {name: {"schema": {"type": "string"}, "required": True} for name in names}
    return {"description": description, "content": content} | ({"headers": headers} if headers else {})


MISSING_FIELD = FieldProblem(where="body.basis", what="is needed")
EXAMPLES = {
    401: ("The token is missing, unknown, ended or revoked.", unknown_token(given=True).response()),
    403: ("The token was issued without the scope.", scope_lacking("act").response()),
    404: ("It is not there, or not for whoever asks: the two look alike.", problem(*NOT_FOUND)),
    409: ("A rule refused it; the code in “type” names the rule.", refused(NotConfirmed()).response()),
    412: ("Somebody acted since the version in If-Match.", moved_on(7, SomeoneElseActed()).response()),
    413: ("The body is larger than 1 MB.", too_large().response()),
    415: ("The body was not sent as JSON.", not_json().response()),
    422: ("Something that was sent is missing or wrong.", unclear(MISSING_FIELD).response()),
    429: ("Asked too often.", too_often().response()),
}
"""What each answer means, and one of its kind."""
