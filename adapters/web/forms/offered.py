"""What somebody may do about an incident now, and what a page says once it is done."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from adapters.web.forms.wording import GROUPS, NOTHING_NEW, SAID_BEFORE, form_words, group_of
from adapters.web.site import Case
from domain.commands import COMMANDS
from domain.commands.school import SchoolCommand
from domain.decisions import ALLOWED_WHEN_CLOSED
from domain.events.complain import ComplaintAcknowledged, ComplaintAnswered
from domain.events.investigate import InvestigationCompleted, InvestigationStarted
from domain.incident import Incident
from domain.obligations import outstanding
from domain.phases import NoBreach, Suspicion
from domain.roles import MAY, Role

ELSEWHERE = frozenset({"report_incident"})
"""What has a page of its own: an incident is reported before there is one to act on."""
BY_PEOPLE = frozenset(name for name, roles in MAY.items() if roles != {Role.ENGINE}) - ELSEWHERE
OF_A_SCHOOL = frozenset(name for name in BY_PEOPLE if issubclass(COMMANDS[name], SchoolCommand))
OF_AN_INCIDENT = BY_PEOPLE - OF_A_SCHOOL


@dataclass(frozen=True, slots=True)
class Offered:
    """One thing that somebody may do: its command, what its page is called, its group, and whether it is asked for."""

    command: str
    title: str
    group: str
    asked: bool

    def path(self, ref: str) -> str:
        """Where it is done."""
        return f"/incidents/{ref}/do/{self.command}"


def done_title(command: str) -> str | None:
    """What a page says after that command was carried out; None for what is no command."""
    if command == NOTHING_NEW:
        return SAID_BEFORE
    return form_words(command).done if command in BY_PEOPLE else None


def commands_for(case: Case) -> list[Offered]:
    """What this person may do about this incident as it stands: what is asked for first, then by the steps' order."""
    asked = _asked(case)
    names = [name for name in OF_AN_INCIDENT if acting_role(case, name) and _applies(case.incident, name)]
    groups = [*GROUPS.values()]
    offered = [Offered(name, form_words(name).title, GROUPS[group_of(name)], name in asked) for name in names]
    places = {name: place for place, name in enumerate(COMMANDS)}
    return sorted(offered, key=lambda each: (not each.asked, groups.index(each.group), places[each.command]))


def acting_role(case: Case, command: str) -> Role | None:
    """The role in which this person does that: where an escalation waits for one of their roles, that role."""
    own = case.incident.history[0].actor.id == case.person.id
    held = list(case.person.acts_as(case.school.id, command, own=own))
    if command == "acknowledge_escalation":
        waiting = [role for role in held if role in case.incident.awaiting.values()]
        held = waiting or held
    return held[0] if held else None


def _asked(case: Case) -> Collection[str]:
    wanted = {obligation.command for obligation in outstanding(case.incident)}
    if set(case.roles) & set(case.incident.awaiting.values()):
        wanted.add("acknowledge_escalation")
    return wanted if wanted == {"close_incident"} else wanted - {"close_incident"}


def _applies(incident: Incident, command: str) -> bool:
    """Whether it can lead to anything as the incident stands; what else stands in its way is told when it is tried."""
    if incident.closed and (command not in ALLOWED_WHEN_CLOSED or command == "close_incident"):
        return False
    return APPLIES[command](incident) if command in APPLIES else True


def _suspicion(incident: Incident) -> bool:
    return isinstance(incident.phase, Suspicion)


def _breach(incident: Incident) -> bool:
    return incident.breach is not None


def _not_reported(incident: Incident) -> bool:
    return not isinstance(incident.phase, NoBreach) and not (incident.breach and incident.breach.reported)


def open_complaints(incident: Incident, *, unacknowledged: bool = False) -> list[int]:
    """The numbers of the complaints that were not answered, or neither acknowledged nor answered."""
    met = {said.number for _, said in incident.all(ComplaintAnswered)}
    if unacknowledged:
        met |= {said.number for _, said in incident.all(ComplaintAcknowledged)}
    return [number for number in incident.complaints if number not in met]


APPLIES: dict[str, Callable[[Incident], bool]] = {
    "confirm_breach": lambda incident: incident.breach is None,
    "find_not_a_breach": _not_reported,
    "record_near_miss": _not_reported,
    "start_investigation": lambda incident: not incident.has(InvestigationStarted),
    "complete_investigation": lambda incident: _breach(incident) and not incident.has(InvestigationCompleted),
    **dict.fromkeys(
        (
            "correct_awareness",
            "advise",
            "decide_notification",
            "decide_communication",
            "write_message",
            "tell_data_subjects",
        ),
        _breach,
    ),
    "submit_report": lambda incident: incident.decided_to_notify is True,
    "withdraw_report": lambda incident: incident.breach is not None and incident.breach.reported,
    "complete_measure": lambda incident: bool(incident.measures),
    "acknowledge_complaint": lambda incident: bool(open_complaints(incident, unacknowledged=True)),
    "inform_complainant": lambda incident: bool(open_complaints(incident)),
    "answer_complaint": lambda incident: bool(open_complaints(incident)),
    "acknowledge_escalation": lambda incident: bool(incident.awaiting),
    "reopen_incident": lambda incident: incident.closed,
}
"""When a command is offered; what is not here always is. The domain decides, these only keep a list short."""
