"""From the log to Temporal: at least once and so once, whatever was told before, and restored from nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle

from adapters.relay import News, RelayPosition, news
from domain.roles import Role
from tests.examples import classcharts
from tests.given import FRIDAY_4PM, a_breach
from tests.workflows.engine import HOUR, Engine
from tests.workflows.test_breach_workflow import begun
from workflows.breach import workflow_id

on_the_servers_loop = pytest.mark.asyncio(loop_scope="session")


def watched(engine: Engine) -> WorkflowHandle[object, object]:
    """The workflow of the engine's incident."""
    return engine.time.client.get_workflow_handle(workflow_id(engine.ref))


def test_a_page_is_told_once_an_incident() -> None:
    """How far it has come, and whether it begins here; what the engine itself did is no news."""
    history = a_breach().when("record_reminder", Role.ENGINE, alarm="clock.24h.dpo", to="dpo", due_at=FRIDAY_4PM).case
    assert news(history.history) == [News(history.ref, 2, begins=True, more=True, reopened=False)]
    assert news(history.history[:1]) == [News(history.ref, 1, begins=True, more=False, reopened=False)]
    assert news(history.history[1:]) == [News(history.ref, 2, begins=False, more=True, reopened=False)]
    assert news(history.history[2:]) == []
    assert len(news(classcharts())) == 1


def test_a_position_belongs_to_a_namespace_and_never_goes_back(tmp_path: Path) -> None:
    """A Temporal database made anew is another namespace, which was told nothing."""
    first, second = (RelayPosition(tmp_path / "relay.sqlite", name) for name in ("one", "two"))
    assert first.get() is None
    for position in (5, 9, 7, 9):
        first.advance(position)
    assert first.get() == 9
    assert second.get() is None
    assert RelayPosition(tmp_path / "relay.sqlite", "one").get() == 9


@on_the_servers_loop
async def test_what_is_told_again_from_the_beginning_starts_nothing_new(engine: Engine) -> None:
    """The same run goes on, and nobody hears anything twice."""
    async with engine.working():
        await begun(engine)
        before, sent = await watched(engine).describe(), dict(engine.postbox.sent)
        engine.relay.position = RelayPosition(engine.folder / "again.sqlite", "again")
        engine.relay.position.advance(0)
        assert await engine.relay.catch_up() == len(engine.incident.history)
        await engine.settled()
        assert (await watched(engine).describe()).run_id == before.run_id
    assert engine.postbox.sent == sent


@on_the_servers_loop
async def test_a_namespace_that_was_told_nothing_is_reconciled_first(engine: Engine) -> None:
    """Every open incident is started from the log; the position then stands at its head."""
    engine.handle("report_incident", Role.STAFF, what_happened="A laptop is missing")
    engine.handle("confirm_breach")
    engine.relay.position = RelayPosition(engine.folder / "fresh.sqlite", "fresh")
    async with engine.working():
        assert await engine.relay.catch_up() == 0
        await engine.settled()
        assert (await watched(engine).describe()).status is WorkflowExecutionStatus.RUNNING
    assert engine.relay.position.get() == 2


@on_the_servers_loop
@pytest.mark.parametrize("healer", ["the next event", "reconcile"])
async def test_a_workflow_that_was_terminated_is_started_again(engine: Engine, healer: str) -> None:
    """With the clock it had; what was sent is not sent again."""
    async with engine.working():
        await begun(engine)
        await engine.until(25)
        await watched(engine).terminate()
        before = dict(engine.postbox.sent)
        if healer == "reconcile":
            done = await engine.relay.reconcile()
            assert (done.started, done.ended) == (1, 0)
        else:
            await engine.do("add_note", note="Looking")
        await engine.settled()
        assert (await watched(engine).describe()).status is WorkflowExecutionStatus.RUNNING
    assert engine.postbox.sent == before


@on_the_servers_loop
async def test_reconcile_ends_the_workflow_of_a_closed_incident(engine: Engine) -> None:
    """The relay was down when it was closed, and its position was lost."""
    async with engine.working():
        await engine.do("report_incident", Role.STAFF, what_happened="A laptop is missing")
        engine.handle("find_not_a_breach", reason="It was in a drawer")
        engine.handle("close_incident", summary="Found")
        done = await engine.relay.reconcile()
        assert done.ended >= 1
        assert await watched(engine).result() == "closed"


@on_the_servers_loop
async def test_the_most_urgent_deadline_is_restored_first(engine: Engine) -> None:
    """An incident without a clock comes after those that have one."""
    first = engine.ref
    for name, hours in (("later", 1.0), ("sooner", 60.0), ("none", None)):
        engine.ref = f"100001-{name.upper():0<8}".replace("O", "0").replace("L", "1").replace("U", "V")[:15]
        aware = None if hours is None else engine.now - hours * HOUR
        engine.handle("report_incident", what_happened="A laptop is missing", discovered_at=aware or engine.now)
        if hours is not None:
            engine.handle("confirm_breach")
        engine.now += timedelta(seconds=1)
    waiting, _ = engine.relay._open_incidents()
    engine.ref = first
    assert [each.ref[7:11] for each in waiting] == ["S00N", "1ATE", "N0NE"]
