"""The workflow on the real server: reminders in order, signals in between, restarts, and corrected awareness."""

import asyncio
import json
from datetime import timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus

from adapters.relay import news
from domain.policy import Policy
from domain.roles import Role
from domain.steps import Step
from tests.workflows.engine import FRIDAY, HOUR, Engine
from workflows.breach import workflow_id
from workflows.ports import Undeliverable

pytestmark = pytest.mark.asyncio(loop_scope="session")
PATIENT = Policy(standstill=dict.fromkeys(Step, 24 * 300))


async def begun(engine: Engine) -> None:
    """A breach that the school became aware of on Friday at 16:45; standing still bothers nobody here."""
    school = engine.schools.school("100001")
    engine.schools.by_number["100001"] = school.model_copy(update={"policy": PATIENT})
    await engine.do("report_incident", Role.STAFF, what_happened="A laptop is missing")
    await engine.do("confirm_breach")


async def test_reminders_come_in_order_and_the_deadline_is_missed(engine: Engine) -> None:
    """Nobody acts over the weekend: DPO and lead are reminded, the chair is reached, the miss is recorded."""
    async with engine.working():
        await begun(engine)
        await engine.until(75)
    assert sorted(engine.told()) == sorted(
        [
            *((hours, f"clock.{hours}h.{role}") for hours in (24, 48, 60, 71) for role in ("dpl", "dpo")),
            (48, "clock.undecided.24h.chair"),
            (66, "clock.undecided.6h.chair"),
            *((72, f"clock.missed.{role}") for role in ("chair", "dpl", "dpo")),
        ]
    )
    assert [hours for hours, _ in engine.told()] == sorted(hours for hours, _ in engine.told())
    assert engine.kinds.count("engine.deadline_missed") == 1


async def test_alarms_are_punctual_to_a_minute(engine: Engine) -> None:
    """Each is given at its time and not before it."""
    async with engine.working():
        await begun(engine)
        await engine.until(49)
    for (_, _, due_at), at in engine.postbox.sent.items():
        assert timedelta(0) <= at - due_at < timedelta(minutes=1)


async def test_a_report_in_between_silences_the_rest(engine: Engine) -> None:
    """After thirty hours the report goes out; nothing about the clock comes after it."""
    async with engine.working():
        await begun(engine)
        await engine.until(30)
        await engine.do("decide_notification", Role.HEAD, notify_regulator=True, reasons="Owed")
        await engine.do(
            "submit_report",
            Role.DPO,
            reasons_incomplete="More is being looked into",
            further_information_expected_at=FRIDAY + 100 * HOUR,
        )
        await engine.until(200)
    assert [hours for hours, _ in engine.told()] == [24, 24]
    assert "engine.deadline_missed" not in engine.kinds


async def test_a_corrected_awareness_moves_the_clock_and_fires_what_is_due(engine: Engine) -> None:
    """Ten hours in, awareness turns out to have been on Wednesday: sixty hours are over at once."""
    async with engine.working():
        await begun(engine)
        await engine.until(10)
        await engine.do("correct_awareness", aware_at=FRIDAY - 50 * HOUR, reason="The office knew on Wednesday")
        assert sorted(name for _, name in engine.told()) == [
            "clock.60h.dpl",
            "clock.60h.dpo",
            "clock.undecided.24h.chair",
        ]
        await engine.until(25)
    assert (22, "clock.missed.chair") in engine.told()
    assert sum(name == "clock.60h.dpo" for _, name in engine.told()) == 1


async def test_awareness_corrected_forwards_gives_the_later_deadline(engine: Engine) -> None:
    """The old deadline passes in silence."""
    async with engine.working():
        await begun(engine)
        await engine.until(70)
        await engine.do("correct_awareness", aware_at=FRIDAY + 10 * HOUR, reason="A slip of the pen")
        await engine.until(73)
        assert "engine.deadline_missed" not in engine.kinds
        await engine.until(83)
    assert engine.kinds.count("engine.deadline_missed") == 1
    assert engine.incident.missed == {FRIDAY + 82 * HOUR}


