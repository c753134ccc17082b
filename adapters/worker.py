"""The Temporal worker that runs the breach workflows and their activities."""

from concurrent.futures import Executor
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import PollerBehaviorSimpleMaximum, Worker

from workflows.activities import Activities
from workflows.breach import TASK_QUEUE, BreachWorkflow

THREADS = 16


def breach_worker(client: Client, activities: Activities, executor: Executor) -> Worker:
    """A worker with the settings that were measured to matter; the executor needs `THREADS` threads."""
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[BreachWorkflow],
        activities=activities.all,
        activity_executor=executor,
        max_concurrent_activities=THREADS,
        max_concurrent_local_activities=THREADS,
        max_cached_workflows=2000,
        # The default of five pollers leaves one for workflows that are not cached: a fifth of the speed.
        workflow_task_poller_behavior=PollerBehaviorSimpleMaximum(20),
        # After a crash, a cached workflow waits this long for the worker that is gone.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=3),
        graceful_shutdown_timeout=timedelta(seconds=10),
    )
