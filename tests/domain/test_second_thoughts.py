"""When something new is known, or an act is reversed: nothing that the law asks for falls silent."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.commands import command_named
from domain.errors import (
    AdviserCannotDecide,
    BeforeItHappened,
    DeciderCannotAdvise,
    DecideWithTheReport,
    DiscoveredBeforeItHappened,
    DueInThePast,
    ExpectedBeforeTheReport,
    IncidentIsClosed,
    NotEncrypted,
    NothingToComplete,
    NotifiedBeforeAware,
    NotYourRole,
    OutOfOrder,
    RiskNotAssessed,
)
from domain.escalation import plan
from domain.events.discover import AwarenessCorrected
from domain.obligations import outstanding
from domain.policy import Policy
from domain.roles import Role
from domain.steps import Step
from projections.breach_log import log_entry
from tests.domain.test_steps import EVERYTHING, UNTIL_CONTAINED, UNTIL_NOTIFIED, play, reviewed
from tests.given import FRIDAY_4PM, ONE_DAY, ONE_HOUR, Story, a_breach, a_suspicion, investigated

DEADLINE = FRIDAY_4PM + 3 * ONE_DAY
LATER = {"reasons_incomplete": "More is being looked into", "further_information_expected_at": DEADLINE + 5 * ONE_DAY}
QUIET = Policy(standstill=dict.fromkeys(Step, 24 * 300))


def asked(story: Story) -> set[str]:
    """The commands that would meet what is still asked for."""
    return {obligation.command for obligation in outstanding(story.case)}


def alarms(story: Story, hours: float) -> list[str]:
    """What the engine would send so many hours after Friday four o'clock."""
    found = plan(story.case, QUIET, FRIDAY_4PM + timedelta(hours=hours)).alarms
    return [alarm.name for alarm in found if alarm.family != "reported"]


def not_notified() -> Story:
    """The risk was unlikely, and the controller decided not to notify."""
    story = a_breach().when("assess_risk", Role.DPO, level="unlikely", reasons="Encrypted")
    return story.when("decide_notification", Role.HEAD, notify_regulator=False, reasons="Unlikely").then_one()


def notified() -> Story:
    """A first report went, with more to follow."""
    story = a_breach().when("decide_notification", Role.HEAD, notify_regulator=True, reasons="Owed")
    return story.after(ONE_HOUR).when("submit_report", Role.DPO, **LATER).then_one()


def test_a_risk_that_rises_in_time_starts_the_clock_again() -> None:
    """The question of notification is open, so reminders and escalation come as if it had never been answered."""
    story = not_notified()
    assert alarms(story, 71) == []
    story = story.after(2 * ONE_HOUR).when("assess_risk", Role.DPO, level="high", reasons="The key was with it")
    assert story.case.clock_runs
    assert "clock.24h.dpo" in alarms(story, 24)
    assert "clock.undecided.6h.chair" in alarms(story, 67)
    assert plan(story.case, QUIET, DEADLINE).rings_at == DEADLINE


def test_a_deadline_at_which_a_decision_was_in_force_was_not_missed() -> None:
    """The risk rose ten days later: a new decision is asked for, and nobody writes that the old one came too late."""
    story = not_notified().after(10 * ONE_DAY).when("assess_risk", Role.DPO, level="high", reasons="New facts")
    assert "decide_notification" in asked(story)
    assert plan(story.case, QUIET, story.now).rings_at is None


def test_a_report_in_time_that_is_withdrawn_later_missed_no_deadline() -> None:
    """Withdrawing is the controller's act and not the clock's."""
    story = notified().after(4 * ONE_DAY).when("withdraw_report", Role.HEAD, reason="No breach after all").then_one()
    assert plan(story.case, QUIET, story.now).rings_at is None
    assert log_entry(story.case).late is False


def test_a_finding_of_no_breach_overturns_the_decisions_before_it() -> None:
    """Confirmed anew, everything is to be decided anew."""
    story = not_notified().when("find_not_a_breach", Role.HEAD, reason="An empty stick").when("confirm_breach")
    assert "decide_notification" in asked(story)
    assert story.case.clock_runs
    again = story.when("decide_notification", Role.HEAD, notify_regulator=False, reasons="Unlikely")
    again.then_one()
    assert not again.case.clock_runs


