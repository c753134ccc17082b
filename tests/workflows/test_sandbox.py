"""Temporal's sandbox imports the rules again for each workflow, and so proves that they are deterministic."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from temporalio.worker import Worker

import domain
from adapters.skipped_time import SkippedTime
from tests.workflows.reads_the_rules import ReadsTheRules

ROOT = Path(__file__).parents[2]
RULES = {module.name for module in pkgutil.walk_packages(domain.__path__, "domain.")}


@pytest.mark.asyncio(loop_scope="session")
async def test_the_whole_domain_loads_in_the_sandbox(time: SkippedTime) -> None:
    """A clock, a file or chance at import time is refused when the worker is made."""
    worker = Worker(time.client, task_queue="rules", workflows=[ReadsTheRules])
    assert not worker.is_running


def test_the_workflow_that_reads_the_rules_reads_all_of_them() -> None:
    """No module of the rules is left out of the proof."""
    code = "import sys, tests.workflows.reads_the_rules; print(*[n for n in sys.modules if n.startswith('domain.')])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(run.stdout.split()) == RULES
    assert len(RULES) > 30
