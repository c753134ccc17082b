"""What every fact is, and the envelope that says who wrote it down, when, where and acting as what."""

from typing import Annotated

from pydantic import Field, StringConstraints

from domain.quantities import Instant, Value
from domain.roles import Actor

SchoolId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{4,8}$")]
"""The school's official number: a six-digit URN in England, a BRIN code in the Netherlands."""

IncidentId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{4,8}-[0-9A-HJKMNP-TV-Z]{8}$")]
"""The reference people use: the school's number and eight letters or digits that say nothing."""


StreamId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{4,8}-([0-9A-HJKMNP-TV-Z]{8}|SCHOOL)$")]
"""An incident, or `URN-SCHOOL`: what is recorded of the school itself."""


class Fact(Value):
    """Something that happened. Frozen; its name and its fields are for ever."""


class Place(Value):
    """Where in the log an event stands, and who put it there."""

    school: SchoolId
    incident: StreamId
    version: Annotated[int, Field(ge=1)]
    recorded_at: Instant
    actor: Actor
    command_id: Annotated[str, StringConstraints(min_length=1, max_length=100)]
