"""The breach log as PDF: what it is, every incident in a line and then in full, readable by anybody, and only text."""

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from adapters.documents.log_files import write_json
from adapters.documents.log_pdf import MOST, TooLongForPaper, breach_log_pdf
from domain.school import School
from projections.breach_log import LogEntry, log_entry
from tests.adapters.papers import CODE, MARGIN, bounds, elements, opened, squeezed, text_of
from tests.examples import (
    AWARE_AT,
    DPO,
    HEAD,
    LEAD,
    SCHOOL,
    URN,
    at,
    classcharts,
    closed_incident,
    replayed,
    suspicion,
    with_every_text,
)

AS_AT = at(1, "09:00", month=2, year=2027)
A4 = (595, 842)


def a_near_miss() -> LogEntry:
    """An e-mail that was caught."""
    case = suspicion().do(AWARE_AT, LEAD, "record_near_miss", what_prevented_it="It was recalled before it was opened.")
    return log_entry(case.incident)


def just_confirmed() -> LogEntry:
    """A breach of which nothing else is known yet."""
    return log_entry(suspicion().do(AWARE_AT, LEAD, "confirm_breach").incident)


def not_notified() -> LogEntry:
    """A breach of which the regulator is not notified, by decision."""
    case = suspicion().do(AWARE_AT, LEAD, "confirm_breach")
    case.do(AWARE_AT, LEAD, "assess_risk", level="unlikely", reasons="It was encrypted.")
    reasons = "The stick was encrypted, and nobody else has the key."
    case.do(AWARE_AT, DPO, "advise", notify_regulator=False, communicate=False, risk="unlikely", reasons=reasons)
    case.do(AWARE_AT, HEAD, "decide_notification", notify_regulator=False, reasons=reasons)
    return log_entry(case.incident)


def entries() -> list[LogEntry]:
    """One of each kind, the last of another school."""
    found = [
        log_entry(closed_incident()),
        a_near_miss(),
        just_confirmed(),
        not_notified(),
        log_entry(suspicion().incident),
    ]
    return [entry.model_copy(update={"ref": f"{URN}-{number:08d}"}) for number, entry in enumerate(found)]


def log_of(rows: Iterable[LogEntry], school: School | None = SCHOOL) -> bytes:
    """The log on paper."""
    return breach_log_pdf(rows, school, as_at=AS_AT, code=CODE)


def test_the_first_page_says_what_it_is_whose_and_as_at_when() -> None:
    """A regulator who holds the first page alone knows the law, the school, the moment and the numbers."""
    page = pypdfium2.PdfDocument(log_of(entries()))[0]
    text = " ".join(page.get_textpage().get_text_range().split())
    assert "Breach log" in text
    assert "Art. 33(5)" in text
    assert "Example Primary School" in text
    assert URN in text
    assert "as at Monday 1 February 2027, 09:00 GMT" in text
    assert "5 incidents: 3 breaches, 1 near miss, 1 still being looked into" in text
    assert "1 reported to the ICO, each in time" in text
    assert (page.get_width(), page.get_height()) == pytest.approx(A4[::-1], abs=1)


def test_every_incident_has_a_line_and_a_part_of_its_own() -> None:
    """In the order of the log."""
    text = text_of(log_of(entries()))
    for entry in entries():
        assert text.count(entry.ref) == 2
    line = text[text.index("Time to report") : text.index("Each incident")]
    for said in ("100 to 1k", "A risk, not a high one", "Notified in time", "24 hours to 72 hours", "Near miss"):
        assert said in line


def test_a_breach_is_told_with_all_that_art_33_5_asks_for() -> None:
    """Facts, effects, remedial action, and why the regulator and the people were told or not."""
    entry = log_entry(closed_incident())
    text = squeezed(text_of(log_of([entry])))
    typed = (
        entry.what_happened, entry.effects, entry.consequences, entry.risk_reasons, entry.dpo_advice_reasons,
        entry.decision_reasons, entry.communicate_reasons, entry.regulator_reference, *entry.lessons, *entry.measures,
    )  # fmt: skip
    for said in typed:
        assert said is not None
        assert squeezed(said) in text
    for title in ("The facts", "Effects", "Remedial action", "Advice, decision and report", "Telling people"):
        assert squeezed(title) in text
    for said in (
        "Supplier fault",
        "Non Cyber",
        "Pupils: 212",
        "426 (100 to 1k)",
        "Fri 20 Nov 2026, 17:40 GMT",
        "2 reports",
    ):
        assert squeezed(said) in text


def test_what_a_breach_still_lacks_is_said_and_nothing_is_asked_of_a_near_miss() -> None:
    """An empty cell could mean that nobody looked."""
    assert text_of(log_of([just_confirmed()])).count("Not yet known") >= 8
    near_miss = text_of(log_of([a_near_miss()]))
    assert near_miss.count("Not yet known") == 1, "when it happened"
    assert "It was recalled before it was opened." in near_miss


def test_a_decision_not_to_notify_stands_there_with_its_reasons() -> None:
    """The ICO asks for the reasons of what was not reported before anything else."""
    text = text_of(log_of([not_notified()]))
    assert "Not notified, by decision" in text
    assert "No, by decision" in text
    assert "The stick was encrypted, and nobody else has the key." in text
    assert "None reported to the ICO." in text


