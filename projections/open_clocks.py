"""Which incidents are open, whose clock runs, what is asked for next and by when."""

from domain.incident import Incident
from domain.obligations import outstanding, progress
from domain.quantities import Instant, Value
from domain.roles import Role
from domain.steps import Progress, Step, current_step


class NextAct(Value):
    """One thing still asked for."""

    command: str
    what: str
    why: str
    who: tuple[Role, ...]
    due_at: Instant | None


class OpenClock(Value):
    """One open incident. `deadline` is set while the question of the 72 hours is open."""

    ref: str
    school: str
    reported_at: Instant
    aware_at: Instant | None
    deadline: Instant | None
    missed: bool
    step: Step | None
    steps: dict[Step, Progress]
    acts: tuple[NextAct, ...]
    awaiting_acknowledgement: tuple[str, ...]


def open_clock(incident: Incident) -> OpenClock | None:
    """The open incident as its watchers see it; None once it is closed."""
    if incident.closed:
        return None
    breach, steps = incident.breach, progress(incident)
    return OpenClock(
        ref=incident.ref,
        school=incident.school,
        reported_at=incident.reported_at,
        aware_at=breach.aware_at if breach else None,
        deadline=breach.deadline if breach and incident.clock_runs else None,
        missed=bool(breach and incident.clock_runs and breach.deadline in incident.missed),
        step=current_step(steps),
        steps=steps,
        acts=tuple(
            NextAct(command=o.command, what=o.what, why=o.why, who=o.who, due_at=o.due_at)
            for o in outstanding(incident)
        ),
        awaiting_acknowledgement=tuple(sorted(incident.awaiting)),
    )
