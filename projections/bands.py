"""The regulator's published bands and categories (ICO, data security incident trends), worked out from the facts."""

from collections.abc import Iterable
from enum import StrEnum

from domain.quantities import Count
from domain.vocabulary import Answer, PeopleKind


class AffectedBand(StrEnum):
    """How many people are affected, as the regulator groups it."""

    UNDER_10 = "1 to 9"
    UNDER_100 = "10 to 99"
    UNDER_1K = "100 to 1k"
    UNDER_10K = "1k to 10k"
    UNDER_100K = "10k to 100k"
    FROM_100K = "100k and above"
    UNKNOWN = "Unknown"


_BEGINS = (
    (100_000, AffectedBand.FROM_100K),
    (10_000, AffectedBand.UNDER_100K),
    (1_000, AffectedBand.UNDER_10K),
    (100, AffectedBand.UNDER_1K),
    (10, AffectedBand.UNDER_100),
    (1, AffectedBand.UNDER_10),
)
"""Each band with the number at which it begins. The published words leave open where 1k and its like belong; as with
10 and 100, which they settle, the number begins the higher band."""


def affected_band(people: Count) -> AffectedBand:
    """The band of a number of people. The regulator has none for nobody, which is Unknown as well."""
    number = people.number or 0
    return next((band for begins, band in _BEGINS if number >= begins), AffectedBand.UNKNOWN)


class IncidentCategory(StrEnum):
    """The two halves of the regulator's taxonomy."""

    CYBER = "Cyber"
    NON_CYBER = "Non Cyber"


def incident_category(cyber: Answer) -> IncidentCategory | None:
    """The half to which an incident belongs; None while it is not known."""
    return {Answer.YES: IncidentCategory.CYBER, Answer.NO: IncidentCategory.NON_CYBER}.get(cyber)


class SubjectType(StrEnum):
    """Who the data are about, in the regulator's words."""

    CHILDREN = "Children"
    CUSTOMERS = "Customers or prospective customers"
    EMPLOYEES = "Employees"
    PATIENTS = "Patients"
    STUDENTS = "Students"
    SUBSCRIBERS = "Subscribers"
    UNKNOWN = "Unknown"
    USERS = "Users"
    VULNERABLE_ADULTS = "Vulnerable adults"


_SUBJECT_TYPES = {
    PeopleKind.PUPILS: SubjectType.CHILDREN,
    PeopleKind.FORMER_PUPILS: SubjectType.STUDENTS,
    PeopleKind.PARENTS: SubjectType.USERS,
    PeopleKind.STAFF: SubjectType.EMPLOYEES,
}
"""Our reading: the regulator publishes no list of a school's people. For governors, volunteers, suppliers and others
its list has no word."""


def subject_types(people: Iterable[PeopleKind]) -> tuple[SubjectType, ...]:
    """The regulator's words for these people, each once; Unknown where nobody is named or there is no word."""
    found = (_SUBJECT_TYPES.get(kind, SubjectType.UNKNOWN) for kind in people)
    return tuple(dict.fromkeys(found)) or (SubjectType.UNKNOWN,)
