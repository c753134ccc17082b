"""The five steps, what each still asks for, and when an incident may be closed."""

from datetime import timedelta

import pytest

from domain.errors import (
    IncidentIsClosed,
    InTheFuture,
    InvestigationIncomplete,
    ItemNameTaken,
    NoSuchIncident,
    NoSuchMeasure,
    NotClosed,
    StillOutstanding,
)
from domain.events.contain import ContainmentActionTaken
from domain.events.investigate import InvestigationCompleted
from domain.events.review import IncidentClosed, IncidentReopened
from domain.obligations import missing_points, outstanding, progress
from domain.roles import Role
from domain.steps import Progress, Step, current_step
from domain.vocabulary import MessagePoint
from tests.given import FRIDAY_4PM, INVESTIGATION, ONE_DAY, ONE_HOUR, Story, a_breach, a_suspicion, investigated

EVERYTHING = [point.value for point in MessagePoint]
Acts = tuple[tuple[str, Role, dict[str, object]], ...]
UNTIL_CONTAINED: Acts = (
    ("inform_dpo", Role.LEAD, {}),
    ("record_stopped", Role.LEAD, {}),
    ("consider_police", Role.LEAD, {"inform": False, "reason": "No crime"}),
    ("judge_significance", Role.LEAD, {"significant": False, "reason": "Small"}),
)
UNTIL_NOTIFIED: Acts = (
    ("complete_investigation", Role.DPO, {"summary": "Clear"}),
    ("advise", Role.DPO, {"notify_regulator": True, "communicate": True, "risk": "risk", "reasons": "A risk"}),
    ("decide_notification", Role.HEAD, {"notify_regulator": True, "reasons": "Agreed"}),
    ("decide_communication", Role.HEAD, {"communicate": True, "reasons": "Agreed"}),
    ("take_containment", Role.STAFF, {"item": "off", "action": "system_shut_down"}),
    ("submit_report", Role.DPO, {"complete": True}),
    ("tell_data_subjects", Role.LEAD, {"people": "parents_and_carers", "points": EVERYTHING}),
)
UNTIL_REVIEWED: Acts = (
    ("hold_review", Role.LEAD, {"causes": "Haste", "effectiveness": "Good"}),
    ("review_procedure", Role.LEAD, {"changed": False, "detail": "It served"}),
    ("report_to_senior_leadership", Role.HEAD, {"meeting_on": FRIDAY_4PM.date().isoformat()}),
    ("report_to_governors", Role.CHAIR, {"meeting_on": FRIDAY_4PM.date().isoformat()}),
)


def play(story: Story, *acts: tuple[str, Role, dict[str, object]]) -> Story:
    """Each act in turn, none refused."""
    for command, role, fields in acts:
        story = story.when(command, role, **fields)
        assert story.refusal is None, f"{command}: {story.refusal}"
    return story


def reviewed() -> Story:
    """Everything but closing."""
    return play(investigated(play(a_breach(), *UNTIL_CONTAINED)), *UNTIL_NOTIFIED, *UNTIL_REVIEWED)


def test_an_incident_begins_in_discover() -> None:
    """A suspicion asks to be confirmed or dismissed, and for the lead and the DPO to be told."""
    story = a_suspicion()
    assert progress(story.case)[Step.DISCOVER] is Progress.UNDER_WAY
    assert all(progress(story.case)[step] is Progress.NOT_STARTED for step in Step if step is not Step.DISCOVER)
    assert {"confirm_breach", "inform_lead", "inform_dpo"} <= {each.command for each in outstanding(story.case)}


def test_the_steps_are_tracks_and_the_current_one_is_the_first_not_done() -> None:
    """People may be told during containment; the report may be sent before the investigation ends."""
    story = play(a_breach(), ("describe_cause", Role.HEAD, {"cause": "hacking"}))
    steps = progress(story.case)
    assert steps[Step.INVESTIGATE] is Progress.UNDER_WAY
    assert steps[Step.CONTAIN] is Progress.NOT_STARTED
    assert current_step(steps) is Step.DISCOVER
    assert current_step(progress(play(story, ("inform_dpo", Role.LEAD, {})).case)) is Step.CONTAIN


