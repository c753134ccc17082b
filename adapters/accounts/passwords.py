"""Passwords: what is taken as one, how it is kept, and a check that costs the same whoever is asked about."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore
from unicodedata import normalize

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from adapters.accounts.people import Person
from adapters.accounts.store import Accounts
from adapters.accounts.tokens import revoke_all
from adapters.ids import new_secret
from domain.errors import Refused

SHORTEST = 12
LONGEST = 200
"""Characters. There are no rules of composition: length is what counts (NIST SP 800-63B-4, section 3.1.1.2)."""
FEWEST_DIFFERENT = 4
SHORTEST_NAME = 4
"""Shorter parts of a name stand in many words by chance."""
HASHING = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=64 * 1024, parallelism=1),))
"""Argon2id, two passes over 64 MiB (the memory of RFC 9106, section 4, second choice): 0.1 s on a quiet machine."""
AT_ONCE = 2
WAITING = 8
WAIT_SECONDS = 2.0
_turns = BoundedSemaphore(AT_ONCE)
"""Each check takes 64 MiB: many at once would take the memory from everything else."""
_places = BoundedSemaphore(AT_ONCE + WAITING)
"""Whoever waits holds one of the few threads that answer pages: many who wait would stall every other page."""

COMMONEST = frozenset({
    "password", "passw0rd", "passwort", "qwerty", "qwertyuiop", "qwertyuiopasdfghjkl", "asdfghjkl", "zxcvbnm",
    "iloveyou", "welcome", "welcometo", "letmein", "letmeinplease", "changeme", "administrator", "admin", "football",
    "sunshine", "princess", "monkey", "dragon", "superman", "teacher", "teachers", "school", "schools", "headteacher",
    "classroom", "primaryschool", "tocsin", "mypassword", "thisismypassword", "newpassword", "secret", "trustno",
    "correcthorsebatterystaple", "correcthorse", "liverpool", "iloveschool", "ilovemyschool",
    "summer", "winter", "spring",
})  # fmt: skip
"""Words that begin most guessed passwords. What follows them as digits or signs makes them no better."""
_ROWS = ("0123456789" * 20, "9876543210" * 20, "abcdefghijklmnopqrstuvwxyz" * 8)


class PasswordRefused(Refused):
    """Choose another password."""


class PasswordTooShort(PasswordRefused):
    """A password needs 12 characters or more; three words that have nothing to do with each other are enough."""


class PasswordTooLong(PasswordRefused):
    """A password may have 200 characters at most."""


class PasswordNamesItsOwner(PasswordRefused):
    """Too much of that password is your name or your e-mail address; choose one that has nothing to do with you."""


class PasswordTooCommon(PasswordRefused):
    """That password is one of the first that somebody would guess; choose one that only you would think of."""


class TooBusy(Exception):
    """Too many passwords are being checked at this moment; try again in a minute."""


def hash_of(password: str) -> str:
    """The hash of a password that was checked; raises `TooBusy` where too many wait for theirs."""
    with _turn():
        return HASHING.hash(password)


def set_password(accounts: Accounts, person_id: str, password: str) -> None:
    """
    Keeps that password for that person, and revokes their tokens, which somebody who knew the one before may have made.
    Raises a `PasswordRefused` that says why not, and `TooBusy`.
    """
    person, said = accounts.person(person_id), _folded(password)
    check_choice(said, person)
    kept = hash_of(said)
    _keep(accounts, person_id, kept)


def check_choice(password: str, person: Person) -> None:
    """Refuses a password that somebody would soon guess."""
    if len(password) < SHORTEST:
        raise PasswordTooShort
    if len(password) > LONGEST:
        raise PasswordTooLong
    plain = _squashed(password)
    if _guessed(plain):
        raise PasswordTooCommon
    if len(password) - _owned(plain, person) < SHORTEST:
        raise PasswordNamesItsOwner


def is_password(accounts: Accounts, person: Person | None, password: str) -> bool:
    """Whether it is that person's password. For nobody, or somebody without one, the same work says no."""
    row = person and accounts.db.execute("SELECT hash FROM passwords WHERE person = ?", (person.id,)).fetchone()
    known = row is not None and len(password) <= LONGEST
    with _turn():
        decoy = _decoy(HASHING)
        right, newer = HASHING.verify_and_update(_folded(password[:LONGEST]), row["hash"] if row else decoy)
        if not (known and right):
            return False
    if newer and person:
        _keep(accounts, person.id, newer, rehashed=True)
    return True


def has_password(accounts: Accounts, person_id: str) -> bool:
    """Whether they chose one; somebody who signs in with a provider or a passkey need not."""
    return accounts.db.execute("SELECT 1 FROM passwords WHERE person = ?", (person_id,)).fetchone() is not None


def _keep(accounts: Accounts, person_id: str, kept: str, *, rehashed: bool = False) -> None:
    with accounts.writing() as db:
        if rehashed:
            db.execute("UPDATE passwords SET hash = ? WHERE person = ?", (kept, person_id))
        else:
            now = accounts.clock().isoformat()
            db.execute("INSERT OR REPLACE INTO passwords VALUES (?, ?, ?)", (person_id, kept, now))
            revoke_all(db, person_id)


@contextmanager
def _turn() -> Iterator[None]:
    """One of the few checks at once; `TooBusy` where too many wait for it already, or it takes too long to come."""
    if not _places.acquire(blocking=False):
        raise TooBusy
    try:
        if not _turns.acquire(timeout=WAIT_SECONDS):
            raise TooBusy
        try:
            yield
        finally:
            _turns.release()
    finally:
        _places.release()


@cache
def _decoy(hashing: PasswordHash) -> str:
    """A hash that fits no password, made with the parameters of today."""
    return hashing.hash(new_secret())


def _folded(password: str) -> str:
    """Keyboards write the same letter in several ways (NIST SP 800-63B-4, section 3.1.1.2)."""
    return normalize("NFKC", password)


def _squashed(text: str) -> str:
    """Its letters and digits; a text that has none stays as it is."""
    return re.sub(r"[\W_]+", "", text.casefold()) or text


def _guessed(plain: str) -> bool:
    """Few different characters, one piece again and again, a row of keys, or a common word with digits around it."""
    again = re.fullmatch(r"(.+?)\1+", plain)
    if len(set(plain)) < FEWEST_DIFFERENT or (again and len(again[1]) < SHORTEST):
        return True
    return plain.strip("0123456789") in COMMONEST or any(plain in row for row in _ROWS)


def _owned(plain: str, person: Person) -> int:
    """How many characters of it are the person's own name or address."""
    owned = (person.email, person.email.split("@", maxsplit=1)[0], person.name, *person.name.split())
    parts = sorted({_squashed(part) for part in owned if len(part) >= SHORTEST_NAME}, key=len, reverse=True)
    rest = plain
    for part in parts:
        rest = rest.replace(part, "")
    return len(plain) - len(rest)
