"""Every answer that a regulator's form can ask for, read from an incident: typed, and None where it is not known.

Each names the facts that it reads, so that a follow-up can say why an answer changed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from domain.deadlines import is_late
from domain.events.base import Fact
from domain.events.contain import BreachStopped, ContainmentActionPlanned, ContainmentActionTaken, PoliceInformed
from domain.events.discover import (
    AwarenessCorrected,
    ControllerBecameAware,
    IncidentDescribed,
    IncidentReported,
    OccurrenceCorrected,
    ProcessorNotifiedController,
)
from domain.events.investigate import (
    CauseDescribed,
    ConsequencesDescribed,
    DataDescribed,
    EffectsDescribed,
    PeopleDescribed,
    ProtectionsDescribed,
    RiskAssessed,
)
from domain.events.notify import (
    CommunicationDecided,
    DataSubjectsTold,
    NotificationDecided,
    OtherBodyTold,
    RegulatorReferenceReceived,
    RegulatorReportSubmitted,
    ReportDetails,
)
from domain.events.review import MeasureAdopted, MeasureCompleted
from domain.incident import Incident
from domain.quantities import Instant, Value
from domain.roles import Role
from domain.school import School
from domain.vocabulary import Answer as Reply
from domain.vocabulary import Encryption
from projections import answers_in_words as said


class Header(Value):
    """Which report it is, who submits it, and what is said with it rather than found in the events."""

    number: int
    phase: Literal["initial", "follow_up", "completed", "withdrawn"]
    details: ReportDetails = ReportDetails()
    reporter: Role = Role.DPO
    submitted_at: Instant | None = None
    reason_for_withdrawal: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What an answer is read from."""

    incident: Incident
    school: School
    report: Header

    @property
    def late(self) -> bool:
        """Whether reasons for a delay are owed: with a late first report, or once a correction makes it late."""
        breach, at = self.incident.breach, self.report.submitted_at
        if breach is None:
            return False
        return breach.late if breach.standing_reports else bool(at and is_late(at, breach.aware_at))


Typed: TypeAlias = object
"""A text, an option's key, several of them, a number of people, a moment, a span of time; or None."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: how it is read, from which facts, and whether people typed it."""

    read: Callable[[Case], Typed]
    facts: tuple[type[Fact], ...] = ()
    typed: bool = field(default=False, kw_only=True)


def _reason(case: Case) -> str | None:
    decision, risk = case.incident.last(NotificationDecided), case.incident.risk
    if decision is None:
        return None
    return {None: "unsure", "unlikely": "below_threshold"}.get(risk, "meets_threshold")


def _reasons_for_delay(case: Case) -> str | None:
    breach = case.incident.breach
    return case.report.details.reasons_for_delay or (breach.reasons_for_delay if breach else None)