def test_each_step_is_done_when_it_asks_for_nothing_more() -> None:
    """One after the other, to the end."""
    story = play(a_breach(), *UNTIL_CONTAINED)
    assert current_step(progress(story.case)) is Step.INVESTIGATE
    story = play(investigated(story), *UNTIL_NOTIFIED)
    assert current_step(progress(story.case)) is Step.REVIEW
    story = play(story, *UNTIL_REVIEWED).when("close_incident", summary="Done").then(IncidentClosed(summary="Done"))
    assert current_step(progress(story.case)) is None
    assert outstanding(story.case) == ()


@pytest.mark.parametrize("left_out", range(len(INVESTIGATION) - 2), ids=[each[0] for each in INVESTIGATION[:-2]])
def test_an_investigation_is_complete_when_every_point_was_looked_at(left_out: int) -> None:
    """Each of the procedure's points is asked for by name."""
    story = a_breach()
    for number, (command, fields) in enumerate(INVESTIGATION):
        if number != left_out:
            story = story.when(command, Role.DPO, **fields)
    point = missing_points(story.case)[0]
    story.when("complete_investigation", Role.DPO, summary="Enough").then_refused(InvestigationIncomplete, point)
    investigated(story).when("complete_investigation", Role.DPO, summary="Enough").then_kinds(InvestigationCompleted)


def test_a_type_of_data_without_its_sensitivity_is_not_enough() -> None:
    """Sensitivity is a point of its own."""
    story = a_breach().when("describe_data", Role.DPO, kinds=["health"])
    assert "its sensitivity" in missing_points(story.case)
    assert "the type of data" not in missing_points(story.case)


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("describe_data", {"kinds": ["not_yet_known"], "sensitivity": "?"}),
        ("describe_people", {"groups": [{"people": "not_yet_known"}]}),
        ("describe_protections", {}),
        ("describe_effects", {}),
        ("consider_misuse", {"possible": "unknown"}),
    ],
)
def test_not_yet_known_is_no_answer_to_a_point(command: str, fields: dict[str, object]) -> None:
    """An investigation is not complete with everything unknown."""
    story = investigated(a_breach()).when(command, Role.DPO, **fields).then_one()
    story.when("complete_investigation", Role.DPO, summary="Enough").then_refused(InvestigationIncomplete)


def test_closing_is_refused_while_something_is_asked_for() -> None:
    """Each open thing is named in one sentence."""
    a_breach().when("close_incident", summary="Enough").then_refused(
        StillOutstanding, "Decide whether the regulator is notified", "Review the causes and the response"
    )


def test_an_open_measure_keeps_an_incident_open() -> None:
    """It is closed when its measures are done."""
    fields = {"item": "locks", "measure": "New locks", "owner": "Site manager", "due_on": "2026-12-01"}
    story = reviewed().when("adopt_measure", **fields).then_one()
    story.when("close_incident", summary="Done").then_refused(StillOutstanding, "locks")
    story.when("complete_measure", item="locks").when("close_incident", summary="Done").then_one()


def test_a_systemic_problem_needs_an_action_plan() -> None:
    """Appendix 2 says that it must be drawn up."""
    story = play(investigated(play(a_breach(), *UNTIL_CONTAINED)), *UNTIL_NOTIFIED)
    story = story.when("hold_review", causes="Habit", effectiveness="Poor", systemic=True)
    assert "adopt_measure" in {each.command for each in outstanding(story.case)}


def test_a_near_miss_is_closed_without_a_notification() -> None:
    """Nothing is asked for but closing it."""
    story = a_suspicion(nature="near_miss").when("record_near_miss", what_prevented_it="Noticed in time")
    assert [each.command for each in outstanding(story.case)] == ["close_incident"]
    story.when("close_incident", summary="Learnt").then_one()


