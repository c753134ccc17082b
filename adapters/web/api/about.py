"""What this API takes, why it refuses, and how far the log is."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.responses import JSONResponse

from adapters.web.api.commands import BODIES, OFFERED, path_of, summary_of, who_may
from adapters.web.api.problems import Problem, documented, every_refusal
from adapters.web.api.routing import ApiRoute
from adapters.web.api.shapes import Chain, CommandRow, Commands
from adapters.web.api.walls import sees_somewhere
from adapters.web.site import Missing, Site

router = APIRouter(tags=["About"], route_class=ApiRoute)

PREFIX = "/api/v1"
SCHEMA = "application/schema+json"
KNOWN = documented(401, 403, 429)


@router.get("/commands", responses=KNOWN, operation_id="list_commands")
def list_commands() -> Commands:
    """Every command: what it does, who may ask for it, where it is sent, and where its fields are described."""
    rows = (
        CommandRow(
            kind=kind,
            summary=summary_of(kind),
            who=who_may(kind),
            path=f"{PREFIX}{path_of(kind)}",
            schema_at=f"{PREFIX}/commands/{kind}",
        )
        for kind in OFFERED
    )
    return Commands(rows=tuple(rows))


@router.get(
    "/commands/{kind}",
    responses=documented(401, 403, 404, 422, 429) | {200: {"content": {SCHEMA: {"schema": {"type": "object"}}}}},
    operation_id="show_command",
    response_class=JSONResponse,
)
def show_command(
    kind: Annotated[str, Path(description="The command’s name.", examples=["confirm_breach"])],
) -> JSONResponse:
    """The fields of one command, as JSON Schema."""
    if kind not in BODIES:
        raise Missing
    schema: dict[str, Any] = BODIES[kind].model_json_schema()
    return JSONResponse(schema, media_type=SCHEMA)


@router.get("/problems", responses=KNOWN, operation_id="list_problems")
def list_problems() -> tuple[Problem, ...]:
    """Every rule that can refuse a command: its code, and the sentence that it gives unless it knows more."""
    return every_refusal()


@router.get("/chain", responses=documented(401, 403, 404, 429), operation_id="show_chain")
def show_chain(site: Annotated[Site, Depends(sees_somewhere("chain"))]) -> Chain:
    """The head of the log, to be kept outside: what a later proof must still have."""
    code = site.tocsin.log.code()
    return Chain(position=int(code.split("-", maxsplit=1)[0]), code=code)
