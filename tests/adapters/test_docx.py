"""The papers as DOCX: the same words as the PDF, in real styles and tables, the same bytes each time, and only text."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta, timezone
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from adapters.documents.docx_file import docx_bytes
from adapters.documents.docx_papers import period_docx, review_docx, submission_docx
from adapters.documents.docx_parts import (
    Block,
    Bullets,
    Docx,
    Facts,
    Heading,
    Look,
    Note,
    Paragraph,
    Picture,
    Said,
    Table,
    Verdict,
)
from adapters.documents.period_paper import period_paper
from adapters.documents.png import PictureNotDrawn, png_of
from adapters.documents.review_paper import review_paper
from adapters.documents.submission_paper import submission_paper
from domain.events import Recorded
from domain.events.complain import ComplaintReceived
from domain.events.school import OpinionGiven, TrainingRecorded
from domain.incident import Incident
from domain.school import School
from domain.vocabulary import PeopleKind
from projections.governors_review import governors_review
from projections.period_review import PeriodReview, period_review
from tests.adapters.papers import CODE, initial, squeezed
from tests.examples import (
    AWARE_AT,
    DPO,
    HEAD,
    LEAD,
    SCHOOL,
    STAFF,
    URN,
    Case,
    at,
    classcharts,
    classcharts_as_at,
    closed_incident,
    replayed,
    suspicion,
)
from tests.examples import with_every_text as typed_everywhere

AT = at(25, "09:00", month=1, year=2027)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40"><rect width="50" height="40" fill="#17484c"/></svg>'
PNG = png_of(SVG, 2)
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind contextualSpacing"
    " jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs noProof color sz szCs lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan tcBorders shd vAlign",
    "sectPr": "headerReference footerReference pgSz pgMar cols titlePg docGrid",
    "style": "name basedOn next link uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr trPr tcPr tblStylePr",
    "num": "abstractNumId lvlOverride",
    "lvl": "start numFmt pStyle suff lvlText lvlJc pPr rPr",
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang clrSchemeMapping decimalSymbol"
    " listSeparator",
}
"""The order in which ECMA-376 has these elements' children. Word calls a file damaged that has another."""

Maker = Callable[[Incident, School], bytes]
Words = Callable[[Incident, School], dict[str, Any]]


def a_period(incident: Incident) -> PeriodReview:
    """The term in which it happened."""
    return period_review(URN, [incident], (), date(2026, 9, 1), date(2026, 12, 31))


def a_full_period() -> PeriodReview:
    """A term with everything in it that its paper can say: late, overruled, complained of, compared and advised on."""
    late = Case(ref=f"{URN}-00000002").do(AWARE_AT, STAFF, "report_incident", what_happened="A list was lost.")
    late.do(AWARE_AT, LEAD, "confirm_breach")
    late.do(AWARE_AT, HEAD, "decide_notification", notify_regulator=True, reasons="It is owed.")
    late.do(
        at(27, "09:00"), DPO, "submit_report",
        reasons_for_delay="The office was closed.", reasons_incomplete="The list is still looked for.",
        further_information_expected_at=at(4, "16:00", month=12),
    )  # fmt: skip
    summer = Case(ref=f"{URN}-00000003").do(
        at(1, "09:00", month=7), STAFF, "report_incident", what_happened="An e-mail was recalled."
    )
    opinion = OpinionGiven(
        begins_on=date(2026, 9, 1),
        ends_on=date(2026, 12, 31),
        opinion="Suppliers are the weak point.",
        themes=("Nobody can be reached at a supplier in the evening.",),
        recommendations=("Ask each supplier for a number.", "Try it once a year."),
        decisions_asked=("Whether the app is used again.", "Who tries the numbers."),
    )
    training = TrainingRecorded(on=date(2026, 11, 2), group="staff", in_post=40, trained=31)
    record = [_recorded(fact, number) for number, fact in enumerate((opinion, training), 1)]
    incidents = [replayed(_complained_of(_overruled(classcharts()))), late.incident, summer.incident]
    return period_review(URN, incidents, record, date(2026, 9, 1), date(2026, 12, 31))


