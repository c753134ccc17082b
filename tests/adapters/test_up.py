"""`tocsin up` as an operator runs it: killed at any moment, stopped by Ctrl-C, on SQLite and on PostgreSQL."""

import json
import signal
import subprocess
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from adapters.bootstrap import Settings, Tocsin
from adapters.temporal_server import free_port
from domain.commands import command_named
from domain.commands.discover import ReportIncident
from domain.roles import Actor, Role
from tests.installation import TOCSIN, Installation, until

LEAD = Actor(id="dpl", role=Role.LEAD)


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    """Makes installations, and ends them."""
    made: list[Installation] = []

    def install(name: str = "data", *options: str) -> Installation:
        made.append(Installation(tmp_path / name, *options))
        return made[-1]

    yield install
    for installation in made:
        if installation.process and installation.process.poll() is None:
            installation.end()


def late_breach(data: Path, hours: float, name: str = "late", database_url: str | None = None) -> str:
    """A breach of which the school became aware so many hours ago."""
    tocsin = Tocsin(Settings(data=data, database_url=database_url))
    try:
        tocsin.schools.add_sample()
        aware = datetime.now(UTC) - timedelta(hours=hours)  # noqa: TID251  the product runs on the real clock here
        reported = command_named("report_incident", {"what_happened": "A stick is lost", "discovered_at": aware})
        assert isinstance(reported, ReportIncident)
        ref = tocsin.report(reported, "100001", LEAD, name)[0].incident
        tocsin.act(command_named("confirm_breach", {}), ref, LEAD)
        return ref
    finally:
        tocsin.close()


def kinds(data: Path, ref: str, database_url: str | None = None) -> list[str]:
    """The incident's events."""
    tocsin = Tocsin(Settings(data=data, database_url=database_url))
    try:
        assert tocsin.log.verify().whole
        return [event.fact.kind for event in tocsin.log.history(ref)]
    finally:
        tocsin.close()


def test_what_fell_due_before_the_start_is_done_once(installed: Callable[..., Installation]) -> None:
    """Fifty hours late: one message each; after a restart, no second one."""
    tocsin = installed()
    ref = late_breach(tocsin.data, 50)
    tocsin.start()
    due = {"reported.dpo", "clock.48h.dpo", "clock.48h.dpl", "clock.undecided.24h.chair"}
    until(lambda: due <= tocsin.names())
    before = tocsin.mails()
    assert tocsin.end(signal.SIGINT)[0] == 0
    tocsin.start()
    time.sleep(1)
    assert tocsin.mails() == before
    assert max(Counter(before).values()) == 1
    assert kinds(tocsin.data, ref).count("engine.escalation_raised") == 1


@pytest.mark.parametrize("pause", [0.0, 0.15, 0.4])
def test_killed_at_any_moment_nothing_is_lost_and_nothing_sent_twice(
    installed: Callable[..., Installation], pause: float
) -> None:
    """Killed with -9 while it sends, three times; at the end every message lies there once and the log is whole."""
    tocsin = installed()
    refs = [late_breach(tocsin.data, 73, f"late-{number}") for number in range(4)]
    for _ in range(3):
        tocsin.start()
        time.sleep(pause)
        tocsin.end()
    tocsin.start()
    wanted = [f"{ref}.clock.missed.{role}." for ref in refs for role in ("dpo", "dpl", "chair")]
    until(lambda: all(any(path.name.startswith(name) for path in tocsin.outbox()) for name in wanted))
    until(lambda: all("engine.escalation_raised" in kinds(tocsin.data, ref) for ref in refs))
    time.sleep(1)
    assert max(Counter(tocsin.mails()).values()) == 1
    for ref in refs:
        found = Counter(kinds(tocsin.data, ref))
        assert found["engine.deadline_missed"] == 1
        assert found["engine.reminder_sent"] + found["engine.escalation_raised"] == len(
            [path for path in tocsin.outbox() if path.name.startswith(ref)]
        )


def test_ctrl_c_stops_everything(installed: Callable[..., Installation]) -> None:
    """Exit 0, a word of goodbye, and no process left."""
    tocsin = installed()
    tocsin.start()
    server = tocsin.server()
    code, printed = tocsin.end(signal.SIGINT)
    assert (code, server.is_running()) == (0, False)
    assert "Tocsin is running" in printed
    assert printed.rstrip().endswith("Tocsin has stopped.")
    assert "Traceback" not in printed


