"""What the commands share: where the data are, how times are read and written, and how progress is shown."""

import fcntl
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from adapters.bootstrap import Settings, Tocsin
from domain.quantities import YEARS

DataOption = Annotated[Path, typer.Option("--data", envvar="TOCSIN_DATA", help="The data folder.")]
DatabaseOption = Annotated[
    str | None, typer.Option("--database-url", envvar="TOCSIN_DATABASE_URL", help="A PostgreSQL log instead of SQLite.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
AsAtOption = Annotated[
    str | None, typer.Option("--as-at", metavar="TIME", help="As the log stood at this time, given with its offset.")
]
DATA = Path("data")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class UsageMistake(Exception):
    """The command was called wrongly."""


def is_up(data: Path) -> bool:
    """Whether a Tocsin runs on this data folder."""
    try:
        with (data / "up.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


@contextmanager
def opened(data: Path, database_url: str | None = None) -> Iterator[Tocsin]:
    """The installation in a data folder that is already there, or is made by `tocsin up`."""
    if not data.is_dir():
        raise UsageMistake(f"There is no data folder {data}: start Tocsin once with “tocsin up --data {data}”.")
    if not (data / "schools").is_dir():
        raise UsageMistake(f"{data} is no data folder of Tocsin: start Tocsin once with “tocsin up --data {data}”.")
    tocsin = Tocsin(Settings.of(data, database_url=database_url))
    try:
        yield tocsin
    finally:
        tocsin.close()


def instant(text: str | None) -> datetime | None:
    """A time with its offset; a local time without one could mean two moments."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at.year not in YEARS:
        raise UsageMistake(f"“{text}” is not a time with its offset, such as 2026-11-20T16:45:00+00:00.")
    return at


LARGEST_FILE = 1_000_000
"""Bytes. What people write by hand is smaller, and a larger file is a mistake."""


def read_text(file: Path, name: str | None = None) -> str:
    """The text of a file that somebody names; whatever is wrong with it is one sentence."""
    said = name or str(file)
    try:
        if file.is_dir():
            raise UsageMistake(f"{said} is a folder; name the file itself.")
        if file.exists() and not file.is_file():
            raise UsageMistake(f"{said} is not a file that can be read as a whole; save it as one.")
        with file.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as failure:
        raise UsageMistake(f"{said} cannot be read: {failure.strerror or 'it failed'}.") from None
    if len(raw) > LARGEST_FILE:
        raise UsageMistake(f"{said} is larger than 1 MB; name a file that holds this alone.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UsageMistake(f"{said} is not plain text in UTF-8; save a PDF or a Word document as plain text first.")
    return text


def local(at: datetime | None, zone: ZoneInfo) -> str:
    """A time as people at the school read it, with the zone said."""
    return "not known" if at is None else f"{at.astimezone(zone):%a %d %b %Y %H:%M %Z}"


def print_json(document: Any) -> None:
    """One JSON document, and nothing beside it."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def write_bytes(data: bytes, out_file: Path | None) -> None:
    """To a file, or to standard output."""
    if out_file is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        out_file.parent.mkdir(parents=True, exist_ok=True)
        out_file.write_bytes(data)
        err.print(f"Written: {out_file}")


@contextmanager
def progress_bar(what: str) -> Iterator["Bar"]:
    """A bar on standard error, which goes away when it is done and is not drawn where nobody looks."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not sys.stderr.isatty()) as progress:
        yield Bar(progress)


class Bar:
    """Told how much is done of how much."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def __call__(self, done: int, total: int) -> None:
        """Moves the bar."""
        self._progress.update(self._task, completed=done, total=total)
