"""The papers of an incident, and what can be read from a PDF: its text, its structure, where its characters stand."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest

from adapters.documents.pdf import period_review_pdf, review_pdf, submission_pdf
from adapters.papers import form_of
from domain.events.notify import ReportDetails
from domain.incident import Incident
from domain.school import School
from projections.answers import Header
from projections.governors_review import governors_review
from projections.ico_submission import Submission, submission
from projections.period_review import period_review
from tests.examples import SCHOOL, URN, at

CODE = "1043-9f3ac01b77de4a10"
SENT_AT = at(22, "14:15")
MARGIN = 2.2 * 72 / 2.54
Maker = Callable[[Incident, School], bytes]


def initial(incident: Incident, school: School = SCHOOL, submitted_at: datetime = SENT_AT) -> Submission:
    """The first report, as it was sent."""
    details = ReportDetails(
        reasons_incomplete="More is being looked into",
        further_information_expected_at=at(4, "16:00", month=12),
        reasons_for_delay="It was hard.",
    )
    header = Header(number=1, phase="initial", details=details, submitted_at=submitted_at)
    return submission(incident, school, form_of(school), header)


def submission_of(incident: Incident, school: School) -> bytes:
    """The first report on paper."""
    return submission_pdf(initial(incident, school))


def review_of(incident: Incident, school: School) -> bytes:
    """The governors' review on paper."""
    return review_pdf(governors_review(incident), school, code=CODE)


def period_of(incident: Incident, school: School) -> bytes:
    """The term's review on paper."""
    period = period_review(URN, [incident], (), date(2026, 9, 1), date(2026, 12, 31))
    return period_review_pdf(period, school, code=CODE)


MAKERS = pytest.mark.parametrize("make", [submission_of, review_of, period_of])


def text_of(document: bytes) -> str:
    """Everything that is printed, in one line."""
    pages = pypdfium2.PdfDocument(document)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def squeezed(text: str) -> str:
    """The text without its spaces: where a line breaks is not the question."""
    return re.sub(r"\s", "", text)


def elements(document: pikepdf.Pdf) -> Iterator[Any]:
    """Every element of the structure by which a screen reader reads."""
    waiting = [document.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        yield element
        kids: Any = element.get("/K", [])
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        waiting += [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def opened(document: bytes) -> pikepdf.Pdf:
    """The PDF as objects."""
    return pikepdf.Pdf.open(BytesIO(document))


def bounds(page: Any) -> tuple[float, float, float, float]:
    """The smallest box around everything that is written on a page."""
    written = page.get_textpage()
    boxes = [written.get_charbox(number) for number in range(written.count_chars())]
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)
