"""Complaints about how personal data were handled (DPA 2018 s. 164A, in force since 19 June 2026)."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from domain.events.base import Fact
from domain.personal import Text
from domain.quantities import Instant, Value
from domain.vocabulary import Means, Outcome, PeopleKind

ComplaintNumber: TypeAlias = Annotated[int, Field(ge=1)]
"""Counts the complaints of one incident, in the order in which they were recorded."""


class ComplaintDetails(Value):
    """Who complained, as a kind of person and never by name, and about what."""

    people: PeopleKind
    about: Text
    means: Means = Means.EMAIL


class ComplaintReceived(Fact, ComplaintDetails):
    """A complaint reached the school; `acknowledge_before` is the end of the 30 days, where that law holds."""

    kind: Literal["complaint.received"] = "complaint.received"
    number: ComplaintNumber
    received_at: Instant
    acknowledge_before: Instant | None = None


class ComplaintAcknowledged(Fact):
    """The school acknowledged it (s. 164A(3))."""

    kind: Literal["complaint.acknowledged"] = "complaint.acknowledged"
    number: ComplaintNumber
    acknowledged_at: Instant
    means: Means


class ComplainantInformed(Fact):
    """The complainant was told how far it is (s. 164A(4))."""

    kind: Literal["complaint.complainant_informed"] = "complaint.complainant_informed"
    number: ComplaintNumber
    informed_at: Instant
    progress: Text


class ComplaintAnswered(Fact):
    """The complainant was told the outcome (s. 164A(4))."""

    kind: Literal["complaint.answered"] = "complaint.answered"
    number: ComplaintNumber
    answered_at: Instant
    outcome: Outcome
    detail: Text


ComplainFact = ComplaintReceived | ComplaintAcknowledged | ComplainantInformed | ComplaintAnswered
