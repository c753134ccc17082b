"""The parts of a governors' paper: the verdict, the steps, the events against the clock, decisions and measures."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.quantities import Span
from domain.school import School
from domain.steps import Steps
from domain.vocabulary import Answer
from projections.breach_log import Finding, LogEntry
from projections.complaint_states import ComplaintState
from projections.governors_review import DecisionMade, GovernorsReview, MeasureState, Milestone, Suggestion
from projections.words import (
    NOT_APPLICABLE,
    NOT_YET_KNOWN,
    ROLES,
    capitalised,
    count,
    label,
    listed,
    local,
    period,
    short_day,
    short_moment,
    span,
)

CODE_IS_FOR = (
    "Keep this code in the minutes of the meeting: with it anybody can prove later that nothing which was in the log"
    " on this day has been altered or removed since (tocsin verify --against CODE)."
)

TITLES = {
    "Controller became aware": "The school became aware",
    "Awareness corrected": "The moment of awareness was corrected",
    "Breach stopped": "The breach was stopped",
    "Dpo advised": "The DPO advised",
    "Notification decided": "Decided whether the {regulator} is notified",
    "Regulator report submitted": "Report sent to the {regulator}",
    "Communication decided": "Decided whether people are told",
    "Data subjects told": "People concerned told",
    "Deadline missed": "The 72 hours passed without an answer",
    "Escalation raised": "Escalated by Tocsin",
}
"""Titles of the view in a governor's words."""


def verdict(entry: LogEntry, regulator: str, recorded_at: datetime) -> dict[str, str]:
    """The answer to the first question: what it was, and whether the regulator was told in time."""
    match entry.finding:
        case Finding.SUSPECTED:
            more = "Whether personal data were compromised is still being established, so no clock runs yet."
            return {"tone": "plain", "text": "A suspected breach.", "more": more}
        case Finding.NEAR_MISS:
            return {"tone": "good", "text": "A near miss: it was caught in time."}
        case Finding.NOT_A_BREACH:
            return {"tone": "plain", "text": "Looked into, and found not to be a personal data breach."}
        case Finding.BREACH:
            return _breach_verdict(entry, regulator, recorded_at)


def _breach_verdict(entry: LogEntry, regulator: str, recorded_at: datetime) -> dict[str, str]:
    assert entry.deadline is not None
    if entry.report_withdrawn:
        return {"tone": "plain", "text": f"A breach whose report to the {regulator} was withdrawn."}
    if entry.notified_at:
        length = period(entry.deadline - entry.notified_at)
        if entry.late:
            more = "The reasons for the delay are under “Reasons given”."
            return {"tone": "warn", "text": f"The {regulator} was notified late, by {length}.", "more": more}
        return {"tone": "good", "text": f"The {regulator} was notified in time, {length} before the deadline."}
    if entry.notify_decision is False:
        return {"tone": "plain", "text": f"A breach of which the {regulator} is not notified, by decision."}
    decided = "It was decided to notify" if entry.notify_decision else "It is not yet decided whether to notify"
    length = period(entry.deadline - recorded_at)
    if recorded_at > entry.deadline or entry.deadline_missed:
        text = f"The 72 hours passed and the {regulator} was not notified."
        return {"tone": "warn", "text": text, "more": f"{decided}; the deadline passed {length} before this paper."}
    return {"tone": "plain", "text": f"The {regulator} is not yet notified.", "more": f"{decided}; {length} are left."}


def breach_outcome(entry: LogEntry, recorded_at: datetime) -> tuple[str, str]:
    """The same in a word or two, with its tone."""
    if entry.report_withdrawn:
        return "Report withdrawn", "plain"
    if entry.notified_at:
        return ("Notified late", "warn") if entry.late else ("Notified in time", "good")
    if entry.notify_decision is False:
        return "Not notified, by decision", "plain"
    passed = entry.deadline_missed or (entry.deadline is not None and recorded_at > entry.deadline)
    return ("Not notified, 72 hours passed", "warn") if passed else ("Not yet notified", "plain")


