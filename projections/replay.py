"""An incident replayed: how its clock stood at a moment of the past, and what changed between two such moments."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.incident import Incident
from domain.obligations import progress
from domain.phases import Breach, NoBreach
from domain.quantities import Instant, Value
from domain.steps import Progress, Step
from projections.breach_log import log_entry
from projections.ico_submission import Field, Submission
from projections.open_clocks import NextAct, open_clock
from projections.timeline import Entry, timeline
from projections.values_in_words import exactly, in_words
from projections.words import capitalised, label, period

UTC = ZoneInfo("UTC")

ROW = {
    "finding": "Finding",
    "status": "Status",
    "reported_at": "Reported",
    "discovered_at": "Discovered",
    "occurred": "When it happened",
    "what_happened": "What happened",
    "how_discovered": "How it was found",
    "services": "Services concerned",
    "processor_told_at": "Told by the supplier",
    "processor_aware_at": "Supplier itself aware",
    "aware_at": "School aware",
    "deadline": "72 hours end",
    "awareness_reason": "Why awareness is later than the first signal, or was corrected",
    "awareness_corrections": "Corrections of awareness",
    "stopped_at": "Stopped",
    "cause": "Cause",
    "incident_type": "Type of incident",
    "cyber": "Cyber incident",
    "incident_category": "Category of incident",
    "data_kinds": "Kinds of data",
    "records": "Number of records",
    "affected": "People affected, by kind",
    "people_total": "Number of people affected",
    "affected_band": "Band of people affected",
    "data_subject_types": "Type of data subject",
    "effects": "Effects",
    "confidentiality": "Effect on confidentiality",
    "integrity": "Effect on integrity",
    "availability": "Effect on availability",
    "consequences": "Likely consequences",
    "remedial_actions": "Action taken to put it right",
    "risk": "Risk to people",
    "risk_reasons": "Reasons for the risk",
    "dpo_advice": "DPO advised to notify",
    "dpo_advice_reasons": "Reasons of the DPO",
    "notify_decision": "Decided to notify",
    "decision_reasons": "Reasons for the decision to notify or not",
    "notified_at": "Regulator notified",
    "reports": "Reports sent",
    "report_withdrawn": "Report withdrawn",
    "late": "Later than 72 hours",
    "reasons_for_delay": "Reasons for the delay",
    "time_to_report": "Time to report, from discovery",
    "regulator_reference": "Regulator's reference",
    "communicate_decision": "Decided to tell people",
    "communicate_reasons": "Reasons for telling people or not",
    "exemption": "Exemption relied on",
    "told_at": "People first told",
    "told_count": "Number of people told",
    "no_breach_reason": "Why there was no breach",
    "deadline_missed": "72 hours missed",
    "lessons": "Lessons",
    "measures": "Measures",
    "closed_at": "Closed",
}
"""The fields of a row of the breach log as its columns are headed. Not its reference, school and version."""
AS_KEYS = frozenset({"status", "confidentiality", "integrity", "availability"})
"""Fields of a row that hold a key as plain text."""


class ClockState(StrEnum):
    """What the clock of the 72 hours does."""

    NONE = "No clock runs: it is not established that there was a breach."
    NO_BREACH = "No clock runs: it was found not to be a breach."
    NEAR_MISS = "No clock runs: it was a near miss."
    RUNS = "The clock runs."
    REPORTED = "The clock has stopped: a report stands with the regulator."
    NOT_OWED = "The clock has stopped: it was decided not to notify the regulator."
    CLOSED = "The clock has stopped: the incident is closed."


class Clock(Value):
    """The clock as it stood at a moment: the deadline as then known, and the time left then, negative once past."""

    state: ClockState
    deadline: Instant | None
    left: timedelta | None


class Difference(Value):
    """One thing that changed, in words; None where nothing was recorded of it."""

    what: str
    was: str | None
    now: str | None


class Changes(Value):
    """What changed between two moments: the events between, and every view of the incident that reads otherwise."""

    from_version: int
    to_version: int
    events: tuple[Entry, ...]
    clock: tuple[Difference, ...]
    steps: tuple[Difference, ...]
    row: tuple[Difference, ...]
    asked: tuple[NextAct, ...]
    met: tuple[NextAct, ...]
    due: tuple[Difference, ...]


def clock_at(incident: Incident, at: datetime) -> Clock:
    """The clock of an incident as it stood, read at a moment."""
    breach = incident.breach
    deadline = breach.deadline if breach else None
    state = _clock_state(incident)
    left = deadline - at if deadline and state is ClockState.RUNS else None
    return Clock(state=state, deadline=deadline, left=left)


def lag(entry: Entry) -> str:
    """How long it took until an event that was so was also written down."""
    if entry.happened_at is None:
        return "It is taken to have been so when it was recorded."
    late = entry.recorded_at - entry.happened_at
    if abs(late) < timedelta(minutes=1):
        return "It was recorded when it was so."
    return f"It was recorded {period(late)} {'later' if late > timedelta() else 'before that time came'}."


def changes(before: Incident | None, after: Incident, zone: ZoneInfo = UTC) -> Changes:
    """What changed from one moment of an incident to another; from None, everything that there is."""
    first, last = sorted((before or after, after), key=lambda incident: incident.version)
    since = first.version if before else 0
    was, now = _acts(before), _acts(after)
    return Changes(
        from_version=before.version if before else 0,
        to_version=after.version,
        events=tuple(entry for entry in timeline(last) if entry.version > since),
        clock=_differences(_clock_words(before, zone), _clock_words(after, zone)),
        steps=_differences(_steps(before), _steps(after)),
        row=_row(before, after, zone),
        asked=tuple(act for key, act in now.items() if key not in was),
        met=tuple(act for key, act in was.items() if key not in now),
        due=tuple(
            difference
            for key, act in now.items()
            if key in was and (difference := _different(act.what, was[key].due_at, act.due_at, zone))
        ),
    )


def answers_changed(before: Submission | None, after: Submission | None) -> tuple[Difference, ...]:
    """The questions of a report to the regulator whose answers differ, in the form's order."""
    was, now = _answers(before), _answers(after)
    questions = {key: field.question for key, field in (was | now).items()}
    return _differences(_said(was), _said(now), questions)


