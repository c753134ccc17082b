"""What people ask for when somebody complains (DPA 2018 s. 164A)."""

from typing import Literal

from domain.commands.base import Command
from domain.events.complain import ComplaintDetails, ComplaintNumber
from domain.personal import Text
from domain.quantities import Instant
from domain.vocabulary import Means, Outcome


class RecordComplaint(Command, ComplaintDetails):
    """Record a complaint; the 30 days to acknowledge it begin on the day after it was received."""

    kind: Literal["record_complaint"] = "record_complaint"
    received_at: Instant | None = None
    acknowledge_before: Instant | None = None


class AcknowledgeComplaint(Command):
    """Record that a complaint was acknowledged."""

    kind: Literal["acknowledge_complaint"] = "acknowledge_complaint"
    number: ComplaintNumber
    acknowledged_at: Instant | None = None
    means: Means = Means.EMAIL


class InformComplainant(Command):
    """Record that the complainant was told how far it is."""

    kind: Literal["inform_complainant"] = "inform_complainant"
    number: ComplaintNumber
    informed_at: Instant | None = None
    progress: Text


class AnswerComplaint(Command):
    """Record the outcome that the complainant was told."""

    kind: Literal["answer_complaint"] = "answer_complaint"
    number: ComplaintNumber
    answered_at: Instant | None = None
    outcome: Outcome
    detail: Text


ComplainCommand = RecordComplaint | AcknowledgeComplaint | InformComplainant | AnswerComplaint
