"""One-time links, with which somebody accepts roles and chooses how to sign in, for the first time or again.

A link proves that its holder was meant by whoever made it, and nothing more. So it opens an account only while every
role of that account lies within what its maker administers at the moment of use; otherwise an administrator of one
school could make a link for somebody of another and read there. Where a link does not reach that far, the roles that
it brings are accepted by signing in as before and opening it then. Both look alike until a password is sent with it.

A link lasts a week, works once, and takes the place of those before it that reach no further. When it is used, and not
when it is made, whatever opened the account before is gone: password, second factor, passkeys, providers' accounts,
programs' tokens and sessions.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from unicodedata import normalize

from adapters.accounts.granting import put_in_force
from adapters.accounts.passwords import check_choice, set_password
from adapters.accounts.people import EVERY_SCHOOL, Membership, Person
from adapters.accounts.reach import Reach, reach_of, within
from adapters.accounts.store import Accounts, hashed
from adapters.ids import new_secret
from domain.errors import Refused
from domain.roles import Role

VALID = timedelta(days=7)
FIRST_ADDRESS = "administrator@localhost"
"""Stands for the first administrator until they give their own."""
FIRST_NAME = "Administrator"
_OPENERS = ("passwords", "totp", "passkeys", "sessions", "identities", "tokens")
"""The tables of what opens an account."""


class LinkDoesNotWork(Refused):
    """This link does not work: it may have been used, replaced by a newer one, or be older than seven days."""


class SignInAsBefore(Refused):
    """This address already has a way of signing in, which this link leaves as it is: sign in, then open it again."""


class AddressTaken(Refused):
    """Somebody else already signs in with that address; give another one."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that works now. `by` is None where it was made on the machine that runs Tocsin."""

    hash: str
    person: Person
    by: Person | None
    made_at: datetime
    ends_at: datetime
    reach: Reach
    brings: tuple[Membership, ...]
    """The roles that it puts in force."""
    holds: tuple[Membership, ...]
    """The roles within its reach that are in force already."""
    opens: bool
    """Whether it may change how the person signs in."""

    @property
    def first(self) -> bool:
        """Whether it is for the first administrator, who has no address yet."""
        return self.by is None and self.person.email == FIRST_ADDRESS


def invite(accounts: Accounts, person_id: str, by: Person | None) -> str:
    """The secret of a new link for that person, made by somebody, or on the machine itself."""
    secret, now, reach = new_secret(), accounts.clock(), reach_of(by) if by else None
    older = accounts.db.execute("SELECT * FROM invitations WHERE person = ?", (person_id,)).fetchall()
    with accounts.writing() as db:
        for row in older:
            theirs = _reach(accounts, row)
            if reach is None or (theirs is not None and theirs <= reach):
                db.execute("DELETE FROM invitations WHERE hash = ?", (row["hash"],))
        made = (hashed(secret), person_id, by.id if by else None, now.isoformat(), (now + VALID).isoformat())
        db.execute("INSERT INTO invitations VALUES (?, ?, ?, ?, ?)", made)
    return secret


def opened(accounts: Accounts, secret: str) -> Invitation | None:
    """The invitation of that secret; None where it was used or replaced, is too old, or never was."""
    return _opened(accounts, hashed(secret))


def _opened(accounts: Accounts, hash_: str) -> Invitation | None:
    row = accounts.db.execute("SELECT * FROM invitations WHERE hash = ?", (hash_,)).fetchone()
    if row is None or accounts.clock() >= datetime.fromisoformat(row["ends_at"]):
        return None
    reach, person = _reach(accounts, row), accounts.person(row["person"])
    if reach is not None and not reach:
        return None
    waiting = accounts.db.execute("SELECT role, school, why FROM waiting WHERE person = ?", (person.id,)).fetchall()
    brings, all_ = [], [*person.memberships]
    for each in waiting:
        role = Membership(Role(each["role"]), each["school"] or EVERY_SCHOOL)
        if each["why"] == "kept_out":
            all_.append(role)
        elif within(reach, role.school):
            brings.append(role)
    return Invitation(
        hash=row["hash"],
        person=person,
        by=accounts.person(row["made_by"]) if row["made_by"] else None,
        made_at=datetime.fromisoformat(row["made_at"]),
        ends_at=datetime.fromisoformat(row["ends_at"]),
        reach=reach,
        brings=tuple(brings),
        holds=tuple(each for each in person.memberships if within(reach, each.school)),
        opens=not person.disabled and all(within(reach, each.school) for each in all_),
    )


