"""What the log of sign-ins shows to whom.

Somebody who oversees some schools reads what happened to the accounts of their people, since those people belong to one
of these schools; of what administrators did to them, only what concerns these schools. What happened before, or at
another school, is that school's business.
"""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from adapters.accounts.people import EVERY_SCHOOL, Membership, Person
from adapters.accounts.reach import PAGE, Reach
from adapters.accounts.sign_in_log import IN_WORDS, LATEST
from adapters.accounts.store import Accounts
from domain.roles import Role

ACTS = {
    "invitation_made": "One-time link made",
    "invitation_used": "One-time link used",
    "role_given": "Role given",
    "role_taken": "Role taken away",
    "kept_out": "Kept out",
    "let_in": "Let in again",
    "signed_out_by": "Signed out by an administrator",
}
"""What administrators do to the accounts of others."""
KINDS = {
    **IN_WORDS,
    **ACTS,
    "provider_added": "Account elsewhere added",
    "provider_removed": "Account elsewhere removed",
    "token_made": "Token made",
    "token_revoked": "Token revoked",
}
"""Every kind of line, in words."""
MACHINE = "machine"
"""In place of a person: whoever runs Tocsin, at the command line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is shown. `by` is the name of whoever did it, where an administrator did."""

    number: int
    at: datetime
    person: str | None
    name: str
    what: str
    address: str
    detail: str
    by: str
    role: Membership | None


def note_act(
    accounts: Accounts, what: str, person_id: str, by: Person | None, address: str = "", role: Membership | None = None
) -> None:
    """Writes down what an administrator, or whoever runs Tocsin, did to somebody's account, and with which role."""
    about = f" {role.school or '*'} {role.role}" if role else ""
    accounts.note(what, person_id, address, f"{by.id if by else MACHINE}{about}")


def lines(
    accounts: Accounts,
    reach: Reach,
    before: int | None = None,
    person: str | None = None,
    what: str | None = None,
    limit: int = PAGE,
) -> list[Line]:
    """Lines of the log within reach, the newest first: those before that number, of that person, of that kind."""
    given = {
        "reach": None if reach is None else json.dumps(sorted(reach)),
        "before": LATEST if before is None else before,
        "person": person,
        "what": what,
        "acts": json.dumps([*ACTS]),
        "limit": limit,
    }
    return [_line(accounts, row, reach) for row in accounts.db.execute(_LINES, given).fetchall()]


def last_sign_in(accounts: Accounts, reach: Reach, person: str) -> datetime | None:
    """When that person last signed in, as far as somebody of that reach may know."""
    found = lines(accounts, reach, person=person, what="signed_in", limit=1)
    return found[0].at if found else None


# The detail of an act is "who", or "who school role".
_LINES = """
WITH seen AS (
    SELECT m.person, min(coalesce(j.since, '')) AS since
    FROM memberships m LEFT JOIN joined j ON j.person = m.person AND j.school = m.school
    WHERE m.school IN (SELECT value FROM json_each(:reach)) GROUP BY m.person),
told AS (
    SELECT l.*, substr(l.detail, 1, instr(l.detail || ' ', ' ') - 1) AS who,
        substr(l.detail, instr(l.detail || ' ', ' ') + 1) AS about
    FROM sign_in_log l
    WHERE l.number < :before AND (:person IS NULL OR l.person = :person) AND (:what IS NULL OR l.what = :what))
SELECT told.*, people.name FROM told LEFT JOIN people ON people.id = told.person
WHERE :reach IS NULL OR (
    EXISTS (SELECT 1 FROM seen WHERE seen.person = told.person AND told.at >= seen.since)
    AND (told.what NOT IN (SELECT value FROM json_each(:acts))
        OR CASE WHEN about = '' THEN who IN (SELECT person FROM seen)
            ELSE substr(about, 1, instr(about || ' ', ' ') - 1) IN (SELECT value FROM json_each(:reach)) END))
ORDER BY told.number DESC LIMIT :limit
"""


def _line(accounts: Accounts, row: sqlite3.Row, reach: Reach) -> Line:
    act, role = row["what"] in ACTS, None
    if act and row["about"]:
        school, name = row["about"].split(" ", maxsplit=1)
        role = Membership(Role(name), EVERY_SCHOOL if school == "*" else school)
    return Line(
        number=row["number"],
        at=datetime.fromisoformat(row["at"]),
        person=row["person"],
        name=row["name"] or "",
        what=row["what"],
        address=row["address"],
        detail="" if act else row["detail"],
        by=_who(accounts, row["who"], reach) if act else "",
        role=role,
    )


def _who(accounts: Accounts, who: str, reach: Reach) -> str:
    """The name of whoever did it, where their being here is known to whoever reads."""
    if who == MACHINE:
        return "whoever runs Tocsin"
    try:
        person = accounts.person(who)
    except KeyError:
        return "an administrator"
    known = reach is None or any(each.school in reach for each in person.memberships)
    return person.name if known else "an administrator of more schools"
