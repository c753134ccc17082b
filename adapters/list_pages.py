"""A page of a kept list: found by index from where the page before it ended.

Nothing is counted and nothing passed over, so that a page costs the same however long the list is. What each way of
finding one costs is measured by benchmarks/desk_list.py.
"""

import binascii
import json
import sqlite3
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Generic, NamedTuple

from adapters.kept_lists import V
from adapters.list_filters import Wanted
from domain.errors import Refused
from domain.steps import Step
from projections.breach_log import Finding

MOST = 200
"""Rows of one page."""

FEW = 26
"""Up to so many schools, each is asked for its first rows; of more, only those whose own first row comes first."""

SEVERAL = 200
"""Of more schools than these, a row is likely to be near the top of the common order, so that is read first."""

A_WHILE = 1_000
"""Rows of the common order: reading them takes no longer than asking so many schools for their first row."""

LAST = "\U0010ffff"
FINDINGS = [str(finding) for finding in Finding]
STEPS = ["", *map(str, Step)]


class NoSuchPlace(Refused):
    """That place in the list is not known; start again at the beginning of the list."""


@dataclass(frozen=True)
class Page(Generic[V]):
    """Rows of a list, and what to give as `after` for the page that follows and the one before; None at an end."""

    rows: tuple[V, ...]
    next: str | None
    previous: str | None


class Spot(NamedTuple):
    """Where a row stands; no two stand at the same."""

    sorted_by: str
    incident: str


@dataclass(frozen=True)
class Spots:
    """Where the rows of one page stand, and the places of the pages around it."""

    found: list[Spot]
    next: str | None
    previous: str | None


def spots(connection: sqlite3.Connection, wanted: Wanted, after: str | None, limit: int) -> Spots:
    """Where the rows of the page at `after` stand, or of the first page; raises `NoSuchPlace`."""
    size = max(1, min(limit, MOST))
    backwards, spot = _read(after) if after else (False, None)
    found = _found(Search(connection, wanted, spot, size + 1, descending=wanted.newest_first != backwards))
    page, more = found[:size], len(found) > size
    if not backwards:
        before = (page[0] if page else spot) if spot else None
        return Spots(page, _written("n", page[-1] if more else None), _written("p", before))
    if not more:
        # So near the beginning, the page before is the first page, and a full one.
        return spots(connection, wanted, None, limit)
    page.reverse()
    return Spots(page, _written("n", page[-1]), _written("p", page[0]))


def _written(direction: str, spot: Spot | None) -> str | None:
    return None if spot is None else direction + urlsafe_b64encode("\n".join(spot).encode()).decode().rstrip("=")


def _read(after: str) -> tuple[bool, Spot]:
    direction, text = after[0], after[1:]
    try:
        sorted_by, incident = urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}").decode().split("\n")
    except (ValueError, binascii.Error):
        raise NoSuchPlace from None
    if direction not in "np":
        raise NoSuchPlace
    return direction == "p", Spot(sorted_by, incident)


def _found(search: "Search") -> list[Spot]:
    """In the way that fits; all of them find the same."""
    schools = search.wanted.schools
    if schools is None:
        return search.of_every_school()
    if len(schools) <= FEW:
        return search.of_schools(schools)
    near = search.near_the_top(schools) if len(schools) > SEVERAL else []
    return near if len(near) == search.limit else search.of_schools(search.first_schools(), first_first=True)


