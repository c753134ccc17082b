"""Decisions in the step "discover": what awareness is, and what it is not."""

from datetime import datetime
from typing import assert_never

from domain.commands.discover import (
    AddNote,
    ConfirmBreach,
    CorrectAwareness,
    DiscoverCommand,
    FindNotABreach,
    InformDpo,
    InformLead,
    RecordNearMiss,
    RecordProcessorNotice,
    ReportIncident,
)
from domain.decisions.base import happened, new_only, stated
from domain.errors import (
    AlreadyConfirmed,
    AlreadyReported,
    AwareBeforeItHappened,
    InTheFuture,
    LaterAwarenessNeedsAReason,
    NotConfirmed,
    ReportStandsWithTheRegulator,
)
from domain.events.base import Fact
from domain.events.discover import (
    AwarenessCorrected,
    ControllerBecameAware,
    DpoInformed,
    FoundNotToBeABreach,
    IncidentReported,
    LeadInformed,
    NearMissRecorded,
    NoteAdded,
    ProcessorNotifiedController,
)
from domain.incident import Incident, NoBreach


def report(command: ReportIncident, now: datetime) -> tuple[Fact, ...]:
    """The first event of an incident. What is not known stays unknown."""
    for at in (command.occurred.began_at, command.occurred.ended_at):
        happened(at, now)
    return (stated(IncidentReported, command, discovered_at=happened(command.discovered_at, now)),)


def decide_discover(command: DiscoverCommand, incident: Incident, now: datetime) -> tuple[Fact, ...]:
    """The facts that the command leads to; none when it repeats what is already recorded."""
    match command:
        case ReportIncident():
            raise AlreadyReported
        case RecordProcessorNotice():
            happened(command.processor_aware_at, now)
            told = stated(ProcessorNotifiedController, command, told_at=happened(command.told_at, now))
            return new_only(incident, told)
        case ConfirmBreach():
            return _confirm(command, incident, now)
        case CorrectAwareness():
            return _correct(command, incident, now)
        case InformLead():
            informed_at = happened(command.informed_at, now)
            return () if incident.has(LeadInformed) else (stated(LeadInformed, command, informed_at=informed_at),)
        case InformDpo():
            informed_at = happened(command.informed_at, now)
            return () if incident.has(DpoInformed) else (stated(DpoInformed, command, informed_at=informed_at),)
        case FindNotABreach() | RecordNearMiss():
            return _no_breach(command, incident)
        case AddNote():
            return new_only(incident, stated(NoteAdded, command))
        case _:
            assert_never(command)


def _confirm(command: ConfirmBreach, incident: Incident, now: datetime) -> tuple[Fact, ...]:
    """Awareness is the first signal at the school, unless a later moment is given with its reason (Art. 33(1))."""
    first_signal_at = incident.first_signal_at or incident.reported_at
    aware_at = happened(command.aware_at or first_signal_at, now)
    if incident.breach is not None:
        if command.aware_at in (None, incident.breach.aware_at):
            return ()
        raise AlreadyConfirmed
    if aware_at > first_signal_at and command.reason_later_than_first_signal is None:
        raise LaterAwarenessNeedsAReason
    _not_before_it_happened(incident, aware_at)
    return (stated(ControllerBecameAware, command, aware_at=aware_at, first_signal_at=first_signal_at),)


def _correct(command: CorrectAwareness, incident: Incident, now: datetime) -> tuple[Fact, ...]:
    if incident.breach is None:
        raise NotConfirmed
    if command.aware_at > now:
        raise InTheFuture
    _not_before_it_happened(incident, command.aware_at)
    return () if command.aware_at == incident.breach.aware_at else (stated(AwarenessCorrected, command),)


def _not_before_it_happened(incident: Incident, aware_at: datetime) -> None:
    reported = incident.last(IncidentReported)
    if reported and reported.occurred.began_at and aware_at < reported.occurred.began_at:
        raise AwareBeforeItHappened


def _no_breach(command: FindNotABreach | RecordNearMiss, incident: Incident) -> tuple[Fact, ...]:
    near_miss = isinstance(command, RecordNearMiss)
    if incident.phase == NoBreach(near_miss=near_miss):
        return ()
    if incident.breach is not None and incident.breach.reported:
        raise ReportStandsWithTheRegulator
    return (stated(NearMissRecorded, command) if near_miss else stated(FoundNotToBeABreach, command),)
