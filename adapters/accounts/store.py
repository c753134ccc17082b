"""The people of an installation and their sessions, in a SQLite file of their own."""

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from adapters.accounts.people import Membership, Person
from adapters.accounts.tables import TABLES
from adapters.clock import Clock
from adapters.first_start import alone_in
from adapters.ids import new_person_id, new_secret
from domain.roles import Role

IDLE = timedelta(minutes=30)
"""A session ends when nothing was asked for that long."""
ABSOLUTE = timedelta(hours=12)
"""A session ends that long after the sign-in, whatever is done in it."""
TOUCHED_EVERY = timedelta(minutes=1)
"""How exactly the last use is kept: writing it at every request would cost a commit a page."""
PUBLIC_ADDRESS = "address"
"""Under this name the installation remembers where its pages are reached."""
ALL = ""
"""How the table writes "every school"."""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `strong` says that a second factor was shown."""

    hash: str
    person: Person
    opened_at: datetime
    used_at: datetime
    strong: bool
    two_factors: bool = False
    """Whether the person set up a second factor, which is then asked for whatever their roles are."""
    address: str = ""

    @property
    def ends_at(self) -> datetime:
        """When it ends if nothing more is asked."""
        return min(self.used_at + IDLE, self.last_end)

    @property
    def last_end(self) -> datetime:
        """When it ends whatever is done."""
        return self.opened_at + ABSOLUTE

    @property
    def enough(self) -> bool:
        """Whether it was opened as strongly as the person's roles, or what they set up themselves, ask for."""
        return self.strong or not (self.two_factors or self.person.needs_second_factor)


