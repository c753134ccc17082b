"""Giving and taking away roles, within what one administers.

- An address proves nothing about who uses it, and it may belong to somebody of another school, whose being there is
  that school's business. So a role that an administrator of some schools gives to an address that they do not manage
  yet waits until it is accepted by whoever holds the invitation (adapters/accounts/invitations.py). Until then a new
  person and one of another school look the same: the name as it was typed, the address in small letters, “invited”.
  Nobody gets a school's role because somebody else took their address before.
- An administrator of every school sees everybody anyway, so what they give is in force at once.
- Nobody is locked out of another school: an administrator of some schools keeps people out of those schools, and
  the roles there wait; only an administrator of every school disables an account.
"""

import sqlite3
from collections.abc import Iterable

from adapters.accounts.people import EVERY_SCHOOL, Membership
from adapters.accounts.reach import NEVER_GIVEN, Reach, State, managed, within
from adapters.accounts.store import ALL, Accounts
from domain.errors import Refused
from domain.roles import Role


class LastAdministrator(Refused):
    """That would leave nobody who administers every school; give somebody else that role first."""


class NotYourself(Refused):
    """You cannot keep yourself out; ask another administrator to do it."""


class NotYoursToGive(Refused):
    """You can give roles only at schools that you administer."""


class AlreadyThere(Refused):
    """Somebody with that address is already among the people whom you manage; open their page instead."""


def add(accounts: Accounts, reach: Reach, email: str, name: str, roles: Iterable[Membership]) -> str:
    """Gives roles to whoever holds an address, and returns the id of the person.

    The answer for an address that belongs to somebody of another school is the same as for a new one. Raises
    `AlreadyThere` for somebody whom one manages already, and `NotYoursToGive`.
    """
    given = _givable(reach, roles)
    address = email.strip().lower()
    known = accounts.person_with_email(address)
    if known is not None and managed(accounts, reach, known.id) is not None:
        raise AlreadyThere
    if reach is None:
        return accounts.add_person(address, name, given).id
    person = known or accounts.add_person(address, name, ())
    _let_wait(accounts, person.id, name, given, "invited")
    return person.id


def give(accounts: Accounts, reach: Reach, person_id: str, roles: Iterable[Membership]) -> None:
    """Gives further roles to somebody within reach; they wait with the others where none is accepted yet."""
    given, found = _givable(reach, roles), managed(accounts, reach, person_id)
    if found is None:
        raise KeyError(person_id)
    if reach is None or any(each.state == "held" for each in found.roles):
        with accounts.writing() as db:
            for each in given:
                _hold(db, (person_id, each.role, each.school or ALL), accounts.clock().isoformat())
    else:
        _let_wait(accounts, person_id, found.name, given, "kept_out" if found.state == "kept_out" else "invited")


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
    if reach is None:
        with accounts.writing() as db:
            _not_the_last(db, person_id)
        accounts.disable(person_id)
        return
    person = accounts.person(person_id)
    with accounts.writing() as db:
        for each in person.memberships:
            if each.school in reach:
                row = (person_id, each.role, each.school)
                db.execute("INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, 'kept_out', ?)", (*row, person.name))
                db.execute("DELETE FROM memberships WHERE person = ? AND role = ? AND school = ?", row)
        invited = "SELECT school FROM waiting WHERE person = ? AND why = 'invited'"
        for (school,) in db.execute(invited, (person_id,)).fetchall():
            if school in reach:
                db.execute(
                    "DELETE FROM waiting WHERE person = ? AND school = ? AND why = 'invited'", (person_id, school)
                )


def let_in(accounts: Accounts, reach: Reach, person_id: str) -> None:
    """Lets in again whoever was kept out."""
    if reach is None:
        accounts.disable(person_id, disabled=False)
    with accounts.writing() as db:
        put_in_force(db, reach, person_id, "kept_out", accounts.clock().isoformat())


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
