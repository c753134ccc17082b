"""Everything that can happen to an incident. Read this first: one module a step, one union of them all."""

from typing import Annotated, TypeAlias

from pydantic import Field

from domain.events.base import Fact, IncidentId, Place, SchoolId
from domain.events.complain import ComplainFact
from domain.events.contain import ContainFact
from domain.events.discover import DiscoverFact
from domain.events.engine import EngineFact
from domain.events.investigate import InvestigateFact
from domain.events.notify import NotifyFact
from domain.events.review import ReviewFact
from domain.events.school import SchoolFact

IncidentFact: TypeAlias = (
    DiscoverFact | ContainFact | InvestigateFact | NotifyFact | ReviewFact | ComplainFact | EngineFact
)
"""What can happen to an incident."""

AnyFact: TypeAlias = IncidentFact | SchoolFact
"""What can stand in the log."""


class Recorded(Place):
    """A fact with its place. `position` is its place in the whole log: 0 until the log has given it one."""

    fact: Annotated[AnyFact, Field(discriminator="kind")]
    position: Annotated[int, Field(ge=0)] = 0


__all__ = ["AnyFact", "Fact", "IncidentFact", "IncidentId", "Place", "Recorded", "SchoolId"]
