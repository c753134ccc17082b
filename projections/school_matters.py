"""What the school's own record says of a period: how many are trained, and the DPO's opinion."""

from collections.abc import Sequence
from datetime import date
from typing import get_args

from domain.events import Recorded
from domain.events.school import Group, OpinionGiven, TrainingRecorded
from domain.quantities import Instant, Value
from projections.periods import Period


class TrainingState(Value):
    """How many of a group were trained in data protection in the two years before a day.

    `percent` is rounded down, so that 100 means everybody; None where nobody is in post.
    """

    on: date
    in_post: int
    trained: int
    percent: int | None


class GroupTraining(Value):
    """The latest state of a group, and the one before it where one was recorded."""

    group: Group
    latest: TrainingState
    before: TrainingState | None


class DpoOpinion(Value):
    """What the DPO says of a period, which may be another than the one under review."""

    begins_on: date
    ends_on: date
    given_at: Instant
    opinion: str
    themes: tuple[str, ...]
    recommendations: tuple[str, ...]
    decisions_asked: tuple[str, ...]


def training_by(record: Sequence[Recorded], day: date) -> tuple[GroupTraining, ...]:
    """The state of each group on or before the day; a group of which nothing is recorded is left out."""
    found = []
    for group in get_args(Group):
        states = {
            event.fact.on: _state(event.fact)
            for event in record
            if isinstance(event.fact, TrainingRecorded) and event.fact.group == group and event.fact.on <= day
        }  # a later record of the same day puts the earlier one right
        if states:
            *_, before, latest = (None, None, *(states[on] for on in sorted(states)))
            assert latest is not None
            found.append(GroupTraining(group=group, latest=latest, before=before))
    return tuple(found)


def _state(said: TrainingRecorded) -> TrainingState:
    percent = None if said.in_post == 0 else said.trained * 100 // said.in_post
    return TrainingState(on=said.on, in_post=said.in_post, trained=said.trained, percent=percent)


def opinion_on(record: Sequence[Recorded], period: Period) -> DpoOpinion | None:
    """The opinion on exactly this period, or else on the one that shares most days; of several the latest."""
    chosen: tuple[tuple[bool, int], DpoOpinion] | None = None
    for event in record:
        said = event.fact
        if not isinstance(said, OpinionGiven):
            continue
        same = (said.begins_on, said.ends_on) == (period.begins_on, period.ends_on)
        fit = (same, period.shared_days(said.begins_on, said.ends_on))
        if fit[1] and (chosen is None or fit >= chosen[0]):
            chosen = fit, _opinion(said, event)
    return chosen[1] if chosen else None


def _opinion(said: OpinionGiven, event: Recorded) -> DpoOpinion:
    return DpoOpinion(
        begins_on=said.begins_on,
        ends_on=said.ends_on,
        given_at=event.recorded_at,
        opinion=said.opinion,
        themes=said.themes,
        recommendations=said.recommendations,
        decisions_asked=said.decisions_asked,
    )
