"""The papers as PDF: what they say, that anybody can read them, and that nothing which was typed can break them."""

import json
import re
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest

from adapters.documents import pdf as papers
from adapters.documents.canonical import canonical
from adapters.documents.pdf import PaperNotSet, period_review_pdf, submission_pdf
from adapters.documents.submission_json import submission_bytes
from adapters.documents.typeface import SQUARE, fit_to_print, printable
from adapters.papers import form_of
from domain.school import School
from projections.answers import Header
from projections.ico_submission import Submission, submission
from projections.period_review import period_review
from tests.adapters.papers import (
    CODE,
    MAKERS,
    MARGIN,
    SENT_AT,
    Maker,
    bounds,
    elements,
    initial,
    opened,
    period_of,
    review_of,
    squeezed,
    submission_of,
    text_of,
)
from tests.examples import (
    AWARE_AT,
    DPO,
    HEAD,
    LEAD,
    SCHOOL,
    URN,
    at,
    classcharts,
    classcharts_as_at,
    closed_incident,
    replayed,
    suspicion,
    with_every_text,
)

DEADLINE = AWARE_AT + timedelta(hours=72)
ONE_SECOND = timedelta(seconds=1)
HOSTILE = (
    "#panic() #sys.inputs #{1+1}",
    "$x^2$ <b>bold</b> <label> @ref @x",
    "*star* _low_ `code` // no comment /* none */ ~ --- ... -?",
    "= heading - item + item 1. item / term: it [x] \\u{41} \\",
    "wrong_snake_case \"quoted\" 'single' “typographic” £5 – €6",
)


