"""The review of a term or a year on paper: what a governor reads first, and charts that say what tables say."""

import json
import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from adapters.documents.charts import WIDTH, Chart, Series, columns, rows
from adapters.documents.docx_papers import period_docx, published_docx, review_docx
from adapters.documents.pdf import period_review_pdf, published_review_pdf, review_pdf
from adapters.documents.period_paper import period_paper
from adapters.documents.published_paper import published_paper
from domain.deadlines import TimeToReport
from domain.vocabulary import IncidentType
from projections.governors_review import governors_review
from projections.period_review import PeriodReview, period_review
from projections.publication import for_publication
from tests.adapters.papers import CODE, MARGIN, bounds, elements, opened, squeezed, text_of
from tests.examples import SCHOOL, at, classcharts, replayed, with_every_text
from tests.terms import AUTUMN, DAY, FACTS, HOUR, SchoolRecord, Told, a_busy_year, review_of_term

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
SPACE = "{http://www.w3.org/2000/svg}"
HOSTILE = "#panic() $x^2$ <b>bold</b> *star* = heading \\u{41} @ref"


def a_full_year() -> PeriodReview:
    """Three years of incidents, training and the DPO's opinion."""
    told = [each for year, number in ((2024, 18), (2025, 31), (2026, 40)) for each in a_busy_year(number, year)]
    record = SchoolRecord().trained(date(2025, 9, 3), "staff", 41, 48).trained(date(2026, 9, 3), "staff", 46, 48)
    record.opinion(
        *YEAR,
        at(10, "12:00", 1, 2027),
        opinion="Incidents are found early.",
        themes=("Haste at the end of term.",),
        recommendations=("Name somebody on call for each holiday.", "Delay large mailings."),
        decisions_asked=("Agree the holiday rota.", "Set aside a training day."),
    )
    return review_of_term(*told, record=record.events, term=YEAR)


FULL = a_full_year()
FULL_PDF = period_review_pdf(FULL, SCHOOL, code=CODE)
PUBLISHED = for_publication(FULL)


def pages_of(document: bytes) -> list[str]:
    """The text of each page, in one line."""
    pages = pypdfium2.PdfDocument(document)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pages]


def texts(svg: str) -> list[str]:
    """Every text of a picture, in the order in which it is drawn."""
    return [text.text or "" for text in ET.fromstring(svg).iter(f"{SPACE}text")]


def numbers(svg: str) -> list[int]:
    """Every number that stands at a bar: in bold."""
    bold = [each for each in ET.fromstring(svg).iter(f"{SPACE}text") if each.get("font-weight") == "600"]
    return [int((each.text or "").replace(",", "")) for each in bold]


def verdict_of(*told: Told) -> dict[str, str]:
    """What the paper says first of a term."""
    said: dict[str, str] = period_paper(review_of_term(*told), SCHOOL, CODE)["verdict"]
    return said


