"""What a page shows of an incident as it stood at a moment: the case, its row, the draft of its report, its sheet."""

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.documents.log_columns import COLUMNS, Cell
from adapters.documents.review_paper import review_paper
from adapters.documents.submission_paper import submission_paper
from adapters.governors_papers import for_governors
from adapters.papers import draft, form_of
from adapters.web.audit_moments import Moment
from domain.errors import Refused
from domain.incident import Incident
from domain.obligations import progress
from domain.school import School
from projections.answers import Header
from projections.breach_log import log_entry
from projections.governors_review import GovernorsReview, governors_review
from projections.ico_submission import Submission, submission
from projections.open_clocks import open_clock
from projections.replay import clock_at
from projections.words import short_moment

PARTS = {"case": "The case", "row": "Breach log row", "report": "Report draft", "governors": "Governors’ sheet"}
"""What is shown of a moment, one at a time."""

Part = Callable[[Moment, School, str], dict[str, Any]]
"""What a part's template is given; the text is the code at the head of the log."""


def the_case(moment: Moment, *_: object) -> dict[str, Any]:
    """The finding, the clock, the steps and what was asked for."""
    incident = moment.incident
    watched = open_clock(incident)
    return {
        "entry": log_entry(incident),
        "clock": clock_at(incident, moment.at),
        "steps": progress(incident),
        "acts": watched.acts if watched else (),
        "waiting": len(incident.awaiting),
    }


def the_row(moment: Moment, school: School, _: str) -> dict[str, Any]:
    """Every column of the breach log."""
    entry = log_entry(moment.incident)
    return {"cells": [(column.heading, in_cell(column.value(entry), school.timezone)) for column in COLUMNS]}


def in_cell(cell: Cell, zone: ZoneInfo) -> str:
    """A cell of the breach log as a page says it; empty where nothing is recorded."""
    if isinstance(cell, datetime):
        return short_moment(cell, zone)
    return "" if cell is None else f"{cell:,}" if isinstance(cell, int) else cell


def the_report(moment: Moment, school: School, _: str) -> dict[str, Any]:
    """The report that could have been sent then, or why it can no longer be told."""
    try:
        return {"paper": submission_paper(draft(moment.seen, school)), "unread": ""}
    except Refused as refusal:
        return {"paper": None, "unread": str(refusal)}


def sheet_of(moment: Moment, school: School) -> GovernorsReview:
    """The governors' sheet, with names left out."""
    return for_governors(governors_review(moment.incident), school)


def the_sheet(moment: Moment, school: School, code: str) -> dict[str, Any]:
    """The governors' sheet in the words of its paper, and its picture of the clock."""
    paper = review_paper(sheet_of(moment, school), school, code)
    svg = paper["clock"]["svg"].encode() if paper["clock"] else b""
    return {"paper": paper, "picture": f"data:image/svg+xml;base64,{b64encode(svg).decode()}" if svg else ""}


SHOWN: dict[str, Part] = {"case": the_case, "row": the_row, "report": the_report, "governors": the_sheet}


def whole_report(incident: Incident | None, school: School) -> Submission | None:
    """Every question of the form and its answer at that moment, whatever of it had been sent."""
    if incident is None:
        return None
    return submission(incident, school, form_of(school), Header(number=1, phase="initial"), ())
