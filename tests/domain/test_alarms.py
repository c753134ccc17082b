"""When the engine reminds and escalates: read from the incident and the school's policy at the moment it matters."""

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from domain.errors import NothingToAcknowledge
from domain.escalation import Plan, family_of, plan
from domain.events.engine import DeadlineMissed, EscalationRaised, ReminderSent
from domain.policy import Policy
from domain.roles import Role
from domain.steps import Step
from tests.given import FRIDAY_4PM, ONE_DAY, ONE_HOUR, ONE_SECOND, Story, a_breach, a_suspicion

NO_STANDSTILL = Policy(standstill=dict.fromkeys(Step, 24 * 365))
DEADLINE = FRIDAY_4PM + 3 * ONE_DAY


def due(story: Story, at: datetime, policy: Policy = NO_STANDSTILL) -> Plan:
    """What the engine would do at that time."""
    return plan(story.case, policy, at)


def names(found: Plan) -> list[str]:
    """The alarms, without the notices about the report itself."""
    return [alarm.name for alarm in found.alarms if alarm.family != "reported"]


def run(story: Story, to: datetime, policy: Policy = NO_STANDSTILL) -> list[tuple[float, str]]:
    """The engine, alone, from the story's time: hours after Friday four o'clock, and what it did."""
    did: list[tuple[float, str]] = []
    now = story.now
    while now <= to:
        found = plan(story.case, policy, now)
        if found.rings_at and found.rings_at <= now:
            story = story.at(now).when("record_missed_deadline", Role.ENGINE, deadline=found.rings_at).then_one()
            did.append(((now - FRIDAY_4PM) / ONE_HOUR, "deadline missed"))
            continue
        for alarm in found.alarms:
            command = "record_escalation" if alarm.because else "record_reminder"
            fields = {"because": alarm.because} if alarm.because else {}
            story = story.at(now).when(
                command,
                Role.ENGINE,
                alarm=alarm.name,
                to=alarm.to,
                due_at=alarm.due_at,
                stands_for=alarm.stands_for,
                **fields,
            )
            did.append(((now - FRIDAY_4PM) / ONE_HOUR, alarm.name))
        nexts = [at for at in (found.next_at, found.rings_at) if at and at > now]
        if not found.alarms:
            now = min(nexts, default=to + ONE_SECOND)
    return did


def test_the_lead_and_the_dpo_are_told_of_a_report_at_once() -> None:
    """Whoever acted already need not be told."""
    assert [alarm.name for alarm in due(a_suspicion(), FRIDAY_4PM).alarms] == ["reported.dpl", "reported.dpo"]
    story = a_suspicion().when("add_note", Role.LEAD, note="Seen")
    assert [alarm.name for alarm in due(story, FRIDAY_4PM).alarms] == ["reported.dpo"]


def test_reminders_come_at_24_48_60_and_71_hours_to_dpo_and_lead() -> None:
    """One second before, nothing is due; at the hour it is."""
    for hours in (24, 48, 60, 71):
        at = FRIDAY_4PM + hours * ONE_HOUR
        assert not any(f"clock.{hours}h" in name for name in names(due(a_breach(), at - ONE_SECOND)))
        assert {f"clock.{hours}h.dpl", f"clock.{hours}h.dpo"} <= set(names(due(a_breach(), at)))


def test_nobody_acts_and_everyone_is_reached_once() -> None:
    """The whole ladder of a breach that nobody looks at, in order."""
    did = run(a_breach(), FRIDAY_4PM + 30 * ONE_DAY)
    clock = [(hours, name) for hours, name in did if not name.startswith("reported")]
    assert clock == [
        (24, "clock.24h.dpl"),
        (24, "clock.24h.dpo"),
        (48, "clock.48h.dpl"),
        (48, "clock.48h.dpo"),
        (48, "clock.undecided.24h.chair"),
        (60, "clock.60h.dpl"),
        (60, "clock.60h.dpo"),
        (66, "clock.undecided.6h.chair"),
        (71, "clock.71h.dpl"),
        (71, "clock.71h.dpo"),
        (72, "deadline missed"),
        (72, "clock.missed.chair"),
        (72, "clock.missed.dpl"),
        (72, "clock.missed.dpo"),
    ]


