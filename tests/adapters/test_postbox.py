"""Messages go out over real SMTP, once, and lie in a folder as the proof."""

import email
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from adapters.documents.messages import message_for
from adapters.postbox import EmlFolder, SmtpAddressWrong, SmtpPostbox, remove_drafts, write_once
from adapters.schools import SAMPLE
from domain.escalation import Alarm
from domain.incident import Incident
from domain.roles import Role
from domain.school import School
from tests.given import FRIDAY_4PM, ONE_DAY, a_breach
from workflows.ports import Undeliverable

ALARM = Alarm("clock.24h.dpo", "clock", Role.DPO, FRIDAY_4PM + ONE_DAY)
LATER = datetime(2026, 11, 21, 16, 0, 1, tzinfo=UTC)


def written(alarm: Alarm, incident: Incident, school: School, now: datetime) -> EmailMessage:
    """The product's own messages."""
    return message_for(alarm, incident, school, now=now, sender="tocsin@example.invalid")


class MailServer:
    """A real SMTP server on loopback that keeps what it accepts, and can refuse."""

    def __init__(self) -> None:
        self.accepted: list[bytes] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Accepts or answers what it was told to."""
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.accepted.append(envelope.content)
        return self.answer


@pytest.fixture
def mail() -> Iterator[tuple[MailServer, str]]:
    """The server and its address."""
    handler = MailServer()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    controller.stop()


def test_a_message_goes_out_over_smtp_and_lies_in_the_folder(mail: tuple[MailServer, str], tmp_path: Path) -> None:
    """What the server accepted is what the folder holds."""
    server, url = mail
    SmtpPostbox(url, tmp_path, written).deliver(ALARM, a_breach().case, SAMPLE, LATER)
    (file,) = tmp_path.glob("*.eml")
    sent, kept = email.message_from_bytes(server.accepted[0]), email.message_from_bytes(file.read_bytes())
    assert sent["To"] == kept["To"] == "dpo@dpo-service.invalid"
    assert sent["Message-ID"] == kept["Message-ID"]
    assert "100001-ABCDEFGH" in kept["Subject"]


def test_the_same_alarm_is_sent_once(mail: tuple[MailServer, str], tmp_path: Path) -> None:
    """Another postbox on the same folder, as after a restart, sends it no second time; another due time is another."""
    server, url = mail
    for _ in range(3):
        SmtpPostbox(url, tmp_path, written).deliver(ALARM, a_breach().case, SAMPLE, LATER)
    assert len(server.accepted) == 1
    other = Alarm(ALARM.name, ALARM.family, ALARM.to, ALARM.due_at + timedelta(hours=1))
    SmtpPostbox(url, tmp_path, written).deliver(other, a_breach().case, SAMPLE, LATER)
    assert len(server.accepted) == 2


def test_a_message_that_could_go_out_twice_has_the_same_id(mail: tuple[MailServer, str], tmp_path: Path) -> None:
    """A crash between the server's acceptance and the file: the mailbox recognises the second one."""
    server, url = mail
    for folder in ("before", "after"):
        SmtpPostbox(url, tmp_path / folder, written).deliver(ALARM, a_breach().case, SAMPLE, LATER)
    assert len({email.message_from_bytes(sent)["Message-ID"] for sent in server.accepted}) == 1


def test_a_refusal_for_good_is_final(mail: tuple[MailServer, str], tmp_path: Path) -> None:
    """The code says why, and no address."""
    server, url = mail
    server.answer = "554 no such mailbox dpo@dpo-service.invalid"
    with pytest.raises(Undeliverable, match=r"^refused_554$"):
        SmtpPostbox(url, tmp_path, written).deliver(ALARM, a_breach().case, SAMPLE, LATER)
    assert not list(tmp_path.glob("*.eml"))


def test_a_refusal_for_now_is_tried_again(mail: tuple[MailServer, str], tmp_path: Path) -> None:
    """Any other failure is left to the engine's retries."""
    server, url = mail
    box = SmtpPostbox(url, tmp_path, written)
    server.answer = "451 try later"
    with pytest.raises(Exception, match="451") as failure:
        box.deliver(ALARM, a_breach().case, SAMPLE, LATER)
    assert not isinstance(failure.value, Undeliverable)
    server.answer = "250 OK"
    box.deliver(ALARM, a_breach().case, SAMPLE, LATER)
    assert len(server.accepted) == 1


def test_a_server_that_is_away_is_tried_again(tmp_path: Path) -> None:
    """Nothing listens on the port."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(OSError, match=r"127\.0\.0\.1"):
        SmtpPostbox(f"smtp://127.0.0.1:{port}", tmp_path, written).deliver(ALARM, a_breach().case, SAMPLE, LATER)


def test_nobody_to_reach_is_final(tmp_path: Path) -> None:
    """A role without an address in the register."""
    nobody = SAMPLE.model_copy(update={"contacts": {}})
    with pytest.raises(Undeliverable, match="no_address"):
        EmlFolder(tmp_path, written).deliver(ALARM, a_breach().case, nobody, LATER)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_an_address_that_is_none_is_refused_in_words(url: str, tmp_path: Path) -> None:
    """Said when Tocsin starts, not when the first alarm is due."""
    with pytest.raises(SmtpAddressWrong, match=r"smtp://HOST:PORT"):
        SmtpPostbox(url, tmp_path, written)


def test_a_file_is_written_once_and_whole(tmp_path: Path) -> None:
    """A later writer leaves it, and what a crash left half written is cleared away."""
    write_once(tmp_path / "a.eml", b"first")
    write_once(tmp_path / "a.eml", b"second")
    assert (tmp_path / "a.eml").read_bytes() == b"first"
    (tmp_path / ".draft-abc").write_bytes(b"half")
    remove_drafts(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.eml"]
