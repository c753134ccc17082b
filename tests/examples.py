"""Incidents for tests, made by real commands at fixed times: a supplier's breach through all five steps."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, get_args

from domain.commands import command_named
from domain.decisions import decide
from domain.events import Fact, Recorded
from domain.incident import Incident, evolve, replay
from domain.personal import Text
from domain.policy import Policy
from domain.roles import ENGINE, Actor, Role
from domain.school import Contact, School

URN = "100001"
REF = "100001-7K3M9QXA"
AWARE_AT = datetime(2026, 11, 20, 16, 45, tzinfo=UTC)
"""A Friday afternoon; the 72 hours end on Monday at the same time."""

STAFF = Actor(id="u-staff", role=Role.STAFF)
LEAD = Actor(id="u-lead", role=Role.LEAD)
HEAD = Actor(id="u-head", role=Role.HEAD)
DPO = Actor(id="u-dpo", role=Role.DPO)
CHAIR = Actor(id="u-chair", role=Role.CHAIR)

SCHOOL = School(
    id=URN,
    name="Example Primary School",
    address="1 Example Street, Exampleton EX1 1EX",
    registration="ZA000000",
    contacts={
        Role.LEAD: Contact(email="dpl@school.example"),
        Role.HEAD: Contact(email="head@school.example"),
        Role.DPO: Contact(email="dpo@service.example", telephone="01632 960000"),
        Role.CHAIR: Contact(email="chair@school.example"),
    },
    policy=Policy(),
)


def at(day: int, time: str, month: int = 11, year: int = 2026) -> datetime:
    """A moment in UTC, in November 2026 unless said otherwise."""
    hour, minute = map(int, time.split(":"))
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


class Case:
    """An incident in the making: each command is decided by the domain, and its events are kept."""

    def __init__(self, ref: str = REF, school: str = URN) -> None:
        self._ref, self._school = ref, school
        self.events: list[Recorded] = []
        self._incident: Incident | None = None

    @property
    def incident(self) -> Incident:
        """The incident as it stands."""
        assert self._incident is not None
        return self._incident

    def do(self, now: datetime, by: Actor, command: str, **fields: Any) -> "Case":
        """One command; a refusal is raised."""
        number = len(self.events)
        for fact in decide(command_named(command, fields), self._incident, by, now):
            event = Recorded(
                school=self._school,
                incident=self._ref,
                version=len(self.events) + 1,
                recorded_at=now,
                actor=by,
                command_id=f"{self._ref}-{number}",
                fact=fact,
                position=len(self.events) + 1,
            )
            self.events.append(event)
            self._incident = evolve(self._incident, event)
        return self


def classcharts() -> list[Recorded]:
    """Parents see other pupils' records in a supplier's app: found on a Friday, reported on Sunday, learnt from."""
    case = Case()
    _discovered(case)
    _contained(case)
    _investigated(case)
    _notified(case)
    _reviewed(case)
    return case.events


def classcharts_as_at(moment: datetime) -> Incident:
    """The same incident as it stood at a moment."""
    return replayed(event for event in classcharts() if event.recorded_at <= moment)


def closed_incident() -> Incident:
    """The same incident at its end."""
    return classcharts_as_at(classcharts()[-1].recorded_at)


def replayed(events: Iterable[Recorded]) -> Incident:
    """The incident after these events, of which there are some."""
    incident = replay(events)
    assert incident is not None
    return incident


def with_every_text(events: Iterable[Recorded], text: str) -> list[Recorded]:
    """The same events with this text in every field that takes free text, in those left empty too."""
    return [Recorded.model_validate({**dict(event), "fact": _with_every_text(event.fact, text)}) for event in events]


def _with_every_text(fact: Fact, text: str) -> dict[str, Any]:
    fields = type(fact).model_fields.items()
    return dict(fact) | {
        name: (text, text) if isinstance(getattr(fact, name), tuple) else text
        for name, field in fields
        if _takes_free_text(field.annotation, *field.metadata)
    }


def _takes_free_text(*parts: Any) -> bool:
    """Whether the mark of `domain.personal.Text` is anywhere in a field's type."""
    mark = get_args(Text)[2]
    return any(part == mark or _takes_free_text(*get_args(part)) for part in parts)


