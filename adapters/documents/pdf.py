"""Papers as PDF, set by typst: accessible (PDF/UA-1), archivable with their data inside (PDF/A-3a), never two ways."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from adapters.documents.canonical import canonical
from adapters.documents.period_paper import period_data, period_paper, recorded_up_to
from adapters.documents.published_paper import published_at, published_data, published_paper
from adapters.documents.review_paper import review_data, review_paper
from adapters.documents.submission_json import submission_bytes
from adapters.documents.submission_paper import submission_paper
from adapters.documents.typeface import SQUARE, all_fit_to_print
from adapters.faults import Fault
from domain.school import School
from projections.governors_review import GovernorsReview
from projections.ico_submission import Submission
from projections.period_review import PeriodReview
from projections.publication import PublishedReview

TEMPLATES = Path(__file__).parent / "templates"


class PaperNotSet(Fault):
    """A paper could not be set as it must be."""


def submission_pdf(submission: Submission) -> bytes:
    """The report to the regulator, as it was sent or as a draft."""
    return typeset(
        "submission",
        submission_paper(submission),
        submission_bytes(submission),
        "The report as canonical JSON",
        submission.prepared_at,
    )


def review_pdf(review: GovernorsReview, school: School, *, code: str) -> bytes:
    """The governors' review of one incident; `code` is the head of the log, kept in the minutes."""
    data = canonical(review_data(review)) + b"\n"
    about = "The review as canonical JSON"
    return typeset("review", review_paper(review, school, code), data, about, review.recorded_at)


def period_review_pdf(period: PeriodReview, school: School, *, code: str) -> bytes:
    """The governors' review of a term or a year."""
    data = canonical(period_data(period)) + b"\n"
    about = "The figures and their incidents as canonical JSON"
    return typeset("period", period_paper(period, school, code), data, about, recorded_up_to(period))


def published_review_pdf(published: PublishedReview, school: School) -> bytes:
    """What of that review may be published."""
    data = canonical(published_data(published)) + b"\n"
    about = "The published figures as canonical JSON"
    return typeset("published", published_paper(published, school), data, about, published_at(published))


def typeset(name: str, paper: dict[str, Any], data: bytes, description: str, at: datetime) -> bytes:
    """A paper in the template of that name, with `data` attached; `at` is its date, so that it is never two ways."""
    attachment = {"name": f"{name}.json", "data": data.decode(), "description": description}
    inputs = {"paper": json.dumps(_printable(paper)), "attachment": json.dumps(attachment)}
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(TEMPLATES / f"{name}.typ"),
            root=str(TEMPLATES),
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=["ua-1", "a-3a"],
            ignore_system_fonts=True,
            timestamp=at.replace(microsecond=0),
        )
    except typst.TypstError as error:
        raise PaperNotSet(f"The paper “{name}” could not be set: {_unquoted(error.message)}") from None
    if warnings:
        raise PaperNotSet(f"The paper “{name}” was set with a warning: {_unquoted(warnings[0].message)}")
    return pdf


def _unquoted(message: str) -> str:
    """What typst quotes may be what a person typed, and a message of ours never says that."""
    return re.sub("`[^`]*`", "…", message)


def _printable(paper: dict[str, Any]) -> dict[str, Any]:
    fitted: dict[str, Any] = all_fit_to_print(paper)
    squares = json.dumps(fitted, ensure_ascii=False).count(SQUARE)
    return {**fitted, "squares": squares > json.dumps(paper, ensure_ascii=False).count(SQUARE)}
