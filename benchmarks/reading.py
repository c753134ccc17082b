"""Reading: the lists, a case as it stood, and the proof, each beside the same events read and nothing made of them."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path

from rich.progress import Progress

from adapters.bootstrap import until
from adapters.event_log import EventLog
from adapters.keys import KeyRing
from adapters.papers import form_of
from adapters.views import PAGE, Views
from benchmarks.histories import one_long_case, side_by_side
from benchmarks.measuring import Figure, in_turn, timed
from benchmarks.sizes import Sizes
from domain.incident import replay
from projections.answers import Header
from projections.breach_log import log_entry
from projections.ico_submission import submission
from projections.timeline import timeline
from tests.examples import SCHOOL

STORED_AT_ONCE = 500
VERIFIED_AT_ONCE = 2_000
ROWS = """
    SELECT notification_id, CAST(originator_id AS BLOB), originator_version, CAST(topic AS BLOB), state, seal
    FROM stored_events ORDER BY notification_id
"""


@dataclass(frozen=True)
class Stored:
    """A log on disk with many cases in it."""

    folder: Path
    log: EventLog
    keys: KeyRing
    incidents: int
    events: int


def reads(progress: Progress, sizes: Sizes) -> list[Figure]:
    """All three figures, on one log."""
    with _stored(progress, sizes) as stored:
        return [_catch_up(progress, sizes, stored), _verify(progress, sizes, stored), _as_at(progress, sizes, stored)]


@contextmanager
def _stored(progress: Progress, sizes: Sizes) -> Iterator[Stored]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-bench-")))
        keys = stack.enter_context(closing(KeyRing.open(folder / "keys.sqlite", bytes(32))))
        log = stack.enter_context(closing(EventLog.open(folder / "events.sqlite", keys)))
        events = side_by_side(sizes.log_events)
        for start in progress.track(range(0, len(events), STORED_AT_ONCE), description="(filling a log)"):
            log.append(events[start : start + STORED_AT_ONCE])
        yield Stored(folder, log, keys, len(log.incidents()), len(events))


def _catch_up(progress: Progress, sizes: Sizes, stored: Stored) -> Figure:
    folders = (stored.folder / f"views-{number}" for number in count())

    def build(folder: Path) -> None:
        with closing(Views(folder, stored.log, stored.keys)) as views:
            assert views.catch_up() == stored.events

    def ours() -> float:
        folder = next(folders)
        return timed(stored.events, lambda: build(folder))

    def floor() -> float:
        return timed(stored.events, lambda: _read_all(stored.log))

    turns = in_turn(progress, "catch_up", sizes.catch_up_rounds, ours, floor)
    sentence = f"EventLog.read: the same events in the same pages of {PAGE}, decoded and opened, and no list made"
    notes: dict[str, str | int | float | bool] = {"events": stored.events, "incidents": stored.incidents}
    return Figure("catch_up", "events", sentence, 0.5, stored.events * len(turns), turns, notes)


def _read_all(log: EventLog) -> None:
    position = 0
    while page := log.read(position, PAGE):
        position = page[-1].position


def _verify(progress: Progress, sizes: Sizes, stored: Stored) -> Figure:
    def prove() -> None:
        verdict = stored.log.verify()
        assert verdict.whole
        assert verdict.events == stored.events

    with closing(sqlite3.connect(stored.folder / "events.sqlite")) as bare:
        turns = in_turn(
            progress,
            "verify",
            sizes.verify_rounds,
            lambda: timed(stored.events, prove),
            lambda: timed(stored.events, lambda: _hash_all(bare)),
        )
    sentence = "sqlite3: the same columns of the same rows, and one bare sha256 over each row's bytes"
    return Figure("verify", "events", sentence, 0.5, stored.events * len(turns), turns, {"events": stored.events})


def _hash_all(bare: sqlite3.Connection) -> None:
    cursor = bare.execute(ROWS)
    while rows := cursor.fetchmany(VERIFIED_AT_ONCE):
        for _, stream, _, topic, state, _ in rows:
            sha256(stream + topic + state).digest()


def _as_at(progress: Progress, sizes: Sizes, stored: Stored) -> Figure:
    events = one_long_case(sizes.long_history)
    stored.log.append(events)
    ref, moment = events[0].incident, events[-10].recorded_at

    def show() -> None:
        incident = replay(until(stored.log.history(ref), moment))
        assert incident is not None
        assert len(timeline(incident)) == len(events) - 9
        assert log_entry(incident).ref == ref
        assert submission(incident, SCHOOL, form_of(SCHOOL), Header(number=2, phase="follow_up")).ref == ref

    turns = in_turn(
        progress,
        "as_at",
        sizes.as_at_rounds,
        lambda: timed(len(events), show),
        lambda: timed(len(events), lambda: stored.log.history(ref)),
    )
    sentence = "EventLog.history: that history alone, decoded and opened"
    notes: dict[str, str | int | float | bool] = {
        "events": len(events),
        "shown": "timeline, breach log entry and submission as at the tenth event from the end",
    }
    return Figure("as_at", "events", sentence, 0.5, len(events) * len(turns), turns, notes)
