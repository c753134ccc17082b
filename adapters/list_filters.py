"""What somebody wants to see of a kept list, and the same in the words of the list's columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from adapters.kept_lists import bits_of
from domain.roles import Role
from domain.steps import Step
from projections.breach_log import Finding

DUE, UNDATED, CLOSED = "1 ", "2 ", "3 "
"""How the desk sorts: by what is due next, then what has no date by age, then what is closed, the newest first."""

END = "9999"
"""Behind every row of every list."""

LAST_SECOND = 10**11
State = Literal["open", "closed", "all"]


@dataclass(frozen=True)
class Wanted:
    """A part of a list in the words of its columns; `schools` gives, for each, the bits of the roles to look for."""

    schools: Mapping[str, int] | None
    by_role: bool = False
    asked: int = 0
    since: str = ""
    before: str = END
    finding: str | None = None
    step: str | None = None
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """What the desk is asked for. `step`, `asked` and `due_before` leave out what is closed, which asks for nothing.

    `asked`: any of these roles is asked for something; empty, whoever is. `asked_at` says so school by school instead,
    and leaves out every other school.
    """

    state: State = "open"
    school: str | None = None
    step: Step | None = None
    finding: Finding | None = None
    asked: frozenset[Role] = frozenset()
    asked_at: Mapping[str, frozenset[Role]] | None = None
    due_before: datetime | None = None

    def wanted(self, schools: frozenset[str] | None) -> Wanted:
        """The same, for somebody who sees these schools, or every school."""
        seen = _narrowed(schools, self.school)
        if self.asked_at is not None:
            seen = frozenset(self.asked_at) if seen is None else seen & self.asked_at.keys()
        bits_at = {school: bits_of(roles) for school, roles in (self.asked_at or {}).items()}
        bits = bits_of(self.asked)
        by_role = bool(self.asked) or self.asked_at is not None
        return Wanted(
            schools=None if seen is None else {each: bits_at.get(each, bits) for each in seen},
            by_role=by_role,
            asked=bits,
            since=CLOSED if self.state == "closed" else "",
            before=self._before(open_only=self.state == "open" or bool(self.step) or by_role),
            finding=self.finding and str(self.finding),
            step=self.step and str(self.step),
        )

    def _before(self, *, open_only: bool) -> str:
        if self.due_before is not None:
            return due_key(self.due_before)
        return CLOSED if open_only else END


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What the breach log is asked for; the year is the one, in UTC, in which the incident was reported."""

    school: str | None = None
    finding: Finding | None = None
    year: int | None = None

    def wanted(self, schools: frozenset[str] | None) -> Wanted:
        """The same, for somebody who sees these schools, or every school; the newest first."""
        seen = _narrowed(schools, self.school)
        return Wanted(
            schools=None if seen is None else dict.fromkeys(seen, 0),
            since="" if self.year is None else f"{self.year:04}",
            before=END if self.year is None else f"{self.year + 1:04}",
            finding=self.finding and str(self.finding),
            newest_first=True,
        )


def _narrowed(schools: frozenset[str] | None, school: str | None) -> frozenset[str] | None:
    if school is None:
        return schools
    return frozenset({school}) if schools is None else schools & {school}


def due_key(due_at: datetime) -> str:
    """How the desk sorts what is due at that moment."""
    return f"{DUE}{due_at.astimezone(UTC).isoformat(timespec='microseconds')}"


def desk_key(reported_at: datetime, due_at: datetime | None, *, closed: bool) -> str:
    """How the desk sorts an incident."""
    if closed:
        return f"{CLOSED}{LAST_SECOND - int(reported_at.timestamp()):012}"
    if due_at is not None:
        return due_key(due_at)
    return f"{UNDATED}{reported_at.astimezone(UTC).isoformat(timespec='microseconds')}"
