"""Load, decide, append: the one way in which an incident, or a school's own record, changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from domain.commands import AnyCommand
from domain.commands.school import SchoolCommand
from domain.decisions import decide
from domain.errors import CommandIdTaken, NoSuchIncident, Refused, SomeoneElseActed
from domain.events import AnyFact, Recorded
from domain.events.base import Fact
from domain.incident import Incident, replay
from domain.roles import ENGINE, Actor
from domain.school_record import decide_school
from workflows.ports import IncidentLog

ATTEMPTS = 20
FILLED_IN = ("document", "acknowledge_before")
"""Fields of a command, beside its times, that are filled in where it is carried out, and by nobody else."""


class CommandHandler:
    """Carries out commands on one log."""

    def __init__(self, log: IncidentLog) -> None:
        self.log = log

    def load(self, ref: str) -> Incident:
        """The incident as it stands; raises `NoSuchIncident`."""
        incident = replay(self.log.history(ref))
        if incident is None:
            raise NoSuchIncident
        return incident

    def handle(
        self,
        command: AnyCommand,
        ref: str,
        by: Actor,
        now: datetime,
        command_id: str,
        seen_version: int | None = None,
    ) -> tuple[Recorded, ...]:
        """The events that the command led to; the same ones when the command id is repeated, none when nothing changed.

        `seen_version` is the version the person looked at: where it is no longer the latest, or somebody acts at the
        same moment, they are told by `SomeoneElseActed`. Whoever names none has it decided again on what is there.
        """
        for _ in range(ATTEMPTS):
            history = self.log.history(ref)
            if repeated := tuple(event for event in history if event.command_id == command_id):
                # The engine's ids name an alarm and its due time: whatever is there under one is that alarm.
                if by.role is not ENGINE.role:
                    _must_be_the_same(command, by, history, repeated)
                return repeated
            if seen_version is not None and history and history[-1].version != seen_version:
                raise SomeoneElseActed
            try:
                return self._append(command, ref, by, now, command_id, history)
            except SomeoneElseActed:
                if seen_version is not None and not self._stored(ref, command_id):
                    raise
        raise SomeoneElseActed

    def _append(
        self,
        command: AnyCommand,
        ref: str,
        by: Actor,
        now: datetime,
        command_id: str,
        history: Sequence[Recorded],
    ) -> tuple[Recorded, ...]:
        facts = _decided(command, history, by, now)
        version = history[-1].version if history else 0
        recorded_at = max(now, history[-1].recorded_at) if history else now
        events = tuple(
            Recorded(
                school=ref.split("-", maxsplit=1)[0],
                incident=ref,
                version=version + number,
                recorded_at=recorded_at,
                actor=by,
                command_id=command_id,
                fact=cast("AnyFact", fact),
            )
            for number, fact in enumerate(facts, start=1)
        )
        return tuple(self.log.append(events)) if events else ()

    def _stored(self, ref: str, command_id: str) -> bool:
        return any(event.command_id == command_id for event in self.log.history(ref))


def _decided(command: AnyCommand, history: Sequence[Recorded], by: Actor, now: datetime) -> tuple[Fact, ...]:
    if isinstance(command, SchoolCommand):
        return decide_school(command, history, by, now)
    return decide(command, replay(history), by, now)


def _must_be_the_same(
    command: AnyCommand, by: Actor, history: Sequence[Recorded], repeated: Sequence[Recorded]
) -> None:
    """A command id stands for one command: decided again on what was there before it, it leads to the same facts."""
    first = repeated[0]
    try:
        again = _decided(_as_then(command, repeated), history[: first.version - 1], by, first.recorded_at)
    except Refused:
        again = ()
    if again != tuple(event.fact for event in repeated) or by != first.actor:
        raise CommandIdTaken


def _as_then(command: AnyCommand, repeated: Sequence[Recorded]) -> AnyCommand:
    """The command with what was left out of it, "now" above all, as it was filled in when it was carried out."""
    names = [name for name in type(command).model_fields if name.endswith("_at") or name in FILLED_IN]
    facts = [event.fact for event in repeated]
    left_out = {
        name: next((getattr(fact, name) for fact in facts if name in type(fact).model_fields), None)
        for name in names
        if getattr(command, name) is None
    }
    return command.model_copy(update=left_out)
