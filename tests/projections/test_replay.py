"""What an auditor reads: how the clock stood at a moment, and what changed between two, whichever two they are."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.documents.log_columns import COLUMNS
from domain.incident import Incident, replay
from domain.quantities import Span
from domain.roles import Role
from projections.answers import Header
from projections.breach_log import LogEntry, log_entry
from projections.form import form_for
from projections.ico_submission import Submission, submission
from projections.replay import ROW, ClockState, Difference, answers_changed, changes, clock_at, lag
from projections.timeline import timeline
from projections.values_in_words import fields_in_words, in_words
from tests.domain.test_properties import STORIES, played
from tests.examples import AWARE_AT, SCHOOL, classcharts, closed_incident
from tests.given import FRIDAY_4PM, ONE_DAY, ONE_HOUR, ONE_SECOND, Story, a_breach, a_suspicion

LONDON = ZoneInfo("Europe/London")
ICO = form_for("ICO")
LIFE = classcharts()
PLACES = st.integers(1, len(LIFE))


def up_to(version: int) -> Incident:
    """The supplier's breach as it stood at one of its events."""
    incident = replay(LIFE[:version])
    assert incident is not None
    return incident


def told(incident: Incident) -> Submission:
    """The whole report at that moment, whatever of it had been sent."""
    assert ICO is not None
    return submission(incident, SCHOOL, ICO, Header(number=1, phase="initial"))


def swapped(found: tuple[Difference, ...]) -> set[tuple[str, str | None, str | None]]:
    """The differences, read the other way round."""
    return {(each.what, each.now, each.was) for each in found}


def read(found: tuple[Difference, ...]) -> set[tuple[str, str | None, str | None]]:
    """The differences as they are."""
    return {(each.what, each.was, each.now) for each in found}


def named(found: tuple[Difference, ...]) -> set[str]:
    """What differs."""
    return {each.what for each in found}


@settings(max_examples=40, deadline=None)
@given(STORIES)
def test_a_moment_does_not_differ_from_itself(story: Any) -> None:
    """Whatever happened until then."""
    incident, _ = played(story)
    assert incident is not None
    found = changes(incident, incident)
    assert not any((found.events, found.clock, found.steps, found.row, found.asked, found.met, found.due))
    assert answers_changed(told(incident), told(incident)) == ()


@settings(max_examples=40, deadline=None)
@given(STORIES, st.data())
def test_the_way_back_swaps_was_and_is(story: Any, data: st.DataObject) -> None:
    """From any moment of any incident to any other."""
    incident, _ = played(story)
    assert incident is not None
    places = st.integers(1, len(incident.history))
    one, other = (replay(incident.history[: data.draw(places)]) for _ in range(2))
    assert one is not None
    assert other is not None
    there, back = changes(one, other), changes(other, one)
    for part in ("clock", "steps", "row", "due"):
        assert swapped(getattr(there, part)) == read(getattr(back, part))
    assert [act.what for act in there.asked] == [act.what for act in back.met]
    assert there.events == back.events
    assert swapped(answers_changed(told(one), told(other))) == read(answers_changed(told(other), told(one)))


@settings(max_examples=25, deadline=None)
@given(PLACES, PLACES)
def test_what_differs_between_two_moments_was_changed_by_an_event_between_them(one: int, other: int) -> None:
    """No difference comes from nowhere."""
    first, last = sorted((one, other))
    ends = changes(up_to(first), up_to(last))
    steps = [changes(up_to(a), up_to(b)) for a, b in pairwise(range(first, last + 1))]
    for part in ("clock", "steps", "row"):
        assert named(getattr(ends, part)) <= {name for step in steps for name in named(getattr(step, part))}
    assert [entry.version for entry in ends.events] == [step.events[0].version for step in steps]
    answers = [answers_changed(told(up_to(a)), told(up_to(b))) for a, b in pairwise(range(first, last + 1))]
    met = {name for step in answers for name in named(step)}
    assert named(answers_changed(told(up_to(first)), told(up_to(last)))) <= met


def test_every_field_of_the_row_that_differs_is_named() -> None:
    """Field by field, against the rows themselves."""
    was, now = log_entry(up_to(3)), log_entry(up_to(28))
    differing = {ROW[name] for name in ROW if getattr(was, name) != getattr(now, name)}
    assert named(changes(up_to(3), up_to(28)).row) == differing
    assert {"Finding", "School aware", "Regulator notified", "Decided to tell people"} <= differing


def test_confirming_a_breach_starts_the_clock_and_asks_for_the_decision() -> None:
    """Event 4 of the supplier's breach, in words and in the school's zone."""
    found = changes(up_to(3), up_to(4), LONDON)
    assert [entry.title for entry in found.events] == ["Controller became aware"]
    assert ("72 hours end", None, "Mon 23 Nov 2026, 16:45 GMT") in read(found.clock)
    assert ("Finding", "Suspected breach", "Personal data breach") in read(found.row)
    assert "Decide whether the regulator is notified" in {act.what for act in found.asked}
    assert "Tell the Data Protection Lead" in {act.what for act in found.met}


def test_from_nothing_everything_is_new() -> None:
    """The first event has no moment before it."""
    found = changes(None, up_to(1))
    assert (found.from_version, found.to_version, len(found.events)) == (0, 1, 1)
    assert read(found.steps) == {("Discover", "Not started", "Under way")}
    assert {each.was for each in found.row} == {None}
    assert found.met == ()


