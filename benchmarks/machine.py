"""What the figures were measured on: nothing that names the machine or a place on it."""

import os
import platform
import sqlite3
import subprocess
from pathlib import Path


def machine() -> dict[str, str | int | float]:
    """The machine's facts; the servers add their versions when they run."""
    return {
        "cores": os.cpu_count() or 1,
        "load_before": round(os.getloadavg()[0], 2),
        "system": platform.system(),
        "architecture": platform.machine(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def resident_megabytes(pid: int) -> float:
    """The memory that a process really occupies; `ps` says it on every system that Tocsin runs on."""
    said = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return round(int(said.stdout) / 1024, 1)


def bytes_of(file: Path) -> int:
    """The size of a database with the journal beside it."""
    return sum(
        part.stat().st_size for part in file.parent.glob(f"{file.name}*") if part.suffix not in (".log", ".lock")
    )
