"""Advice, decision, reports in phases and messages to people (UK GDPR Art. 33, 34)."""

from datetime import timedelta

import pytest

from domain.errors import (
    AdviserCannotDecide,
    ExemptionMissing,
    ExemptionNotNeeded,
    FurtherInformationNotExpected,
    InTheFuture,
    NoReportStands,
    NotConfirmed,
    NothingToComplete,
    NotificationNotDecided,
    NotifiedBeforeAware,
    NotYourRole,
    ReasonForDelayMissing,
    ReasonsIncompleteMissing,
    ReportAlreadyComplete,
    ReportNotComplete,
    RiskNotAssessedAsUnlikely,
)
from domain.events.notify import CommunicationDecided, DpoAdvised, NotificationDecided, RegulatorReportSubmitted
from domain.obligations import outstanding
from domain.roles import Role
from domain.vocabulary import Exemption, RiskLevel
from tests.given import FRIDAY_4PM, ONE_DAY, ONE_HOUR, ONE_SECOND, Story, a_breach, a_suspicion, investigated

MONDAY_4PM = FRIDAY_4PM + 3 * ONE_DAY
LATER = {"reasons_incomplete": "More is being looked into", "further_information_expected_at": MONDAY_4PM + ONE_DAY}


def decided() -> Story:
    """The controller decided to notify."""
    return a_breach().when("decide_notification", Role.HEAD, notify_regulator=True, reasons="It is owed").then_one()


def contained() -> Story:
    """Decided, investigated, and one measure taken: all that Art. 33(3) asks for is recorded."""
    return investigated(decided()).when("take_containment", item="off", action="system_shut_down").then_one()


@pytest.mark.parametrize("role", [Role.LEAD, Role.HEAD, Role.CHAIR, Role.STAFF])
def test_only_the_dpo_advises(role: Role) -> None:
    """Advice is the DPO's task (Art. 39(1))."""
    fields = {"notify_regulator": True, "communicate": True, "risk": "risk", "reasons": "A risk"}
    a_breach().when("advise", role, **fields).then_refused(NotYourRole)
    a_breach().when("advise", Role.DPO, **fields).then_kinds(DpoAdvised)


def test_the_dpo_does_not_decide() -> None:
    """The controller decides (Art. 38(6))."""
    for command, fields in (
        ("decide_notification", {"notify_regulator": True}),
        ("decide_communication", {"communicate": True}),
    ):
        a_breach().when(command, Role.DPO, reasons="I say so", **fields).then_refused(NotYourRole)


def test_the_adviser_cannot_decide_in_another_role() -> None:
    """One person with two hats is still one person."""
    advice = {"notify_regulator": True, "communicate": True, "risk": "risk", "reasons": "A risk"}
    story = a_breach().when("advise", Role.DPO, "the-same", **advice)
    decision = {"notify_regulator": True, "reasons": "Agreed"}
    story.when("decide_notification", Role.LEAD, "the-same", **decision).then_refused(AdviserCannotDecide)
    story.when("decide_notification", Role.LEAD, "another", **decision).then_kinds(NotificationDecided)


def test_the_controller_may_decide_otherwise_than_advised() -> None:
    """Advice and decision are two events and may differ."""
    story = investigated(a_breach()).when("assess_risk", Role.DPO, level="unlikely", reasons="Recovered unread")
    advice = {"notify_regulator": True, "communicate": False, "risk": "unlikely", "reasons": "To be safe"}
    story = story.when("advise", Role.DPO, **advice)
    story = story.when("decide_notification", Role.HEAD, notify_regulator=False, reasons="Not owed").then_one()
    assert story.case.decided_to_notify is False


@pytest.mark.parametrize("level", ["risk", "high", None])
def test_not_notifying_needs_a_risk_assessed_as_unlikely(level: str | None) -> None:
    """The default is to notify; the burden is on the controller (Art. 33(1))."""
    story = a_breach()
    if level:
        story = story.when("assess_risk", Role.DPO, level=level, reasons="Because")
    decision = {"notify_regulator": False, "reasons": "We would rather not"}
    story.when("decide_notification", Role.HEAD, **decision).then_refused(RiskNotAssessedAsUnlikely)


def test_a_suspicion_cannot_be_reported() -> None:
    """There is no report on an unconfirmed breach."""
    a_suspicion().when("submit_report", Role.DPO, **LATER).then_refused(NotConfirmed)


