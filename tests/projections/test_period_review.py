"""A term's or a year's review: what is counted, in which period, and what is said where nothing is recorded."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.vocabulary import Outcome
from projections.governors_review import governors_review
from projections.period_review import PeriodReview, period_review
from projections.periods import Period
from tests.examples import DPO, LEAD, URN, at
from tests.terms import AUTUMN, DAY, FACTS, HOUR, LONDON, FromService, SchoolRecord, Told, a_busy_year, review_of_term

BCC, PORTAL = "Failure to use bcc", "Data of wrong data subject shown in client portal"


def a_term() -> list[Told]:
    """Two breaches, one of them reported late, a near miss, nothing after all, and a suspicion."""
    in_time = Told(at(7, "09:00", 9), 1).breach().stopped(2 * HOUR)
    in_time.described(BCC, "human_error", ("basic_personal_identifiers", "health"), (("pupils", 30), ("staff", 3)))
    in_time.assessed().advised().decided().sent(20 * HOUR).told(25).told(None, 2 * DAY, "staff")
    late = FromService(at(5, "09:00", 10), 2, ("ClassCharts",)).breach().stopped(4 * HOUR)
    late.described(PORTAL, "supplier_fault", ("health",), (("pupils", None),))
    late.assessed().advised().decided().missed().sent(80 * HOUR, "Nobody was on call.")
    near = Told(at(2, "09:00", 11), 3).near_miss()
    return [in_time, late, near, Told(at(3, "09:00", 11), 4).no_breach(), Told(at(4, "09:00", 11), 5)]


def test_the_figures_of_a_term_are_those_of_its_incidents() -> None:
    """Each by hand."""
    review = review_of_term(*a_term())
    assert (review.incidents, review.breaches, review.near_misses, review.not_breaches, review.suspected) == (
        5, 2, 1, 1, 1,
    )  # fmt: skip
    assert (review.notified, review.late, review.supplier_caused, review.open_incidents) == (2, 1, 1, 5)
    assert review.median_hours_to_contain == 3.0
    assert review.median_hours_to_notify == 50.0
    assert review.people_told == 25
    assert review.told_uncounted == 1
    assert [each.ref for each in review.reviews] == [f"{URN}-0000000{number}" for number in range(1, 6)]


def test_the_kinds_leave_out_what_was_no_breach() -> None:
    """Types, causes, data and people, in the words of the closed lists; what nobody has said is said to be so."""
    review = review_of_term(*a_term())
    assert review.by_type == {PORTAL: 1, BCC: 1, "not recorded": 2}
    assert review.kinds.by_cause == {"human_error": 1, "supplier_fault": 1, "not recorded": 2}
    assert review.kinds.by_data == {"health": 2, "basic_personal_identifiers": 1, "not recorded": 2}
    assert review.kinds.by_category == {"Non Cyber": 2, "not recorded": 2}
    pupils, staff = review.kinds.people
    assert (pupils.people, pupils.incidents, pupils.number, pupils.uncounted) == ("pupils", 2, 30, 1)
    assert (staff.people, staff.incidents, staff.number, staff.uncounted) == ("staff", 1, 3, 0)
    assert review.kinds.time_to_report == {
        "Less than 24 hours": 1, "24 hours to 72 hours": 0, "72 hours to 1 week": 1, "More than 1 week": 0,
    }  # fmt: skip


def test_a_breach_of_nobody_named_is_counted_as_such() -> None:
    """Not described is not nobody; and people of a near miss are not affected."""
    near = Told(at(3, "09:00"), 2).near_miss()
    near.do(DAY, LEAD, "describe_people", groups=({"people": "staff"},))
    review = review_of_term(Told(at(2, "09:00"), 1).breach(), near)
    assert review.kinds.people == ()
    assert review.kinds.people_not_recorded == 1


def test_a_late_report_is_listed_with_its_reasons() -> None:
    """Art. 33(1): the reasons go to the regulator, and to the governors."""
    [late] = review_of_term(*a_term()).late_reports
    assert (late.ref, late.reasons) == (f"{URN}-00000002", "Nobody was on call.")
    assert late.deadline is not None
    assert late.notified_at - late.deadline == 8 * HOUR


def test_a_deadline_that_nobody_met_is_listed() -> None:
    """Until something was sent, and after."""
    nobody = Told(at(9, "09:00"), 1).breach().missed()
    review = review_of_term(nobody, *a_term()[1:])
    assert [missed.ref for missed in review.missed_deadlines] == [f"{URN}-00000002", f"{URN}-00000001"]
    assert review.deadlines_missed == 2


@pytest.mark.parametrize(
    ("reported_at", "belongs"),
    [
        (datetime(2026, 8, 31, 22, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 8, 31, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), True),
        (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), False),
    ],
)
def test_a_term_begins_and_ends_at_the_schools_own_midnight(reported_at: datetime, belongs: bool) -> None:
    """In summer the day begins an hour earlier in London than in UTC, in winter it does not."""
    assert review_of_term(Told(reported_at)).incidents == belongs


def test_the_order_in_which_incidents_come_does_not_matter() -> None:
    """The same review from the same incidents."""
    term = a_term()
    assert review_of_term(*term) == review_of_term(*reversed(term))


def test_of_an_empty_log_nothing_is_claimed() -> None:
    """No middle of nothing, no training of nobody, no earlier term without a fault."""
    review = review_of_term()
    assert (review.median_hours_to_contain, review.median_hours_to_notify) == (None, None)
    assert (review.training, review.opinion, review.before) == ((), None, ())
    assert (review.recorded_since, review.recorded_at) == (None, None)
    assert review.by_type == {}


def test_the_period_before_has_the_same_figures_and_the_same_length() -> None:
    """Four whole months before four whole months, whatever their days."""
    before = [Told(at(1, "10:00", 5), 7).near_miss(), Told(at(31, "22:59", 8), 8).breach()]
    review = review_of_term(*before, *a_term())
    [last] = review.before
    assert (last.begins_on, last.ends_on) == (date(2026, 5, 1), date(2026, 8, 31))
    assert (last.incidents, last.breaches, last.near_misses) == (2, 1, 1)
    same = review_of_term(*before, *a_term(), term=(last.begins_on, last.ends_on))
    assert {name: getattr(same, name) for name in type(last).model_fields} == dict(last)


def test_the_trend_goes_back_five_periods_and_no_further_than_the_records() -> None:
    """Where nothing had been recorded yet, a nought would look like a good year."""
    years = [told for year in (2021, 2022, 2024, 2025, 2026) for told in a_busy_year(4, year)]
    review = review_of_term(*years, term=(date(2026, 1, 1), date(2026, 12, 31)))
    assert [each.begins_on.year for each in review.before] == [2025, 2024, 2023, 2022, 2021]
    assert [each.incidents for each in review.before] == [4, 4, 0, 4, 4]
    assert review.recorded_since == date(2021, 1, 1)
    later = review_of_term(*years[8:], term=(date(2026, 1, 1), date(2026, 12, 31)))
    assert [each.begins_on.year for each in later.before] == [2025, 2024]


def test_a_record_of_the_school_begins_the_records_too() -> None:
    """Who wrote down the training had Tocsin, so that a period without an incident is one."""
    record = SchoolRecord().trained(date(2026, 6, 1), "staff", 9, 10).events
    review = review_of_term(record=record)
    assert [each.incidents for each in review.before] == [0]
    assert review.recorded_at == record[0].recorded_at


def test_measures_are_counted_by_their_own_dates() -> None:
    """Of an incident of the summer: done in autumn, open at its end, overdue, done later, and not yet adopted."""
    told = Told(at(1, "10:00", 7)).breach().reviewed()
    for item, due_on in (("done", 20), ("open", 31), ("overdue", 30), ("later", 30)):
        told.measure(item, date(2026, 12, due_on))
    told.done("done", 100 * DAY).measure("new", date(2027, 6, 1), 190 * DAY).done("later", 195 * DAY)
    review = review_of_term(told)
    assert review.incidents == 0
    assert {each.item for each in review.measures} == {"done", "open", "overdue", "later"}
    assert (review.open_measures, review.overdue_measures, review.completed_measures) == (3, 2, 1)
    assert [each.item for each in review.measures if each.overdue_on(review.stands_on)] == ["later", "overdue"]
    assert review.before[0].open_measures == 4
    assert review.before[0].overdue_measures == 0


def test_a_measure_done_on_the_last_day_is_done() -> None:
    """Open the evening before, and not at the end of the day."""
    told = Told(at(1, "10:00", 12)).breach().measure("card", date(2026, 12, 30), DAY).done("card", 30 * DAY)
    review = review_of_term(told)
    assert (review.open_measures, review.overdue_measures, review.completed_measures) == (0, 0, 1)
    assert review.measures[0].overdue_on(date(2026, 12, 30)) is False
    assert review.measures[0].open_on(date(2026, 12, 30)) is True


def test_a_measure_adopted_again_is_one_measure() -> None:
    """With its new owner and date, in the term's review and in that of the incident."""
    told = Told(at(1, "10:00", 10)).breach().reviewed().measure("card", date(2026, 11, 1))
    told.measure("card", date(2026, 12, 1), 20 * DAY, owner="Headteacher")
    [measure] = review_of_term(told).measures
    assert (measure.owner, measure.due_on, measure.adopted_on) == (
        "Headteacher", date(2026, 12, 1), date(2026, 10, 11),
    )  # fmt: skip
    assert [each.owner for each in governors_review(told.incident).measures] == ["Headteacher"]


