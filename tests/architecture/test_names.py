"""Stored names are for ever: events may gain fields, and nothing stored is renamed or dropped."""

from pathlib import Path
from typing import get_args

from domain import errors
from domain.commands import COMMANDS
from domain.events import IncidentFact
from domain.events.school import SchoolFact
from domain.roles import MAY, Role

FACTS = (*get_args(IncidentFact), *get_args(SchoolFact))
STORED = Path(__file__).with_name("stored_names.txt")


def test_every_stored_event_still_has_its_name_and_its_fields() -> None:
    """The committed list is what was ever written to a log; a new event or field is added to it."""
    facts = {fact.model_fields["kind"].default: set(fact.model_fields) - {"kind"} for fact in FACTS}
    stored = {name: set(fields) for name, *fields in map(str.split, STORED.read_text().splitlines())}
    assert facts == stored


def test_every_name_is_unique_and_says_its_step() -> None:
    """`step_or_subject.past_fact` in small letters."""
    names = [fact.model_fields["kind"].default for fact in FACTS]
    assert len(names) == len(set(names))
    assert all(name == name.lower() and name.count(".") == 1 for name in names)


def test_every_command_says_who_may_ask_for_it() -> None:
    """The permission table has a line for each command and for nothing else."""
    assert MAY.keys() == COMMANDS.keys()
    assert all(MAY.values())


def test_advice_is_the_dpos_and_decisions_are_the_controllers() -> None:
    """UK GDPR Art. 38(6), 39(1): nobody holds both."""
    assert MAY["advise"] == {Role.DPO}
    assert Role.DPO not in MAY["decide_notification"] | MAY["decide_communication"]


def test_the_engines_own_commands_are_the_engines_alone() -> None:
    """No person can record that a reminder was sent."""
    engine = {name for name, roles in MAY.items() if Role.ENGINE in roles}
    assert all(MAY[name] == {Role.ENGINE} for name in engine)
    assert {"record_reminder", "record_escalation", "record_missed_deadline"} <= engine


def test_an_auditor_changes_nothing() -> None:
    """Auditors read."""
    assert not any(Role.AUDITOR in roles for roles in MAY.values())


def test_every_refusal_is_used_and_was_seen_in_a_test() -> None:
    """A rule that nobody saw refuse may not be there."""
    root = Path(__file__).parents[2]
    refusals = {name for name, kind in vars(errors).items() if isinstance(kind, type) and name != "Refused"}
    rules = [path for package in ("domain", "workflows", "adapters") for path in (root / package).rglob("*.py")]
    used = "".join(path.read_text(encoding="utf-8") for path in rules if path.name != "errors.py")
    told = "".join(path.read_text(encoding="utf-8") for path in (root / "tests").rglob("test_*.py"))
    assert {name for name in refusals if name not in used} == set()
    assert {name for name in refusals if name not in told} == set()
