"""Everything that can be asked for: one module a step, one union of them all, found by `kind`."""

from typing import Annotated, Any, TypeAlias, get_args

from pydantic import ConfigDict, Field, TypeAdapter

from domain.commands.base import Command
from domain.commands.contain import ContainCommand
from domain.commands.discover import DiscoverCommand
from domain.commands.engine import EngineCommand
from domain.commands.investigate import InvestigateCommand
from domain.commands.notify import NotifyCommand
from domain.commands.review import ReviewCommand

IncidentCommand: TypeAlias = (
    DiscoverCommand | ContainCommand | InvestigateCommand | NotifyCommand | ReviewCommand | EngineCommand
)

COMMAND: TypeAdapter[IncidentCommand] = TypeAdapter(
    Annotated[IncidentCommand, Field(discriminator="kind")],
    config=ConfigDict(hide_input_in_errors=True, title="Command"),
)
"""Reads a command from data by its `kind`."""

COMMANDS: dict[str, type[Command]] = {
    command.model_fields["kind"].default: command for command in get_args(IncidentCommand)
}
"""Every command by its name."""


def command_named(kind: str, fields: dict[str, Any]) -> IncidentCommand:
    """The command of that name; raises pydantic's ValidationError when a field is missing, unknown or wrong."""
    return COMMAND.validate_python({**fields, "kind": kind})


__all__ = ["COMMAND", "COMMANDS", "Command", "IncidentCommand", "command_named"]
