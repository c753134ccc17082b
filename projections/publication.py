"""What of a term's or a year's review may be published, such as on the school's website or in the open minutes.

Left out: references of incidents, every date but the first and last day of the periods, names of services, suppliers
and owners, lessons, reasons and every other text that somebody typed, except the DPO's opinion where it was marked for
publication. Small numbers are hidden as `projections/small_numbers.py` says. Whoever publishes terms and also the year
that they make up lets readers subtract one from the other, which no single paper can prevent: publish one or the other.
"""

from datetime import date, timedelta
from typing import Literal

from domain.errors import Refused
from domain.events.school import Group
from domain.quantities import Count, Value
from domain.vocabulary import DataKind, IncidentType, Outcome, PeopleKind
from projections.period_figures import Figures
from projections.period_kinds import NOT_RECORDED, PeopleAffected
from projections.period_review import PeriodReview
from projections.periods import Period
from projections.school_matters import TrainingState
from projections.small_numbers import (
    FEWEST,
    Shown,
    ShownTable,
    exactly,
    frequent,
    people_shown,
    share_shown,
    table_shown,
)

SHORTEST = timedelta(weeks=5).days
"""A school year has six terms at most, and none of them is shorter."""

TYPES = len(IncidentType)
"""The regulator's types, one of which (not provided) stands for what is not recorded."""

KINDS = tuple(kind for kind in PeopleKind if kind is not PeopleKind.NOT_YET_KNOWN)
"""People whose kind is not known are counted among the others."""


class TooShortToPublish(Refused):
    """A review for publication covers a term or a year; choose a period of five weeks or more."""


class PublishedTooEarly(Refused):
    """The period is not over yet; publish its review when it is."""


class PublishedFigures(Period):
    """Numbers of incidents and of what the school did about them: none of these is a number of people."""

    incidents: int
    breaches: int
    near_misses: int
    not_breaches: int
    suspected: int
    notified: int
    late: int
    deadlines_missed: int
    supplier_caused: int
    open_measures: int
    overdue_measures: int
    completed_measures: int


class PublishedTraining(Value):
    """How many of a group are in post and how many of these are trained; a percentage where both are shown.

    `trained` is None of a group too small for it.
    """

    group: Group
    in_post: Shown
    trained: Shown | None
    percent: int | None


class PublishedComplaints(Value):
    """Numbers of complaints, each of which is a person who complained."""

    received: Shown
    acknowledged_in_time: Shown
    acknowledged_late: Shown
    answered: dict[Outcome, Shown]


class PublishedReview(PublishedFigures):
    """A review that names nobody, no incident and no day. `people` is None where no breach says whose data they were;
    `types` and `data_kinds` hold only what came up in five or more incidents; `recorded` is how much of the period
    the records cover.
    """

    school: str
    recorded: Literal["all of it", "part of it", "nothing"]
    before: tuple[PublishedFigures, ...]
    types: dict[str, int]
    data_kinds: dict[DataKind, int]
    people: ShownTable | None
    people_not_recorded: int
    people_told: Shown | None
    complaints: PublishedComplaints
    training: tuple[PublishedTraining, ...]
    opinion: str | None


def for_publication(review: PeriodReview, *, opinion_may_be_published: bool = False) -> PublishedReview:
    """What may be published of a review; the DPO's opinion only when it was written or marked for that.

    Raises `TooShortToPublish` below five weeks, which are finer than any term, and `PublishedTooEarly` before the end.
    """
    if review.days < SHORTEST:
        raise TooShortToPublish
    if not review.over:
        raise PublishedTooEarly
    since, kinds = review.recorded_since, review.kinds
    data = {DataKind(kind): number for kind, number in kinds.by_data.items() if kind != NOT_RECORDED}
    about_this_period = review.opinion and (review.opinion.begins_on, review.opinion.ends_on) == (
        review.begins_on,
        review.ends_on,
    )
    return PublishedReview(
        **_figures(review),
        school=review.school,
        recorded=_recorded(since, review),
        before=tuple(PublishedFigures(**_figures(each)) for each in review.before if since and since <= each.begins_on),
        types=frequent(review.by_type, TYPES),
        data_kinds={kind: number for kind, number in data.items() if number >= FEWEST},
        people=_people(kinds.people) if review.breaches > kinds.people_not_recorded else None,
        people_not_recorded=kinds.people_not_recorded,
        people_told=_told(review) if review.breaches else None,
        complaints=_complaints(review),
        training=tuple(_training(each.group, each.latest) for each in review.training),
        opinion=review.opinion.opinion if opinion_may_be_published and about_this_period and review.opinion else None,
    )


def _recorded(since: date | None, period: Period) -> Literal["all of it", "part of it", "nothing"]:
    """How much of the period the records cover: the day on which they begin is not published."""
    if since is None or since > period.ends_on:
        return "nothing"
    return "part of it" if since > period.begins_on else "all of it"


def _figures(figures: Figures) -> dict[str, object]:
    return {name: getattr(figures, name) for name in PublishedFigures.model_fields}


def _people(affected: tuple[PeopleAffected, ...]) -> ShownTable:
    """Every kind has its row, so that the rows themselves say of nobody that there were some."""
    counts = dict.fromkeys(map(str, KINDS), exactly(0))
    uncounted = set()
    for each in affected:
        name = str(each.people if each.people in KINDS else PeopleKind.OTHER)
        before = counts[name]
        rough = each.approximate or before.certainty == "approximate"
        number = (before.number or 0) + each.number
        counts[name] = Count(certainty="approximate" if rough else "exact", number=number)
        if each.uncounted:
            uncounted.add(name)
    return table_shown(counts, uncounted)


def _told(review: PeriodReview) -> Shown:
    told = Count(certainty="approximate" if review.told_approximate else "exact", number=review.people_told)
    return people_shown(told, at_least=review.told_uncounted > 0)


def _complaints(review: PeriodReview) -> PublishedComplaints:
    found = review.complaints
    return PublishedComplaints(
        received=people_shown(exactly(found.received)),
        acknowledged_in_time=people_shown(exactly(found.acknowledged_in_time)),
        acknowledged_late=people_shown(exactly(found.acknowledged_late)),
        answered={outcome: people_shown(exactly(found.answered[outcome])) for outcome in Outcome},
    )


def _training(group: Group, state: TrainingState) -> PublishedTraining:
    in_post = people_shown(exactly(state.in_post))
    trained = share_shown(state.trained, state.in_post) if in_post.number else None
    percent = state.percent if trained and trained.number else None
    return PublishedTraining(group=group, in_post=in_post, trained=trained, percent=percent)
