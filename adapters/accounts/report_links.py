"""The address of each school's reporting page, and who reported what while signed in.

The address is the only key to the page, so it is a secret of 128 bits. It is stored as it is, because it has to be
printed again on the poster in the staff room. It opens nothing but the page on which a report is written.
"""

import base64
import secrets

from adapters.accounts.store import Accounts

BYTES = 16
CHARACTERS = 26
"""128 bits, five a character."""
_RFC_4648 = "abcdefghijklmnopqrstuvwxyz234567"
_READABLE = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's: no letter that is read as a digit, because people copy the address from a poster."""
_WRITTEN = str.maketrans(_RFC_4648, _READABLE)
_MISREAD = str.maketrans("oil", "011", "-")


def link_of(accounts: Accounts, school: str) -> str:
    """The link of that school's reporting page, made when it is first asked for."""
    row = accounts.db.execute("SELECT link FROM report_links WHERE school = ?", (school,)).fetchone()
    if row is None:
        with accounts.writing() as db:
            made = (school, _new_link(), accounts.clock().isoformat())
            db.execute("INSERT OR IGNORE INTO report_links VALUES (?, ?, ?)", made)
            row = db.execute("SELECT link FROM report_links WHERE school = ?", (school,)).fetchone()
    return in_groups(row["link"])


def rotate_link(accounts: Accounts, school: str) -> str:
    """A new link for that school; the old one stops at once."""
    link = _new_link()
    with accounts.writing() as db:
        made = (school, link, accounts.clock().isoformat())
        db.execute("INSERT OR REPLACE INTO report_links VALUES (?, ?, ?)", made)
    return in_groups(link)


def school_with_link(accounts: Accounts, link: str) -> str | None:
    """The number of the school whose link that is, however it was typed; None for every other."""
    bare = link.lower().translate(_MISREAD)
    if len(bare) != CHARACTERS:
        return None
    row = accounts.db.execute("SELECT school FROM report_links WHERE link = ?", (bare,)).fetchone()
    return None if row is None else str(row["school"])


def in_groups(link: str) -> str:
    """The link as it is printed: in groups that can be read out."""
    return "-".join((link[:5], link[5:10], link[10:15], link[15:20], link[20:]))


def note_report(accounts: Accounts, person: str, ref: str) -> None:
    """Remembers that this person reported this incident, so that they find it again; a repeat changes nothing."""
    with accounts.writing() as db:
        noted = (person, ref, accounts.clock().isoformat())
        db.execute("INSERT OR IGNORE INTO own_reports VALUES (?, ?, ?)", noted)


def reports_of(accounts: Accounts, person: str, limit: int) -> list[str]:
    """The references of what this person reported while signed in, the newest first."""
    select = "SELECT ref FROM own_reports WHERE person = ? ORDER BY at DESC, ref LIMIT ?"
    return [str(row["ref"]) for row in accounts.db.execute(select, (person, limit))]


def _new_link() -> str:
    encoded = base64.b32encode(secrets.token_bytes(BYTES)).decode().rstrip("=")
    return encoded.lower().translate(_WRITTEN)
