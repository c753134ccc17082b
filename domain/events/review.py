"""Review: causes, response, lessons, measures, and the way to the governors (Appendix 2, "Review and Evaluation")."""

from typing import Literal

from domain.events.base import Fact
from domain.events.contain import ItemId
from domain.personal import Text
from domain.quantities import Day, Instant, Value


class ReviewDetails(Value):
    """What the review of the causes and of the response found."""

    causes: Text
    effectiveness: Text
    lessons: tuple[Text, ...] = ()
    systemic: bool = False


class ReviewHeld(Fact, ReviewDetails):
    """The Data Protection Lead and the DPO reviewed the causes and the response."""

    kind: Literal["review.held"] = "review.held"
    held_at: Instant


class MeasureDetails(Value):
    """Something that will be done so that it does not happen again."""

    item: ItemId
    measure: Text
    owner: Text
    due_on: Day


class MeasureAdopted(Fact, MeasureDetails):
    """A measure was adopted, with an owner and a date."""

    kind: Literal["review.measure_adopted"] = "review.measure_adopted"


class MeasureCompleted(Fact):
    """A measure is done."""

    kind: Literal["review.measure_completed"] = "review.measure_completed"
    item: ItemId
    completed_at: Instant
    outcome: Text | None = None


class DisciplinaryConsidered(Fact):
    """Whether a disciplinary investigation is warranted; it is led elsewhere, with the school's HR provider."""

    kind: Literal["review.disciplinary_considered"] = "review.disciplinary_considered"
    warranted: bool
    reason: Text


class ReportedToSeniorLeadership(Fact):
    """The breach was put to a meeting of the senior leadership."""

    kind: Literal["review.reported_to_senior_leadership"] = "review.reported_to_senior_leadership"
    meeting_on: Day


class ReportedToGovernors(Fact):
    """The breach was put to a meeting of the full governing body."""

    kind: Literal["review.reported_to_governors"] = "review.reported_to_governors"
    meeting_on: Day
    minute: Text | None = None


class ProcedureReviewed(Fact):
    """The breach procedure was looked at in the light of the breach, and changed or not."""

    kind: Literal["review.procedure_reviewed"] = "review.procedure_reviewed"
    changed: bool
    detail: Text


class IncidentClosed(Fact):
    """Nothing more is asked for."""

    kind: Literal["incident.closed"] = "incident.closed"
    summary: Text


class IncidentReopened(Fact):
    """Something new came up."""

    kind: Literal["incident.reopened"] = "incident.reopened"
    reason: Text


ReviewFact = (
    ReviewHeld
    | MeasureAdopted
    | MeasureCompleted
    | DisciplinaryConsidered
    | ReportedToSeniorLeadership
    | ReportedToGovernors
    | ProcedureReviewed
    | IncidentClosed
    | IncidentReopened
)
