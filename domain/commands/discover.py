"""What people ask for in the step "discover"."""

from typing import Literal

from domain.commands.base import Command
from domain.events.discover import ProcessorNoticeDetails, ReportDetails, StoryDetails
from domain.personal import Text
from domain.quantities import Instant, Span
from domain.vocabulary import Means


class ReportIncident(Command, ReportDetails):
    """Report a suspicion or a near miss."""

    kind: Literal["report_incident"] = "report_incident"
    discovered_at: Instant | None = None


class RecordProcessorNotice(Command, ProcessorNoticeDetails):
    """Record that a processor told the school, and when the processor itself knew."""

    kind: Literal["record_processor_notice"] = "record_processor_notice"
    told_at: Instant | None = None


class ConfirmBreach(Command):
    """Confirm a personal data breach. Awareness is the first signal unless a later moment is given with its reason."""

    kind: Literal["confirm_breach"] = "confirm_breach"
    aware_at: Instant | None = None
    basis: Text | None = None
    reason_later_than_first_signal: Text | None = None


class CorrectAwareness(Command):
    """Put right the moment of awareness, with a reason."""

    kind: Literal["correct_awareness"] = "correct_awareness"
    aware_at: Instant
    reason: Text


class CorrectOccurrence(Command):
    """Put right when it happened, or say it once it is known, with the reason."""

    kind: Literal["correct_occurrence"] = "correct_occurrence"
    occurred: Span
    reason: Text


class DescribeIncident(Command, StoryDetails):
    """Write what happened for the log and the report, in words that name nobody."""

    kind: Literal["describe_incident"] = "describe_incident"


class InformLead(Command):
    """Record that the Data Protection Lead was told."""

    kind: Literal["inform_lead"] = "inform_lead"
    informed_at: Instant | None = None
    means: Means = Means.IN_PERSON


class InformDpo(Command):
    """Record that the Data Protection Officer was told."""

    kind: Literal["inform_dpo"] = "inform_dpo"
    informed_at: Instant | None = None
    means: Means = Means.EMAIL


class FindNotABreach(Command):
    """Record that there was no personal data breach, and why."""

    kind: Literal["find_not_a_breach"] = "find_not_a_breach"
    reason: Text


class RecordNearMiss(Command):
    """Record a near miss and what prevented the breach."""

    kind: Literal["record_near_miss"] = "record_near_miss"
    what_prevented_it: Text


class AddNote(Command):
    """Add a note."""

    kind: Literal["add_note"] = "add_note"
    note: Text


DiscoverCommand = (
    ReportIncident
    | RecordProcessorNotice
    | ConfirmBreach
    | CorrectAwareness
    | CorrectOccurrence
    | DescribeIncident
    | InformLead
    | InformDpo
    | FindNotABreach
    | RecordNearMiss
    | AddNote
)
