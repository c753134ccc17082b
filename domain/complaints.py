"""What DPA 2018 s. 164A still asks for when somebody complained, and how far each complaint is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.events.complain import ComplaintAcknowledged, ComplaintAnswered, ComplaintReceived
from domain.incident import Incident
from domain.obligation import LEADS, Obligation
from domain.steps import Step


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint as it stands."""

    received: ComplaintReceived
    acknowledged: ComplaintAcknowledged | None
    answered: ComplaintAnswered | None

    @property
    def in_time(self) -> bool | None:
        """Whether it was acknowledged within the 30 days; None while that is open, or where no period runs."""
        before = self.received.acknowledge_before
        return None if before is None or self.acknowledged is None else self.acknowledged.acknowledged_at < before


def complaints(incident: Incident) -> tuple[Complaint, ...]:
    """Every complaint about the incident, in the order in which they were recorded."""
    acknowledged = {said.number: said for _, said in incident.all(ComplaintAcknowledged)}
    answered = {said.number: said for _, said in incident.all(ComplaintAnswered)}
    return tuple(
        Complaint(received, acknowledged.get(number), answered.get(number))
        for number, received in incident.complaints.items()
    )


def unacknowledged(incident: Incident) -> tuple[tuple[int, datetime], ...]:
    """The number of each complaint that waits for an acknowledgement, and when its 30 days end."""
    return tuple(
        (each.received.number, each.received.acknowledge_before)
        for each in complaints(incident)
        if each.acknowledged is None and each.answered is None and each.received.acknowledge_before
    )


def answering_complaints(incident: Incident) -> Iterator[Obligation]:
    """What each complaint still needs."""
    for each in complaints(incident):
        number = each.received.number
        if each.answered:
            continue
        if each.acknowledged is None:
            due_at = each.received.acknowledge_before
            what = f"Acknowledge complaint {number}"
            why = "DPA 2018 s. 164A(3): within 30 days" if due_at else "School procedure, Appendix 2"
            yield Obligation(Step.REVIEW, "acknowledge_complaint", what, why, LEADS, due_at)
        what = f"Answer complaint {number}"
        why = "DPA 2018 s. 164A(4): without undue delay" if each.received.acknowledge_before else "Appendix 2"
        yield Obligation(Step.REVIEW, "answer_complaint", what, why, LEADS)