def test_before_its_end_a_period_stands_as_on_the_day_of_reading() -> None:
    """What is due in December is not overdue in November, although the term has ended by then."""
    told = Told(at(1, "10:00", 10)).breach().reviewed().measure("card", date(2026, 12, 1))
    early = review_of_term(told, as_at=at(20, "12:00"))
    assert (early.stands_on, early.over, early.overdue_measures) == (date(2026, 11, 20), False, 0)
    late = review_of_term(told, as_at=at(20, "12:00", 2, 2027))
    assert (late.stands_on, late.over, late.overdue_measures) == (AUTUMN[1], True, 1)


def test_complaints_are_counted_by_their_own_dates() -> None:
    """Received in one term and answered in the next; acknowledged in time, late, or not at all."""
    told = Told(at(1, "10:00", 7)).breach().complaint(20 * DAY).acknowledged(1, 30 * DAY)
    told.answered(1, 90 * DAY, "partly_upheld")
    other = Told(at(1, "10:00", 9), 2).breach().complaint(DAY).complaint(2 * DAY).complaint(3 * DAY)
    other.acknowledged(2, 10 * DAY).acknowledged(3, 60 * DAY)
    review = review_of_term(told, other)
    found = review.complaints
    assert (found.received, found.acknowledged_in_time, found.acknowledged_late, found.overdue) == (3, 1, 1, 1)
    assert found.answered == {Outcome.UPHELD: 0, Outcome.PARTLY_UPHELD: 1, Outcome.NOT_UPHELD: 0}
    assert found.open == 3
    assert [(each.ref[-1], each.number, each.in_time) for each in review.complaint_states] == [
        ("1", 1, True), ("2", 1, None), ("2", 2, True), ("2", 3, False),
    ]  # fmt: skip
    assert review.before[0].complaints.received == 1
    assert review.before[0].complaints.answered[Outcome.PARTLY_UPHELD] == 0


