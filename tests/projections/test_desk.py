"""What the desk says of an incident: what is due, what is asked for, of whom, and where that is in the day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deadlines import notification_deadline
from domain.obligations import outstanding
from domain.roles import Role
from projections.breach_log import Finding, log_entry
from projections.desk import ACTS_SHOWN, HEADLINE, desk_entry, desk_row, headline, when_due
from projections.open_clocks import open_clock
from tests.examples import AWARE_AT, LEAD, at, classcharts, classcharts_as_at, closed_incident, replayed, suspicion

LONDON, AMSTERDAM, AUCKLAND = (
    ZoneInfo(f"{name}") for name in ("Europe/London", "Europe/Amsterdam", "Pacific/Auckland")
)
CASE = classcharts()
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("length", range(1, len(CASE) + 1))
def test_a_row_agrees_with_the_log_and_the_clocks_at_every_moment(length: int) -> None:
    """It only says more briefly what they say."""
    incident = replayed(CASE[:length])
    row, logged, clock = desk_row(incident), log_entry(incident), open_clock(incident)
    assert (row.finding, row.status, row.aware_at) == (logged.finding, logged.status, logged.aware_at)
    assert row.closed == (clock is None)
    assert desk_entry(incident, logged).row() == row
    if clock is None:
        return
    assert row.acts == clock.acts[:ACTS_SHOWN]
    assert len(row.acts) + row.other_acts == len(clock.acts)
    assert (row.deadline, row.missed, row.steps) == (clock.deadline, clock.missed, clock.steps)
    dates = [act.due_at for act in clock.acts if act.due_at]
    assert row.next_due_at == (clock.deadline or min(dates, default=None))
    assert row.due_act is None or row.due_act.due_at == row.next_due_at


def test_while_the_clock_runs_its_deadline_is_what_is_due_next() -> None:
    """Also where something else is due before it: that is asked for in its own place."""
    case = suspicion().do(AWARE_AT, LEAD, "confirm_breach", basis="It was seen")
    case.do(AWARE_AT, LEAD, "plan_containment", item="calls", action="relevant_staff_alerted", due_at=at(21, "09:00"))
    row = desk_row(case.incident)
    assert any(act.due_at == at(21, "09:00") for act in outstanding(case.incident))
    assert row.deadline == row.next_due_at == at(23, "16:45")
    assert row.due_act
    assert row.due_act.command == "decide_notification"
    assert row.due_act not in row.acts


def test_without_a_clock_the_earliest_date_of_an_act_is_due_next() -> None:
    """After the report, the date at which its missing part was promised; then the measures, one after the other."""
    assert desk_row(classcharts_as_at(at(23, "12:00"))).next_due_at == at(4, "16:00", month=12)
    measures = desk_row(classcharts_as_at(at(8, "16:00", month=12)))
    assert measures.deadline is None
    assert measures.next_due_at == datetime(2026, 12, 18, 23, 59, 59, 999999, UTC)
    later = desk_row(classcharts_as_at(at(16, "12:00", month=12)))
    assert later.next_due_at == datetime(2027, 1, 29, 23, 59, 59, 999999, UTC)


def test_a_suspicion_is_due_when_the_72_hours_would_end() -> None:
    """No clock runs yet, and it may prove to have begun with the first signal (Art. 33(1))."""
    incident = suspicion().incident
    row = desk_row(incident)
    assert (row.finding, row.deadline) == (Finding.SUSPECTED, None)
    assert row.next_due_at == notification_deadline(incident.first_signal_at or incident.reported_at)
    assert row.due_act == row.acts[0]
    assert row.acts[0].command == "confirm_breach"


def test_a_closed_incident_asks_nothing_of_anybody() -> None:
    """It stays on the desk for whoever looks for it."""
    row = desk_row(closed_incident())
    assert row.closed
    assert (row.status, row.step, row.acts, row.other_acts, row.who) == ("closed", None, (), 0, ())
    assert row.next_due_at is None


def test_everybody_who_is_asked_is_named_whether_the_act_is_shown_or_not() -> None:
    """The chair is asked for a decision far down the list."""
    incident = classcharts_as_at(at(20, "17:30"))
    row = desk_row(incident)
    assert Role.CHAIR in row.who
    assert all(Role.CHAIR not in act.who for act in row.acts)
    assert set(row.who) == {role for each in outstanding(incident) for role in each.who}
    assert list(row.who) == [role for role in Role if role in row.who]


def test_the_closing_asks_nobody_before_it_alone_is_left() -> None:
    """It would be refused."""
    last = replayed(CASE[:-1])
    entry = desk_entry(last, log_entry(last))
    (closing,) = entry.clock.acts
    assert closing.command == "close_incident"
    assert entry.who == (Role.LEAD, Role.DPO)
    meeting = closing.model_copy(update={"command": "report_to_governors", "who": (Role.CHAIR,)})
    both = entry.model_copy(update={"clock": entry.clock.model_copy(update={"acts": (meeting, closing)})})
    assert both.who == (Role.CHAIR,)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("  A stick\n is   missing ", "A stick is missing"),
        ("x" * 200, f"{'x' * HEADLINE}…"),
        ("a " * 39 + "aa", "a " * 39 + "aa"),
        ("word " * 16 + "end", f"{'word ' * 15}word…"),
        ("A list, of pupils, " * 5, "A list, of pupils, A list, of pupils, A list, of pupils, A list, of pupils, A…"),
    ],
)
def test_a_headline_is_one_line_cut_at_a_word(text: str, shown: str) -> None:
    """Of eighty characters at most, and a mark that there is more."""
    assert headline(text) == shown


@given(st.text(max_size=400))
def test_a_headline_is_short_and_says_nothing_new(text: str) -> None:
    """Whatever was typed."""
    shown = headline(text)
    assert len(shown) <= HEADLINE + 1
    assert "\n" not in shown
    assert " ".join(text.split()).startswith(shown.removesuffix("…"))


@pytest.mark.parametrize(
    ("due", "now", "zone", "where"),
    [
        # 23 November in London, as in UTC.
        (at(23, "23:59"), at(23, "08:00"), LONDON, "today"),
        (at(24, "00:00"), at(23, "08:00"), LONDON, "later"),
        (at(24, "00:00"), at(23, "23:59"), LONDON, "later"),
        (at(24, "00:00"), at(24, "00:00"), LONDON, "today"),
        (at(23, "07:59"), at(23, "08:00"), LONDON, "overdue"),
        (at(23, "08:00"), at(23, "08:00"), LONDON, "today"),
        # At 23:00 UTC it is tomorrow in Amsterdam.
        (at(23, "22:59"), at(23, "08:00"), AMSTERDAM, "today"),
        (at(23, "23:00"), at(23, "08:00"), AMSTERDAM, "later"),
        (at(23, "23:30"), at(23, "23:10"), AMSTERDAM, "today"),
        (at(23, "23:30"), at(23, "23:10"), LONDON, "today"),
        # In Auckland it has been tomorrow since 11:00 UTC.
        (at(23, "12:00"), at(23, "08:00"), AUCKLAND, "later"),
        (at(24, "10:59"), at(23, "11:00"), AUCKLAND, "today"),
        # The clocks of London go back on 25 October: that day has 25 hours.
        (at(25, "23:59", month=10), at(24, "23:30", month=10), LONDON, "today"),
        (at(26, "00:00", month=10), at(24, "23:30", month=10), LONDON, "later"),
    ],
)
def test_today_ends_at_the_schools_own_midnight(due: datetime, now: datetime, zone: ZoneInfo, where: str) -> None:
    """What is due at this very moment is due today; a moment later it is overdue."""
    row = desk_row(suspicion().incident).model_copy(update={"next_due_at": due})
    assert when_due(row, now, zone) == where


def test_without_a_date_or_closed_nothing_is_due() -> None:
    """Both have a place of their own."""
    near_miss = suspicion().do(at(20, "17:00"), LEAD, "record_near_miss", what_prevented_it="It was noticed")
    assert when_due(desk_row(near_miss.incident), at(23, "08:00"), LONDON) == "undated"
    assert when_due(desk_row(closed_incident()), at(23, "08:00"), LONDON) == "closed"
