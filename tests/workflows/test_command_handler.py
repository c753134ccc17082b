"""Load, decide, append: repeats, other commands under the same id, and people who act at the same moment."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.bootstrap import Settings, Tocsin
from domain.commands import command_named
from domain.commands.discover import ReportIncident
from domain.errors import CommandIdTaken, SomeoneElseActed
from domain.events import Recorded
from domain.events.notify import RegulatorReportSubmitted
from domain.roles import ENGINE, Role
from tests.given import FRIDAY_4PM, actor

STAFF, LEAD, HEAD, DPO = (actor(role) for role in (Role.STAFF, Role.LEAD, Role.HEAD, Role.DPO))
MORE = {
    "reasons_incomplete": "More is being looked into",
    "further_information_expected_at": FRIDAY_4PM + timedelta(days=9),
}


class Desk:
    """An installation with one breach that the controller decided to report, and a clock that a test sets."""

    def __init__(self, data: Path) -> None:
        self.now = FRIDAY_4PM
        self.tocsin = Tocsin(Settings(data), clock=lambda: self.now)
        self.tocsin.schools.add_sample()
        reported = command_named("report_incident", {"what_happened": "A stick"})
        assert isinstance(reported, ReportIncident)
        self.ref = self.tocsin.report(reported, "100001", STAFF, "first")[0].incident
        self.tocsin.act(command_named("confirm_breach", {}), self.ref, LEAD)
        decision = command_named("decide_notification", {"notify_regulator": True, "reasons": "Owed"})
        self.tocsin.act(decision, self.ref, HEAD)

    def submit(self, id_: str, seen: int | None = None, **fields: object) -> tuple[Recorded, ...]:
        """The DPO submits a report."""
        return self.tocsin.act(command_named("submit_report", {**MORE, **fields}), self.ref, DPO, id_, seen)

    def somebody_acts_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Between the next reading of the log and the append that follows it, somebody else gets in first."""
        log = self.tocsin.log
        append: Callable[[Sequence[Recorded]], tuple[Recorded, ...]] = log.append

        def beaten(events: Sequence[Recorded]) -> tuple[Recorded, ...]:
            monkeypatch.setattr(log, "append", append)
            self.tocsin.act(command_named("add_note", {"note": "Me first"}), self.ref, LEAD)
            return append(events)

        monkeypatch.setattr(log, "append", beaten)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A new one."""
    return Desk(tmp_path / "data")


def test_a_report_repeated_later_is_the_report_that_went(desk: Desk) -> None:
    """Its time and its document were filled in then, and are not filled in anew."""
    first = desk.submit("report-1")
    desk.now += timedelta(hours=3)
    desk.tocsin.act(command_named("add_note", {"note": "Meanwhile"}), desk.ref, LEAD)
    assert desk.submit("report-1") == first


def test_another_report_under_the_same_id_is_refused(desk: Desk) -> None:
    """Another time, or another person: not the same command."""
    desk.submit("report-1")
    desk.now += timedelta(hours=3)
    with pytest.raises(CommandIdTaken):
        desk.submit("report-1", submitted_at=desk.now)
    with pytest.raises(CommandIdTaken):
        desk.tocsin.act(command_named("submit_report", MORE), desk.ref, LEAD, "report-1")


def test_a_repeat_is_recognised_where_clocks_differ(desk: Desk) -> None:
    """The event before it was written by a machine whose clock is ahead."""
    ahead, desk.now = desk.now, desk.now - timedelta(minutes=5)
    stopped = command_named("record_stopped", {})
    first = desk.tocsin.act(stopped, desk.ref, LEAD, "stopped")
    assert first[0].recorded_at == ahead
    assert desk.tocsin.act(stopped, desk.ref, LEAD, "stopped") == first


def test_the_engine_may_say_again_what_it_has_said(desk: Desk) -> None:
    """A retry after a crash may know a little more or less; the alarm is recorded once and nothing is refused."""
    fields = {"alarm": "clock.24h.dpo", "to": "dpo", "due_at": FRIDAY_4PM}
    handle = desk.tocsin.handler.handle
    first = handle(command_named("record_reminder", fields), desk.ref, ENGINE, desk.now, "engine:one")
    again = command_named("record_reminder", {**fields, "stands_for": ("clock.12h.dpo",)})
    assert handle(again, desk.ref, ENGINE, desk.now, "engine:one") == first


def test_a_report_that_meets_somebody_is_made_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It covers what was there when it went, and its author need not know."""
    desk.somebody_acts_once(monkeypatch)
    (event,) = desk.submit("report-1")
    assert isinstance(event.fact, RegulatorReportSubmitted)
    assert event.fact.document is not None
    assert event.fact.document.covers_version == event.version - 1


def test_whoever_named_a_version_is_told_of_the_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is recorded, and nothing is lost: they look again."""
    seen = desk.tocsin.incident(desk.ref).version
    desk.somebody_acts_once(monkeypatch)
    with pytest.raises(SomeoneElseActed):
        desk.submit("report-1", seen)
    with pytest.raises(SomeoneElseActed):
        desk.submit("report-2", seen)
    assert desk.tocsin.incident(desk.ref).version == seen + 1
