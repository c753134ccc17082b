"""A Tocsin that runs as an operator runs it: a real process on a data folder, with its real Temporal server."""

import email
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from adapters.temporal_server import free_port

TOCSIN = Path(sys.executable).with_name("tocsin")
PATIENCE_SECONDS = 45


class Installation:
    """A data folder and the Tocsin that runs on it."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data, self.options = data, options
        self.web, self.temporal, self.pages = free_port(), free_port(), free_port()
        self.said = data.with_name(f"{data.name}.said")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it is well."""
        ports = ("--port", self.web, "--temporal-port", self.temporal, "--temporal-ui-port", self.pages)
        words = [TOCSIN, "up", "--data", self.data, *ports, *self.options]
        with self.said.open("ab") as said:
            self.process = subprocess.Popen(
                [str(word) for word in words], stdout=said, stderr=subprocess.STDOUT, start_new_session=True
            )
        until(lambda: self.health().get("status") == "ok")

    def health(self) -> dict[str, Any]:
        """What /healthz says; nothing while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.web}/healthz", timeout=5) as answer:
                said: dict[str, Any] = json.loads(answer.read())
                return said
        except OSError:
            return {}

    def end(self, number: int = signal.SIGKILL) -> tuple[int, str]:
        """Sends a signal and waits; the exit code and what was printed."""
        assert self.process is not None
        os.kill(self.process.pid, number)
        self.process.wait(timeout=PATIENCE_SECONDS)
        return self.process.returncode, self.printed()

    def printed(self) -> str:
        """What it printed so far, in all its runs."""
        return self.said.read_text(encoding="utf-8")

    def run(self, *words: str) -> str:
        """What a command prints, on this data folder."""
        command = [str(TOCSIN), *words, "--data", str(self.data)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def server(self) -> psutil.Process:
        """The Temporal server."""
        assert self.process is not None
        (server,) = (child for child in psutil.Process(self.process.pid).children() if "temporal" in child.name())
        return server

    def mails(self) -> list[str]:
        """The Message-ID of every message that lies in the outbox."""
        return [str(email.message_from_bytes(path.read_bytes())["Message-ID"]) for path in self.outbox()]

    def outbox(self) -> list[Path]:
        """Every message."""
        return sorted((self.data / "outbox").glob("*.eml"))

    def names(self) -> set[str]:
        """Which alarms lie in the outbox."""
        return {".".join(path.name.split(".")[1:-2]) for path in self.outbox()}


def until(so: Callable[[], bool]) -> None:
    """Waits until it is so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
