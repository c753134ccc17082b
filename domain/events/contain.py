"""Contain: stop it, recover what can be recovered, limit the damage (Appendix 2, steps 2 to 5)."""

from typing import Literal, TypeAlias

from domain.events.base import Fact
from domain.personal import Text
from domain.quantities import Instant, Value
from domain.vocabulary import ContainmentAction, Means

ItemId: TypeAlias = Text
"""Names one action or measure within its incident, so that its planning and its completion are tied together."""


class BreachFoundOngoing(Fact):
    """It was still going on when somebody looked."""

    kind: Literal["containment.found_ongoing"] = "containment.found_ongoing"
    observed_at: Instant
    detail: Text | None = None


class BreachStopped(Fact):
    """It no longer goes on: the data are out of reach of whoever should not have them."""

    kind: Literal["containment.stopped"] = "containment.stopped"
    stopped_at: Instant
    detail: Text | None = None


class ContainmentDetails(Value):
    """One action to stop the breach or limit the damage."""

    item: ItemId
    action: ContainmentAction
    detail: Text | None = None


class ContainmentActionPlanned(Fact, ContainmentDetails):
    """An action was decided on and is not yet done."""

    kind: Literal["containment.action_planned"] = "containment.action_planned"
    due_at: Instant | None = None


class ContainmentActionTaken(Fact, ContainmentDetails):
    """An action was done."""

    kind: Literal["containment.action_taken"] = "containment.action_taken"
    taken_at: Instant


class PoliceDetails(Value):
    """Whether the police are told, and why (Appendix 2, step 4)."""

    inform: bool
    reason: Text


class PoliceConsidered(Fact, PoliceDetails):
    """The Data Protection Lead or the DPO considered the police and decided."""

    kind: Literal["containment.police_considered"] = "containment.police_considered"


class PoliceInformed(Fact):
    """The police were told; the crime reference may come later, by a second such event."""

    kind: Literal["containment.police_informed"] = "containment.police_informed"
    informed_at: Instant
    crime_reference: Text | None = None


class EnquiryReceived(Fact):
    """Somebody asked for information about the people concerned who should not (Appendix 2, step 5)."""

    kind: Literal["containment.enquiry_received"] = "containment.enquiry_received"
    received_at: Instant
    enquirer: Text | None = None
    detail: Text


class LegalAdviceDetails(Value):
    """Advice of the school's legal support (Appendix 2, step 4)."""

    adviser: Text
    advice: Text


class LegalAdviceObtained(Fact, LegalAdviceDetails):
    """The school's legal support gave advice."""

    kind: Literal["containment.legal_advice_obtained"] = "containment.legal_advice_obtained"
    obtained_at: Instant


class SignificanceJudged(Fact):
    """Whether the breach is felt to be significant, which brings in the chair of governors (Appendix 2, step 3)."""

    kind: Literal["containment.significance_judged"] = "containment.significance_judged"
    significant: bool
    reason: Text


class ChairInformed(Fact):
    """The chair of governors was told by a person (Appendix 2, step 3)."""

    kind: Literal["containment.chair_informed"] = "containment.chair_informed"
    informed_at: Instant
    means: Means


ContainFact = (
    BreachFoundOngoing
    | BreachStopped
    | ContainmentActionPlanned
    | ContainmentActionTaken
    | PoliceConsidered
    | PoliceInformed
    | EnquiryReceived
    | LegalAdviceObtained
    | SignificanceJudged
    | ChairInformed
)
