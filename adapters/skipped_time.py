"""A real Temporal server whose workflows skip the time in which nothing happens: for drills and tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from adapters.temporal_client import prepare_namespace
from adapters.temporal_server import server_binary

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

    def __init__(self, env: WorkflowEnvironment) -> None:
        self.env = env

    @property
    def client(self) -> Client:
        """A client whose workflows can skip time."""
        return self.env.client

    async def now(self, workflow_id: str) -> datetime:
        """The workflow's own time."""
        return await self.env.get_current_time(self.client.get_workflow_handle(workflow_id))

    async def advance(self, workflow_id: str, to: datetime) -> None:
        """Skips to a time; what falls due on the way is done on the way. A workflow that has ended stays as it is."""
        handle = self.client.get_workflow_handle(workflow_id)
        while (remaining := to - await self.env.get_current_time(handle)) > timedelta(0):
            if not await self._running(workflow_id):
                return
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self.env.fast_forward(handle, remaining)
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
    """A server in memory whose time stands until `advance` is called."""
    env = await WorkflowEnvironment.start_time_skipping_v2(
        # Time stands until told: a signal would otherwise race with the skipping.
        ts_config=TimeSkippingConfig(enabled=False),
        dev_server_existing_path=str(server_binary()),
        dev_server_startup_timeout=timedelta(seconds=60),
        data_converter=pydantic_data_converter,
        dev_server_log_level="error",
        dev_server_extra_args=[part for each in SKIPPING for part in ("--dynamic-config-value", each)],
    )
    try:
        await prepare_namespace(env.client)
        yield SkippedTime(env)
    finally:
        await env.shutdown()
