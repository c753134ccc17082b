"""What may be published gives no small number away, whatever a reader adds, subtracts or knows of the rules."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events.school import Group
from domain.quantities import Count
from domain.vocabulary import IncidentType, Outcome, PeopleKind
from projections.period_kinds import PeopleAffected
from projections.period_review import PeriodReview, period_review
from projections.publication import KINDS, PublishedTooEarly, TooShortToPublish, for_publication
from projections.school_matters import GroupTraining, TrainingState
from projections.small_numbers import FEWEST, Shown, exactly, frequent, people_shown, share_shown, table_shown
from tests.examples import URN, at, classcharts, replayed, with_every_text
from tests.terms import AUTUMN, DAY, LONDON, FromService, SchoolRecord, Told, a_busy_year, review_of_term

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
SMALL = range(FEWEST)


def determined(
    worlds: Iterable[tuple[int, ...]],
    publish: Callable[[tuple[int, ...]], Any],
    hidden: Callable[[tuple[int, ...]], Iterable[int]],
) -> list[tuple[int, ...]]:
    """The worlds in which a reader who knows every rule can tell a hidden number from what is published."""
    alike = defaultdict(list)
    for world in worlds:
        alike[repr(publish(world))].append(world)
    return [
        group[0] for group in alike.values() for place in hidden(group[0]) if len({world[place] for world in group}) < 2
    ]


def test_no_hidden_number_of_a_table_can_be_worked_out() -> None:
    """Every table of three kinds with up to eight people in each."""
    kinds = ("pupils", "staff", "governors")

    def publish(world: tuple[int, ...]) -> Any:
        return table_shown(dict(zip(kinds, map(exactly, world), strict=True)))

    def hidden(world: tuple[int, ...]) -> list[int]:
        return [place for place, number in enumerate(world) if number < FEWEST]

    assert determined(product(range(9), repeat=3), publish, hidden) == []


def test_no_hidden_share_of_a_group_can_be_worked_out() -> None:
    """Every group of up to thirty: neither how many are trained nor how many are not."""
    worlds = [(part, whole) for whole in range(31) for part in range(whole + 1)]

    def publish(world: tuple[int, ...]) -> Any:
        part, whole = world
        size = people_shown(exactly(whole))
        return size, share_shown(part, whole) if size.number else None

    def hidden(world: tuple[int, ...]) -> list[int]:
        part, whole = world
        return [0, 1] if whole < FEWEST else [0] if min(part, whole - part) < FEWEST else []

    assert determined(worlds, publish, hidden) == []


def test_no_small_number_of_incidents_of_a_kind_can_be_worked_out() -> None:
    """Every term of up to seven incidents in each of four kinds, when their sum is known."""
    kinds = ("a", "b", "c", "d")

    def publish(world: tuple[int, ...]) -> Any:
        return sum(world), frequent(dict(zip(kinds, world, strict=True)), len(kinds))

    def hidden(world: tuple[int, ...]) -> list[int]:
        """A nought of incidents of every unnamed kind discloses nothing of anybody."""
        left = sum(number for number in world if number < FEWEST)
        return [place for place, number in enumerate(world) if 0 < number < FEWEST and left]

    assert determined(product(range(8), repeat=4), publish, hidden) == []


def test_the_search_finds_a_number_that_is_given_away() -> None:
    """The three tests above see a table with an exact total, and a share beside its complement."""
    open_total = determined(
        product(range(9), repeat=2),
        lambda world: ([number if number >= FEWEST else "small" for number in world], sum(world)),
        lambda world: [place for place, number in enumerate(world) if number < FEWEST],
    )
    assert (0, 5) in open_total


PEOPLE = st.integers(0, 30)


def with_people(review: PeriodReview, numbers: Iterable[int]) -> PeriodReview:
    """The same review with these numbers of people affected, kind by kind."""
    people = tuple(
        PeopleAffected(people=kind, incidents=1, number=number, approximate=False, uncounted=0)
        for kind, number in zip(KINDS, numbers, strict=True)
        if number
    )
    return review.model_copy(update={"kinds": review.kinds.model_copy(update={"people": people})})


def with_complaints(review: PeriodReview, numbers: list[int]) -> PeriodReview:
    """The same review with these numbers of complaints."""
    received, in_time, late, *answered = numbers
    update = {
        "received": received,
        "acknowledged_in_time": in_time,
        "acknowledged_late": late,
        "answered": dict(zip(Outcome, answered, strict=True)),
    }
    return review.model_copy(update={"complaints": review.complaints.model_copy(update=update)})


def with_training(review: PeriodReview, trained: int, in_post: int, group: Group = "staff") -> PeriodReview:
    """The same review with this state of training."""
    state = TrainingState(on=AUTUMN[0], in_post=in_post, trained=trained, percent=trained * 100 // in_post)
    return review.model_copy(update={"training": (GroupTraining(group=group, latest=state, before=None),)})


A_REVIEW = review_of_term(*a_busy_year(), term=YEAR)


@given(st.lists(PEOPLE, min_size=len(KINDS), max_size=len(KINDS)), st.data())
def test_what_is_published_is_the_same_whatever_a_small_number_is(numbers: list[int], data: st.DataObject) -> None:
    """Every number of people below five can be any other below five, and not a byte changes."""
    others = [data.draw(st.sampled_from(SMALL)) if number < FEWEST else number for number in numbers]
    published = for_publication(with_people(A_REVIEW, numbers)).model_dump_json()
    assert published == for_publication(with_people(A_REVIEW, others)).model_dump_json()


@given(st.lists(PEOPLE, min_size=6, max_size=6), st.data())
def test_the_same_holds_for_complaints(numbers: list[int], data: st.DataObject) -> None:
    """Each complaint is a person who complained."""
    others = [data.draw(st.sampled_from(SMALL)) if number < FEWEST else number for number in numbers]
    published = for_publication(with_complaints(A_REVIEW, numbers)).model_dump_json()
    assert published == for_publication(with_complaints(A_REVIEW, others)).model_dump_json()


@given(st.integers(2 * FEWEST, 200), st.sampled_from(SMALL), st.sampled_from(SMALL), st.booleans())
def test_the_same_holds_for_training_and_its_complement(whole: int, few: int, other: int, trained: bool) -> None:
    """Neither the few who are trained nor the few who are not; a percentage would tell as much."""
    one, two = (
        for_publication(with_training(A_REVIEW, each if trained else whole - each, whole)).training
        for each in (few, other)
    )
    assert one == two
    assert one[0].percent is None


def test_a_shown_number_is_true() -> None:
    """Hiding is not lying: exact where it says so, at least where it says so."""
    table = table_shown({"pupils": exactly(212), "parents": exactly(5), "staff": exactly(0)})
    assert table.cells["pupils"] == Shown(said="exactly", number=212)
    assert table.cells["staff"] == Shown(said="fewer than 5")
    assert table.total == Shown(said="at least", number=217)
    assert table_shown({"pupils": exactly(7), "staff": exactly(8)}).total == Shown(said="exactly", number=15)
    assert table_shown({"pupils": exactly(1)}).total == Shown(said="not known")


def test_numbers_that_were_not_counted_are_not_shown_as_counted() -> None:
    """About stays about, and an incomplete count is at least that many or not known."""
    about = Count(certainty="approximate", number=200)
    assert people_shown(about) == Shown(said="about", number=200)
    assert people_shown(about, at_least=True) == Shown(said="at least", number=200)
    assert people_shown(exactly(3), at_least=True) == Shown(said="not known")
    assert table_shown({"pupils": about, "staff": exactly(9)}).total == Shown(said="about", number=209)
    assert table_shown({"pupils": about}, uncounted=["pupils"]).total == Shown(said="at least", number=200)


@pytest.mark.parametrize(
    ("trained", "in_post", "shown", "percent"),
    [
        (48, 48, Shown(said="all but fewer than 5"), None),
        (44, 48, Shown(said="all but fewer than 5"), None),
        (43, 48, Shown(said="exactly", number=43), 89),
        (4, 48, Shown(said="fewer than 5"), None),
        (5, 9, None, None),
        (3, 4, None, None),
    ],
)
def test_a_share_is_shown_where_neither_side_of_it_is_small(
    trained: int, in_post: int, shown: Shown | None, percent: int | None
) -> None:
    """Those who are not trained are people too."""
    [found] = for_publication(with_training(A_REVIEW, trained, in_post)).training
    assert (found.trained, found.percent) == (shown, percent)


def test_noughts_of_incidents_are_shown_and_noughts_of_people_are_not() -> None:
    """No near miss discloses nothing of anybody; no member of staff affected says something of each of them."""
    told = Told(at(1, "10:00", 10)).breach().described("Failure to use bcc", "human_error", (), (("pupils", 30),))
    published = for_publication(review_of_term(told))
    assert (published.near_misses, published.late) == (0, 0)
    assert published.people is not None
    assert {name for name, cell in published.people.cells.items() if cell.said == "fewer than 5"} == {
        *map(str, KINDS)
    } - {"pupils"}


def test_kinds_of_incident_are_named_from_five() -> None:
    """Types and kinds of data; what is rarer may be about one person."""
    published = for_publication(A_REVIEW)
    assert published.types == {kind: number for kind, number in A_REVIEW.by_type.items() if number >= FEWEST} != {}
    assert all(number >= FEWEST for number in published.data_kinds.values())
    assert frequent({"a": 9, "b": 5, "c": 2}, possible=3) == {}
    assert frequent({"a": 9, "b": 5, "c": 2}, possible=len(IncidentType)) == {"a": 9, "b": 5}


def test_people_of_no_known_kind_are_among_the_others() -> None:
    """So that a kind of its own does not show that somebody could not tell."""
    groups = (("other", 3), ("not_yet_known", 4))
    told = Told(at(1, "10:00", 10)).breach().described("Phishing", "cyber_attack", (), groups)
    people = for_publication(review_of_term(told)).people
    assert people is not None
    assert people.cells[PeopleKind.OTHER] == Shown(said="exactly", number=7)
    assert PeopleKind.NOT_YET_KNOWN not in people.cells


def test_of_breaches_that_nobody_described_no_number_is_claimed() -> None:
    """Not recorded is not fewer than five."""
    published = for_publication(review_of_term(Told(at(1, "10:00", 10)).breach()))
    assert (published.people, published.people_not_recorded) == (None, 1)
    assert for_publication(review_of_term()).people_told is None


def test_nothing_that_anybody_typed_is_published() -> None:
    """Services, suppliers, owners, lessons, reasons, references and the notes of the record: none of them."""
    incident = replayed(with_every_text(classcharts(), "CANARY"))
    record = with_every_text(
        SchoolRecord().trained(date(2026, 9, 3), "staff", 9, 20).opinion(*AUTUMN, at(9, "12:00", 1, 2027)).events,
        "CANARY",
    )
    review = period_review(URN, [incident], record, *AUTUMN, LONDON)
    assert "CANARY" in review.model_dump_json()
    assert "CANARY" not in for_publication(review).model_dump_json()
    with_opinion = for_publication(review, opinion_may_be_published=True)
    assert with_opinion.opinion == "CANARY"
    assert with_opinion.model_dump_json().count("CANARY") == 1


def test_no_day_but_those_of_the_periods_is_published() -> None:
    """Nor a reference, from which a reader of other papers could learn more."""
    record = SchoolRecord().trained(date(2026, 9, 3), "staff", 9, 20).trained(date(2026, 6, 3), "staff", 9, 20)
    told = FromService(at(1, "10:00", 10), 1, ("ClassCharts",)).breach().assessed().advised().decided()
    told.sent(80 * DAY / 24, "Nobody was on call.").complaint(DAY).reviewed("So.").measure("card", date(2027, 1, 9))
    old = Told(at(5, "10:00", 2), 2).breach()
    published = for_publication(review_of_term(told, old, record=record.events)).model_dump_json()
    days = {date.fromisoformat(found) for found in re.findall(r"\d{4}-\d\d-\d\d", published)}
    assert days == {*AUTUMN, date(2026, 5, 1), date(2026, 8, 31)}
    assert not re.search(rf"{URN}-\w|T\d\d:\d\d", published)


def test_periods_that_the_records_only_touch_are_not_compared() -> None:
    """And that the records begin within the period is said without the day."""
    old, new = Told(at(5, "10:00", 6), 1).breach(), Told(at(1, "10:00", 10), 2).breach()
    assert review_of_term(old, new).before
    published = for_publication(review_of_term(old, new))
    assert (published.before, published.recorded) == ((), "all of it")
    assert for_publication(review_of_term(new)).recorded == "part of it"
    assert for_publication(review_of_term()).recorded == "nothing"


def test_an_opinion_on_another_period_is_not_published() -> None:
    """Its dates would be finer than the term, or wider than the figures."""
    record = SchoolRecord().opinion(*YEAR, at(9, "12:00", 1, 2027)).events
    assert for_publication(review_of_term(record=record), opinion_may_be_published=True).opinion is None


def test_a_few_weeks_are_too_short_to_publish() -> None:
    """Dates finer than any term."""
    with pytest.raises(TooShortToPublish):
        for_publication(review_of_term(term=(date(2026, 9, 1), date(2026, 10, 4))))
    assert for_publication(review_of_term(term=(date(2026, 9, 1), date(2026, 10, 5))))


def test_a_period_is_published_when_it_is_over() -> None:
    """Its last day is when it is."""
    with pytest.raises(PublishedTooEarly):
        for_publication(review_of_term(as_at=at(30, "23:59", 12)))
    assert for_publication(review_of_term(as_at=at(31, "00:01", 12)))


def test_what_is_published_can_be_read_back() -> None:
    """As JSON, with every number that is shown and no other."""
    published = for_publication(A_REVIEW)
    plain = json.loads(published.model_dump_json())
    assert type(published).model_validate(plain) == published
