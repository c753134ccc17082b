"""Every fact in the words that people read: nothing that was recorded is left out, and no key shows its underscores."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.escalation import plan
from domain.events import IncidentFact
from domain.personal import ERASED
from domain.policy import Policy
from projections.clock_faces import ClockState, clock_face, time_left
from projections.fact_words import alarm_in_words, bytes_in_words, said
from projections.known_so_far import known_so_far
from tests.adapters.facts import any_fact
from tests.examples import AWARE_AT, classcharts, replayed, with_every_text
from tests.given import FRIDAY_4PM, ONE_HOUR, ONE_SECOND, a_breach

LONDON = ZoneInfo("Europe/London")
FACT: TypeAdapter[IncidentFact] = TypeAdapter(IncidentFact)
CANARY = "Canary_of Nobody"


@settings(deadline=None)
@given(st.one_of(*any_fact(st.just(CANARY), filled=True).values()))
def test_every_fact_can_be_read(given_fact: object) -> None:
    """With a name and a text for every field, and what was typed as it was typed."""
    fact = FACT.validate_python(given_fact)
    rows = said(fact, LONDON)
    assert all(name and text for name, text in rows)
    assert not any("_" in name for name, _ in rows)
    assert (CANARY in str(rows)) == (CANARY in str(fact))


def test_an_erased_text_says_so() -> None:
    """Every text of a whole life, in the timeline and in what is known."""
    events = with_every_text(classcharts(), ERASED)
    shown = [said(event.fact, LONDON) for event in events]
    known = known_so_far(replayed(events), LONDON)
    assert ERASED not in f"{shown} {known}"
    assert "Erased" in str(shown)
    assert "Erased" in str(known)


def test_every_text_of_a_whole_life_is_known() -> None:
    """What a later description replaced is in the timeline alone; the letter and what was decided stand elsewhere."""
    known = str(known_so_far(replayed(classcharts()), LONDON))
    for text in ("A parent telephoned", "ClassCharts", "Parents' access", "About 430", "Pupils: 212", "Supplier fault"):
        assert text in known
    for text in ("IC-000000-X0X0", "Local authority", "School business manager", "10 December 2026"):
        assert text in known


def test_every_alarm_of_a_breach_has_words_of_its_own() -> None:
    """As the plan of a breach names them, over its first weeks."""
    incident = a_breach().incident
    assert incident is not None
    names = {
        alarm.name
        for hours in range(0, 1000, 6)
        for alarm in plan(incident, Policy(), FRIDAY_4PM + timedelta(hours=hours)).alarms
    }
    names |= {"measure.7.7d.dpl", "measure.7.overdue.chair", "complaint.2.5d.dpo", "complaint.2.missed.chair"}
    names |= {"significant.chair", "reported.dpo", "undelivered.significant.chair.dpl", "clock.undecided.6h.chair"}
    assert len(names) > 12
    assert all(alarm_in_words(name) != name for name in names)


@pytest.mark.parametrize(
    ("size", "words"), [(1, "1 byte"), (999, "999 bytes"), (3_400, "3 KB"), (20 * 1024 * 1024, "21.0 MB")]
)
def test_sizes_are_read_at_a_glance(size: int, words: str) -> None:
    """In units of a thousand."""
    assert bytes_in_words(size) == words


def test_the_time_left_is_counted_down_in_whole_minutes() -> None:
    """As the page's own script counts it."""
    assert time_left(AWARE_AT + ONE_HOUR, AWARE_AT) == "1 hour left"
    assert time_left(AWARE_AT + ONE_HOUR, AWARE_AT + ONE_SECOND) == "59 minutes left"
    assert time_left(AWARE_AT, AWARE_AT) == "0 minutes left"
    assert time_left(AWARE_AT, AWARE_AT + 61 * ONE_HOUR) == "passed 61 hours ago"


def test_the_clock_passes_at_its_last_second() -> None:
    """At the deadline itself a report is still in time."""
    incident = a_breach().incident
    assert incident is not None
    assert incident.breach is not None
    deadline = incident.breach.deadline
    assert clock_face(incident, deadline).state is ClockState.RUNNING
    assert clock_face(incident, deadline + ONE_SECOND).state is ClockState.MISSED
