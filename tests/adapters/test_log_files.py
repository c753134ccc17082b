"""The breach log as files: every row comes back as it went in, in the school's time, and no cell is ever a formula."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from adapters.documents.log_columns import COLUMNS
from adapters.documents.log_files import CELL_LIMIT, SHORTENED, harmless, write_csv, write_json, write_xlsx
from projections.breach_log import LogEntry, log_entry
from tests.examples import LEAD, at, classcharts, closed_incident, replayed, suspicion, with_every_text

LONDON = ZoneInfo("Europe/London")
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x.example","y")', "＝1+1", "http://x.example")
HEADINGS = [column.heading for column in COLUMNS]


def zone_of(_: str) -> ZoneInfo:
    """Every school of these tests is in England."""
    return LONDON


def entries() -> list[LogEntry]:
    """A whole case, one of which next to nothing is known, one in summer, and some that mean harm."""
    summer = suspicion(at(1, "09:00", month=7)).do(at(1, "09:30", month=7), LEAD, "confirm_breach").incident
    return [
        log_entry(closed_incident()),
        log_entry(suspicion().incident),
        log_entry(summer),
        *(
            log_entry(replayed(with_every_text(classcharts(), text)))
            for text in (*FORMULAS, "x\n=1;=2\t=3", "a_x0041_\x01")
        ),
    ]


def csv_of(rows: list[LogEntry]) -> list[list[str]]:
    """The log as CSV, read again."""
    out = BytesIO()
    write_csv(rows, out, zone_of)
    return list(csv.reader(StringIO(out.getvalue().decode("utf-8-sig"), newline="")))


def sheet_of(rows: list[LogEntry], folder: Path) -> Any:
    """The log as a workbook, read again."""
    write_xlsx(rows, folder / "log.xlsx", zone_of)
    return openpyxl.load_workbook(folder / "log.xlsx").worksheets[0]


def test_csv_gives_back_every_row() -> None:
    """Each cell says what the view says: text as it was, numbers as numbers, times with the school's offset."""
    headings, *rows = csv_of(entries())
    assert headings == HEADINGS
    assert len(rows) == len(entries())
    for entry, row in zip(entries(), rows, strict=True):
        for column, cell in zip(COLUMNS, row, strict=True):
            value = column.value(entry)
            match value:
                case datetime():
                    assert datetime.fromisoformat(cell) == value
                    assert datetime.fromisoformat(cell).utcoffset() == value.astimezone(LONDON).utcoffset()
                case str():
                    assert cell == harmless(value)
                case _:
                    assert cell == ("" if value is None else str(value))


def test_csv_opens_in_a_spreadsheet_as_utf_8() -> None:
    """The file begins with the mark without which Excel takes UTF-8 for something else."""
    out = BytesIO()
    write_csv([], out, zone_of)
    assert out.getvalue().startswith(b'\xef\xbb\xbf"Reference",')
    assert not out.closed


def test_a_summers_time_is_summer_time() -> None:
    """Nine o'clock UTC on the first of July is ten o'clock in England."""
    assert csv_of(entries())[3][HEADINGS.index("Reported")] == "2026-07-01T10:00:00+01:00"


@given(st.text("=+-@\t\r\n; ',\"aé＝", max_size=12))
def test_no_csv_cell_begins_a_formula(text: str) -> None:
    """Neither where the file is split at commas nor where a spreadsheet splits it at semicolons."""
    out = StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(["x", harmless(text)])
    [[_, cell]] = csv.reader(StringIO(out.getvalue(), newline=""))
    pieces = out.getvalue().replace("\r", "\n").replace("\t", ";").replace("\n", ";").split(";")
    for piece in [cell, *pieces]:
        assert not piece.startswith(tuple("=+-@\t\r＝"))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_is_marked_as_text(text: str) -> None:
    """Only what could be run is marked, and it stays readable."""
    assert harmless(text) == (text if text.startswith("http") else f"'{text}")
    assert harmless("a plain text = fine") == "a plain text = fine"


