"""The relay: breaches of the log to running workflows, beside the same workflows started by a bare client."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from rich.progress import Progress
from temporalio.api.workflowservice.v1 import GetSystemInfoRequest
from temporalio.client import Client

from adapters.clock import system_clock
from adapters.event_log import EventLog
from adapters.keys import KeyRing
from adapters.relay import AT_ONCE, Relay, RelayPosition
from adapters.temporal_client import connect_embedded, prepare_namespace
from adapters.temporal_server import TemporalServer, free_port
from adapters.worker import THREADS, breach_worker
from benchmarks.histories import just_reported, refs
from benchmarks.machine import bytes_of, resident_megabytes
from benchmarks.measuring import Figure, Notes, Turn
from benchmarks.sizes import Sizes
from domain.events import Recorded
from tests.fakes.postbox import Postbox
from tests.fakes.schools import Schools
from workflows.activities import Activities
from workflows.breach import TASK_QUEUE, BreachWorkflow, workflow_id
from workflows.messages import BreachStart

FLOOR = (
    "client.start_workflow: the same workflow for as many other incidents, {at_once} in flight, eager, "
    "same server, worker and log"
)
RAN = "{floor}; until every workflow has run its first task"
ACKED = "{floor}; until every start is acknowledged"
SETTLES_WITHIN = 120
SETTLING = 0.3


class WatchedLog:
    """The log as the activities see it, which remembers the incidents they looked at, in order."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self.looked: dict[str, None] = {}

    def history(self, incident: str) -> Sequence[Recorded]:
        """The log's own."""
        found = self._log.history(incident)
        self.looked[incident] = None
        return found

    def append(self, events: Sequence[Recorded]) -> Sequence[Recorded]:
        """The log's own."""
        return self._log.append(events)


@dataclass(frozen=True)
class Engine:
    """Everything that runs."""

    server: TemporalServer
    client: Client
    log: EventLog
    watched: WatchedLog
    relay: Relay
    facts: dict[str, str | int | float] = field(default_factory=dict)

    def memory(self, when: str) -> Notes:
        """What server and worker occupy now."""
        assert self.server.pid is not None
        return {
            f"server_megabytes_{when}": resident_megabytes(self.server.pid),
            f"worker_megabytes_{when}": resident_megabytes(os.getpid()),
        }


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds until the last start was acknowledged, and until the last workflow had run its first task."""

    acked: float
    ran: float


def relaying(progress: Progress, sizes: Sizes) -> tuple[list[Figure], dict[str, str | int | float]]:
    """Both figures, and the version of the server."""
    return asyncio.run(_relaying(progress, sizes))


async def _relaying(progress: Progress, sizes: Sizes) -> tuple[list[Figure], dict[str, str | int | float]]:
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        async with _engine(Path(folder)) as engine:
            notes, size = engine.memory("before"), bytes_of(engine.server.db)
            paces = [
                (await _ours(engine, sizes.relay_chunk, number), await _floor(engine, sizes.relay_chunk, number))
                for number in progress.track(range(sizes.relay_rounds), description="relay")
            ]
            n = sizes.relay_chunk * sizes.relay_rounds
            notes |= engine.memory("after")
            notes |= {"database_bytes_per_workflow": (bytes_of(engine.server.db) - size) // (2 * n)}
    floor = FLOOR.format(at_once=AT_ONCE)
    ran = [Turn(sizes.relay_chunk / ours.ran, sizes.relay_chunk / bare.ran) for ours, bare in paces]
    acked = [Turn(sizes.relay_chunk / ours.acked, sizes.relay_chunk / bare.acked) for ours, bare in paces]
    figures = [
        Figure("relay", "workflows", RAN.format(floor=floor), 0.9, n, ran, notes),
        Figure("relay_acks", "workflows", ACKED.format(floor=floor), None, n, acked),
    ]
    return figures, engine.facts


@asynccontextmanager
async def _engine(folder: Path) -> AsyncIterator[Engine]:
    async with AsyncExitStack() as stack:
        keys = stack.enter_context(closing(KeyRing.open(folder / "keys.sqlite", bytes(32))))
        log = stack.enter_context(closing(EventLog.open(folder / "events.sqlite", keys)))
        server = await stack.enter_async_context(TemporalServer(folder / "temporal.sqlite", free_port(), free_port()))
        client = await connect_embedded(server.address, server.namespace)
        position = RelayPosition(folder / "relay.sqlite", await prepare_namespace(client))
        stack.enter_context(closing(position))
        position.advance(0)  # else the first catch-up would reconcile, which is another thing than to relay
        threads = stack.enter_context(ThreadPoolExecutor(THREADS))
        watched = WatchedLog(log)
        activities = Activities(watched, Schools(), Postbox())
        await stack.enter_async_context(breach_worker(client, activities, threads))
        info = await client.workflow_service.get_system_info(GetSystemInfoRequest())
        yield Engine(
            server, client, log, watched, Relay(log, client, position), {"temporal_server": info.server_version}
        )


async def _ours(engine: Engine, count: int, number: int) -> Pace:
    reported = await _report(engine, f"ours-{number}", count)
    began = perf_counter()
    await engine.relay.catch_up()
    acked = perf_counter() - began
    await _ran(engine, reported)
    pace = Pace(acked, perf_counter() - began)
    await asyncio.sleep(SETTLING)
    return pace


async def _floor(engine: Engine, count: int, number: int) -> Pace:
    reported = await _report(engine, f"floor-{number}", count)
    engine.relay.position.advance(engine.log.head())
    slots = asyncio.Semaphore(AT_ONCE)
    began = perf_counter()
    await asyncio.gather(*(_start(engine.client, slots, ref) for ref in reported))
    acked = perf_counter() - began
    await _ran(engine, reported)
    pace = Pace(acked, perf_counter() - began)
    await asyncio.sleep(SETTLING)
    return pace


async def _report(engine: Engine, name: str, count: int) -> list[str]:
    """Incidents whose first messages have gone out already, so that a start is all that there is to do."""
    events = just_reported(name, count, system_clock())
    await asyncio.to_thread(engine.log.append, events)
    return refs(events)


async def _start(client: Client, slots: asyncio.Semaphore, ref: str) -> None:
    async with slots:
        await client.start_workflow(
            BreachWorkflow.run,
            BreachStart(ref=ref),
            id=workflow_id(ref),
            task_queue=TASK_QUEUE,
            request_eager_start=True,
        )


async def _ran(engine: Engine, started: Sequence[str]) -> None:
    """All have looked; and since a query is answered after a task only, the last of them have ended theirs."""
    wanted = set(started)
    async with asyncio.timeout(SETTLES_WITHIN):
        while not wanted <= engine.watched.looked.keys():
            await asyncio.sleep(0.005)
        last = [ref for ref in engine.watched.looked if ref in wanted][-AT_ONCE:]
        handles = [engine.client.get_workflow_handle(workflow_id(ref)) for ref in last]
        assert all(await asyncio.gather(*(handle.query(BreachWorkflow.position) for handle in handles)))