def _clock_state(incident: Incident) -> ClockState:
    match incident.phase:
        case NoBreach(near_miss=near_miss):
            return ClockState.NEAR_MISS if near_miss else ClockState.NO_BREACH
        case Breach() if incident.clock_runs:
            return ClockState.RUNS
        case Breach(reported=True):
            return ClockState.REPORTED
        case Breach():
            return ClockState.CLOSED if incident.closed else ClockState.NOT_OWED
        case _:
            return ClockState.NONE


def _clock_words(incident: Incident | None, zone: ZoneInfo) -> dict[str, str | None]:
    if incident is None:
        return {}
    clock = clock_at(incident, incident.recorded_at)
    return {"The clock": str(clock.state), "72 hours end": in_words(clock.deadline, zone)}


def _steps(incident: Incident | None) -> dict[str, str | None]:
    """Before anything was reported no step was begun."""
    steps = progress(incident) if incident else dict.fromkeys(Step, Progress.NOT_STARTED)
    return {label(step): capitalised(state) for step, state in steps.items()}


def _row(before: Incident | None, after: Incident, zone: ZoneInfo) -> tuple[Difference, ...]:
    was, now = (log_entry(before) if before else None), log_entry(after)
    found = (_different(name, getattr(was, name, None), getattr(now, name), zone) for name in ROW)
    return tuple(each.model_copy(update={"what": ROW[each.what]}) for each in found if each)


def _different(name: str, was: object, now: object, zone: ZoneInfo) -> Difference | None:
    """The difference in words; where two moments read alike to the minute, to the second and beyond."""
    if was == now:
        return None
    said = [_field(name, value, lambda each: in_words(each, zone)) for value in (was, now)]
    if said == [None, None]:
        return None
    if said[0] == said[1]:
        said = [_field(name, value, lambda each: exactly(each, zone)) for value in (was, now)]
    return Difference(what=name, was=said[0], now=said[1])


def _field(name: str, value: object, say: Callable[[object], str | None]) -> str | None:
    return label(value) if name in AS_KEYS and isinstance(value, str) else say(value)


def _acts(incident: Incident | None) -> dict[tuple[str, str], NextAct]:
    """What is asked for; the same act in the same words is the same, whenever it is due."""
    clock = open_clock(incident) if incident else None
    return {(act.command, act.what): act for act in clock.acts} if clock else {}


def _answers(report: Submission | None) -> dict[str, Field]:
    return {field.key: field for section in report.sections for field in section.fields} if report else {}


def _said(answers: Mapping[str, Field]) -> dict[str, str | None]:
    return {key: _answer(field) for key, field in answers.items()}


def _answer(field: Field) -> str | None:
    return field.answer or (None if field.state == "not yet known" else capitalised(field.state))


def _differences(
    was: Mapping[str, str | None], now: Mapping[str, str | None], named: Mapping[str, str] | None = None
) -> tuple[Difference, ...]:
    def found(keys: Iterable[str]) -> Iterator[Difference]:
        for key in keys:
            if was.get(key) != now.get(key):
                yield Difference(what=named[key] if named else key, was=was.get(key), now=now.get(key))

    return tuple(found({**was, **now}))
