"""What people ask for in the step "contain"."""

from typing import Literal

from domain.commands.base import Command
from domain.events.contain import ContainmentDetails, LegalAdviceDetails, PoliceDetails
from domain.personal import Text
from domain.quantities import Instant
from domain.vocabulary import Means


class RecordOngoing(Command):
    """Record that the breach is still going on."""

    kind: Literal["record_ongoing"] = "record_ongoing"
    observed_at: Instant | None = None
    detail: Text | None = None


class RecordStopped(Command):
    """Record that the breach has stopped."""

    kind: Literal["record_stopped"] = "record_stopped"
    stopped_at: Instant | None = None
    detail: Text | None = None


class PlanContainment(Command, ContainmentDetails):
    """Plan an action to limit the damage."""

    kind: Literal["plan_containment"] = "plan_containment"
    due_at: Instant | None = None


class TakeContainment(Command, ContainmentDetails):
    """Record an action taken, planned before or not."""

    kind: Literal["take_containment"] = "take_containment"
    taken_at: Instant | None = None


class ConsiderPolice(Command, PoliceDetails):
    """Decide whether the police are told, and why."""

    kind: Literal["consider_police"] = "consider_police"


class InformPolice(Command):
    """Record that the police were told, with their crime reference once known."""

    kind: Literal["inform_police"] = "inform_police"
    informed_at: Instant | None = None
    crime_reference: Text | None = None


class RecordEnquiry(Command):
    """Record an inappropriate enquiry: who asked, if they said so, and for what."""

    kind: Literal["record_enquiry"] = "record_enquiry"
    received_at: Instant | None = None
    enquirer: Text | None = None
    detail: Text


class RecordLegalAdvice(Command, LegalAdviceDetails):
    """Record the advice of the school's legal support."""

    kind: Literal["record_legal_advice"] = "record_legal_advice"
    obtained_at: Instant | None = None


class JudgeSignificance(Command):
    """Judge whether the breach is significant."""

    kind: Literal["judge_significance"] = "judge_significance"
    significant: bool
    reason: Text


class InformChair(Command):
    """Record that the chair of governors was told."""

    kind: Literal["inform_chair"] = "inform_chair"
    informed_at: Instant | None = None
    means: Means = Means.TELEPHONE


ContainCommand = (
    RecordOngoing
    | RecordStopped
    | PlanContainment
    | TakeContainment
    | ConsiderPolice
    | InformPolice
    | RecordEnquiry
    | RecordLegalAdvice
    | JudgeSignificance
    | InformChair
)
