"""A child process that knows nothing of our secrets, ends when asked, and dies with us."""

import asyncio
import ctypes
import os
import shutil
import signal
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import suppress
from functools import partial

STOP_WITHIN = 10.0
"""Seconds that a child is given to end by itself."""

PR_SET_PDEATHSIG = 1


def dying_with_us() -> tuple[list[str], Callable[[], object] | None]:
    """What to start a child with so that it dies with us: words before its own, or a preparation in the child."""
    # Killed rather than asked: what it acknowledged is in the file, and the data folder is free at once.
    setpriv = shutil.which("setpriv")
    if setpriv:
        return [setpriv, "--pdeathsig", "KILL", "--"], None
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    return [], partial(prctl, PR_SET_PDEATHSIG, signal.SIGKILL) if prctl else None


def bare_environment() -> dict[str, str]:
    """The environment for a child that needs to know nothing."""
    # No secret of ours, and no TEMPORAL_* setting that is meant for another Temporal Service.
    return {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}


async def end(child: Process) -> None:
    """Ends a child gently, and after ten seconds at once."""
    if child.returncode is not None:
        return
    try:
        with suppress(ProcessLookupError):
            child.terminate()
        async with asyncio.timeout(STOP_WITHIN):
            await child.wait()
    except TimeoutError:
        pass
    finally:
        await kill(child)


async def kill(child: Process) -> None:
    """Ends a child at once."""
    if child.returncode is None:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