def test_of_what_is_due_at_once_the_latest_stands_for_the_others() -> None:
    """A workflow that starts fifty hours late sends each person one message, not three."""
    found = {alarm.name: alarm.stands_for for alarm in due(a_breach(), FRIDAY_4PM + 50 * ONE_HOUR).alarms}
    assert found["clock.48h.dpo"] == ("clock.24h.dpo",)
    assert "clock.24h.dpo" not in found


def test_what_another_alarm_stood_for_is_done() -> None:
    """It does not come a second time."""
    did = run(a_breach().at(FRIDAY_4PM + 50 * ONE_HOUR), FRIDAY_4PM + 59 * ONE_HOUR)
    assert [name for _, name in did if name.endswith("dpo") and "clock" in name] == ["clock.48h.dpo"]


def test_a_report_or_a_decision_not_to_notify_ends_the_clocks_alarms() -> None:
    """Nobody is reminded of what is settled."""
    story = a_breach().when("decide_notification", Role.HEAD, notify_regulator=True, reasons="Yes")
    story = story.when(
        "submit_report",
        Role.DPO,
        reasons_incomplete="More is being looked into",
        further_information_expected_at=DEADLINE,
    )
    assert names(due(story, DEADLINE + ONE_DAY)) == []
    assert due(story, DEADLINE + ONE_DAY).rings_at is None


def test_a_decision_to_notify_ends_the_question_to_the_chair_and_not_the_reminders() -> None:
    """The report itself is still owed."""
    story = a_breach().when("decide_notification", Role.HEAD, notify_regulator=True, reasons="Yes")
    found = names(due(story, DEADLINE - ONE_HOUR))
    assert "clock.71h.dpo" in found
    assert not any("undecided" in name for name in found)


def test_awareness_corrected_backwards_fires_what_is_due_already() -> None:
    """Ten hours after the first awareness it turns out to have been fifty hours earlier."""
    story = a_breach().after(10 * ONE_HOUR)
    story = story.when("correct_awareness", aware_at=FRIDAY_4PM - 50 * ONE_HOUR, reason="The office knew")
    found = {alarm.name: alarm.stands_for for alarm in due(story, story.now).alarms}
    assert found["clock.60h.dpo"] == ("clock.24h.dpo", "clock.48h.dpo")
    assert due(story, story.now).rings_at == FRIDAY_4PM + 22 * ONE_HOUR


def test_awareness_corrected_backwards_repeats_nothing_that_was_given() -> None:
    """A reminder given after its new time is given."""
    story = a_breach().at(FRIDAY_4PM + 24 * ONE_HOUR)
    for alarm in due(story, story.now).alarms:
        story = story.when("record_reminder", Role.ENGINE, alarm=alarm.name, to=alarm.to, due_at=alarm.due_at)
    story = story.when("correct_awareness", aware_at=FRIDAY_4PM - ONE_HOUR, reason="An hour before")
    assert names(due(story, story.now)) == []


def test_awareness_corrected_forwards_gives_the_new_clock_its_reminders() -> None:
    """What came too early for the new clock comes again at its time."""
    story = a_breach().at(FRIDAY_4PM + 24 * ONE_HOUR)
    for alarm in due(story, story.now).alarms:
        story = story.when("record_reminder", Role.ENGINE, alarm=alarm.name, to=alarm.to, due_at=alarm.due_at)
    story = story.when("correct_awareness", aware_at=FRIDAY_4PM + 12 * ONE_HOUR, reason="Twelve hours after")
    assert names(due(story, story.now)) == []
    assert "clock.24h.dpo" in names(due(story, FRIDAY_4PM + 36 * ONE_HOUR))