def suspicion(now: datetime = AWARE_AT, **fields: Any) -> Case:
    """An incident of which nothing is known but that somebody spoke up."""
    return Case().do(now, STAFF, "report_incident", **{"what_happened": "Something may be wrong.", **fields})


def _discovered(case: Case) -> None:
    case.do(
        at(20, "16:52"), STAFF, "report_incident",
        what_happened="Parents who signed in to the app saw behaviour points and timetables of other pupils, some of"
        " them at other schools.",
        how_discovered="A parent telephoned the school office and read out what was on the screen.",
        reporter="parent_or_carer",
        means="telephone",
        discovered_at=AWARE_AT,
        occurred={"began_at": at(20, "15:30"), "ongoing": True},
        services=("ClassCharts",),
    )  # fmt: skip
    for role in ("dpl", "dpo"):
        case.do(at(20, "16:53"), ENGINE, "record_reminder", alarm=f"reported.{role}", to=role, due_at=at(20, "16:52"))
    case.do(
        at(20, "17:20"), LEAD, "confirm_breach",
        basis="The office saw the same on a test account: records of pupils who are not that parent's.",
    )  # fmt: skip


def _contained(case: Case) -> None:
    case.do(at(20, "17:22"), LEAD, "record_ongoing", detail="Parents can still sign in.")
    case.do(
        at(20, "17:35"), LEAD, "take_containment", item="app-off", action="system_shut_down",
        detail="Parents' access to the app switched off for the whole school.",
    )  # fmt: skip
    case.do(at(20, "17:40"), LEAD, "record_stopped", detail="No parent of this school can sign in any more.")
    case.do(at(20, "17:50"), LEAD, "judge_significance", significant=True, reason="All families use the app.")
    case.do(
        at(20, "17:51"), ENGINE, "record_escalation",
        alarm="significant.chair", to="chair", due_at=at(20, "17:50"), because="significant",
    )  # fmt: skip
    case.do(at(20, "18:05"), LEAD, "consider_police", inform=False, reason="Nothing points to a crime.")
    case.do(at(20, "18:10"), LEAD, "take_containment", item="staff-told", action="relevant_staff_alerted")
    case.do(at(20, "18:30"), CHAIR, "acknowledge_escalation")
    case.do(
        at(20, "20:40"), LEAD, "record_processor_notice",
        processor="The supplier of the app",
        message="The supplier wrote that the issue was resolved, and not which data or whose were shown.",
        told_at=at(20, "20:15"),
    )  # fmt: skip


def _investigated(case: Case) -> None:
    case.do(at(21, "09:30"), LEAD, "start_investigation")
    case.do(
        at(21, "09:50"), LEAD, "describe_data",
        kinds=("basic_personal_identifiers", "behaviour_and_attendance"),
        records={"certainty": "approximate", "number": 430},
        sensitivity="Ordinary school records; no health or safeguarding notes are kept in the app.",
    )  # fmt: skip
    case.do(
        at(21, "10:05"), LEAD, "describe_people",
        groups=(
            {"people": "pupils", "number": {"certainty": "approximate", "number": 215}},
            {"people": "parents_and_carers"},
        ),
        vulnerable="yes",
    )  # fmt: skip
    case.do(
        at(21, "10:15"), LEAD, "describe_protections",
        encryption="none",
        prior_measures="Each family signs in with its own code; the contract names what the supplier must protect.",
        staff_trained_in_last_two_years="yes",
    )  # fmt: skip
    case.do(
        at(21, "10:25"), LEAD, "describe_effects",
        confidentiality="disclosed_to_unknown_recipients",
        integrity="not_affected",
        availability="temporarily_unavailable",
        detail="Pages with names, classes and behaviour points were shown to other families.",
    )  # fmt: skip
    case.do(at(21, "10:30"), LEAD, "consider_misuse", possible="yes", detail="Unkindness between pupils or families.")
    case.do(
        at(21, "10:45"), LEAD, "describe_consequences",
        likely_consequences="Distress and unkind remarks about behaviour points; loss of trust in the app.",
    )  # fmt: skip
    case.do(
        at(21, "10:50"), LEAD, "describe_cause",
        cause="supplier_fault", incident_type="Data of wrong data subject shown in client portal", cyber="no",
    )  # fmt: skip
    case.do(
        at(21, "11:00"), LEAD, "assess_risk",
        level="risk", reasons="Children's data were shown to people who may know them; little of it is sensitive.",
    )  # fmt: skip


