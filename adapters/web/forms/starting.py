"""What a form begins with: the last description, so that describing again changes what is new and keeps the rest."""

from datetime import datetime
from typing import Any, get_args

from adapters.web.forms.fields import UNKNOWN
from domain.commands import COMMANDS
from domain.commands.base import Command
from domain.events import AnyFact
from domain.events.base import Fact
from domain.events.discover import ControllerBecameAware
from domain.events.investigate import RiskAssessed
from domain.incident import Incident
from domain.quantities import Value
from domain.risk_facts import RiskFacts
from domain.risk_of_incident import facts_of

DESCRIBED_AGAIN = ("consider_misuse", "consider_police", "assess_risk", "hold_review", "advise")
"""A later one replaces an earlier one, beside everything that is called `describe_…`."""


def begins_with(incident: Incident, command: str, letter_to: str | None = None) -> dict[str, Any]:
    """The values of the fields before anything is typed. `letter_to` names the group whose letter is changed."""
    if command == "correct_awareness":
        return {"aware_at": incident.breach.aware_at} if incident.breach else {}
    if command == "describe_incident":
        return _shared(COMMANDS[command], incident.story)
    if command == "correct_occurrence":
        return {"occurred": incident.occurred}
    if command == "write_message":
        return _letter(incident, letter_to)
    if not (command.startswith("describe_") or command in DESCRIBED_AGAIN):
        return {}
    fact = fact_described(COMMANDS[command])
    values = _shared(COMMANDS[command], incident.last(fact) if fact else None)
    if command == "assess_risk":
        values["facts"] = risk_facts(incident)
    return values


def fact_described(command: type[Command]) -> type[Fact] | None:
    """The fact that shares its details with a command."""
    details = [base for base in command.__bases__ if issubclass(base, Value) and not issubclass(base, Command)]
    facts = [fact for fact in get_args(AnyFact) if any(issubclass(fact, each) for each in details)]
    return facts[0] if len(facts) == 1 else None


def risk_facts(incident: Incident) -> RiskFacts | None:
    """The facts as they are recorded; what only an assessment can say is taken from the last one."""
    found, assessed = facts_of(incident), incident.last(RiskAssessed)
    said = assessed.facts if assessed else None
    if found is None or said is None:
        return found or said
    kept = {
        name: getattr(said, name)
        for name in RiskFacts.model_fields
        if getattr(found, name) == UNKNOWN and name not in ("data", "people")
    }
    told = {each.kind: each for each in said.data}
    return found.model_copy(update={**kept, "data": tuple(told.get(each.kind, each) for each in found.data)})


def first_signal(incident: Incident) -> datetime:
    """When the first signal reached the school: awareness, unless somebody says otherwise."""
    aware = incident.last(ControllerBecameAware)
    return aware.first_signal_at if aware else incident.first_signal_at or incident.reported_at


def _letter(incident: Incident, letter_to: str | None) -> dict[str, Any]:
    letter = next((each for people, each in incident.letters.items() if people == letter_to), None)
    return _shared(COMMANDS["write_message"], letter) | {"no_names_confirmed": False}


def _shared(command: type[Command], fact: Fact | None) -> dict[str, Any]:
    if fact is None:
        return {}
    names = type(fact).model_fields.keys() & command.model_fields.keys() - {"kind"}
    return {name: getattr(fact, name) for name in names if not name.endswith("_at")}
