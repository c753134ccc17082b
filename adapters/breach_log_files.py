"""The breach log as a file: from the list that is kept up, or folded from the log up to a time."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.bootstrap import Tocsin, until
from adapters.documents.log_files import write_csv, write_json, write_xlsx
from domain.errors import Refused
from domain.incident import replay
from projections.breach_log import LogEntry, log_entry

Progress = Callable[[int, int], None]
ZoneOf = Callable[[str], ZoneInfo]


def log_entries(tocsin: Tocsin, school: str | None, at: datetime | None, progress: Progress) -> Iterator[LogEntry]:
    """The rows: from the list that is kept up, or folded from the log up to a time."""
    if at is None:
        tocsin.views.catch_up(progress)
        yield from tocsin.views.breach_log(None if school is None else [school])
        return
    refs = tocsin.log.incidents(school)
    entries = []
    for number, ref in enumerate(refs, start=1):
        if incident := replay(until(tocsin.log.history(ref), at)):
            entries.append(log_entry(incident))
        progress(number, len(refs))
    yield from sorted(entries, key=lambda entry: (entry.reported_at, entry.ref))


def write_log_file(entries: Iterable[LogEntry], path: Path, format_: str, zone_of: ZoneOf) -> None:
    """Writes the rows to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.parent / f".{path.name}.draft"
    try:
        _write(entries, draft, format_, zone_of)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _write(entries: Iterable[LogEntry], path: Path, format_: str, zone_of: ZoneOf) -> None:
    if format_ == "xlsx":
        write_xlsx(entries, path, zone_of)
        return
    with path.open("wb") as target:
        if format_ == "csv":
            write_csv(entries, target, zone_of)
        else:
            write_json(entries, target)


def zones(tocsin: Tocsin) -> ZoneOf:
    """Each school's zone, looked up once."""

    @cache
    def zone_of(school: str) -> ZoneInfo:
        try:
            return tocsin.schools.school(school).timezone
        except Refused:
            # One school whose file is missing or broken must not keep the log of the others back.
            return ZoneInfo("UTC")

    return zone_of
