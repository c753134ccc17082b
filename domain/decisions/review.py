"""Decisions in the step "review": lessons, measures, meetings, closing and reopening."""

from datetime import datetime, timedelta
from typing import assert_never

from domain.commands.review import (
    AdoptMeasure,
    CloseIncident,
    CompleteMeasure,
    ConsiderDisciplinary,
    HoldReview,
    ReopenIncident,
    ReportToGovernors,
    ReportToSeniorLeadership,
    ReviewCommand,
    ReviewProcedure,
)
from domain.decisions.base import happened, new_only, stated
from domain.errors import DueInThePast, InTheFuture, ItemNameTaken, NoSuchMeasure, NotClosed, StillOutstanding
from domain.events.base import Fact
from domain.events.review import (
    DisciplinaryConsidered,
    IncidentClosed,
    IncidentReopened,
    MeasureAdopted,
    MeasureCompleted,
    ProcedureReviewed,
    ReportedToGovernors,
    ReportedToSeniorLeadership,
    ReviewHeld,
)
from domain.incident import Incident
from domain.obligations import outstanding

EARLIEST_ZONE = timedelta(hours=14)
"""Where a day begins first: what is still tomorrow there has not taken place at any school."""


def decide_review(command: ReviewCommand, incident: Incident, now: datetime) -> tuple[Fact, ...]:
    """The facts that the command leads to; none when it repeats what is already recorded."""
    match command:
        case HoldReview():
            return new_only(incident, stated(ReviewHeld, command, held_at=happened(command.held_at, now)))
        case AdoptMeasure():
            return _adopt(command, incident, now)
        case CompleteMeasure():
            return _complete(command, incident, now)
        case ConsiderDisciplinary():
            return new_only(incident, stated(DisciplinaryConsidered, command))
        case ReportToSeniorLeadership() | ReportToGovernors():
            return _met(command, incident, now)
        case ReviewProcedure():
            return new_only(incident, stated(ProcedureReviewed, command))
        case CloseIncident():
            return _close(command, incident)
        case ReopenIncident():
            if not incident.closed:
                raise NotClosed
            return (stated(IncidentReopened, command),)
        case _:
            assert_never(command)


def _adopt(command: AdoptMeasure, incident: Incident, now: datetime) -> tuple[Fact, ...]:
    """A measure that is open may be adopted again with another owner or date."""
    adopted = stated(MeasureAdopted, command)
    if incident.measures.get(command.item) == adopted:
        return ()
    if command.item in incident.items and command.item not in incident.measures:
        raise ItemNameTaken
    if command.due_on < now.date():
        raise DueInThePast
    return (adopted,)


def _complete(command: CompleteMeasure, incident: Incident, now: datetime) -> tuple[Fact, ...]:
    completed_at = happened(command.completed_at, now)
    if command.item in incident.measures:
        return (stated(MeasureCompleted, command, completed_at=completed_at),)
    if any(completed.item == command.item for _, completed in incident.all(MeasureCompleted)):
        return ()
    raise NoSuchMeasure


def _met(command: ReportToSeniorLeadership | ReportToGovernors, incident: Incident, now: datetime) -> tuple[Fact, ...]:
    if command.meeting_on > (now + EARLIEST_ZONE).date():
        raise InTheFuture("That meeting is in the future; record it once the breach has been put to it.")
    governors = isinstance(command, ReportToGovernors)
    met = stated(ReportedToGovernors if governors else ReportedToSeniorLeadership, command)
    return new_only(incident, met)


def _close(command: CloseIncident, incident: Incident) -> tuple[Fact, ...]:
    asked = [each for each in outstanding(incident) if each.command != command.kind]
    if open_ones := [f"{each.what} ({each.command})" for each in asked]:
        raise StillOutstanding(f"The incident cannot be closed while this is still asked for: {'; '.join(open_ones)}.")
    return (stated(IncidentClosed, command),)