@dataclass(frozen=True)
class Search:
    """Looks for the first so many rows beyond a spot, in one direction, by the indexes of the list."""

    connection: sqlite3.Connection
    wanted: Wanted
    beyond: Spot | None
    limit: int
    descending: bool

    def of_every_school(self) -> list[Spot]:
        """Down the common order; where a kind of row is wanted, down the order of each kind that fits."""
        finding, step = self.wanted.finding, self.wanted.step
        if finding is None and step is None:
            return self._select(self._in("in_order", self._role))
        kinds = [(each, stage) for each in _one_or(finding, FINDINGS) for stage in _one_or(step, STEPS)]
        of_kind = self._in("of_kind", f"AND finding = :finding AND step = :step {self._role}")
        return self._first(spot for each, stage in kinds for spot in self._select(of_kind, finding=each, step=stage))

    def of_schools(self, schools: Mapping[str, int], *, first_first: bool = False) -> list[Spot]:
        """Down the order of each school; `first_first`: the school whose own first row comes first is the first."""
        of_school = self._in("of_school", f"AND school = :school {self._kind} {self._role}")
        found: list[Spot] = []
        for school, asked in schools.items():
            more = self._select(of_school, school=school, asked=asked)
            full = len(found) == self.limit
            found = self._first([*found, *more])
            if first_first and full and more[0] not in found:
                break  # none of the schools after it has an earlier row
        return found

    def first_schools(self) -> dict[str, int]:
        """The schools whose own first row is among the first: no other school has a row on the page."""
        first = self._in(
            "of_school", f"AND school = key {self._kind} {self._role_at}", "sorted_by || ' ' || incident", 1
        )
        select = f"SELECT key, value, ({first}) AS first FROM json_each(:schools) ORDER BY first {self._direction}"  # noqa: S608
        rows = self.connection.execute(f"{select} NULLS LAST LIMIT :limit", self._values | {"schools": self._schools})
        return {school: asked for school, asked, first in rows if first is not None}

    def near_the_top(self, schools: Mapping[str, int]) -> list[Spot]:
        """Down the common order for a while: all of the first rows, or fewer than there are."""
        near = self._in("in_order", self._kind, "sorted_by, incident, school, asked", A_WHILE)
        rows = self.connection.execute(near, self._values)
        by_role = self.wanted.by_role
        found = (
            Spot(sorted_by, incident)
            for sorted_by, incident, school, asked in rows
            if school in schools and (not by_role or asked & schools[school])
        )
        return list(islice(found, self.limit))

    def _first(self, found: Iterable[Spot]) -> list[Spot]:
        return sorted(found, reverse=self.descending)[: self.limit]

    def _select(self, select: str, **values: object) -> list[Spot]:
        return [Spot(*row) for row in self.connection.execute(select, self._values | values)]

    def _in(self, index: str, and_: str, columns: str = "sorted_by, incident", limit: int | None = None) -> str:
        """A search down an index; its text holds names of ours alone, and values are bound."""
        if self.descending:
            beyond = "(sorted_by, incident) < (:sorted_by, :incident) AND sorted_by >= :end"
        else:
            beyond = "(sorted_by, incident) > (:sorted_by, :incident) AND sorted_by < :end"
        return f"""SELECT {columns} FROM list_rows INDEXED BY list_rows_{index}
            WHERE {beyond} {and_} {self._order} LIMIT {limit or self.limit}"""  # noqa: S608

    @property
    def _direction(self) -> str:
        return "DESC" if self.descending else ""

    @property
    def _order(self) -> str:
        return f"ORDER BY sorted_by {self._direction}, incident {self._direction}"

    @property
    def _kind(self) -> str:
        finding = "" if self.wanted.finding is None else "AND finding = :finding"
        return finding if self.wanted.step is None else f"{finding} AND step = :step"

    @property
    def _role(self) -> str:
        return "AND asked & :asked" if self.wanted.by_role else ""

    @property
    def _role_at(self) -> str:
        return "AND asked & value" if self.wanted.by_role else ""

    @property
    def _schools(self) -> str:
        return json.dumps(self.wanted.schools)

    @cached_property
    def _values(self) -> dict[str, object]:
        wanted = self.wanted
        if self.descending:
            first, end = min(self.beyond or Spot(LAST, ""), Spot(wanted.before, "")), wanted.since
        else:
            first, end = max(self.beyond or Spot("", ""), Spot(wanted.since, "")), wanted.before
        sorted_by, incident = first
        return {
            "sorted_by": sorted_by, "incident": incident, "end": end, "limit": self.limit,
            "asked": wanted.asked, "finding": wanted.finding, "step": wanted.step,
        }  # fmt: skip


def _one_or(one: str | None, every: list[str]) -> list[str]:
    return every if one is None else [one]
