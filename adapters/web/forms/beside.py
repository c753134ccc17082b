"""What stands beside a form: why it is asked for, and what whoever fills it in has to know."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.governors_papers import for_governors
from adapters.papers import draft
from adapters.web.forms.panels import Panel, Row
from adapters.web.forms.prompting import prompt_panels
from adapters.web.forms.starting import first_signal, risk_facts
from adapters.web.forms.wording import option
from adapters.web.site import Case
from domain.deadlines import notification_deadline
from domain.errors import Refused
from domain.events.contain import PoliceConsidered
from domain.events.investigate import RiskAssessed
from domain.events.notify import (
    CommunicationDecided,
    DpoAdvised,
    NotificationDecided,
    RegulatorReferenceReceived,
    RegulatorReportSubmitted,
)
from domain.incident import Incident
from domain.obligations import missing_points, outstanding
from domain.quantities import Value
from domain.telling import concerned, untold
from projections.words import ROLES, label, moment, short_day, short_moment, span, yes_or_no

SHOWN_AT_MOST = 40
"""Points of one list; a page is no place for more."""


class _Text(Value):
    text: str


@dataclass(frozen=True)
class Beside:
    """The incident as whoever fills in the form may see it. Governors are given its texts without names."""

    case: Case
    now: datetime

    @property
    def incident(self) -> Incident:
        """The incident."""
        return self.case.incident

    @property
    def zone(self) -> ZoneInfo:
        """The school's zone."""
        return self.case.school.timezone

    @property
    def whole(self) -> bool:
        """Whether they are shown the whole incident."""
        return self.case.person.sees_at(self.incident.school, "incident")

    def text(self, text: str) -> str:
        """What somebody typed, as they may see it."""
        return text if self.whole else for_governors(_Text(text=text), self.case.school).text

    def said(self, at: datetime) -> str:
        """A moment in words."""
        return short_moment(at, self.zone)


def why_asked(beside: Beside, command: str) -> list[Row]:
    """What asks for this command now: what, why, and by when."""
    asked = [each for each in outstanding(beside.incident) if each.command == command]
    if not beside.whole:
        asked = [each for each in asked if command not in NAMES_ITEMS]
    return [Row(each.what, f"{each.why}{f'. By {beside.said(each.due_at)}' if each.due_at else ''}") for each in asked]


NAMES_ITEMS = ("take_containment", "complete_measure")
"""What is asked for by a name that somebody typed."""


def panels(beside: Beside, command: str) -> list[Panel]:
    """What stands beside the form of that command."""
    if not beside.case.person.sees_at(beside.incident.school, "governors_sheet"):
        return []
    return [panel for make in PANELS.get(command, ()) for panel in make(beside)]


def _advice(beside: Beside) -> Iterator[Panel]:
    title, event = "The Data Protection Officer’s advice", beside.incident.latest.get(DpoAdvised)
    advice = beside.incident.last(DpoAdvised)
    if event is None or advice is None:
        yield Panel(title=title, note="There is no advice yet.")
        return
    rows = (
        Row("Notify the regulator", yes_or_no(advice.notify_regulator)),
        Row("Tell the people affected", yes_or_no(advice.communicate)),
        Row("Risk", option("RiskLevel", advice.risk).text),
        Row("Reasons", beside.text(advice.reasons), typed=True),
        Row("Given", beside.said(event.recorded_at)),
    )
    yield Panel(title=title, rows=rows)


def _assessed(beside: Beside) -> Iterator[Panel]:
    title, event = "The risk as it was assessed", beside.incident.latest.get(RiskAssessed)
    assessed = beside.incident.last(RiskAssessed)
    if event is None or assessed is None:
        yield Panel(title=title, note="Nobody has assessed the risk yet.")
        return
    rows = (
        Row("Risk", option("RiskLevel", assessed.level).text),
        Row("Reasons", beside.text(assessed.reasons), typed=True),
        Row("Assessed", f"{beside.said(event.recorded_at)}, {ROLES[event.actor.role]}"),
    )
    yield Panel(title=title, rows=rows)


