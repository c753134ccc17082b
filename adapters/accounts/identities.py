"""Accounts at a provider, such as the school's Microsoft or Google, with which people sign in (OpenID Connect).

An account there is known by its issuer and its subject, and by nothing else. The e-mail address that a provider tells
can be changed there, or belong to somebody else tomorrow, so it never opens an account here.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import yaml
from pydantic import AfterValidator, StringConstraints, TypeAdapter, ValidationError, model_validator

from adapters.accounts.people import Person
from adapters.accounts.store import Accounts
from adapters.schools import described
from domain.errors import Refused
from domain.quantities import Value

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that may be asked without encryption: nothing leaves the machine."""
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


def _encrypted(issuer: str) -> str:
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ValueError("an issuer begins with https://")
    if parts.query or parts.fragment:
        raise ValueError("an issuer has neither a query nor a fragment")
    return issuer


class Provider(Value):
    """A provider as the file `oidc.yaml` in the data folder describes it."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
    """Part of an address of this site; it stays the same for ever."""
    label: Line
    issuer: Annotated[Line, AfterValidator(_encrypted)]
    """Exactly as the provider writes it in its discovery document and in every token."""
    client_id: Line
    client_secret: Line | None = None
    client_secret_file: Line | None = None
    tid: Line | None = None
    """The Entra tenant from which people may come."""
    hd: Line | None = None
    """The Google Workspace domain from which people may come."""
    second_factor: bool = False
    """Whether that provider asks everybody for a second factor, by its own rules."""

    @model_validator(mode="after")
    def _one_secret(self) -> "Provider":
        if (self.client_secret is None) == (self.client_secret_file is None):
            raise ValueError("give either client_secret or client_secret_file")
        return self


class ProvidersFileWrong(Refused):
    """The file of the providers cannot be read."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An account at a provider that signs somebody in."""

    issuer: str
    subject: str
    provider: str
    linked_at: datetime


class LinkedToSomebodyElse(Refused):
    """That account already signs somebody else in here; choose another one, or ask them to remove it."""


_PROVIDERS = TypeAdapter(tuple[Provider, ...])


def read_providers(file: Path) -> tuple[Provider, ...]:
    """The providers of a file; none where there is no file. Raises `ProvidersFileWrong`, which names the field."""
    if not file.is_file():
        return ()
    try:
        found = _PROVIDERS.validate_python(yaml.safe_load(file.read_text(encoding="utf-8")) or ())
    except ValidationError as mistake:
        raise ProvidersFileWrong(f"{file}: {described(mistake)}.") from None
    except (OSError, ValueError, yaml.YAMLError):
        raise ProvidersFileWrong(f"{file} is not readable as YAML; correct it.") from None
    if len({each.name for each in found}) < len(found):
        raise ProvidersFileWrong(f"{file}: two providers have the same name; give each its own.")
    return found


def secret_of(provider: Provider, folder: Path) -> str:
    """What this installation shows to the provider; raises `ProvidersFileWrong` where its file cannot be read."""
    if provider.client_secret_file is None:
        return provider.client_secret or ""
    try:
        return (folder / provider.client_secret_file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise ProvidersFileWrong(
            f"The secret of the provider {provider.name} cannot be read; correct its file."
        ) from None


def person_of(accounts: Accounts, issuer: str, subject: str) -> Person | None:
    """Whoever that account signs in."""
    row = accounts.db.execute(
        "SELECT person FROM identities WHERE issuer = ? AND subject = ?", (issuer, subject)
    ).fetchone()
    return None if row is None else accounts.person(row["person"])


def link_identity(accounts: Accounts, person_id: str, provider: Provider, subject: str) -> None:
    """From now on that account signs that person in; raises `LinkedToSomebodyElse`."""
    with accounts.writing() as db:
        link_in(db, accounts.clock(), person_id, provider, subject)


def link_in(db: sqlite3.Connection, now: datetime, person_id: str, provider: Provider, subject: str) -> None:
    """The same in a transaction that is under way."""
    row = (provider.issuer, subject, person_id, provider.name, now.isoformat())
    try:
        db.execute("INSERT INTO identities VALUES (?, ?, ?, ?, ?)", row)
    except sqlite3.IntegrityError:
        known = "SELECT 1 FROM identities WHERE issuer = ? AND subject = ? AND person = ?"
        if db.execute(known, row[:3]).fetchone() is None:
            raise LinkedToSomebodyElse from None


def identities_of(accounts: Accounts, person_id: str) -> list[Identity]:
    """The accounts that sign a person in, the oldest first."""
    rows = accounts.db.execute("SELECT * FROM identities WHERE person = ? ORDER BY linked_at", (person_id,)).fetchall()
    return [
        Identity(row["issuer"], row["subject"], row["provider"], datetime.fromisoformat(row["linked_at"]))
        for row in rows
    ]


def unlink_identities(accounts: Accounts, person_id: str, provider: str) -> None:
    """That provider signs the person in no more."""
    with accounts.writing() as db:
        db.execute("DELETE FROM identities WHERE person = ? AND provider = ?", (person_id, provider))
