"""The whole engine on a real Temporal server with skipped time: real log, relay, worker and workflow."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.clock import system_clock
from adapters.event_log import EventLog
from adapters.ids import incident_ref
from adapters.keys import KeyRing
from adapters.relay import Relay, RelayPosition
from adapters.skipped_time import SkippedTime
from adapters.worker import THREADS, breach_worker
from domain.commands import command_named
from domain.escalation import plan
from domain.incident import STEP_OF, Incident, replay
from domain.roles import Role
from tests.fakes.postbox import Postbox
from tests.fakes.schools import Schools
from tests.given import actor
from workflows.activities import Activities, Frame
from workflows.breach import BreachWorkflow, workflow_id
from workflows.command_handler import CommandHandler

FRIDAY = datetime(2026, 11, 20, 16, 45, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATIENCE_SECONDS = 30


class Engine:
    """Test time begins on a Friday at 16:45 and moves only by `until`."""

    def __init__(self, time: SkippedTime, folder: Path, namespace: str = "skipped") -> None:
        self.time, self.folder = time, folder
        self.keys = KeyRing.open(folder / "keys.sqlite", bytes(32))
        self.log = EventLog.open(folder / "events.sqlite", self.keys)
        self.schools, self.postbox = Schools(), Postbox()
        self.handler = CommandHandler(self.log)
        self.frame = Frame(FRIDAY - system_clock())
        self.position = RelayPosition(folder / "relay.sqlite", namespace)
        self.relay = Relay(self.log, time.client, self.position)
        self.activities = Activities(self.log, self.schools, self.postbox, self.frame)
        self.now = FRIDAY
        self.ref = incident_ref("100001", str(folder))

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """While a worker runs."""
        with ThreadPoolExecutor(THREADS) as threads:
            async with breach_worker(self.time.client, self.activities, threads):
                yield

    async def do(self, command: str, by: Role = Role.LEAD, **fields: Any) -> None:
        """Somebody acts now, and the workflow has seen it when this returns."""
        self.handle(command, by, **fields)
        await self.relay.catch_up()
        await self.settled()

    def handle(self, command: str, by: Role = Role.LEAD, **fields: Any) -> None:
        """Somebody acts now; Temporal is not told yet."""
        id_ = f"{command}/{self.now.isoformat()}/{sorted(fields)}"
        self.handler.handle(command_named(command, fields), self.ref, actor(by), self.now, id_)

    async def until(self, hours: float) -> None:
        """Time goes on to so many hours after Friday 16:45, and the engine does what is due on the way."""
        self.now = FRIDAY + hours * HOUR
        engine_time = self.frame.of_engine(self.now)
        assert engine_time is not None
        await self.time.advance(workflow_id(self.ref), engine_time)
        await self.eventually(self._nothing_due)

    async def settled(self) -> None:
        """The workflow has looked at everything that people did, and done what was due."""
        if not self.incident.closed:
            handle = self.time.client.get_workflow_handle(workflow_id(self.ref))
            last = max(event.position for event in self.incident.history if type(event.fact) in STEP_OF)
            async with asyncio.timeout(PATIENCE_SECONDS):
                while await handle.query(BreachWorkflow.position) < last:
                    await asyncio.sleep(0.01)
        await self.eventually(self._nothing_due)

    async def eventually(self, so: Callable[[], bool]) -> None:
        """Waits until it is so."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await asyncio.to_thread(so):
                await asyncio.sleep(0.01)

    def _nothing_due(self) -> bool:
        incident = self.incident
        found = plan(incident, self.schools.school(incident.school).policy, self.now)
        return not found.alarms and (found.rings_at is None or found.rings_at > self.now)

    @property
    def incident(self) -> Incident:
        """The incident as the log has it."""
        incident = replay(self.log.history(self.ref))
        assert incident is not None
        return incident

    @property
    def kinds(self) -> list[str]:
        """Every event so far."""
        return [event.fact.kind for event in self.incident.history]

    def told(self) -> list[tuple[int, str]]:
        """Which clock message went out in which hour after Friday 16:45, in order."""
        return [
            (round((at - FRIDAY) / HOUR), name)
            for (_, name, _), at in self.postbox.sent.items()
            if name.startswith("clock")
        ]

    def close(self) -> None:
        """Lets go of the files."""
        self.position.close()
        self.log.close()
        self.keys.close()
