"""The breach log as a file: from the list that is kept up, or folded from the log up to a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
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
    yield from _folded(tocsin, tocsin.log.incidents(school), at, progress)


def _folded(tocsin: Tocsin, refs: Sequence[str], at: datetime, progress: Progress) -> Iterator[LogEntry]:
    """Read twice, so that no more is kept than when each incident was reported: first the order, then the rows."""
    steps, order = 2 * len(refs), []
    for number, ref in enumerate(refs, start=1):
        if known := until(tocsin.log.history(ref), at):
            order.append((known[0].recorded_at, ref))
        progress(number, steps)
    order.sort()
    for number, (_, ref) in enumerate(order, start=1):
        if incident := replay(until(tocsin.log.history(ref), at)):
            yield log_entry(incident)
        progress(steps - len(order) + number, steps)


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