def test_what_people_type_is_not_in_what_tocsin_prints(installed: Callable[..., Installation]) -> None:
    """Not on the screen, not in a log line, not in Temporal's file, not in the clear on disk, even when mail fails."""
    tocsin = installed("data", "--smtp-url", f"smtp://127.0.0.1:{free_port()}")
    late_breach(tocsin.data, 25)
    tocsin.start()
    time.sleep(3)
    _, printed = tocsin.end(signal.SIGINT)
    assert '"level": "warning"' in printed
    stored = b"".join(path.read_bytes() for path in tocsin.data.rglob("*") if path.is_file())
    assert b"incident.reported" in stored
    assert "A stick is lost" not in printed
    assert b"A stick is lost" not in stored


def test_a_server_that_dies_is_started_again(installed: Callable[..., Installation]) -> None:
    """The web side stays up, the clocks go on, and a breach reported afterwards is watched."""
    tocsin = installed()
    tocsin.start()
    server = tocsin.server()
    server.kill()
    until(lambda: tocsin.health().get("status") == "ok" and tocsin.server().pid != server.pid)
    late_breach(tocsin.data, 25)
    until(lambda: "clock.24h.dpo" in tocsin.names())


async def test_with_temporals_file_deleted_every_clock_is_restored(installed: Callable[..., Installation]) -> None:
    """The log is the record: the new server watches what the old one watched, and nothing is sent again."""
    tocsin = installed()
    refs = [late_breach(tocsin.data, hours, f"breach-{hours}") for hours in (1, 30)]
    tocsin.start()
    until(lambda: len(tocsin.mails()) == 4)  # one to the DPO of each, and two of the clock that is thirty hours old
    tocsin.end(signal.SIGINT)
    before = tocsin.mails()
    for file in tocsin.data.glob("temporal.sqlite*"):
        file.unlink()
    tocsin.start()
    assert reconciled(tocsin).startswith("Open incidents watched: 2.")
    client = await Client.connect(f"127.0.0.1:{tocsin.temporal}", namespace="tocsin")
    for ref in refs:
        description = await client.get_workflow_handle(f"breach-{ref}").describe()
        deadline = {pair.key.name: pair.value for pair in description.typed_search_attributes}["BreachDeadline"]
        remaining = deadline - datetime.now(UTC)  # noqa: TID251
        assert timedelta(hours=41) < remaining < timedelta(hours=72)
    assert tocsin.mails() == before


def reconciled(tocsin: Installation) -> str:
    """What `tocsin reconcile` says."""
    words = [str(TOCSIN), "reconcile", "--data", str(tocsin.data), "--temporal-port", str(tocsin.temporal)]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=True).stdout


def test_one_data_folder_has_one_tocsin(installed: Callable[..., Installation]) -> None:
    """The second says so in one sentence; so it does when its port is taken."""
    first = installed()
    first.start()
    other = first.data.parent / "other"
    for data, port, sentence in (
        (first.data, free_port(), "Another Tocsin is using this data folder"),
        (other, first.web, "is used by another program"),
    ):
        words = [str(TOCSIN), "up", "--data", str(data), "--port", str(port)]
        second = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
        assert second.returncode == 1
        assert sentence in second.stderr
        assert len(second.stderr.strip().splitlines()) == 1


def test_it_runs_on_postgresql_and_a_temporal_service(
    installed: Callable[..., Installation], postgres_address: str
) -> None:
    """Two installations share one log and one Temporal Service; an alarm that falls due is sent by one of them."""
    service = installed("service")
    service.start()
    url = postgres_address
    address = f"127.0.0.1:{service.temporal}"
    options = ("--database-url", url, "--temporal-address", address, "--namespace", "shared")
    tocsin = installed("data", *options)
    tocsin.start()
    ref = late_breach(tocsin.data, 25, database_url=url)
    until(lambda: "clock.24h.dpo" in tocsin.names())
    until(lambda: "engine.reminder_sent" in kinds(tocsin.data, ref, url))
    assert not (tocsin.data / "events.sqlite").exists()
    assert not (tocsin.data / "temporal.sqlite").exists()


def test_health_figures_and_api_description_are_served(installed: Callable[..., Installation]) -> None:
    """What a watcher of the service asks for."""
    tocsin = installed()
    late_breach(tocsin.data, 1)
    tocsin.start()
    until(lambda: tocsin.health()["log"]["viewed"] == tocsin.health()["log"]["head"] > 0)
    pages = {}
    for page in ("metrics", "openapi.json", ""):
        with urllib.request.urlopen(f"http://127.0.0.1:{tocsin.web}/{page}", timeout=5) as answer:
            pages[page] = answer.read().decode()
    assert "tocsin_running_clocks 1.0" in pages["metrics"]
    assert "/healthz" in json.loads(pages["openapi.json"])["paths"]
    assert "<h1" in pages[""]
    assert "Sign in" in pages[""]
