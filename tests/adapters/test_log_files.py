"""The breach log as files: every row comes back as it went in, in the school's time, and no cell is ever a formula."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from adapters.bootstrap import Settings, Tocsin, until
from adapters.breach_log_files import log_entries
from adapters.documents.log_columns import COLUMNS
from adapters.documents.log_files import CELL_LIMIT, SHORTENED, harmless, write_csv, write_json, write_xlsx
from domain.events import Recorded
from domain.incident import replay
from domain.quantities import Count
from domain.vocabulary import PeopleKind
from projections.bands import AffectedBand, SubjectType, affected_band, subject_types
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


@pytest.mark.parametrize(
    ("number", "band"),
    [
        (None, "Unknown"), (0, "Unknown"), (1, "1 to 9"), (9, "1 to 9"), (10, "10 to 99"), (99, "10 to 99"),
        (100, "100 to 1k"), (999, "100 to 1k"), (1_000, "1k to 10k"), (9_999, "1k to 10k"), (10_000, "10k to 100k"),
        (99_999, "10k to 100k"), (100_000, "100k and above"), (1_000_000_000, "100k and above"),
    ],
)  # fmt: skip
def test_a_number_of_people_has_the_regulators_band(number: int | None, band: str) -> None:
    """At both ends of each band."""
    certainty = "unknown" if number is None else "exact"
    assert affected_band(Count(certainty=certainty, number=number)) == band
    assert AffectedBand(band).value == band


def test_everybody_a_school_knows_has_a_word_of_the_regulators_list() -> None:
    """Each once; where the list has no word, and where nobody is named, it is Unknown."""
    said = {str(kind): subject_types([kind]) for kind in PeopleKind}
    assert said["pupils"] == (SubjectType.CHILDREN,)
    assert said["staff"] == (SubjectType.EMPLOYEES,)
    assert said["governors"] == said["not_yet_known"] == subject_types([]) == (SubjectType.UNKNOWN,)
    assert subject_types([PeopleKind.GOVERNORS, PeopleKind.PUPILS, PeopleKind.OTHER]) == (
        SubjectType.UNKNOWN,
        SubjectType.CHILDREN,
    )


def test_the_regulators_categories_are_columns_of_the_log() -> None:
    """So that the log can be laid beside the regulator's published figures; what is not known is left empty."""
    whole, bare = (dict(zip(HEADINGS, row, strict=True)) for row in csv_of(entries())[1:3])
    assert whole["Band of people affected"] == "100 to 1k"
    assert whole["Category of incident"] == "Non Cyber"
    assert whole["Type of data subject"] == "Children\nUsers"
    assert (bare["Band of people affected"], bare["Category of incident"]) == ("Unknown", "")


def test_a_row_kept_before_the_regulators_bands_were_added_is_read_with_them() -> None:
    """A list on disk need not be built again for what follows from what it holds."""
    entry = log_entry(closed_incident())
    added = ("affected_band", "incident_category", "data_subject_types")
    kept = {name: value for name, value in entry.model_dump(mode="json").items() if name not in added}
    assert LogEntry.model_validate_json(json.dumps(kept)) == entry


class House(Tocsin):
    """An installation in which some incidents happened, each a few hours after the one before, last ref first."""

    def __init__(self, folder: Path, incidents: int) -> None:
        super().__init__(Settings(data=folder))
        for number in range(incidents):
            self.log.append(_elsewhere(classcharts(), f"100001-{incidents - number:08d}", timedelta(hours=number)))

    def as_at(self, moment: datetime) -> list[LogEntry]:
        """The log as it stood, folded in any order and sorted when all of it is there."""
        known = [replay(until(self.log.history(ref), moment)) for ref in self.log.incidents()]
        return sorted((log_entry(each) for each in known if each), key=lambda entry: (entry.reported_at, entry.ref))


def _elsewhere(events: list[Recorded], ref: str, later: timedelta) -> list[Recorded]:
    return [
        event.model_copy(
            update={
                "incident": ref,
                "position": 0,
                "command_id": f"{ref}-{event.version}",
                "recorded_at": event.recorded_at + later,
            }
        )
        for event in events
    ]


def test_a_log_of_the_past_comes_in_the_order_in_which_incidents_were_reported(tmp_path: Path) -> None:
    """Whatever they are called, only those that were known then, and each as it was known."""
    house = House(tmp_path, 5)
    first = classcharts()[0].recorded_at
    for moment in (
        first - timedelta(seconds=1),
        first,
        first + timedelta(hours=2),
        at(21, "12:00"),
        at(1, "00:00", 2, 2027),
    ):
        assert list(log_entries(house, "100001", moment, lambda done, of: None)) == house.as_at(moment)
    assert len(house.as_at(first + timedelta(hours=2))) == 3
    house.close()


def test_a_log_of_the_past_is_read_an_incident_at_a_time(tmp_path: Path) -> None:
    """The first row leaves before the second is made, so a log of any length fits; progress goes from start to end."""
    house, seen = House(tmp_path, 4), list[tuple[int, int]]()
    rows = log_entries(house, None, at(1, "00:00", month=2, year=2027), lambda done, of: seen.append((done, of)))
    for number in range(4):
        assert next(rows).ref == f"100001-{4 - number:08d}"
        assert seen == [(done, 8) for done in range(1, 5 + number)]
    assert list(rows) == []
    assert seen[-1] == (8, 8)
    house.close()
