"""A measure falls due and is chased; bank details ask for the banks; training and opinions are the school's own."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from domain.commands import any_command
from domain.errors import InTheFuture, NotYourRole
from domain.escalation import plan
from domain.events.school import OpinionGiven, TrainingRecorded
from domain.obligations import outstanding
from domain.policy import Policy
from domain.roles import Role
from domain.school_record import decide_school
from domain.steps import Step
from tests.given import FRIDAY_4PM, ONE_DAY, ONE_SECOND, Story, a_breach, actor, recorded

QUIET = Policy(standstill=dict.fromkeys(Step, 24 * 365))
DUE = date(2026, 12, 20)
MIDNIGHT = FRIDAY_4PM.replace(month=12, day=20, hour=0)


def adopted() -> Story:
    """A measure that falls due in a month."""
    return a_breach().when("adopt_measure", item="locks", measure="New locks", owner="Site manager", due_on=DUE)


def chased(story: Story, after: timedelta) -> set[str]:
    """What the engine would send about measures, that much after the day began."""
    found = plan(story.case, QUIET, MIDNIGHT + after)
    return {name for each in found.alarms for name in (each.name, *each.stands_for) if "measure" in each.name}


def test_a_measure_is_chased_before_and_on_its_day_and_escalated_when_it_stays_undone() -> None:
    """A week before, on the day, and two weeks after, to the chair."""
    story = adopted()
    assert chased(story, -7 * ONE_DAY - ONE_SECOND) == set()
    assert chased(story, -7 * ONE_DAY) == {"measure.3.7d.dpl"}
    assert chased(story, timedelta(0)) == {"measure.3.7d.dpl", "measure.3.0d.dpl"}
    assert "measure.3.overdue.chair" in chased(story, 14 * ONE_DAY)
    done = story.when("complete_measure", item="locks")
    assert chased(done, 14 * ONE_DAY) == set()


def test_a_measure_with_a_new_date_is_chased_anew() -> None:
    """The alarm belongs to the date, so the earlier one falls silent and a later one rings."""
    later = adopted().when(
        "adopt_measure", item="locks", measure="New locks", owner="Site manager", due_on=date(2027, 1, 20)
    )
    assert chased(later, timedelta(0)) == set()
    assert chased(later, 31 * ONE_DAY) == {"measure.4.7d.dpl", "measure.4.0d.dpl"}


def test_nobody_is_reminded_of_a_date_before_the_measure_was_adopted() -> None:
    """A measure for the day after tomorrow is not chased at the moment of its adoption."""
    story = a_breach().when("adopt_measure", item="x", measure="x", owner="x", due_on=date(2026, 11, 22))
    assert not {each.name for each in plan(story.case, QUIET, FRIDAY_4PM).alarms if "measure" in each.name}


def test_bank_details_ask_for_the_banks() -> None:
    """Appendix 2, step 5; met by asking them, or by the finding that misuse is not possible."""

    def asked(story: Story) -> bool:
        return any("banks" in each.what for each in outstanding(story.case))

    story = a_breach().when("describe_data", Role.DPO, kinds=["economic_and_financial"], sensitivity="High")
    assert asked(story)
    assert not asked(story.when("take_containment", item="bank", action="banks_contacted"))
    assert not asked(story.when("tell_other_body", body="bank"))
    assert not asked(story.when("consider_misuse", Role.DPO, possible="no"))
    assert not asked(a_breach().when("describe_data", Role.DPO, kinds=["health"], sensitivity="High"))


def test_training_is_recorded_of_the_school() -> None:
    """Once for the same figures; never more trained than there are, never ahead of its day."""
    command = any_command("record_training", {"on": "2026-11-20", "group": "staff", "in_post": 40, "trained": 31})
    (fact,) = decide_school(command, (), actor(Role.LEAD), FRIDAY_4PM)  # type: ignore[arg-type]
    assert isinstance(fact, TrainingRecorded)
    history = (recorded(fact, 1, FRIDAY_4PM, actor(Role.LEAD)),)
    assert decide_school(command, history, actor(Role.LEAD), FRIDAY_4PM) == ()  # type: ignore[arg-type]
    with pytest.raises(InTheFuture):
        decide_school(command, (), actor(Role.LEAD), FRIDAY_4PM - 3 * ONE_DAY)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="more are trained"):
        any_command("record_training", {"on": "2026-11-20", "group": "staff", "in_post": 3, "trained": 4})


def test_the_opinion_is_the_dpos_alone() -> None:
    """Art. 38(3); the headteacher cannot give it."""
    fields = {"begins_on": "2026-09-01", "ends_on": "2026-12-18", "opinion": "Suppliers are the weak point."}
    command = any_command("give_opinion", fields)
    (fact,) = decide_school(command, (), actor(Role.DPO), FRIDAY_4PM)  # type: ignore[arg-type]
    assert isinstance(fact, OpinionGiven)
    with pytest.raises(NotYourRole, match="Data Protection Officer"):
        decide_school(command, (), actor(Role.HEAD), FRIDAY_4PM)  # type: ignore[arg-type]