def test_a_report_follows_the_decision() -> None:
    """The controller notifies, so it decides first."""
    a_breach().when("submit_report", Role.DPO, **LATER).then_refused(NotificationNotDecided)


def test_a_report_is_initial_then_follow_up() -> None:
    """Phases are numbered (Art. 33(4))."""
    first = decided().when("submit_report", Role.DPO, **LATER).then_kinds(RegulatorReportSubmitted)
    second = first.after(ONE_HOUR).when("submit_report", Role.DPO, **LATER).then_one()
    reports = second.case.breach.reports if second.case.breach else ()
    assert [(report.number, report.phase) for report in reports] == [(1, "initial"), (2, "follow_up")]


def test_a_report_at_72_hours_is_on_time() -> None:
    """The boundary itself needs no reasons; one second before is as good."""
    for at in (MONDAY_4PM - ONE_SECOND, MONDAY_4PM):
        decided().at(at).when("submit_report", Role.DPO, **LATER).then_one()


def test_a_late_report_must_give_reasons() -> None:
    """One second after 72 hours a report without reasons for the delay is refused."""
    late = decided().at(MONDAY_4PM + ONE_SECOND)
    late.when("submit_report", Role.DPO, **LATER).then_refused(ReasonForDelayMissing)
    late.when("submit_report", Role.DPO, **LATER, reasons_for_delay="The office was shut").then_one()


def test_a_follow_up_after_the_deadline_needs_no_reasons() -> None:
    """Phases are allowed; only the first report is on the clock."""
    story = decided().when("submit_report", Role.DPO, **LATER).at(MONDAY_4PM + ONE_DAY)
    story.when(
        "submit_report",
        Role.DPO,
        reasons_incomplete="More is being looked into",
        further_information_expected_at=MONDAY_4PM + 5 * ONE_DAY,
    ).then_one()


def test_nothing_is_notified_before_awareness() -> None:
    """A report dated before awareness is a slip in one of the two times."""
    story = decided().after(ONE_HOUR)
    story.when("submit_report", Role.DPO, submitted_at=FRIDAY_4PM - ONE_SECOND, **LATER).then_refused(
        NotifiedBeforeAware
    )


def test_nothing_is_notified_in_the_future() -> None:
    """A report is recorded once it went."""
    story = decided()
    story.when("submit_report", Role.DPO, submitted_at=FRIDAY_4PM + ONE_SECOND, **LATER).then_refused(InTheFuture)


def test_an_incomplete_report_says_when_more_will_come() -> None:
    """The procedure asks for it (Appendix 2); Art. 33(4) allows phases."""
    decided().when("submit_report", Role.DPO).then_refused(FurtherInformationNotExpected)


def test_an_incomplete_report_says_why() -> None:
    """Appendix 2: the report explains that there is a delay and its reasons; a complete one has none to give."""
    when = {"further_information_expected_at": FRIDAY_4PM + ONE_DAY}
    decided().when("submit_report", Role.DPO, **when).then_refused(ReasonsIncompleteMissing)
    contained().when("submit_report", Role.DPO, complete=True, reasons_incomplete="Some").then_refused(
        NothingToComplete
    )


def test_the_report_that_leaves_nothing_open_completes_the_others() -> None:
    """Initial, follow-up, completed; a first report that is complete is initial all the same."""

    def phases(*said: str) -> list[str]:
        story = contained()
        for each in said:
            story = story.after(ONE_HOUR).when(
                "submit_report", Role.DPO, **({"complete": True} if each == "all" else LATER)
            )
            story = story.then_one().when("describe_cause", Role.DPO, cause="hacking", detail=str(story.now))
        return [report.phase for report in story.case.breach.reports] if story.case.breach else []

    assert phases("some", "more", "all") == ["initial", "follow_up", "completed"]
    assert phases("all", "more", "all") == ["initial", "follow_up", "completed"]


def test_a_complete_report_has_all_that_art_33_3_asks_for() -> None:
    """What is missing is named."""
    decided().when("submit_report", Role.DPO, complete=True).then_refused(
        ReportNotComplete, "categories of personal data", "likely consequences", "measures taken or proposed"
    )
    contained().when("submit_report", Role.DPO, complete=True).then_one()


