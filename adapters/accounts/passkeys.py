"""
Passkeys (W3C Web Authentication, level 3): a key pair on a person's device, of which only the public half is kept here.

The device asks for a finger, a face or a PIN before it signs ("user verification"). That is required, so a passkey is
two factors by itself: it signs in alone, or is the second step after a password. A challenge is used once, within five
minutes, by the session that it was made for, and for the purpose that it was made for.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, generate_challenge, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from adapters.accounts.people import Person
from adapters.accounts.store import Accounts, Session
from adapters.accounts.tokens import revoke_all
from domain.errors import Refused

CHALLENGE_LASTS = timedelta(minutes=5)
ADDING, SIGNING_IN = "adding", "signing_in"
LONGEST_NAME = 60
MOST_PASSKEYS = 20
UNNAMED = "Passkey"
MALFORMED = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What comes of an answer that no browser would give."""

ADD = "INSERT INTO passkeys (credential, person, name, public_key, sign_count, added_at) VALUES (?, ?, ?, ?, ?, ?)"


class PasskeyRefused(Refused):
    """That passkey could not be used; try it again, or sign in another way."""


class TooManyPasskeys(Refused):
    """There are 20 passkeys already; remove one that you no longer use."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner knows it."""

    number: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who asks for the passkey: a browser gives it to this origin only."""

    id: str
    origin: str

    @classmethod
    def at(cls, public_url: str) -> "RelyingParty":
        """The installation that people reach at that address."""
        parts = urlsplit(public_url)
        return cls(parts.hostname or "", f"{parts.scheme}://{parts.netloc}".lower())

    @property
    def possible(self) -> bool:
        """Whether browsers have passkeys there: the address is encrypted or this machine, and a name, not a number."""
        try:
            ip_address(self.id)
        except ValueError:
            return self.origin.startswith("https://") or self.id == "localhost" or self.id.endswith(".localhost")
        return False


def adding_options(accounts: Accounts, party: RelyingParty, session: Session) -> str:
    """What the browser is told to make a passkey for whoever has that session; JSON."""
    person = session.person
    options = generate_registration_options(
        rp_id=party.id,
        rp_name="Tocsin",
        user_id=person.id.encode(),
        user_name=person.email,
        user_display_name=person.name,
        challenge=_challenge(accounts, ADDING, session),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_descriptors(accounts, person.id),
    )
    return options_to_json(options)


def add_passkey(
    accounts: Accounts, party: RelyingParty, session: Session, credential: Mapping[str, Any], name: str
) -> None:
    """
    Keeps the passkey that the browser made; raises `PasskeyRefused` and `TooManyPasskeys`. The first second factor ends
    the tokens that were made without one.
    """
    challenge = _challenge_in(credential)
    _use(accounts, challenge, ADDING, session)
    try:
        made = verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except MALFORMED as fault:
        raise PasskeyRefused from fault
    named = " ".join(name.split())[:LONGEST_NAME] or UNNAMED
    added = (made.credential_id, session.person.id, named, made.credential_public_key, made.sign_count)
    with accounts.writing() as db:
        if len(_descriptors(accounts, session.person.id)) >= MOST_PASSKEYS:
            raise TooManyPasskeys
        if not accounts.has_second_factor(session.person.id):
            revoke_all(db, session.person.id)
        try:
            db.execute(ADD, (*added, accounts.clock().isoformat()))
        except sqlite3.IntegrityError as fault:
            raise PasskeyRefused from fault


def signing_options(accounts: Accounts, party: RelyingParty, session: Session | None) -> str:
    """
    What the browser is told to sign in with a passkey; JSON. Without a session it names no account, so that it says
    nothing of who has one; with one, it names the passkeys of whoever gave the password.
    """
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=_challenge(accounts, SIGNING_IN, session),
        allow_credentials=_descriptors(accounts, session.person.id) if session else [],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def person_with_passkey(
    accounts: Accounts, party: RelyingParty, session: Session | None, credential: Mapping[str, Any]
) -> Person:
    """Whose passkey signed the challenge; with a session, only the person of that session. Raises `PasskeyRefused`."""
    challenge = _challenge_in(credential)
    _use(accounts, challenge, SIGNING_IN, session)
    try:
        id_ = base64url_to_bytes(str(credential["rawId"]))
        # The counter is read and moved on in one transaction, so that of two copies of an answer one is refused.
        with accounts.writing() as db:
            row = db.execute("SELECT * FROM passkeys WHERE credential = ?", (id_,)).fetchone()
            if row is None or not _is_of(row["person"], credential, session):
                raise PasskeyRefused
            shown = verify_authentication_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=party.id,
                expected_origin=party.origin,
                credential_public_key=row["public_key"],
                credential_current_sign_count=row["sign_count"],
                require_user_verification=True,
            )
            used = (shown.new_sign_count, accounts.clock().isoformat(), row["number"])
            db.execute("UPDATE passkeys SET sign_count = ?, used_at = ? WHERE number = ?", used)
    except MALFORMED as fault:
        raise PasskeyRefused from fault
    person = accounts.person(row["person"])
    if person.disabled:
        raise PasskeyRefused
    return person


def passkeys_of(accounts: Accounts, person_id: str) -> list[Passkey]:
    """The passkeys of a person, the oldest first."""
    select = "SELECT number, name, added_at, used_at FROM passkeys WHERE person = ? ORDER BY number"
    rows = accounts.db.execute(select, (person_id,)).fetchall()
    return [
        Passkey(number, name, datetime.fromisoformat(added), datetime.fromisoformat(used) if used else None)
        for number, name, added, used in rows
    ]


def remove_passkey(accounts: Accounts, person_id: str, number: int) -> None:
    """That passkey of that person opens the account no more."""
    with accounts.writing() as db:
        db.execute("DELETE FROM passkeys WHERE person = ? AND number = ?", (person_id, number))


def _descriptors(accounts: Accounts, person_id: str) -> list[PublicKeyCredentialDescriptor]:
    rows = accounts.db.execute("SELECT credential FROM passkeys WHERE person = ?", (person_id,)).fetchall()
    return [PublicKeyCredentialDescriptor(id=row["credential"]) for row in rows]


def _challenge(accounts: Accounts, purpose: str, session: Session | None) -> bytes:
    challenge, now = generate_challenge(), accounts.clock()
    row = (challenge, purpose, session.hash if session else None, (now + CHALLENGE_LASTS).isoformat())
    with accounts.writing() as db:
        db.execute("DELETE FROM challenges WHERE until <= ?", (now.isoformat(),))
        db.execute("INSERT INTO challenges VALUES (?, ?, ?, ?)", row)
    return challenge


def _challenge_in(credential: Mapping[str, Any]) -> bytes:
    """The challenge that the browser says it answers; the signature is checked over it afterwards."""
    try:
        return parse_client_data_json(base64url_to_bytes(str(credential["response"]["clientDataJSON"]))).challenge
    except MALFORMED as fault:
        raise PasskeyRefused from fault


def _use(accounts: Accounts, challenge: bytes, purpose: str, session: Session | None) -> None:
    """A challenge answers once, whatever comes of it."""
    with accounts.writing() as db:
        row = db.execute("DELETE FROM challenges WHERE challenge = ? RETURNING *", (challenge,)).fetchone()
    asked = (purpose, session.hash if session else None)
    if row is None or (row["asked_for"], row["session"]) != asked or row["until"] <= accounts.clock().isoformat():
        raise PasskeyRefused


def _is_of(owner: str, credential: Mapping[str, Any], session: Session | None) -> bool:
    """Whether the device, and the session if there is one, name the owner too."""
    named = credential["response"].get("userHandle")
    if session is not None and session.person.id != owner:
        return False
    return named is None or base64url_to_bytes(str(named)) == owner.encode()
