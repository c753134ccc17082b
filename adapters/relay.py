"""From the log to Temporal: each breach's workflow is started and told of what happened, at least once and so once."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from eventsourcing.persistence import IntegrityError, PersistenceError, Tracking
from eventsourcing.sqlite import SQLiteDatastore, SQLiteTrackingRecorder
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from adapters.event_log import EventLog
from domain.events import Recorded
from domain.events.engine import EscalationAcknowledged
from domain.events.review import IncidentReopened
from domain.incident import STEP_OF, replay
from workflows.breach import TASK_QUEUE, BreachWorkflow, workflow_id
from workflows.messages import BreachStart, Happened

PAGE = 200
AT_ONCE = 16
POLL_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 15.0
FAR = datetime.max.replace(tzinfo=UTC)
ALWAYS_NEW = WorkflowIDReusePolicy.ALLOW_DUPLICATE
UNLESS_ENDED = WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY


class RelayPosition:
    """Up to where the log was told to one Temporal namespace. Another namespace, or the same made anew, has its own."""

    def __init__(self, path: Path, namespace_id: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._recorder = SQLiteTrackingRecorder(SQLiteDatastore(str(path)))
        self._recorder.create_table()
        self._name = namespace_id

    def get(self) -> int | None:
        """The position, or None when nothing was ever told."""
        return self._recorder.max_tracking_id(self._name)

    def advance(self, position: int) -> None:
        """Moves forward; a position that another relay has already passed changes nothing."""
        try:
            self._recorder.insert_tracking(Tracking(self._name, position))
        except IntegrityError:
            return

    def close(self) -> None:
        """Lets go of the file."""
        self._recorder.datastore.close()


@dataclass(frozen=True, slots=True)
class News:
    """What a workflow has to be told: how far its incident has come."""

    ref: str
    position: int
    begins: bool = False
    more: bool = True
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a reconciliation did."""

    open: int
    started: int
    ended: int


class Relay:
    """One more reader of the log: effect first, its position after."""

    def __init__(self, log: EventLog, client: Client, position: RelayPosition) -> None:
        self.log = log
        self.client = client
        self.position = position
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Relays until cancelled. While Temporal is away it waits and tries again; nothing is lost."""
        pause = POLL_SECONDS
        while True:
            try:
                told = await self.catch_up()
                pause = POLL_SECONDS
            except (RPCError, OSError, PersistenceError) as failure:
                told = 0
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                structlog.get_logger().warning("relay_waits", failure=type(failure).__name__)
            if not told:
                await asyncio.sleep(pause)

    async def catch_up(self) -> int:
        """Tells Temporal everything that it has not been told; the number of events read."""
        position = await asyncio.to_thread(self.position.get)
        if position is None:
            head = await asyncio.to_thread(self.log.head)
            await self.reconcile()
            await asyncio.to_thread(self.position.advance, head)
            position = head
        read = 0
        while page := await asyncio.to_thread(self.log.read, position, PAGE):
            await self._tell_all(news(page))
            position = page[-1].position
            await asyncio.to_thread(self.position.advance, position)
            read += len(page)
        return read

    async def reconcile(self, progress: Callable[[int, int], None] | None = None) -> Reconciled:
        """Makes Temporal agree with the log: every open incident is watched, the most urgent first, and no closed one.

        `progress` is told how many incidents are done and how many there are.
        """
        running = await self._running()
        waiting, closed = await asyncio.to_thread(self._open_incidents)
        done = 0

        async def start(each: News) -> None:
            nonlocal done
            await self._tell(each)
            done += 1
            if progress:
                progress(done, len(waiting))

        await _all(start(each) for each in waiting)
        ended = [ref for ref in closed if workflow_id(ref) in running]
        await _all(self._signal(ref, closed[ref]) for ref in ended)
        started = sum(workflow_id(each.ref) not in running for each in waiting)
        return Reconciled(open=len(waiting), started=started, ended=len(ended))

    async def _running(self) -> set[str]:
        query = 'WorkflowType = "BreachWorkflow" AND ExecutionStatus = "Running"'
        return {execution.id async for execution in self.client.list_workflows(query)}

    def _open_incidents(self) -> tuple[list[News], dict[str, int]]:
        waiting, closed = [], {}
        for ref in self.log.incidents():
            history = self.log.history(ref)
            incident = replay(history)
            if incident is None:
                continue
            if incident.closed:
                closed[ref] = history[-1].position
                continue
            deadline = incident.breach.deadline if incident.breach and incident.clock_runs else FAR
            waiting.append((deadline, News(ref, history[-1].position, reopened=True)))
        waiting.sort(key=lambda each: each[0])
        return [each for _, each in waiting], closed

    async def _tell_all(self, all_news: Iterable[News]) -> None:
        await _all(self._tell(each) for each in all_news)

    async def _tell(self, each: News) -> None:
        async with self._slots:
            if each.begins or not await self._signal(each.ref, each.position):
                await self._start(each)

    async def _start(self, each: News) -> None:
        signal = Happened(position=each.position) if each.more else None
        try:
            await self.client.start_workflow(
                BreachWorkflow.run,
                BreachStart(ref=each.ref),
                id=workflow_id(each.ref),
                task_queue=TASK_QUEUE,
                id_reuse_policy=ALWAYS_NEW if each.reopened else UNLESS_ENDED,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                static_summary=f"Breach {each.ref}",
                start_signal="happened" if signal else None,
                start_signal_args=[signal] if signal else [],
                request_eager_start=signal is None,
            )
        except WorkflowAlreadyStartedError:
            return

    async def _signal(self, ref: str, position: int) -> bool:
        handle = self.client.get_workflow_handle(workflow_id(ref))
        try:
            await handle.signal(BreachWorkflow.happened, Happened(position=position))
        except RPCError as failure:
            if failure.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True


def news(page: Iterable[Recorded]) -> list[News]:
    """What the page says to each workflow, once; what the engine itself did is no news to it."""
    told: dict[str, News] = {}
    for event in page:
        if type(event.fact) not in STEP_OF and not isinstance(event.fact, EscalationAcknowledged):
            continue
        before = told.get(event.incident)
        told[event.incident] = News(
            event.incident,
            event.position,
            begins=before.begins if before else event.version == 1,
            more=before is not None or event.version > 1,
            reopened=isinstance(event.fact, IncidentReopened) or bool(before and before.reopened),
        )
    return list(told.values())


async def _all(work: Iterable[Coroutine[object, object, object]]) -> None:
    await asyncio.gather(*work)
