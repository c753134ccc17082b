"""
Tokens with which a program acts for a person. The secret is shown once; only its hash is stored.

A token is as strong as the sign-in in which it was made. One that was made with a password alone opens nothing once its
person's roles need a second factor: otherwise it would outlast what the second factor is for.
"""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from adapters.accounts.people import Person
from adapters.accounts.store import TOUCHED_EVERY, Accounts, hashed
from adapters.ids import new_secret

SCOPES = ("read", "act")
"""What a token may do: read what its person is shown; carry out what its person may ask for."""
PREFIX = "tcs_"
"""How every secret begins, so that a search for leaked secrets finds it."""
_SHAPE = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
_STRONG = "ALTER TABLE tokens ADD COLUMN strong INTEGER NOT NULL DEFAULT 0"


@dataclass(frozen=True, slots=True)
class Token:
    """A token and whose it is. What it opens is what the person's roles open at the moment of asking, never more."""

    id: str
    person: Person
    name: str
    scopes: frozenset[str]
    created_at: datetime
    ends_at: datetime
    used_at: datetime | None
    strong: bool
    """Whether a second factor was shown in the sign-in in which it was made."""

    @property
    def enough(self) -> bool:
        """Whether it was made as strongly as the person's roles ask for now."""
        return self.strong or not self.person.needs_second_factor


def issue_token(
    accounts: Accounts,
    person_id: str,
    name: str,
    scopes: Iterable[str],
    ends_at: datetime,
    *,
    strong: bool = False,
) -> str:
    """
    A new token's secret, which cannot be shown again; `strong` where a second factor was shown in the sign-in. Raises
    ValueError for a scope that there is not, or none.
    """
    given = frozenset(scopes)
    if not given or not given <= frozenset(SCOPES):
        raise ValueError("the scopes of a token are “read”, “act” or both")
    secret, now = f"{PREFIX}{new_secret()}", accounts.clock().isoformat()
    stored = hashed(secret)
    row = (stored[:16], stored, person_id, name.strip(), _written(given), now, ends_at.isoformat(), strong)
    columns = "id, hash, person, name, scopes, created_at, ends_at, strong"
    with accounts.writing() as db:
        if not _has_strong(db):
            db.execute(_STRONG)
        db.execute(f"INSERT INTO tokens ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608 - names of our own
    return secret


def token(accounts: Accounts, secret: str) -> Token | None:
    """
    The token of that secret, used now; None when it ended, was revoked, never was, was made less strongly than the
    person's roles ask for now, or its person is disabled.
    """
    if not _SHAPE.fullmatch(secret):
        return None
    row = accounts.db.execute("SELECT * FROM tokens WHERE hash = ?", (hashed(secret),)).fetchone()
    if row is None:
        return None
    found, now = _token(row, accounts.person(row["person"])), accounts.clock()
    if found.person.disabled or now >= found.ends_at or not found.enough:
        return None
    if found.used_at is None or now - found.used_at >= TOUCHED_EVERY:
        with accounts.writing() as db:
            db.execute("UPDATE tokens SET used_at = ? WHERE id = ?", (now.isoformat(), found.id))
    return found


def revoke(accounts: Accounts, person_id: str, token_id: str) -> bool:
    """Ends one token of that person at once; False where they have none of that id."""
    with accounts.writing() as db:
        gone = db.execute("DELETE FROM tokens WHERE id = ? AND person = ?", (token_id, person_id))
        return gone.rowcount == 1


def revoke_all(db: sqlite3.Connection, person_id: str) -> None:
    """Ends every token of that person, in a transaction that is under way."""
    db.execute("DELETE FROM tokens WHERE person = ?", (person_id,))


def tokens_of(accounts: Accounts, person_id: str) -> list[Token]:
    """The tokens of a person, ended ones as well, the newest first."""
    person = accounts.person(person_id)
    rows = accounts.db.execute(
        "SELECT * FROM tokens WHERE person = ? ORDER BY created_at DESC, id", (person_id,)
    ).fetchall()
    return [_token(row, person) for row in rows]


def _token(row: sqlite3.Row, person: Person) -> Token:
    created_at, ends_at = datetime.fromisoformat(row["created_at"]), datetime.fromisoformat(row["ends_at"])
    used_at = datetime.fromisoformat(row["used_at"]) if row["used_at"] else None
    strong = "strong" in row.keys() and bool(row["strong"])  # noqa: SIM118 - a row's own iterator gives values
    scopes = frozenset(row["scopes"].split())
    return Token(row["id"], person, row["name"], scopes, created_at, ends_at, used_at, strong)


def _has_strong(db: sqlite3.Connection) -> bool:
    """Whether the table has the column; that of a file which was made before there was one has not."""
    return any(column["name"] == "strong" for column in db.execute("PRAGMA table_info(tokens)"))


def _written(scopes: frozenset[str]) -> str:
    return " ".join(scope for scope in SCOPES if scope in scopes)
