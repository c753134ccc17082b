"""What is known of an incident so far: the latest description of each thing, and what is not yet known."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from domain.complaints import Complaint, complaints
from domain.events.base import Fact
from domain.events.contain import (
    BreachFoundOngoing,
    BreachStopped,
    ChairInformed,
    ContainmentActionTaken,
    EnquiryReceived,
    LegalAdviceObtained,
    PoliceConsidered,
    PoliceInformed,
    SignificanceJudged,
)
from domain.events.discover import (
    AwarenessCorrected,
    ControllerBecameAware,
    FoundNotToBeABreach,
    IncidentDescribed,
    IncidentReported,
    NearMissRecorded,
    ProcessorNotifiedController,
)
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
    DataSubjectsTold,
    OtherBodyTold,
    RegulatorAnswered,
    RegulatorReferenceReceived,
    RegulatorReportSubmitted,
)
from domain.events.review import (
    DisciplinaryConsidered,
    IncidentClosed,
    MeasureAdopted,
    MeasureCompleted,
    ProcedureReviewed,
    ReportedToGovernors,
    ReportedToSeniorLeadership,
    ReviewHeld,
)
from domain.incident import Incident
from domain.phases import NoBreach
from domain.quantities import Value
from projections.fact_words import Said, as_typed, said
from projections.words import count, day, label, listed, short_moment, span


class Part(Value):
    """One thing: what is known of it, row by row, and the command that describes it anew. No rows: not yet known."""

    title: str
    command: str
    rows: tuple[Said, ...] = ()


class Known(Value):
    """Parts that belong together."""

    title: str
    parts: tuple[Part, ...]


DESCRIBED: tuple[tuple[str, str, type[Fact]], ...] = (
    ("The data", "describe_data", DataDescribed),
    ("The people", "describe_people", PeopleDescribed),
    ("What happened to the data", "describe_effects", EffectsDescribed),
    ("The cause", "describe_cause", CauseDescribed),
    ("What protected the data", "describe_protections", ProtectionsDescribed),
    ("Possible misuse", "consider_misuse", MisuseConsidered),
    ("Likely consequences", "describe_consequences", ConsequencesDescribed),
    ("The risk to people", "assess_risk", RiskAssessed),
)
"""What an investigation describes, in the order of the procedure (Appendix 2, "Investigation")."""


def known_so_far(incident: Incident, zone: ZoneInfo) -> tuple[Known, ...]:
    """Everything that is known, in the order of the steps, with times in that zone."""
    found = [Known(title="What was reported", parts=tuple(_reported(incident, zone)))]
    if isinstance(incident.phase, NoBreach):
        last = NearMissRecorded if incident.phase.near_miss else FoundNotToBeABreach
        rows = _rows(incident, last, zone)
        found.append(Known(title="What it was found to be", parts=(Part(title="Why", command="", rows=rows),)))
    found.append(Known(title="Containment", parts=tuple(_contained(incident, zone))))
    if incident.breach or any(incident.has(kind) for _, _, kind in DESCRIBED):
        parts = [
            Part(title=title, command=command, rows=_rows(incident, kind, zone)) for title, command, kind in DESCRIBED
        ]
        if incident.has(InvestigationCompleted):
            rows = _rows(incident, InvestigationCompleted, zone)
            parts.append(Part(title="What the investigation found", command="complete_investigation", rows=rows))
        found.append(Known(title="Investigation", parts=tuple(parts)))
    found.append(Known(title="Who was told", parts=tuple(_told(incident, zone))))
    found.append(Known(title="Review", parts=tuple(_reviewed(incident, zone))))
    return tuple(each for each in found if each.parts)


def _rows(incident: Incident, kind: type[Fact], zone: ZoneInfo) -> tuple[Said, ...]:
    fact = incident.last(kind)
    return () if fact is None else said(fact, zone)


def _every(incident: Incident, zone: ZoneInfo, *kinds: type[Fact]) -> tuple[Said, ...]:
    """The fields of every fact of those kinds, one after the other."""
    return tuple(row for _, fact in incident.all(*kinds) for row in said(fact, zone))


def _reported(incident: Incident, zone: ZoneInfo) -> Iterator[Part]:
    first = incident.last(IncidentReported)
    rows = () if first is None else said(first, zone, frozenset({"occurred"}))
    described = incident.last(IncidentDescribed)
    if described is not None:
        yield Part(title="For log and report", command="describe_incident", rows=said(described, zone))
    when = ("When it happened", span(incident.occurred, zone))
    yield Part(title="The report", command="correct_occurrence", rows=(*rows, when))
    if incident.has(ProcessorNotifiedController):
        rows = _every(incident, zone, ProcessorNotifiedController)
        yield Part(title="The supplier’s notice", command="record_processor_notice", rows=rows)
    if incident.breach:
        rows = _rows(incident, ControllerBecameAware, zone)
        if incident.version_of(AwarenessCorrected) > incident.version_of(ControllerBecameAware):
            rows = (*_rows(incident, AwarenessCorrected, zone), *(row for row in rows if row[0] != "Aware from"))
        yield Part(title="Awareness", command="correct_awareness", rows=rows)


def _contained(incident: Incident, zone: ZoneInfo) -> Iterator[Part]:
    if incident.stopped:
        yield Part(title="Stopped", command="record_ongoing", rows=_rows(incident, BreachStopped, zone))
    elif incident.breach or incident.has(BreachFoundOngoing):
        yield Part(title="Is it still going on?", command="record_stopped", rows=_going_on(incident, zone))
    actions = [
        (label(taken.action), _lines(taken.item, taken.detail, f"Done {short_moment(taken.taken_at, zone)}"))
        for _, taken in incident.all(ContainmentActionTaken)
    ]
    for planned in incident.planned.values():
        due = f"Planned, due {short_moment(planned.due_at, zone)}" if planned.due_at else "Planned, without a date"
        actions.append((label(planned.action), _lines(planned.item, planned.detail, due)))
    if actions or incident.breach:
        yield Part(title="Actions", command="take_containment", rows=tuple(actions))
    looked_at: tuple[tuple[str, str, tuple[type[Fact], ...]], ...] = (
        ("Significance", "judge_significance", (SignificanceJudged,)),
        ("The chair of governors", "inform_chair", (ChairInformed,)),
        ("The police", "consider_police", (PoliceConsidered, PoliceInformed)),
        ("Legal advice", "record_legal_advice", (LegalAdviceObtained,)),
    )
    for title, command, kinds in looked_at:
        rows = tuple(row for kind in kinds for row in _rows(incident, kind, zone))
        if rows:
            yield Part(title=title, command=command, rows=rows)
    if incident.has(EnquiryReceived):
        yield Part(title="Enquiries", command="record_enquiry", rows=_every(incident, zone, EnquiryReceived))


def _going_on(incident: Incident, zone: ZoneInfo) -> tuple[Said, ...]:
    rows = _rows(incident, BreachFoundOngoing, zone)
    return (("Still going on", "Yes, when somebody last looked"), *rows) if rows else ()


def _told(incident: Incident, zone: ZoneInfo) -> Iterator[Part]:
    reports = tuple(
        (
            f"Report {report.number}",
            f"{label(report.phase)}, sent {short_moment(report.submitted_at, zone)}",
        )
        for _, report in incident.all(RegulatorReportSubmitted)
    )
    rows = reports + _rows(incident, RegulatorReferenceReceived, zone) + _every(incident, zone, RegulatorAnswered)
    if rows:
        yield Part(title="The regulator", command="record_answer", rows=rows)
    told = tuple((label(fact.people), _lines(*_told_whom(fact, zone))) for _, fact in incident.all(DataSubjectsTold))
    if told:
        yield Part(title="The people concerned", command="tell_data_subjects", rows=told)
    others = tuple(
        (label(fact.body), _lines(f"Told {short_moment(fact.told_at, zone)}", fact.detail))
        for _, fact in incident.all(OtherBodyTold)
    )
    if others:
        yield Part(title="Others", command="tell_other_body", rows=others)


def _told_whom(fact: DataSubjectsTold, zone: ZoneInfo) -> tuple[str | None, ...]:
    how = f"By {label(fact.means).lower()}, {short_moment(fact.told_at, zone)}"
    points = f"Said: {listed(label(point) for point in fact.points)}" if fact.points else None
    return f"How many: {count(fact.number).lower()}", how, fact.what_was_said, points


def _reviewed(incident: Incident, zone: ZoneInfo) -> Iterator[Part]:
    if incident.has(ReviewHeld):
        yield Part(title="The review", command="hold_review", rows=_rows(incident, ReviewHeld, zone))
    done = {fact.item: fact for _, fact in incident.all(MeasureCompleted)}
    adopted = {fact.item: fact for _, fact in incident.all(MeasureAdopted)}
    measures = []
    for item, fact in adopted.items():
        ended = done.get(item) if item not in incident.measures else None
        state = f"Done {short_moment(ended.completed_at, zone)}" if ended else f"Due {day(fact.due_on)}"
        measures.append(
            (
                as_typed(item),
                _lines(fact.measure, f"Answers for it: {fact.owner}", state, ended.outcome if ended else None),
            )
        )
    if measures:
        yield Part(title="Measures", command="adopt_measure", rows=tuple(measures))
    for title, command, kind in (
        ("Disciplinary investigation", "consider_disciplinary", DisciplinaryConsidered),
        ("The breach procedure", "review_procedure", ProcedureReviewed),
        ("Senior leadership", "report_to_senior_leadership", ReportedToSeniorLeadership),
        ("Governors", "report_to_governors", ReportedToGovernors),
    ):
        if incident.has(kind):
            yield Part(title=title, command=command, rows=_rows(incident, kind, zone))
    if found := complaints(incident):
        rows = tuple((f"Complaint {each.received.number}", _complaint(each, zone)) for each in found)
        yield Part(title="Complaints", command="record_complaint", rows=rows)
    if incident.closed:
        yield Part(title="The end", command="", rows=_rows(incident, IncidentClosed, zone))


def _complaint(complaint: Complaint, zone: ZoneInfo) -> str:
    received, acknowledged, answered = complaint.received, complaint.acknowledged, complaint.answered
    heard = "Not acknowledged yet" if answered is None else ""
    if acknowledged:
        heard = f"Acknowledged {short_moment(acknowledged.acknowledged_at, zone)}"
    elif received.acknowledge_before and not answered:
        heard = f"To be acknowledged before {short_moment(received.acknowledge_before, zone)}"
    outcome = f"{label(answered.outcome)}, answered {short_moment(answered.answered_at, zone)}" if answered else ""
    first = f"{label(received.people)}, received {short_moment(received.received_at, zone)}"
    return _lines(first, received.about, heard, outcome, answered.detail if answered else None)


def _lines(*parts: str | None) -> str:
    return "\n".join(as_typed(part) for part in parts if part)