def _notified(case: Case) -> None:
    case.do(
        at(21, "11:40"), DPO, "advise",
        notify_regulator=True, communicate=True, risk="risk",
        reasons="A risk cannot be called unlikely while the supplier does not say what was shown to whom.",
    )  # fmt: skip
    case.do(
        at(21, "14:00"), HEAD, "decide_notification",
        notify_regulator=True, reasons="The advice is followed: a risk to the pupils cannot be ruled out.",
    )  # fmt: skip
    for role in ("dpo", "dpl"):
        case.do(at(21, "16:45"), ENGINE, "record_reminder", alarm=f"clock.24h.{role}", to=role, due_at=at(21, "16:45"))
    case.do(
        at(22, "14:15"),
        DPO,
        "submit_report",
        reasons_incomplete="More is being looked into",
        further_information_expected_at=at(4, "16:00", month=12),
    )
    case.do(
        at(22, "15:00"), HEAD, "decide_communication",
        communicate=True, reasons="Families have heard of it from each other; they should hear it from the school.",
    )  # fmt: skip
    case.do(
        at(23, "08:00"), DPO, "write_message", people="parents_and_carers",
        nature="This week some parents who signed in to the app saw records of other children.",
        consequences="Another parent may have seen how your child behaved.",
        measures="We switched the app off. The supplier is putting the fault right.",
    )  # fmt: skip
    case.do(
        at(23, "08:30"), LEAD, "tell_data_subjects",
        people="parents_and_carers", number={"certainty": "exact", "number": 214},
        what_was_said="What was shown, that access was switched off, and whom to ask.",
    )  # fmt: skip
    case.do(at(23, "10:05"), DPO, "record_reference", reference="IC-000000-X0X0")
    case.do(at(23, "11:00"), LEAD, "tell_other_body", body="local_authority")
    case.do(
        at(2, "10:00", month=12), LEAD, "describe_people",
        groups=(
            {"people": "pupils", "number": {"certainty": "exact", "number": 212}},
            {"people": "parents_and_carers", "number": {"certainty": "exact", "number": 214}},
        ),
        vulnerable="yes",
    )  # fmt: skip
    case.do(
        at(2, "15:30", month=12), LEAD, "complete_investigation",
        summary="Records of 212 pupils were shown to other families for about two hours.",
    )  # fmt: skip
    case.do(at(3, "11:00", month=12), DPO, "submit_report", complete=True)


def _reviewed(case: Case) -> None:
    case.do(
        at(8, "15:30", month=12), LEAD, "hold_review",
        causes="A fault of the supplier, which the school could neither see nor prevent.",
        effectiveness="Access was off within an hour. Nobody at the supplier could be reached that evening.",
        lessons=(
            "Switch a service off first and ask the supplier afterwards.",
            "Keep a number for the supplier that is answered out of hours.",
        ),
    )  # fmt: skip
    case.do(
        at(8, "15:45", month=12), LEAD, "adopt_measure",
        item="out-of-hours", measure="Agree an out-of-hours contact with each supplier of pupil data.",
        owner="School business manager", due_on=date(2027, 1, 29),
    )  # fmt: skip
    case.do(
        at(8, "15:50", month=12), LEAD, "adopt_measure",
        item="switch-off-card", measure="Put a one-page card in the office: how to switch each service off.",
        owner="Data Protection Lead", due_on=date(2026, 12, 18),
    )  # fmt: skip
    case.do(at(9, "16:00", month=12), HEAD, "report_to_senior_leadership", meeting_on=date(2026, 12, 9))
    case.do(at(10, "19:30", month=12), HEAD, "report_to_governors", meeting_on=date(2026, 12, 10))
    case.do(
        at(10, "20:00", month=12), LEAD, "review_procedure",
        changed=True, detail="Step 2 now begins with switching the service off.",
    )  # fmt: skip
    case.do(at(15, "12:00", month=12), LEAD, "complete_measure", item="switch-off-card")
    case.do(at(22, "10:00", month=1, year=2027), LEAD, "complete_measure", item="out-of-hours")
    case.do(
        at(25, "09:00", month=1, year=2027), LEAD, "close_incident",
        summary="Contained, reported, told, reviewed; both measures done.",
    )  # fmt: skip