def test_the_first_page_has_what_governors_need_in_ten_minutes() -> None:
    """The verdict, what they are asked to decide, the figures beside the last ones, and the DPO's opinion."""
    first = pages_of(FULL_PDF)[0]
    parts = (
        "40 incidents: 26 breaches, 10 near misses, 4 found to be no breach.",
        "1. Agree the holiday rota.",
        "2. Set aside a training day.",
        "26 Personal data breaches Period before: 20",
        "Incidents are found early.",
        "1. Name somebody on call for each holiday.",
    )
    places = [first.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_the_sections_come_in_the_order_of_the_questions() -> None:
    """From what is asked of governors to how it was counted."""
    text = " ".join(pages_of(FULL_PDF))
    titles = (
        "Decisions asked of the governors", "Figures", "The Data Protection Officer’s opinion", "Trend",
        "What kinds of incident", "Themes", "Reporting to the ICO", "Advice and decision", "Suppliers",
        "Lessons and measures", "Complaints", "Training in data protection", "The incidents", "How it was counted",
    )  # fmt: skip
    places = [text.find(f"{number} {title}") for number, title in enumerate(titles, 1)]
    assert -1 not in places
    assert places == sorted(places)


def test_the_verdict_is_a_sentence_with_its_spaces() -> None:
    """In time, late and missed, each as it is."""
    once = Told(at(1, "10:00", 10), 1).breach().assessed().advised().decided()
    assert "None was reported to the ICO." in verdict_of(once)["more"]
    once.sent(20 * HOUR)
    said = verdict_of(once)
    assert (said["tone"], said["more"]) == ("good", "1 reported to the ICO, in time.")
    late = Told(at(2, "10:00", 10), 2).breach().assessed().advised().decided().missed().sent(80 * HOUR, "So.")
    said = verdict_of(once, late)
    assert said["tone"] == "warn"
    assert said["more"].startswith(
        "2 reported to the ICO; 1 report sent late; the 72 hours passed without an answer once."
    )


@pytest.mark.parametrize(("number", "said"), [(1, "there was 1 incident."), (2, "there were 2 incidents.")])
def test_the_last_period_is_named_beside_this_one(number: int, said: str) -> None:
    """In whole sentences."""
    before = [Told(at(day, "10:00", 6), day) for day in range(1, number + 1)]
    assert verdict_of(Told(at(1, "10:00"), 9), *before)["more"].endswith(f"In the period before {said}")
    nothing = SchoolRecord().trained(date(2026, 1, 7), "staff", 9, 10).events
    paper = period_paper(review_of_term(Told(at(1, "10:00"), 9), record=nothing), SCHOOL, CODE)
    assert paper["verdict"]["more"].endswith("In the period before there were none.")


def test_what_is_overdue_is_said_first() -> None:
    """A measure and a complaint nobody acknowledged, in the verdict."""
    told = Told(at(1, "10:00", 9)).breach().complaint(DAY).reviewed().measure("card", date(2026, 10, 1))
    said = verdict_of(told)
    assert said["tone"] == "warn"
    assert "1 measure is overdue." in said["more"]
    assert "1 complaint was not acknowledged within the 30 days." in said["more"]


def test_an_unfinished_period_says_so() -> None:
    """With the day up to which it is told."""
    text = text_of(period_review_pdf(review_of_term(Told(at(1, "10:00")), as_at=at(20, "12:00")), SCHOOL, code=CODE))
    assert "The period is not over: these are its figures up to 20 November 2026." in text


def test_nothing_recorded_is_said_and_is_no_nought() -> None:
    """A school that began with Tocsin today had no good year; one that recorded its training had one."""
    text = text_of(period_review_pdf(review_of_term(), SCHOOL, code=CODE))
    assert "nothing is recorded of this school" in text
    assert "Nothing is recorded, of staff or of governors." in text
    assert "has not given an opinion on this period" in text
    assert not re.search(r"\b0\b", text)
    record = SchoolRecord().trained(date(2026, 9, 3), "staff", 0, 48).events
    text = text_of(period_review_pdf(review_of_term(record=record), SCHOOL, code=CODE))
    assert "0 Personal data breaches" in text
    assert "0 of 48 0%" in text
    assert "Governors Nothing recorded" in text
    assert "Nothing is recorded of the period before: the records begin on 3 September 2026." in text


def test_late_reports_are_listed_with_their_reasons() -> None:
    """Each with its reference and by how much."""
    text = text_of(FULL_PDF)
    for late in FULL.late_reports:
        assert f"{late.ref}, 8 hours late: sent" in text
    assert text.count("The office was closed for the holiday.") == len(FULL.late_reports) == 3


def test_training_has_its_share_and_its_day() -> None:
    """And the share before."""
    assert "Staff 46 of 48 95% 3 Sep 2026 85% on 3 Sep 2025" in text_of(FULL_PDF)


def test_a_measure_says_how_it_stood_and_whether_it_is_done_since() -> None:
    """Governors meet weeks after the term ended."""
    told = Told(at(1, "10:00", 10)).breach().reviewed()
    told.measure("a", date(2026, 12, 1)).measure("b", date(2027, 2, 1)).measure("c", date(2026, 12, 2))
    told.done("a", 120 * DAY).done("b", 121 * DAY)
    measures = period_paper(review_of_term(told), SCHOOL, CODE)["measures"]
    assert [each["tone"] for each in measures] == ["warn", "warn", "plain"]
    states = {each["measure"]: each["state"] for each in measures}
    assert states == {
        "Do a.": "Overdue then, done 29 Jan 2027", "Do b.": "Open then, done 30 Jan 2027", "Do c.": "Overdue",
    }  # fmt: skip


def charts_and_tables(paper: dict[str, Any]) -> Iterator[tuple[str, list[int]]]:
    """Each chart of the review with the numbers of the table beside it."""
    whole = [row[name] for row in paper["trend"]["rows"] for name in ("breaches", "near_misses")]
    yield paper["trend"]["chart"]["svg"], [int(number) for number in whole]
    yield paper["types"]["chart"]["svg"], [int(row["number"]) for row in paper["types"]["rows"]]
    yield paper["bands"]["chart"]["svg"], [int(row["number"]) for row in paper["bands"]["rows"]]


def test_every_chart_has_the_numbers_of_its_table() -> None:
    """No number stands in a picture alone, and none of the table is left out."""
    for svg, table in charts_and_tables(period_paper(FULL, SCHOOL, CODE)):
        assert sorted(numbers(svg)) == sorted(table)
        assert table


def test_a_type_of_last_year_alone_stands_in_the_table_and_not_in_the_chart() -> None:
    """What went away is worth seeing; it has no bar."""
    told = [
        Told(at(1, "10:00", 6), 1).breach().described("Phishing", "cyber_attack"),
        Told(at(1, "10:00", 10), 2).breach().described("Ransomware", "cyber_attack"),
        Told(at(1, "10:00", 10), 3).breach().described("Malware", "cyber_attack"),
        Told(at(1, "10:00", 10), 4).breach().described("Malware", "cyber_attack"),
    ]
    types = period_paper(review_of_term(*told), SCHOOL, CODE)["types"]
    assert [(row["type"], row["number"], row["before"]) for row in types["rows"]] == [
        ("Malware", "2", "0"), ("Ransomware", "1", "0"), ("Phishing", "0", "1"),
    ]  # fmt: skip
    assert "Phishing" not in texts(types["chart"]["svg"])


def test_nothing_is_drawn_where_nothing_can_be_compared() -> None:
    """One incident is no trend and no chart."""
    one = Told(at(1, "10:00", 10)).breach().described("Phishing", "cyber_attack")
    one.assessed().advised().decided().sent(20 * HOUR)
    paper = period_paper(review_of_term(one), SCHOOL, CODE)
    assert (paper["trend"], paper["types"]["chart"], paper["bands"]["chart"]) == (None, None, None)
    with opened(period_review_pdf(review_of_term(one), SCHOOL, code=CODE)) as document:
        assert not [each for each in elements(document) if each.get("/S") == "/Figure"]
    other = Told(at(1, "10:00", 10), 2).breach().described("Malware", "cyber_attack")
    assert period_paper(review_of_term(one, other), SCHOOL, CODE)["types"]["chart"] is None
    assert columns("One period", [("a", "")], [Series("Breaches", (3,))]) is None
    assert rows("Nothing", {"a": 0, "b": 0}) is None
    assert columns("Nothing", [("a", ""), ("b", "")], [Series("Breaches", (0, 0))]) is None


def test_a_chart_stands_on_the_page_of_its_table() -> None:
    """Whoever compares the two turns no page."""
    pages = pages_of(FULL_PDF)
    for drawn, table in (
        ("Breaches Near misses 11 5", "Period Incidents Breaches"),
        ("Data of wrong data subject shown in client portal 3", "Type of incident This period"),
        ("Less than 24 hours 8", "From discovery to the report Reports"),
    ):
        assert [table in page for page in pages if drawn in page][:1] == [True]


def test_every_figure_is_told_in_words() -> None:
    """A screen reader gets each label with its number."""
    with opened(FULL_PDF) as document:
        told = [str(each.Alt) for each in elements(document) if each.get("/S") == "/Figure"]
    assert len(told) == 3
    assert any("Jan – Dec 2026: 26 breaches, 10 near misses" in alt for alt in told)
    assert any("Data emailed to incorrect recipient: 8" in alt for alt in told)
    assert any("Less than 24 hours: 8" in alt for alt in told)


@pytest.mark.parametrize("document", [FULL_PDF, published_review_pdf(PUBLISHED, SCHOOL)], ids=["review", "published"])
def test_the_papers_are_tagged_and_archivable(document: bytes) -> None:
    """PDF/UA-1 and PDF/A-3a, in British English, without a skipped heading, with tables that have headers."""
    with opened(document) as pdf:
        kinds = [str(each.get("/S", "")) for each in elements(pdf)]
        assert {"/H1", "/Table", "/THead", "/TH", "/TD", "/P", "/Figure"} <= {*kinds}
        levels = {int(kind[2:]) for kind in kinds if re.fullmatch(r"/H\d", kind)}
        assert levels == set(range(1, max(levels) + 1))
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("en-GB", True)
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfuaid:part"], metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == (
                "1",
                "3",
                "A",
            )


