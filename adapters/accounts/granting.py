"""Giving and taking away roles, within what one administers.

- An address proves nothing about who uses it: somebody else may have taken it first, with the link of another school.
  So a role waits until it is accepted by whoever holds an invitation (adapters/accounts/invitations.py), also where an
  administrator of every school gives it. It is in force at once only where the person accepted a role at that school
  before, or where their account was opened with the link of somebody who administers that school as well.
- An address may belong to somebody of another school, whose being there is that school's business. Until they accept,
  a new person and one of another school look the same: the name as it was typed, the address in small letters,
  “invited”.
- Nobody is locked out of another school: an administrator of some schools keeps people out of those schools, and
  the roles there wait; only an administrator of every school disables an account. Each undoes what they did: letting
  an account in again does not lift what a school decided for itself.
- Nobody is signed out of another school either: sessions end for the whole account.
"""

import sqlite3
from collections.abc import Iterable

from adapters.accounts.oversight import opener_of
from adapters.accounts.people import EVERY_SCHOOL, Membership
from adapters.accounts.reach import NEVER_GIVEN, Managed, Reach, State, managed, wholly_within, within
from adapters.accounts.store import ALL, Accounts, Session
from domain.errors import Refused
from domain.roles import Role


class LastAdministrator(Refused):
    """That would leave nobody who administers every school; give somebody else that role first."""


class NotYourself(Refused):
    """You cannot keep yourself out; ask another administrator to do it."""


class NotYoursToGive(Refused):
    """You can give roles only at schools that you administer."""


class NotSignedInForYou(Refused):
    """They hold no role in force at a school that you administer, so there is nothing for you to sign out of."""


class SignedInElsewhereToo(Refused):
    """Their account serves another school as well; ask an administrator of every school to sign them out."""


class KeptOutByTheirSchool(Refused):
    """A school keeps them out itself; ask an administrator of that school to let them in again."""


class AlreadyThere(Refused):
    """Somebody with that address is already among the people whom you manage; open their page instead."""


def add(accounts: Accounts, reach: Reach, email: str, name: str, roles: Iterable[Membership]) -> str:
    """Gives roles to whoever holds an address, and returns the id of the person. The roles wait until accepted.

    The answer for an address that belongs to somebody of another school is the same as for a new one. Raises
    `AlreadyThere` for somebody whom one manages already, and `NotYoursToGive`.
    """
    given = _givable(reach, roles)
    address = email.strip().lower()
    known = accounts.person_with_email(address)
    if known is not None and managed(accounts, reach, known.id) is not None:
        raise AlreadyThere
    person = known or accounts.add_person(address, name, ())
    _let_wait(accounts, person.id, name, given, "invited")
    return person.id


def give(accounts: Accounts, reach: Reach, person_id: str, roles: Iterable[Membership]) -> list[Membership]:
    """Gives further roles to somebody within reach, and returns those of them that wait until they are accepted."""
    given, waiting = _givable(reach, roles), []
    with accounts.writing() as db:
        found = managed(accounts, reach, person_id)
        if found is None:
            raise KeyError(person_id)
        for each in given:
            row, state = (person_id, each.role, each.school or ALL), _given_as(accounts, found, each.school)
            if state == "held":
                _hold(db, row, accounts.clock().isoformat())
                continue
            db.execute("INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?, ?)", (*row, state, found.name))
            if state == "invited":
                waiting.append(each)
    return waiting


def _given_as(accounts: Accounts, found: Managed, school: str | None) -> State:
    """How a role at that school begins for somebody who is there already.

    What this depends on is seen by whoever gives the role: of somebody who accepted nothing there, not even whether
    the account exists.
    """
    here = {each.state for each in found.roles if each.school == school}
    accepted = any(each.state == "held" for each in found.roles)
    everywhere = any(each.state == "held" and each.school is EVERY_SCHOOL for each in found.roles)
    if "held" in here or everywhere:
        return "held"
    if "kept_out" in here:
        return "kept_out"
    return "held" if accepted and within(opener_of(accounts, found.id), school) else "invited"


def take(accounts: Accounts, reach: Reach, person_id: str, role: Membership) -> None:
    """Takes a role away; raises `NotYoursToGive` and `LastAdministrator`."""
    if not within(reach, role.school):
        raise NotYoursToGive
    with accounts.writing() as db:
        if role == Membership(Role.ADMINISTRATOR, EVERY_SCHOOL):
            _not_the_last(db, person_id)
        for table in ("memberships", "waiting"):
            db.execute(
                f"DELETE FROM {table} WHERE person = ? AND role = ? AND school = ?",  # noqa: S608 - one of two names
                (person_id, role.role, role.school or ALL),
            )
        left = "SELECT 1 FROM memberships WHERE person = joined.person AND school = joined.school"
        db.execute(f"DELETE FROM joined WHERE person = ? AND NOT EXISTS ({left})", (person_id,))  # noqa: S608


