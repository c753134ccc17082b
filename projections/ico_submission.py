"""The report to the regulator: what Art. 33(3) asks for, what is known of it, what is not yet known, in which phase."""

from enum import StrEnum
from typing import Literal

from domain.deadlines import is_late
from domain.events.contain import ContainmentActionTaken
from domain.events.discover import IncidentReported
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
    OtherBodyTold,
    RegulatorReferenceReceived,
    ReportDetails,
)
from domain.events.review import MeasureAdopted
from domain.incident import Incident
from domain.quantities import Count, Instant, Span, Value
from domain.roles import Role
from domain.school import School
from domain.vocabulary import Exemption
from projections.breach_log import total

State = Literal["known", "not yet known", "not applicable"]


class Field(Value):
    """One answer of the report: its key for machines, the question in words, the article it answers, and the answer."""

    key: str
    question: str
    article: str | None
    state: State
    answer: str | None


class Section(Value):
    """Questions that belong together."""

    title: str
    fields: tuple[Field, ...]


class Submission(Value):
    """One report, as it stood when the incident was at version `covers_version`."""

    ref: str
    school: str
    regulator: str
    number: int
    phase: str
    complete: bool
    covers_version: int
    prepared_at: Instant
    aware_at: Instant | None
    deadline: Instant | None
    sections: tuple[Section, ...]
    not_yet_known: tuple[str, ...]
    further_information_expected_at: Instant | None


class Header(Value):
    """Which report it is, and what is said with it rather than found in the events."""

    number: int
    phase: Literal["initial", "follow_up", "withdrawn", "draft"]
    details: ReportDetails = ReportDetails()
    submitted_at: Instant | None = None


def submission(incident: Incident, school: School, header: Header) -> Submission:
    """The report that these events support; the same events and header always give the same report."""
    sections = (
        Section(title="About this report", fields=_about(incident, header)),
        Section(title="The breach", fields=_nature(incident)),
        Section(title="The personal data and the people concerned", fields=_data(incident)),
        Section(title="Likely consequences", fields=_consequences(incident)),
        Section(title="Measures taken or proposed", fields=_measures(incident)),
        Section(title="Telling people", fields=_telling(incident)),
        Section(title="The controller and its data protection officer", fields=_controller(school)),
    )
    return Submission(
        ref=incident.ref,
        school=incident.school,
        regulator=school.regulator,
        number=header.number,
        phase=header.phase,
        complete=header.details.complete,
        covers_version=incident.version,
        prepared_at=incident.recorded_at,
        aware_at=incident.breach.aware_at if incident.breach else None,
        deadline=incident.breach.deadline if incident.breach else None,
        sections=sections,
        not_yet_known=tuple(
            field.question for section in sections for field in section.fields if field.state == "not yet known"
        ),
        further_information_expected_at=header.details.further_information_expected_at,
    )


def _field(key: str, question: str, answer: object, article: str | None = None, *, applies: bool = True) -> Field:
    text = words(answer)
    state: State = "not applicable" if not applies else "known" if text else "not yet known"
    return Field(key=key, question=question, article=article, state=state, answer=text if applies else None)


def words(answer: object) -> str | None:
    """An answer as a reader would write it; None when there is nothing to say."""
    match answer:
        case None | "" | () | []:
            return None
        case StrEnum():
            return None if answer in ("unknown", "not_yet_known") else answer.value.replace("_", " ")
        case bool():
            return "Yes" if answer else "No"
        case Count():
            prefix = "About " if answer.certainty == "approximate" else ""
            return None if answer.number is None else f"{prefix}{answer.number:,}"
        case Span():
            return _span(answer)
        case tuple() | list():
            return "; ".join(filter(None, map(words, answer))) or None
        case str():
            return answer
        case _:
            return answer.isoformat(timespec="minutes") if hasattr(answer, "isoformat") else str(answer)


def _span(span: Span) -> str | None:
    if not span.known:
        return None
    began = words(span.began_at) or "not known"
    return (
        f"{began}, still going on" if span.ongoing else f"{began} to {words(span.ended_at)}" if span.ended_at else began
    )


def _about(incident: Incident, header: Header) -> tuple[Field, ...]:
    reference = incident.last(RegulatorReferenceReceived)
    breach, at = incident.breach, header.submitted_at
    late = bool(breach and at and (breach.late if breach.standing_reports else is_late(at, breach.aware_at)))
    reasons = header.details.reasons_for_delay or (breach and breach.reasons_for_delay)
    expected = header.details.further_information_expected_at
    return (
        _field("report_type", "Initial or follow-up report", header.phase.replace("_", " ")),
        _field("report_number", "Number of this report", header.number),
        _field(
            "regulator_reference",
            "The regulator's reference",
            reference and reference.reference,
            applies=header.phase == "follow_up",
        ),
        _field("complete", "Is this report complete?", header.details.complete),
        _field(
            "delay_reason",
            "Reasons for the delay in reporting",
            reasons,
            "33(1)",
            applies=late,
        ),
        _field(
            "further_information_expected_at",
            "When further information is expected",
            expected,
            "33(4)",
            applies=not header.details.complete,
        ),
    )