def fonts_of(document: bytes) -> set[str]:
    """The typefaces in the file."""
    with opened(document) as pdf:
        return {
            str(found.BaseFont).split("+")[-1].split("-")[0].lstrip("/")
            for found in pdf.objects
            if hasattr(found, "get") and found.get("/Type") == "/Font"
        }


def test_charts_use_the_papers_own_typefaces() -> None:
    """No third typeface comes in with a picture."""
    assert {name[:10] for name in fonts_of(FULL_PDF)} <= {"LibertinusS"[:10], "DejaVuSans"[:10]}


def luminance(colour: str) -> float:
    """How light a colour is without its hue, from 0 to 1."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_two_series_differ_without_colour() -> None:
    """Printed in grey, or seen without red and green, one is dark and the other light with an outline."""
    chart = columns("Two", [("a", ""), ("b", "")], [Series("Breaches", (3, 4)), Series("Near misses", (1, 2))])
    assert chart is not None
    bars = list(ET.fromstring(chart.svg).iter(f"{SPACE}rect"))
    dark, light = (
        {bar.attrib["fill"] for bar in bars if not bar.get("stroke")},
        {bar.attrib["fill"] for bar in bars if bar.get("stroke")},
    )
    assert max(map(luminance, dark)) < 0.3
    assert min(map(luminance, light)) > 0.7
    assert [text for text in texts(chart.svg) if not text[0].isdigit()] == ["Breaches", "Near misses", "a", "b"]


def inside(chart: Chart) -> None:
    """Every bar and every text stands inside the frame, texts by a generous guess of their width."""
    root = ET.fromstring(chart.svg)
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    for shape in root.iter():
        x, y = float(shape.get("x", 0)), float(shape.get("y", 0))
        assert 0 <= x <= x + float(shape.get("width", 0)) <= width
        assert 0 <= y <= y + float(shape.get("height", 0)) <= height
        length = len(shape.text or "") * 5.8 if shape.tag == f"{SPACE}text" else 0
        start = x - length / 2 if shape.get("text-anchor") == "middle" else x
        assert start >= 0
        assert start + length <= width + 1


@given(st.dictionaries(st.sampled_from([*IncidentType, "Not recorded"]), st.integers(0, 99_999), min_size=2))
def test_lying_bars_stay_inside_the_frame(counts: dict[str, int]) -> None:
    """Every type, however many of it; each name once and each number at its bar."""
    chart = rows("Incidents by type", {str(kind): number for kind, number in counts.items()})
    assert (chart is None) == (max(counts.values()) == 0)
    if chart:
        inside(chart)
        assert numbers(chart.svg) == list(counts.values())
        assert [text for text in texts(chart.svg) if not text[0].isdigit()] == [str(kind) for kind in counts]


@given(st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 10**4)), min_size=2, max_size=6))
def test_standing_bars_stay_inside_the_frame(pairs: list[tuple[int, int]]) -> None:
    """Up to six periods, the highest bar below the legend."""
    breaches, near_misses = zip(*pairs, strict=True)
    labels = [("1 September 2026 –"[:12], "31 Dec 2026")] * len(pairs)
    chart = columns("By period", labels, [Series("Breaches", breaches), Series("Near misses", near_misses)])
    assert (chart is None) == (max(map(max, pairs)) == 0)
    if chart:
        inside(chart)
        assert sorted(numbers(chart.svg)) == sorted([*breaches, *near_misses])
        bars = [bar for bar in ET.fromstring(chart.svg).iter(f"{SPACE}rect") if float(bar.attrib["y"]) > 20]
        assert all(float(bar.attrib["y"]) >= 39 for bar in bars)


def test_bars_are_as_long_as_their_numbers() -> None:
    """Twice as many, twice as long; none has none."""
    chart = rows("Bands", {str(band): number for band, number in zip(TimeToReport, (4, 8, 0, 2), strict=True)})
    assert chart is not None
    lengths = [float(bar.attrib["width"]) for bar in ET.fromstring(chart.svg).iter(f"{SPACE}rect")]
    assert lengths == pytest.approx([lengths[1] / 2, lengths[1], lengths[1] / 4], abs=0.1)
    assert WIDTH > lengths[1] > WIDTH / 3


@pytest.mark.parametrize("text", [HOSTILE, "W" * 2000, "word " * 1999 + "end"], ids=["hostile", "word", "long"])
def test_what_was_typed_is_printed_as_typed_and_stays_on_the_page(text: str) -> None:
    """In the opinion, its recommendations, measures, reasons, services: text is only ever text."""
    record = SchoolRecord().trained(date(2026, 9, 3), "staff", 9, 10)
    record.opinion(*AUTUMN, at(9, "12:00", 1, 2027), themes=("T",), recommendations=("R",), decisions_asked=("D",))
    told = Told(at(1, "10:00", 10), 2).breach().assessed().advised().decided().sent(80 * HOUR, "So.")
    told.reviewed("L", systemic=True).measure("card", date(2027, 1, 9))
    incidents = [replayed(with_every_text(events, text)) for events in (classcharts(), told.case.events)]
    review = period_review(SCHOOL.id, incidents, with_every_text(record.events, text), *AUTUMN, SCHOOL.timezone)
    document = period_review_pdf(review, SCHOOL, code=CODE)
    said = [word for word in words_of(period_paper(review, SCHOOL, CODE)) if text in word]
    assert len(said) > 12
    if text == HOSTILE:
        assert squeezed(text_of(document)).count(squeezed(text)) == len(said)
    for page in pypdfium2.PdfDocument(document):
        _, bottom, right, _ = bounds(page)
        assert right <= page.get_width() - MARGIN
        assert bottom >= 0
    assert squeezed(text) in squeezed(docx_text(period_docx(review, SCHOOL, code=CODE)))


def docx_text(document: bytes) -> str:
    """Every paragraph and cell, in the order of the file."""
    word = Document(BytesIO(document))
    return " ".join(
        "".join(part.text or "" for part in each.iter() if part.tag.endswith("}t")) for each in word.element.body
    )


def words_of(value: Any) -> Iterator[str]:
    """Every text of a paper that is shown, pictures aside."""
    match value:
        case str():
            yield value
        case dict():
            yield from (
                word for key, each in value.items() if key not in ("svg", "alt", "tone") for word in words_of(each)
            )
        case list():
            yield from (word for each in value for word in words_of(each))


NOT_SHOWN = ("title", "colophon", "kicker", "heading", "school", "ref", "ref_label", "none_asked", "no_training")


def test_the_docx_says_what_the_pdf_says() -> None:
    """Every word of the paper, and every chart as a picture with its words."""
    document = period_docx(FULL, SCHOOL, code=CODE)
    text = squeezed(docx_text(document))
    paper = {name: value for name, value in period_paper(FULL, SCHOOL, CODE).items() if name not in NOT_SHOWN}
    assert [word for word in words_of(paper) if squeezed(word) not in text] == []
    described = [
        each.get("descr") or "" for each in Document(BytesIO(document)).element.iter() if each.tag.endswith("docPr")
    ]
    assert sum("26 breaches, 10 near misses" in each for each in described) == 1
    assert len([each for each in described if each]) == 3


def test_the_published_docx_says_what_its_pdf_says() -> None:
    """From the same words."""
    text = squeezed(docx_text(published_docx(PUBLISHED, SCHOOL)))
    paper = published_paper(PUBLISHED, SCHOOL)
    shown = {name: value for name, value in paper.items() if name not in (*NOT_SHOWN, "few_complaints")}
    assert [word for word in words_of(shown) if squeezed(word) not in text] == []
    assert paper["few_complaints"] in docx_text(published_docx(PUBLISHED, SCHOOL))


def test_the_published_paper_holds_no_moment() -> None:
    """Neither in its text nor in the file's own dates, which are the end of the period."""
    document = published_review_pdf(PUBLISHED, SCHOOL)
    text = text_of(document)
    assert not re.search(r"\d\d:\d\d|As recorded up to|Head of the log", text)
    with opened(document) as pdf:
        assert str(pdf.docinfo.CreationDate).startswith("D:20261231000000")
        attached = pdf.attachments["published.json"].get_file().read_bytes()
    assert json.loads(attached) == json.loads(PUBLISHED.model_dump_json())
    assert "At least 1,609 in all." in text
    assert (
        "Each of these: Former pupils; parents and carers; governors; volunteers; suppliers; other Fewer than 5" in text
    )


