"""Acting: a path operation for every command that people ask for, made from the domain's own list of commands."""

import re
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Header
from fastapi.responses import JSONResponse, Response
from pydantic import GetJsonSchemaHandler, create_model, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from adapters.accounts.report_links import note_report
from adapters.web.api.problems import documented, moved_on
from adapters.web.api.routing import ApiRoute
from adapters.web.api.shapes import CarriedOut
from adapters.web.api.walls import Asker, Ref, Urn, asker_at_school, asker_on_incident
from adapters.web.site import Site, TheSite
from domain.commands import COMMANDS, AnyCommand, Command, IncidentCommand, SchoolCommand
from domain.commands.discover import ReportIncident
from domain.errors import SomeoneElseActed
from domain.events import Recorded
from domain.roles import ENGINE, MAY, Role
from domain.school_record import record_of
from workflows.command_handler import FILLED_IN

router = APIRouter(route_class=ApiRoute)

OFFERED = {kind: command for kind, command in COMMANDS.items() if MAY[kind] != {ENGINE.role}}
"""Every command but those that the engine asks of itself."""
NOT_SENT = frozenset({"kind", *FILLED_IN})
"""Fields that the address says, or that are filled in where the command is carried out."""
FAILING = (401, 403, 404, 409, 413, 415, 422, 429)

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The ETag of the version you looked at: where somebody acted since, nothing is done.",
    ),
]


class Sent(Command):
    """A command as it is sent: without the fields that the address says or that Tocsin fills in."""

    @model_validator(mode="before")
    @classmethod
    def _without_what_is_filled_in(cls, sent: Any) -> Any:
        if isinstance(sent, dict) and not NOT_SENT.isdisjoint(sent):
            raise ValueError("holds a field that Tocsin fills in itself; leave it out")
        return sent

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The command's schema without those fields."""
        found = handler.resolve_ref_schema(handler(schema))
        for name in NOT_SENT:
            found["properties"].pop(name, None)
        return found


def body_of(command: type[Command]) -> type[Command]:
    """The model of what is sent for a command, under the command's own name."""
    return create_model(command.__name__, __base__=(Sent, command), __doc__=command.__doc__)


BODIES = {kind: body_of(command) for kind, command in OFFERED.items()}
"""What is sent for each command."""


def path_of(kind: str) -> str:
    """Where a command is sent."""
    if OFFERED[kind] is ReportIncident:
        return "/schools/{urn}/incidents"
    whose = "/schools/{urn}" if issubclass(OFFERED[kind], SchoolCommand) else "/incidents/{ref}"
    return f"{whose}/commands/{kind}"


def summary_of(kind: str) -> str:
    """What a command does, in its own first line."""
    return (OFFERED[kind].__doc__ or "").split("\n")[0]


def who_may(kind: str) -> tuple[Role, ...]:
    """The roles that may ask for a command, in their order."""
    return tuple(role for role in Role if role in MAY[kind])


def _on_an_incident(kind: str) -> Any:
    def carry_out(
        ref: Ref,
        sent: Command,
        site: TheSite,
        asker: Annotated[Asker, Depends(asker_on_incident(kind))],
        if_match: IfMatch = None,
    ) -> Response:
        command = cast("IncidentCommand", _command(kind, sent))
        seen = _seen(site, ref, if_match)
        try:
            events = site.tocsin.act(command, ref, asker.actor, asker.command_id, seen)
        except SomeoneElseActed as refusal:
            if seen is None:
                raise
            raise moved_on(_version(site, ref), refusal) from None
        return _carried_out(ref, events, events[-1].version if events else _version(site, ref))

    return carry_out


def _of_a_school(kind: str) -> Any:
    def carry_out(
        urn: Urn,
        sent: Command,
        site: TheSite,
        asker: Annotated[Asker, Depends(asker_at_school(kind))],
    ) -> Response:
        command = cast("SchoolCommand", _command(kind, sent))
        events = site.tocsin.act_for_school(command, urn, asker.actor, asker.command_id)
        ref = record_of(urn)
        return _carried_out(ref, events, events[-1].version if events else _version(site, ref))

    return carry_out


def _reported(kind: str) -> Any:
    def report(
        urn: Urn,
        sent: Command,
        site: TheSite,
        asker: Annotated[Asker, Depends(asker_at_school(kind))],
    ) -> Response:
        events = site.tocsin.report(cast("ReportIncident", _command(kind, sent)), urn, asker.actor, asker.command_id)
        ref = events[0].incident
        note_report(site.accounts, asker.actor.id, ref)
        answer = _carried_out(ref, events, events[-1].version)
        answer.status_code, answer.headers["Location"] = 201, f"/api/v1/incidents/{ref}"
        return answer

    return report


def _command(kind: str, sent: Command) -> AnyCommand:
    """The domain's command, of what was sent."""
    fields = {name: getattr(sent, name) for name in sent.model_fields_set}
    return cast("AnyCommand", OFFERED[kind].model_validate(fields))


def _seen(site: Site, ref: str, if_match: str | None) -> int | None:
    """The version that If-Match names: None where it asks for none, one that there never is where it is not ours."""
    if if_match is None or if_match.strip() == "*":
        return None
    named = [int(version) for version in re.findall(r'(?<!W/)"([0-9]{1,9})(?:-erased)?"', if_match)]
    if len(named) == 1:
        return named[0]
    current = _version(site, ref)
    return current if current in named else -1


def _version(site: Site, ref: str) -> int:
    history = site.tocsin.log.history(ref)
    return history[-1].version if history else 0


def _carried_out(ref: str, events: tuple[Recorded, ...], version: int) -> JSONResponse:
    happened = [
        {
            "position": event.position,
            "version": event.version,
            "kind": event.fact.kind,
            "recorded_at": event.recorded_at.isoformat(),
            "role": event.actor.role,
        }
        for event in events
    ]
    body = {"ref": ref, "version": version, "events": happened}
    return JSONResponse(body, headers={"ETag": f'"{version}"'})


def _offer(kind: str) -> None:
    command = OFFERED[kind]
    reports, of_incident = command is ReportIncident, "{ref}" in path_of(kind)
    answer = (_reported if reports else _on_an_incident if of_incident else _of_a_school)(kind)
    answer.__annotations__["sent"] = BODIES[kind]
    etag = {"ETag": {"description": "The version after it.", "schema": {"type": "string"}, "required": True}}
    location = {"Location": {"description": "The incident.", "schema": {"type": "string"}, "required": True}}
    status = 201 if reports else 200
    headers = etag | location if reports else etag
    said: dict[int | str, dict[str, Any]] = {status: {"description": "Carried out.", "headers": headers}}
    router.add_api_route(
        path_of(kind),
        answer,
        methods=["POST"],
        status_code=status,
        response_model=CarriedOut,
        responses=documented(*FAILING, *((412,) if of_incident else ())) | said,
        operation_id=kind,
        summary=summary_of(kind),
        description=f"{command.__doc__}\n\nWho may: {', '.join(who_may(kind))}.",
        tags=[_tag(command)],
    )


def _tag(command: type[Command]) -> str:
    return f"Commands: {command.__module__.rsplit('.', maxsplit=1)[-1]}"


for _kind in OFFERED:
    _offer(_kind)