def _recorded(fact: Any, version: int, incident: str = f"{URN}-SCHOOL") -> Recorded:
    return Recorded(
        school=URN,
        incident=incident,
        version=version,
        recorded_at=at(20, "12:00", month=12),
        actor=DPO,
        command_id=f"{incident}-{version}",
        fact=fact,
    )


def _overruled(events: list[Recorded]) -> list[Recorded]:
    """The same case, decided otherwise than the DPO advised."""
    return [
        event.model_copy(update={"fact": event.fact.model_copy(update={"communicate": False})})
        if event.fact.kind == "communication.decided"
        else event
        for event in events
    ]


def _complained_of(events: list[Recorded]) -> list[Recorded]:
    """The same case, with a complaint that waits for an answer."""
    kind, about = PeopleKind.PARENTS, "Nobody told us for two days."
    complaint = ComplaintReceived(number=1, people=kind, about=about, received_at=at(24, "09:00"))
    return [*events, _recorded(complaint, events[-1].version + 1, events[0].incident)]


def submission_of(incident: Incident, school: School) -> bytes:
    """The first report."""
    return submission_docx(initial(incident, school))


def review_of(incident: Incident, school: School) -> bytes:
    """The governors' review."""
    return review_docx(governors_review(incident), school, code=CODE)


def period_of(incident: Incident, school: School) -> bytes:
    """The term's review."""
    return period_docx(a_period(incident), school, code=CODE)


MAKERS = pytest.mark.parametrize("make", [submission_of, review_of, period_of])
WORDS = pytest.mark.parametrize(
    ("make", "words"),
    [
        (submission_of, lambda incident, school: submission_paper(initial(incident, school))),
        (review_of, lambda incident, school: review_paper(governors_review(incident), school, CODE)),
        (period_of, lambda incident, school: period_paper(a_period(incident), school, CODE)),
    ],
)


def a_paper(*blocks: Block, **fields: Any) -> bytes:
    """A paper of these blocks."""
    about = {"title": "A title", "heading": "A heading", "kicker": "For a test", "school": "Example Primary School"}
    return docx_bytes(Docx(**{**about, "ref": "REF-1", "modified_at": AT, "blocks": blocks, **fields}))


def part(document: bytes, name: str) -> Any:
    """One part of the file, as XML."""
    with ZipFile(BytesIO(document)) as file:
        return parse_xml(file.read(name))


def xml_parts(document: bytes) -> dict[str, Any]:
    """Every part that is XML."""
    with ZipFile(BytesIO(document)) as file:
        return {name: parse_xml(file.read(name)) for name in file.namelist() if not name.endswith(".png")}


def text_of(document: bytes) -> str:
    """Everything that is written in the body, its paragraphs as lines."""
    paragraphs = part(document, "word/document.xml").iter(qn("w:p"))
    return "\n".join("".join(_pieces(paragraph)) for paragraph in paragraphs)


