"""Reading the log of sign-ins: what was written with `Accounts.note`, newest first."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from adapters.accounts.store import Accounts

IN_WORDS = {
    "signed_in": "Signed in",
    "password_wrong": "Wrong password",
    "unknown_account": "No such account",
    "second_factor_wrong": "Wrong second step",
    "signed_out": "Signed out",
    "password_changed": "Password changed",
    "second_factor_added": "Second step added",
    "second_factor_removed": "Second step removed",
    "passkey_used": "Passkey used",
    "sessions_ended": "Signed out elsewhere",
    "locked_out": "Too many tries",
}
"""The kinds that sign-in and account pages note."""

LATEST = 2**63 - 1
"""Before this number is every line."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One line of the log. `person` is None where no account had the address that was typed."""

    number: int
    at: datetime
    person: str | None
    what: str
    address: str
    detail: str


def sign_ins(
    accounts: Accounts, before: int | None, limit: int, people: Collection[str] | None = None, what: str | None = None
) -> list[SignIn]:
    """Lines older than the one of that number, at most so many, of these people alone, of that kind alone."""
    where: list[str] = ["number < ?"]
    values: list[str | int] = [LATEST if before is None else before]
    if people is not None:
        where.append("person IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(sorted(people)))
    if what is not None:
        where.append("what = ?")
        values.append(what)
    columns = "number, at, person, what, address, detail"
    select = f"SELECT {columns} FROM sign_in_log WHERE {' AND '.join(where)} ORDER BY number DESC LIMIT ?"  # noqa: S608
    rows = accounts.db.execute(select, (*values, limit)).fetchall()
    return [SignIn(number, datetime.fromisoformat(at), *others) for number, at, *others in rows]
