"""`BreachWorkflow`: one a breach. Five steps beside the 72-hour clock. It asks, waits and carries out; it decides
nothing, so a rule can change without breaking the history of a workflow that runs."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from domain.steps import Progress, Step

with workflow.unsafe.imports_passed_through():
    from workflows.activities import Activities
    from workflows.messages import BreachStart, DueAlarm, GiveAlarm, Happened, Look, Outlook
    from workflows.search_attributes import BREACH_DEADLINE, BREACH_STEP, SCHOOL

TASK_QUEUE = "tocsin-breaches"
AGAIN = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
QUICK = timedelta(seconds=10)
SEND = timedelta(seconds=15)
"""After a crash, a message that was being sent is tried again this much later; a postbox gives up sooner."""
SEND_AGAIN = timedelta(minutes=5)
LOOK_AGAIN = timedelta(days=1)
"""At the latest: a school may have made its own limits stricter since."""


def workflow_id(ref: str) -> str:
    """The workflow of an incident has the incident's reference as its id, so there is never a second one."""
    return f"breach-{ref}"


@workflow.defn(name="BreachWorkflow")
class BreachWorkflow:
    """Watches one incident from the first suspicion until it is closed."""

    @workflow.init
    def __init__(self, start: BreachStart) -> None:
        self.ref = start.ref
        self.known = 0
        self.outlook: Outlook | None = None
        self.rang: datetime | None = None

    @workflow.run
    async def run(self, _: BreachStart) -> str:
        """The five steps and the clock, beside what the engine does; ends when the incident is closed."""
        await self._look()
        beside = [asyncio.create_task(self._steps()), asyncio.create_task(self._clock())]
        while not await self._acted_to_the_end():
            pass
        for task in beside:
            await task
        if self.outlook is None or self._news(self.outlook):
            workflow.continue_as_new(BreachStart(ref=self.ref))
        return "closed"

    @workflow.signal(name="happened")
    def happened(self, event: Happened) -> None:
        """Something happened to the incident; a repeat of what is already known is dropped."""
        self.known = max(self.known, event.position)

    @workflow.query(name="position")
    def position(self) -> int:
        """Up to which position of the log this workflow has looked."""
        return self.outlook.position if self.outlook else 0

    async def _steps(self) -> None:
        """Discover, contain, investigate, notify, review: tracks, of which a later one may end before an earlier."""
        for step in (Step.DISCOVER, Step.CONTAIN, Step.INVESTIGATE, Step.NOTIFY, Step.REVIEW):
            await workflow.wait_condition(partial(self._is_done, step))

    async def _clock(self) -> None:
        """The 72-hour clock: a durable timer to the deadline, set anew when awareness is corrected."""
        while self._is_open:
            rings_at = self._rings_at
            moved = partial(self._clock_moved, rings_at)
            if rings_at is None:
                await workflow.wait_condition(moved)
                continue
            try:
                await workflow.wait_condition(
                    moved,
                    timeout=max(rings_at - workflow.now(), timedelta(0)),
                    timeout_summary=f"72-hour clock, rings at {self._shown_deadline}",
                )
            except TimeoutError:
                await self._ring(rings_at)
                await workflow.wait_condition(moved)

    async def _ring(self, rings_at: datetime) -> None:
        position = await workflow.execute_activity_method(
            Activities.record_missed_deadline,
            Look(ref=self.ref, now=max(workflow.now(), rings_at)),
            start_to_close_timeout=QUICK,
            retry_policy=AGAIN,
            summary="the 72 hours have passed",
        )
        self.known = max(self.known, position)

    async def _acted_to_the_end(self) -> bool:
        """False after a request to cancel: only closing the incident ends its clock."""
        try:
            await self._act()
        except asyncio.CancelledError:
            return False
        return True

    async def _act(self) -> None:
        """Gives the alarms that are due, then waits for the next one or for something to happen; until it is closed."""
        while self.outlook is not None and (self.outlook.open or self._news(self.outlook)):
            if self.outlook.open:
                await self._act_once(self.outlook)
            await self._look()
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(BreachStart(ref=self.ref))

    async def _act_once(self, outlook: Outlook) -> None:
        if not outlook.alarms:
            await self._wait(outlook, outlook.next_at, outlook.next_is)
        elif not await self._give(outlook.alarms):
            await self._wait(outlook, workflow.now() + SEND_AGAIN, "a message did not get through: again")

    async def _give(self, alarms: tuple[DueAlarm, ...]) -> bool:
        """Whether every message got through."""
        now = workflow.now()
        given = await asyncio.gather(*(self._give_one(alarm, now) for alarm in alarms))
        return all(given)

    async def _give_one(self, alarm: DueAlarm, now: datetime) -> bool:
        try:
            await workflow.execute_activity_method(
                Activities.give_alarm,
                GiveAlarm(ref=self.ref, alarm=alarm, now=now),
                start_to_close_timeout=SEND,
                schedule_to_close_timeout=SEND_AGAIN,
                retry_policy=AGAIN,
                summary=alarm.name,
            )
        except ActivityError:
            return False
        return True

    async def _wait(self, outlook: Outlook, until: datetime | None, why: str) -> None:
        news = partial(self._news, outlook)
        again = workflow.now() + LOOK_AGAIN
        if until is None or until > again:
            until, why = again, "look again"
        remaining = max(until - workflow.now(), timedelta(0))
        try:
            await workflow.wait_condition(news, timeout=remaining, timeout_summary=why)
        except TimeoutError:
            return

    async def _look(self) -> None:
        """Asks how the incident stands, and shows it on Temporal's pages."""
        outlook = await workflow.execute_local_activity_method(
            Activities.look,
            Look(ref=self.ref, now=workflow.now()),
            start_to_close_timeout=QUICK,
            retry_policy=AGAIN,
        )
        before, self.outlook = self.outlook, outlook
        if outlook != before:
            self._show(before, outlook)
        self.known = max(self.known, outlook.position)

    def _show(self, before: Outlook | None, outlook: Outlook) -> None:
        steps = "\n".join(f"- **{step}**: {state}" for step, state in outlook.steps.items())
        state = "running" if outlook.rings_at else "not running"
        clock = f"72-hour clock: {self._shown_deadline}, {state}"
        workflow.set_current_details(f"{steps}\n\n{clock}\n\nNext: {outlook.next_is or 'nothing'}")
        if before is None or (outlook.step, outlook.deadline) != (before.step, before.deadline):
            workflow.upsert_search_attributes(
                [
                    BREACH_STEP.value_set(outlook.step),
                    SCHOOL.value_set(outlook.school),
                    BREACH_DEADLINE.value_set(outlook.deadline) if outlook.deadline else BREACH_DEADLINE.value_unset(),
                ]
            )

    def _news(self, outlook: Outlook) -> bool:
        return self.known > outlook.position

    def _is_done(self, step: Step) -> bool:
        return self.outlook is not None and self.outlook.steps[step] == Progress.DONE

    def _clock_moved(self, rings_at: datetime | None) -> bool:
        return not self._is_open or self._rings_at != rings_at

    @property
    def _is_open(self) -> bool:
        return self.outlook is None or self.outlook.open

    @property
    def _shown_deadline(self) -> str:
        deadline = self.outlook.deadline if self.outlook else None
        return f"{deadline:%Y-%m-%d %H:%M} UTC" if deadline else "not started"

    @property
    def _rings_at(self) -> datetime | None:
        return self.outlook.rings_at if self.outlook else None