ANSWERS: dict[str, Answer] = {
    "report.reason": Answer(_reason, (NotificationDecided, RiskAssessed)),
    "report.type": Answer(lambda case: case.report.phase),
    "report.reference": Answer(
        lambda case: said.text(case.incident.last(RegulatorReferenceReceived), "reference"),
        (RegulatorReferenceReceived,),
        typed=True,
    ),
    "report.own_reference": Answer(lambda case: case.incident.ref),
    "report.complete": Answer(lambda case: "yes" if case.report.details.complete else "no"),
    "report.reasons_incomplete": Answer(lambda case: case.report.details.reasons_incomplete, typed=True),
    "report.expected_at": Answer(lambda case: case.report.details.further_information_expected_at),
    "report.reasons_for_delay": Answer(_reasons_for_delay, (RegulatorReportSubmitted, AwarenessCorrected), typed=True),
    "report.reason_for_withdrawal": Answer(lambda case: case.report.reason_for_withdrawal, typed=True),
    "breach.what_happened": Answer(
        lambda case: said.text(case.incident.story, "what_happened"), (IncidentReported, IncidentDescribed), typed=True
    ),
    "breach.how": Answer(lambda case: said.cause(case.incident), (CauseDescribed,), typed=True),
    "breach.cyber": Answer(lambda case: said.option(case.incident.last(CauseDescribed), "cyber"), (CauseDescribed,)),
    "breach.how_discovered": Answer(
        lambda case: said.text(case.incident.story, "how_discovered"), (IncidentReported, IncidentDescribed), typed=True
    ),
    "breach.discovered_at": Answer(
        lambda case: said.value(case.incident.last(IncidentReported), "discovered_at"), (IncidentReported,)
    ),
    "breach.aware_at": Answer(
        lambda case: case.incident.breach and case.incident.breach.aware_at,
        (ControllerBecameAware, AwarenessCorrected),
    ),
    "breach.occurred": Answer(
        lambda case: case.incident.occurred, (IncidentReported, OccurrenceCorrected, BreachStopped)
    ),
    "breach.processor": Answer(
        lambda case: said.processor(case.incident, case.school), (ProcessorNotifiedController,), typed=True
    ),
    "breach.prior_measures": Answer(lambda case: said.protections(case.incident), (ProtectionsDescribed,), typed=True),
    "protection.encryption": Answer(
        lambda case: said.option(case.incident.last(ProtectionsDescribed), "encryption"), (ProtectionsDescribed,)
    ),
    "protection.key_safe": Answer(
        lambda case: said.option(case.incident.last(ProtectionsDescribed), "key_safe"), (ProtectionsDescribed,)
    ),
    "data.kinds": Answer(lambda case: said.value(case.incident.last(DataDescribed), "kinds"), (DataDescribed,)),
    "data.detail": Answer(lambda case: said.data(case.incident), (DataDescribed,), typed=True),
    "data.records": Answer(lambda case: said.value(case.incident.last(DataDescribed), "records"), (DataDescribed,)),
    "people.kinds": Answer(lambda case: said.people(case.incident), (PeopleDescribed,)),
    "people.total": Answer(lambda case: said.how_many(case.incident), (PeopleDescribed,)),
    "people.minimum": Answer(lambda case: said.least(case.incident), (PeopleDescribed,)),
    "people.maximum": Answer(lambda case: said.total_of(case.incident), (PeopleDescribed,)),
    "people.by_kind": Answer(lambda case: said.by_kind(case.incident), (PeopleDescribed,), typed=True),
    "consequences.described": Answer(
        lambda case: said.consequences(case.incident), (ConsequencesDescribed,), typed=True
    ),
    "consequences.risk": Answer(lambda case: case.incident.risk, (RiskAssessed,)),
    "effects.cia": Answer(lambda case: said.affected(case.incident), (EffectsDescribed,)),
    "effects.verbs": Answer(lambda case: said.verbs(case.incident), (EffectsDescribed, CauseDescribed)),
    "effects.recovery": Answer(lambda case: said.recovery(case.incident), (EffectsDescribed,)),
    "training.in_two_years": Answer(
        lambda case: said.option(case.incident.last(ProtectionsDescribed), "staff_trained_in_last_two_years"),
        (ProtectionsDescribed,),
    ),
    "training.described": Answer(
        lambda case: said.text(case.incident.last(ProtectionsDescribed), "training"),
        (ProtectionsDescribed,),
        typed=True,
    ),
    "measures.taken": Answer(
        lambda case: said.actions(case.incident),
        (ContainmentActionTaken, ContainmentActionPlanned, BreachStopped),
        typed=True,
    ),
    "measures.adopted": Answer(
        lambda case: said.adopted(case.incident), (MeasureAdopted, MeasureCompleted), typed=True
    ),
    "telling.state": Answer(
        lambda case: said.telling(case.incident), (CommunicationDecided, DataSubjectsTold, PeopleDescribed)
    ),
    "telling.detail": Answer(
        lambda case: said.told(case.incident, case.school), (CommunicationDecided, DataSubjectsTold), typed=True
    ),
    "bodies.told": Answer(
        lambda case: said.bodies(case.incident, case.school), (OtherBodyTold, PoliceInformed), typed=True
    ),
    "controller.name": Answer(lambda case: case.school.name),
    "controller.address": Answer(lambda case: case.school.address),
    "controller.registration": Answer(lambda case: case.school.registration),
    "controller.sector": Answer(lambda _: "education"),
    "controller.size": Answer(lambda case: case.school.size),
    "controller.first_report": Answer(lambda case: case.school.first_report),
    "controller.certification": Answer(lambda case: case.school.certification),
    "reporter.contact": Answer(lambda case: said.contact(case.school, case.report.reporter)),
    "dpo.contact": Answer(lambda case: said.contact(case.school, Role.DPO)),
    "not_recorded": Answer(lambda _: None),
}
"""The catalogue: a form may ask for any of these, and a name that a report once used stays."""

CONDITIONS: dict[str, Callable[[Case], bool]] = {
    "ever": lambda _: True,
    "follows": lambda case: case.report.phase != "initial",
    "incomplete": lambda case: not case.report.details.complete and case.report.phase != "withdrawn",
    "withdrawn": lambda case: case.report.phase == "withdrawn",
    "late": lambda case: case.late,
    "cyber": lambda case: said.option(case.incident.last(CauseDescribed), "cyber") != Reply.NO,
    "encrypted": lambda case: said.option(case.incident.last(ProtectionsDescribed), "encryption") != Encryption.NONE,
    "at_a_processor": lambda case: case.incident.has(ProcessorNotifiedController),
}
"""When a question applies."""
