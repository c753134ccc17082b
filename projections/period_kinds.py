"""Incidents counted by kind, in the regulator's words and the procedure's: type, data, people, cause, service."""

from collections import Counter
from collections.abc import Iterable, Sequence

from domain.deadlines import TimeToReport
from domain.quantities import Value
from domain.vocabulary import Cause, DataKind, IncidentType, PeopleKind
from projections.breach_log import Finding, LogEntry

NOT_RECORDED = "not recorded"
"""The key of what nobody has said."""


class PeopleAffected(Value):
    """One kind of people: in how many incidents, and how many people as far as they were counted.

    A person whom two incidents concern is counted twice. `uncounted` is in how many incidents the number is not known.
    """

    people: PeopleKind
    incidents: int
    number: int
    approximate: bool
    uncounted: int


class Kinds(Value):
    """How the incidents of a period were of what kind; those found to be no breach are left out.

    The types are among the period's figures. `by_data` counts an incident once for each of its kinds, so its sum may
    exceed the incidents. `people` are those of breaches; in `people_not_recorded` breaches nobody has said whose data
    they were.
    """

    by_category: dict[str, int]
    by_cause: dict[str, int]
    by_data: dict[str, int]
    people: tuple[PeopleAffected, ...]
    people_not_recorded: int
    services: dict[str, int]
    time_to_report: dict[TimeToReport, int]


def kinds(entries: Iterable[LogEntry]) -> Kinds:
    """The kinds of these incidents, the most frequent first."""
    entries = [*entries]
    counted = [entry for entry in entries if entry.finding is not Finding.NOT_A_BREACH]
    breaches = [entry for entry in entries if entry.finding is Finding.BREACH]
    bands = Counter(entry.time_to_report for entry in entries if entry.time_to_report)
    return Kinds(
        by_category=_ordered(str(entry.incident_category or NOT_RECORDED) for entry in counted),
        by_cause=_ordered(_cause(entry) for entry in counted),
        by_data=_ordered(kind for entry in counted for kind in _data(entry)),
        people=_people(breaches),
        people_not_recorded=sum(not entry.affected for entry in breaches),
        services=_services([entry for entry in entries if entry.cause is Cause.SUPPLIER_FAULT]),
        time_to_report={band: bands[band] for band in TimeToReport},
    )


def types_of(entries: Iterable[LogEntry]) -> dict[str, int]:
    """How many incidents were of which of the regulator's types; those found to be no breach are left out."""
    return _ordered(_type(entry) for entry in entries if entry.finding is not Finding.NOT_A_BREACH)


def _type(entry: LogEntry) -> str:
    known = entry.incident_type is not None and entry.incident_type is not IncidentType.NOT_PROVIDED
    return str(entry.incident_type) if known else NOT_RECORDED


def _cause(entry: LogEntry) -> str:
    known = entry.cause is not None and entry.cause is not Cause.NOT_YET_KNOWN
    return str(entry.cause) if known else NOT_RECORDED


def _data(entry: LogEntry) -> list[str]:
    known = [str(kind) for kind in dict.fromkeys(entry.data_kinds) if kind is not DataKind.NOT_YET_KNOWN]
    return known or [NOT_RECORDED]


def _ordered(keys: Iterable[str]) -> dict[str, int]:
    counts = Counter(keys)
    return dict(sorted(counts.items(), key=lambda each: (each[0] == NOT_RECORDED, -each[1], each[0])))


def _people(entries: Sequence[LogEntry]) -> tuple[PeopleAffected, ...]:
    found = []
    for kind in PeopleKind:
        groups = [[each.number for each in entry.affected if each.people is kind] for entry in entries]
        counts = [count for group in groups for count in group]
        if counts:
            found.append(
                PeopleAffected(
                    people=kind,
                    incidents=sum(bool(group) for group in groups),
                    number=sum(count.number or 0 for count in counts),
                    approximate=any(count.certainty == "approximate" for count in counts),
                    uncounted=sum(any(count.number is None for count in group) for group in groups),
                )
            )
    return tuple(found)


def _services(entries: Sequence[LogEntry]) -> dict[str, int]:
    """Each service under the name by which it was first called, however it is spelt in capitals."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for entry in entries:
        for service in entry.services:
            names.setdefault(service.casefold(), service)
        counts.update(names[key] for key in {service.casefold() for service in entry.services})
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
