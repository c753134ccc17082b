"""One at a time: several programs that start together must not set up the same store twice."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTING_UP = 0x746F6373696E
"""The number of PostgreSQL's advisory lock under which tables are created ("tocsin" in ASCII)."""


@contextmanager
def alone_in(directory: Path) -> Iterator[None]:
    """Holds the directory's lock, which the system lets go of even when a program is killed."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
