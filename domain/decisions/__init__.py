"""`decide`: what a command leads to. It may refuse; a repeated command leads to nothing; it never reads a clock."""

from datetime import datetime
from typing import get_args

from domain.commands import IncidentCommand
from domain.commands.complain import ComplainCommand
from domain.commands.contain import ContainCommand
from domain.commands.discover import DiscoverCommand, ReportIncident
from domain.commands.engine import EngineCommand
from domain.commands.investigate import InvestigateCommand
from domain.commands.notify import NotifyCommand
from domain.commands.review import ReviewCommand
from domain.decisions.base import not_before_it_began
from domain.decisions.complain import decide_complain
from domain.decisions.contain import decide_contain
from domain.decisions.discover import decide_discover, report
from domain.decisions.engine import decide_engine
from domain.decisions.investigate import decide_investigate
from domain.decisions.notify import decide_notify
from domain.decisions.review import decide_review
from domain.errors import IncidentIsClosed, NoSuchIncident, NotYourRole
from domain.events.base import Fact
from domain.incident import Incident
from domain.roles import TITLES, Actor, Role, may

ALLOWED_WHEN_CLOSED = frozenset(
    {
        "add_note",
        "record_reference",
        "record_answer",
        "record_processor_notice",
        "reopen_incident",
        "acknowledge_escalation",
        "close_incident",
        "record_complaint",
    }
    | {command.model_fields["kind"].default for command in get_args(EngineCommand)}
)
"""What may still be recorded of a closed incident; everything else asks for it to be reopened first."""


def decide(command: IncidentCommand, incident: Incident | None, by: Actor, now: datetime) -> tuple[Fact, ...]:
    """The facts that `command`, asked for by `by` at `now`, leads to. Raises a `Refused` that says why not."""
    if not may(by.role, command.kind):
        who = ", ".join(TITLES[role] for role in Role if may(role, command.kind))
        raise NotYourRole(f"As {TITLES[by.role]} you may not {command.kind.replace('_', ' ')}; it is for: {who}.")
    if incident is None:
        if isinstance(command, ReportIncident):
            return report(command, now)
        raise NoSuchIncident
    if incident.closed:
        if command.kind == "close_incident":
            return ()
        if command.kind not in ALLOWED_WHEN_CLOSED or getattr(command, "requires_communication", False):
            raise IncidentIsClosed
    facts = _decide(command, incident, by, now)
    for fact in facts:
        not_before_it_began(incident, fact)
    return facts


def _decide(command: IncidentCommand, incident: Incident, by: Actor, now: datetime) -> tuple[Fact, ...]:
    if isinstance(command, DiscoverCommand):
        return decide_discover(command, incident, by, now)
    if isinstance(command, ContainCommand):
        return decide_contain(command, incident, now)
    if isinstance(command, InvestigateCommand):
        return decide_investigate(command, incident, now)
    if isinstance(command, NotifyCommand):
        return decide_notify(command, incident, by, now)
    if isinstance(command, ReviewCommand):
        return decide_review(command, incident, now)
    if isinstance(command, ComplainCommand):
        return decide_complain(command, incident, now)
    return decide_engine(command, incident, by, now)