def test_confirming_anew_does_not_move_awareness_later() -> None:
    """The earliest awareness ever recorded stays the first signal."""
    story = a_breach().when("correct_awareness", aware_at=FRIDAY_4PM - 50 * ONE_HOUR, reason="The office knew")
    story = story.when("find_not_a_breach", Role.HEAD, reason="Empty").when("confirm_breach").then_one()
    assert story.case.breach is not None
    assert story.case.breach.aware_at == FRIDAY_4PM - 50 * ONE_HOUR


def test_a_notice_that_had_come_earlier_asks_for_the_awareness_to_be_corrected() -> None:
    """Recording it afterwards is no way round the reason."""
    notice = {"processor": "A supplier", "message": "A fault", "told_at": FRIDAY_4PM - 48 * ONE_HOUR}
    story = a_breach().when("record_processor_notice", **notice).then_one()
    assert "correct_awareness" in asked(story)
    kept = story.when("correct_awareness", aware_at=FRIDAY_4PM, reason="It lay in a mailbox nobody reads")
    kept.then_kinds(AwarenessCorrected)
    assert "correct_awareness" not in asked(kept)


def test_a_suppliers_own_word_does_not_date_the_first_signal() -> None:
    """When its notice reached the school is for the school to say."""
    notice = {"processor": "A supplier", "message": "A fault", "told_at": FRIDAY_4PM - 900 * ONE_DAY}
    story = a_suspicion().when("record_processor_notice", Role.SUPPLIER, **notice)
    assert story.case.first_signal_at == FRIDAY_4PM


def test_awareness_cannot_be_moved_behind_a_report() -> None:
    """Nobody notified what the school did not know."""
    story = notified().after(5 * ONE_HOUR)
    story.when("correct_awareness", aware_at=FRIDAY_4PM + 2 * ONE_HOUR, reason="Later").then_refused(
        NotifiedBeforeAware
    )


def test_a_report_made_late_by_a_correction_owes_its_reasons() -> None:
    """And they can be given, though the report is complete."""
    story = play(investigated(play(a_breach(), *UNTIL_CONTAINED)), *UNTIL_NOTIFIED[:5]).after(70 * ONE_HOUR)
    story = story.when("submit_report", Role.DPO, complete=True).then_one()
    assert "submit_report" not in asked(story)
    story = story.when("correct_awareness", aware_at=FRIDAY_4PM - 10 * ONE_HOUR, reason="The office knew").then_one()
    assert log_entry(story.case).late is True
    assert "submit_report" in asked(story)
    told = story.after(ONE_HOUR).when(
        "submit_report", Role.DPO, complete=True, reasons_for_delay="The office did not pass it on"
    )
    told.then_one()
    assert "submit_report" not in asked(told)
    assert log_entry(told.case).reasons_for_delay == "The office did not pass it on"


def test_a_report_that_stands_is_withdrawn_before_it_is_decided_not_to_notify() -> None:
    """Otherwise its follow-up and the governors would be forgotten."""
    story = notified().when("assess_risk", Role.DPO, level="unlikely", reasons="Found unread")
    story.when("decide_notification", Role.HEAD, notify_regulator=False, reasons="Unlikely").then_refused(
        DecideWithTheReport
    )


def test_something_new_after_a_complete_report_may_be_reported() -> None:
    """Art. 33(4) has no end while facts come in."""
    story = play(investigated(play(a_breach(), *UNTIL_CONTAINED)), *UNTIL_NOTIFIED)
    people = [{"people": "pupils", "number": {"certainty": "exact", "number": 5000}}]
    story = story.after(ONE_HOUR).when("describe_people", Role.DPO, groups=people)
    story.when("submit_report", Role.DPO, complete=True).then_one()


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"complete": True, **LATER}, NothingToComplete),
        (
            {
                "reasons_incomplete": "More is being looked into",
                "further_information_expected_at": FRIDAY_4PM + ONE_HOUR,
            },
            ExpectedBeforeTheReport,
        ),
        ({"submitted_at": FRIDAY_4PM + ONE_HOUR / 2, **LATER}, OutOfOrder),
    ],
)
def test_a_follow_up_fits_the_report_before_it(fields: dict[str, Any], refusal: Any) -> None:
    """In time and in what it says."""
    notified().after(ONE_DAY).when("submit_report", Role.DPO, **fields).then_refused(refusal)