def test_an_act_that_is_due_at_another_time_is_named_with_both() -> None:
    """A corrected awareness moves the deadline of what is asked for."""
    before = a_breach().after(ONE_HOUR)
    fields = {"aware_at": FRIDAY_4PM - ONE_HOUR, "reason": "A parent had telephoned before"}
    corrected = before.when("correct_awareness", Role.DPO, **fields).then_one()
    found = changes(before.case, corrected.case)
    moved = ("Mon 23 Nov 2026, 16:00 UTC", "Mon 23 Nov 2026, 15:00 UTC")
    assert ("Decide whether the regulator is notified", *moved) in read(found.due)
    assert ("72 hours end", *moved) in read(found.clock)


def test_two_times_within_one_minute_are_told_apart() -> None:
    """What differs never reads the same."""
    reason = "By the telephone's own list"
    first = {"aware_at": FRIDAY_4PM - 2 * ONE_SECOND, "reason": reason}
    before = a_breach().after(ONE_HOUR).when("correct_awareness", Role.DPO, **first).then_one()
    corrected = before.when("correct_awareness", Role.DPO, aware_at=FRIDAY_4PM - ONE_SECOND, reason=reason).then_one()
    aware = next(each for each in changes(before.case, corrected.case).row if each.what == "School aware")
    assert (aware.was, aware.now) == ("2026-11-20T15:59:58+00:00", "2026-11-20T15:59:59+00:00")


NOTIFY = {"notify_regulator": True, "reasons": "It is owed"}
MORE = {"reasons_incomplete": "Not all is known", "further_information_expected_at": FRIDAY_4PM + 9 * ONE_DAY}


@pytest.mark.parametrize(
    ("story", "state"),
    [
        (a_suspicion(), ClockState.NONE),
        (a_suspicion().when("record_near_miss", what_prevented_it="It was encrypted"), ClockState.NEAR_MISS),
        (a_suspicion().when("find_not_a_breach", reason="It held nothing personal"), ClockState.NO_BREACH),
        (a_breach(), ClockState.RUNS),
        (a_breach().when("decide_notification", Role.HEAD, **NOTIFY), ClockState.RUNS),
        (
            a_breach().when("decide_notification", Role.HEAD, **NOTIFY).when("submit_report", Role.DPO, **MORE),
            ClockState.REPORTED,
        ),
        (
            a_breach()
            .when("assess_risk", Role.DPO, level="unlikely", reasons="It was encrypted")
            .when("decide_notification", Role.HEAD, notify_regulator=False, reasons="A risk is unlikely"),
            ClockState.NOT_OWED,
        ),
    ],
    ids=lambda each: each.name.lower() if isinstance(each, ClockState) else "story",
)
def test_the_clock_says_whether_it_runs_and_why_not(story: Story, state: ClockState) -> None:
    """Each of its states, in a sentence."""
    assert story.refusal is None
    clock = clock_at(story.case, story.now)
    assert clock.state is state
    assert (clock.left is not None) == (state is ClockState.RUNS)
    assert state.endswith(".")


def test_the_time_left_is_that_of_the_moment() -> None:
    """And negative once the deadline passed."""
    breach = a_breach().case
    assert breach.breach is not None
    assert clock_at(breach, FRIDAY_4PM + ONE_DAY).left == 2 * ONE_DAY
    assert clock_at(breach, breach.breach.deadline + ONE_HOUR).left == -ONE_HOUR


def test_how_long_it_took_to_write_down_is_said() -> None:
    """Later, at once, without a time of its own, or of a time that was still to come."""
    entries = {entry.version: entry for entry in timeline(closed_incident())}
    assert lag(entries[1]) == "It was recorded 7 minutes later."
    assert lag(entries[5]) == "It was recorded when it was so."
    assert lag(entries[8]) == "It is taken to have been so when it was recorded."
    early = entries[1].model_copy(update={"happened_at": entries[1].recorded_at + timedelta(hours=2)})
    assert lag(early) == "It was recorded 2 hours before that time came."


def test_a_row_is_told_in_the_headings_of_the_breach_log() -> None:
    """Every field but those that name the row, and in the same words as on paper."""
    assert ROW.keys() == LogEntry.model_fields.keys() - {"ref", "school", "version"}
    assert set(ROW.values()) - {column.heading for column in COLUMNS} == {"When it happened", "Cyber incident"}


def test_every_event_says_in_words_what_it_holds() -> None:
    """No key of a closed list, no moment in UTC and no document of a report stands in it."""
    for event in LIFE:
        for name, words in fields_in_words(event.fact, LONDON):
            assert name
            assert "+00:00" not in words
            assert len(words) < 1000
    aware = dict(fields_in_words(LIFE[3].fact, LONDON))
    assert aware["Aware"] == "Fri 20 Nov 2026, 16:45 GMT"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, None),
        ((), None),
        (Span(), None),
        (True, "Yes"),
        (Role.DPO, "Data Protection Officer"),
        (AWARE_AT, "Fri 20 Nov 2026, 16:45 GMT"),
        (datetime(2026, 7, 1, 9, 0, tzinfo=UTC).date(), "1 July 2026"),
        (1234, "1,234"),
        (("one", "two"), "One\nTwo"),
    ],
)
def test_a_value_reads_as_people_write_it(value: object, words: str | None) -> None:
    """None where it says nothing."""
    assert in_words(value, LONDON) == words
