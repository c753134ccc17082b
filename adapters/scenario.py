"""Scenario files: a school, a start time, and what people did; what the system did is what a drill shows."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, get_args

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from adapters.schools import SAMPLE, described
from domain.commands import COMMANDS, AnyCommand, Command, SchoolCommand, any_command
from domain.errors import Refused
from domain.quantities import Instant
from domain.roles import Role
from domain.school import School

OFFSET = re.compile(
    r"(?P<sign>[+-])(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m)?(?:(?P<seconds>\d+)s)?"
)


class ScenarioWrong(Refused):
    """The scenario file cannot be played."""


def offset(text: object) -> timedelta | None:
    """A span such as +26h, +1d12h or -30m; None when the text is none."""
    match = OFFSET.fullmatch(text) if isinstance(text, str) and len(text) > 1 else None
    if match is None or not any(match.groups()[1:]):
        return None
    parts = {name: int(value) for name, value in match.groupdict().items() if value and name != "sign"}
    return timedelta(**parts) * (-1 if match["sign"] == "-" else 1)


def _offset(text: object) -> object:
    span = offset(text)
    if span is None:
        raise ValueError("not a span of time such as +26h, +1d12h or +90m")
    return span


def _known_command(kind: str) -> str:
    if kind not in COMMANDS:
        raise ValueError(f"there is no command “{kind}”")
    return kind


Span = Annotated[timedelta, BeforeValidator(_offset)]


class Act(BaseModel):
    """What one person did: when, as what, which command with which fields. `refused` says that it must be refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    at: Span
    actor: Role
    do: Annotated[str, AfterValidator(_known_command)]
    with_: Annotated[dict[str, Any], Field(alias="with")] = {}
    school: str | None = None
    incident: str = "the incident"
    refused: str | None = None

    @property
    def of_a_school(self) -> bool:
        """Whether it is recorded of the school itself and of no incident."""
        return issubclass(COMMANDS.get(self.do, Command), get_args(SchoolCommand))


class Scenario(BaseModel):
    """A whole scenario. `until` lets the system go on alone after the last act."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str
    title: str
    start: Instant
    school: School = SAMPLE
    schools: tuple[School, ...] = ()
    until: Span | None = None
    steps: tuple[Act, ...]

    @model_validator(mode="after")
    def _reported_first(self) -> "Scenario":
        reported: set[str] = set()
        for act in self.in_order:
            if act.do == "report_incident":
                reported.add(act.incident)
            elif act.incident not in reported and not act.of_a_school:
                raise ValueError(f"{act.do} at {act.at} comes before “{act.incident}” is reported")
        return self

    @property
    def in_order(self) -> tuple[Act, ...]:
        """The acts by time, in the file's order where the time is the same."""
        return tuple(sorted(self.steps, key=lambda act: act.at))

    @property
    def everyone(self) -> tuple[School, ...]:
        """Every school that takes part."""
        return self.schools or (self.school,)

    def command(self, act: Act) -> AnyCommand:
        """The command of an act, with spans of time turned into times."""
        return any_command(act.do, {name: self._resolved(name, value) for name, value in act.with_.items()})

    def _resolved(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {inner: self._resolved(inner, each) for inner, each in value.items()}
        if isinstance(value, list):
            return [self._resolved(name, each) for each in value]
        span = offset(value)
        if span is None:
            return value
        at = self.start + span
        return at.date().isoformat() if name.endswith("_on") else at.isoformat()


def read_scenario(path: Path) -> Scenario:
    """The scenario in a file; raises `ScenarioWrong` with the place of the mistake."""
    try:
        found = Scenario.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        for act in found.steps:
            _check(found, act)
    except ValidationError as mistake:
        raise ScenarioWrong(f"{path.name}: {described(mistake)}.") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise ScenarioWrong(f"{path.name} is not readable as YAML.") from None
    return found


def _check(scenario: Scenario, act: Act) -> datetime:
    try:
        scenario.command(act)
    except ValidationError as mistake:
        raise ScenarioWrong(f"{act.do} at +{act.at}: {described(mistake)}.") from None
    return scenario.start + act.at
