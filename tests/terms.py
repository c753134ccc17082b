"""A school's terms for tests: incidents in a line each, and what is recorded of the school itself, by real commands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from domain.commands.school import GiveOpinion, RecordTraining
from domain.deadlines import acknowledgement_deadline
from domain.events import Recorded
from domain.incident import Incident
from domain.roles import ENGINE, Actor
from domain.school_record import decide_school, record_of
from projections.period_review import PeriodReview, period_review
from tests.examples import DPO, HEAD, LEAD, SCHOOL, STAFF, URN, Case, at

LONDON = SCHOOL.timezone
AUTUMN = (date(2026, 9, 1), date(2026, 12, 31))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

Groups = Iterable[tuple[str, int | None]]


@dataclass
class Told:
    """An incident that is told in a chain: each method is something that happened, at its own time."""

    reported_at: datetime
    number: int = 1
    case: Case = field(init=False)

    def __post_init__(self) -> None:
        self.case = Case(ref=f"{URN}-{self.number:08d}")
        said = {"what_happened": "Something may be wrong.", "discovered_at": self.reported_at}
        self.case.do(self.reported_at, STAFF, "report_incident", **said | self._reported())

    def _reported(self) -> dict[str, Any]:
        return {}

    @property
    def incident(self) -> Incident:
        """The incident as it stands."""
        return self.case.incident

    @property
    def ref(self) -> str:
        """Its reference."""
        return self.case.incident.ref

    def do(self, after: timedelta, by: Actor, command: str, **fields: Any) -> "Told":
        """One command, so long after the report."""
        self.case.do(self.reported_at + after, by, command, **fields)
        return self

    def breach(self) -> "Told":
        """Confirmed within the hour; the clock runs from the report."""
        return self.do(HOUR / 2, LEAD, "confirm_breach", aware_at=self.reported_at)

    def near_miss(self) -> "Told":
        """Caught in time."""
        return self.do(HOUR, LEAD, "record_near_miss", what_prevented_it="The message was recalled unread.")

    def no_breach(self) -> "Told":
        """Looked into, and nothing was compromised."""
        return self.do(HOUR, LEAD, "find_not_a_breach", reason="The file held no personal data.")

    def stopped(self, after: timedelta) -> "Told":
        """Contained."""
        return self.do(after, LEAD, "record_stopped")

    def described(
        self, type_: str, cause: str, data: Iterable[str] = (), groups: Groups = (), cyber: str = "no"
    ) -> "Told":
        """What it was."""
        self.do(HOUR, LEAD, "describe_cause", cause=cause, incident_type=type_, cyber=cyber)
        if data:
            self.do(HOUR, LEAD, "describe_data", kinds=tuple(data), sensitivity="Ordinary school records.")
        if groups:
            said = tuple({"people": kind, "number": number_of(number)} for kind, number in groups)
            self.do(HOUR, LEAD, "describe_people", groups=said)
        return self

    def assessed(self, level: str = "risk", **fields: Any) -> "Told":
        """The risk to people."""
        return self.do(2 * HOUR, LEAD, "assess_risk", level=level, reasons="It was looked into.", **fields)

    def advised(self, notify: bool = True, communicate: bool = False) -> "Told":
        """The DPO advises."""
        return self.do(
            3 * HOUR, DPO, "advise", notify_regulator=notify, communicate=communicate, risk="risk", reasons="So."
        )

    def decided(self, notify: bool = True) -> "Told":
        """The controller decides on notifying the regulator."""
        return self.do(4 * HOUR, HEAD, "decide_notification", notify_regulator=notify, reasons="So decided.")

    def sent(self, after: timedelta, reasons: str | None = None) -> "Told":
        """A report to the regulator."""
        return self.do(
            after,
            DPO,
            "submit_report",
            reasons_for_delay=reasons,
            reasons_incomplete="More is being looked into.",
            further_information_expected_at=self.reported_at + after + 9 * DAY,
        )

    def told(self, number: int | None, after: timedelta = DAY, people: str = "parents_and_carers") -> "Told":
        """People concerned are told."""
        return self.do(after, LEAD, "tell_data_subjects", people=people, number=number_of(number))

    def missed(self) -> "Told":
        """The engine records that the 72 hours passed."""
        breach = self.incident.breach
        assert breach is not None
        return self.do(
            breach.deadline - self.reported_at + HOUR, ENGINE, "record_missed_deadline", deadline=breach.deadline
        )

    def reviewed(self, *lessons: str, after: timedelta = 10 * DAY, systemic: bool = False) -> "Told":
        """Learnt from."""
        return self.do(
            after, LEAD, "hold_review", causes="Haste.", effectiveness="Good.", lessons=lessons, systemic=systemic
        )

    def measure(self, item: str, due_on: date, after: timedelta = 10 * DAY, **fields: Any) -> "Told":
        """A measure is adopted."""
        said = {"measure": f"Do {item}.", "owner": "School business manager"} | fields
        return self.do(after, LEAD, "adopt_measure", item=item, due_on=due_on, **said)

    def done(self, item: str, after: timedelta) -> "Told":
        """A measure is completed."""
        return self.do(after, LEAD, "complete_measure", item=item)

    def complaint(self, after: timedelta) -> "Told":
        """Somebody complains; the 30 days run."""
        before = acknowledgement_deadline(self.reported_at + after, LONDON, ())
        return self.do(
            after, LEAD, "record_complaint", people="parents_and_carers", about="So.", acknowledge_before=before
        )

    def acknowledged(self, number: int, after: timedelta) -> "Told":
        """A complaint is acknowledged."""
        return self.do(after, LEAD, "acknowledge_complaint", number=number)

    def answered(self, number: int, after: timedelta, outcome: str = "upheld") -> "Told":
        """A complaint is answered."""
        return self.do(after, LEAD, "answer_complaint", number=number, outcome=outcome, detail="So.")


@dataclass
class FromService(Told):
    """An incident that concerns a supplier's services."""

    services: tuple[str, ...] = ()

    def _reported(self) -> dict[str, Any]:
        return {"services": self.services}


