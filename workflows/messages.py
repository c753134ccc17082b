"""What Temporal is told: ids, kinds and times, never personal data. Unknown fields are ignored, so that a workflow
of 72 hours outlives a deployment."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """A frozen message."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class BreachStart(Message):
    """Which incident a workflow watches."""

    ref: str


class Happened(Message):
    """An event of the incident stands at this position of the log."""

    position: int


class Look(Message):
    """A question: how does the incident stand, and what is due at `now`?"""

    ref: str
    now: datetime


class DueAlarm(Message):
    """One message that is due. The name is the alarm's; the text is made where it is sent."""

    name: str
    family: str
    to: str
    due_at: datetime
    because: str | None = None
    stands_for: tuple[str, ...] = ()


class Outlook(Message):
    """The answer: how far each step is, what is due now, and when to look again at the latest.

    `aware_at` and `deadline` are shown; `rings_at` and `next_at` are waited for, in the engine's time.
    """

    position: int
    open: bool
    school: str
    steps: dict[str, str]
    step: str
    aware_at: datetime | None
    deadline: datetime | None
    rings_at: datetime | None
    alarms: tuple[DueAlarm, ...]
    next_at: datetime | None
    next_is: str = ""


class GiveAlarm(Message):
    """Carry out one alarm: deliver its message, then record it."""

    ref: str
    alarm: DueAlarm
    now: datetime