def test_a_risk_that_rises_to_high_reopens_the_decision_not_to_tell_people() -> None:
    """Art. 34(1): without an exemption the decision does not stand."""
    story = a_breach()
    silent = {"communicate": False, "reasons": "No high risk"}
    story.when("decide_communication", Role.HEAD, **silent).then_refused(RiskNotAssessed)
    story = story.when("assess_risk", Role.DPO, level="risk", reasons="Some").when(
        "decide_communication", Role.HEAD, **silent
    )
    assert "decide_communication" not in asked(story)
    assert "decide_communication" in asked(story.when("assess_risk", Role.DPO, level="high", reasons="Health data"))


def test_an_exemption_has_to_hold() -> None:
    """Data without encryption are not unintelligible; disproportionate effort still asks for a public word."""
    story = a_breach().when("assess_risk", Role.DPO, level="high", reasons="Health data")
    plain = story.when("describe_protections", Role.DPO, encryption="none")
    fields = {"communicate": False, "reasons": "Because"}
    plain.when("decide_communication", Role.HEAD, **fields, exemption="data_unintelligible").then_refused(NotEncrypted)
    public = plain.when("decide_communication", Role.HEAD, **fields, exemption="disproportionate_effort").then_one()
    assert "tell_data_subjects" in asked(public)
    told = public.when("tell_data_subjects", people="pupils", means="website", points=EVERYTHING)
    assert "tell_data_subjects" not in asked(told)


def test_the_regulators_order_is_not_forgotten() -> None:
    """A later letter does not undo it, telling somebody before it does not meet it, and closing does not end it."""
    story = notified().when("tell_data_subjects", people="staff", points=EVERYTHING)
    story = story.when("record_answer", Role.DPO, answer="Tell them all", requires_communication=True)
    story = story.when("record_answer", Role.DPO, answer="Thank you")
    assert "tell_data_subjects" in asked(story)
    assert "tell_data_subjects" not in asked(
        story.after(ONE_HOUR).when("tell_data_subjects", people="pupils", points=EVERYTHING)
    )
    closed = reviewed().when("close_incident", summary="Done")
    closed.when("record_answer", Role.DPO, answer="Tell them", requires_communication=True).then_refused(
        IncidentIsClosed
    )


def test_the_regulators_letter_can_be_filed_in_any_phase() -> None:
    """Also after a withdrawal."""
    story = (
        notified()
        .when("withdraw_report", Role.HEAD, reason="No breach")
        .when("find_not_a_breach", Role.HEAD, reason="Empty")
    )
    story.when("record_answer", Role.DPO, answer="Case closed").then_one()


def test_what_goes_on_again_has_to_be_stopped_again() -> None:
    """Appendix 2, step 2."""
    story = play(a_breach(), *UNTIL_CONTAINED)
    assert "record_stopped" not in asked(story)
    assert "record_stopped" in asked(story.after(ONE_HOUR).when("record_ongoing", detail="Still there"))


def test_passwords_among_the_data_have_to_be_changed() -> None:
    """Appendix 2, step 5: immediately."""
    story = play(a_breach(), *UNTIL_CONTAINED).when("describe_data", Role.DPO, kinds=["identification_data"])
    assert "take_containment" in asked(story)
    changed = story.when("take_containment", item="codes", action="passwords_or_entry_codes_changed")
    assert "take_containment" not in asked(changed)


def test_a_confirmed_breach_is_found_to_be_none_by_the_controller() -> None:
    """The DPO may not decide against notifying, and so not in this way either; of a suspicion the DPO may."""
    a_breach().when("find_not_a_breach", Role.DPO, reason="I think so").then_refused(NotYourRole)
    a_breach().when("find_not_a_breach", Role.HEAD, reason="We looked again").then_one()
    a_suspicion().when("find_not_a_breach", Role.DPO, reason="No personal data").then_one()


def test_adviser_and_decider_stay_two_people_in_any_order() -> None:
    """Whoever ever advised does not decide; whoever decided does not advise."""
    advice = {"notify_regulator": True, "communicate": True, "risk": "risk", "reasons": "A risk"}
    decision = {"notify_regulator": True, "reasons": "Agreed"}
    story = a_breach().when("advise", Role.DPO, "one", **advice).when("advise", Role.DPO, "two", **advice)
    story.when("decide_notification", Role.LEAD, "one", **decision).then_refused(AdviserCannotDecide)
    decided = a_breach().when("decide_notification", Role.LEAD, "one", **decision)
    decided.when("advise", Role.DPO, "one", **advice).then_refused(DeciderCannotAdvise)


