"""The five steps of the procedure, as tracks: each is not started, under way or done."""

from enum import StrEnum


class Step(StrEnum):
    """A step of the breach procedure (Appendix 2)."""

    DISCOVER = "discover"
    CONTAIN = "contain"
    INVESTIGATE = "investigate"
    NOTIFY = "notify"
    REVIEW = "review"


class Progress(StrEnum):
    """How far a step is. A step in which nothing more is asked for is done."""

    NOT_STARTED = "not started"
    UNDER_WAY = "under way"
    DONE = "done"


Steps = dict[Step, Progress]


def current_step(steps: Steps) -> Step | None:
    """The first step that is not done, or None when all are."""
    return next((step for step in Step if steps[step] is not Progress.DONE), None)