def test_a_closed_incident_is_reopened_with_a_reason() -> None:
    """Notes and the regulator's answers may still be added; anything else asks for reopening first."""
    story = reviewed().when("close_incident", summary="Done")
    story.when("close_incident", summary="Done again").then_nothing_happens()
    story.when("describe_cause", cause="hacking").then_refused(IncidentIsClosed)
    story.when("record_answer", Role.DPO, answer="No further action").then_one()
    story = story.when("reopen_incident", reason="A second stick").then(IncidentReopened(reason="A second stick"))
    story.when("describe_cause", cause="hacking").then_one()
    story.when("reopen_incident", reason="Again").then_refused(NotClosed)


def test_a_planned_action_holds_containment_open_until_it_is_taken() -> None:
    """Planning and taking are tied together by the action's name."""
    story = play(a_breach(), *UNTIL_CONTAINED).when(
        "plan_containment", item="codes", action="passwords_or_entry_codes_changed"
    )
    assert current_step(progress(story.case)) is Step.CONTAIN
    story = story.when("take_containment", item="codes", action="passwords_or_entry_codes_changed")
    story.then_kinds(ContainmentActionTaken)
    assert current_step(progress(story.case)) is Step.INVESTIGATE


def test_the_name_of_an_action_is_used_once() -> None:
    """A repeat is nothing new; another action under that name is refused."""
    plan = {"item": "codes", "action": "passwords_or_entry_codes_changed"}
    story = a_breach().when("plan_containment", **plan).then_one()
    story.when("plan_containment", **plan).then_nothing_happens()
    story.when("plan_containment", item="codes", action="other").then_refused(ItemNameTaken)
    story.when("take_containment", item="codes", action="other").then_refused(ItemNameTaken)
    taken = story.when("take_containment", **plan).then_one()
    taken.when("take_containment", **plan).then_nothing_happens()


def test_telling_the_police_brings_in_legal_advice() -> None:
    """Appendix 2, step 4."""
    story = a_breach().when("consider_police", inform=True, reason="Theft")
    assert {"inform_police", "record_legal_advice"} <= {each.command for each in outstanding(story.case)}
    story = story.when("inform_police", crime_reference="A number").when(
        "record_legal_advice", adviser="The school's solicitor", advice="Say nothing yet"
    )
    assert not {"inform_police", "record_legal_advice"} & {each.command for each in outstanding(story.case)}


def test_a_significant_breach_asks_for_the_chair() -> None:
    """Appendix 2, step 3; the chair's own act shows that the chair knows."""
    story = a_breach().when("judge_significance", significant=True, reason="Many pupils")
    assert "inform_chair" in {each.command for each in outstanding(story.case)}
    told = story.when("inform_chair").then_one()
    assert "inform_chair" not in {each.command for each in outstanding(told.case)}


def test_a_meeting_in_the_future_cannot_be_recorded() -> None:
    """A breach is reported to a meeting once it has taken place."""
    tomorrow = (FRIDAY_4PM + 2 * ONE_DAY).date()
    reviewed().when("report_to_governors", Role.CHAIR, meeting_on=tomorrow).then_refused(InTheFuture)


def test_an_unknown_measure_cannot_be_completed() -> None:
    """A completed one can be completed again, which changes nothing."""
    fields = {"item": "locks", "measure": "New locks", "owner": "Site manager", "due_on": "2026-12-01"}
    a_breach().when("complete_measure", item="locks").then_refused(NoSuchMeasure)
    story = a_breach().when("adopt_measure", **fields).when("complete_measure", item="locks").then_one()
    story.after(ONE_HOUR).when("complete_measure", item="locks").then_nothing_happens()


def test_nothing_can_be_done_to_an_incident_that_does_not_exist() -> None:
    """Only a report begins one."""
    Story().when("confirm_breach").then_refused(NoSuchIncident)


def test_a_measure_far_away_does_not_look_like_neglect() -> None:
    """Its due date is on the obligation."""
    due = (FRIDAY_4PM + timedelta(days=60)).date()
    story = a_breach().when("adopt_measure", item="locks", measure="New locks", owner="Site manager", due_on=due)
    obligation = next(each for each in outstanding(story.case) if each.command == "complete_measure")
    assert obligation.due_at is not None
    assert obligation.due_at.date() == due
