"""Answers that are chosen from what stands in the incident: actions planned, measures open, complaints, escalations."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from adapters.web.forms.offered import open_complaints
from adapters.web.forms.typed import ITEM, NOTHING
from adapters.web.forms.wording import Option, form_words, option
from adapters.web.site import Case
from domain.events.engine import EscalationRaised
from domain.incident import Incident
from projections.words import short_day, short_moment


@dataclass(frozen=True, slots=True)
class Listed:
    """What can be chosen; `new` where a name of one's own can be given instead."""

    options: tuple[Option, ...]
    new: bool = False


def listed_for(case: Case, command: str, zone: ZoneInfo) -> dict[str, Listed]:
    """The fields of this command whose answers stand in the incident, with those answers.

    Names that others typed are listed for whoever is shown the incident, and for nobody else.
    """
    if command == "take_containment":
        shown = case.person.sees_at(case.incident.school, "incident")
        return {"item": Listed(_planned(case.incident, zone), new=True)} if shown and case.incident.planned else {}
    if command == "complete_measure":
        return {"item": Listed(_measures(case.incident))}
    if command == "acknowledge_escalation":
        return {"alarm": Listed(_escalations(case, zone))}
    if command in COMPLAINTS:
        return {"number": Listed(_complaints(case.incident, COMPLAINTS[command](case.incident), zone))}
    return {}


COMPLAINTS: dict[str, Callable[[Incident], list[int]]] = {
    "acknowledge_complaint": lambda incident: open_complaints(incident, unacknowledged=True),
    "inform_complainant": open_complaints,
    "answer_complaint": open_complaints,
}
"""Which complaints each command can be about."""


def _planned(incident: Incident, zone: ZoneInfo) -> tuple[Option, ...]:
    return tuple(
        Option(
            key=f"{ITEM}{planned.item}",
            text=planned.item,
            hint=option("ContainmentAction", planned.action).text
            + (f", by {short_moment(planned.due_at, zone)}" if planned.due_at else ""),
        )
        for planned in incident.planned.values()
    )


def _measures(incident: Incident) -> tuple[Option, ...]:
    return tuple(
        Option(key=f"{ITEM}{measure.item}", text=measure.item, hint=f"Due on {short_day(measure.due_on)}")
        for measure in incident.measures.values()
    )


def _complaints(incident: Incident, numbers: list[int], zone: ZoneInfo) -> tuple[Option, ...]:
    found = (incident.complaints[number] for number in numbers)
    return tuple(
        Option(
            key=f"{ITEM}{complaint.number}",
            text=f"Complaint {complaint.number}: {option('PeopleKind', complaint.people).text}",
            hint=f"Received on {short_moment(complaint.received_at, zone)}",
        )
        for complaint in found
    )


def _escalations(case: Case, zone: ZoneInfo) -> tuple[Option, ...]:
    waiting = [
        Option(
            key=f"{ITEM}{raised.alarm}",
            text=option("Because", raised.because).text,
            hint=f"Raised on {short_moment(event.recorded_at, zone)}",
        )
        for event, raised in case.incident.all(EscalationRaised)
        if case.incident.awaiting.get(raised.alarm) in case.roles
    ]
    every = form_words("acknowledge_escalation").field["alarm"].options[NOTHING]
    return (Option(key=NOTHING, text=every), *waiting)
