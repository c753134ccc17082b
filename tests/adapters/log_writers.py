"""What other programs do to a log while the tests look on; started anew, so that nothing is shared but the place."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, TypeVar

from adapters.event_log import EventLog
from adapters.keys import KeyRing, master_key
from domain.errors import SomeoneElseActed
from tests.adapters.facts import HERE, noted

Answer = TypeVar("Answer")
_barrier: Barrier


def together(count: int, work: Callable[..., Answer], *arguments: Any) -> list[Answer]:
    """The same work, begun at one moment by so many new processes; each is given its number first."""
    spawning = get_context("spawn")
    with ProcessPoolExecutor(count, spawning, _meet_at, (spawning.Barrier(count),)) as pool:
        return [future.result(60) for future in [pool.submit(_begin, work, n, *arguments) for n in range(count)]]


def _meet_at(barrier: Barrier) -> None:
    global _barrier  # noqa: PLW0603 (the only way into a process that a pool starts)
    _barrier = barrier


def _begin(work: Callable[..., Answer], *arguments: Any) -> Answer:
    _barrier.wait(60)
    return work(*arguments)


def start_and_append(number: int, directory: Path, place: Path | str, wins: int) -> list[int]:
    """A first start, and then a race with the other programs for the next version of one incident."""
    keys = KeyRing.open(directory / "keys.sqlite", master_key(directory / "master.key"))
    log = EventLog.open(place, keys)
    try:
        return win(log, f"writer-{number}", wins)
    finally:
        log.close()
        keys.close()


def win(log: EventLog, writer: str, wins: int) -> list[int]:
    """Reads the incident and acts on it, again and again, until so many acts were the first; their versions."""
    won: list[int] = []
    while len(won) < wins:
        version = len(log.history(HERE)) + 1
        try:
            log.append([noted(HERE, version, command=f"{writer}.{version}")])
        except SomeoneElseActed:
            continue
        won.append(version)
    return won


def shred(_number: int, place: Path | str, master: bytes, incident: str) -> None:
    """An erasure by another program."""
    keys = KeyRing.open(place, master)
    keys.shred(incident)
    keys.close()


def first_start(number: int, directory: Path, place: Path | str) -> tuple[bytes, str]:
    """Makes or finds the master key and the key ring, and seals a text for an incident that has no key yet."""
    master = master_key(directory / "master.key")
    keys = KeyRing.open(place, master)
    sealed = keys.seal_for(HERE, 1).seal(f"note {number}")
    keys.close()
    return master, sealed
