"""One-time links, with which somebody accepts roles and chooses how to sign in, for the first time or again.

A link proves that its holder was meant by whoever made it, and nothing more. So it opens an account only while every
role of that account lies within what its maker administers at the moment of use; otherwise an administrator of one
school could make a link for somebody of another and read there. Where a link does not reach that far, the roles that
it brings are accepted by signing in as before and opening it then. Both look alike until a password is sent with it
that is good enough for the name as it was typed for this link: the true name of somebody of another school is no
business of its maker.

A link lasts a week, works once, and takes the place of those before it that reach no further. When it is used, and not
when it is made, whatever opened the account before is gone: password, second factor, passkeys, providers' accounts,
programs' tokens and sessions. All of that happens in one transaction, or nothing of it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from unicodedata import normalize

from adapters.accounts.granting import put_in_force
from adapters.accounts.identities import Provider, link_in
from adapters.accounts.oversight import write_act
from adapters.accounts.passwords import check_choice, hash_of
from adapters.accounts.people import EVERY_SCHOOL, Membership, Person
from adapters.accounts.reach import Reach, managed, reach_of, wholly_within, within
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
_CHOSEN = "INSERT INTO passwords (person, hash, changed_at) VALUES (?, ?, ?)"
_INVITED = "SELECT role, school FROM waiting WHERE person = ? AND why = 'invited'"


class LinkDoesNotWork(Refused):
    """This link does not work: it may have been used, replaced by a newer one, or be older than seven days."""


class SignInAsBefore(Refused):
    """This address already has a way of signing in: use it, then open this link again, or tell whoever made it."""


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
    waiting = accounts.db.execute(_INVITED, (person.id,)).fetchall()
    asked = [Membership(Role(each["role"]), each["school"] or EVERY_SCHOOL) for each in waiting]
    return Invitation(
        hash=row["hash"],
        person=person,
        by=accounts.person(row["made_by"]) if row["made_by"] else None,
        made_at=datetime.fromisoformat(row["made_at"]),
        ends_at=datetime.fromisoformat(row["ends_at"]),
        reach=reach,
        brings=tuple(each for each in asked if within(reach, each.school)),
        holds=tuple(each for each in person.memberships if within(reach, each.school)),
        opens=not person.disabled and wholly_within(accounts, reach, person),
    )


def _reach(accounts: Accounts, row: sqlite3.Row) -> Reach:
    """How far the maker of a link reaches now."""
    return reach_of(accounts.person(row["made_by"])) if row["made_by"] else None


@contextmanager
def _used(accounts: Accounts, hash_: str) -> Iterator[tuple[sqlite3.Connection, Invitation]]:
    """The transaction in which a link is used up; raises `LinkDoesNotWork`. Whatever is raised in it undoes it all."""
    with accounts.writing() as db:
        found = _opened(accounts, hash_)
        if found is None:
            raise LinkDoesNotWork
        db.execute("DELETE FROM invitations WHERE hash = ?", (hash_,))
        put_in_force(db, found.reach, found.person.id, "invited", accounts.clock().isoformat())
        yield db, found


def use_to_open(
    accounts: Accounts, invitation: Invitation, password: str, name: str = "", email: str = "", address: str = ""
) -> Person:
    """Uses a link up; from now on the password alone opens the account.

    Name and e-mail address are taken from the first administrator only. Raises `PasswordRefused`, `TooBusy`,
    `SignInAsBefore`, `AddressTaken` and `LinkDoesNotWork`; the link works on then, and nothing has changed.
    """
    person = _as_its_maker_knows(accounts, invitation)
    if invitation.first:
        person = Person(person.id, email.strip().lower(), name.strip())
    said = normalize("NFKC", password)
    check_choice(said, person)
    if not invitation.opens:
        raise SignInAsBefore
    kept = hash_of(said)
    with _opening(accounts, invitation, person, address) as db:
        db.execute(_CHOSEN, (person.id, kept, accounts.clock().isoformat()))
    return accounts.person(person.id)


def use_with_provider(
    accounts: Accounts, invitation: Invitation, provider: Provider, subject: str, address: str = ""
) -> Person:
    """Uses a link up; from now on that account at a provider alone opens the account.

    Raises `SignInAsBefore`, `LinkedToSomebodyElse` and `LinkDoesNotWork`; the link works on then.
    """
    with _opening(accounts, invitation, _as_its_maker_knows(accounts, invitation), address) as db:
        link_in(db, accounts.clock(), invitation.person.id, provider, subject)
    return accounts.person(invitation.person.id)


def use_signed_in(accounts: Accounts, invitation: Invitation, person: Person, address: str = "") -> None:
    """Uses a link up for whoever signed in as the one whom it invites; raises `LinkDoesNotWork`."""
    with _used(accounts, invitation.hash) as (db, found):
        if found.person.id != person.id or found.person.disabled:
            raise LinkDoesNotWork
        write_act(db, accounts.clock(), "invitation_used", person.id, found.by, address)


@contextmanager
def _opening(accounts: Accounts, invitation: Invitation, person: Person, address: str) -> Iterator[sqlite3.Connection]:
    """The transaction in which what opened an account before ends; what opens it from now on is written in it."""
    with _used(accounts, invitation.hash) as (db, found):
        if not found.opens:
            raise SignInAsBefore
        for table in _OPENERS:
            db.execute(f"DELETE FROM {table} WHERE person = ?", (person.id,))  # noqa: S608 - names of our own
        # Whoever held nothing yet is called as they were invited, and not as another school may have typed them.
        if found.first or (person.name and not found.person.memberships):
            _rename(db, person)
        write_act(db, accounts.clock(), "account_opened", person.id, found.by, address)
        yield db


def _as_its_maker_knows(accounts: Accounts, invitation: Invitation) -> Person:
    """The person with the name that whoever made the link is shown; without one where they are shown nobody."""
    person = invitation.person
    known = managed(accounts, invitation.reach, person.id)
    return replace(person, name=known.name if known else "")


def _rename(db: sqlite3.Connection, person: Person) -> None:
    try:
        db.execute("UPDATE people SET email = ?, name = ? WHERE id = ?", (person.email, person.name, person.id))
    except sqlite3.IntegrityError:
        raise AddressTaken from None


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
