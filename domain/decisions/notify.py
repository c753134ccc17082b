"""Decisions in the step "notify": advice, the controller's decisions, reports and messages (Art. 33, 34)."""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from domain.commands.notify import (
    Advise,
    DecideCommunication,
    DecideNotification,
    NotifyCommand,
    RecordAnswer,
    RecordReference,
    SubmitReport,
    TellDataSubjects,
    TellOtherBody,
    WithdrawReport,
)
from domain.deadlines import is_late
from domain.decisions.base import happened, new_only, stated
from domain.errors import (
    AdviserCannotDecide,
    ExemptionMissing,
    ExemptionNotNeeded,
    FurtherInformationNotExpected,
    NoReportStands,
    NotConfirmed,
    NotificationNotDecided,
    NotifiedBeforeAware,
    ReasonForDelayMissing,
    ReportAlreadyComplete,
    ReportNotComplete,
    RiskNotAssessedAsUnlikely,
)
from domain.events.base import Fact
from domain.events.notify import (
    CommunicationDecided,
    DataSubjectsTold,
    DpoAdvised,
    NotificationDecided,
    OtherBodyTold,
    RegulatorAnswered,
    RegulatorReferenceReceived,
    RegulatorReportSubmitted,
)
from domain.incident import Breach, Incident
from domain.roles import Actor
from domain.submission import missing_content
from domain.vocabulary import Means, RiskLevel


def decide_notify(command: NotifyCommand, incident: Incident, by: Actor, now: datetime) -> tuple[Fact, ...]:
    """The facts that the command leads to; none when it repeats what is already recorded."""
    if isinstance(command, TellOtherBody):
        return new_only(incident, stated(OtherBodyTold, command, told_at=happened(command.told_at, now)))
    breach = incident.breach
    if breach is None:
        raise NotConfirmed
    match command:
        case Advise():
            return new_only(incident, stated(DpoAdvised, command))
        case DecideNotification():
            _adviser_is_not_the_decider(incident, by)
            if not command.notify_regulator and incident.risk is not RiskLevel.UNLIKELY:
                raise RiskNotAssessedAsUnlikely
            return new_only(incident, stated(NotificationDecided, command))
        case DecideCommunication():
            _adviser_is_not_the_decider(incident, by)
            return _decide_communication(command, incident)
        case SubmitReport():
            return _submit(command, incident, breach, now)
        case WithdrawReport():
            return _withdraw(command, breach, now)
        case RecordReference():
            received_at = happened(command.received_at, now)
            return new_only(incident, stated(RegulatorReferenceReceived, command, received_at=received_at))
        case RecordAnswer():
            received_at = happened(command.received_at, now)
            return new_only(incident, stated(RegulatorAnswered, command, received_at=received_at))
        case TellDataSubjects():
            return new_only(incident, stated(DataSubjectsTold, command, told_at=happened(command.told_at, now)))
        case _:
            assert_never(command)


def _adviser_is_not_the_decider(incident: Incident, by: Actor) -> None:
    advised = incident.latest.get(DpoAdvised)
    if advised is not None and advised.actor.id == by.id:
        raise AdviserCannotDecide


def _decide_communication(command: DecideCommunication, incident: Incident) -> tuple[Fact, ...]:
    if command.communicate and command.exemption is not None:
        raise ExemptionNotNeeded
    if not command.communicate and command.exemption is None and incident.risk is RiskLevel.HIGH:
        raise ExemptionMissing
    return new_only(incident, stated(CommunicationDecided, command))


def _submit(command: SubmitReport, incident: Incident, breach: Breach, now: datetime) -> tuple[Fact, ...]:
    submitted_at = happened(command.submitted_at, now)
    if breach.reported and breach.reports[-1].submitted_at == submitted_at:
        return ()
    for policy in SUBMISSION_POLICIES:
        policy(command, incident, breach, submitted_at)
    return (
        stated(
            RegulatorReportSubmitted,
            command,
            number=len(breach.reports) + 1,
            phase="follow_up" if breach.reported else "initial",
            submitted_at=submitted_at,
        ),
    )


def the_controller_decided_to_notify(_: SubmitReport, incident: Incident, __: Breach, ___: datetime) -> None:
    """The controller notifies, so it decides first (Art. 33(1))."""
    if not incident.decided_to_notify:
        raise NotificationNotDecided


def not_before_awareness(_: SubmitReport, __: Incident, breach: Breach, submitted_at: datetime) -> None:
    """Nobody can notify what the controller is not aware of; a follow-up does not come before the report it follows."""
    if submitted_at < breach.aware_at or any(report.submitted_at > submitted_at for report in breach.reports):
        raise NotifiedBeforeAware


def a_late_report_gives_its_reasons(command: SubmitReport, _: Incident, breach: Breach, submitted_at: datetime) -> None:
    """Art. 33(1), second sentence."""
    if not breach.reported and is_late(submitted_at, breach.aware_at) and command.reasons_for_delay is None:
        raise ReasonForDelayMissing


def a_report_says_whether_more_will_come(command: SubmitReport, _: Incident, __: Breach, ___: datetime) -> None:
    """Art. 33(4); Appendix 2: the report says when further information is expected."""
    if not command.complete and command.further_information_expected_at is None:
        raise FurtherInformationNotExpected


def a_complete_report_leaves_nothing_open(
    command: SubmitReport, incident: Incident, breach: Breach, _: datetime
) -> None:
    """Art. 33(3): what the notification shall at least contain."""
    if command.complete and (missing := missing_content(incident)):
        raise ReportNotComplete(f"The report cannot be complete while this is not recorded: {'; '.join(missing)}.")
    if breach.report_complete and command.complete:
        raise ReportAlreadyComplete


SUBMISSION_POLICIES: tuple[Callable[[SubmitReport, Incident, Breach, datetime], None], ...] = (
    the_controller_decided_to_notify,
    not_before_awareness,
    a_late_report_gives_its_reasons,
    a_report_says_whether_more_will_come,
    a_complete_report_leaves_nothing_open,
)
"""Everything that a report to the regulator has to satisfy, in the order in which it is told."""


def _withdraw(command: WithdrawReport, breach: Breach, now: datetime) -> tuple[Fact, ...]:
    submitted_at = happened(command.submitted_at, now)
    if not breach.reports:
        raise NoReportStands
    if not breach.reported:
        return ()
    number = len(breach.reports) + 1
    return (
        RegulatorReportSubmitted(
            number=number, phase="withdrawn", submitted_at=submitted_at, means=Means.EMAIL, complete=True
        ),
    )