def test_when_it_happened_can_be_put_right() -> None:
    """And the awareness that did not fit it then fits."""
    early = {"occurred": {"began_at": FRIDAY_4PM - ONE_HOUR}, "discovered_at": FRIDAY_4PM - 5 * ONE_HOUR}
    Story().when("report_incident", what_happened="A stick", **early).then_refused(DiscoveredBeforeItHappened)
    story = a_suspicion(occurred={"began_at": FRIDAY_4PM - ONE_HOUR})
    occurred = {"began_at": FRIDAY_4PM - ONE_DAY}
    story = story.when("correct_occurrence", occurred=occurred, reason="The log of the server").then_one()
    story.when("confirm_breach", aware_at=FRIDAY_4PM - 2 * ONE_HOUR).then_one()
    stopped = story.after(ONE_HOUR).when("record_stopped", Role.STAFF)
    assert stopped.case.occurred.ended_at == FRIDAY_4PM + ONE_HOUR


def test_nothing_is_done_about_a_breach_before_it_began() -> None:
    """A slip in a date does not pass for an act."""
    story = a_suspicion(occurred={"began_at": FRIDAY_4PM - ONE_DAY}).when("confirm_breach")
    long_ago = FRIDAY_4PM - 2 * ONE_DAY
    for command, fields in (
        ("record_stopped", {"stopped_at": long_ago}),
        ("inform_chair", {"informed_at": long_ago}),
        ("take_containment", {"item": "x", "action": "other", "taken_at": long_ago}),
        ("hold_review", {"causes": "x", "effectiveness": "x", "held_at": long_ago}),
    ):
        story.when(command, Role.LEAD, **fields).then_refused(BeforeItHappened)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00", "1899-12-31T00:00:00Z"])
def test_a_year_that_cannot_be_meant_is_refused_at_once(at: str) -> None:
    """It would stop the engine's arithmetic later."""
    with pytest.raises(ValidationError, match="the year must lie between"):
        command_named("correct_awareness", {"aware_at": at, "reason": "x"})
    with pytest.raises(ValidationError, match="the year must lie between"):
        command_named("adopt_measure", {"item": "x", "measure": "x", "owner": "x", "due_on": "9999-12-31"})


def test_reopening_asks_anew() -> None:
    """No breach becomes a suspicion again, and a breach has its risk assessed again."""
    story = a_suspicion().when("find_not_a_breach", reason="Empty").when("close_incident", summary="Done")
    assert "confirm_breach" in asked(story.when("reopen_incident", reason="Data for sale"))
    story = reviewed().when("close_incident", summary="Done").after(ONE_DAY)
    assert "assess_risk" in asked(story.when("reopen_incident", reason="A second stick"))


def test_every_step_that_was_begun_is_watched() -> None:
    """Telling people stands still behind an action that is planned for next month, and that action does not."""
    policy = Policy(standstill=dict.fromkeys(Step, 24))
    story = play(investigated(play(a_breach(), *UNTIL_CONTAINED)), *UNTIL_NOTIFIED[:-1])
    story = story.when("plan_containment", item="locks", action="other", due_at=FRIDAY_4PM + 60 * ONE_DAY)
    found = [alarm.name for alarm in plan(story.case, policy, FRIDAY_4PM + 2 * ONE_DAY).alarms]
    assert "standstill.notify.chair" in found
    assert "standstill.contain.chair" not in found


def test_a_measure_far_away_does_not_hide_a_review_that_was_never_held() -> None:
    """Only a review that waits for nothing else waits for its measures."""
    policy = Policy(standstill=dict.fromkeys(Step, 24))
    story = play(investigated(play(a_breach(), *UNTIL_CONTAINED)), *UNTIL_NOTIFIED)
    due_on = (FRIDAY_4PM + 300 * ONE_DAY).date()
    story = story.when("adopt_measure", item="locks", measure="New locks", owner="Site manager", due_on=due_on)
    found = [alarm.name for alarm in plan(story.case, policy, FRIDAY_4PM + 2 * ONE_DAY).alarms]
    assert "standstill.review.chair" in found


