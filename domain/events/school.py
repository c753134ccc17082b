"""What is recorded of a school rather than of an incident: training and the DPO's opinion, for the governors."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.events.base import Fact
from domain.personal import Text
from domain.quantities import Day, Value

Group = Literal["staff", "governors"]


class TrainingDetails(Value):
    """How many of a group were trained in data protection in the last two years, on one day."""

    on: Day
    group: Group
    in_post: Annotated[int, Field(ge=0, le=100_000)]
    trained: Annotated[int, Field(ge=0, le=100_000)]
    note: Text | None = None

    @model_validator(mode="after")
    def _no_more_trained_than_there_are(self) -> "TrainingDetails":
        if self.trained > self.in_post:
            raise ValueError("more are trained than are in post; count those in post")
        return self


class TrainingRecorded(Fact, TrainingDetails):
    """The state of training on a day. The two years are those that the regulator's form asks about."""

    kind: Literal["school.training_recorded"] = "school.training_recorded"


class OpinionDetails(Value):
    """What the DPO says of a period to the highest level of management (UK GDPR Art. 38(3), 39(1)(b))."""

    begins_on: Day
    ends_on: Day
    opinion: Text
    themes: tuple[Text, ...] = ()
    recommendations: tuple[Text, ...] = ()
    decisions_asked: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> "OpinionDetails":
        if self.ends_on < self.begins_on:
            raise ValueError("a period ends on or after the day on which it begins")
        return self


class OpinionGiven(Fact, OpinionDetails):
    """The DPO gave an opinion on a period. A later one on the same period replaces it."""

    kind: Literal["school.opinion_given"] = "school.opinion_given"


SchoolFact = TrainingRecorded | OpinionGiven