def test_a_missed_deadline_is_recorded_once_for_each_deadline() -> None:
    """A correction gives another deadline, which can be missed as well."""
    story = a_breach().at(DEADLINE).when("record_missed_deadline", Role.ENGINE, deadline=DEADLINE)
    story.then(DeadlineMissed(deadline=DEADLINE))
    story.when("record_missed_deadline", Role.ENGINE, deadline=DEADLINE).then_nothing_happens()
    assert due(story, story.now).rings_at is None
    story = story.when("correct_awareness", aware_at=FRIDAY_4PM + ONE_HOUR, reason="Later")
    assert due(story, story.now).rings_at == DEADLINE + ONE_HOUR


def test_a_significant_breach_is_escalated_to_the_chair_at_once() -> None:
    """And once only, however often it is judged so."""
    story = a_breach().when("judge_significance", significant=True, reason="Many pupils")
    alarm = next(each for each in due(story, story.now).alarms if each.family == "significant")
    assert (alarm.to, alarm.because, alarm.due_at) == (Role.CHAIR, "significant", FRIDAY_4PM)
    story = story.when(
        "record_escalation", Role.ENGINE, alarm=alarm.name, to=alarm.to, due_at=alarm.due_at, because="significant"
    )
    story = story.after(ONE_HOUR).when("judge_significance", significant=True, reason="Even more pupils")
    assert names(due(story, story.now)) == []


@pytest.mark.parametrize(("step", "hours"), [(Step.DISCOVER, 12), (Step.CONTAIN, 5)])
def test_a_step_that_stands_still_is_escalated(step: Step, hours: int) -> None:
    """The limit is the school's; an act in the step begins it anew."""
    policy = Policy(standstill={**dict.fromkeys(Step, 1000), step: hours})
    story = a_breach() if step is Step.DISCOVER else a_breach().when("inform_dpo")
    name = f"standstill.{step}.chair"
    assert name not in names(due(story, FRIDAY_4PM + hours * ONE_HOUR - ONE_SECOND, policy))
    assert name in names(due(story, FRIDAY_4PM + hours * ONE_HOUR, policy))
    moved = story.after(ONE_HOUR).when(
        "add_note" if step is Step.DISCOVER else "record_ongoing",
        **({"note": "Looking"} if step is Step.DISCOVER else {}),
    )
    assert name not in names(due(moved, FRIDAY_4PM + hours * ONE_HOUR, policy))
    assert name in names(due(moved, FRIDAY_4PM + (hours + 1) * ONE_HOUR, policy))


def test_a_standstill_is_escalated_once_until_somebody_acts() -> None:
    """It does not ring every hour."""
    policy = Policy(standstill=dict.fromkeys(Step, 12))
    did = [name for _, name in run(a_suspicion(), FRIDAY_4PM + 20 * ONE_DAY, policy) if "standstill" in name]
    assert did == ["standstill.discover.chair"]


def test_the_policy_is_read_when_it_matters() -> None:
    """A school that changes its limits changes what is due from then on."""
    at = FRIDAY_4PM + 10 * ONE_HOUR
    assert names(due(a_breach(), at)) == []
    early = Policy(reminders_after_awareness=(8,), standstill=NO_STANDSTILL.standstill)
    assert names(due(a_breach(), at, early)) == ["clock.8h.dpl", "clock.8h.dpo"]


@pytest.mark.parametrize("hours", [(72,), (24, 100), (0,), (-1,)])
def test_a_policy_cannot_leave_the_legal_window(hours: tuple[int, ...]) -> None:
    """A reminder at or after 72 hours would remind of nothing."""
    with pytest.raises(ValidationError):
        Policy(reminders_after_awareness=hours)


