"""What is recorded of a school itself: decided apart from incidents, in a stream of its own (`URN-SCHOOL`)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from domain.commands.school import GiveOpinion, RecordTraining, SchoolCommand
from domain.decisions.base import stated
from domain.errors import InTheFuture, NotYourRole
from domain.events import Recorded
from domain.events.base import Fact
from domain.events.school import OpinionGiven, TrainingRecorded
from domain.roles import TITLES, Actor, Role, may

EARLIEST_ZONE = timedelta(hours=14)
"""Where a day begins first."""


def record_of(school: str) -> str:
    """The stream of a school's own record."""
    return f"{school}-SCHOOL"


def decide_school(command: SchoolCommand, history: Sequence[Recorded], by: Actor, now: datetime) -> tuple[Fact, ...]:
    """The facts that the command leads to; none when it repeats what is already recorded."""
    if not may(by.role, command.kind):
        who = ", ".join(TITLES[role] for role in Role if may(role, command.kind))
        raise NotYourRole(f"As {TITLES[by.role]} you may not {command.kind.replace('_', ' ')}; it is for: {who}.")
    match command:
        case RecordTraining():
            if command.on > (now + EARLIEST_ZONE).date():
                raise InTheFuture
            fact: Fact = stated(TrainingRecorded, command)
        case GiveOpinion():
            fact = stated(OpinionGiven, command)
        case _:
            assert_never(command)
    return () if any(event.fact == fact for event in history) else (fact,)
