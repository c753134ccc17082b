"""A school as controller: who it is, who is to be reached, and its own policy. Kept outside the event log."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from domain.events.base import SchoolId
from domain.policy import Policy
from domain.quantities import Value
from domain.roles import Role
from domain.vocabulary import Answer

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Address = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$", max_length=254)]


def _known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError("not the name of a time zone, such as Europe/London")
    return zone


class Contact(Value):
    """How one role is reached."""

    email: Address
    name: Line | None = None
    telephone: Line | None = None


class School(Value):
    """One controller, and the people who act for it."""

    id: SchoolId
    name: Line
    zone: Annotated[str, AfterValidator(_known_zone)] = "Europe/London"
    regulator: Line = "ICO"
    nation: Literal["England", "Wales", "Scotland", "Northern Ireland", "Netherlands"] = "England"
    address: Line | None = None
    registration: Line | None = None
    size: Literal["under_250_staff", "250_or_more"] | None = None
    first_report: Answer = Answer.UNKNOWN
    certification: Line | None = None
    contacts: Annotated[dict[Role, Contact], Field(default_factory=dict)]
    policy: Annotated[Policy, Field(default_factory=Policy)]

    @property
    def timezone(self) -> ZoneInfo:
        """The zone in which its people read a clock."""
        return ZoneInfo(self.zone)
