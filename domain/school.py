"""A school as controller: who it is, who is to be reached, and its own policy. Kept outside the event log."""

from functools import cache
from re import fullmatch
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


@cache
def _zones() -> frozenset[str]:
    """Every zone, read from the disk once: it takes four milliseconds."""
    return frozenset(available_timezones())


def _known_zone(zone: str) -> str:
    if zone not in _zones():
        raise ValueError("not the name of a time zone, such as Europe/London")
    return zone


LIGHTEST = 4.5
"""WCAG 2.2, 1.4.3 (AA): the least contrast of text with its background; white text stands on a school's colour."""


def _carries_white_text(colour: str) -> str:
    """As WCAG 2.2 defines contrast and relative luminance; white has a luminance of 1."""
    if not fullmatch("#[0-9a-fA-F]{6}", colour):
        raise ValueError("write the colour as # and six digits or letters from a to f, such as #1b365d")
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    if 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) < LIGHTEST:
        raise ValueError(f"white text on this colour has a contrast below {LIGHTEST} to 1; choose a darker one")
    return colour.lower()


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
    colour: Annotated[str, AfterValidator(_carries_white_text)] | None = None
    contacts: Annotated[dict[Role, Contact], Field(default_factory=dict)]
    policy: Annotated[Policy, Field(default_factory=Policy)]

    @property
    def timezone(self) -> ZoneInfo:
        """The zone in which its people read a clock."""
        return ZoneInfo(self.zone)
