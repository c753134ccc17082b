"""The composition root: the only file that knows every adapter. `Tocsin` is the application without its processes."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path

from adapters.accounts import Accounts
from adapters.clock import Clock, system_clock
from adapters.documents.messages import message_for
from adapters.event_log import EventLog
from adapters.ids import incident_ref, new_command_id
from adapters.keys import KeyRing, master_key
from adapters.papers import letter_names_nobody, prepared
from adapters.postbox import EmlFolder, SmtpPostbox, remove_drafts
from adapters.schools import SchoolFolder
from adapters.views import Views
from adapters.working_days import with_its_period
from domain.commands import IncidentCommand
from domain.commands.complain import RecordComplaint
from domain.commands.discover import ReportIncident
from domain.commands.notify import SubmitReport, WithdrawReport, WriteMessage
from domain.commands.school import SchoolCommand
from domain.errors import NoSuchIncident, SomeoneElseActed
from domain.escalation import Alarm
from domain.events import Recorded
from domain.incident import Incident, replay
from domain.roles import Actor
from domain.school import School
from domain.school_record import record_of
from workflows.activities import Activities, Frame
from workflows.command_handler import ATTEMPTS, FILLED_IN, CommandHandler


@dataclass(frozen=True)
class Settings:
    """Where things are. What is not given comes from the environment, and then from the data folder."""

    data: Path
    database_url: str | None = None
    keys_url: str | None = None
    smtp_url: str | None = None
    mail_from: str = "tocsin@localhost"
    public_url: str | None = None

    @property
    def log(self) -> Path | str:
        """Where the event log is."""
        return self.database_url or self.data / "events.sqlite"

    @classmethod
    def of(cls, data: Path, **given: str | None) -> "Settings":
        """The settings for a data folder; `TOCSIN_DATABASE_URL` and its like fill in what is not given."""
        names = ("database_url", "keys_url", "smtp_url", "mail_from", "public_url")
        found = {name: given.get(name) or os.environ.get(f"TOCSIN_{name.upper()}") for name in names}
        return cls(data=data, **{name: value for name, value in found.items() if value})


class Tocsin:
    """One installation: its log, its keys, its schools, and what can be asked of them."""

    def __init__(self, settings: Settings, clock: Clock = system_clock) -> None:
        self.settings, self.clock = settings, clock
        settings.data.mkdir(parents=True, exist_ok=True)
        ring = settings.data / "keys.sqlite"
        master = master_key(settings.data / "master.key", ring_exists=settings.keys_url is None and ring.exists())
        self.keys = KeyRing.open(settings.keys_url or ring, master)
        self.log = EventLog.open(settings.log, self.keys)
        self.schools = SchoolFolder(settings.data / "schools")
        self.handler = CommandHandler(self.log)

    @cached_property
    def views(self) -> Views:
        """The lists, opened when they are first asked for."""
        return Views(self.settings.data / "views", self.log, self.keys)

    @cached_property
    def accounts(self) -> Accounts:
        """Who may sign in, opened when it is first asked for."""
        return Accounts(self.settings.data / "accounts.sqlite", self.clock)

    @cached_property
    def postbox(self) -> EmlFolder:
        """Mail as files, and by SMTP where a mail server is given."""
        folder = self.settings.data / "outbox"
        url, sender, pages = self.settings.smtp_url, self.settings.mail_from, self.settings.public_url

        def written(alarm: Alarm, incident: Incident, school: School, now: datetime) -> EmailMessage:
            return message_for(alarm, incident, school, sender=sender, now=now, pages=pages)

        box = SmtpPostbox(url, folder, written) if url else EmlFolder(folder, written)
        remove_drafts(folder)
        return box

    def activities(self, frame: Frame | None = None) -> Activities:
        """What the workflows may do, on this installation."""
        return Activities(self.log, self.schools, self.postbox, frame)

    def close(self) -> None:
        """Lets go of every database."""
        for part in ("views", "accounts"):
            if part in self.__dict__:
                getattr(self, part).close()
        self.log.close()
        self.keys.close()

    def report(
        self, command: ReportIncident, school: str, by: Actor, command_id: str | None = None
    ) -> tuple[Recorded, ...]:
        """Opens an incident at a school; the same command id opens the same one."""
        number = self.schools.known(school)
        id_ = command_id or new_command_id()
        return self.handler.handle(command, incident_ref(number, id_), by, self.clock(), id_)

    def act_for_school(
        self, command: SchoolCommand, school: str, by: Actor, command_id: str | None = None
    ) -> tuple[Recorded, ...]:
        """Carries out a command on a school's own record."""
        number = self.schools.known(school)
        return self.handler.handle(command, record_of(number), by, self.clock(), command_id or new_command_id())

    def school_record(self, school: str, as_at: datetime | None = None) -> Sequence[Recorded]:
        """What is recorded of a school itself, now or as the log stood at an instant."""
        return until(self.log.history(record_of(school)), as_at)

    def act(
        self,
        command: IncidentCommand,
        ref: str,
        by: Actor,
        command_id: str | None = None,
        seen_version: int | None = None,
    ) -> tuple[Recorded, ...]:
        """Carries out a command on an incident; raises a `Refused` that says why not."""
        id_, history = command_id or new_command_id(), self._history(ref)
        command = command.model_copy(update={name: None for name in FILLED_IN if name in type(command).model_fields})
        if any(event.command_id == id_ for event in history):
            return self.handler.handle(command, ref, by, self.clock(), id_)
        if isinstance(command, SubmitReport | WithdrawReport):
            return self._submit(command, ref, by, id_, seen_version)
        if isinstance(command, WriteMessage):
            letter_names_nobody(command, history, self.schools.school(history[0].school))
        if isinstance(command, RecordComplaint):
            command = with_its_period(command, self.schools.school(history[0].school), self.clock())
        return self.handler.handle(command, ref, by, self.clock(), id_, seen_version)

    def _submit(
        self, command: SubmitReport | WithdrawReport, ref: str, by: Actor, command_id: str, seen_version: int | None
    ) -> tuple[Recorded, ...]:
        """A report is made of the version it covers, so it is made anew when somebody acts at the same moment."""
        for _ in range(ATTEMPTS):
            now, history = self.clock(), self._history(ref)
            covers = history[-1].version
            if seen_version not in (None, covers):
                raise SomeoneElseActed
            report = prepared(command, history, self.schools.school(history[0].school), by, now)
            try:
                return self.handler.handle(report, ref, by, now, command_id, covers)
            except SomeoneElseActed:
                if seen_version is not None:
                    raise
        raise SomeoneElseActed

    def _history(self, ref: str) -> Sequence[Recorded]:
        """Everything recorded of an incident; a school's own record is none. Raises `NoSuchIncident`."""
        history = () if ref.endswith(record_of("")) else self.log.history(ref)
        if not history:
            raise NoSuchIncident
        return history

    def incident(self, ref: str, as_at: datetime | None = None) -> Incident:
        """The incident now, or as the log stood at an instant; raises `NoSuchIncident`."""
        incident = replay(until(self._history(ref), as_at))
        if incident is None:
            raise NoSuchIncident("That incident was not reported yet at that time.")
        return incident


def until(history: Sequence[Recorded], as_at: datetime | None) -> Sequence[Recorded]:
    """What had been recorded at that instant."""
    return history if as_at is None else [event for event in history if event.recorded_at <= as_at]
