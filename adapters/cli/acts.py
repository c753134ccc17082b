"""Commands by which people act on an incident."""

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Table

from adapters.cli.assess import read_facts
from adapters.cli.context import (
    DATA,
    DatabaseOption,
    DataOption,
    JsonOption,
    UsageMistake,
    err,
    is_up,
    opened,
    out,
    print_json,
    read_text,
)
from adapters.schools import described
from domain.commands import COMMANDS, AnyCommand, Command, SchoolCommand, any_command
from domain.commands.discover import ReportIncident
from domain.events import Recorded
from domain.roles import MAY, Actor, Role
from projections.timeline import title
from workflows.command_handler import FILLED_IN


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command("do")(do)
    app.command("commands")(commands)


def do(
    command: Annotated[str, typer.Argument(help="What to do; “tocsin commands” lists them.")],
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[REF] [field=value …]", help="The incident, then the fields.")
    ] = None,
    role: Annotated[Role, typer.Option("--as", help="The role you act in.")] = Role.STAFF,
    person: Annotated[str | None, typer.Option("--id", help="Your opaque id; the role's name if left out.")] = None,
    school: Annotated[str | None, typer.Option(help="The school's number, where no incident is named.")] = None,
    command_id: Annotated[str | None, typer.Option(help="Repeating the same id does nothing twice.")] = None,
    seen: Annotated[int | None, typer.Option(help="The version you looked at; refused if it has moved on.")] = None,
    data: DataOption = DATA,
    database_url: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Do something: report an incident, confirm the breach, advise, decide, submit, close."""
    if role is Role.ENGINE:
        raise UsageMistake("Nobody acts as the engine: it records what it does itself.")
    ref, fields = _split(command, words or [])
    asked = _command(command, fields)
    by = Actor(id=person or role.value, role=role)
    with opened(data, database_url) as tocsin:
        if isinstance(asked, ReportIncident):
            if school is None:
                raise UsageMistake("Say which school reports: --school URN.")
            events = tocsin.report(asked, school, by, command_id)
        elif isinstance(asked, SchoolCommand):
            if school is None:
                raise UsageMistake("Say of which school: --school URN.")
            events = tocsin.act_for_school(asked, school, by, command_id)
        elif ref is None:
            raise UsageMistake(f"Say which incident: tocsin do {command} REF …")
        else:
            events = tocsin.act(asked, ref, by, command_id, seen)
    _print(events, ref, as_json)
    if events and database_url is None and not is_up(data):
        err.print(
            "Recorded. Tocsin is not running, so nobody is told of it until it is started: tocsin up", soft_wrap=True
        )


def commands(
    name: Annotated[str | None, typer.Argument(help="One command, with its fields.")] = None,
) -> None:
    """List what can be done, by whom; or the fields of one command."""
    if name is None:
        table = Table("Command", "What it does", "Who may", box=None)
        for kind, command in COMMANDS.items():
            if MAY[kind] != {Role.ENGINE}:
                table.add_row(kind, _summary(command), ", ".join(sorted(MAY[kind])))
        out.print(table)
        return
    table = Table("Field", "What it takes", "Needed", box=None)
    for field, info in _known(name).model_fields.items():
        if field not in ("kind", *FILLED_IN):
            table.add_row(field, escape(_takes(_known(name), field)), "yes" if info.is_required() else "")
    out.print(f"[bold]{name}[/bold]: {_summary(_known(name))}\n")
    out.print(table)


def _split(command: str, words: list[str]) -> tuple[str | None, dict[str, Any]]:
    """The reference, if there is one, and the fields; a value in brackets or in a file named by @ is read as YAML."""
    ref = None
    fields: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if equals and name in fields:
            raise UsageMistake(f"{name} is given twice; give it once.")
        if equals and name.isidentifier():
            fields[name] = value if _is_text(command, name) else _value(name, value)
        elif ref is None:
            ref = word.upper()
        else:
            raise UsageMistake(f"“{word}” is neither a reference nor field=value.")
    return ref, fields


def _is_text(command: str, field: str) -> bool:
    """Whether the field takes words as they stand, whatever they begin with."""
    found = _known(command).model_json_schema()["properties"].get(field, {})
    kinds = {each.get("type") for each in found.get("anyOf", [found])} - {"null"}
    return kinds == {"string"}


def _value(name: str, value: str) -> Any:
    if value.startswith("@"):
        return _file(name, Path(value[1:]))
    if not value.startswith(("[", "{")):
        return value
    try:
        return yaml.safe_load(value)
    except (yaml.YAMLError, ValueError, RecursionError):
        raise UsageMistake(f"The value of {name} is not a readable list or mapping.") from None


def _file(name: str, path: Path) -> Any:
    """A value too long to type: what a YAML or JSON file says. Facts are read as `tocsin assess` reads them."""
    if name == "facts":
        return read_facts(path).model_dump(mode="json")
    try:
        return yaml.safe_load(read_text(path))
    except (ValueError, yaml.YAMLError, RecursionError):
        raise UsageMistake(f"The file named for {name} is not readable as YAML or JSON.") from None


def _command(name: str, fields: dict[str, Any]) -> AnyCommand:
    _known(name)
    for field in FILLED_IN:
        if field in fields:
            raise UsageMistake(f"{name}: {field} is filled in by Tocsin; leave it out.")
    try:
        return any_command(name, fields)
    except ValidationError as mistake:
        raise UsageMistake(f"{name}: {described(mistake, name)}. “tocsin commands {name}” lists its fields.") from None


def _known(name: str) -> type[Command]:
    if name not in COMMANDS:
        raise UsageMistake(f"There is no command “{name}”; “tocsin commands” lists them.")
    return COMMANDS[name]


def _summary(command: type[Command]) -> str:
    return (command.__doc__ or "").split("\n")[0]


def _takes(command: type[Command], field: str) -> str:
    schema = command.model_json_schema()
    return _schema_words(schema["properties"][field], schema.get("$defs", {}))


def _schema_words(schema: dict[str, Any], defs: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _schema_words(defs[schema["$ref"].rsplit("/", 1)[1]], defs)
    if "anyOf" in schema:
        return " or ".join(_schema_words(each, defs) for each in schema["anyOf"] if each.get("type") != "null")
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"[{_schema_words(schema.get('items', {}), defs)}, …]"
    if schema.get("type") == "object":
        return (
            "{" + ", ".join(f"{name}: {_schema_words(each, defs)}" for name, each in schema["properties"].items()) + "}"
        )
    plain = {"date-time": "time with offset", "date": "date", "boolean": "true | false"}
    kind = str(schema.get("type", ""))
    return plain.get(str(schema.get("format")), plain.get(kind, kind))


def _print(events: tuple[Recorded, ...], ref: str | None, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "ref": events[0].incident if events else ref,
                "events": [
                    {
                        "position": event.position,
                        "version": event.version,
                        "kind": event.fact.kind,
                        "recorded_at": event.recorded_at.isoformat(),
                        "actor": event.actor.role,
                    }
                    for event in events
                ],
            }
        )
    elif not events:
        out.print(f"{ref}: nothing new; it was already recorded.")
    for event in () if as_json else events:
        out.print(f"{event.incident}  version {event.version}  {title(event.fact)}")
