"""Events to measure with: cases as schools have them, all made from the whole ClassCharts case of the tests."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import cycle, islice

from adapters.ids import incident_ref
from domain.events import AnyFact, IncidentFact, Recorded
from domain.events.contain import ContainmentActionTaken
from domain.events.discover import IncidentReported, NoteAdded, ProcessorNotifiedController
from domain.events.engine import ReminderSent
from domain.events.investigate import ConsequencesDescribed, DataDescribed, PeopleDescribed, RiskAssessed
from domain.events.review import ReviewFact
from tests.examples import classcharts

SCHOOLS = 200
APART = timedelta(hours=12)
MINUTE = timedelta(minutes=1)
MAY_RECUR = (
    ContainmentActionTaken,
    ProcessorNotifiedController,
    ReminderSent,
    ConsequencesDescribed,
    DataDescribed,
    PeopleDescribed,
    RiskAssessed,
)
NOTE = NoteAdded(
    note="A parent asked again whether other families saw the behaviour points; told what is known so far."
)


def cases(name: str = "case") -> Iterator[Recorded]:
    """One whole case after another, without end."""
    number = 0
    while True:
        yield from _case(f"{name}-{number}", _school(number), timedelta(0))
        number += 1


def side_by_side(count: int) -> list[Recorded]:
    """At least so many events in the order in which they come: a new case every twelve hours, each two months long."""
    number = -(-count // len(_classcharts()))
    every = (_case(f"log-{n}", _school(n), n * APART) for n in range(number))
    return sorted((event for case in every for event in case), key=lambda event: event.recorded_at)


def one_long_case(length: int) -> list[Recorded]:
    """A case with so many events: before the review, what is known is written down again and again."""
    before = [event.fact for event in _classcharts() if not isinstance(event.fact, ReviewFact)]
    after = [event.fact for event in _classcharts() if isinstance(event.fact, ReviewFact)]
    between = islice(_recurring(before), length - len(before) - len(after))
    first, ref = _classcharts()[0], incident_ref(_school(0), "long")
    return [
        _placed(first, ref, _school(0), version, first.recorded_at + version * MINUTE, fact)
        for version, fact in enumerate([*before, *between, *after], start=1)
    ]


def just_reported(name: str, count: int, now: datetime) -> list[Recorded]:
    """Cases of which people and the engine have done the first acts only: the report and the messages it leads to."""
    last = next(n for n, event in enumerate(_classcharts()) if isinstance(event.fact, IncidentReported | ReminderSent))
    while isinstance(_classcharts()[last + 1].fact, ReminderSent):
        last += 1
    later = now - MINUTE - _classcharts()[last].recorded_at
    every = (_case(f"{name}-{n}", _school(0), later) for n in range(count))
    return [event for case in every for event in case[: last + 1]]


def refs(events: Sequence[Recorded]) -> list[str]:
    """The incidents of these events, each once."""
    return list(dict.fromkeys(event.incident for event in events))


@cache
def _classcharts() -> tuple[Recorded, ...]:
    return tuple(classcharts())


def _school(number: int) -> str:
    return str(100_001 + number % SCHOOLS)


def _case(name: str, school: str, later: timedelta) -> list[Recorded]:
    ref = incident_ref(school, name)
    return [
        _placed(event, ref, school, event.version, event.recorded_at + later, event.fact) for event in _classcharts()
    ]


def _placed(event: Recorded, ref: str, school: str, version: int, recorded_at: datetime, fact: AnyFact) -> Recorded:
    """Not validated again: only its place differs from that of an event that was."""
    place = {"incident": ref, "school": school, "version": version, "recorded_at": recorded_at}
    return event.model_copy(update={**place, "position": 0, "command_id": f"{ref}-{version}", "fact": fact})


def _recurring(facts: Sequence[AnyFact]) -> Iterator[AnyFact]:
    for number, fact in enumerate(cycle((NOTE, *(fact for fact in facts if isinstance(fact, MAY_RECUR))))):
        yield _under_its_own_name(fact, number)


def _under_its_own_name(fact: IncidentFact, number: int) -> IncidentFact:
    """An alarm is given once and an action taken once; the next one is another."""
    match fact:
        case ReminderSent():
            return fact.model_copy(update={"alarm": f"again.{number}"})
        case ContainmentActionTaken():
            return fact.model_copy(update={"item": f"action-{number}"})
        case _:
            return fact
