"""What a person types into the form of each command, the role and the incident it takes, and what comes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from domain.commands import command_named
from domain.roles import ENGINE, Role
from tests.web.conftest import Town

SHA = "ab" * 32


def when(name: str, day: int = 20, time: str = "11:30", month: int = 11, year: int = 2026) -> dict[str, str]:
    """A moment as its four fields hold it; the clock of the town stands at noon on 20 November 2026."""
    return {f"{name}-day": str(day), f"{name}-month": str(month), f"{name}-year": str(year), f"{name}-time": time}


def on(name: str, day: int, month: int = 11, year: int = 2026) -> dict[str, str]:
    """A day as its three fields hold it."""
    return {f"{name}-day": str(day), f"{name}-month": str(month), f"{name}-year": str(year)}


def suspicion(town: Town) -> str:
    """Somebody spoke up an hour ago."""
    return town.report(discovered_at="2026-11-20T11:00:00+00:00")


def breach(town: Town) -> str:
    """It was confirmed."""
    ref = suspicion(town)
    town.act(ref, "confirm_breach", basis="It holds pupils’ files")
    return ref


def unlikely(town: Town) -> str:
    """A risk was assessed as unlikely."""
    ref = breach(town)
    town.act(ref, "assess_risk", level="unlikely", reasons="It is encrypted")
    return ref


def to_report(town: Town) -> str:
    """The controller decided to notify."""
    ref = breach(town)
    town.act(ref, "decide_notification", Role.HEAD, notify_regulator=True, reasons="It is owed")
    return ref


def reported(town: Town) -> str:
    """A report was sent."""
    ref = to_report(town)
    more = {"reasons_incomplete": "More is looked into", "further_information_expected_at": "2026-12-01T12:00:00+00:00"}
    town.act(ref, "submit_report", Role.DPO, **more)
    return ref


def investigated(town: Town) -> str:
    """Every point of the investigation was looked at."""
    ref = breach(town)
    town.act(ref, "describe_data", kinds=["health"], sensitivity="Allergies")
    town.act(ref, "describe_people", groups=[{"people": "pupils", "number": {"certainty": "exact", "number": 3}}])
    town.act(ref, "describe_protections", encryption="none")
    town.act(ref, "describe_effects", confidentiality="exposed_no_evidence_of_access")
    town.act(ref, "consider_misuse", possible="yes")
    town.act(ref, "describe_consequences", likely_consequences="Distress")
    return ref


def planned(town: Town) -> str:
    """An action was planned."""
    ref = breach(town)
    town.act(ref, "plan_containment", item="search the bus", action="equipment_recovered")
    return ref


def measured(town: Town) -> str:
    """A measure was adopted."""
    ref = breach(town)
    due = {"due_on": "2026-12-18"}
    town.act(ref, "adopt_measure", item="encrypt sticks", measure="Encrypt them", owner="Business manager", **due)
    return ref


def no_breach(town: Town) -> str:
    """There was none, and nothing more is asked for."""
    ref = suspicion(town)
    town.act(ref, "find_not_a_breach", reason="It was empty")
    return ref


def closed(town: Town) -> str:
    """It was closed."""
    ref = no_breach(town)
    town.act(ref, "close_incident", summary="Empty stick found")
    return ref


def complained(town: Town) -> str:
    """A parent complained."""
    ref = breach(town)
    town.act(ref, "record_complaint", people="parents_and_carers", about="Nobody told me")
    return ref


def escalated(town: Town) -> str:
    """The engine escalated to the chair."""
    ref = breach(town)
    escalation = {"alarm": "significant.chair", "to": "chair", "because": "significant", "due_at": town.clock.now}
    town.tocsin.act(command_named("record_escalation", escalation), ref, ENGINE)
    return ref


@dataclass(frozen=True)
class Act:
    """One act: the incident it takes, who does it, what is typed, and what stands in the event that it leads to."""

    before: Callable[[Town], str]
    by: Role
    typed: dict[str, Any]
    kind: str
    said: dict[str, Any] = field(default_factory=dict)


AT = "2026-11-20T11:30:00Z"
ACTS: dict[str, Act] = {
    "record_processor_notice": Act(
        suspicion,
        Role.LEAD,
        {
            "processor": "The supplier",
            "message": "All is well\nagain",
            **when("told_at"),
            **when("processor_aware_at", 19),
        },
        "incident.processor_notified_controller",
        {"message": "All is well\nagain", "told_at": AT, "processor_aware_at": "2026-11-19T11:30:00Z"},
    ),
    "confirm_breach": Act(
        suspicion,
        Role.LEAD,
        {"basis": "It is lost", **when("aware_at"), "reason_later_than_first_signal": "It had to be looked for"},
        "breach.controller_became_aware",
        {"aware_at": AT, "basis": "It is lost"},
    ),
    "correct_awareness": Act(
        breach,
        Role.DPO,
        {**when("aware_at", time="11.45am"), "reason": "A slip"},
        "breach.awareness_corrected",
        {"aware_at": "2026-11-20T11:45:00Z"},
    ),
    "correct_occurrence": Act(
        breach,
        Role.LEAD,
        {
            "occurred-state": "over",
            **when("occurred-began", 19, "8:05"),
            **when("occurred-ended", 19, "0910"),
            "reason": "CCTV",
        },
        "incident.occurrence_corrected",
        {"occurred": {"began_at": "2026-11-19T08:05:00Z", "ended_at": "2026-11-19T09:10:00Z", "ongoing": False}},
    ),
    "describe_incident": Act(
        suspicion,
        Role.LEAD,
        {"what_happened": "A stick was lost", "how_discovered": "A teacher missed it"},
        "incident.described",
        {"what_happened": "A stick was lost", "how_discovered": "A teacher missed it"},
    ),
    "inform_lead": Act(
        suspicion,
        Role.DPO,
        {**when("informed_at"), "means": "telephone"},
        "incident.lead_informed",
        {"informed_at": AT, "means": "telephone"},
    ),
    "inform_dpo": Act(
        suspicion,
        Role.LEAD,
        {"means": "in_person"},
        "incident.dpo_informed",
        {"informed_at": "2026-11-20T12:00:00Z", "means": "in_person"},
    ),
    "find_not_a_breach": Act(
        suspicion, Role.LEAD, {"reason": "Empty"}, "incident.found_not_to_be_a_breach", {"reason": "Empty"}
    ),
    "record_near_miss": Act(
        suspicion,
        Role.HEAD,
        {"what_prevented_it": "Luck"},
        "incident.near_miss_recorded",
        {"what_prevented_it": "Luck"},
    ),
    "add_note": Act(
        suspicion, Role.GOVERNOR, {"note": "<b>Look</b> & see"}, "incident.note_added", {"note": "<b>Look</b> & see"}
    ),
    "record_ongoing": Act(
        breach,
        Role.LEAD,
        {"detail": "Still open", **when("observed_at")},
        "containment.found_ongoing",
        {"observed_at": AT},
    ),
    "record_stopped": Act(
        breach,
        Role.LEAD,
        {"detail": "Closed", **when("stopped_at")},
        "containment.stopped",
        {"stopped_at": AT, "detail": "Closed"},
    ),
    "plan_containment": Act(
        breach,
        Role.LEAD,
        {"item": "search", "action": "equipment_recovered", **when("due_at", 21)},
        "containment.action_planned",
        {"item": "search", "due_at": "2026-11-21T11:30:00Z", "detail": None},
    ),
    "take_containment": Act(
        planned,
        Role.LEAD,
        {"item": "is:search the bus", "detail": "Found", **when("taken_at")},
        "containment.action_taken",
        {"item": "search the bus", "action": "equipment_recovered", "taken_at": AT},
    ),
    "consider_police": Act(
        breach, Role.LEAD, {"inform": "false", "reason": "No crime"}, "containment.police_considered", {"inform": False}
    ),
    "inform_police": Act(
        breach,
        Role.HEAD,
        {"crime_reference": "C/1", **when("informed_at")},
        "containment.police_informed",
        {"crime_reference": "C/1"},
    ),
    "record_enquiry": Act(
        breach,
        Role.LEAD,
        {"detail": "A list", "enquirer": "A caller", **when("received_at")},
        "containment.enquiry_received",
        {"enquirer": "A caller"},
    ),
    "record_legal_advice": Act(
        breach,
        Role.LEAD,
        {"adviser": "A firm", "advice": "Wait", **when("obtained_at")},
        "containment.legal_advice_obtained",
        {"advice": "Wait"},
    ),
    "judge_significance": Act(
        breach,
        Role.LEAD,
        {"significant": "true", "reason": "Many"},
        "containment.significance_judged",
        {"significant": True},
    ),
    "inform_chair": Act(
        breach, Role.LEAD, {"means": "email", **when("informed_at")}, "containment.chair_informed", {"means": "email"}
    ),
    "start_investigation": Act(breach, Role.LEAD, when("started_at"), "investigation.started", {"started_at": AT}),
    "describe_data": Act(
        breach,
        Role.LEAD,
        {
            "kinds": ["health", "safeguarding"],
            "records-certainty": "approximate",
            "records-number": "1,200",
            "sensitivity": "Very",
        },
        "investigation.data_described",
        {
            "kinds": ["health", "safeguarding"],
            "records": {"certainty": "approximate", "number": 1200},
            "sensitivity": "Very",
        },
    ),
    "describe_people": Act(
        breach,
        Role.LEAD,
        {
            "groups-pupils-certainty": "exact",
            "groups-pupils-number": "28",
            "groups-staff-certainty": "unknown",
            "vulnerable": "yes",
        },
        "investigation.people_described",
        {
            "groups": [
                {"people": "pupils", "number": {"certainty": "exact", "number": 28}},
                {"people": "staff", "number": {"certainty": "unknown", "number": None}},
            ],
            "vulnerable": "yes",
        },
    ),
    "describe_protections": Act(
        breach,
        Role.LEAD,
        {"encryption": "full", "key_safe": "yes", "prior_measures": "A safe", "training": "A course"},
        "investigation.protections_described",
        {"encryption": "full", "staff_trained_in_last_two_years": "unknown"},
    ),
    "describe_effects": Act(
        breach,
        Role.LEAD,
        {
            "confidentiality": "disclosed_to_known_recipients",
            "integrity": "not_affected",
            "availability": "lost_and_recovered",
        },
        "investigation.effects_described",
        {"availability": "lost_and_recovered", "detail": None},
    ),
    "consider_misuse": Act(
        breach,
        Role.LEAD,
        {"possible": "yes", "malicious_intent": "no"},
        "investigation.misuse_considered",
        {"malicious_intent": "no"},
    ),
    "describe_consequences": Act(
        breach,
        Role.LEAD,
        {"likely_consequences": "Distress", "harm_so_far": "no"},
        "investigation.consequences_described",
        {"harm_so_far": "no"},
    ),
    "describe_cause": Act(
        breach,
        Role.LEAD,
        {"cause": "human_error", "incident_type": "Failure to use bcc", "cyber": "no"},
        "investigation.cause_described",
        {"cause": "human_error", "incident_type": "Failure to use bcc"},
    ),
    "record_evidence": Act(
        breach,
        Role.LEAD,
        {
            "sha256": SHA,
            "description": "The log",
            "media_type": "text/plain",
            "size_in_bytes": "2 048",
            **when("obtained_at"),
        },
        "investigation.evidence_recorded",
        {"sha256": SHA, "size_in_bytes": 2048, "media_type": "text/plain"},
    ),
    "assess_risk": Act(
        investigated,
        Role.LEAD,
        {
            "level": "high",
            "reasons": "Health data",
            "facts": "yes",
            "facts-data": ["health", "safeguarding"],
            "facts-data-health": "limited_insight",
            "facts-identifiability": "maximum",
            "facts-hours_to_restore-certainty": "yes",
            "facts-hours_to_restore-number": "1.5",
        },
        "investigation.risk_assessed",
        {"level": "high", "method": None},
    ),
    "complete_investigation": Act(
        investigated, Role.LEAD, {"summary": "A stick"}, "investigation.completed", {"summary": "A stick"}
    ),
    "advise": Act(
        breach,
        Role.DPO,
        {"notify_regulator": "true", "communicate": "false", "risk": "risk", "reasons": "One\ntwo"},
        "notification.dpo_advised",
        {"communicate": False, "reasons": "One\ntwo"},
    ),
    "decide_notification": Act(
        unlikely,
        Role.CHAIR,
        {"notify_regulator": "false", "reasons": "Encrypted"},
        "notification.decided",
        {"notify_regulator": False},
    ),
    "submit_report": Act(
        to_report,
        Role.DPO,
        {
            "means": "telephone",
            "complete": "false",
            "reasons_incomplete": "More",
            **when("further_information_expected_at", 1, month=12),
        },
        "notification.report_submitted",
        {"number": 1, "phase": "initial", "means": "telephone"},
    ),
    "withdraw_report": Act(
        reported,
        Role.HEAD,
        {"reason": "No breach"},
        "notification.report_submitted",
        {"phase": "withdrawn", "reason_for_withdrawal": "No breach"},
    ),
    "record_reference": Act(
        reported,
        Role.DPO,
        {"reference": "IC-1", **when("received_at")},
        "notification.reference_received",
        {"reference": "IC-1"},
    ),
    "record_answer": Act(
        reported,
        Role.DPO,
        {"answer": "Tell them", "requires_communication": "true"},
        "notification.regulator_answered",
        {"requires_communication": True},
    ),
    "decide_communication": Act(
        breach,
        Role.HEAD,
        {"communicate": "true", "to": ["pupils", "staff"], "reasons": "Owed"},
        "communication.decided",
        {"to": ["pupils", "staff"], "exemption": None},
    ),
    "write_message": Act(
        breach,
        Role.DPO,
        {
            "people": "pupils",
            "nature": "A stick went missing",
            "consequences": "None known",
            "measures": "We look",
            "advice": "Ask us\n\nBe careful\n",
        },
        "communication.message_written",
        {"advice": ["Ask us", "Be careful"], "support": None},
    ),
    "tell_data_subjects": Act(
        breach,
        Role.LEAD,
        {
            "people": "pupils",
            "number-certainty": "exact",
            "number-number": "28",
            "means": "letter",
            "points": ["nature", "measures"],
        },
        "communication.data_subjects_told",
        {"number": {"certainty": "exact", "number": 28}, "points": ["nature", "measures"]},
    ),
    "tell_other_body": Act(
        breach,
        Role.LEAD,
        {"body": "local_authority", **when("told_at")},
        "notification.other_body_told",
        {"body": "local_authority"},
    ),
    "hold_review": Act(
        breach,
        Role.LEAD,
        {"causes": "A hole", "effectiveness": "Good", "lessons": "One\nTwo", "systemic": "true"},
        "review.held",
        {"lessons": ["One", "Two"], "systemic": True},
    ),
    "adopt_measure": Act(
        breach,
        Role.LEAD,
        {"item": "encrypt", "measure": "Encrypt sticks", "owner": "Business manager", **on("due_on", 18, 12)},
        "review.measure_adopted",
        {"due_on": "2026-12-18"},
    ),
    "complete_measure": Act(
        measured,
        Role.LEAD,
        {"item": "is:encrypt sticks", "outcome": "Done"},
        "review.measure_completed",
        {"item": "encrypt sticks"},
    ),
    "consider_disciplinary": Act(
        breach,
        Role.HEAD,
        {"warranted": "false", "reason": "A slip"},
        "review.disciplinary_considered",
        {"warranted": False},
    ),
    "report_to_senior_leadership": Act(
        breach, Role.HEAD, on("meeting_on", 19), "review.reported_to_senior_leadership", {"meeting_on": "2026-11-19"}
    ),
    "report_to_governors": Act(
        breach,
        Role.CHAIR,
        {**on("meeting_on", 19), "minute": "Heard"},
        "review.reported_to_governors",
        {"minute": "Heard"},
    ),
    "review_procedure": Act(
        breach, Role.DPO, {"changed": "false", "detail": "It held"}, "review.procedure_reviewed", {"changed": False}
    ),
    "close_incident": Act(
        no_breach, Role.LEAD, {"summary": "An empty stick"}, "incident.closed", {"summary": "An empty stick"}
    ),
    "reopen_incident": Act(
        closed, Role.CHAIR, {"reason": "It was not empty"}, "incident.reopened", {"reason": "It was not empty"}
    ),
    "record_complaint": Act(
        breach,
        Role.GOVERNOR,
        {"people": "parents_and_carers", "about": "Late", "means": "letter", **when("received_at")},
        "complaint.received",
        {"number": 1, "means": "letter", "received_at": AT},
    ),
    "acknowledge_complaint": Act(
        complained,
        Role.LEAD,
        {"number": "is:1", "means": "letter"},
        "complaint.acknowledged",
        {"number": 1, "means": "letter"},
    ),
    "inform_complainant": Act(
        complained,
        Role.DPO,
        {"number": "is:1", "progress": "We look"},
        "complaint.complainant_informed",
        {"progress": "We look"},
    ),
    "answer_complaint": Act(
        complained,
        Role.DPO,
        {"number": "is:1", "outcome": "upheld", "detail": "Sorry"},
        "complaint.answered",
        {"outcome": "upheld"},
    ),
    "acknowledge_escalation": Act(
        escalated,
        Role.CHAIR,
        {"alarm": "is:significant.chair"},
        "engine.escalation_acknowledged",
        {"alarm": "significant.chair"},
    ),
}
"""One act of every command on an incident."""
