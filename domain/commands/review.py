"""What people ask for in the step "review"."""

from typing import Literal

from domain.commands.base import Command
from domain.events.contain import ItemId
from domain.events.review import MeasureDetails, ReviewDetails
from domain.personal import Text
from domain.quantities import Day, Instant


class HoldReview(Command, ReviewDetails):
    """Record the review of the causes and of the response."""

    kind: Literal["hold_review"] = "hold_review"
    held_at: Instant | None = None


class AdoptMeasure(Command, MeasureDetails):
    """Adopt a measure with an owner and a date."""

    kind: Literal["adopt_measure"] = "adopt_measure"


class CompleteMeasure(Command):
    """Record that a measure is done."""

    kind: Literal["complete_measure"] = "complete_measure"
    item: ItemId
    completed_at: Instant | None = None
    outcome: Text | None = None


class ConsiderDisciplinary(Command):
    """Record whether a disciplinary investigation is warranted."""

    kind: Literal["consider_disciplinary"] = "consider_disciplinary"
    warranted: bool
    reason: Text


class ReportToSeniorLeadership(Command):
    """Record the senior leadership meeting to which the breach was put."""

    kind: Literal["report_to_senior_leadership"] = "report_to_senior_leadership"
    meeting_on: Day


class ReportToGovernors(Command):
    """Record the governors' meeting to which the breach was put."""

    kind: Literal["report_to_governors"] = "report_to_governors"
    meeting_on: Day
    minute: Text | None = None


class ReviewProcedure(Command):
    """Record that the breach procedure was reviewed, and whether it changed."""

    kind: Literal["review_procedure"] = "review_procedure"
    changed: bool
    detail: Text


class CloseIncident(Command):
    """Close the incident; refused while something is still asked for."""

    kind: Literal["close_incident"] = "close_incident"
    summary: Text


class ReopenIncident(Command):
    """Reopen a closed incident, with a reason."""

    kind: Literal["reopen_incident"] = "reopen_incident"
    reason: Text


ReviewCommand = (
    HoldReview
    | AdoptMeasure
    | CompleteMeasure
    | ConsiderDisciplinary
    | ReportToSeniorLeadership
    | ReportToGovernors
    | ReviewProcedure
    | CloseIncident
    | ReopenIncident
)
