"""Awareness starts the clock of UK GDPR Art. 33(1); it is never moved in silence."""

from datetime import timedelta

from domain.errors import (
    AlreadyConfirmed,
    AlreadyReported,
    AwareBeforeItHappened,
    InTheFuture,
    LaterAwarenessNeedsAReason,
    NotConfirmed,
    NotYourRole,
    ReportStandsWithTheRegulator,
)
from domain.events.discover import AwarenessCorrected, ControllerBecameAware, FoundNotToBeABreach, NearMissRecorded
from domain.roles import Role
from tests.given import FRIDAY_4PM, ONE_DAY, ONE_HOUR, ONE_SECOND, Story, a_breach, a_suspicion


def test_awareness_is_the_first_signal_unless_told_otherwise() -> None:
    """A breach confirmed a day later counts from the moment the school first learnt of it."""
    story = a_suspicion().after(ONE_DAY).when("confirm_breach")
    story.then(ControllerBecameAware(aware_at=FRIDAY_4PM, first_signal_at=FRIDAY_4PM))


def test_a_processors_notice_that_came_earlier_is_the_first_signal() -> None:
    """What reached the school before its own report moves awareness back."""
    told_at = FRIDAY_4PM - ONE_HOUR
    story = a_suspicion().when("record_processor_notice", processor="A supplier", message="A fault", told_at=told_at)
    breach = story.when("confirm_breach").case.breach
    assert breach is not None
    assert breach.aware_at == told_at


def test_the_processors_own_awareness_does_not_start_the_schools_clock() -> None:
    """The supplier knew two days before; the school's 72 hours begin when the school is told."""
    story = a_suspicion().when(
        "record_processor_notice",
        processor="A supplier",
        message="A fault",
        told_at=FRIDAY_4PM,
        processor_aware_at=FRIDAY_4PM - 2 * ONE_DAY,
    )
    breach = story.when("confirm_breach").case.breach
    assert breach is not None
    assert breach.aware_at == FRIDAY_4PM


def test_later_awareness_needs_a_reason() -> None:
    """A later moment is allowed for a short investigation, and the log says why."""
    later = {"aware_at": FRIDAY_4PM + ONE_HOUR}
    story = a_suspicion().after(ONE_DAY)
    story.when("confirm_breach", **later).then_refused(LaterAwarenessNeedsAReason)
    story.when("confirm_breach", **later, reason_later_than_first_signal="The laptop was searched for").then_one()


def test_awareness_cannot_lie_in_the_future() -> None:
    """One second from now is refused, now itself is not."""
    reason = {"reason_later_than_first_signal": "Searched for"}
    a_suspicion().when("confirm_breach", aware_at=FRIDAY_4PM + ONE_SECOND, **reason).then_refused(InTheFuture)
    a_suspicion().when("confirm_breach", aware_at=FRIDAY_4PM).then_one()


def test_awareness_cannot_come_before_the_breach() -> None:
    """Nobody is aware of what has not begun."""
    story = a_suspicion(occurred={"began_at": FRIDAY_4PM - ONE_HOUR})
    story.when("confirm_breach", aware_at=FRIDAY_4PM - 2 * ONE_HOUR).then_refused(AwareBeforeItHappened)


def test_a_breach_is_confirmed_once() -> None:
    """The same again is nothing new; another moment has to be a correction."""
    story = a_breach().after(ONE_DAY)
    story.when("confirm_breach").then_nothing_happens()
    story.when("confirm_breach", aware_at=FRIDAY_4PM).then_nothing_happens()
    story.when("confirm_breach", aware_at=FRIDAY_4PM - ONE_HOUR).then_refused(AlreadyConfirmed)


def test_awareness_is_corrected_by_an_event_with_a_reason() -> None:
    """The deadline moves with it, in either direction."""
    earlier, later = FRIDAY_4PM - ONE_HOUR, FRIDAY_4PM + ONE_HOUR
    story = a_breach().after(ONE_DAY)
    back = story.when("correct_awareness", aware_at=earlier, reason="The office knew at three")
    back.then(AwarenessCorrected(aware_at=earlier, reason="The office knew at three"))
    assert back.case.breach is not None
    assert back.case.breach.deadline == earlier + timedelta(days=3)
    forward = story.when("correct_awareness", aware_at=later, reason="A slip of the pen").case.breach
    assert forward is not None
    assert forward.deadline == later + timedelta(days=3)


def test_a_correction_to_the_same_moment_changes_nothing() -> None:
    """A repeated command gives no event."""
    a_breach().when("correct_awareness", aware_at=FRIDAY_4PM, reason="Again").then_nothing_happens()


def test_a_correction_into_the_future_is_refused() -> None:
    """A correction cannot buy time."""
    a_breach().when("correct_awareness", aware_at=FRIDAY_4PM + ONE_DAY, reason="More time").then_refused(InTheFuture)


def test_only_a_confirmed_breach_has_an_awareness_to_correct() -> None:
    """A suspicion has no clock."""
    a_suspicion().when("correct_awareness", aware_at=FRIDAY_4PM, reason="Early").then_refused(NotConfirmed)


def test_staff_report_and_do_not_confirm() -> None:
    """Confirming is for those who lead."""
    a_suspicion().when("confirm_breach", Role.STAFF).then_refused(NotYourRole, "a member of staff", "confirm breach")


def test_a_report_needs_nothing_but_what_happened() -> None:
    """Everything else may be unknown."""
    reported = Story().when("report_incident", Role.STAFF, what_happened="Something").then_one().case
    assert reported.first_signal_at == FRIDAY_4PM
    assert reported.breach is None


def test_an_incident_is_reported_once() -> None:
    """A second report is another incident, with a reference of its own."""
    a_suspicion().when("report_incident", Role.STAFF, what_happened="Another").then_refused(AlreadyReported)


def test_a_report_about_tomorrow_is_refused() -> None:
    """Neither the discovery nor the event itself can lie ahead."""
    tomorrow = FRIDAY_4PM + ONE_DAY
    for fields in ({"discovered_at": tomorrow}, {"occurred": {"began_at": tomorrow}}):
        Story().when("report_incident", what_happened="Something", **fields).then_refused(InTheFuture)


def test_not_a_breach_is_a_finding_with_a_reason() -> None:
    """It ends the suspicion and can be overturned by a confirmation."""
    story = a_suspicion().when("find_not_a_breach", reason="The file held no personal data")
    story.then(FoundNotToBeABreach(reason="The file held no personal data"))
    story.when("find_not_a_breach", reason="The same").then_nothing_happens()
    story.when("confirm_breach").then_one()


def test_a_near_miss_is_recorded_with_what_prevented_it() -> None:
    """It is kept to be learnt from."""
    story = a_suspicion(nature="near_miss").when("record_near_miss", what_prevented_it="The message was held back")
    story.then(NearMissRecorded(what_prevented_it="The message was held back"))


def test_what_was_reported_to_the_regulator_is_withdrawn_before_it_is_no_breach() -> None:
    """A report that stands cannot be forgotten."""
    story = a_breach().when("decide_notification", Role.HEAD, notify_regulator=True, reasons="Yes")
    story = story.when(
        "submit_report",
        Role.DPO,
        reasons_incomplete="More is being looked into",
        further_information_expected_at=FRIDAY_4PM + ONE_DAY,
    )
    story.when("find_not_a_breach", reason="An error").then_refused(ReportStandsWithTheRegulator)
    story.when("withdraw_report", Role.HEAD, reason="An error").when("find_not_a_breach", reason="An error").then_one()
