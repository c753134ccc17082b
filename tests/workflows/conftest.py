"""One real Temporal server with skipped time for all workflow tests, and an engine of its own for each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from adapters.skipped_time import SkippedTime, skipped_time
from tests.workflows.engine import Engine


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def time() -> AsyncIterator[SkippedTime]:
    """The server."""
    async with skipped_time() as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def engine(time: SkippedTime, tmp_path: Path) -> AsyncIterator[Engine]:
    """An engine with an empty log."""
    built = Engine(time, tmp_path)
    built.position.advance(0)
    yield built
    built.close()
