"""Messages to people: a folder of `.eml` files, and SMTP in front of it. The file is the proof that it was sent."""

import asyncio
import os
import re
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import unquote, urlsplit

import aiosmtplib

from adapters.documents.messages import NobodyToReach
from domain.errors import Refused
from domain.escalation import Alarm
from domain.incident import Incident
from domain.school import School
from workflows.ports import Undeliverable

MessageFor = Callable[[Alarm, Incident, School, datetime], EmailMessage]
TIMEOUT_SECONDS = 10.0
"""For a whole delivery: less than the engine waits before it takes an attempt for lost and tries again."""
PERMANENT = range(500, 600)


class SmtpAddressWrong(Refused):
    """The mail server must be given as smtp://HOST:PORT or smtps://HOST:PORT, with USER:PASSWORD@ before HOST."""


class EmlFolder:
    """The default postbox: each message is one file, named by incident, alarm and due time, written once."""

    def __init__(self, folder: Path, message_for: MessageFor) -> None:
        self.folder, self.message_for = folder, message_for
        folder.mkdir(parents=True, exist_ok=True)

    def delivered(self, alarm: Alarm, incident: Incident) -> bool:
        """Whether the message lies there."""
        return self.path(alarm, incident).exists()

    def deliver(self, alarm: Alarm, incident: Incident, school: School, now: datetime) -> None:
        """Writes the message; one that is already there is left as it is."""
        path = self.path(alarm, incident)
        if path.exists():
            return
        try:
            message = self.message_for(alarm, incident, school, now)
        except NobodyToReach:
            raise Undeliverable("no_address") from None
        self.send(message, path)

    def send(self, message: EmailMessage, path: Path) -> None:
        """Writes the file whole or not at all."""
        write_once(path, message.as_bytes(policy=SMTP))

    def path(self, alarm: Alarm, incident: Incident) -> Path:
        """Where the message of this alarm at this due time lies."""
        return self.folder / f"{incident.ref}.{alarm.name}.{alarm.due_at:%Y%m%dT%H%M%S}Z.eml"


class SmtpPostbox(EmlFolder):
    """Sends by SMTP, then keeps the message as a file.

    A crash between the server's acceptance and the file's being on disk sends the message again with the same
    Message-ID, by which mail servers recognise it: an alarm that comes twice is better than one that never comes.
    """

    def __init__(self, url: str, folder: Path, message_for: MessageFor) -> None:
        super().__init__(folder, message_for)
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise SmtpAddressWrong
        self.options = {
            "hostname": parts.hostname,
            "port": parts.port or (465 if parts.scheme == "smtps" else 587),
            "use_tls": parts.scheme == "smtps",
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
        }

    def send(self, message: EmailMessage, path: Path) -> None:
        """Raises `Undeliverable` when the server refuses for good; anything else is worth another try."""
        try:
            asyncio.run(self._send(message))
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            codes = [each.code for each in refusal.recipients]
            if all(code in PERMANENT for code in codes):
                raise Undeliverable(f"refused_{codes[0]}") from None
            raise
        except aiosmtplib.SMTPResponseException as refusal:
            if refusal.code in PERMANENT and not isinstance(refusal, aiosmtplib.SMTPAuthenticationError):
                raise Undeliverable(f"refused_{refusal.code}") from None
            raise
        super().send(message, path)

    async def _send(self, message: EmailMessage) -> None:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await aiosmtplib.send(message, **self.options)  # type: ignore[arg-type]


def write_once(path: Path, data: bytes) -> None:
    """Writes a file that appears whole or not at all, and never replaces one that is there."""
    with NamedTemporaryFile(dir=path.parent, prefix=".draft-", delete=False) as draft:
        draft.write(data)
        draft.flush()
        os.fsync(draft.fileno())
    try:
        os.link(draft.name, path)
    except FileExistsError:
        pass
    finally:
        Path(draft.name).unlink()


def remove_drafts(folder: Path) -> None:
    """Clears what a crash left half written."""
    for draft in folder.glob(".draft-*"):
        if re.fullmatch(r"\.draft-\w+", draft.name):
            draft.unlink(missing_ok=True)
