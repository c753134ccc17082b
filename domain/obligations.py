"""What the law and the procedure still ask for: the to-do list of an incident, and how far each step is."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

from domain.complaints import answering_complaints
from domain.deadlines import notification_deadline
from domain.events.contain import (
    BreachFoundOngoing,
    ChairInformed,
    ContainmentActionTaken,
    LegalAdviceObtained,
    PoliceConsidered,
    PoliceInformed,
    SignificanceJudged,
)
from domain.events.discover import DpoInformed, LeadInformed
from domain.events.investigate import (
    CauseDescribed,
    ConsequencesDescribed,
    DataDescribed,
    EffectsDescribed,
    InvestigationCompleted,
    MisuseConsidered,
    PeopleDescribed,
    ProtectionsDescribed,
    RiskAssessed,
)
from domain.events.notify import (
    DpoAdvised,
    OtherBodyTold,
)
from domain.events.review import (
    IncidentReopened,
    MeasureAdopted,
    ProcedureReviewed,
    ReportedToGovernors,
    ReportedToSeniorLeadership,
    ReviewHeld,
)
from domain.incident import Incident
from domain.obligation import CONTROLLER, LEADS, Obligation
from domain.phases import Breach, NoBreach, Suspicion
from domain.roles import Role
from domain.steps import Progress, Step, Steps
from domain.telling import telling
from domain.vocabulary import Answer, Body, ContainmentAction, DataKind, Encryption, PeopleKind


def outstanding(incident: Incident) -> tuple[Obligation, ...]:
    """Everything still asked for, in the order of the steps; nothing once the incident is closed."""
    if incident.closed:
        return ()
    found = [*_discover(incident)]
    if isinstance(incident.phase, Breach):
        found += [*_contain(incident), *_investigate(incident), *_notify(incident, incident.phase)]
    elif isinstance(incident.phase, Suspicion):
        found += _still_going_on(incident)
    return (*found, *_review(incident))


def progress(incident: Incident) -> Steps:
    """How far each step is: done when it asks for nothing more."""
    open_steps = {obligation.step for obligation in outstanding(incident)}
    return {step: _progress_of(incident, step, open_steps) for step in Step}


def missing_points(incident: Incident) -> tuple[str, ...]:
    """Which of the procedure's points of investigation nobody can speak to yet; "not yet known" is no answer."""
    data, people = incident.last(DataDescribed), incident.last(PeopleDescribed)
    effects, misuse = incident.last(EffectsDescribed), incident.last(MisuseConsidered)
    protections = incident.last(ProtectionsDescribed)
    points = {
        "the type of data": data and DataKind.NOT_YET_KNOWN not in data.kinds,
        "its sensitivity": data and data.sensitivity,
        "what protections were in place": protections
        and (protections.encryption is not Encryption.UNKNOWN or protections.prior_measures),
        "what has happened to the data": effects
        and {effects.confidentiality, effects.integrity, effects.availability} != {"unknown"},
        "whether it could be put to any illegal or inappropriate use": misuse and misuse.possible is not Answer.UNKNOWN,
        "how many people are affected, and of what type": people
        and all(group.people is not PeopleKind.NOT_YET_KNOWN for group in people.groups),
        "the likely consequences for them": incident.last(ConsequencesDescribed),
    }
    return tuple(point for point, known in points.items() if not known)


def _progress_of(incident: Incident, step: Step, open_steps: set[Step]) -> Progress:
    undecided = isinstance(incident.phase, Suspicion) and not incident.closed and step is not Step.DISCOVER
    if step not in open_steps and not undecided:
        return Progress.DONE
    return Progress.UNDER_WAY if step in incident.acted_at else Progress.NOT_STARTED