def test_notes_do_not_hide_a_suspicion_that_nobody_decides() -> None:
    """It is escalated though somebody writes every hour."""
    story = a_suspicion()
    for _ in range(13):
        story = story.after(ONE_HOUR).when("add_note", Role.LEAD, note=f"Still looking, {story.now.hour}")
    found = [alarm.name for alarm in plan(story.case, Policy(), story.now).alarms]
    assert "standstill.discover.chair" in found


def test_a_reminder_does_not_stand_for_an_escalation() -> None:
    """Even where both go to the same person."""
    policy = Policy(escalate_to=Role.HEAD, reminders_to=(Role.DPO, Role.HEAD), standstill=QUIET.standstill)
    found = plan(a_breach().case, policy, FRIDAY_4PM + timedelta(hours=71.5)).alarms
    assert {alarm.because for alarm in found if alarm.to is Role.HEAD} == {None, "decision_missing"}


@pytest.mark.parametrize(
    "limits",
    [
        {"reminders_to": ()},
        {"reminders_after_awareness": ()},
        {"decision_missing_before_deadline": ()},
        {"escalate_to": "supplier"},
        {"reminders_to": ("supplier",)},
    ],
)
def test_a_school_cannot_switch_the_alarm_off(limits: dict[str, Any]) -> None:
    """Limits can be chosen, and not that there are none."""
    with pytest.raises(ValidationError):
        Policy.model_validate(limits)


def test_a_breach_found_to_be_none_does_not_alarm_the_chair() -> None:
    """Judged significant a moment before."""
    story = a_breach().when("judge_significance", significant=True, reason="Many")
    assert "significant.chair" in alarms(story, 1)
    assert "significant.chair" not in alarms(story.when("find_not_a_breach", Role.HEAD, reason="Empty"), 1)


def test_a_head_who_acts_is_a_lead_who_knows() -> None:
    """The Data Protection Lead is often the headteacher."""
    story = Story().when("report_incident", Role.HEAD, what_happened="A stick").when("confirm_breach", Role.HEAD)
    assert "inform_lead" not in asked(story)


def test_an_escalation_that_cannot_be_delivered_is_passed_to_others() -> None:
    """The chair has no address: head, lead and DPO are told, once, and their own failures go no further."""
    story = a_breach().when("judge_significance", significant=True, reason="Many")
    failed = {"alarm": "significant.chair", "to": "chair", "due_at": FRIDAY_4PM, "reason": "no_address"}
    story = story.when("record_delivery_failure", Role.ENGINE, **failed).then_one()
    found = {name for name in alarms(story, 1) if name.startswith("undelivered")}
    assert found == {f"undelivered.significant.chair.{role}" for role in ("head", "dpl", "dpo")}
    for name in sorted(found):
        to = name.rsplit(".", 1)[1]
        fields = {"alarm": name, "to": to, "due_at": FRIDAY_4PM, "reason": "no_address"}
        story = story.when("record_delivery_failure", Role.ENGINE, **fields).then_one()
    assert not [name for name in alarms(story, 2) if name.startswith("undelivered")]


def test_a_report_withdrawn_in_time_does_not_hide_a_missed_deadline() -> None:
    """At the deadline none stood, so its passing is recorded."""
    story = notified().after(10 * ONE_HOUR).when("withdraw_report", Role.HEAD, reason="The wrong school").then_one()
    assert plan(story.case, QUIET, story.now).rings_at == DEADLINE
    again = story.after(ONE_HOUR).when("submit_report", Role.DPO, **LATER).then_one()
    assert plan(again.case, QUIET, again.now).rings_at is None


def test_an_open_measure_is_put_right_by_adopting_it_anew() -> None:
    """Another date or owner replaces the one before; a date that has passed cannot be kept."""
    today = FRIDAY_4PM.date()
    fields = {"item": "locks", "measure": "New locks", "owner": "Site manager"}
    story = a_breach().when("adopt_measure", **fields, due_on=today).then_one()
    story.when("adopt_measure", **fields, due_on=today - timedelta(days=1)).then_refused(DueInThePast)
    later = story.when("adopt_measure", **fields, due_on=today + timedelta(days=9)).then_one()
    assert [measure.due_on for measure in later.case.measures.values()] == [today + timedelta(days=9)]