def _pieces(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab")):
        yield element.text or "" if element.tag == qn("w:t") else "\n"


def leaves(value: Any, key: str = "") -> Iterator[str]:
    """Every text that a paper's words hold; tones, marks of state and drawings are shown and not read."""
    match value:
        case str() if key not in ("tone", "svg", "alt", "title", "state"):
            yield value
        case dict():
            for name, inner in value.items():
                yield from leaves(inner, name)
        case list() | tuple():
            for inner in value:
                yield from leaves(inner, key)


@WORDS
@pytest.mark.parametrize("incident", [closed_incident(), classcharts_as_at(at(21, "12:00")), suspicion().incident])
def test_every_word_of_the_pdf_is_in_the_docx(make: Maker, words: Words, incident: Incident) -> None:
    """Whoever adds a field to a paper adds it to both, but for what a colophon says of the PDF itself."""
    text = squeezed(text_of(make(incident, SCHOOL)))
    said_by_both = [said for said in leaves(words(incident, SCHOOL)) if "this PDF" not in said]
    assert [said for said in said_by_both if squeezed(said) not in text] == []


def test_every_word_of_a_full_term_is_in_the_docx() -> None:
    """Trend, late reports, references, complaints, training and the DPO's opinion with what it asks of governors."""
    paper = period_paper(a_full_period(), SCHOOL, CODE)
    filled = ("asked", "opinion", "trend", "people", "causes", "themes", "late", "references", "differences")
    assert all(paper[name] for name in (*filled, "complaints", "measures", "services", "lessons"))
    document = period_docx(a_full_period(), SCHOOL, code=CODE)
    text = squeezed(text_of(document))
    not_here = (paper["none_asked"], paper["no_training"], *(line for line in paper["colophon"] if "this PDF" in line))
    assert [said for said in leaves(paper) if squeezed(said) not in text and said not in not_here] == []
    charts = [each for each in (paper["trend"], paper["types"], paper["bands"]) if each and each["chart"]]
    drawn = [each.get("descr") for each in part(document, "word/document.xml").iter(qn("wp:docPr"))]
    assert drawn == [each["chart"]["alt"] for each in charts]


@MAKERS
def test_nothing_is_said_of_an_attachment_that_is_not_there(make: Maker) -> None:
    """A DOCX carries no JSON; it says that it can be edited."""
    text = text_of(make(closed_incident(), SCHOOL))
    assert "attached" not in text
    assert "This copy can be edited" in text


@MAKERS
def test_the_file_opens_and_says_what_it_is(make: Maker) -> None:
    """Title, language, reference, and the date of the data in place of a clock's."""
    about = Document(BytesIO(make(closed_incident(), SCHOOL))).core_properties
    assert about.title
    assert about.language == "en-GB"
    assert about.author == SCHOOL.name
    assert about.identifier in ("100001", "100001-7K3M9QXA")
    assert about.created == about.modified
    assert about.comments == ""


def test_the_date_in_the_file_is_that_of_the_data_in_utc() -> None:
    """Whatever zone the moment was given in."""
    for moment in (AT, AT.astimezone(timezone(timedelta(hours=9)))):
        properties = part(a_paper(modified_at=moment), "docProps/core.xml")
        found = [each.text for each in properties if each.tag.endswith(("}created", "}modified"))]
        assert found == ["2027-01-25T09:00:00Z"] * 2


@MAKERS
def test_the_same_view_gives_the_same_bytes(make: Maker) -> None:
    """Twice in a row is the same file, its parts in order and as old as a zip can say."""
    document = make(closed_incident(), SCHOOL)
    assert document == make(closed_incident(), SCHOOL)
    with ZipFile(BytesIO(document)) as file:
        assert file.namelist() == sorted(file.namelist())
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert file.testzip() is None


def test_another_process_elsewhere_gives_the_same_bytes() -> None:
    """Neither the clock, the zone nor the language of a machine shows."""
    program = (
        "from hashlib import sha256\nfrom tests.adapters.test_docx import review_of\nfrom tests.examples import *\n"
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
def test_headings_are_headings_and_none_is_skipped(make: Maker) -> None:
    """The navigation of a word processor, and a screen reader, go by the styles."""
    paragraphs = Document(BytesIO(make(closed_incident(), SCHOOL))).paragraphs
    styles = [paragraph.style.name for paragraph in paragraphs if paragraph.style is not None]
    assert styles.count("Title") == 1
    levels = [int(str(name)[-1]) for name in styles if str(name).startswith("Heading")]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_sections_are_numbered_as_in_the_pdf() -> None:
    """The first page of a late report points to section 1, so sections have numbers and the lists before them none."""
    sections = [section["title"] for section in submission_paper(initial(closed_incident()))["sections"]]
    paragraphs = part(submission_of(closed_incident(), SCHOOL), "word/document.xml").iter(qn("w:p"))
    headings = [each for each in paragraphs if next(each.iter(qn("w:pStyle"))).get(qn("w:val")) == "Heading1"]
    numbered = ["".join(_pieces(each)) for each in headings if not [*each.iter(qn("w:numId"))]]
    assert numbered == sections
    assert len(headings) > len(sections)


def test_each_numbered_list_begins_at_one() -> None:
    """Governors vote on “number 2”, and the second list must not go on from the first."""
    document = a_paper(Bullets(["a", "b\n\nc"], numbered=True), Bullets(["d"], numbered=True), Bullets(["e"]))
    paragraphs = part(document, "word/document.xml").iter(qn("w:p"))
    numbers = {
        "".join(_pieces(each)): [number.get(qn("w:val")) for number in each.iter(qn("w:numId"))] for each in paragraphs
    }
    [first], [second] = numbers["a"], numbers["d"]
    assert (numbers["b"], numbers["c"], numbers["e"]) == ([first], ["0"], [])
    assert first != second
    starts = {
        each.get(qn("w:numId")): [start.get(qn("w:val")) for start in each.iter(qn("w:startOverride"))]
        for each in part(document, "word/numbering.xml").iter(qn("w:num"))
    }
    assert starts[first] == starts[second] == ["1"]


def test_a_table_repeats_its_header_and_breaks_no_row() -> None:
    """On every page on which it goes on."""
    document = a_paper(Table(("One", "Two"), [("a", "b")] * 60, (1, 3)), Facts([("Label", "Value")]))
    table, facts = part(document, "word/document.xml").iter(qn("w:tbl"))
    header, *rows = table.iter(qn("w:tr"))
    assert [*header.iter(qn("w:tblHeader"))]
    assert not [*facts.iter(qn("w:tblHeader"))]
    assert all([*row.iter(qn("w:cantSplit"))] for row in (header, *rows, *facts.iter(qn("w:tr"))))
    marks = [next(each.iter(qn("w:tblLook"))) for each in (table, facts)]
    assert [mark.get(qn("w:firstRow")) for mark in marks] == ["1", "0"]
    assert [mark.get(qn("w:firstColumn")) for mark in marks] == ["0", "1"]


def test_a_table_is_as_wide_as_the_line_in_the_shares_that_were_asked_for() -> None:
    """Every word processor has to find the same widths, so each cell says its own."""
    table = next(part(a_paper(Table(("a", "b"), [("c", "d")], (1, 3))), "word/document.xml").iter(qn("w:tbl")))
    widths = [int(column.get(qn("w:w"))) for column in table.iter(qn("w:gridCol"))]
    assert sum(widths) == pytest.approx(9298, abs=2)
    assert widths[1] == pytest.approx(3 * widths[0], abs=3)
    assert [int(cell.get(qn("w:w"))) for cell in table.iter(qn("w:tcW"))] == widths * 2


def test_two_tables_stay_two() -> None:
    """Word makes one of tables with nothing between them."""
    document = a_paper(Facts([("a", "b")]), Facts([("c", "d")]), Table(("e",), [("f",)], (1,)))
    body = part(document, "word/document.xml")[0]
    tags = [element.tag for element in body]
    assert all(pair != (qn("w:tbl"), qn("w:tbl")) for pair in pairwise(tags))
    assert tags.count(qn("w:tbl")) == 3


def test_a_picture_is_told_in_words_and_keeps_its_shape() -> None:
    """Who does not see it is told the same."""
    document = review_of(closed_incident(), SCHOOL)
    [drawn] = part(document, "word/document.xml").iter(qn("wp:docPr"))
    assert "Report sent 26 hours 30 minutes before the deadline" in drawn.get("descr")
    [extent] = part(document, "word/document.xml").iter(qn("wp:extent"))
    assert int(extent.get("cx")) == pytest.approx(16.4 * 360_000, abs=1)
    assert int(extent.get("cx")) / int(extent.get("cy")) == pytest.approx(656 / 128, rel=0.01)


def test_a_drawing_becomes_dots_of_its_own_size() -> None:
    """In the colour that it has, sharp enough for paper, and the same each time."""
    png = png_of(SVG, 5)
    assert png == png_of(SVG, 5)
    picture = Image.open(BytesIO(png)).convert("RGB")
    assert picture.width == pytest.approx(5 / 2.54 * 220, abs=1)
    assert picture.width / picture.height == pytest.approx(2.5, rel=0.02)
    assert picture.getpixel((10, 10)) == (0x17, 0x48, 0x4C)
    assert picture.getpixel((picture.width - 10, 10)) == (255, 255, 255)


def test_a_drawing_that_cannot_be_drawn_is_not_quoted() -> None:
    """The message says that there is no picture, and nothing of what was in it."""
    with pytest.raises(PictureNotDrawn) as failure:
        png_of("<svg CANARY", 5)
    assert "CANARY" not in str(failure.value)


@MAKERS
def test_every_page_has_its_number_its_reference_and_its_promise(make: Maker) -> None:
    """The numbers are fields, on the first page as well, and the heading stands on every later page."""
    parts = xml_parts(make(closed_incident(), SCHOOL))
    feet = [xml for name, xml in parts.items() if name.startswith("word/footer")]
    assert len(feet) == 2
    for foot in feet:
        fields = [each.text.strip() for each in foot.iter(qn("w:instrText"))]
        assert fields == ["PAGE", "NUMPAGES"]
        assert [each.get(qn("w:fldCharType")) for each in foot.iter(qn("w:fldChar"))] == [
            "begin", "separate", "end", "begin", "separate", "end"
        ]  # fmt: skip
        said = "".join(_pieces(foot))
        assert said.startswith("100001")
        assert "Must contain no names of the people affected" in said
    assert [*parts["word/document.xml"].iter(qn("w:titlePg"))]
    heads = ["".join(_pieces(xml)) for name, xml in parts.items() if name.startswith("word/header")]
    assert any(SCHOOL.name in head for head in heads)


def test_the_language_is_that_of_the_paper() -> None:
    """Or the spelling of every word would be called wrong."""
    for language in ("en-GB", "nl-NL"):
        parts = xml_parts(a_paper(language=language))
        said = {each.get(qn("w:val")) for each in parts["word/styles.xml"].iter(qn("w:lang"))}
        assert said == {language}
        assert next(parts["word/settings.xml"].iter(qn("w:themeFontLang"))).get(qn("w:val")) == language
        [spoken] = [each.text for each in parts["docProps/core.xml"] if each.tag.endswith("}language")]
        assert spoken == language


@MAKERS
def test_every_element_stands_where_the_standard_has_it(make: Maker) -> None:
    """In each part, for each kind of element that has an order."""
    for xml in xml_parts(make(closed_incident(), SCHOOL)).values():
        for name, order in ORDERS.items():
            for element in xml.iter(qn(f"w:{name}")):
                children = [child.tag.rpartition("}")[2] for child in element]
                assert children == sorted(children, key=order.split().index)


@MAKERS
def test_every_style_that_is_used_is_there(make: Maker) -> None:
    """A style that is missing would be shown as plain text, without a word."""
    parts = xml_parts(make(closed_incident(), SCHOOL))
    there = {style.get(qn("w:styleId")) for style in parts["word/styles.xml"].iter(qn("w:style"))}
    names = [qn(f"w:{name}") for name in ("pStyle", "rStyle", "tblStyle", "basedOn", "next")]
    assert {each.get(qn("w:val")) for xml in parts.values() for each in xml.iter(*names)} <= there


def test_nothing_of_what_the_library_begins_with_is_left() -> None:
    """No picture of another document, no author that nobody knows, no part that is not needed."""
    names = set(xml_parts(a_paper(Paragraph("Text"))))
    assert names == {
        "[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/_rels/document.xml.rels", "word/document.xml",
        "word/footer1.xml", "word/footer2.xml", "word/header1.xml", "word/numbering.xml", "word/settings.xml",
        "word/styles.xml", "word/theme/theme1.xml",
    }  # fmt: skip


@MAKERS
@pytest.mark.parametrize(
    "text", ["<w:p/> &amp; ]]> <!-- x", "=1+1 {PAGE} @x #panic()", "a\nb\n\nc", "Seen 😀 by 中 all ✓"]
)
def test_what_was_typed_is_text_and_nothing_else(make: Maker, text: str) -> None:
    """Wherever it was typed; any character that prints is kept, also where the PDF has no type for it."""
    incident = replayed(typed_everywhere(classcharts(), text))
    document = make(incident, SCHOOL.model_copy(update={"name": text}))
    assert squeezed(text) in squeezed(text_of(document))
    assert Document(BytesIO(document)).core_properties.author == text


def test_what_xml_cannot_hold_is_left_out() -> None:
    """Controls, halves of characters, and what turns the reading direction of all that follows."""
    text = "a\x00b\x07c\x0bd\ud800e\ufffef\u202eg\x9fh\u2028i\r\nj\tk"
    document = a_paper(Paragraph(text), Bullets([text]), Note(text), Facts([(text, text)]), title=text, school=text)
    assert text_of(document).count("abc\ndefgh\ni\nj\nk") == 6
    assert Document(BytesIO(document)).core_properties.title == "abc\ndefgh\ni\nj\tk"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_makes_a_file_that_opens(text: str) -> None:
    """Whatever is typed, and however long the name of a school."""
    picture = Picture(PNG, text, 2)
    cells = Table((text, "b"), [(text, Said(text, Look.WARN)), ((Said(text), Said(text, Look.SMALL)), text)], (1, 1))
    blocks = (Heading(1, text), Heading(2, text), Verdict("warn", text, text), Paragraph(text, text), cells, picture)
    long = {"title": text * 20, "school": text * 20, "ref": text, "footer": text, "colophon": [text]}
    assert Document(BytesIO(a_paper(*blocks, **long))).paragraphs


def test_empty_lines_part_paragraphs_and_line_breaks_stay() -> None:
    """As the PDF has them."""
    document = a_paper(Paragraph("one\ntwo\n \n\nthree"), Table(("Head",), [("four\n\nfive",)], (1,)))
    texts = [paragraph.text for paragraph in Document(BytesIO(document)).paragraphs]
    assert {"one\ntwo", "three"} <= set(texts)
    [cell] = Document(BytesIO(document)).tables[0].rows[1].cells
    assert [paragraph.text for paragraph in cell.paragraphs] == ["four", "five"]


def test_what_is_not_yet_known_stands_out() -> None:
    """In words and in a style, not by colour alone."""
    document = part(submission_of(suspicion().incident, SCHOOL), "word/document.xml")
    runs = {"".join(_pieces(run)): run for run in document.iter(qn("w:r")) if [*run.iter(qn("w:rStyle"))]}
    for said, style in (("Not yet known", "Warn"), ("Not applicable", "Absent")):
        assert next(runs[said].iter(qn("w:rStyle"))).get(qn("w:val")) == style


def test_a_decision_against_the_advice_is_flagged_in_words() -> None:
    """With a mark before it, for whoever does not see colours."""
    words = review_paper(governors_review(closed_incident()), SCHOOL, CODE)
    assert "Differs from the advice" not in text_of(review_of(closed_incident(), SCHOOL))
    assert not any(row["differs"] for row in words["decisions"])
    overruled = replayed(_overruled(classcharts()))
    assert "▲ Differs from the advice" in text_of(review_of(overruled, SCHOOL))


def test_the_code_for_the_minutes_is_set_so_that_each_character_is_clear() -> None:
    """A capital I and a small l look alike in most typefaces."""
    for make in (review_of, period_of):
        runs = part(make(closed_incident(), SCHOOL), "word/document.xml").iter(qn("w:r"))
        [run] = [run for run in runs if "".join(_pieces(run)) == CODE]
        assert next(run.iter(qn("w:rStyle"))).get(qn("w:val")) == "Code"
