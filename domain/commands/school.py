"""What people ask for of a school rather than of an incident."""

from typing import Literal

from domain.commands.base import Command
from domain.events.school import OpinionDetails, TrainingDetails


class RecordTraining(Command, TrainingDetails):
    """Record how many staff or governors were trained in data protection in the last two years."""

    kind: Literal["record_training"] = "record_training"


class GiveOpinion(Command, OpinionDetails):
    """Give the DPO's opinion on a period, with themes, recommendations and decisions asked of the governors."""

    kind: Literal["give_opinion"] = "give_opinion"


SchoolCommand = RecordTraining | GiveOpinion
