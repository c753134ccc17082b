"""The breach log as CSV, XLSX and JSON: written row by row, however long it is, and never able to run a formula."""

import csv
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from io import TextIOWrapper
from itertools import chain
from os import PathLike, fspath
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import xlsxwriter

from adapters.documents.canonical import canonical
from adapters.documents.log_columns import COLUMNS, Cell, Column
from projections.breach_log import LogEntry
from projections.words import local

ZoneOf = Callable[[str], ZoneInfo]
"""The zone in which the people of a school read a clock."""

TITLE = "Breach log"
CELL_LIMIT = 32_767
"""The longest text that a cell of a workbook holds; xlsxwriter leaves a longer one out without a word."""
SHORTENED = "\n[Shortened here: the CSV and the JSON file have the whole text.]"
FIRST_DATE = 1900
"""The year in which the calendar of a workbook begins; an earlier moment is written as text."""

_TURNS_THE_LINE = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Controls that turn the direction of reading, so that a cell would show something else than it holds."""
_FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")
_SUSPECT = re.compile(r"[=+\-@\t\r＝＋－＠]")
"""Without one of these no text can be a formula; most texts have none, and this is the quickest way to say so."""
# A spreadsheet that splits at semicolons does not see our quotes, so a cell of its own could begin inside our text.
_FORMULA_INSIDE = re.compile(r"(?<=[;\t\r\n])(?=[=+\-@＝＋－＠])")


def write_csv(entries: Iterable[LogEntry], out: BinaryIO, zone_of: ZoneOf) -> None:
    """One row an incident, in UTF-8 with the mark by which Excel knows it; times carry their offset."""
    text = TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    try:
        rows = csv.writer(text, quoting=csv.QUOTE_ALL)
        rows.writerow(column.heading for column in COLUMNS)
        values = [column.value for column in COLUMNS]
        for entry in entries:
            zone = zone_of(entry.school)
            rows.writerow([_as_text(value(entry), zone) for value in values])
    finally:
        text.detach()


def _as_text(cell: Cell, zone: ZoneInfo) -> str:
    match cell:
        case None:
            return ""
        case str():
            return harmless(cell) if _SUSPECT.search(cell) else cell
        case datetime():
            return local(cell, zone).isoformat(timespec="seconds")
        case _:
            return str(cell)


def harmless(text: str) -> str:
    """The text with nothing in it that a spreadsheet could take for the start of a formula."""
    inside = _FORMULA_INSIDE.sub(" ", _TURNS_THE_LINE.sub("", text))
    return f"'{inside}" if _FORMULA.match(inside) else inside


def write_json(entries: Iterable[LogEntry], out: BinaryIO) -> None:
    """One JSON document, a list with an incident a line; times are in UTC."""
    separator = b"[\n"
    for entry in entries:
        out.write(separator + canonical(entry))
        separator = b",\n"
    out.write(b"[]\n" if separator == b"[\n" else b"\n]\n")


def write_xlsx(entries: Iterable[LogEntry], path: str | PathLike[str], zone_of: ZoneOf) -> None:
    """A workbook of one sheet. A sheet has one clock: the zone of its first row, named in the headings."""
    rows = iter(entries)
    first = next(rows, None)
    zone = zone_of(first.school) if first else ZoneInfo("UTC")
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(fspath(path), options) as book:
        sheet = _Sheet(book, zone)
        for entry in chain((first,) if first else (), rows):
            sheet.add(entry)
        sheet.finish()


class _Sheet:
    """The sheet of the log, filled from the top."""

    def __init__(self, book: Any, zone: ZoneInfo) -> None:
        self._book, self._zone, self._rows, self._newest = book, zone, 0, datetime(1980, 1, 1, tzinfo=UTC)
        self._sheet = book.add_worksheet(TITLE)
        wrapped = {"text_wrap": True, "valign": "top"}
        self._plain = book.add_format(wrapped)
        self._time = book.add_format({**wrapped, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})
        heading = book.add_format({**wrapped, "bold": True, "bg_color": "#E6EDED", "bottom": 1})
        for place, column in enumerate(COLUMNS):
            self._sheet.set_column(place, place, column.width)
            self._sheet.write_string(0, place, self._heading(column), heading)
        self._sheet.freeze_panes(1, 1)

    def _heading(self, column: Column) -> str:
        return f"{column.heading} ({self._zone.key} time)" if column.moment else column.heading

    def add(self, entry: LogEntry) -> None:
        """One more row."""
        self._rows += 1
        for place, column in enumerate(COLUMNS):
            self._write(place, column.value(entry))

    def _write(self, place: int, cell: Cell) -> None:
        match cell:
            case None:
                self._sheet.write_blank(self._rows, place, None, self._plain)
            case datetime():
                self._write_moment(place, cell)
            case str():
                self._sheet.write_string(self._rows, place, _short_enough(_TURNS_THE_LINE.sub("", cell)), self._plain)
            case _:
                self._sheet.write_number(self._rows, place, cell, self._plain)

    def _write_moment(self, place: int, at: datetime) -> None:
        self._newest = max(self._newest, at)
        there = local(at, self._zone).replace(microsecond=0)
        if there.year <= FIRST_DATE:
            self._sheet.write_string(self._rows, place, there.isoformat(), self._plain)
        else:
            self._sheet.write_datetime(self._rows, place, there.replace(tzinfo=None), self._time)

    def finish(self) -> None:
        """What can be said only when the last row is written."""
        self._sheet.autofilter(0, 0, self._rows, len(COLUMNS) - 1)
        self._sheet.set_landscape()
        self._sheet.repeat_rows(0)
        # xlsxwriter would write the machine's clock; the newest moment in the log says more, and says it again.
        self._book.set_properties({"title": TITLE, "created": self._newest.replace(tzinfo=None)})


def _short_enough(text: str) -> str:
    # A cell counts as UTF-16 does: a character outside the first plane is two.
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    return units[: 2 * (CELL_LIMIT - len(SHORTENED))].decode("utf-16-le", "ignore") + SHORTENED