def _discover(incident: Incident) -> Iterator[Obligation]:
    procedure = "Appendix 2, step 1"
    if isinstance(incident.phase, Suspicion):
        yield Obligation(
            Step.DISCOVER,
            "confirm_breach",
            "Establish whether personal data were compromised: confirm the breach, or say why there was none",
            "UK GDPR Art. 33(1): look into it promptly; once confirmed, the 72 hours count from the first signal",
            LEADS,
            notification_deadline(incident.first_signal_at or incident.reported_at),
        )
    if isinstance(incident.phase, NoBreach):
        return
    if incident.earlier_signal:
        yield Obligation(
            Step.DISCOVER,
            "correct_awareness",
            "Correct the moment of awareness, or confirm it with a reason: a notice had reached the school before it",
            "UK GDPR Art. 33(1), 33(2)",
            LEADS,
        )
    if not incident.has(LeadInformed) and not incident.roles & {Role.LEAD, Role.HEAD}:
        what = "Tell the Data Protection Lead"
        yield Obligation(Step.DISCOVER, "inform_lead", what, procedure, (Role.STAFF, Role.DPO))
    if not incident.has(DpoInformed) and Role.DPO not in incident.roles:
        what = "Tell the Data Protection Officer"
        yield Obligation(Step.DISCOVER, "inform_dpo", what, f"{procedure}; UK GDPR Art. 38(1)", (Role.LEAD,))


def _still_going_on(incident: Incident) -> Iterator[Obligation]:
    if not incident.stopped:
        known = incident.has(BreachFoundOngoing)
        what = "Stop the breach" if known else "Ascertain whether the breach is still going on"
        command = "record_stopped" if known else "record_ongoing"
        yield Obligation(Step.CONTAIN, command, what, "Appendix 2, step 2", LEADS)


def _contain(incident: Incident) -> Iterator[Obligation]:
    yield from _still_going_on(incident)
    for planned in incident.planned.values():
        what = f"Carry out the planned action “{planned.item}”"
        yield Obligation(Step.CONTAIN, "take_containment", what, "Appendix 2, step 5", LEADS, planned.due_at)
    yield from _police(incident)
    data = incident.last(DataDescribed)
    changed = any(
        done.action is ContainmentAction.CREDENTIALS_CHANGED for _, done in incident.all(ContainmentActionTaken)
    )
    if data and DataKind.IDENTIFICATION in data.kinds and not changed:
        what = "Change the passwords and entry codes that the data include, and tell those who use them"
        yield Obligation(Step.CONTAIN, "take_containment", what, "Appendix 2, step 5", LEADS)
    yield from _banks(incident, data)
    judged = incident.last(SignificanceJudged)
    if judged is None:
        what = "Judge whether the breach is significant"
        yield Obligation(Step.CONTAIN, "judge_significance", what, "Appendix 2, step 3", LEADS)
    elif judged.significant and not incident.has(ChairInformed) and Role.CHAIR not in incident.roles:
        what = "Tell the chair of governors"
        yield Obligation(Step.CONTAIN, "inform_chair", what, "Appendix 2, step 3", (Role.LEAD,))


def _banks(incident: Incident, data: DataDescribed | None) -> Iterator[Obligation]:
    misuse = incident.last(MisuseConsidered)
    if data is None or DataKind.ECONOMIC not in data.kinds or (misuse and misuse.possible is Answer.NO):
        return
    asked = any(
        done.action is ContainmentAction.BANKS_CONTACTED for _, done in incident.all(ContainmentActionTaken)
    ) or any(told.body is Body.BANK for _, told in incident.all(OtherBodyTold))
    if not asked:
        what = "Consider asking the banks for advice on fraud: contact them, or record that there is nothing to ask"
        yield Obligation(Step.CONTAIN, "take_containment", what, "Appendix 2, step 5", LEADS)


def _police(incident: Incident) -> Iterator[Obligation]:
    considered = incident.last(PoliceConsidered)
    if considered is None:
        what = "Consider whether the police need to be told"
        yield Obligation(Step.CONTAIN, "consider_police", what, "Appendix 2, step 4", LEADS)
        return
    if not considered.inform:
        return
    if not incident.has(PoliceInformed):
        yield Obligation(Step.CONTAIN, "inform_police", "Tell the police", "Appendix 2, step 4", LEADS)
    if not incident.has(LegalAdviceObtained):
        what = "Obtain the advice of the school's legal support"
        yield Obligation(Step.CONTAIN, "record_legal_advice", what, "Appendix 2, step 4", (Role.LEAD,))