async def test_a_worker_that_starts_late_does_at_once_what_is_due(engine: Engine) -> None:
    """Fifty hours without a worker: one message each, which stands for what was missed."""
    engine.handle("report_incident", Role.STAFF, what_happened="A laptop is missing", discovered_at=FRIDAY - 50 * HOUR)
    engine.handle("confirm_breach")
    await engine.relay.catch_up()
    assert engine.postbox.calls == 0
    async with engine.working():
        await engine.settled()
    assert sorted(name for name in engine.postbox.names if name.startswith("clock")) == [
        "clock.48h.dpl",
        "clock.48h.dpo",
        "clock.undecided.24h.chair",
    ]


async def test_a_worker_that_is_replaced_goes_on_where_the_other_stopped(engine: Engine) -> None:
    """Nothing is sent twice and nothing is left out."""
    async with engine.working():
        await begun(engine)
        await engine.until(47)
    async with engine.working():
        await engine.until(73)
    hours = [hours for hours, name in engine.told() if name.endswith("dpo")]
    assert hours == [24, 48, 60, 71, 72]


async def test_repeated_and_reordered_signals_change_nothing(engine: Engine) -> None:
    """The relay tells everything again from the beginning; the workflow has seen it."""
    async with engine.working():
        await begun(engine)
        await engine.until(25)
        before = list(engine.kinds)
        for _ in range(3):
            await engine.relay._tell_all(news(engine.log.read(0, 100)))
        await engine.until(26)
    assert engine.kinds == before
    assert engine.postbox.calls == len(engine.postbox.sent)


async def test_a_mail_server_that_is_away_is_tried_again(engine: Engine) -> None:
    """The log says that the message does not get through, and then that it did."""
    async with engine.working():
        await begun(engine)
        engine.postbox.failures = [OSError("away") for _ in range(6)]
        await engine.until(24)
        await engine.eventually(lambda: "clock.24h.dpo" in engine.postbox.names)
        await engine.until(25)
    assert "engine.delivery_failed" in engine.kinds
    assert sum(name == "clock.24h.dpo" for name in engine.postbox.names) == 1


async def test_an_address_that_is_refused_is_not_tried_for_ever(engine: Engine) -> None:
    """The failure is recorded once, and the other person is reached."""
    async with engine.working():
        await begun(engine)
        engine.postbox.failures = [Undeliverable("refused_550")]
        await engine.until(25)
    assert engine.kinds.count("engine.delivery_failed") == 1
    assert sum(name.startswith("clock.24h") for name in engine.postbox.names) == 1


async def test_the_policy_is_read_at_the_moment_it_matters(engine: Engine) -> None:
    """A school that asks for a reminder after thirty hours gets it, though the clock runs already."""
    async with engine.working():
        await begun(engine)
        await engine.until(20)
        school = engine.schools.school("100001")
        policy = Policy(reminders_after_awareness=(24, 30), standstill=PATIENT.standstill)
        engine.schools.by_number["100001"] = school.model_copy(update={"policy": policy})
        await engine.until(31)
    assert [hours for hours, name in engine.told() if name.endswith("dpo")] == [24, 30]


async def test_a_measure_and_a_complaint_are_chased_by_durable_timers(engine: Engine) -> None:
    """Weeks later, by the same workflow: reminders before the day, the chair when nothing happened."""
    async with engine.working():
        await engine.do("report_incident", what_happened="A list went to the wrong address")
        await engine.do("find_not_a_breach", reason="It was empty")
        due_on = (FRIDAY + 20 * 24 * HOUR).date()
        await engine.do("adopt_measure", item="bcc", measure="Warn before many recipients", owner="IT", due_on=due_on)
        before = FRIDAY + 30 * 24 * HOUR
        await engine.do("record_complaint", people="staff", about="My address", acknowledge_before=before)
        await engine.until(40 * 24)
    chased = [(name, round((at - FRIDAY) / (24 * HOUR), 1)) for (_, name, _), at in engine.postbox.sent.items()]
    assert [(name.split(".", 2)[2], day) for name, day in chased if name.startswith("measure")] == [
        ("7d.dpl", 12.3),
        ("0d.dpl", 19.3),
        ("overdue.chair", 33.3),
    ]
    assert ("complaint.1.14d.dpo", 16.0) in chased
    assert ("complaint.1.missed.chair", 30.0) in chased