def test_an_old_complaint_that_still_waits_is_not_forgotten() -> None:
    """Received in summer, and nothing happened to it since."""
    told = Told(at(1, "10:00", 7)).breach().complaint(DAY).acknowledged(1, 2 * DAY)
    review = review_of_term(told)
    assert [each.ref for each in review.complaint_states] == [told.ref]
    assert (review.complaints.received, review.complaints.open) == (0, 1)


def test_the_last_day_to_acknowledge_is_not_overdue_yet() -> None:
    """Received on 1 September, day 30 is 1 October."""
    told = Told(at(1, "09:00", 9)).breach().complaint(HOUR)
    [complaint] = governors_review(told.incident).complaints
    assert not complaint.overdue_on(date(2026, 10, 1), LONDON)
    assert complaint.overdue_on(date(2026, 10, 2), LONDON)


def test_training_is_the_latest_of_each_group_with_the_one_before() -> None:
    """On or before the end of the period; a second record of the same day puts the first right."""
    record = SchoolRecord().trained(date(2026, 1, 7), "staff", 30, 40).trained(date(2026, 9, 3), "staff", 1, 40)
    record.trained(date(2026, 9, 3), "staff", 39, 40, at(4, "12:00", 9)).trained(date(2027, 1, 7), "staff", 40, 40)
    record.trained(date(2026, 9, 3), "governors", 0, 0)
    staff, governors = review_of_term(record=record.events).training
    assert (staff.latest.trained, staff.latest.percent, staff.latest.on) == (39, 97, date(2026, 9, 3))
    assert staff.before is not None
    assert (staff.before.percent, staff.before.on) == (75, date(2026, 1, 7))
    assert (governors.latest.percent, governors.before) == (None, None)