def _investigate(incident: Incident) -> Iterator[Obligation]:
    for point in missing_points(incident):
        yield Obligation(
            Step.INVESTIGATE, _COMMAND_FOR[point], f"Investigate {point}", "Appendix 2, Investigation", LEADS
        )
    if not incident.has(CauseDescribed):
        what = "Say what caused it"
        yield Obligation(Step.INVESTIGATE, "describe_cause", what, "UK GDPR Art. 33(5)", LEADS)
    if incident.version_of(RiskAssessed) <= incident.version_of(IncidentReopened):
        what = "Assess the risk to individuals"
        yield Obligation(Step.INVESTIGATE, "assess_risk", what, "UK GDPR Art. 33(1), 34(1)", LEADS)
    if not incident.has(InvestigationCompleted):
        what = "Complete the investigation"
        yield Obligation(Step.INVESTIGATE, "complete_investigation", what, "Appendix 2, Investigation", LEADS)


_COMMAND_FOR = {
    "the type of data": "describe_data",
    "its sensitivity": "describe_data",
    "what protections were in place": "describe_protections",
    "what has happened to the data": "describe_effects",
    "whether it could be put to any illegal or inappropriate use": "consider_misuse",
    "how many people are affected, and of what type": "describe_people",
    "the likely consequences for them": "describe_consequences",
}


def _notify(incident: Incident, breach: Breach) -> Iterator[Obligation]:
    if not incident.has(DpoAdvised):
        what = "Give advice on notifying the regulator and telling people"
        yield Obligation(Step.NOTIFY, "advise", what, "UK GDPR Art. 39(1)", (Role.DPO,))
    yield from _regulator(incident, breach)
    yield from telling(incident)


def _regulator(incident: Incident, breach: Breach) -> Iterator[Obligation]:
    decided = incident.decided_to_notify
    if incident.notification_open:
        again = "" if decided is None else " again, because the risk was since assessed as higher"
        what = f"Decide whether the regulator is notified{again}"
        yield Obligation(
            Step.NOTIFY, "decide_notification", what, "UK GDPR Art. 33(1), 33(5)", CONTROLLER, breach.deadline
        )
    if decided and not breach.reported:
        what = "Submit the report to the regulator"
        yield Obligation(Step.NOTIFY, "submit_report", what, "UK GDPR Art. 33(1)", LEADS, breach.deadline)
    if breach.reported and not breach.report_complete:
        expected = breach.reports[-1].further_information_expected_at
        what = "Send the regulator the information that was still missing"
        yield Obligation(Step.NOTIFY, "submit_report", what, "UK GDPR Art. 33(4)", LEADS, expected)
    elif breach.late and breach.reasons_for_delay is None:
        what = "Give the regulator the reasons for the delay: by the corrected clock the report was late"
        yield Obligation(Step.NOTIFY, "submit_report", what, "UK GDPR Art. 33(1)", LEADS)


def _review(incident: Incident) -> Iterator[Obligation]:
    evaluation = "Appendix 2, Review and Evaluation"
    if incident.breach is not None:
        review = incident.last(ReviewHeld)
        if review is None:
            what = "Review the causes and the response"
            yield Obligation(Step.REVIEW, "hold_review", what, evaluation, LEADS)
        elif review.systemic and not incident.has(MeasureAdopted):
            what = "Draw up an action plan: the problem was found to be systemic"
            yield Obligation(Step.REVIEW, "adopt_measure", what, evaluation, LEADS)
        yield from _meetings(incident, evaluation)
        if not incident.has(ProcedureReviewed):
            what = "Say whether the breach procedure needs to change"
            yield Obligation(Step.REVIEW, "review_procedure", what, evaluation, LEADS)
    for measure in incident.measures.values():
        due_at = datetime.combine(measure.due_on, time.max, UTC)
        what = f"Complete the measure “{measure.item}”"
        yield Obligation(Step.REVIEW, "complete_measure", what, "UK GDPR Art. 33(5)", LEADS, due_at)
    yield from answering_complaints(incident)
    yield Obligation(Step.REVIEW, "close_incident", "Close the incident", "UK GDPR Art. 33(5)", LEADS)


def _meetings(incident: Incident, evaluation: str) -> Iterator[Obligation]:
    if not incident.decided_to_notify and not (incident.breach and incident.breach.reported):
        return
    if not incident.has(ReportedToSeniorLeadership):
        what = "Report the breach to the next senior leadership meeting"
        yield Obligation(Step.REVIEW, "report_to_senior_leadership", what, evaluation, (Role.LEAD, Role.HEAD))
    if not incident.has(ReportedToGovernors):
        what = "Report the breach to the next full governors' meeting"
        yield Obligation(Step.REVIEW, "report_to_governors", what, evaluation, (Role.LEAD, Role.HEAD, Role.CHAIR))
