"""A real Temporal server whose workflows skip the time in which nothing happens: for drills and tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from adapters.temporal_client import connect_embedded, prepare_namespace
from adapters.temporal_server import TemporalServer, free_port

PATIENCE_SECONDS = 60.0
SKIPPING = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    "system.workflowTimeSkippingEnabled=true",
    # A timer fires within 10 ms of its time instead of within a second.
    'history.timerProcessorMaxTimeShift="10ms"',
)


class TimeDidNotAdvance(Exception):
    """The workflow did not reach the time it was sent to."""


class SkippedTime:
    """The server, and the clock that each of its workflows has of its own."""

    def __init__(self, skipper: TimeSkipper) -> None:
        self._skipper = skipper

    @property
    def client(self) -> Client:
        """A client whose workflows can skip time."""
        return self._skipper.client

    async def now(self, workflow_id: str) -> datetime:
        """The workflow's own time."""
        info = await self._skipper.get_time_skipping_info(self.client.get_workflow_handle(workflow_id))
        if info is None or not info.HasField("current_time"):
            raise TimeDidNotAdvance
        return info.current_time.ToDatetime(UTC)

    async def advance(self, workflow_id: str, to: datetime) -> None:
        """Skips to a time; what falls due on the way is done on the way. A workflow that has ended stays as it is."""
        handle = self.client.get_workflow_handle(workflow_id)
        while (remaining := to - await self.now(workflow_id)) > timedelta(0):
            if not await self._running(workflow_id):
                return
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._skipper.fast_forward(handle, remaining)
            except TimeoutError:
                raise TimeDidNotAdvance from None
            except RPCError:
                if await self._running(workflow_id):
                    raise

    async def _running(self, workflow_id: str) -> bool:
        try:
            description = await self.client.get_workflow_handle(workflow_id).describe()
        except RPCError as failure:
            if failure.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return description.status is WorkflowExecutionStatus.RUNNING


@asynccontextmanager
async def skipped_time() -> AsyncIterator[SkippedTime]:
    """A server with an empty database of its own, whose time stands until `advance` is called."""
    with TemporaryDirectory(prefix="tocsin-time-") as folder:
        db = Path(folder) / "temporal.sqlite"
        async with TemporalServer(db, free_port(), free_port(), settings=SKIPPING) as server:
            client = await connect_embedded(server.address, server.namespace)
            await prepare_namespace(client)
            # Time stands until told: a signal would otherwise race with the skipping.
            yield SkippedTime(TimeSkipper(client, config=TimeSkippingConfig(enabled=False)))