def test_a_complete_report_is_complete_once() -> None:
    """The same report again at the same moment is a repeat; another complete one is refused."""
    story = contained().when("submit_report", Role.DPO, complete=True)
    story.when("submit_report", Role.DPO, complete=True).then_nothing_happens()
    story.after(ONE_HOUR).when("submit_report", Role.DPO, complete=True).then_refused(ReportAlreadyComplete)


def test_only_a_report_that_stands_can_be_withdrawn() -> None:
    """After a withdrawal the clock's question is open again."""
    decided().when("withdraw_report", Role.HEAD, reason="An error").then_refused(NoReportStands)
    story = (
        decided()
        .when("submit_report", Role.DPO, **LATER)
        .when("withdraw_report", Role.HEAD, reason="An error")
        .then_one()
    )
    story.when("withdraw_report", Role.HEAD, reason="An error").then_nothing_happens()
    assert story.case.clock_runs


def test_high_risk_without_telling_needs_an_exemption() -> None:
    """Art. 34(3) has three limbs, and one of them must be named."""
    story = a_breach().when("assess_risk", Role.DPO, level="high", reasons="Health data")
    silent = {"communicate": False, "reasons": "Encrypted"}
    story.when("decide_communication", Role.HEAD, **silent).then_refused(ExemptionMissing)
    story.when("decide_communication", Role.HEAD, **silent, exemption="data_unintelligible").then(
        CommunicationDecided(communicate=False, reasons="Encrypted", exemption=Exemption.UNINTELLIGIBLE)
    )


def test_telling_people_relies_on_no_exemption() -> None:
    """Both at once would be a contradiction in the log."""
    fields = {"communicate": True, "reasons": "They ask", "exemption": "disproportionate_effort"}
    a_breach().when("decide_communication", Role.HEAD, **fields).then_refused(ExemptionNotNeeded)


def test_without_high_risk_not_telling_needs_only_reasons() -> None:
    """Art. 34(1) is about high risk."""
    story = a_breach().when("assess_risk", Role.DPO, level="risk", reasons="Some")
    story.when("decide_communication", Role.HEAD, communicate=False, reasons="No high risk").then_one()


def test_a_risk_that_rose_asks_for_a_new_decision() -> None:
    """New facts mean reassessing, and perhaps notifying after all."""
    story = a_breach().when("assess_risk", Role.DPO, level="unlikely", reasons="Encrypted")
    story = story.when("decide_notification", Role.HEAD, notify_regulator=False, reasons="Unlikely")
    assert not _asked(story, "decide_notification")
    story = story.when("assess_risk", Role.DPO, level="high", reasons="The key was on the stick")
    assert _asked(story, "decide_notification")
    assert story.case.risk is RiskLevel.HIGH
    story = story.when("decide_notification", Role.HEAD, notify_regulator=True, reasons="After all").then_one()
    assert story.case.clock_runs


def test_the_regulator_can_require_that_people_are_told() -> None:
    """Art. 34(4) overrides the school's own decision."""
    story = decided().when("decide_communication", Role.HEAD, communicate=False, reasons="No high risk")
    assert not _asked(story, "tell_data_subjects")
    story = story.when("record_answer", Role.DPO, answer="Tell them", requires_communication=True)
    assert _asked(story, "tell_data_subjects")


def test_other_bodies_may_be_told_before_anything_is_confirmed() -> None:
    """Some are told as part of the containment."""
    a_suspicion().when("tell_other_body", Role.LEAD, body="local_authority").then_one()


def test_the_clock_stops_with_a_report_or_a_decision_not_to_notify() -> None:
    """Until then it runs, even when the controller has decided to notify."""
    assert a_breach().case.clock_runs
    assert decided().case.clock_runs
    assert not decided().when("submit_report", Role.DPO, **LATER).case.clock_runs
    story = a_breach().when("assess_risk", Role.DPO, level="unlikely", reasons="Encrypted")
    assert not story.when("decide_notification", Role.HEAD, notify_regulator=False, reasons="No").case.clock_runs
    assert a_breach().case.breach is not None
    assert decided().at(MONDAY_4PM + timedelta(days=30)).case.clock_runs


def _asked(story: Story, command: str) -> bool:
    return any(obligation.command == command for obligation in outstanding(story.case))
