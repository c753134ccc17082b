"""Who people are to an incident. The person acting is an opaque id: names and addresses live in the school register."""

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from domain.quantities import Value


class Role(StrEnum):
    """The part in which somebody acts. `ENGINE` is Tocsin itself."""

    STAFF = "staff"
    LEAD = "dpl"
    HEAD = "head"
    DPO = "dpo"
    CHAIR = "chair"
    GOVERNOR = "governor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SUPPLIER = "supplier"
    ENGINE = "engine"


TITLES = {
    Role.STAFF: "a member of staff",
    Role.LEAD: "the Data Protection Lead",
    Role.HEAD: "the headteacher",
    Role.DPO: "the Data Protection Officer",
    Role.CHAIR: "the chair of governors",
    Role.GOVERNOR: "a governor",
    Role.AUDITOR: "an auditor",
    Role.ADMINISTRATOR: "an administrator",
    Role.SUPPLIER: "a supplier",
    Role.ENGINE: "Tocsin",
}


class Actor(Value):
    """Who acts, and in which part. The id is opaque and never an e-mail address or a name."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
    role: Role


ENGINE = Actor(id="tocsin", role=Role.ENGINE)

_LEADERS = frozenset({Role.LEAD, Role.HEAD, Role.DPO})
_CONTROLLER = frozenset({Role.LEAD, Role.HEAD, Role.CHAIR})
_SCHOOL = _LEADERS | {Role.STAFF, Role.CHAIR, Role.GOVERNOR, Role.ADMINISTRATOR}

MAY: dict[str, frozenset[Role]] = {
    "report_incident": _SCHOOL | {Role.SUPPLIER},
    "add_note": _SCHOOL,
    "record_processor_notice": _LEADERS | {Role.SUPPLIER, Role.STAFF},
    **dict.fromkeys(
        (
            "confirm_breach",
            "correct_awareness",
            "correct_occurrence",
            "describe_incident",
            "find_not_a_breach",
            "record_near_miss",
            "judge_significance",
        ),
        _LEADERS,
    ),
    **dict.fromkeys(("inform_lead", "inform_dpo"), _SCHOOL),
    "inform_chair": _LEADERS,
    **dict.fromkeys(
        (
            "record_ongoing",
            "record_stopped",
            "plan_containment",
            "take_containment",
            "record_evidence",
            "record_enquiry",
        ),
        _LEADERS | {Role.STAFF},
    ),
    **dict.fromkeys(("consider_police", "inform_police", "record_legal_advice", "tell_other_body"), _LEADERS),
    **dict.fromkeys(
        (
            "start_investigation",
            "describe_data",
            "describe_people",
            "describe_protections",
            "describe_effects",
            "consider_misuse",
            "describe_consequences",
            "describe_cause",
            "assess_risk",
            "complete_investigation",
        ),
        _LEADERS,
    ),
    # UK GDPR Art. 38(6), 39(1): the DPO advises and does not decide; the controller decides.
    "advise": frozenset({Role.DPO}),
    "decide_notification": _CONTROLLER,
    "decide_communication": _CONTROLLER,
    "withdraw_report": _CONTROLLER,
    **dict.fromkeys(
        ("submit_report", "record_reference", "record_answer", "write_message", "tell_data_subjects"), _LEADERS
    ),
    "record_complaint": _SCHOOL,
    **dict.fromkeys(("acknowledge_complaint", "inform_complainant", "answer_complaint"), _LEADERS),
    "record_training": _LEADERS | {Role.ADMINISTRATOR},
    # UK GDPR Art. 38(3): the DPO reports to the highest level of management.
    "give_opinion": frozenset({Role.DPO}),
    **dict.fromkeys(
        ("hold_review", "adopt_measure", "complete_measure", "consider_disciplinary", "review_procedure"), _LEADERS
    ),
    "report_to_senior_leadership": _LEADERS,
    "report_to_governors": _LEADERS | {Role.CHAIR},
    "close_incident": _LEADERS,
    "reopen_incident": _LEADERS | {Role.CHAIR},
    "acknowledge_escalation": _LEADERS | {Role.CHAIR, Role.GOVERNOR},
    **dict.fromkeys(
        ("record_reminder", "record_escalation", "record_missed_deadline", "record_delivery_failure"),
        frozenset({Role.ENGINE}),
    ),
}
"""Who may ask for what: the one permission table that pages, API and command line share."""

_GOVERNORS = frozenset({Role.CHAIR, Role.GOVERNOR})

SEES: dict[str, frozenset[Role]] = {
    # What one reported oneself: the report, and how far it is.
    "own_report": _SCHOOL,
    **dict.fromkeys(
        ("desk", "incident", "breach_log", "submission", "letter", "evidence", "replay"), _LEADERS | {Role.AUDITOR}
    ),
    # The facts without names, the clock, the decisions, and what is asked of one's own role.
    **dict.fromkeys(("governors_sheet", "governors_review"), _LEADERS | _GOVERNORS | {Role.AUDITOR}),
    "chain": _LEADERS | _GOVERNORS | {Role.AUDITOR, Role.ADMINISTRATOR},
    "report_link": _LEADERS | {Role.ADMINISTRATOR},
    "people": frozenset({Role.ADMINISTRATOR}),
    "sign_ins": frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
}
"""What a role is shown of the schools that it is held at; nothing of any other."""

ONE_FACTOR = frozenset({Role.STAFF})
"""Roles that see no personal data but what they typed: a password alone lets them in (UK GDPR Art. 32(1))."""


def may(role: Role, command: str) -> bool:
    """Whether somebody acting in that role may ask for that command."""
    return role in MAY[command]


def sees(role: Role, view: str) -> bool:
    """Whether somebody in that role is shown that view."""
    return role in SEES[view]
