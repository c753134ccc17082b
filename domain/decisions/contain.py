"""Decisions in the step "contain"."""

from datetime import datetime
from typing import assert_never

from domain.commands.contain import (
    ConsiderPolice,
    ContainCommand,
    InformChair,
    InformPolice,
    JudgeSignificance,
    PlanContainment,
    RecordEnquiry,
    RecordLegalAdvice,
    RecordOngoing,
    RecordStopped,
    TakeContainment,
)
from domain.decisions.base import happened, new_only, stated
from domain.errors import ItemNameTaken
from domain.events.base import Fact
from domain.events.contain import (
    BreachFoundOngoing,
    BreachStopped,
    ChairInformed,
    ContainmentActionPlanned,
    ContainmentActionTaken,
    EnquiryReceived,
    LegalAdviceObtained,
    PoliceConsidered,
    PoliceInformed,
    SignificanceJudged,
)
from domain.incident import Incident


def decide_contain(command: ContainCommand, incident: Incident, now: datetime) -> tuple[Fact, ...]:
    """The facts that the command leads to; none when it repeats what is already recorded."""
    match command:
        case RecordOngoing():
            fact: Fact = stated(BreachFoundOngoing, command, observed_at=happened(command.observed_at, now))
        case RecordStopped():
            if command.stopped_at is None and command.detail is None and incident.stopped:
                return ()
            fact = stated(BreachStopped, command, stopped_at=happened(command.stopped_at, now))
        case PlanContainment():
            return _plan(command, incident)
        case TakeContainment():
            return _take(command, incident, now)
        case ConsiderPolice():
            fact = stated(PoliceConsidered, command)
        case InformPolice():
            fact = stated(PoliceInformed, command, informed_at=happened(command.informed_at, now))
        case RecordEnquiry():
            fact = stated(EnquiryReceived, command, received_at=happened(command.received_at, now))
        case RecordLegalAdvice():
            fact = stated(LegalAdviceObtained, command, obtained_at=happened(command.obtained_at, now))
        case JudgeSignificance():
            fact = stated(SignificanceJudged, command)
        case InformChair():
            fact = stated(ChairInformed, command, informed_at=happened(command.informed_at, now))
        case _:
            assert_never(command)
    return new_only(incident, fact)


def _plan(command: PlanContainment, incident: Incident) -> tuple[Fact, ...]:
    planned = stated(ContainmentActionPlanned, command)
    if incident.planned.get(command.item) == planned:
        return ()
    if command.item in incident.items:
        raise ItemNameTaken
    return (planned,)


def _take(command: TakeContainment, incident: Incident, now: datetime) -> tuple[Fact, ...]:
    planned = incident.planned.get(command.item)
    if command.item in incident.items and (planned is None or planned.action is not command.action):
        taken = incident.last(ContainmentActionTaken)
        if taken and (taken.item, taken.action) == (command.item, command.action):
            return ()
        raise ItemNameTaken
    return (stated(ContainmentActionTaken, command, taken_at=happened(command.taken_at, now)),)
