"""Exporting: the kept breach log as CSV, XLSX and JSON, beside the same rows written bare; and how long a PDF takes."""

import csv
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pypdfium2
import xlsxwriter
from rich.progress import Progress

from adapters.breach_log_files import write_log_file
from adapters.documents.log_columns import COLUMNS
from adapters.documents.log_pdf import MOST, breach_log_pdf
from adapters.documents.pdf import review_pdf
from adapters.event_log import EventLog
from adapters.ids import incident_ref
from adapters.keys import KeyRing
from adapters.views import BREACH_LOG, Views
from benchmarks.histories import SCHOOLS
from benchmarks.measuring import Figure, Notes, Side, in_turn, timed
from benchmarks.sizes import Sizes
from projections.breach_log import LogEntry, log_entry
from projections.governors_review import governors_review
from tests.examples import SCHOOL, classcharts, closed_incident, replayed, with_every_text

Row: TypeAlias = Sequence[Any]

APART = timedelta(hours=12)
LONDON = ZoneInfo("Europe/London")
CODE = "1043-9f3ac01b77de4a10"
LONG_TEXT = "The office wrote down what it saw, when it saw it, and whom it told. " * 7
"""In every free text of a review, it makes five pages of the three that a review usually has."""

LATER_REVIEWS = 10
TIMES_FEWER = 10
"""Memory is looked at with so many times fewer incidents as well: a stream takes no more for more of them."""

BARE_CSV = "csv.writer: the same cells, as ready lists of text, to a file"
BARE_XLSX = "xlsxwriter in constant memory: the same cells, as ready lists of text, numbers and times, to a workbook"
BARE_JSON = "json.dumps: the same rows, as ready dicts, sorted and without spaces, to a file"


@dataclass(frozen=True)
class Kept:
    """A kept breach log with many rows, sealed as they always are, and a folder to write to."""

    folder: Path
    views: Views
    rows: int

    def entries(self, most: int | None = None) -> Iterator[LogEntry]:
        """The rows as an export reads them: the oldest first, unsealed and validated."""
        return islice(self.views.breach_log(), most)


def exports(progress: Progress, sizes: Sizes) -> list[Figure]:
    """All three figures, on one kept log."""
    floors: tuple[tuple[str, int, str, Callable[[Kept], Side]], ...] = (
        ("csv", sizes.export_rounds, BARE_CSV, _bare_csv),
        ("xlsx", sizes.workbook_rounds, BARE_XLSX, _bare_xlsx),
        ("json", sizes.export_rounds, BARE_JSON, _bare_json),
    )
    with _kept(sizes.exported) as kept:
        return [_export(progress, kept, *each) for each in floors]


def _export(
    progress: Progress, kept: Kept, format_: str, rounds: int, sentence: str, bare: Callable[[Kept], Side]
) -> Figure:
    name, goal = f"export_{format_}", 0.25 if format_ in ("csv", "xlsx") else None
    turns = in_turn(progress, name, rounds, lambda: timed(kept.rows, lambda: _write(kept, format_)), bare(kept))
    return Figure(name, "incidents", sentence, goal, kept.rows * rounds, turns, _notes(kept, format_))


def _write(kept: Kept, format_: str, most: int | None = None) -> None:
    write_log_file(kept.entries(most), kept.folder / f"log.{format_}", format_, lambda _: LONDON)