def status(entry: LogEntry) -> str:
    """Open or closed; what is open says in which step."""
    return label(entry.status.replace("open: ", "open, step "))


def unknown(entry: LogEntry) -> str:
    """What stands where nothing is recorded: of what was no breach, nothing more will become known."""
    return NOT_APPLICABLE if entry.finding in (Finding.NEAR_MISS, Finding.NOT_A_BREACH) else NOT_YET_KNOWN


def reasons(entry: LogEntry, regulator: str) -> list[dict[str, str]]:
    """Every reason that was given, by whoever had to give one."""
    given = (
        ("Why there was no breach", entry.no_breach_reason),
        ("Why the DPO advised so", entry.dpo_advice_reasons),
        (f"Why the school decided so on notifying the {regulator}", entry.decision_reasons),
        ("Why the report was late", entry.reasons_for_delay),
        ("Why the school decided so on telling the people concerned", entry.communicate_reasons),
        ("Exemption relied on", label(entry.exemption) if entry.exemption else None),
    )
    return [{"label": name, "value": value} for name, value in given if value]


def described(entry: LogEntry, zone: ZoneInfo) -> list[dict[str, str]]:
    """What happened, in categories."""
    affected = [f"{label(group.people)}: {count(group.number).lower()}" for group in entry.affected]
    when = entry.occurred
    if when.ongoing and entry.stopped_at and (when.began_at is None or when.began_at <= entry.stopped_at):
        when = Span(began_at=when.began_at, ended_at=when.began_at and entry.stopped_at)
    rows = (
        ("Finding", label(entry.finding)),
        ("Status", status(entry)),
        ("Type of incident", label(entry.incident_type) if entry.incident_type else ""),
        ("Cause", label(entry.cause) if entry.cause else ""),
        ("Cyber incident", "" if entry.cyber is Answer.UNKNOWN else label(entry.cyber)),
        ("Services concerned", "; ".join(entry.services)),
        ("When it happened", span(when, zone) if when.known else ""),
        ("Discovered", short_moment(entry.discovered_at, zone) if entry.discovered_at else ""),
        ("Stopped", short_moment(entry.stopped_at, zone) if entry.stopped_at else ""),
        ("Kinds of data", listed(map(label, entry.data_kinds))),
        ("Number of records", count(entry.records) if entry.records.number is not None else ""),
        ("People affected, by kind", listed(affected)),
        ("Effect on confidentiality", _effect(entry.confidentiality)),
        ("Effect on integrity", _effect(entry.integrity)),
        ("Effect on availability", _effect(entry.availability)),
        ("Likely consequences", entry.consequences or ""),
        ("What was done about it", "\n".join(map(capitalised, entry.remedial_actions))),
    )
    absent = unknown(entry)
    return [
        {"question": name, "answer": answer or absent, "state": "known" if answer else absent.lower()}
        for name, answer in rows
        if answer or absent == NOT_YET_KNOWN
    ]


def _effect(effect: str | None) -> str:
    return label(effect) if effect and effect != "unknown" else ""


def steps(progress: Steps) -> list[dict[str, str]]:
    """The five steps and how far each is; the mark says it without colour."""
    marks = {"done": "●", "under way": "◐", "not started": "○"}
    return [{"name": label(step), "state": str(state), "mark": marks[state]} for step, state in progress.items()]


def milestones(found: Iterable[Milestone], school: School) -> list[list[str]]:
    """One row an event: its number on the clock, what, who, when, and where it stands to awareness."""
    return [
        [
            str(number),
            TITLES.get(milestone.title, milestone.title).format(regulator=school.regulator),
            ROLES[milestone.role],
            short_moment(milestone.at, school.timezone),
            _hours(milestone.hours_after_awareness),
        ]
        for number, milestone in enumerate(found, 1)
    ]


