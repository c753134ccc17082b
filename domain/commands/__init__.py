"""Everything that can be asked for: one module a step, one union of them all, found by `kind`."""

from typing import Annotated, Any, TypeAlias, get_args

from pydantic import ConfigDict, Field, TypeAdapter

from domain.commands.base import Command
from domain.commands.complain import ComplainCommand
from domain.commands.contain import ContainCommand
from domain.commands.discover import DiscoverCommand
from domain.commands.engine import EngineCommand
from domain.commands.investigate import InvestigateCommand
from domain.commands.notify import NotifyCommand
from domain.commands.review import ReviewCommand
from domain.commands.school import SchoolCommand

IncidentCommand: TypeAlias = (
    DiscoverCommand
    | ContainCommand
    | InvestigateCommand
    | NotifyCommand
    | ReviewCommand
    | ComplainCommand
    | EngineCommand
)
"""What can be asked of an incident."""

AnyCommand: TypeAlias = IncidentCommand | SchoolCommand
"""What can be asked for."""

COMMAND: TypeAdapter[AnyCommand] = TypeAdapter(
    Annotated[AnyCommand, Field(discriminator="kind")],
    config=ConfigDict(hide_input_in_errors=True, title="Command"),
)
"""Reads a command from data by its `kind`."""

COMMANDS: dict[str, type[Command]] = {command.model_fields["kind"].default: command for command in get_args(AnyCommand)}
"""Every command by its name."""


def command_named(kind: str, fields: dict[str, Any]) -> IncidentCommand:
    """The incident's command of that name; raises pydantic's ValidationError when a field is missing or wrong."""
    command = any_command(kind, fields)
    assert not isinstance(command, SchoolCommand), "a command of a school is asked for by `any_command`"
    return command


def any_command(kind: str, fields: dict[str, Any]) -> AnyCommand:
    """The command of that name, of an incident or a school; raises pydantic's ValidationError."""
    return COMMAND.validate_python({**fields, "kind": kind})


__all__ = [
    "COMMAND",
    "COMMANDS",
    "AnyCommand",
    "Command",
    "IncidentCommand",
    "SchoolCommand",
    "any_command",
    "command_named",
]