def test_the_chair_acknowledges_what_was_escalated_to_the_chair() -> None:
    """All of it at once, or one by name; nothing else, and nobody else."""
    story = a_breach()
    for alarm in ("one", "two"):
        story = story.when(
            "record_escalation", Role.ENGINE, alarm=alarm, to="chair", due_at=FRIDAY_4PM, because="significant"
        ).then_kinds(EscalationRaised)
    story.when("acknowledge_escalation", Role.LEAD).then_refused(NothingToAcknowledge)
    story.when("acknowledge_escalation", Role.CHAIR, alarm="three").then_refused(NothingToAcknowledge)
    assert len(story.when("acknowledge_escalation", Role.CHAIR).told) == 2
    story = story.when("acknowledge_escalation", Role.CHAIR, alarm="one").then_one()
    assert set(story.case.awaiting) == {"two"}


def test_an_alarm_is_recorded_once_for_its_due_time() -> None:
    """However often the engine says so."""
    fields = {"alarm": "clock.24h.dpo", "to": "dpo", "due_at": FRIDAY_4PM}
    story = a_breach().when("record_reminder", Role.ENGINE, **fields).then_kinds(ReminderSent)
    story.after(ONE_HOUR).when("record_reminder", Role.ENGINE, **fields).then_nothing_happens()


def test_a_message_that_did_not_get_through_for_now_stays_due() -> None:
    """One that never will is done."""
    story = a_breach().at(FRIDAY_4PM + 24 * ONE_HOUR)
    fields = {"alarm": "clock.24h.dpo", "to": "dpo", "due_at": story.now, "reason": "not_reachable"}
    trying = story.when("record_delivery_failure", Role.ENGINE, **fields, final=False).then_one()
    assert "clock.24h.dpo" in names(due(trying, trying.now))
    over = story.when("record_delivery_failure", Role.ENGINE, **fields, final=True).then_one()
    assert "clock.24h.dpo" not in names(due(over, over.now))


def test_an_alarms_family_can_be_told_from_its_name() -> None:
    """The page about an escalation has its name alone."""
    story = a_breach().when("judge_significance", significant=True, reason="It is")
    story = story.when("record_complaint", people="pupils", about="Silence", acknowledge_before=FRIDAY_4PM + ONE_DAY)
    story = story.when("adopt_measure", item="a", measure="b", owner="c", due_on="2026-11-30")
    alarms = due(story, FRIDAY_4PM + 60 * ONE_DAY, Policy()).alarms + due(story, FRIDAY_4PM + 66 * ONE_HOUR).alarms
    kinds = {alarm.family.partition(".")[0] for alarm in alarms}
    assert kinds >= {"clock", "significant", "complaint", "measure", "standstill"}
    assert [family_of(alarm.name) for alarm in alarms] == [alarm.family for alarm in alarms]


def test_a_closed_incident_has_no_alarms() -> None:
    """Nor a clock."""
    story = a_suspicion().when("find_not_a_breach", reason="Empty").when("close_incident", summary="Done")
    found = due(story, FRIDAY_4PM + 400 * ONE_DAY)
    assert (found.alarms, found.next_at, found.rings_at) == ((), None, None)


def test_a_review_that_waits_for_a_measure_does_not_stand_still() -> None:
    """It stands still once the measure is overdue."""
    policy = Policy(standstill=dict.fromkeys(Step, 24), measures_chased_days_before=())
    story = a_suspicion().when("find_not_a_breach", reason="Empty")
    on = (FRIDAY_4PM + timedelta(days=30)).date()
    story = story.when("adopt_measure", item="locks", measure="New locks", owner="Site manager", due_on=on)
    assert names(due(story, FRIDAY_4PM + 29 * ONE_DAY, policy)) == []
    assert names(due(story, FRIDAY_4PM + 32 * ONE_DAY, policy)) == ["standstill.review.chair"]


def test_a_deadline_that_has_passed_is_recorded_before_anything_about_it_is_sent() -> None:
    """A start after the deadline gives each person the one message that matters, not the reminders before it."""
    story = a_breach()
    assert names(due(story, DEADLINE + ONE_HOUR)) == []
    story = story.at(DEADLINE + ONE_HOUR).when("record_missed_deadline", Role.ENGINE, deadline=DEADLINE).then_one()
    assert names(due(story, story.now)) == ["clock.missed.chair", "clock.missed.dpl", "clock.missed.dpo"]
