"""The governors' review of one incident as a paper says it: categories and decisions, never a name or a story."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.documents.clock_picture import ClockPicture, clock_svg, picture_in_words
from adapters.documents.review_parts import (
    CODE_IS_FOR,
    alarms_in_words,
    complaints,
    decisions,
    described,
    measures,
    milestones,
    prompted,
    reasons,
    steps,
    unknown,
    verdict,
)
from domain.school import School
from projections.breach_log import LogEntry
from projections.governors_review import GovernorsReview
from projections.words import NOT_APPLICABLE, count, day, label, moment

NARRATIVE = frozenset({"what_happened", "how_discovered", "effects", "risk_reasons", "awareness_reason"})
"""Free texts of the breach log in which a name may have slipped; governors are given the categories instead."""


def review_paper(review: GovernorsReview, school: School, code: str) -> dict[str, Any]:
    """Everything that the paper shows, in words."""
    entry, zone = review.entry, school.timezone
    return {
        "title": f"Governors’ review of {review.ref}",
        "kicker": "For the governing body · facts without names",
        "heading": "Governors’ review",
        "school": school.name,
        "ref": review.ref,
        "verdict": verdict(entry, school.regulator, review.recorded_at),
        "facts": _facts(entry, zone),
        "steps": steps(review.steps),
        "described": described(entry, zone),
        "clock": _clock(review, zone),
        "milestones": milestones(review.milestones, school),
        "decisions": decisions(review, school),
        "prompted": prompted(review.prompt),
        "reasons": reasons(entry, school.regulator),
        "watch": _watch(review, zone),
        "learnt": _learnt(review),
        "lessons": list(review.lessons),
        "measures": measures(review.measures, review.recorded_at, zone),
        "complaints": complaints(review.complaints, zone),
        "asked": list(review.still_asked_for),
        "code": code,
        "code_is_for": CODE_IS_FOR,
        "colophon": [
            f"As recorded up to {moment(review.recorded_at, zone)}, event {review.version} of this incident.",
            f"Times are local times ({school.zone}).",
            "The same facts for machines, review.json, are attached to this PDF.",
        ],
    }


def review_data(review: GovernorsReview) -> dict[str, Any]:
    """What is attached: the view without its stories, since whoever holds the paper holds the attachment."""
    data = review.model_dump(mode="json")
    data["entry"] = {name: value for name, value in data["entry"].items() if name not in NARRATIVE}
    return data


def _facts(entry: LogEntry, zone: ZoneInfo) -> list[dict[str, str]]:
    absent = unknown(entry)
    if absent == NOT_APPLICABLE:
        return _facts_of_no_breach(entry, zone)
    people = count(entry.people_total) if entry.people_total.number is not None else absent
    return [
        {"label": "What it was", "value": label(entry.incident_type) if entry.incident_type else absent},
        {"label": "Risk to the people affected", "value": label(entry.risk) if entry.risk else absent},
        {"label": "People affected", "value": people},
        {"label": "People told", "value": count(entry.told_count) if entry.told_at else _told(entry)},
        {"label": "The school became aware", "value": moment(entry.aware_at, zone) if entry.aware_at else absent},
        {"label": "The 72 hours end", "value": moment(entry.deadline, zone) if entry.deadline else absent},
    ]


def _facts_of_no_breach(entry: LogEntry, zone: ZoneInfo) -> list[dict[str, str]]:
    found = entry.discovered_at or entry.reported_at
    return [
        {"label": "Discovered", "value": moment(found, zone)},
        {"label": "Reported", "value": moment(entry.reported_at, zone)},
    ]


def _told(entry: LogEntry) -> str:
    if entry.communicate_decision is None:
        return "None so far"
    return "Not yet: it was decided to" if entry.communicate_decision else "None: it was decided not to tell them"


def _clock(review: GovernorsReview, zone: ZoneInfo) -> dict[str, str] | None:
    entry = review.entry
    if entry.aware_at is None or entry.deadline is None:
        return None
    decided = review.decisions[0]
    picture = ClockPicture(
        aware_at=entry.aware_at,
        deadline=entry.deadline,
        events=tuple(milestone.at for milestone in review.milestones),
        until=review.recorded_at,
        reported_at=entry.notified_at,
        decided_not_to_at=decided.decided_at if decided.decided is False else None,
    )
    return {"svg": clock_svg(picture, zone), "alt": picture_in_words(picture)}


def _watch(review: GovernorsReview, zone: ZoneInfo) -> list[dict[str, str]]:
    judged = {True: "Yes", False: "No", None: "Not yet judged"}[review.significant]
    return [
        {"label": "Judged significant", "value": judged},
        {"label": "Chair of governors informed", "value": _informed(review.chair_informed_at, zone)},
        {"label": "Reminders sent by Tocsin", "value": f"{review.reminders:,}" if review.reminders else "None"},
        {"label": "Escalations raised by Tocsin", "value": _escalations(review)},
    ]


def _informed(at: datetime | None, zone: ZoneInfo) -> str:
    return moment(at, zone) if at else "Not recorded"


def _escalations(review: GovernorsReview) -> str:
    if not review.escalations:
        return "None"
    waiting = alarms_in_words(review.unacknowledged)
    return f"{review.escalations:,}, {f'not yet acknowledged: {waiting}' if waiting else 'all acknowledged'}"


def _learnt(review: GovernorsReview) -> list[dict[str, str]]:
    met = day(review.governors_met_on) if review.governors_met_on else "Not yet reported to a meeting"
    return [
        {"label": "Causes", "value": review.causes or "Not yet reviewed"},
        {"label": "How well the response worked", "value": review.effectiveness or "Not yet reviewed"},
        {"label": "The breach procedure", "value": review.procedure or "Not yet reviewed"},
        {"label": "Governors’ meeting", "value": met},
    ]
