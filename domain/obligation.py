"""One thing that the law or the procedure still asks for."""

from dataclasses import dataclass
from datetime import datetime

from domain.roles import Role
from domain.steps import Step

LEADS = (Role.LEAD, Role.DPO)
CONTROLLER = (Role.LEAD, Role.HEAD, Role.CHAIR)


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing still asked for: the command that meets it, in words, why, of whom, and by when if there is a date."""

    step: Step
    command: str
    what: str
    why: str
    who: tuple[Role, ...]
    due_at: datetime | None = None
