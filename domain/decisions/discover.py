"""Decisions in the step "discover": what awareness is, and what it is not."""

from datetime import datetime
from typing import assert_never

from domain.commands.discover import (
    AddNote,
    ConfirmBreach,
    CorrectAwareness,
    CorrectOccurrence,
    DescribeIncident,
    DiscoverCommand,
    FindNotABreach,
    InformDpo,
    InformLead,
    RecordNearMiss,
    RecordProcessorNotice,
    ReportIncident,
)
from domain.decisions.base import happened, new_only, once, stated
from domain.errors import (
    AlreadyConfirmed,
    AlreadyReported,
    AwareBeforeItHappened,
    DiscoveredBeforeItHappened,
    InTheFuture,
    LaterAwarenessNeedsAReason,
    NotConfirmed,
    NotifiedBeforeAware,
    NotYourRole,
    ReportStandsWithTheRegulator,
)
from domain.events.base import Fact
from domain.events.discover import (
    AwarenessCorrected,
    ControllerBecameAware,
    DpoInformed,
    FoundNotToBeABreach,
    IncidentDescribed,
    IncidentReported,
    LeadInformed,
    NearMissRecorded,
    NoteAdded,
    OccurrenceCorrected,
    ProcessorNotifiedController,
)
from domain.incident import Incident
from domain.phases import NoBreach
from domain.quantities import Span
from domain.roles import Actor, Role, may


def report(command: ReportIncident, now: datetime) -> tuple[Fact, ...]:
    """The first event of an incident. What is not known stays unknown."""
    discovered_at = happened(command.discovered_at, now)
    _occurred(command.occurred, now, discovered_at)
    return (stated(IncidentReported, command, discovered_at=discovered_at),)


def _occurred(occurred: Span, now: datetime, discovered_at: datetime) -> None:
    for at in (occurred.began_at, occurred.ended_at):
        happened(at, now)
    if occurred.began_at is not None and occurred.began_at > discovered_at:
        raise DiscoveredBeforeItHappened


def decide_discover(command: DiscoverCommand, incident: Incident, by: Actor, now: datetime) -> tuple[Fact, ...]:
    """The facts that the command leads to; none when it repeats what is already recorded."""
    match command:
        case ReportIncident():
            raise AlreadyReported
        case RecordProcessorNotice():
            happened(command.processor_aware_at, now)
            # When its notice reached the school is for the school to say.
            told_at = now if by.role is Role.SUPPLIER else happened(command.told_at, now)
            return once(incident, stated(ProcessorNotifiedController, command, told_at=told_at))
        case ConfirmBreach():
            return _confirm(command, incident, now)
        case CorrectAwareness():
            return _correct(command, incident, now)
        case CorrectOccurrence():
            _occurred(command.occurred, now, now)
            began_at = command.occurred.began_at
            if incident.breach and began_at and began_at > incident.breach.aware_at:
                raise AwareBeforeItHappened
            return new_only(incident, stated(OccurrenceCorrected, command))
        case InformLead() | InformDpo():
            return _inform(command, incident, now)
        case FindNotABreach() | RecordNearMiss():
            return _no_breach(command, incident, by)
        case DescribeIncident():
            return new_only(incident, stated(IncidentDescribed, command))
        case AddNote():
            return new_only(incident, stated(NoteAdded, command))
        case _:
            assert_never(command)


def _inform(command: InformLead | InformDpo, incident: Incident, now: datetime) -> tuple[Fact, ...]:
    kind = LeadInformed if isinstance(command, InformLead) else DpoInformed
    informed_at = happened(command.informed_at, now)
    if command.informed_at is None and incident.has(kind):
        return ()
    return new_only(incident, stated(kind, command, informed_at=informed_at))


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
    reports = incident.breach.standing_reports
    if reports and command.aware_at > reports[0].submitted_at:
        raise NotifiedBeforeAware
    unchanged = command.aware_at == incident.breach.aware_at and not incident.earlier_signal
    return () if unchanged else (stated(AwarenessCorrected, command),)


def _not_before_it_happened(incident: Incident, aware_at: datetime) -> None:
    began_at = incident.occurred.began_at
    if began_at is not None and aware_at < began_at:
        raise AwareBeforeItHappened


def _no_breach(command: FindNotABreach | RecordNearMiss, incident: Incident, by: Actor) -> tuple[Fact, ...]:
    """A confirmed breach is found to be none by the controller alone: it ends the duty to notify (Art. 38(6))."""
    near_miss = isinstance(command, RecordNearMiss)
    if incident.phase == NoBreach(near_miss=near_miss):
        return ()
    if incident.breach is not None and incident.breach.reported:
        raise ReportStandsWithTheRegulator
    if incident.breach is not None and not may(by.role, "decide_notification"):
        raise NotYourRole("The breach is confirmed, so only the controller can find that there was none: lead or head.")
    return (stated(NearMissRecorded, command) if near_miss else stated(FoundNotToBeABreach, command),)
