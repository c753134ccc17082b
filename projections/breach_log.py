"""The breach log (UK GDPR Art. 33(5)): every breach and near miss, its facts, effects and remedial action, and why."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from domain.deadlines import TimeToReport, is_late, time_to_report
from domain.events.contain import BreachStopped, ContainmentActionTaken
from domain.events.discover import (
    AwarenessCorrected,
    ControllerBecameAware,
    FoundNotToBeABreach,
    IncidentReported,
    NearMissRecorded,
    ProcessorNotifiedController,
)
from domain.events.investigate import (
    CauseDescribed,
    ConsequencesDescribed,
    DataDescribed,
    EffectsDescribed,
    PeopleDescribed,
    RiskAssessed,
)
from domain.events.notify import (
    CommunicationDecided,
    DataSubjectsTold,
    DpoAdvised,
    NotificationDecided,
    RegulatorReferenceReceived,
    RegulatorReportSubmitted,
)
from domain.events.review import IncidentClosed, MeasureAdopted, ReviewHeld
from domain.incident import Incident
from domain.obligations import progress
from domain.phases import Breach, NoBreach
from domain.quantities import UNKNOWN, Count, Instant, Span, Value
from domain.steps import current_step
from domain.vocabulary import Answer, Cause, DataKind, Exemption, IncidentType, PeopleKind, RiskLevel
from projections.bands import (
    AffectedBand,
    IncidentCategory,
    SubjectType,
    affected_band,
    incident_category,
    subject_types,
)


class Finding(StrEnum):
    """What the incident was found to be, so far."""

    SUSPECTED = "suspected breach"
    BREACH = "personal data breach"
    NEAR_MISS = "near miss"
    NOT_A_BREACH = "not a breach"


class Affected(Value):
    """One kind of people and how many of them."""

    people: PeopleKind
    number: Count


def _category(said: dict[str, Any]) -> IncidentCategory | None:
    return incident_category(said["cyber"])


def _band(said: dict[str, Any]) -> AffectedBand:
    return affected_band(said["people_total"])


def _types(said: dict[str, Any]) -> tuple[SubjectType, ...]:
    return subject_types(group.people for group in said["affected"])


class LogEntry(Value):
    """One row of the breach log. What is not known yet is None; nothing is guessed.

    The regulator's bands follow from the fields before them, also in a row that was kept before they were added.
    """

    ref: str
    school: str
    version: int
    finding: Finding
    status: str
    reported_at: Instant
    discovered_at: Instant | None
    occurred: Span
    what_happened: str | None
    how_discovered: str | None = None
    services: tuple[str, ...]
    processor_told_at: Instant | None
    processor_aware_at: Instant | None
    aware_at: Instant | None
    deadline: Instant | None
    awareness_reason: str | None
    awareness_corrections: int
    stopped_at: Instant | None
    cause: Cause | None
    incident_type: IncidentType | None
    cyber: Answer
    incident_category: Annotated[IncidentCategory | None, Field(default_factory=_category)]
    data_kinds: tuple[DataKind, ...]
    records: Count
    affected: tuple[Affected, ...]
    people_total: Count
    affected_band: Annotated[AffectedBand, Field(default_factory=_band)]
    data_subject_types: Annotated[tuple[SubjectType, ...], Field(default_factory=_types)]
    effects: str | None
    confidentiality: str | None
    integrity: str | None
    availability: str | None
    consequences: str | None
    remedial_actions: tuple[str, ...]
    risk: RiskLevel | None
    risk_reasons: str | None
    dpo_advice: bool | None
    dpo_advice_reasons: str | None
    notify_decision: bool | None
    decision_reasons: str | None
    notified_at: Instant | None
    reports: int
    report_withdrawn: bool
    late: bool | None
    reasons_for_delay: str | None
    time_to_report: TimeToReport | None
    regulator_reference: str | None
    communicate_decision: bool | None
    communicate_reasons: str | None
    exemption: Exemption | None
    told_at: Instant | None
    told_count: Count
    no_breach_reason: str | None
    deadline_missed: bool
    lessons: tuple[str, ...]
    measures: tuple[str, ...]
    closed_at: Instant | None


def log_entry(incident: Incident) -> LogEntry:
    """The row of one incident."""
    return LogEntry.model_validate(
        _found(incident) | _clock(incident) | _investigated(incident) | _notified(incident) | _reviewed(incident)
    )


def total(counts: list[Count]) -> Count:
    """The sum, no more certain than its least certain part: with a part unknown, so is the sum."""
    numbers = [count.number for count in counts if count.number is not None]
    if not counts or len(numbers) < len(counts):
        return UNKNOWN
    exact = all(count.certainty == "exact" for count in counts)
    return Count(certainty="exact" if exact else "approximate", number=sum(numbers))


def _found(incident: Incident) -> dict[str, object]:
    reported, no_breach = incident.last(IncidentReported), incident.last(FoundNotToBeABreach)
    near_miss, story = incident.last(NearMissRecorded), incident.story
    ended = isinstance(incident.phase, NoBreach)
    step = current_step(progress(incident))
    return {
        "ref": incident.ref,
        "school": incident.school,
        "version": incident.version,
        "finding": _finding(incident),
        "status": "closed" if incident.closed else f"open: {step}",
        "reported_at": incident.reported_at,
        "discovered_at": reported and reported.discovered_at,
        "occurred": incident.occurred,
        "how_discovered": story and story.how_discovered,
        "what_happened": story and story.what_happened,
        "services": reported.services if reported else (),
        "no_breach_reason": (no_breach and no_breach.reason) or (near_miss and near_miss.what_prevented_it)
        if ended
        else None,
    }


def _finding(incident: Incident) -> Finding:
    match incident.phase:
        case Breach():
            return Finding.BREACH
        case NoBreach(near_miss=near_miss):
            return Finding.NEAR_MISS if near_miss else Finding.NOT_A_BREACH
        case _:
            return Finding.SUSPECTED


def _clock(incident: Incident) -> dict[str, object]:
    breach, aware = incident.breach, incident.last(ControllerBecameAware)
    corrected, notice = incident.last(AwarenessCorrected), incident.last(ProcessorNotifiedController)
    stopped = incident.last(BreachStopped)
    return {
        "processor_told_at": notice and notice.told_at,
        "processor_aware_at": notice and notice.processor_aware_at,
        "aware_at": breach and breach.aware_at,
        "deadline": breach and breach.deadline,
        "awareness_reason": corrected.reason
        if corrected and incident.version_of(AwarenessCorrected) > incident.version_of(ControllerBecameAware)
        else aware and aware.reason_later_than_first_signal,
        "awareness_corrections": sum(1 for _ in incident.all(AwarenessCorrected)),
        "stopped_at": stopped and stopped.stopped_at,
        "deadline_missed": bool(breach and breach.deadline in incident.missed and not _in_time(breach)),
    }


def _in_time(breach: Breach) -> bool:
    """A report that went in time may be written down after the deadline."""
    return bool(breach.standing_reports) and not breach.late


def _investigated(incident: Incident) -> dict[str, object]:
    cause, data, people = incident.last(CauseDescribed), incident.last(DataDescribed), incident.last(PeopleDescribed)
    effects, consequences = incident.last(EffectsDescribed), incident.last(ConsequencesDescribed)
    risk = incident.last(RiskAssessed)
    groups = people.groups if people else ()
    return {
        "cause": cause and cause.cause,
        "incident_type": cause and cause.incident_type,
        "cyber": cause.cyber if cause else Answer.UNKNOWN,
        "data_kinds": data.kinds if data else (),
        "records": data.records if data else UNKNOWN,
        "affected": tuple({"people": group.people, "number": group.number} for group in groups),
        "people_total": total([group.number for group in groups]),
        "effects": effects and effects.detail,
        "confidentiality": effects and effects.confidentiality,
        "integrity": effects and effects.integrity,
        "availability": effects and effects.availability,
        "consequences": consequences and consequences.likely_consequences,
        "remedial_actions": tuple(
            f"{taken.action.replace('_', ' ')}{f': {taken.detail}' if taken.detail else ''}"
            for _, taken in incident.all(ContainmentActionTaken)
        ),
        "risk": risk and risk.level,
        "risk_reasons": risk and risk.reasons,
    }


def _notified(incident: Incident) -> dict[str, object]:
    advice, decision = incident.last(DpoAdvised), incident.last(NotificationDecided)
    communication, reference = incident.last(CommunicationDecided), incident.last(RegulatorReferenceReceived)
    told = [fact for _, fact in incident.all(DataSubjectsTold)]
    return _reported(incident) | {
        "dpo_advice": advice and advice.notify_regulator,
        "dpo_advice_reasons": advice and advice.reasons,
        "notify_decision": decision and decision.notify_regulator,
        "decision_reasons": decision and decision.reasons,
        "regulator_reference": reference and reference.reference,
        "communicate_decision": communication and communication.communicate,
        "communicate_reasons": communication and communication.reasons,
        "exemption": communication and communication.exemption,
        "told_at": min((fact.told_at for fact in told), default=None),
        "told_count": total([fact.number for fact in told]),
    }


def _reported(incident: Incident) -> dict[str, object]:
    breach, reported = incident.breach, incident.last(IncidentReported)
    sent = [report for _, report in incident.all(RegulatorReportSubmitted)]
    standing = breach.standing_reports if breach else ()
    first = standing[0] if standing else sent[0] if sent else None
    return {
        "notified_at": first and first.submitted_at,
        "reports": len(sent),
        "report_withdrawn": bool(sent) and sent[-1].phase == "withdrawn",
        "late": is_late(first.submitted_at, breach.aware_at) if first and breach else None,
        "reasons_for_delay": breach.reasons_for_delay if breach and standing else first and first.reasons_for_delay,
        "time_to_report": time_to_report(reported.discovered_at, first.submitted_at) if first and reported else None,
    }


def _reviewed(incident: Incident) -> dict[str, object]:
    closed = incident.latest.get(IncidentClosed)
    return {
        "lessons": tuple(lesson for _, review in incident.all(ReviewHeld) for lesson in review.lessons),
        "measures": tuple({adopted.item: adopted.measure for _, adopted in incident.all(MeasureAdopted)}.values()),
        "closed_at": closed.recorded_at if closed and incident.closed else None,
    }
