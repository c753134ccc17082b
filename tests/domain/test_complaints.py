"""Complaints about a breach: 30 days to acknowledge, with a roll of their own (DPA 2018 s. 164A)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.complaints import complaints
from domain.deadlines import acknowledgement_deadline
from domain.errors import AnsweredAlready, BeforeTheComplaint, IncidentIsClosed, NoSuchComplaint, StillOutstanding
from domain.escalation import plan
from domain.events.complain import ComplaintAcknowledged, ComplaintAnswered, ComplaintReceived
from domain.events.review import IncidentReopened
from domain.obligations import outstanding
from domain.policy import Policy
from domain.roles import Role
from domain.steps import Step
from tests.domain.test_steps import reviewed
from tests.given import FRIDAY_4PM, ONE_DAY, ONE_HOUR, ONE_SECOND, Story, a_breach

LONDON = ZoneInfo("Europe/London")
BEFORE = FRIDAY_4PM + 30 * ONE_DAY
QUIET = Policy(standstill=dict.fromkeys(Step, 24 * 365))


def a_complaint(story: Story | None = None) -> Story:
    """A parent complained on Friday at four."""
    fields = {"people": "parents_and_carers", "about": "Nobody told us", "acknowledge_before": BEFORE}
    return (story or a_breach()).when("record_complaint", Role.STAFF, **fields)


@pytest.mark.parametrize(
    ("received", "holidays", "last_day"),
    [
        (datetime(2025, 6, 5, 10, tzinfo=UTC), (), date(2025, 7, 7)),
        (datetime(2026, 6, 24, 10, tzinfo=UTC), (), date(2026, 7, 24)),
        (datetime(2026, 11, 25, 12, tzinfo=UTC), (date(2026, 12, 25), date(2026, 12, 28)), date(2026, 12, 29)),
        (datetime(2027, 2, 24, 12, tzinfo=UTC), (date(2027, 3, 26), date(2027, 3, 29)), date(2027, 3, 30)),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), (), date(2026, 7, 31)),
    ],
    ids=["the ICO's example rolls from Saturday to Monday", "a Friday stays", "Christmas rolls on", "so does Easter",
         "half past eleven at night in UTC is the next day in a London summer"],
)  # fmt: skip
def test_the_thirty_days_end_with_a_working_day(received: datetime, holidays: tuple[date, ...], last_day: date) -> None:
    """Day 1 is the day after receipt; a last day that is no working day moves on, as the 72 hours never do."""
    end = acknowledgement_deadline(received, LONDON, holidays)
    assert end.astimezone(LONDON) == datetime(last_day.year, last_day.month, last_day.day, tzinfo=LONDON) + ONE_DAY
    assert (end - ONE_SECOND).astimezone(LONDON).date() == last_day


def test_a_complaint_is_numbered_acknowledged_and_answered() -> None:
    """Each has its own duty until it is done, and the acknowledgement was in time until its day ends."""
    story = a_complaint()
    story.then_kinds(ComplaintReceived)
    asked = {each.command: each.due_at for each in outstanding(story.case)}
    assert asked["acknowledge_complaint"] == BEFORE
    assert "answer_complaint" in asked
    in_time = story.at(BEFORE - ONE_SECOND).when("acknowledge_complaint", number=1).then_kinds(ComplaintAcknowledged)
    assert complaints(in_time.case)[0].in_time is True
    late = story.at(BEFORE).when("acknowledge_complaint", number=1)
    assert complaints(late.case)[0].in_time is False
    done = in_time.when("answer_complaint", number=1, outcome="upheld", detail="We should have told you")
    done.then_kinds(ComplaintAnswered)
    assert not {"acknowledge_complaint", "answer_complaint"} & {each.command for each in outstanding(done.case)}
    assert len(complaints(done.when("record_complaint", people="staff", about="And us?").case)) == 2


def test_the_same_complaint_is_one_complaint() -> None:
    """Told twice, it is recorded once; answered twice in the same words, it is answered once."""
    story = a_complaint(a_complaint())
    story.then_nothing_happens()
    answer = {"number": 1, "outcome": "not_upheld", "detail": "You were told"}
    story = story.when("answer_complaint", **answer).then_one().when("answer_complaint", **answer)
    story.then_nothing_happens()
    story.when("answer_complaint", **{**answer, "outcome": "upheld"}).then_refused(AnsweredAlready)


def test_what_cannot_be_is_refused() -> None:
    """No such complaint; and none is acknowledged before it came."""
    a_breach().when("acknowledge_complaint", number=1).then_refused(NoSuchComplaint, "number 1")
    story = a_complaint().after(ONE_DAY)
    story.when("acknowledge_complaint", number=1, acknowledged_at=FRIDAY_4PM - ONE_HOUR).then_refused(
        BeforeTheComplaint
    )


def test_a_complaint_about_a_closed_incident_reopens_it() -> None:
    """Its clock needs somebody who watches."""
    closed = reviewed().when("close_incident", summary="Done").then_one()
    closed.when("adopt_measure", item="x", measure="x", owner="x", due_on=date(2027, 1, 1)).then_refused(
        IncidentIsClosed
    )
    reopened = a_complaint(closed)
    reopened.then_kinds(IncidentReopened, ComplaintReceived)
    assert not reopened.case.closed
    reopened.when("close_incident", summary="Done").then_refused(StillOutstanding, "Acknowledge complaint 1")


def test_the_engine_chases_an_acknowledgement_and_escalates_when_the_days_are_over() -> None:
    """Fourteen, five and one day before, and at the end to the chair; nothing once it is acknowledged."""
    story = a_complaint()

    def due(days: float) -> set[str]:
        found = plan(story.case, QUIET, BEFORE + timedelta(days=days))
        return {name for each in found.alarms for name in (each.name, *each.stands_for) if "complaint" in each.name}

    assert due(-14.1) == set()
    assert due(-14) == {"complaint.1.14d.dpl", "complaint.1.14d.dpo"}
    assert "complaint.1.missed.chair" in due(0)
    assert "complaint.1.missed.chair" not in due(-0.001)
    story = story.when("acknowledge_complaint", number=1)
    assert due(1) == set()


def test_where_that_law_does_not_hold_no_period_runs() -> None:
    """A complaint is still answered."""
    story = a_breach().when("record_complaint", people="pupils", about="My file").then_one()
    assert [each.due_at for each in outstanding(story.case) if each.command == "acknowledge_complaint"] == [None]
    assert complaints(story.when("acknowledge_complaint", number=1).case)[0].in_time is None
