"""What a notification to the regulator must contain, and what of it is still missing (UK GDPR Art. 33(3), 33(4))."""

from domain.events.contain import ContainmentActionPlanned, ContainmentActionTaken
from domain.events.investigate import ConsequencesDescribed, DataDescribed, PeopleDescribed
from domain.events.review import MeasureAdopted
from domain.incident import Incident
from domain.vocabulary import DataKind, PeopleKind


def missing_content(incident: Incident) -> tuple[str, ...]:
    """What Art. 33(3)(a), (c) and (d) ask for and the events do not yet say; a number may be unknown."""
    data, people = incident.last(DataDescribed), incident.last(PeopleDescribed)
    known = {
        "the categories of personal data records": data and DataKind.NOT_YET_KNOWN not in data.kinds,
        "the categories of people concerned": people
        and all(group.people is not PeopleKind.NOT_YET_KNOWN for group in people.groups),
        "the likely consequences": incident.last(ConsequencesDescribed),
        "the measures taken or proposed": any(
            incident.has(fact) for fact in (ContainmentActionTaken, ContainmentActionPlanned, MeasureAdopted)
        ),
    }
    return tuple(point for point, is_known in known.items() if not is_known)