def hashed(secret: str) -> str:
    """What is stored in place of a random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Accounts:
    """Everything about people that sign-in, pages and API ask for."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self.file, self.clock = file, clock
        self._connections = threading.local()
        self._opened: list[sqlite3.Connection] = []
        with alone_in(file.parent), self.writing() as db:
            db.executescript(TABLES)
        file.chmod(0o600)

    def close(self) -> None:
        """Lets go of the file."""
        for connection in self._opened:
            connection.close()
        self._opened.clear()

    @property
    def db(self) -> sqlite3.Connection:
        """This thread's connection, for reading."""
        connection: sqlite3.Connection | None = getattr(self._connections, "one", None)
        if connection is None:
            connection = sqlite3.connect(self.file, isolation_level=None, check_same_thread=False, timeout=10)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.row_factory = sqlite3.Row
            self._connections.one = connection
            self._opened.append(connection)
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: everything in it is stored, or nothing."""
        db = self.db
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        if db.in_transaction:
            db.execute("COMMIT")

    def keep(self, name: str, value: str) -> None:
        """Remembers something about the installation, such as the address at which its pages are reached."""
        with self.writing() as db:
            db.execute("INSERT OR REPLACE INTO installation VALUES (?, ?)", (name, value))

    def kept(self, name: str) -> str | None:
        """What was remembered under that name."""
        row = self.db.execute("SELECT value FROM installation WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row["value"])

    def kept_secret(self, name: str) -> str:
        """A secret of the installation, made when it is first asked for and the same ever after."""
        with self.writing() as db:
            db.execute("INSERT OR IGNORE INTO installation VALUES (?, ?)", (name, new_secret()))
            row = db.execute("SELECT value FROM installation WHERE name = ?", (name,)).fetchone()
        return str(row["value"])

    def add_person(self, email: str, name: str, memberships: Iterable[Membership]) -> Person:
        """A new person; raises sqlite3.IntegrityError when that address is taken."""
        id_ = new_person_id()
        with self.writing() as db:
            db.execute(
                "INSERT INTO people (id, email, name, created_at) VALUES (?, ?, ?, ?)",
                (id_, email.strip(), name.strip(), self.clock().isoformat()),
            )
            _write_memberships(db, id_, memberships)
        return self.person(id_)

    def set_memberships(self, person: str, memberships: Iterable[Membership]) -> None:
        """Replaces the roles that a person holds; their open sessions see it at the next request."""
        with self.writing() as db:
            db.execute("DELETE FROM memberships WHERE person = ?", (person,))
            _write_memberships(db, person, memberships)

    def person(self, id_: str) -> Person:
        """The person of that id; raises KeyError."""
        row = self.db.execute("SELECT * FROM people WHERE id = ?", (id_,)).fetchone()
        if row is None:
            raise KeyError(id_)
        return self._person(row)

    def person_with_email(self, email: str) -> Person | None:
        """The person with that address, in whatever case it is typed."""
        row = self.db.execute("SELECT * FROM people WHERE email = ?", (email.strip(),)).fetchone()
        return None if row is None else self._person(row)

    def people(self) -> list[Person]:
        """Everybody, by name."""
        rows = self.db.execute("SELECT * FROM people ORDER BY name COLLATE NOCASE, id").fetchall()
        return [self._person(row) for row in rows]

    def disable(self, person: str, *, disabled: bool = True) -> None:
        """Keeps a person out, or lets them in again; their sessions end at once."""
        with self.writing() as db:
            db.execute("UPDATE people SET disabled = ? WHERE id = ?", (disabled, person))
            db.execute("DELETE FROM sessions WHERE person = ?", (person,))

    def _person(self, row: sqlite3.Row) -> Person:
        held = self.db.execute("SELECT role, school FROM memberships WHERE person = ?", (row["id"],)).fetchall()
        memberships = tuple(Membership(Role(role), school or None) for role, school in held)
        return Person(row["id"], row["email"], row["name"], memberships, bool(row["disabled"]))

    def open_session(self, person: str, *, strong: bool, address: str = "") -> str:
        """Signs a browser in; the secret that it keeps, of which only the hash is stored."""
        secret, now = new_secret(), self.clock().isoformat()
        with self.writing() as db:
            # Those that ended unseen, because their browser never came back.
            unused, opened = ((self.clock() - longest).isoformat() for longest in (IDLE, ABSOLUTE))
            db.execute("DELETE FROM sessions WHERE used_at <= ? OR opened_at <= ?", (unused, opened))
            db.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)", (hashed(secret), person, now, now, strong, address)
            )
        return secret

    def session(self, secret: str) -> Session | None:
        """The session of that secret, used now; None when it ended, was revoked or never was."""
        row = self.db.execute("SELECT * FROM sessions WHERE hash = ?", (hashed(secret),)).fetchone()
        if row is None:
            return None
        person, now = self.person(row["person"]), self.clock()
        found = _session(row, person, two_factors=self.has_second_factor(person.id))
        if person.disabled or now >= found.ends_at:
            self.end_session(found)
            return None
        if now - found.used_at < TOUCHED_EVERY:
            return found
        with self.writing() as db:
            db.execute("UPDATE sessions SET used_at = ? WHERE hash = ?", (now.isoformat(), found.hash))
        return replace(found, used_at=now)

    def sessions_of(self, person: str) -> list[Session]:
        """Where a person is signed in, the latest first."""
        rows = self.db.execute("SELECT * FROM sessions WHERE person = ? ORDER BY used_at DESC", (person,)).fetchall()
        holder, now, two = self.person(person), self.clock(), self.has_second_factor(person)
        found = (_session(row, holder, two_factors=two) for row in rows)
        return [session for session in found if now < session.ends_at]

    def has_second_factor(self, person: str) -> bool:
        """Whether they set up an app or a passkey."""
        either = "SELECT 1 FROM totp WHERE person = ? UNION ALL SELECT 1 FROM passkeys WHERE person = ? LIMIT 1"
        return self.db.execute(either, (person, person)).fetchone() is not None

    def end_session(self, session: Session) -> None:
        """Signs that browser out."""
        with self.writing() as db:
            db.execute("DELETE FROM sessions WHERE hash = ?", (session.hash,))

    def end_sessions(self, person: str, but: Session | None = None) -> None:
        """Signs a person out everywhere, or everywhere but here."""
        with self.writing() as db:
            db.execute("DELETE FROM sessions WHERE person = ? AND hash != ?", (person, but.hash if but else ""))

    def note(self, what: str, person: str | None, address: str, detail: str = "") -> None:
        """Adds a line to the log of sign-ins: what happened, to whose account, from which address; never a secret."""
        with self.writing() as db:
            db.execute(
                "INSERT INTO sign_in_log (at, person, what, address, detail) VALUES (?, ?, ?, ?, ?)",
                (self.clock().isoformat(), person, what, address, detail),
            )


def _session(row: sqlite3.Row, person: Person, *, two_factors: bool) -> Session:
    opened_at, used_at = datetime.fromisoformat(row["opened_at"]), datetime.fromisoformat(row["used_at"])
    return Session(row["hash"], person, opened_at, used_at, bool(row["strong"]), two_factors, row["address"])


def _write_memberships(db: sqlite3.Connection, person: str, memberships: Iterable[Membership]) -> None:
    rows = {(person, str(each.role), each.school or ALL) for each in memberships}
    db.executemany("INSERT INTO memberships VALUES (?, ?, ?)", sorted(rows))
