"""What people ask for in the step "notify"."""

from typing import Literal

from domain.commands.base import Command
from domain.events.notify import (
    AdviceDetails,
    CommunicationDetails,
    CommunicationTold,
    MessageDetails,
    OtherBodyDetails,
    ReportDetails,
    ReportDocument,
)
from domain.personal import Text
from domain.quantities import Instant


class Advise(Command, AdviceDetails):
    """Give the DPO's advice."""

    kind: Literal["advise"] = "advise"


class DecideNotification(Command):
    """Take the controller's decision whether the regulator is notified."""

    kind: Literal["decide_notification"] = "decide_notification"
    notify_regulator: bool
    reasons: Text


class SubmitReport(Command, ReportDetails):
    """Record that a report went to the regulator; the first is initial, later ones follow up."""

    kind: Literal["submit_report"] = "submit_report"
    submitted_at: Instant | None = None


class WithdrawReport(Command):
    """Record that the report was withdrawn with the regulator."""

    kind: Literal["withdraw_report"] = "withdraw_report"
    submitted_at: Instant | None = None
    reason: Text
    no_names_confirmed: bool = False
    document: ReportDocument | None = None


class RecordReference(Command):
    """Record the regulator's reference."""

    kind: Literal["record_reference"] = "record_reference"
    reference: Text
    received_at: Instant | None = None


class RecordAnswer(Command):
    """Record what the regulator answered, asked or decided."""

    kind: Literal["record_answer"] = "record_answer"
    answer: Text
    received_at: Instant | None = None
    requires_communication: bool = False


class DecideCommunication(Command, CommunicationDetails):
    """Take the controller's decision whether the people concerned are told."""

    kind: Literal["decide_communication"] = "decide_communication"


class WriteMessage(Command, MessageDetails):
    """Write the letter to one kind of people, in words that they understand."""

    kind: Literal["write_message"] = "write_message"


class TellDataSubjects(Command, CommunicationTold):
    """Record that people concerned were told, as a count."""

    kind: Literal["tell_data_subjects"] = "tell_data_subjects"
    told_at: Instant | None = None


class TellOtherBody(Command, OtherBodyDetails):
    """Record that another organisation was told."""

    kind: Literal["tell_other_body"] = "tell_other_body"
    told_at: Instant | None = None


NotifyCommand = (
    Advise
    | DecideNotification
    | SubmitReport
    | WithdrawReport
    | RecordReference
    | RecordAnswer
    | DecideCommunication
    | WriteMessage
    | TellDataSubjects
    | TellOtherBody
)
