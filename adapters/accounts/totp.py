"""
Codes of an authenticator app as a second factor (RFC 6238).

The app's key must be readable to check a code, so it is sealed instead of hashed. It is sealed with a key of its own in
the installation's key ring, which the master key wraps: a copy of the accounts file alone opens no account. The seal is
bound to the person, so a key that is moved to somebody else's row does not open. The key ring is an argument: the
accounts themselves hold no key.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp

from adapters.accounts.people import Person
from adapters.accounts.store import Accounts, Session
from adapters.accounts.tokens import revoke_all
from adapters.keys import Keys, open_document, seal_document

RING_NAME = "accounts"
"""Where the key ring keeps the key: a name that no incident bears."""
WINDOW = 1
"""Steps of 30 seconds by which a clock may be wrong, either way."""
ISSUER = "Tocsin"


@dataclass(frozen=True, slots=True)
class App:
    """The authenticator app of a person."""

    added_at: datetime


def begin_app(accounts: Accounts, keys: Keys, session: Session) -> str:
    """The key to set an app up with, in base 32; the same until that session confirms it or ends."""
    row = accounts.db.execute("SELECT sealed FROM totp_begun WHERE session = ?", (session.hash,)).fetchone()
    if row is not None and (begun := _opened(keys, session.person.id, row["sealed"])):
        return begun
    secret = pyotp.random_base32()
    with accounts.writing() as db:
        db.execute("INSERT OR REPLACE INTO totp_begun VALUES (?, ?)", (session.hash, _sealed(keys, session, secret)))
    return secret


def app_address(secret: str, person: Person) -> str:
    """What the QR code holds: the key, and whose account it opens (otpauth://)."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=ISSUER)


def confirm_app(accounts: Accounts, keys: Keys, session: Session, code: str) -> bool:
    """
    Keeps the app that shows that code, in place of any before it; False where the code is not of the begun key. The
    first second factor ends the tokens that were made without one.
    """
    with accounts.writing() as db:
        row = db.execute("SELECT sealed FROM totp_begun WHERE session = ?", (session.hash,)).fetchone()
        secret = row and _opened(keys, session.person.id, row["sealed"])
        step = _step_of(secret, code, accounts.clock(), after=0) if secret else None
        if step is None:
            return False
        if not accounts.has_second_factor(session.person.id):
            revoke_all(db, session.person.id)
        added = (session.person.id, row["sealed"], accounts.clock().isoformat(), step)
        db.execute("INSERT OR REPLACE INTO totp VALUES (?, ?, ?, ?)", added)
        db.execute("DELETE FROM totp_begun WHERE session = ?", (session.hash,))
    return True


def is_code(accounts: Accounts, keys: Keys, person_id: str, code: str) -> bool:
    """Whether the person's app shows that code now. A code opens once, and none before it opens afterwards."""
    with accounts.writing() as db:
        row = db.execute("SELECT sealed, last_step FROM totp WHERE person = ?", (person_id,)).fetchone()
        secret = row and _opened(keys, person_id, row["sealed"])
        step = _step_of(secret, code, accounts.clock(), after=row["last_step"]) if secret else None
        if step is not None:
            db.execute("UPDATE totp SET last_step = ? WHERE person = ?", (step, person_id))
    return step is not None


def app_of(accounts: Accounts, person_id: str) -> App | None:
    """The app that a person set up; None where there is none."""
    row = accounts.db.execute("SELECT added_at FROM totp WHERE person = ?", (person_id,)).fetchone()
    return None if row is None else App(datetime.fromisoformat(row["added_at"]))


def remove_app(accounts: Accounts, person_id: str) -> None:
    """The app opens that account no more."""
    with accounts.writing() as db:
        db.execute("DELETE FROM totp WHERE person = ?", (person_id,))


def _step_of(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The step at which the app shows that code, within the window and later than the last one that opened."""
    totp, given = pyotp.TOTP(secret), "".join(code.split())
    here = totp.timecode(now)
    fits = [
        step
        for step in range(here - WINDOW, here + WINDOW + 1)
        if hmac.compare_digest(totp.generate_otp(step).encode(), given.encode()) and step > after
    ]
    return max(fits, default=None)


def _sealed(keys: Keys, session: Session, secret: str) -> bytes:
    return seal_document(keys, RING_NAME, _purpose(session.person.id), secret.encode())


def _opened(keys: Keys, person_id: str, sealed: bytes) -> str | None:
    opened = open_document(keys, RING_NAME, _purpose(person_id), sealed)
    return None if opened is None else opened.decode()


def _purpose(person_id: str) -> bytes:
    return f"totp/{person_id}".encode()