def _prompt(beside: Beside) -> Iterator[Panel]:
    yield from prompt_panels(risk_facts(beside.incident))


def _decision(beside: Beside, kind: type[NotificationDecided] | type[CommunicationDecided]) -> Iterator[Panel]:
    decided, event = beside.incident.standing(kind), beside.incident.latest.get(kind)
    if decided is None or event is None:
        return
    answer = decided.notify_regulator if isinstance(decided, NotificationDecided) else decided.communicate
    rows = (
        Row("Decision", yes_or_no(answer)),
        Row("Reasons", beside.text(decided.reasons), typed=True),
        Row("Decided", f"{beside.said(event.recorded_at)}, {ROLES[event.actor.role]}"),
    )
    yield Panel(title="The decision that stands", rows=rows)


def _notification(beside: Beside) -> Iterator[Panel]:
    yield from _decision(beside, NotificationDecided)


def _communication(beside: Beside) -> Iterator[Panel]:
    yield from _decision(beside, CommunicationDecided)


def _clock(beside: Beside) -> Iterator[Panel]:
    breach = beside.incident.breach
    if breach is None:
        return
    rows = [Row("The school became aware", moment(breach.aware_at, beside.zone))]
    rows.append(Row("Deadline for telling the regulator", moment(breach.deadline, beside.zone)))
    passed = beside.incident.clock_runs and beside.now > breach.deadline
    yield Panel(title="The clock", rows=tuple(rows), note="The deadline has passed." if passed else None)


def _signal(beside: Beside) -> Iterator[Panel]:
    rows = [Row("First signal at the school", moment(first_signal(beside.incident), beside.zone))]
    rows.append(Row("When it happened", span(beside.incident.occurred, beside.zone)))
    ends = notification_deadline(first_signal(beside.incident))
    if beside.incident.breach is None:
        rows.append(Row("The 72 hours end, if you give no time", moment(ends, beside.zone)))
    yield Panel(title="What stands now", rows=tuple(rows))


def _no_breach(beside: Beside) -> Iterator[Panel]:
    others = (("find_not_a_breach", "Record that there was none"), ("record_near_miss", "Record a near miss"))
    yield Panel(title="If it was no breach", links=_links(beside, others))


def _stopped(beside: Beside) -> Iterator[Panel]:
    yield Panel(title="If it has stopped", links=_links(beside, (("record_stopped", "Record that it has stopped"),)))