def _hours(hours: float | None) -> str:
    if hours is None:
        return "–"
    return f"{-hours:,.1f} h before" if hours < 0 else f"{hours:,.1f} h"


def decisions(review: GovernorsReview, school: School) -> list[dict[str, Any]]:
    """What the rules suggested, what was advised and what was decided, side by side."""
    needed = unknown(review.entry) == NOT_YET_KNOWN
    if not needed and all(made.advised is made.decided is None for made in review.decisions):
        return []
    return [
        {"question": question, "suggested": suggested, **_decision(made, school.timezone, needed)}
        for made, question, suggested in zip(
            review.decisions, questions(school.regulator), _suggested(review.prompt), strict=True
        )
    ]


def _suggested(prompt: Suggestion | None) -> tuple[str, str]:
    """What the rules suggested on each question; nothing where no facts were given to them."""
    if prompt is None:
        return "", ""
    return "Yes" if prompt.notify_regulator else "No", "Yes" if prompt.communicate else "No"


def prompted(prompt: Suggestion | None) -> str:
    """The score behind the suggestion, and what it is not."""
    if prompt is None:
        return ""
    return f"By the facts given, the rules rated the severity {prompt.level} ({prompt.score:.2f}). They only prompt."


def complaints(found: Iterable[ComplaintState], zone: ZoneInfo) -> list[dict[str, str]]:
    """Each complaint: when it came, when it was acknowledged and whether in time, and how it ended."""
    in_time = {True: ", in time", False: ", late", None: ""}
    return [
        {
            "number": f"{each.number}",
            "received": short_moment(each.received_at, zone),
            "acknowledged": f"{short_moment(each.acknowledged_at, zone)}{in_time[each.in_time]}"
            if each.acknowledged_at
            else "Not yet",
            "outcome": label(each.outcome) if each.outcome else "Not answered yet",
            "tone": "warn" if each.in_time is False else "plain",
        }
        for each in found
    ]


def questions(regulator: str) -> tuple[str, str]:
    """What is advised on and decided, in the view's order."""
    return f"Notify the {regulator}?", "Tell the people concerned?"


def _decision(made: DecisionMade, zone: ZoneInfo, needed: bool) -> dict[str, Any]:
    said = {True: "Yes", False: "No", None: NOT_APPLICABLE}
    advised = "No advice yet" if needed and made.advised is None else said[made.advised]
    decided = "Not yet decided" if needed and made.decided is None else said[made.decided]
    by = ROLES[made.decided_by] if made.decided_by else ""
    return {
        "advised": advised,
        "advised_at": short_moment(made.advised_at, zone) if made.advised_at else "",
        "decided": decided,
        "decided_by": ", ".join(filter(None, (by, short_moment(made.decided_at, zone) if made.decided_at else ""))),
        "differs": made.differs,
    }


def measures(adopted: Iterable[MeasureState], as_at: datetime, zone: ZoneInfo) -> list[dict[str, str]]:
    """The measures, who answers for each, by when, and how it stands."""
    return [
        {"measure": each.measure, "owner": each.owner, "due": short_day(each.due_on)}
        | _measure_state(each, as_at, zone)
        for each in adopted
    ]


def _measure_state(measure: MeasureState, as_at: datetime, zone: ZoneInfo) -> dict[str, str]:
    if measure.completed_at:
        return {"state": f"Done {short_day(local(measure.completed_at, zone))}", "tone": "good"}
    overdue = measure.due_on < local(as_at, zone).date()
    return {"state": "Overdue", "tone": "warn"} if overdue else {"state": "Open", "tone": "plain"}


def alarms_in_words(alarms: Iterable[str]) -> str:
    """The names of alarms as what they are about."""
    families = {"significant": "significance", "standstill": "a step that stood still", "clock": "the 72 hours"}
    about = [families.get(alarm.split(".")[0], "the report") for alarm in alarms]
    return ", ".join(dict.fromkeys(about))