def test_72_hours_that_passed_are_counted_as_they_are_shown() -> None:
    """The same question has one answer in the figures, in the line and in the part, before the engine wrote it down."""
    entry = just_confirmed()
    assert entry.deadline is not None
    for as_at, passed in ((entry.deadline, False), (entry.deadline + timedelta(seconds=1), True)):
        text = text_of(breach_log_pdf([entry], SCHOOL, as_at=as_at, code=CODE))
        assert ("the 72 hours passed without an answer in 1 case" in text) is passed
        assert ("Not notified, 72 hours passed" in text) is passed
        assert ("72 hours missed Yes" in text) is passed


def test_several_schools_are_listed_and_each_keeps_its_own_time() -> None:
    """A trust's log is one paper; a school in Amsterdam reads its own clock."""
    rows = [
        log_entry(closed_incident()),
        log_entry(closed_incident()).model_copy(update={"school": "100002", "ref": "100002-00000001"}),
    ]
    zones = {URN: ZoneInfo("Europe/London"), "100002": ZoneInfo("Europe/Amsterdam")}
    text = text_of(breach_log_pdf(rows, None, as_at=AS_AT, code=CODE, zone_of=zones.__getitem__))
    assert "100001: 1; 100002: 1" in text
    assert "2 schools" in text
    assert "School aware Fri 20 Nov 2026, 16:45 GMT" in text
    assert "School aware Fri 20 Nov 2026, 17:45 CET" in text
    assert "each school’s own local times" in text


def test_the_same_rows_are_attached() -> None:
    """The bytes of the JSON export ride inside the paper, and the rows can be read again from them."""
    rows, exported = entries(), BytesIO()
    write_json(rows, exported)
    with opened(log_of(rows)) as document:
        attached = document.attachments["log.json"].get_file().read_bytes()
    assert attached == exported.getvalue()
    assert [LogEntry.model_validate(entry) for entry in json.loads(attached)] == rows


def test_a_screen_reader_knows_title_language_and_structure() -> None:
    """Tagged, in British English, PDF/UA-1 and PDF/A-3a, no heading level skipped."""
    with opened(log_of(entries())) as document:
        assert str(document.Root.Lang) == "en-GB"
        kinds = [str(element.get("/S", "")) for element in elements(document)]
        assert {"/H1", "/H2", "/Table", "/THead", "/TH", "/TD", "/P"} <= set(kinds)
        assert "/H4" not in kinds
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")


def test_the_same_rows_give_the_same_bytes_dated_by_the_moment_they_stand_for() -> None:
    """A log as at a moment of the past is the same paper whenever it is printed."""
    assert log_of(entries()) == log_of(entries())
    with opened(log_of(entries())) as document:
        assert str(document.docinfo.CreationDate).startswith("D:20270201090000")


@pytest.mark.parametrize(
    "text",
    [
        "#panic() #sys.inputs #{1+1}",
        "$x^2$ <b>bold</b> <label> @ref",
        "*star* _low_ `code` // no comment /* none */",
        "= heading - item + item [x] \\u{41} \\",
    ],
)
def test_what_was_typed_is_printed_as_it_was_typed(text: str) -> None:
    """Nothing in a text is read as an instruction, wherever it was typed."""
    entry = log_entry(replayed(with_every_text(classcharts(), text)))
    assert squeezed(text) in squeezed(text_of(log_of([entry], SCHOOL.model_copy(update={"name": text}))))


@pytest.mark.parametrize(
    "text", ["W" * 2000, "W" * 500, "word " * 1999 + "end", "a\n\n\n\n\nb\n" * 300, "中" * 400], ids=str.__len__
)
def test_long_texts_stay_on_the_page(text: str) -> None:
    """An incident of which somebody wrote a great deal goes on on the next page."""
    long = log_entry(replayed(with_every_text(classcharts(), text)))
    near_miss = a_near_miss().model_copy(update={"what_happened": text[:500], "no_breach_reason": text[:500]})
    for page in pypdfium2.PdfDocument(log_of([near_miss, long, near_miss])):
        _, bottom, right, _ = bounds(page)
        assert right <= page.get_width() - MARGIN
        assert bottom >= 0


def test_a_short_incident_is_never_broken_and_a_long_one_begins_a_page() -> None:
    """Whoever takes out the page of an incident has the whole of it."""
    rows = [entry for entry in entries() for _ in range(3)]
    named = [entry.model_copy(update={"ref": f"{URN}-{number:08d}"}) for number, entry in enumerate(rows)]
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(log_of(named))]
    details = [page for page in pages if "The facts" in page]
    for entry in named:
        [page] = [page for page in details if entry.ref in page]
        part = page[page.index(entry.ref) :]
        assert "Reported" in part
        assert "Likely consequences" in part or entry.finding != "personal data breach"


def test_an_empty_log_is_a_paper_too() -> None:
    """A school without a breach can show that it has none."""
    for school in (SCHOOL, None):
        text = text_of(log_of([], school))
        assert "No incident is in this log." in text
        assert "There are none." in text


def test_more_incidents_than_a_paper_holds_are_refused_in_a_sentence() -> None:
    """It says what to take instead; as many as the paper holds are not refused, and no more are read than needed."""
    row = a_near_miss()
    read: list[int] = []

    def many() -> Iterator[LogEntry]:
        for number in range(10 * MOST):
            read.append(number)
            yield row

    with pytest.raises(TooLongForPaper) as refusal:
        log_of(many())
    assert str(refusal.value).startswith(f"More than {MOST} incidents")
    assert str(refusal.value).endswith(".")
    assert len(read) == MOST + 1
    assert log_of([row] * MOST)