def test_the_workbook_gives_back_every_row(tmp_path: Path) -> None:
    """Each cell says what the view says; a time is a real one, in the school's zone, which the heading names."""
    sheet = sheet_of(entries(), tmp_path)
    assert sheet.max_row == len(entries()) + 1
    headings = [cell.value for cell in sheet[1]]
    for number, entry in enumerate(entries(), 2):
        for column, heading, cell in zip(COLUMNS, headings, sheet[number], strict=True):
            assert heading == (f"{column.heading} (Europe/London time)" if column.moment else column.heading)
            value = column.value(entry)
            if isinstance(value, datetime):
                value = value.astimezone(LONDON).replace(tzinfo=None)
            assert (unescape(cell.value) if isinstance(cell.value, str) else cell.value) == value


def test_the_workbook_runs_nothing(tmp_path: Path) -> None:
    """No cell is a formula or a link, whatever was typed."""
    sheet = sheet_of(entries(), tmp_path)
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "inlineStr", "n", "d")
            assert cell.hyperlink is None


def test_the_workbook_is_ready_to_read(tmp_path: Path) -> None:
    """The headings stay in sight and filter, long texts wrap, and the file knows what it is."""
    sheet = sheet_of(entries(), tmp_path)
    assert sheet.title == sheet.parent.properties.title == "Breach log"
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet["A1"].font.bold
    place = HEADINGS.index("What happened")
    assert sheet[2][place].alignment.wrap_text
    assert sheet.column_dimensions[sheet[2][place].column_letter].width > 40
    assert sheet.parent.properties.created == closed_incident().recorded_at.replace(tzinfo=None)


def test_a_text_longer_than_a_cell_is_shortened_and_says_so(tmp_path: Path) -> None:
    """Left alone, the text would be left out without a word."""
    entry = log_entry(closed_incident()).model_copy(update={"lessons": ("é" * 9000, "😀" * 9000, "x" * 9000)})
    [cell] = [cell for cell in sheet_of([entry], tmp_path)[2] if str(cell.value).startswith("ééé")]
    assert cell.value.endswith(SHORTENED)
    assert len(cell.value.encode("utf-16-le")) // 2 <= CELL_LIMIT
    assert len(csv_of([entry])[1][HEADINGS.index("Lessons")]) == 27_002


def test_a_time_before_the_calendar_of_a_workbook_is_written_as_text(tmp_path: Path) -> None:
    """One odd date must not stop the whole log."""
    for odd in (datetime(1, 1, 1, tzinfo=UTC), datetime(1899, 5, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        entry = log_entry(suspicion().incident).model_copy(update={"discovered_at": odd})
        cell = sheet_of([entry], tmp_path)[2][HEADINGS.index("Discovered")].value
        assert str(odd.year) in str(cell) or cell.year == odd.year
        assert csv_of([entry])[1][HEADINGS.index("Discovered")][:4] == f"{odd.year:04}"


def test_an_empty_log_has_its_headings(tmp_path: Path) -> None:
    """A school without incidents gets a file that says so."""
    assert csv_of([]) == [HEADINGS]
    assert sheet_of([], tmp_path).max_row == 1
    out = BytesIO()
    write_json([], out)
    assert json.loads(out.getvalue()) == []


def test_rows_leave_before_the_last_one_comes() -> None:
    """A log of any length fits, since no row waits for the others."""
    out, seen = BytesIO(), []

    def one_by_one() -> Iterator[LogEntry]:
        for _ in range(3):
            seen.append(out.tell())
            yield log_entry(closed_incident())

    write_csv(one_by_one(), out, zone_of)
    assert len(set(seen)) == 3
    seen.clear()
    write_json(one_by_one(), out)
    assert len(set(seen)) == 3


def test_json_gives_back_every_entry_in_the_same_bytes() -> None:
    """One document, canonical, from which the view can be read again."""
    first, second = BytesIO(), BytesIO()
    write_json(entries(), first)
    again = [LogEntry.model_validate(entry) for entry in json.loads(first.getvalue())]
    assert again == entries()
    write_json(again, second)
    assert first.getvalue() == second.getvalue()
    canonical = [
        json.dumps(each, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        for each in json.loads(first.getvalue())
    ]
    assert first.getvalue().decode() == "[\n" + ",\n".join(canonical) + "\n]\n"