async def test_closing_ends_the_workflow_and_reopening_starts_another(engine: Engine) -> None:
    """The same id, a new run."""
    async with engine.working():
        await engine.do("report_incident", Role.STAFF, what_happened="A laptop is missing")
        await engine.do("find_not_a_breach", reason="It was in a drawer")
        await engine.do("close_incident", summary="Found")
        handle = engine.time.client.get_workflow_handle(workflow_id(engine.ref))
        assert await asyncio.wait_for(handle.result(), 10) == "closed"
        await engine.do("reopen_incident", reason="It was another laptop")
        assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING


async def test_steps_and_clock_are_shown_on_temporals_pages(engine: Engine) -> None:
    """Search attributes, the timer's summary and the current details say where the breach stands."""
    async with engine.working():
        await begun(engine)
        await engine.do("inform_dpo")
        handle = engine.time.client.get_workflow_handle(workflow_id(engine.ref))
        description = await handle.describe()
        found = {pair.key.name: pair.value for pair in description.typed_search_attributes}
        details = await handle.query("__temporal_workflow_metadata")
        events = (await handle.fetch_history()).events
    assert found["BreachStep"] == "contain"
    assert found["School"] == "100001"
    assert "72-hour clock" in str(details)
    assert "discover" in str(details)
    summaries = [json.loads(event.user_metadata.summary.data or b"null") for event in events]
    assert "72-hour clock, rings at 2026-11-23 16:45 UTC" in summaries
    assert "clock.24h.dpl" in summaries


async def test_a_request_to_cancel_does_not_stop_the_clock(engine: Engine) -> None:
    """A click on Temporal's pages is not a decision; only closing the incident ends its workflow."""
    async with engine.working():
        await begun(engine)
        await engine.until(10)
        await engine.time.client.get_workflow_handle(workflow_id(engine.ref)).cancel()
        await engine.until(25)
    assert [hours for hours, name in engine.told() if name.endswith("dpo")] == [24]


async def test_a_school_that_cannot_be_read_for_a_moment_loses_no_clock(engine: Engine) -> None:
    """Its file was being edited; when it is whole again, the engine goes on."""
    async with engine.working():
        await begun(engine)
        school = engine.schools.by_number.pop("100001")
        engine.handle("add_note", note="Seen")
        await engine.relay.catch_up()
        await asyncio.sleep(1)
        engine.schools.by_number["100001"] = school
        await engine.settled()
        await engine.until(25)
    assert [hours for hours, name in engine.told() if name.endswith("dpo")] == [24]


async def test_no_personal_data_reaches_temporal(engine: Engine) -> None:
    """A word typed into every field of a whole case is nowhere in the workflow's history."""
    canary = "Zebedee"
    async with engine.working():
        await engine.do("report_incident", Role.STAFF, what_happened=canary, reported_by=canary, services=[canary])
        await engine.do("confirm_breach", basis=canary)
        await engine.do("add_note", note=canary)
        engine.postbox.failures = [RuntimeError(canary) for _ in range(8)]
        await engine.do("judge_significance", significant=True, reason=canary)
        await engine.until(25)
        handle = engine.time.client.get_workflow_handle(workflow_id(engine.ref))
        history = await handle.fetch_history()
        described = await handle.describe()
    payloads = b"".join(event.SerializeToString() for event in history.events)
    seen = payloads + described.raw_description.SerializeToString()
    assert canary.encode() not in seen
    assert engine.ref.encode() in seen
    assert b"example-primary" not in seen