@pytest.mark.parametrize(
    ("periods", "chosen"),
    [
        ([], None),
        ([(date(2026, 1, 1), date(2026, 8, 31))], None),
        ([(date(2026, 9, 1), date(2026, 10, 31)), (date(2026, 10, 1), date(2026, 12, 31))], 1),
        ([AUTUMN, (date(2026, 1, 1), date(2026, 12, 31))], 0),
        ([(date(2026, 1, 1), date(2026, 12, 31)), (date(2025, 9, 1), date(2027, 8, 31))], 1),
        ([AUTUMN, AUTUMN], 1),
    ],
    ids=["none", "elsewhere", "shares most", "same dates", "latest of equals", "latest of the same"],
)
def test_the_opinion_is_the_one_on_this_period(periods: list[tuple[date, date]], chosen: int | None) -> None:
    """The same dates before all, then the most days in common, then the latest."""
    record = SchoolRecord()
    for number, period in enumerate(periods):
        record.opinion(*period, at(5 + number, "12:00", 1, 2027), opinion=f"Opinion {number}", themes=(f"T{number}",))
    review = review_of_term(record=record.events)
    assert (review.opinion and review.opinion.opinion) == (None if chosen is None else f"Opinion {chosen}")
    assert review.themes.by_dpo == (() if chosen is None else (f"T{chosen}",))


def test_lessons_of_systemic_reviews_are_themes() -> None:
    """Each once; a review that found nothing systemic gives none."""
    term = [
        Told(at(1, "10:00", 10), 1).breach().reviewed("Check first.", "Ask twice.", systemic=True),
        Told(at(2, "10:00", 10), 2).breach().reviewed("Check first.", systemic=True),
        Told(at(3, "10:00", 10), 3).breach().reviewed("Only here."),
    ]
    themes = review_of_term(*term).themes
    assert themes.systemic_lessons == ("Check first.", "Ask twice.")
    assert themes.systemic_refs == (f"{URN}-00000001", f"{URN}-00000002")


def test_services_of_suppliers_are_counted_however_they_are_spelt() -> None:
    """Once an incident, and only where the supplier was the cause."""
    spelt = (("ClassCharts", "CLASSCHARTS"), ("classcharts",), ("Meal payments",))
    term = [
        FromService(at(day, "10:00"), day, services).breach().described(PORTAL, "supplier_fault")
        for day, services in enumerate(spelt, 1)
    ]
    term.append(FromService(at(9, "10:00"), 9, ("Registers",)).breach().described(BCC, "human_error"))
    assert review_of_term(*term).kinds.services == {"ClassCharts": 2, "Meal payments": 1}


def test_suggestion_advice_and_decision_are_counted_side_by_side() -> None:
    """Only of breaches whose risk was assessed with facts; a decision not taken is None and not no."""
    term = [
        Told(at(day, "10:00"), day).breach().assessed(facts=FACTS).advised(communicate=True).decided() for day in (1, 2)
    ]
    term.append(Told(at(3, "10:00"), 3).breach().assessed("unlikely").advised().decided(notify=False))
    term.append(Told(at(4, "10:00"), 4).breach().assessed(facts=FACTS).no_breach())
    review = review_of_term(*term)
    assert [
        (each.question, each.suggested, each.advised, each.decided, each.incidents) for each in review.compared
    ] == [
        ("Notify the regulator?", True, True, True, 2),
        ("Tell the people concerned?", False, True, None, 2),
    ]
    assert review.decided_otherwise == 1


