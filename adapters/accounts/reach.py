"""Which people an administrator is shown, and how much of them: the walls between the schools' registers.

A reach is the set of schools whose people somebody manages; None stands for every school. Somebody without a role at a
school of the reach is not there at all, and of the others only the roles there are shown. Whoever was invited and has
not accepted yet is shown as the inviting school typed them (adapters/accounts/granting.py says why).
"""

import json
import sqlite3
from dataclasses import dataclass
from typing import Literal

from adapters.accounts.people import EVERY_SCHOOL, Person
from adapters.accounts.store import Accounts
from domain.roles import Role

Reach = frozenset[str] | None
State = Literal["held", "invited", "kept_out"]

NEVER_GIVEN = frozenset({Role.ENGINE, Role.SUPPLIER})
"""Tocsin itself, and suppliers, who sign what they send and have no account."""
GIVEN = tuple(role for role in Role if role not in NEVER_GIVEN)


@dataclass(frozen=True, slots=True)
class Held:
    """A role at a school, and whether it is in force."""

    role: Role
    school: str | None
    state: State


@dataclass(frozen=True, slots=True)
class Managed:
    """A person as an administrator sees them: only the roles within reach."""

    id: str
    name: str
    email: str
    roles: tuple[Held, ...]
    disabled: bool

    @property
    def state(self) -> Literal["disabled", "held", "invited", "kept_out"]:
        """What is said of them in one word."""
        states = {each.state for each in self.roles}
        if self.disabled:
            return "disabled"
        return "held" if "held" in states or not states else "invited" if "invited" in states else "kept_out"


def reach_of(person: Person) -> Reach:
    """The schools whose people somebody manages; a disabled person manages none."""
    return frozenset() if person.disabled else person.schools_seeing("people")


def within(reach: Reach, school: str | None) -> bool:
    """Whether a school, or every school, lies within a reach."""
    return reach is None or (school is not None and school in reach)


def wholly_within(accounts: Accounts, reach: Reach, person: Person) -> bool:
    """Whether every role of an account, also where it is kept out, lies within a reach.

    Only then may whoever has that reach act on the account itself and not just on roles: other schools rely on it too.
    """
    kept_out = "SELECT school FROM waiting WHERE person = ? AND why = 'kept_out'"
    schools = [each.school for each in person.memberships]
    schools += [row["school"] or EVERY_SCHOOL for row in accounts.db.execute(kept_out, (person.id,))]
    return all(within(reach, school) for school in schools)


def managed(accounts: Accounts, reach: Reach, person_id: str) -> Managed | None:
    """The person, if one of their roles lies within reach; None otherwise, and where there is no such person."""
    try:
        person = accounts.person(person_id)
    except KeyError:
        return None
    found = _managed(accounts.db, person, reach)
    return found if found.roles or reach is None else None


def _managed(db: sqlite3.Connection, person: Person, reach: Reach) -> Managed:
    held = [Held(each.role, each.school, "held") for each in person.memberships if within(reach, each.school)]
    rows = db.execute("SELECT role, school, why, name FROM waiting WHERE person = ?", (person.id,)).fetchall()
    waiting = [row for row in rows if within(reach, row["school"] or EVERY_SCHOOL)]
    roles = [*held, *(Held(Role(row["role"]), row["school"] or EVERY_SCHOOL, row["why"]) for row in waiting)]
    roles.sort(key=lambda each: (each.school or "", GIVEN.index(each.role) if each.role in GIVEN else -1))
    known = bool(held) or reach is None or not waiting
    name = person.name if known else str(waiting[0]["name"])
    return Managed(person.id, name, person.email.lower(), tuple(roles), person.disabled and known)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which people are asked for."""

    school: str | None = None
    role: Role | None = None
    text: str = ""


PAGE = 50
"""People, or lines of the log of sign-ins, on one page."""


def listed(accounts: Accounts, reach: Reach, chosen: Chosen, page: int = 1) -> tuple[list[Managed], int]:
    """The people within reach that are asked for, by name, a page of them; and how many they are in all."""
    given = {
        "reach": None if reach is None else json.dumps(sorted(reach)),
        "school": chosen.school,
        "role": chosen.role,
        "text": chosen.text.strip().lower(),
        "skipped": (page - 1) * PAGE,
        "page": PAGE,
    }
    rows = accounts.db.execute(_LISTED + _ONE_PAGE, given).fetchall()
    people = [_managed(accounts.db, accounts.person(row["id"]), reach) for row in rows]
    total = accounts.db.execute(_LISTED + _ALL_OF_THEM, given).fetchone()[0]
    return people, int(total)


_ONE_PAGE = "SELECT id FROM found ORDER BY shown COLLATE NOCASE, id LIMIT :page OFFSET :skipped"
_ALL_OF_THEM = "SELECT count(*) FROM found"
_LISTED = """
WITH near AS (
    SELECT person, role, school, 1 AS held, NULL AS name FROM memberships
    UNION ALL SELECT person, role, school, 0, name FROM waiting),
seen AS (SELECT * FROM near WHERE :reach IS NULL OR school IN (SELECT value FROM json_each(:reach))),
named AS (
    SELECT id, lower(email) AS address, CASE
        WHEN :reach IS NULL OR id IN (SELECT person FROM seen WHERE held) THEN people.name
        ELSE (SELECT name FROM seen WHERE person = id LIMIT 1) END AS shown
    FROM people WHERE :reach IS NULL OR id IN (SELECT person FROM seen)),
found AS (
    SELECT id, shown FROM named
    WHERE (instr(lower(shown), :text) OR instr(address, :text)) AND (
        (:school IS NULL AND :role IS NULL) OR id IN (
            SELECT person FROM seen
            WHERE (:school IS NULL OR school IN (:school, '')) AND (:role IS NULL OR role = :role))))
"""