def number_of(number: int | None) -> dict[str, Any]:
    """A count as a command takes it."""
    return {"certainty": "unknown"} if number is None else {"certainty": "exact", "number": number}


class SchoolRecord:
    """What is recorded of the school itself, by real commands."""

    def __init__(self) -> None:
        self.events: list[Recorded] = []

    def trained(self, on: date, group: str, trained: int, in_post: int, now: datetime | None = None) -> "SchoolRecord":
        """The state of training on a day, written down on that day unless said otherwise."""
        command = RecordTraining.model_validate({"on": on, "group": group, "trained": trained, "in_post": in_post})
        return self._record(command, LEAD, now or datetime(on.year, on.month, on.day, 12, tzinfo=LONDON))

    def opinion(self, begins_on: date, ends_on: date, now: datetime, **fields: Any) -> "SchoolRecord":
        """The DPO's opinion on a period."""
        said = {"begins_on": begins_on, "ends_on": ends_on, "opinion": "The school responds well."} | fields
        return self._record(GiveOpinion.model_validate(said), DPO, now)

    def _record(self, command: RecordTraining | GiveOpinion, by: Actor, now: datetime) -> "SchoolRecord":
        for fact in decide_school(command, self.events, by, now):
            version = len(self.events) + 1
            self.events.append(
                Recorded(
                    school=URN,
                    incident=record_of(URN),
                    version=version,
                    recorded_at=now,
                    actor=by,
                    command_id=f"school-{version}",
                    fact=fact,
                    position=version,
                )
            )
        return self


def review_of_term(
    *told: Told,
    record: Iterable[Recorded] = (),
    term: tuple[date, date] = AUTUMN,
    as_at: datetime | None = None,
) -> PeriodReview:
    """The review of a term in London."""
    incidents = [each.incident for each in told]
    return period_review(URN, incidents, [*record], *term, LONDON, as_at=as_at)


KINDS = (
    ("Data emailed to incorrect recipient", "human_error", ("basic_personal_identifiers",), "no"),
    ("Failure to use bcc", "human_error", ("basic_personal_identifiers",), "no"),
    ("Data emailed to incorrect recipient", "human_error", ("health", "special_educational_needs"), "no"),
    ("Unauthorised access", "inappropriate_access_controls", ("safeguarding",), "no"),
    ("Phishing", "cyber_attack", ("identification_data",), "yes"),
    ("Loss/theft of paperwork or data left in insecure location", "loss_or_theft", ("behaviour_and_attendance",), "no"),
    ("Data of wrong data subject shown in client portal", "supplier_fault", ("attainment_and_assessment",), "no"),
)
FACTS = {
    "data": [{"kind": "basic_personal_identifiers"}],
    "people": ["pupils"],
    "number": 30,
    "children": "yes",
    "vulnerable": "no",
    "identifiability": "maximum",
    "confidentiality": "disclosed_to_known_recipients",
    "integrity": "not_affected",
    "availability": "not_affected",
    "malicious": "no",
    "encryption": "none",
}


def a_busy_year(incidents: int = 40, year: int = 2026) -> list[Told]:
    """So many incidents from January to December, of every kind and outcome."""
    return [
        _busy(number, at(1 + number % 27, "10:00", 1 + number * 12 // incidents, year)) for number in range(incidents)
    ]


def _busy(number: int, reported_at: datetime) -> Told:
    id_ = reported_at.year * 1000 + number
    type_, cause, data, cyber = KINDS[number % len(KINDS)]
    supplied = cause == "supplier_fault"
    services = (("ClassCharts", "classcharts", "Meal payments")[number % 3],)
    told: Told = FromService(reported_at, id_, services) if supplied else Told(reported_at, id_)
    if number % 4 == 1:
        return told.near_miss()
    if number % 9 == 2:
        return told.no_breach()
    told.breach().stopped((number % 5 + 1) * HOUR).described(
        type_, cause, data, (("pupils", 3 * number), ("staff", 2)), cyber
    )
    if number % 3 == 0:
        late = number % 6 == 0 and number > 20
        told.assessed(facts=FACTS).advised(communicate=True).decided()
        told.sent(80 * HOUR if late else 20 * HOUR, "The office was closed for the holiday." if late else None)
        told.told(3 * number or None).reviewed("Check the address before sending.", systemic=number % 12 == 0)
        told.measure(f"check-{number}", reported_at.date() + 60 * DAY)
    else:
        told.assessed("unlikely").advised(notify=number % 5 == 0).decided(notify=False)
    if number % 10 == 3:
        told.complaint(5 * DAY).acknowledged(1, 10 * DAY if number > 10 else 50 * DAY)
    if number % 12 == 0:
        told.done(f"check-{number}", 40 * DAY)
    return told
