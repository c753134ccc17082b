"""The facts of the risk prompt as the events of an incident have them; what no event says is unknown."""

from domain.events.contain import BreachFoundOngoing, ContainmentActionTaken
from domain.events.investigate import (
    DataDescribed,
    EffectsDescribed,
    Group,
    MisuseConsidered,
    PeopleDescribed,
    ProtectionsDescribed,
)
from domain.incident import Incident
from domain.risk_facts import DataFact, Identifiability, RiskFacts, Unknown
from domain.vocabulary import Answer, ContainmentAction, DataKind, PeopleKind

LARGEST = 1_000_000_000
"""People. No count in the facts is larger, and no rule asks beyond a thousand."""
TAKEN_BACK = (ContainmentAction.EQUIPMENT_RECOVERED, ContainmentAction.DELETION_CONFIRMED)
PERHAPS_CHILDREN = (PeopleKind.FORMER_PUPILS, PeopleKind.OTHER, PeopleKind.NOT_YET_KNOWN)


def facts_of(incident: Incident) -> RiskFacts | None:
    """What is recorded of the breach; None when neither the data, the people nor the effects are described."""
    data, people = incident.last(DataDescribed), incident.last(PeopleDescribed)
    effects = incident.last(EffectsDescribed)
    if data is None and people is None and effects is None:
        return None
    effects = effects or EffectsDescribed()
    protections = incident.last(ProtectionsDescribed) or ProtectionsDescribed()
    misuse = incident.last(MisuseConsidered)
    groups = people.groups if people else (Group(people=PeopleKind.NOT_YET_KNOWN),)
    return RiskFacts(
        data=tuple(DataFact(kind=kind) for kind in dict.fromkeys(data.kinds if data else (DataKind.NOT_YET_KNOWN,))),
        people=tuple(dict.fromkeys(group.people for group in groups)),
        number=_number(groups),
        children=_children(groups),
        vulnerable=people.vulnerable if people else Answer.UNKNOWN,
        identifiability=Identifiability.UNKNOWN,
        confidentiality=effects.confidentiality,
        integrity=effects.integrity,
        availability=effects.availability,
        malicious=misuse.malicious_intent if misuse else Answer.UNKNOWN,
        encryption=protections.encryption,
        key_safe=protections.key_safe,
        recovered=_recovered(incident),
        backup=Answer.YES if _taken(incident, ContainmentAction.BACKUPS_RESTORED) else Answer.UNKNOWN,
    )


def _number(groups: tuple[Group, ...]) -> int | Unknown:
    """People in all groups together; unknown when one group is not counted, or when nobody is."""
    numbers = [group.number.number for group in groups]
    known = [number for number in numbers if number is not None]
    total = min(sum(known), LARGEST)
    return total if total and len(known) == len(numbers) else "unknown"


def _children(groups: tuple[Group, ...]) -> Answer:
    kinds = {group.people for group in groups}
    if PeopleKind.PUPILS in kinds:
        return Answer.YES
    return Answer.NO if kinds.isdisjoint(PERHAPS_CHILDREN) else Answer.UNKNOWN


def _recovered(incident: Incident) -> Answer:
    """Yes when the data came back or were deleted, nothing of that kind is left to do, and it did not go on again."""
    taken = _taken(incident, *TAKEN_BACK)
    open_still = any(planned.action in TAKEN_BACK for planned in incident.planned.values())
    return Answer.YES if taken > incident.version_of(BreachFoundOngoing) and not open_still else Answer.UNKNOWN


def _taken(incident: Incident, *actions: ContainmentAction) -> int:
    """The version at which one of those actions was last taken; 0 when none was."""
    return max(
        (event.version for event, fact in incident.all(ContainmentActionTaken) if fact.action in actions), default=0
    )
