"""Where ids are made: an incident's reference from the command that reports it, a command's id from chance."""

import hashlib
import secrets
from uuid import uuid4

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that is read as a digit, so a reference survives a telephone call."""


def new_command_id() -> str:
    """An id for a command that brings none of its own."""
    return str(uuid4())


def incident_ref(school: str, command_id: str) -> str:
    """The reference of the incident that this command reports: the same for the same command, so a repeat is one."""
    digest = int.from_bytes(hashlib.sha256(f"{school}\0{command_id}".encode()).digest()[:5], "big")
    return f"{school}-{''.join(ALPHABET[digest >> shift & 31] for shift in range(35, -5, -5))}"


def new_person_id() -> str:
    """The opaque id by which the log knows a person."""
    return f"p-{uuid4().hex[:12]}"


def new_secret() -> str:
    """A secret of 256 bits that nobody can guess, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)
