"""The report to the regulator as a paper says it: the main answers first, then every question in the view's order."""

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.documents.words import NOT_YET_KNOWN, capitalised, day, label, moment, period, plural, with_local_times
from domain.school import School
from projections.ico_submission import Field, Submission

CHOSEN = frozenset(
    {
        "report_type",
        "cause",
        "is_cyber",
        "confidentiality",
        "integrity",
        "availability",
        "encryption",
        "staff_training",
        "data_categories",
        "subject_categories",
        "subjects_by_category",
        "vulnerable",
        "harm_so_far",
        "told_subjects",
        "told_others",
    }
)
"""Answers that begin with a word from a closed list, and so with a capital; the risk has words of its own."""

TIMED = frozenset({"happened_at", "discovered_at", "aware_at", "further_information_expected_at", "told_subjects"})
"""Answers in which the view wrote moments. In every other answer a moment was typed by a person, and stays as typed."""

PHASES = {
    "initial": "Initial report",
    "follow_up": "Follow-up report",
    "withdrawn": "Withdrawal of a report",
    "draft": "Draft report",
}

_DUE_DATE = re.compile(r"\(by (\d{4}-\d\d-\d\d)\)(?=$|; )")


def submission_paper(submission: Submission, school: School, submitted_at: datetime | None) -> dict[str, Any]:
    """Everything that the paper shows, in words."""
    kind = PHASES.get(submission.phase) or label(submission.phase)
    return {
        "title": f"{kind} of a personal data breach, {submission.ref}",
        "kicker": "Personal data breach · UK GDPR Articles 33 and 34",
        "heading": f"{kind} to the {submission.regulator}",
        "school": school.name,
        "ref": submission.ref,
        "verdict": _verdict(submission, submitted_at),
        "facts": _facts(submission, school.timezone, submitted_at),
        "not_yet_known": list(submission.not_yet_known),
        "sections": [
            {"title": section.title, "fields": [_field(field, school.timezone) for field in section.fields]}
            for section in submission.sections
        ],
        "colophon": _colophon(submission, school),
    }


def _verdict(submission: Submission, submitted_at: datetime | None) -> dict[str, str]:
    regulator, deadline = submission.regulator, submission.deadline
    if submission.phase == "withdrawn":
        return {"tone": "plain", "text": f"The report is withdrawn from the {regulator}."}
    if submitted_at is None:
        return {"tone": "plain", "text": f"A draft. It has not been sent to the {regulator}."}
    if submission.phase == "follow_up":
        first = "The 72 hours are about the first report; this one adds to it."
        return {"tone": "plain", "text": f"Further information for the {regulator}.", "more": first}
    if deadline is None:
        return {"tone": "plain", "text": f"Sent to the {regulator}. No deadline ran: no breach was confirmed."}
    if submitted_at == deadline:
        return {"tone": "good", "text": f"Sent to the {regulator} at the very end of the 72 hours, and in time."}
    length = period(deadline - submitted_at)
    if submitted_at < deadline:
        return {"tone": "good", "text": f"Sent to the {regulator} {length} before the deadline."}
    late = f"Sent to the {regulator} {length} after the deadline."
    return {"tone": "warn", "text": late, "more": "The reasons for the delay are in section 1 (Art. 33(1))."}


def _facts(submission: Submission, zone: ZoneInfo, submitted_at: datetime | None) -> list[dict[str, str]]:
    expected = submission.further_information_expected_at
    more = "None: this report is complete" if submission.complete else NOT_YET_KNOWN
    return [
        {"label": "Report", "value": f"Number {submission.number}, {label(submission.phase).lower()}"},
        {"label": "Complete", "value": "Yes" if submission.complete else "No, more will follow (Art. 33(4))"},
        {"label": "The school became aware", "value": _moment(submission.aware_at, zone)},
        {"label": "The 72 hours end", "value": _moment(submission.deadline, zone)},
        {"label": "This report was sent", "value": moment(submitted_at, zone) if submitted_at else "Not sent"},
        {"label": "Further information expected", "value": moment(expected, zone) if expected else more},
    ]


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return moment(at, zone) if at else NOT_YET_KNOWN


def _field(field: Field, zone: ZoneInfo) -> dict[str, str]:
    return {
        "question": field.question,
        "article": f"Art. {field.article}" if field.article else "",
        "state": field.state,
        "answer": _answer(field, zone) if field.state == "known" else capitalised(field.state),
    }


def _answer(field: Field, zone: ZoneInfo) -> str:
    text = field.answer or ""
    if field.key == "high_risk":
        return label(text)
    if field.key == "recurrence_steps":
        return _DUE_DATE.sub(lambda found: f"(by {day(date.fromisoformat(found[1]))})", text)
    if field.key == "subjects_by_category":
        text = text.replace(": About ", ": about ")
    worded = with_local_times(text, zone) if field.key in TIMED else text
    return capitalised(worded) if field.key in CHOSEN else worded


def _colophon(submission: Submission, school: School) -> list[str]:
    as_at = moment(submission.prepared_at, school.timezone)
    return [
        "This report has no place for the names of the people affected, and is to be sent without any.",
        f"Prepared by the school from its record: {plural(submission.covers_version, 'event')}, to {as_at}.",
        f"It is not a document of the {submission.regulator}. Times are local times ({school.zone}).",
        "The same report for machines, submission.json, is attached to this PDF.",
    ]