def _links(beside: Beside, others: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Other forms that answer the same question, as far as this person may use them."""
    ref, school = beside.incident.ref, beside.incident.school
    may = (each for each in others if beside.case.person.acts_as(school, each[0]))
    return tuple((title, f"/incidents/{ref}/do/{command}") for command, title in may)


def _draft(beside: Beside) -> Iterator[Panel]:
    try:
        report = draft(beside.incident.history, beside.case.school)
    except Refused as refusal:
        yield Panel(title="The draft of the report", note=str(refusal))
        return
    links = (("See the draft", f"/incidents/{beside.incident.ref}/documents"),) if beside.whole else ()
    if report.missing:
        note = "Without these a report cannot be complete (UK GDPR Art. 33(3))."
        yield Panel(title="Still needed for a complete report", points=report.missing, note=note)
    unknown = report.not_yet_known[:SHOWN_AT_MOST]
    note = "The report says of each of these that it is not yet known." if unknown else "Every question is answered."
    yield Panel(title="Open questions of the draft", points=unknown, note=note, links=links)


def _reports(beside: Beside) -> Iterator[Panel]:
    sent = [Row(f"Report {report.number}, {label(report.phase)}", beside.said(report.submitted_at))
            for _, report in beside.incident.all(RegulatorReportSubmitted)]  # fmt: skip
    note = None if sent else "No report was sent yet."
    yield Panel(title="Reports to the regulator", rows=tuple(sent), note=note)


def _references(beside: Beside) -> Iterator[Panel]:
    said = [Row("Reference", beside.text(each.reference), typed=True)
            for _, each in beside.incident.all(RegulatorReferenceReceived)]  # fmt: skip
    if said:
        yield Panel(title="Recorded before", rows=tuple(said))


def _missing(beside: Beside) -> Iterator[Panel]:
    points = missing_points(beside.incident)
    note = "The investigation cannot be completed before somebody looked at these." if points else "Nothing is open."
    yield Panel(title="What the investigation still has to look at", points=points, note=note)


def _asked(beside: Beside) -> Iterator[Panel]:
    open_ones = [each for each in outstanding(beside.incident) if each.command != "close_incident"]
    ref, person = beside.incident.ref, beside.case.person
    rows = tuple(
        Row(each.what, each.why, href=f"/incidents/{ref}/do/{each.command}")
        if person.role_for(beside.incident.school, each.command)
        else Row(each.what, f"{each.why}. For: {', '.join(ROLES[role] for role in each.who)}")
        for each in open_ones[:SHOWN_AT_MOST]
    )
    note = "The incident cannot be closed before these are done." if rows else "Nothing more is asked for."
    yield Panel(title="What is still asked for", rows=rows, note=note)


def _letters(beside: Beside) -> Iterator[Panel]:
    path = f"/incidents/{beside.incident.ref}/do/write_message"
    links = tuple(
        (f"Change the letter to: {option('PeopleKind', people).text}", f"{path}?people={people}")
        for people in beside.incident.letters
    )
    yield Panel(title="Letters written", links=links, note=None if links else "No letter is written yet.")


def _told(beside: Beside) -> Iterator[Panel]:
    decision = beside.incident.standing(CommunicationDecided)
    if decision is None or not decision.communicate:
        note = "The school decided not to tell them." if decision else "It is not decided yet whether people are told."
        yield Panel(title="Not told yet", note=note)
        return
    points = tuple(option("PeopleKind", people).text for people in untold(beside.incident, decision))
    yield Panel(title="Not told yet", points=points, note=None if points else "Nobody is known to be waiting.")


def _concerned(beside: Beside) -> Iterator[Panel]:
    points = tuple(option("PeopleKind", people).text for people in concerned(beside.incident, None))
    note = None if points else "The people affected are not described yet."
    yield Panel(title="People affected, as described", points=points, note=note)


def _measures(beside: Beside) -> Iterator[Panel]:
    rows = tuple(
        Row(beside.text(each.item), f"{beside.text(each.owner)}, due on {short_day(each.due_on)}", typed=True)
        for each in beside.incident.measures.values()
    )
    if rows:
        yield Panel(title="Open measures", rows=rows)


def _police(beside: Beside) -> Iterator[Panel]:
    considered = beside.incident.last(PoliceConsidered)
    if considered is None:
        yield Panel(title="The police", note="Nobody has decided yet whether the police are told.")
        return
    rows = (Row("Tell the police", yes_or_no(considered.inform)), Row("Reason", considered.reason, typed=True))
    yield Panel(title="The police", rows=rows)


PANELS: dict[str, tuple[Callable[[Beside], Iterator[Panel]], ...]] = {
    "confirm_breach": (_signal, _no_breach),
    "record_ongoing": (_stopped,),
    "correct_awareness": (_signal, _clock),
    "correct_occurrence": (_signal,),
    "assess_risk": (_prompt,),
    "advise": (_clock, _assessed, _prompt),
    "decide_notification": (_clock, _advice, _assessed, _prompt, _notification),
    "decide_communication": (_advice, _assessed, _prompt, _communication, _concerned),
    "submit_report": (_clock, _draft, _reports),
    "withdraw_report": (_reports,),
    "record_reference": (_references,),
    "complete_investigation": (_missing,),
    "close_incident": (_asked,),
    "write_message": (_letters, _concerned),
    "tell_data_subjects": (_told,),
    "adopt_measure": (_measures,),
    "inform_police": (_police,),
    "record_legal_advice": (_police,),
}
"""What stands beside which form; beside the others stands nothing but why they are asked for."""