def keep_out(accounts: Accounts, reach: Reach, person_id: str, by: str | None) -> None:
    """Keeps somebody out: of every school by disabling the account, or of those within reach.

    What was not accepted there is withdrawn. Raises `NotYourself` and `LastAdministrator`.
    """
    if person_id == by:
        raise NotYourself
    with accounts.writing() as db:
        if reach is None:
            _not_the_last(db, person_id)
            db.execute("UPDATE people SET disabled = 1 WHERE id = ?", (person_id,))
            db.execute("DELETE FROM sessions WHERE person = ?", (person_id,))
            return
        person = accounts.person(person_id)
        for each in person.memberships:
            if each.school in reach:
                row = (person_id, each.role, each.school)
                db.execute("INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, 'kept_out', ?)", (*row, person.name))
                db.execute("DELETE FROM memberships WHERE person = ? AND role = ? AND school = ?", row)
                # What happens to the account until they are let in again is not this school's business.
                db.execute("DELETE FROM joined WHERE person = ? AND school = ?", (person_id, each.school))
        invited = "SELECT school FROM waiting WHERE person = ? AND why = 'invited'"
        for (school,) in db.execute(invited, (person_id,)).fetchall():
            if school in reach:
                db.execute(
                    "DELETE FROM waiting WHERE person = ? AND school = ? AND why = 'invited'", (person_id, school)
                )


def let_in(accounts: Accounts, reach: Reach, person_id: str) -> None:
    """Lets in again whoever was kept out by the same act; raises `KeptOutByTheirSchool` where a school did it."""
    with accounts.writing() as db:
        if reach is None:
            kept_out = "SELECT 1 FROM waiting WHERE person = ? AND why = 'kept_out'"
            if not accounts.person(person_id).disabled and db.execute(kept_out, (person_id,)).fetchone():
                raise KeptOutByTheirSchool
            db.execute("UPDATE people SET disabled = 0 WHERE id = ?", (person_id,))
            return
        put_in_force(db, reach, person_id, "kept_out", accounts.clock().isoformat())


def sign_out(accounts: Accounts, reach: Reach, person_id: str, but: Session | None) -> None:
    """Ends every session of somebody, but one's own; raises `NotSignedInForYou` and `SignedInElsewhereToo`."""
    found = managed(accounts, reach, person_id)
    if found is None or (reach is not None and all(each.state != "held" for each in found.roles)):
        raise NotSignedInForYou
    if not wholly_within(accounts, reach, accounts.person(person_id)):
        raise SignedInElsewhereToo
    accounts.end_sessions(person_id, but)


def put_in_force(db: sqlite3.Connection, reach: Reach, person_id: str, why: State, now: str) -> None:
    """Puts in force the roles within reach that wait for that reason, in a transaction that is under way."""
    rows = db.execute("SELECT role, school FROM waiting WHERE person = ? AND why = ?", (person_id, why)).fetchall()
    for role, school in rows:
        if within(reach, school or EVERY_SCHOOL):
            _hold(db, (person_id, role, school), now)


def _givable(reach: Reach, roles: Iterable[Membership]) -> list[Membership]:
    given = list(roles)
    if not given or any(each.role in NEVER_GIVEN or not within(reach, each.school) for each in given):
        raise NotYoursToGive
    return given


def _hold(db: sqlite3.Connection, row: tuple[str, str, str], now: str) -> None:
    db.execute("INSERT OR IGNORE INTO memberships VALUES (?, ?, ?)", row)
    db.execute("DELETE FROM waiting WHERE person = ? AND role = ? AND school = ?", row)
    db.execute("INSERT OR IGNORE INTO joined VALUES (?, ?, ?)", (row[0], row[2], now))


def _let_wait(accounts: Accounts, person_id: str, name: str, given: Iterable[Membership], why: State) -> None:
    rows = [(person_id, each.role, each.school or ALL, why, name.strip()) for each in given]
    with accounts.writing() as db:
        db.executemany("INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?, ?)", rows)


def _not_the_last(db: sqlite3.Connection, person_id: str) -> None:
    rows = db.execute(
        "SELECT person FROM memberships JOIN people ON id = person WHERE role = ? AND school = ? AND NOT disabled",
        (Role.ADMINISTRATOR, ALL),
    ).fetchall()
    if [row["person"] for row in rows] == [person_id]:
        raise LastAdministrator