def _notes(kept: Kept, format_: str) -> Notes:
    notes: Notes = {"incidents": kept.rows, "columns": len(COLUMNS)}
    notes["bytes_per_incident"] = (kept.folder / f"log.{format_}").stat().st_size // kept.rows
    for rows in (kept.rows // TIMES_FEWER, kept.rows):
        notes[f"peak_megabytes_with_{rows}_incidents"] = _peak_megabytes(kept, format_, rows)
    return notes


def _peak_megabytes(kept: Kept, format_: str, rows: int) -> float:
    """The most that a program which does nothing else occupies: what it begins with, and what the export adds."""
    command = [sys.executable, "-m", "benchmarks.exporting", str(kept.folder), format_, str(rows)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(run.stdout)


def export_alone(folder: Path, format_: str, rows: int) -> float:
    """Exports so many of the oldest rows, and gives the most memory, in megabytes, that this program ever had."""
    with _opened(folder) as views:
        _write(Kept(folder, views, rows), format_, rows)
    status = Path("/proc/self/status")
    if status.exists():
        # Linux counts in what getrusage says the program from which this one was started.
        [peak] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return round(int(peak.split()[1]) / 1024, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, 1)


@contextmanager
def _opened(folder: Path) -> Iterator[Views]:
    with ExitStack() as stack:
        keys = stack.enter_context(closing(KeyRing.open(folder / "keys.sqlite", bytes(32))))
        log = stack.enter_context(closing(EventLog.open(folder / "events.sqlite", keys)))
        yield stack.enter_context(closing(Views(folder / "views", log, keys)))


@contextmanager
def _kept(rows: int) -> Iterator[Kept]:
    """Filled directly, since how fast a list is kept up is another figure (`catch_up`)."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as place, _opened(Path(place)) as views:
        entries = list(_entries(rows))
        fetched = views.keys.prepare(entry.ref for entry in entries)
        stored = [BREACH_LOG.stored(fetched, entry.ref, entry.school, entry) for entry in entries]
        views.files[BREACH_LOG.name].put(1, stored)
        kept = Kept(Path(place), views, rows)
        assert sum(1 for _ in kept.entries()) == rows
        yield kept


def _entries(count: int) -> Iterator[LogEntry]:
    """The same whole case at one school after another, twelve hours apart."""
    entry = log_entry(closed_incident())
    for number in range(count):
        school = str(100_001 + number % SCHOOLS)
        place = {"ref": incident_ref(school, f"export-{number}"), "school": school}
        yield entry.model_copy(update={**place, "reported_at": entry.reported_at + number * APART})


def _bare_csv(kept: Kept) -> Side:
    _write(kept, "csv")
    with (kept.folder / "log.csv").open(encoding="utf-8-sig", newline="") as written:
        rows = list(csv.reader(written))

    def write() -> None:
        with (kept.folder / "bare.csv").open("w", encoding="utf-8-sig", newline="") as target:
            csv.writer(target, quoting=csv.QUOTE_ALL).writerows(rows)

    return lambda: timed(kept.rows, write)


def _bare_xlsx(kept: Kept) -> Side:
    rows = [[_in_a_workbook(column.value(entry)) for column in COLUMNS] for entry in kept.entries()]
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}

    def write() -> None:
        with xlsxwriter.Workbook(str(kept.folder / "bare.xlsx"), options) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)

    return lambda: timed(kept.rows, write)


def _in_a_workbook(cell: Any) -> Any:
    return cell.astimezone(LONDON).replace(tzinfo=None, microsecond=0) if isinstance(cell, datetime) else cell


def _bare_json(kept: Kept) -> Side:
    rows = [entry.model_dump(mode="json") for entry in kept.entries()]

    def write() -> None:
        with (kept.folder / "bare.json").open("w", encoding="utf-8") as target:
            for row in rows:
                target.write(json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n")

    return lambda: timed(kept.rows, write)


def papers(progress: Progress, sizes: Sizes) -> dict[str, float | int]:
    """Seconds to set a paper: nothing to compare them with, so they are written down and no ratio is made of them."""
    reviews = [_review(number) for number in range(1 + LATER_REVIEWS)]
    first, *later = [_seconds(make) for make in progress.track(reviews, description="(setting papers)")]
    entries = list(_entries(min(MOST, sizes.exported)))
    with_log = _seconds(lambda: breach_log_pdf(entries, SCHOOL, as_at=entries[-1].reported_at, code=CODE))
    return {
        "review_pdf_pages": len(pypdfium2.PdfDocument(reviews[0]())),
        "review_pdf_seconds_first": first,
        "review_pdf_seconds_later": round(median(later), 3),
        "breach_log_pdf_incidents": len(entries),
        "breach_log_pdf_seconds": with_log,
    }


def _review(number: int) -> Callable[[], bytes]:
    """No two are alike, or the second would be remembered from the first."""
    review = governors_review(replayed(with_every_text(classcharts(), f"{LONG_TEXT}{number}")))
    return lambda: review_pdf(review, SCHOOL, code=CODE)


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return round(perf_counter() - began, 3)


if __name__ == "__main__":
    place, format_, rows = sys.argv[1:]
    print(export_alone(Path(place), format_, int(rows)))
