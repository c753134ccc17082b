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
    WriteMessage,
)
from domain.deadlines import is_late
from domain.decisions.base import happened, new_only, once, stated
from domain.errors import (
    AdviserCannotDecide,
    DeciderCannotAdvise,
    DecideWithTheReport,
    ExemptionMissing,
    ExemptionNotNeeded,
    ExpectedBeforeTheReport,
    FurtherInformationNotExpected,
    NobodyTold,
    NoReportStands,
    NotConfirmed,
    NotEncrypted,
    NothingToComplete,
    NotificationNotDecided,
    NotifiedBeforeAware,
    OutOfOrder,
    ReasonForDelayMissing,
    ReasonsIncompleteMissing,
    ReportAlreadyComplete,
    ReportNotComplete,
    RiskNotAssessed,
    RiskNotAssessedAsUnlikely,
)
from domain.events.base import Fact
from domain.events.investigate import ProtectionsDescribed
from domain.events.notify import (
    CommunicationDecided,
    DataSubjectsTold,
    DpoAdvised,
    MessageWritten,
    NotificationDecided,
    OtherBodyTold,
    RegulatorAnswered,
    RegulatorReferenceReceived,
    RegulatorReportSubmitted,
)
from domain.incident import Incident
from domain.phases import Breach
from domain.roles import Actor
from domain.submission import missing_content
from domain.vocabulary import Encryption, Exemption, Means, RiskLevel


def decide_notify(command: NotifyCommand, incident: Incident, by: Actor, now: datetime) -> tuple[Fact, ...]:
    """The facts that the command leads to; none when it repeats what is already recorded."""
    if isinstance(command, TellOtherBody):
        return once(incident, stated(OtherBodyTold, command, told_at=happened(command.told_at, now)))
    if isinstance(command, RecordReference | RecordAnswer):
        return _heard(command, incident, now)
    breach = incident.breach
    if breach is None:
        raise NotConfirmed
    match command:
        case Advise():
            _decider_is_not_the_adviser(incident, by)
            return new_only(incident, stated(DpoAdvised, command))
        case DecideNotification():
            _adviser_is_not_the_decider(incident, by)
            return _decide_notification(command, incident, breach)
        case DecideCommunication():
            _adviser_is_not_the_decider(incident, by)
            return _decide_communication(command, incident)
        case SubmitReport():
            return _submit(command, incident, breach, now)
        case WithdrawReport():
            return _withdraw(command, breach, now)
        case WriteMessage():
            written = stated(MessageWritten, command)
            return () if incident.letters.get(command.people) == written else (written,)
        case TellDataSubjects():
            if command.number.number == 0:
                raise NobodyTold
            return once(incident, stated(DataSubjectsTold, command, told_at=happened(command.told_at, now)))
        case _:
            assert_never(command)


def _heard(command: RecordReference | RecordAnswer, incident: Incident, now: datetime) -> tuple[Fact, ...]:
    """What the regulator says is recorded in any phase: its closing letter may come after everything else."""
    kind = RegulatorReferenceReceived if isinstance(command, RecordReference) else RegulatorAnswered
    return once(incident, stated(kind, command, received_at=happened(command.received_at, now)))


def _adviser_is_not_the_decider(incident: Incident, by: Actor) -> None:
    if any(event.actor.id == by.id for event, _ in incident.all(DpoAdvised)):
        raise AdviserCannotDecide


def _decider_is_not_the_adviser(incident: Incident, by: Actor) -> None:
    if any(event.actor.id == by.id for event, _ in incident.all(NotificationDecided, CommunicationDecided)):
        raise DeciderCannotAdvise


def _decide_notification(command: DecideNotification, incident: Incident, breach: Breach) -> tuple[Fact, ...]:
    if not command.notify_regulator:
        if breach.reported:
            raise DecideWithTheReport
        if incident.risk is not RiskLevel.UNLIKELY:
            raise RiskNotAssessedAsUnlikely
    decided = stated(NotificationDecided, command)
    return (decided,) if incident.notification_open else new_only(incident, decided)


def _decide_communication(command: DecideCommunication, incident: Incident) -> tuple[Fact, ...]:
    if command.communicate and command.exemption is not None:
        raise ExemptionNotNeeded
    if not command.communicate and incident.risk is None:
        raise RiskNotAssessed
    if not command.communicate and command.exemption is None and incident.risk is RiskLevel.HIGH:
        raise ExemptionMissing
    protections = incident.last(ProtectionsDescribed)
    if command.exemption is Exemption.UNINTELLIGIBLE and protections and protections.encryption is Encryption.NONE:
        raise NotEncrypted
    decided = stated(CommunicationDecided, command)
    return (decided,) if incident.standing(CommunicationDecided) is None else new_only(incident, decided)


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
            phase=breach.next_phase(complete=command.complete),
            submitted_at=submitted_at,
        ),
    )


def the_controller_decided_to_notify(_: SubmitReport, incident: Incident, __: Breach, ___: datetime) -> None:
    """The controller notifies, so it decides first (Art. 33(1))."""
    if not incident.decided_to_notify:
        raise NotificationNotDecided


def not_before_awareness(_: SubmitReport, __: Incident, breach: Breach, submitted_at: datetime) -> None:
    """Nobody can notify what the controller is not aware of; a follow-up does not come before the report it follows."""
    if any(report.submitted_at > submitted_at for report in breach.reports):
        raise OutOfOrder
    if submitted_at < breach.aware_at:
        raise NotifiedBeforeAware


def a_late_report_gives_its_reasons(command: SubmitReport, _: Incident, breach: Breach, submitted_at: datetime) -> None:
    """Art. 33(1), second sentence."""
    if not breach.reported and is_late(submitted_at, breach.aware_at) and command.reasons_for_delay is None:
        raise ReasonForDelayMissing


def a_report_says_whether_more_will_come(
    command: SubmitReport, _: Incident, __: Breach, submitted_at: datetime
) -> None:
    """Art. 33(4); Appendix 2: the report says why it is not complete and when further information is expected."""
    if not command.complete and command.further_information_expected_at is None:
        raise FurtherInformationNotExpected
    if not command.complete and command.reasons_incomplete is None:
        raise ReasonsIncompleteMissing
    if command.complete and (command.further_information_expected_at or command.reasons_incomplete):
        raise NothingToComplete
    expected_at = command.further_information_expected_at
    if expected_at is not None and expected_at <= submitted_at:
        raise ExpectedBeforeTheReport


def a_complete_report_leaves_nothing_open(
    command: SubmitReport, incident: Incident, breach: Breach, _: datetime
) -> None:
    """Art. 33(3): what the notification shall at least contain."""
    if command.complete and (missing := missing_content(incident)):
        raise ReportNotComplete(f"The report cannot be complete while this is not recorded: {'; '.join(missing)}.")
    explains = breach.late and breach.reasons_for_delay is None and command.reasons_for_delay is not None
    if breach.report_complete and command.complete and not explains and not incident.new_since_the_report:
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
    if submitted_at < breach.reports[-1].submitted_at:
        raise OutOfOrder
    return (
        RegulatorReportSubmitted(
            number=number,
            phase="withdrawn",
            submitted_at=submitted_at,
            means=Means.EMAIL,
            complete=True,
            reason_for_withdrawal=command.reason,
            no_names_confirmed=command.no_names_confirmed,
            document=command.document,
        ),
    )
