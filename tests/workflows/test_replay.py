"""Saved histories still replay: a change of the workflow's code does not break the workflows that run."""

import os
import re
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from domain.roles import Role
from tests.workflows.engine import FRIDAY, HOUR, Engine
from tests.workflows.test_breach_workflow import begun
from workflows.breach import BreachWorkflow, workflow_id

on_the_servers_loop = pytest.mark.asyncio(loop_scope="session")
HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


def replayer() -> Replayer:
    """What a worker does when it meets a workflow that it does not have in memory."""
    return Replayer(workflows=[BreachWorkflow], data_converter=pydantic_data_converter)


def test_there_are_saved_histories() -> None:
    """One of a breach that nobody looks at, one of a breach that is reported, one of a corrected awareness."""
    assert {path.stem for path in HISTORIES} == {"nobody-acts", "reported", "corrected"}


@on_the_servers_loop
@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
async def test_a_saved_history_replays(path: Path) -> None:
    """No other command than then, in no other order."""
    await replayer().replay_workflow(WorkflowHistory.from_json("breach-saved", path.read_text()))


@on_the_servers_loop
@pytest.mark.parametrize("case", ["nobody-acts", "reported", "corrected"])
async def test_a_history_of_today_replays(engine: Engine, case: str) -> None:
    """What the workflow writes today, it can read today; `TOCSIN_SAVE_HISTORIES` names a folder to keep it in."""
    async with engine.working():
        await begun(engine)
        await engine.until(25)
        if case == "reported":
            await engine.do("decide_notification", Role.HEAD, notify_regulator=True, reasons="Owed")
            await engine.do(
                "submit_report",
                Role.DPO,
                reasons_incomplete="More is being looked into",
                further_information_expected_at=FRIDAY + 99 * HOUR,
            )
        elif case == "corrected":
            await engine.do("correct_awareness", aware_at=FRIDAY - 40 * HOUR, reason="Earlier")
        await engine.until(75)
        history = await engine.time.client.get_workflow_handle(workflow_id(engine.ref)).fetch_history()
    _keep(case, history)
    await replayer().replay_workflow(history)


def _keep(case: str, history: WorkflowHistory) -> None:
    if folder := os.environ.get("TOCSIN_SAVE_HISTORIES"):
        # The identity of a worker is its process and its machine.
        text = re.sub(r'"identity": "[^"]*"', '"identity": "worker"', history.to_json())
        (Path(folder) / f"{case}.json").write_text(text, encoding="utf-8")