def test_the_review_of_an_incident_shows_what_the_rules_suggested() -> None:
    """From the latest assessment: one without facts takes the suggestion back."""
    told = Told(at(1, "10:00")).breach().assessed(facts=FACTS)
    prompt = governors_review(told.incident).prompt
    assert prompt is not None
    assert (prompt.notify_regulator, prompt.communicate) == (True, False)
    assert prompt.score > 0
    assert governors_review(told.assessed().incident).prompt is None


def test_the_review_of_an_incident_shows_its_complaints_without_their_texts() -> None:
    """When, in time or not, and how it ended."""
    told = Told(at(1, "10:00")).breach().complaint(DAY).acknowledged(1, 2 * DAY).answered(1, 3 * DAY)
    [complaint] = governors_review(told.incident).complaints
    assert (complaint.number, complaint.in_time, complaint.outcome) == (1, True, Outcome.UPHELD)
    assert not {"about", "detail", "people"} & set(type(complaint).model_fields)


def test_the_regulators_references_and_answers_are_counted() -> None:
    """A reference with its incident's period, an answer with its own."""
    old = Told(at(1, "10:00", 6), 1).breach().assessed().advised().decided().sent(HOUR * 20)
    old.do(2 * DAY, DPO, "record_reference", reference="IC-1").do(100 * DAY, DPO, "record_answer", answer="No action.")
    new = Told(at(1, "10:00", 10), 2).breach().do(2 * DAY, DPO, "record_reference", reference="IC-2")
    new.do(100 * DAY, DPO, "record_answer", answer="Closed.")
    found = review_of_term(old, new).regulator
    assert [(each.reference, each.answers) for each in found] == [("IC-1", 1), ("IC-2", 0)]
    quiet = Told(at(1, "10:00", 6), 1).breach().do(2 * DAY, DPO, "record_reference", reference="IC-1")
    assert review_of_term(quiet).regulator == ()


@given(st.dates(date(2001, 1, 1), date(2190, 12, 31)), st.integers(1, 800))
def test_the_period_before_touches_and_is_as_long(begins_on: date, days: int) -> None:
    """As many whole months, or else as many days; never a gap and never an overlap."""
    period = Period(begins_on=begins_on, ends_on=begins_on + timedelta(days=days - 1))
    before = period.preceding()
    assert before is None or before.ends_on + DAY == begins_on
    if before is not None and before.days != period.days:
        after = period.ends_on + DAY
        months = (after.year - begins_on.year) * 12 + after.month - begins_on.month
        assert months == (begins_on.year - before.begins_on.year) * 12 + begins_on.month - before.begins_on.month
        assert before.begins_on.day == begins_on.day == after.day


def test_a_school_year_is_compared_with_school_years() -> None:
    """Also where one of them has a leap day."""
    year = Period(begins_on=date(2024, 9, 1), ends_on=date(2025, 8, 31))
    before = year.preceding()
    assert before == Period(begins_on=date(2023, 9, 1), ends_on=date(2024, 8, 31))
    assert before is not None
    assert before.days == year.days + 1


def test_a_period_that_ends_before_it_begins_is_none() -> None:
    """Nobody is shown the figures of no days."""
    with pytest.raises(ValueError, match="ends on or after the day"):
        period_review(URN, [], (), date(2026, 9, 2), date(2026, 9, 1))


def test_a_busy_year_adds_up() -> None:
    """Forty incidents of every kind: parts are parts of their wholes."""
    review = review_of_term(*a_busy_year(), term=(date(2026, 1, 1), date(2026, 12, 31)))
    assert review.incidents == 40 == len(review.reviews)
    assert review.breaches + review.near_misses + review.not_breaches + review.suspected == 40
    assert sum(review.by_type.values()) == sum(review.kinds.by_cause.values()) == 40 - review.not_breaches
    assert sum(review.kinds.time_to_report.values()) == review.notified
    assert len(review.late_reports) == review.late > 0
    assert PeriodReview.model_validate_json(review.model_dump_json()) == review
