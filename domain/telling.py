"""What Art. 34 still asks for: a decision, and a message to every group concerned that says all it has to say."""

from collections.abc import Iterator

from domain.events.investigate import PeopleDescribed
from domain.events.notify import CommunicationDecided, DataSubjectsTold, RegulatorAnswered
from domain.incident import Incident
from domain.obligation import CONTROLLER, LEADS, Obligation
from domain.steps import Step
from domain.vocabulary import Exemption, MessagePoint, PeopleKind, RiskLevel

ASKED_BY_LAW = (MessagePoint.NATURE, MessagePoint.DPO_CONTACT, MessagePoint.CONSEQUENCES, MessagePoint.MEASURES)
"""UK GDPR Art. 34(2), with Art. 33(3)(b) to (d)."""

SAID = {
    MessagePoint.NATURE: "the nature of the breach",
    MessagePoint.DPO_CONTACT: "whom to ask, by name and contact details",
    MessagePoint.CONSEQUENCES: "the likely consequences",
    MessagePoint.MEASURES: "the measures taken or proposed",
}
HEARD_THROUGH = {PeopleKind.PUPILS: (PeopleKind.PARENTS,), PeopleKind.FORMER_PUPILS: (PeopleKind.PARENTS,)}
"""The right is the pupil's; where a child is too young to understand, a parent is told for it."""


def telling(incident: Incident) -> Iterator[Obligation]:
    """What is still to be decided, said or completed."""
    decision = incident.standing(CommunicationDecided)
    if decision is None or (not decision.communicate and not decision.exemption and incident.risk is RiskLevel.HIGH):
        again = "" if decision is None else " again, because the risk was since assessed as high"
        what = f"Decide whether the people concerned are told{again}"
        yield Obligation(Step.NOTIFY, "decide_communication", what, "UK GDPR Art. 34", CONTROLLER)
    elif decision.communicate:
        yield from _to_each_group(incident, decision)
    elif decision.exemption is Exemption.DISPROPORTIONATE and not incident.has(DataSubjectsTold):
        what = "Tell the people concerned by a public communication or a similar measure"
        yield Obligation(Step.NOTIFY, "tell_data_subjects", what, "UK GDPR Art. 34(3)(c)", LEADS)
    yield from _as_ordered(incident)
    yield from _left_out(incident)


def concerned(incident: Incident, decision: CommunicationDecided | None) -> tuple[PeopleKind, ...]:
    """The groups to be told: those that the decision names, or else all that are known to be affected."""
    described = incident.last(PeopleDescribed)
    affected = [group.people for group in described.groups if group.number.number != 0] if described else []
    known = [people for people in dict.fromkeys(affected) if people is not PeopleKind.NOT_YET_KNOWN]
    return decision.to if decision and decision.to else tuple(known)


def untold(incident: Incident, decision: CommunicationDecided | None) -> tuple[PeopleKind, ...]:
    """The groups to be told that nobody has told yet, directly or through those who hear for them."""
    told = {said.people for _, said in incident.all(DataSubjectsTold)}
    return tuple(
        people for people in concerned(incident, decision) if not told & {people, *HEARD_THROUGH.get(people, ())}
    )


def _to_each_group(incident: Incident, decision: CommunicationDecided) -> Iterator[Obligation]:
    article = "UK GDPR Art. 34(1)"
    if not incident.has(DataSubjectsTold):
        what = "Tell the people concerned, without undue delay"
        yield Obligation(Step.NOTIFY, "tell_data_subjects", what, article, LEADS)
        return
    for people in untold(incident, decision):
        what = f"Tell the {people.replace('_', ' ')} as well, without undue delay"
        yield Obligation(Step.NOTIFY, "tell_data_subjects", what, article, LEADS)


def _as_ordered(incident: Incident) -> Iterator[Obligation]:
    ordered = max(
        (event.version for event, said in incident.all(RegulatorAnswered) if said.requires_communication), default=0
    )
    if ordered > incident.version_of(DataSubjectsTold):
        what = "Tell the people concerned, as the regulator requires"
        yield Obligation(Step.NOTIFY, "tell_data_subjects", what, "UK GDPR Art. 34(4)", LEADS)


def _left_out(incident: Incident) -> Iterator[Obligation]:
    """What a group was not told: said in a letter written before, or noted with any message to it."""
    said: dict[PeopleKind, set[MessagePoint]] = {}
    for event, told in incident.all(DataSubjectsTold):
        points = set(ASKED_BY_LAW) if incident.letter_before(told.people, event.version) else set(told.points)
        said.setdefault(told.people, set()).update(points)
    for people, points in said.items():
        if missing := [SAID[point] for point in ASKED_BY_LAW if point not in points]:
            what = f"Record that the message to the {people.replace('_', ' ')} said {'; '.join(missing)}, or tell them"
            yield Obligation(Step.NOTIFY, "tell_data_subjects", what, "UK GDPR Art. 34(2)", LEADS)