def _nature(incident: Incident) -> tuple[Field, ...]:
    reported, cause = incident.last(IncidentReported), incident.last(CauseDescribed)
    effects, protections = incident.last(EffectsDescribed), incident.last(ProtectionsDescribed)
    aware_at = incident.breach.aware_at if incident.breach else None
    return (
        _field("what_happened", "What happened", reported and reported.what_happened, "33(3)(a)"),
        _field("cause", "How and why it happened", (cause.cause, cause.detail) if cause else None, "33(3)(a)"),
        _field("incident_type", "Type of incident", cause and cause.incident_type),
        _field("is_cyber", "Was it a cyber incident?", cause and cause.cyber),
        _field("how_discovered", "How it was discovered", reported and reported.how_discovered),
        _field("happened_at", "When it happened", incident.occurred),
        _field("discovered_at", "When it was discovered", reported and reported.discovered_at),
        _field("aware_at", "When the school became aware", aware_at, "33(1)"),
        _field("confidentiality", "Effect on confidentiality", effects and effects.confidentiality),
        _field("integrity", "Effect on integrity", effects and effects.integrity),
        _field("availability", "Effect on availability", effects and effects.availability),
        _field("prior_measures", "Measures in place beforehand", protections and protections.prior_measures),
        _field("encryption", "Encryption", protections and protections.encryption),
        _field(
            "staff_training",
            "Data protection training of the staff involved, in the last two years",
            protections and protections.staff_trained_in_last_two_years,
        ),
    )


def _data(incident: Incident) -> tuple[Field, ...]:
    data, people = incident.last(DataDescribed), incident.last(PeopleDescribed)
    groups = people.groups if people else ()
    described = tuple(f"{words(group.people)}: {words(group.number) or 'number not known'}" for group in groups)
    return (
        _field("data_categories", "Categories of personal data", data and data.kinds, "33(3)(a)"),
        _field("data_detail", "More about the data", data and data.detail, applies=bool(data and data.detail)),
        _field("sensitivity", "How sensitive the data are", data and data.sensitivity),
        _field("records_count", "Number of personal data records", data and data.records, "33(3)(a)"),
        _field("subject_categories", "Categories of people", tuple(group.people for group in groups), "33(3)(a)"),
        _field("subjects_by_category", "Numbers by category", described),
        _field("subjects_count", "Number of people", total([group.number for group in groups]), "33(3)(a)"),
        _field("vulnerable", "Are vulnerable people among them?", people and people.vulnerable),
    )


def _consequences(incident: Incident) -> tuple[Field, ...]:
    said, risk = incident.last(ConsequencesDescribed), incident.last(RiskAssessed)
    return (
        _field("consequences", "Likely consequences", said and said.likely_consequences, "33(3)(c)"),
        _field("harm_so_far", "Has harm already come of it?", said and said.harm_so_far),
        _field("high_risk", "Risk to the people concerned", risk and risk.level, "34(1)"),
    )


def _measures(incident: Incident) -> tuple[Field, ...]:
    taken = tuple(_action(fact.action, fact.detail) for _, fact in incident.all(ContainmentActionTaken))
    planned = tuple(_action(fact.action, fact.detail) for fact in incident.planned.values())
    adopted = tuple(
        f"{fact.measure} ({f'by {fact.due_on.isoformat()}' if fact.item in incident.measures else 'done'})"
        for _, fact in incident.all(MeasureAdopted)
    )
    return (
        _field("actions_taken", "Measures taken", taken, "33(3)(d)"),
        _field("actions_proposed", "Measures proposed", planned, "33(3)(d)", applies=bool(planned) or not taken),
        _field("recurrence_steps", "Steps to prevent it happening again", adopted),
    )


def _action(action: str, detail: str | None) -> str:
    name = action.replace("_", " ")
    return f"{name[0].upper()}{name[1:]}{f': {detail}' if detail else ''}"


def _telling(incident: Incident) -> tuple[Field, ...]:
    decision = incident.last(CommunicationDecided)
    told = [fact for _, fact in incident.all(DataSubjectsTold)]
    bodies = tuple(fact.body for _, fact in incident.all(OtherBodyTold))
    answer = tuple(f"{words(fact.people)}, {words(fact.told_at)}" for fact in told) or _intention(decision)
    return (
        _field("told_subjects", "Have the people concerned been told?", answer, "34"),
        _field("told_others", "Other organisations told", bodies, applies=bool(bodies)),
    )


def _intention(decision: CommunicationDecided | None) -> str | Exemption:
    if decision is None:
        return "Not yet decided"
    return decision.exemption or ("Will be told" if decision.communicate else "Decided not to tell")


def _controller(school: School) -> tuple[Field, ...]:
    dpo = school.contacts.get(Role.DPO)
    return (
        _field("controller_name", "Controller", school.name),
        _field("controller_address", "Address", school.address),
        _field("registration", "Registration number with the regulator", school.registration),
        _field("dpo_name", "Data protection officer", dpo and (dpo.name or "Data Protection Officer"), "33(3)(b)"),
        _field("dpo_email", "Their e-mail address", dpo and dpo.email, "33(3)(b)"),
        _field("dpo_telephone", "Their telephone number", dpo and dpo.telephone, "33(3)(b)"),
    )