def _reach(accounts: Accounts, row: sqlite3.Row) -> Reach:
    """How far the maker of a link reaches now."""
    return reach_of(accounts.person(row["made_by"])) if row["made_by"] else None


@contextmanager
def _used(accounts: Accounts, hash_: str) -> Iterator[tuple[sqlite3.Connection, Invitation]]:
    """The transaction in which a link is used up; raises `LinkDoesNotWork`."""
    with accounts.writing() as db:
        found = _opened(accounts, hash_)
        if found is None:
            raise LinkDoesNotWork
        db.execute("DELETE FROM invitations WHERE hash = ?", (hash_,))
        put_in_force(db, found.reach, found.person.id, "invited", accounts.clock().isoformat())
        yield db, found


def use_to_open(
    accounts: Accounts, invitation: Invitation, password: str | None, name: str = "", email: str = ""
) -> Person:
    """Uses a link up; from now on the password alone opens the account, or nothing yet where None is given.

    Name and address are taken from the first administrator only. Raises `PasswordRefused`, `SignInAsBefore`,
    `AddressTaken` and `LinkDoesNotWork`; the link works on then.
    """
    person = invitation.person
    if invitation.first:
        person = Person(person.id, email.strip().lower(), name.strip())
    if password is not None:
        check_choice(normalize("NFKC", password), person)
    with _used(accounts, invitation.hash) as (db, found):
        if not found.opens:
            raise SignInAsBefore
        for table in _OPENERS:
            db.execute(f"DELETE FROM {table} WHERE person = ?", (person.id,))  # noqa: S608 - names of our own
        if invitation.first:
            _rename(db, person)
    if password is not None:
        try:
            set_password(accounts, person.id, password)
        except Exception:
            _restore(accounts, invitation)
            raise
    return accounts.person(person.id)


def use_signed_in(accounts: Accounts, invitation: Invitation, person: Person) -> None:
    """Uses a link up for whoever signed in as the one whom it invites; raises `LinkDoesNotWork`."""
    with _used(accounts, invitation.hash) as (_, found):
        if found.person.id != person.id or found.person.disabled:
            raise LinkDoesNotWork


def _rename(db: sqlite3.Connection, person: Person) -> None:
    try:
        db.execute("UPDATE people SET email = ?, name = ? WHERE id = ?", (person.email, person.name, person.id))
    except sqlite3.IntegrityError:
        raise AddressTaken from None


def _restore(accounts: Accounts, invitation: Invitation) -> None:
    row = (invitation.hash, invitation.person.id, invitation.by.id if invitation.by else None)
    with accounts.writing() as db:
        times = (invitation.made_at.isoformat(), invitation.ends_at.isoformat())
        db.execute("INSERT INTO invitations VALUES (?, ?, ?, ?, ?)", (*row, *times))


def first_link(accounts: Accounts) -> str | None:
    """The path of a new link for the first administrator of every school, as long as nobody can sign in; else None."""
    anybody = "SELECT 1 FROM passwords UNION SELECT 1 FROM passkeys UNION SELECT 1 FROM identities"
    if accounts.db.execute(anybody).fetchone() is not None:
        return None
    person = accounts.person_with_email(FIRST_ADDRESS)
    if person is None:
        person = accounts.add_person(FIRST_ADDRESS, FIRST_NAME, [Membership(Role.ADMINISTRATOR)])
    return path_of(invite(accounts, person.id, None))


def path_of(secret: str) -> str:
    """Where on this site a link leads."""
    return f"/invitation/{secret}"
