"""The report to the regulator as a paper says it: the main answers first, then every question in the form's order."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from projections.ico_submission import Field, Section, Submission
from projections.words import NOT_YET_KNOWN, capitalised, moment, period, plural

PHASES = {
    "initial": "Initial report",
    "follow_up": "Follow-up report",
    "completed": "Completing report",
    "withdrawn": "Withdrawal of a report",
}
NOTHING_MORE = "Nothing more is expected; what is not known says so."
ALL_KNOWN = "Nothing: every question that applies is answered."
UNVERIFIED = "†"
"""Marks a question whose words were not verified against the regulator's own form."""


def submission_paper(submission: Submission) -> dict[str, Any]:
    """Everything that the paper shows, in words."""
    kind = PHASES[submission.phase]
    drafted = "" if submission.submitted_at else "Draft: "
    return {
        "title": f"{drafted}{kind} of a personal data breach, {submission.ref}",
        "kicker": f"{submission.title} · {submission.law} Articles 33 and 34",
        "heading": f"{drafted}{kind.lower() if drafted else kind} to the {submission.regulator}",
        "school": submission.controller,
        "ref": submission.ref,
        "verdict": _verdict(submission),
        "facts": _facts(submission),
        "only_changes": submission.follows is not None,
        "missing": [capitalised(each) for each in submission.missing],
        "not_yet_known": list(submission.not_yet_known),
        "all_known": "" if submission.not_yet_known else NOTHING_MORE if submission.complete else ALL_KNOWN,
        "law": submission.law,
        "sections": [_section(section) for section in submission.sections],
        "colophon": _colophon(submission),
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "fields": [_field(field) for field in section.fields],
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "question": f"{field.question}{'' if field.verified else f' {UNVERIFIED}'}",
        "article": f"Art. {field.article}" if field.article else "",
        "state": field.state,
        "answer": answer_of(field),
        "was": field.was or "",
        "why": "; ".join(field.why),
    }


def answer_of(field: Field) -> str:
    """The answer, or that there is none yet; an option such as “Don't know” is an answer of its own."""
    return field.answer or capitalised(field.state)


def _verdict(submission: Submission) -> dict[str, str]:
    regulator, deadline, submitted_at = submission.regulator, submission.deadline, submission.submitted_at
    if submission.phase == "withdrawn" and submitted_at:
        return {"tone": "plain", "text": f"The report is withdrawn from the {regulator}."}
    if submitted_at is None:
        return {"tone": "plain", "text": f"A draft. It has not been sent to the {regulator}."}
    if submission.phase != "initial":
        more = "The 72 hours are about the first report; this one says what changed since the last, and why."
        whole = "It completes what was sent before." if submission.complete else "More will follow."
        return {"tone": "plain", "text": f"Further information for the {regulator}. {whole}", "more": more}
    if deadline is None:
        return {"tone": "plain", "text": f"Sent to the {regulator}. No deadline ran: no breach was confirmed."}
    if submitted_at == deadline:
        return {"tone": "good", "text": f"Sent to the {regulator} at the very end of the 72 hours, and in time."}
    length = period(deadline - submitted_at)
    if submitted_at < deadline:
        return {"tone": "good", "text": f"Sent to the {regulator} {length} before the deadline."}
    late = f"Sent to the {regulator} {length} after the deadline."
    return {"tone": "warn", "text": late, "more": "The reasons for the delay are in section 1 (Art. 33(1))."}


def _facts(submission: Submission) -> list[dict[str, str]]:
    zone, expected, sent_at = submission.timezone, submission.further_information_expected_at, submission.submitted_at
    more = "None: this report is complete" if submission.complete else NOT_YET_KNOWN
    return [
        {"label": "Report", "value": f"Number {submission.number}, {PHASES[submission.phase].lower()}"},
        {"label": "Complete", "value": "Yes" if submission.complete else "No, more will follow (Art. 33(4))"},
        {"label": "The school became aware", "value": _moment(submission.aware_at, zone)},
        {"label": "The 72 hours end", "value": _moment(submission.deadline, zone)},
        {"label": "This report was sent", "value": moment(sent_at, zone) if sent_at else "Not sent"},
        {"label": "Further information expected", "value": moment(expected, zone) if expected else more},
    ]


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return moment(at, zone) if at else NOT_YET_KNOWN


def _colophon(submission: Submission) -> list[str]:
    as_at = moment(submission.prepared_at, submission.timezone)
    events = plural(submission.covers_version, "event")
    form = f"It follows the map “{submission.form}” of the {submission.regulator}'s form and is not that form."
    unsure = any(not field.verified for section in submission.sections for field in section.fields)
    return [
        "This report has no place for the names of the people affected, and is to be sent without any.",
        f"Prepared by the school from its record: {events}, to {as_at}.",
        f"They are the log up to position {submission.covers_position}.",
        f"Times are local times ({submission.zone}).",
        f"{form}{f' {UNVERIFIED} marks a question whose words are not verified.' if unsure else ''}",
        "The same report for machines, submission.json, is attached to this PDF.",
    ]
