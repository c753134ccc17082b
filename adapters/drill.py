"""A drill: a scenario played through the real log, the real workflow and the real relay, on skipped time."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from adapters.bootstrap import Settings, Tocsin
from adapters.clock import system_clock
from adapters.drill_papers import write_papers
from adapters.relay import Relay, RelayPosition
from adapters.scenario import Act, Scenario, read_scenario
from adapters.skipped_time import SkippedTime, skipped_time
from adapters.worker import THREADS, breach_worker
from domain.commands.discover import ReportIncident
from domain.commands.school import SchoolCommand
from domain.errors import Refused
from domain.escalation import plan
from domain.incident import STEP_OF
from domain.roles import Actor
from workflows.activities import Frame
from workflows.breach import BreachWorkflow, workflow_id

PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.01
Progress = Callable[[int, int], None]


class DrillStuck(Refused):
    """The drill did not get on: the engine did not do what was due."""


class UnexpectedOutcome(Refused):
    """An act of the scenario was refused or not refused, unlike what the scenario says."""


class SceneClock:
    """The time in the scenario, set by whoever directs it."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        """The time on the stage."""
        return self.now


class Stage:
    """One scenario being played."""

    def __init__(self, scenario: Scenario, tocsin: Tocsin, clock: SceneClock, time: SkippedTime, frame: Frame) -> None:
        self.scenario, self.tocsin, self.clock, self.time, self.frame = scenario, tocsin, clock, time, frame
        self.refs: dict[str, str] = {}

    async def play(self, relay: Relay, progress: Progress) -> None:
        """Every act at its time, then the time that is left."""
        acts = self.scenario.in_order
        for number, act in enumerate(acts, start=1):
            await self._advance(self.scenario.start + act.at)
            self._do(act)
            await relay.catch_up()
            await self._until_seen()
            progress(number, len(acts))
        if self.scenario.until is not None:
            await self._advance(self.scenario.start + self.scenario.until)

    def _do(self, act: Act) -> None:
        command, by = self.scenario.command(act), Actor(id=act.actor.value, role=act.actor)
        refusal = None
        try:
            if isinstance(command, ReportIncident):
                school = act.school or self.scenario.everyone[0].id
                command_id = f"{self.scenario.scenario}/{act.incident}"
                self.refs[act.incident] = self.tocsin.report(command, school, by, command_id)[0].incident
            elif isinstance(command, SchoolCommand):
                self.tocsin.act_for_school(command, act.school or self.scenario.everyone[0].id, by)
            else:
                self.tocsin.act(command, self.refs[act.incident], by)
        except Refused as refused:
            refusal = refused
        if (refusal.code if refusal else None) != act.refused:
            said = refusal or f"not refused with {act.refused}"
            raise UnexpectedOutcome(f"{act.do} at +{act.at}: {said}")

    async def _advance(self, to: datetime) -> None:
        """Skips every workflow to that time, and waits until the engine has done what was due by then."""
        self.clock.now = max(self.clock.now, to)
        engine_time = self.frame.of_engine(to)
        assert engine_time is not None, "a time of the case is a time of the engine"
        for ref in self.refs.values():
            await self.time.advance(workflow_id(ref), engine_time)
            await self._until(lambda ref=ref: self._nothing_due(ref, to))  # type: ignore[misc]

    def _nothing_due(self, ref: str, at: datetime) -> bool:
        incident = self.tocsin.incident(ref)
        due = plan(incident, self.tocsin.schools.school(incident.school).policy, at)
        return not due.alarms and (due.rings_at is None or due.rings_at > at)

    async def _until_seen(self) -> None:
        """Waits until each workflow has looked at what people did last, before time moves on."""
        for ref in self.refs.values():
            incident = self.tocsin.incident(ref)
            if incident.closed:
                continue
            last = max(event.position for event in incident.history if type(event.fact) in STEP_OF)
            handle = self.time.client.get_workflow_handle(workflow_id(ref))
            async with asyncio.timeout(PATIENCE_SECONDS):
                while await handle.query(BreachWorkflow.position) < last:
                    await asyncio.sleep(LOOK_SECONDS)
            await self._until(lambda ref=ref: self._nothing_due(ref, self.clock.now))  # type: ignore[misc]

    async def _until(self, reached: Callable[[], bool]) -> None:
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while not await asyncio.to_thread(reached):
            if asyncio.get_running_loop().time() > deadline:
                raise DrillStuck
            await asyncio.sleep(LOOK_SECONDS)


async def run_drill(path: Path, out: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Plays the scenario and writes its papers; what is returned is what `drill.json` holds."""
    scenario = read_scenario(path)
    with _stage_house(scenario) as (tocsin, clock):
        async with skipped_time() as time:
            frame = Frame(scenario.start - system_clock())
            position = RelayPosition(tocsin.settings.data / "views" / "relay.sqlite", "drill")
            position.advance(0)
            with ThreadPoolExecutor(THREADS) as threads:
                async with breach_worker(time.client, tocsin.activities(frame), threads):
                    stage = Stage(scenario, tocsin, clock, time, frame)
                    await stage.play(Relay(tocsin.log, time.client, position), progress or (lambda *_: None))
            position.close()
        return await asyncio.to_thread(write_papers, tocsin, scenario, stage.refs, out)


@contextmanager
def _stage_house(scenario: Scenario) -> Iterator[tuple[Tocsin, SceneClock]]:
    """An installation of its own, that is gone afterwards: a drill never touches the real log."""
    with TemporaryDirectory(prefix="tocsin-drill-") as folder:
        clock = SceneClock(scenario.start)
        tocsin = Tocsin(Settings(data=Path(folder)), clock)
        try:
            for school in scenario.everyone:
                tocsin.schools.add(school)
            yield tocsin, clock
        finally:
            tocsin.close()
