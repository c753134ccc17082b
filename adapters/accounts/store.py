"""The people of an installation and their sessions, in a SQLite file of their own."""

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from adapters.accounts.people import Membership, Person
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

TABLES = """
CREATE TABLE IF NOT EXISTS people (
    id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memberships (
    person TEXT NOT NULL REFERENCES people, role TEXT NOT NULL, school TEXT NOT NULL,
    PRIMARY KEY (person, role, school)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (
    hash TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES people, opened_at TEXT NOT NULL, used_at TEXT NOT NULL,
    strong INTEGER NOT NULL, address TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sessions_of_person ON sessions (person);
CREATE TABLE IF NOT EXISTS sign_in_log (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, person TEXT, what TEXT NOT NULL, address TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS installation (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
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

    @property
    def ends_at(self) -> datetime:
        """When it ends if nothing more is asked."""
        return min(self.used_at + IDLE, self.opened_at + ABSOLUTE)

    @property
    def enough(self) -> bool:
        """Whether it was opened as strongly as the person's roles ask for."""
        return self.strong or not self.person.needs_second_factor


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
        opened_at, used_at = datetime.fromisoformat(row["opened_at"]), datetime.fromisoformat(row["used_at"])
        found = Session(row["hash"], person, opened_at, used_at, bool(row["strong"]))
        if person.disabled or now >= found.ends_at:
            self.end_session(found)
            return None
        if now - used_at >= TOUCHED_EVERY:
            with self.writing() as db:
                db.execute("UPDATE sessions SET used_at = ? WHERE hash = ?", (now.isoformat(), found.hash))
        return Session(found.hash, person, opened_at, now, found.strong)

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


def _write_memberships(db: sqlite3.Connection, person: str, memberships: Iterable[Membership]) -> None:
    rows = {(person, str(each.role), each.school or ALL) for each in memberships}
    db.executemany("INSERT INTO memberships VALUES (?, ?, ?)", sorted(rows))
