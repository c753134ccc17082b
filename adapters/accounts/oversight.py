"""What the log of sign-ins shows to whom.

Somebody who oversees some schools reads what happened to the accounts of their people, since those people belong to one
of these schools; of what administrators did to them, only what concerns these schools. What happened before, or at
another school, is that school's business. A role that was given or taken at one of these schools stays in sight for
good, and so does a link that one of their administrators made, from the first role on that they gave: whoever has given
themselves, or a name that they made up, a role that sees incidents cannot make that disappear.
"""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from adapters.accounts.people import EVERY_SCHOOL, Membership, Person
from adapters.accounts.reach import PAGE, Reach, reach_of
from adapters.accounts.sign_in_log import IN_WORDS, LATEST
from adapters.accounts.store import Accounts
from domain.roles import Role

ACTS = {
    "invitation_made": "One-time link made",
    "account_opened": "One-time link used to choose a new way of signing in",
    "invitation_used": "One-time link used to accept roles",
    "invitation_refused": "One-time link used in vain",
    "role_given": "Role given",
    "own_role_given": "Role given to themselves",
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
USES_OF_LINKS = ("account_opened", "invitation_used", "invitation_refused")
"""The kinds whose “by” is whoever made the link, and not whoever used it."""
_USED_SINCE = """
SELECT detail FROM sign_in_log WHERE person = ? AND number > ? AND what IN ('account_opened', 'invitation_used')
"""
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
    with accounts.writing() as db:
        write_act(db, accounts.clock(), what, person_id, by, address, role)


def write_act(
    db: sqlite3.Connection,
    now: datetime,
    what: str,
    person_id: str,
    by: Person | None,
    address: str = "",
    role: Membership | None = None,
) -> None:
    """The same in a transaction that is under way."""
    about = f" {role.school or '*'} {role.role}" if role else ""
    line = (now.isoformat(), person_id, what, address, f"{by.id if by else MACHINE}{about}")
    db.execute("INSERT INTO sign_in_log (at, person, what, address, detail) VALUES (?, ?, ?, ?, ?)", line)


def opener_of(accounts: Accounts, person_id: str) -> Reach:
    """How far whoever made the link reaches now with which the account was opened last; nowhere where none was."""
    last = "SELECT detail FROM sign_in_log WHERE person = ? AND what = 'account_opened' ORDER BY number DESC LIMIT 1"
    row = accounts.db.execute(last, (person_id,)).fetchone()
    return frozenset() if row is None else _reach_of_maker(accounts, row["detail"])


def link_refused(accounts: Accounts, reach: Reach, person_id: str) -> bool:
    """Whether a link of that reach was used in vain for that person, and none for these schools with success since."""
    refused = lines(accounts, reach, person=person_id, what="invitation_refused", limit=1)
    if not refused:
        return False
    rows = accounts.db.execute(_USED_SINCE, (person_id, refused[0].number)).fetchall()
    makers = [_reach_of_maker(accounts, row["detail"]) for row in rows]
    return not any(theirs is None or reach is None or theirs & reach for theirs in makers)


def _reach_of_maker(accounts: Accounts, who: str) -> Reach:
    return None if who == MACHINE else reach_of(accounts.person(who))


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


# The detail of an act is "who", or "who school role". Names of those who accepted nothing are shown as they were typed.
_LINES = """
WITH reached AS (SELECT value AS school FROM json_each(:reach)),
seen AS (
    SELECT m.person, min(coalesce(j.since, '')) AS since
    FROM memberships m LEFT JOIN joined j ON j.person = m.person AND j.school = m.school
    WHERE m.school IN reached GROUP BY m.person),
awaited AS (SELECT person, min(name) AS name FROM waiting WHERE school IN reached GROUP BY person),
told AS (
    SELECT l.*, substr(l.detail, 1, instr(l.detail || ' ', ' ') - 1) AS who,
        substr(l.detail, instr(l.detail || ' ', ' ') + 1) AS about,
        l.what IN (SELECT value FROM json_each(:acts)) AS act
    FROM sign_in_log l
    WHERE l.number < :before AND (:person IS NULL OR l.person = :person) AND (:what IS NULL OR l.what = :what))
SELECT told.*, CASE WHEN :reach IS NULL OR seen.person IS NOT NULL THEN people.name ELSE awaited.name END AS name
FROM told LEFT JOIN people ON people.id = told.person
    LEFT JOIN seen ON seen.person = told.person LEFT JOIN awaited ON awaited.person = told.person
WHERE :reach IS NULL OR CASE
    WHEN NOT act THEN told.at >= seen.since
    WHEN about != '' THEN substr(about, 1, instr(about || ' ', ' ') - 1) IN reached
    ELSE who IN (SELECT person FROM seen) AND (told.at >= seen.since OR told.at >= (
        SELECT min(g.at) FROM sign_in_log g
        WHERE g.person = told.person AND g.what IN ('role_given', 'own_role_given') AND EXISTS (
            SELECT 1 FROM reached WHERE instr(g.detail, ' ' || reached.school || ' ')))) END
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