def test_the_published_paper_shows_the_opinion_only_when_it_may() -> None:
    """The DPO writes for governors, unless it was marked."""
    assert "Incidents are found early." not in text_of(published_review_pdf(PUBLISHED, SCHOOL))
    marked = for_publication(FULL, opinion_may_be_published=True)
    assert "Incidents are found early." in text_of(published_review_pdf(marked, SCHOOL))


def test_a_published_paper_of_nothing_claims_nothing() -> None:
    """No figures, rather than noughts."""
    text = text_of(published_review_pdf(for_publication(review_of_term()), SCHOOL))
    assert "nothing is recorded of this period" in text
    assert "0 Personal data breaches" not in text


def test_the_review_of_an_incident_shows_suggestion_advice_and_decision() -> None:
    """Side by side where facts were given to the rules, and without an empty column where not."""
    told = Told(at(1, "10:00")).breach().assessed(facts=FACTS).advised().decided()
    text = text_of(review_pdf(governors_review(told.incident), SCHOOL, code=CODE))
    assert "What the rules suggested" in text
    prompt = governors_review(told.incident).prompt
    assert prompt is not None
    assert f"the rules rated the severity {prompt.level} ({prompt.score:.2f})" in text
    bare = Told(at(1, "10:00")).breach().assessed().advised().decided()
    assert "What the rules suggested" not in text_of(review_pdf(governors_review(bare.incident), SCHOOL, code=CODE))


def test_the_review_of_an_incident_shows_its_complaints() -> None:
    """In time or late, and how each ended, in the PDF and in the DOCX."""
    told = Told(at(1, "10:00")).breach().complaint(DAY).complaint(2 * DAY)
    told.acknowledged(1, 60 * DAY).answered(1, 61 * DAY, "not_upheld")
    review = governors_review(told.incident)
    for text in (text_of(review_pdf(review, SCHOOL, code=CODE)), docx_text(review_docx(review, SCHOOL, code=CODE))):
        assert "31 Dec 2026, 10:00 GMT, late" in text
        assert "Not upheld" in text
        assert "Not answered yet" in text
    assert "Complaints" not in text_of(review_pdf(governors_review(Told(at(1, "10:00")).incident), SCHOOL, code=CODE))
