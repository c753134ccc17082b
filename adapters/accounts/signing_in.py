"""Signing in, step by step, with what the log of sign-ins is told of it."""

from dataclasses import dataclass
from typing import Any

from adapters.accounts.identities import identities_of
from adapters.accounts.passkeys import Passkey, PasskeyRefused, RelyingParty, passkeys_of, person_with_passkey
from adapters.accounts.passwords import has_password, is_password
from adapters.accounts.people import Person
from adapters.accounts.store import Accounts, Session
from adapters.accounts.totp import App, app_of, is_code
from adapters.keys import Keys


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """What a person set up to show beside a password."""

    app: App | None
    passkeys: tuple[Passkey, ...]

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.passkeys) + (self.app is not None)


def second_factors(accounts: Accounts, person_id: str) -> SecondFactors:
    """The second factors of a person."""
    return SecondFactors(app_of(accounts, person_id), tuple(passkeys_of(accounts, person_id)))


def may_remove_app(accounts: Accounts, person: Person) -> bool:
    """Whether the app may go: never as the last second factor of somebody whose roles need one."""
    return second_factors(accounts, person.id).number > _fewest(person)


def may_remove_passkey(accounts: Accounts, person: Person) -> bool:
    """The same of a passkey, which is besides never the only way in: an app alone signs nobody in."""
    factors = second_factors(accounts, person.id)
    other_way = has_password(accounts, person.id) or identities_of(accounts, person.id) or len(factors.passkeys) > 1
    return bool(other_way) and factors.number > _fewest(person)


def _fewest(person: Person) -> int:
    return 1 if person.needs_second_factor else 0


def with_password(accounts: Accounts, email: str, password: str, address: str) -> Person | None:
    """Whoever that address and password belong to. Nobody, for the same work, where either is wrong or they are out."""
    person = accounts.person_with_email(email)
    if is_password(accounts, person, password) and person and not person.disabled:
        return person
    accounts.note("password_wrong" if person else "unknown_account", person.id if person else None, address)
    return None


def with_code(accounts: Accounts, keys: Keys, session: Session, code: str, address: str) -> bool:
    """Whether that code is the second step of that session."""
    right = is_code(accounts, keys, session.person.id, code)
    if not right:
        accounts.note("second_factor_wrong", session.person.id, address, "app")
    return right


def with_passkey(
    accounts: Accounts, party: RelyingParty, session: Session | None, credential: dict[str, Any], address: str
) -> Person:
    """
    Whoever that passkey belongs to; raises `PasskeyRefused`. One that is refused is noted only where it is somebody's
    second step: an answer of nobody says nothing of an account, and anybody can send it.
    """
    try:
        person = person_with_passkey(accounts, party, session, credential)
    except PasskeyRefused:
        if session:
            accounts.note("second_factor_wrong", session.person.id, address, "passkey")
        raise
    accounts.note("passkey_used", person.id, address)
    return person


def forget_ways_in(accounts: Accounts, person_id: str) -> None:
    """
    Removes the password, the app, the passkeys and the open sessions of a person, for somebody who lost one of them and
    holds a new one-time link: whoever found the lost thing gets in no more.
    """
    with accounts.writing() as db:
        db.execute("DELETE FROM passwords WHERE person = ?", (person_id,))
        db.execute("DELETE FROM totp WHERE person = ?", (person_id,))
        db.execute("DELETE FROM passkeys WHERE person = ?", (person_id,))
        db.execute("DELETE FROM sessions WHERE person = ?", (person_id,))