@MAKERS
def test_a_screen_reader_knows_title_language_and_structure(make: Maker) -> None:
    """The PDF says that it is tagged, in British English, by its own title, and conforms to PDF/UA-1 and PDF/A-3a."""
    with opened(make(closed_incident(), SCHOOL)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "en-GB"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        kinds = {str(element.get("/S", "")) for element in elements(document)}
        assert {"/H1", "/Table", "/THead", "/TH", "/TD", "/P"} <= kinds
        with document.open_metadata() as metadata:
            assert metadata["dc:title"]
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")


@MAKERS
def test_no_heading_level_is_skipped(make: Maker) -> None:
    """After the title come headings of the first level, and below one of these at most the next."""
    with opened(make(closed_incident(), SCHOOL)) as document:
        levels = [int(str(each["/S"])[2:]) for each in elements(document) if re.match(r"/H\d", str(each.get("/S", "")))]
    assert set(levels) == set(range(1, max(levels) + 1))


def test_the_picture_of_the_clock_is_told_in_words() -> None:
    """Who does not see the picture is told the same, and finds its figures in the table."""
    with opened(review_of(closed_incident(), SCHOOL)) as document:
        [figure] = [element for element in elements(document) if element.get("/S") == "/Figure"]
        told = str(figure.Alt)
    assert "Report sent 26 hours 30 minutes before the deadline" in told
    assert "13 numbered events" in told


def test_the_submission_carries_its_own_data() -> None:
    """The bytes whose hash is recorded ride inside the paper."""
    paper = initial(closed_incident())
    with opened(submission_pdf(paper)) as document:
        attached = document.attachments["submission.json"].get_file()
        assert str(attached.obj.get("/Subtype", "/application/json")) == "/application/json"
        assert attached.read_bytes() == submission_bytes(paper)


def test_governors_get_no_story_on_paper_or_in_the_attachment() -> None:
    """What somebody wrote of what happened may hold a name, so the governors' papers leave it out."""
    story = suspicion(what_happened="CANARY", how_discovered="CANARY", reported_by="CANARY")
    for make, name in ((review_of, "review.json"), (period_of, "period.json")):
        document = make(story.incident, SCHOOL)
        assert "CANARY" not in text_of(document)
        with opened(document) as opened_document:
            assert b"CANARY" not in opened_document.attachments[name].get_file().read_bytes()


@MAKERS
def test_the_same_view_gives_the_same_bytes(make: Maker) -> None:
    """Twice in a row is the same file."""
    assert make(closed_incident(), SCHOOL) == make(closed_incident(), SCHOOL)


def test_the_date_in_the_file_is_that_of_the_data() -> None:
    """A paper printed a year later is the same paper."""
    with opened(review_of(closed_incident(), SCHOOL)) as document:
        assert str(document.docinfo.CreationDate).startswith("D:20270125090000")


def test_another_process_elsewhere_gives_the_same_bytes() -> None:
    """Neither the clock, the zone nor the language of a machine shows."""
    program = (
        "from hashlib import sha256\nfrom tests.adapters.papers import *\nfrom tests.examples import *\n"
        "print(sha256(review_of(closed_incident(), SCHOOL)).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"TZ": zone, "LANG": language, "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for zone, language in (("Asia/Tokyo", "C.UTF-8"), ("America/New_York", "de_DE.UTF-8"))
    }
    assert len(found) == 1


@MAKERS
@pytest.mark.parametrize("text", HOSTILE)
def test_what_was_typed_is_printed_as_it_was_typed(make: Maker, text: str) -> None:
    """Nothing in a text is read as an instruction, wherever it was typed."""
    incident = replayed(with_every_text(classcharts(), text))
    assert squeezed(text) in squeezed(text_of(make(incident, SCHOOL.model_copy(update={"name": text}))))


@MAKERS
@pytest.mark.parametrize(
    "text", ["W" * 2000, "word " * 1999 + "end", "a\n\n\n\n\nb\n" * 300], ids=["word", "long", "lines"]
)
def test_long_texts_stay_on_the_page(make: Maker, text: str) -> None:
    """Neither a word without an end nor ten thousand characters leave the type area."""
    incident = replayed(with_every_text(classcharts(), text))
    for page in pypdfium2.PdfDocument(make(incident, SCHOOL.model_copy(update={"name": "S" * 300}))):
        _, bottom, right, _ = bounds(page)
        assert right <= page.get_width() - MARGIN
        assert bottom >= 0


def test_a_character_without_type_is_a_square_and_the_paper_says_so() -> None:
    """An emoji or a Chinese character neither stops a report nor goes unnoticed; controls go."""
    incident = suspicion(what_happened="Seen 😀 by 中\u202e \x07 all \u2713").incident
    text = text_of(submission_of(incident, SCHOOL))
    assert f"Seen {SQUARE} by {SQUARE} all ✓" in text
    assert "stands for a character that this paper has no type for" in text
    assert "no type for" not in text_of(submission_of(closed_incident(), SCHOOL))


def test_every_character_called_printable_is_printed() -> None:
    """The list of what the embedded typefaces have is true, in both weights that are used."""
    characters = " ".join(map(chr, sorted(printable())))
    assert fit_to_print(characters) == characters
    incident = suspicion(what_happened=characters[:5000], how_discovered=characters[5000:]).incident
    assert submission_of(incident, SCHOOL.model_copy(update={"name": characters}))


def test_a_warning_stops_a_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A typeface that is not there would be replaced by another, with no more than a warning."""
    (tmp_path / "submission.typ").write_text('#set document(title: "x")\n#text(font: "Nowhere")[x]')
    monkeypatch.setattr(papers, "TEMPLATES", tmp_path)
    with pytest.raises(PaperNotSet, match="unknown font"):
        submission_of(closed_incident(), SCHOOL)


def test_a_failure_says_nothing_of_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stops a paper, the message does not repeat a text."""
    monkeypatch.setattr(papers, "_printable", lambda paper: paper)
    incident = suspicion(what_happened="Seen 😀").incident
    with pytest.raises(PaperNotSet) as failure:
        submission_of(incident, SCHOOL)
    assert "😀" not in str(failure.value)


@MAKERS
def test_keys_are_printed_as_words(make: Maker) -> None:
    """No reader meets a name with underscores, an offset from UTC, or a title that begins with “Dpo”."""
    for incident in (closed_incident(), suspicion().incident):
        text = text_of(make(incident, SCHOOL))
        assert not re.search(r"[a-z]_[a-z]|\+00:00|\bDpo\b", text)


@pytest.mark.parametrize(
    ("submitted_at", "said"),
    [
        (DEADLINE - ONE_SECOND, "less than a minute before the deadline"),
        (DEADLINE, "at the very end of the 72 hours, and in time"),
        (DEADLINE + ONE_SECOND, "less than a minute after the deadline"),
        (SENT_AT, "26 hours 30 minutes before the deadline"),
    ],
)
def test_the_first_page_says_how_far_from_the_deadline(submitted_at: datetime, said: str) -> None:
    """One second decides whether a report is late, and the paper says which it is."""
    incident = classcharts_as_at(at(21, "14:00"))
    text = text_of(submission_pdf(initial(incident, SCHOOL, submitted_at)))
    assert said in text
    assert ("reasons for the delay are in section 1" in text) == (submitted_at > DEADLINE)


def test_what_is_not_known_is_said_plainly() -> None:
    """A draft of which next to nothing is known says so, question by question, and that it was not sent."""
    incident = suspicion().incident
    bare = School.model_validate({"id": URN, "name": "Example Primary School"})
    draft = submission(incident, bare, form_of(bare), Header(number=1, phase="initial"))
    text = text_of(submission_pdf(draft))
    assert "It has not been sent to the ICO" in text
    assert text.count("Not yet known") > len(draft.not_yet_known)
    assert all(squeezed(question) in squeezed(text) for question in draft.not_yet_known)
    assert "Not applicable" in text


def test_times_are_the_schools_own() -> None:
    """A summer's moment is printed in British Summer Time."""
    incident = suspicion(at(1, "09:00", month=7)).do(at(1, "09:30", month=7), LEAD, "confirm_breach").incident
    text = text_of(review_of(incident, SCHOOL))
    assert "Wednesday 1 July 2026, 10:00 BST" in text
    assert "Saturday 4 July 2026, 10:00 BST" in text
    assert "11:00 CEST" in text_of(review_of(incident, SCHOOL.model_copy(update={"zone": "Europe/Amsterdam"})))


def test_a_decision_against_the_advice_is_flagged() -> None:
    """Advice and decision stand side by side, and a difference is said in words."""
    case = suspicion().do(at(20, "17:00"), LEAD, "confirm_breach")
    case.do(at(20, "18:00"), DPO, "advise", notify_regulator=True, communicate=True, risk="risk", reasons="So.")
    case.do(at(20, "19:00"), HEAD, "decide_notification", notify_regulator=True, reasons="So.")
    assert "Differs from the advice" not in text_of(review_of(case.incident, SCHOOL))
    case.do(at(20, "19:00"), DPO, "assess_risk", level="risk", reasons="So.")
    case.do(at(20, "19:00"), HEAD, "decide_communication", communicate=False, reasons="Otherwise.")
    assert "Differs from the advice" in text_of(review_of(case.incident, SCHOOL))
    assert "Advised yes, decided no" in text_of(period_of(case.incident, SCHOOL))


def test_the_paper_carries_the_code_for_the_minutes() -> None:
    """The head of the log is printed with what it is for."""
    for make in (review_of, period_of):
        text = text_of(make(closed_incident(), SCHOOL))
        assert CODE in text
        assert "Keep this code in the minutes" in text


def test_every_page_has_its_number_reference_and_promise() -> None:
    """A loose page says where it belongs and that it names nobody affected."""
    document = pypdfium2.PdfDocument(review_of(closed_incident(), SCHOOL))
    for number, page in enumerate(document, 1):
        text = page.get_textpage().get_text_range()
        assert f"Page {number} of {len(document)}" in text
        assert "100001-7K3M9QXA" in text
        assert "Must contain no names of the people affected" in text


def test_an_empty_term_is_a_paper_too() -> None:
    """Governors are told that there was nothing, rather than handed nothing."""
    nothing = period_review(URN, [], (), date(2026, 9, 1), date(2026, 12, 31))
    assert "No incident was reported in this period" in text_of(period_review_pdf(nothing, SCHOOL, code=CODE))


def test_submission_bytes_are_canonical() -> None:
    """Sorted, without spaces, in UTF-8, with a newline at the end: the same report has one hash."""
    paper = initial(closed_incident())
    data = submission_bytes(paper)
    plain = json.loads(data)
    assert data == json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    assert data == submission_bytes(Submission.model_validate(plain))


def test_canonical_json_refuses_what_json_does_not_have() -> None:
    """A number that no reader would understand is an error, not a word in the file."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"share": float("nan")})
