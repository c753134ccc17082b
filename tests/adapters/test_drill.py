"""Scenarios played on the real server: five steps, 72 hours and their papers in seconds."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from adapters.scenario import ScenarioWrong, read_scenario

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
TOCSIN = Path(sys.executable).with_name("tocsin")


def drilled(name: str, out: Path) -> dict[str, Any]:
    """The scenario, played by the command a user types."""
    run = subprocess.run(
        [TOCSIN, "drill", SCENARIOS / f"{name}.yaml", "--out", out, "--json"],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == json.loads((out / "drill.json").read_text())
    drill: dict[str, Any] = json.loads(run.stdout)
    return drill


def kinds(incident: dict[str, Any]) -> list[str]:
    """The events of an incident, in order."""
    return [event["kind"] for event in incident["events"]]


def test_classcharts_goes_through_all_five_steps(tmp_path: Path) -> None:
    """Every step is done, the deadline is 72 hours after the first parent's call, and the papers can be read."""
    drill = drilled("classcharts", tmp_path)
    (incident,) = drill["incidents"]
    assert set(incident["steps"].values()) == {"done"}
    assert (incident["aware_at"], incident["deadline"]) == ("2027-01-14T07:40:00+00:00", "2027-01-17T07:40:00+00:00")
    assert kinds(incident)[-1] == "incident.closed"
    assert {"ico-submission-phase-1.pdf", "ico-submission-phase-2.json", "governors-review.pdf", "timeline.json"} <= {
        *drill["documents"]
    }
    for document in drill["documents"]:
        assert (tmp_path / document).stat().st_size > 0
    text = "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(tmp_path / "governors-review.pdf")
    )
    assert incident["ref"] in text
    assert sorted(incident["events"], key=lambda event: event["position"]) == incident["events"]


def test_nobody_acts_and_the_chair_is_reached(tmp_path: Path) -> None:
    """Reminders in order, the chair before and after, and the deadline missed at 72 hours to the minute."""
    (incident,) = drilled("nobody-acts", tmp_path)["incidents"]
    engine = [(event["kind"], event["recorded_at"][:16]) for event in incident["events"] if event["actor"] == "engine"]
    assert [at for _, at in engine] == sorted(at for _, at in engine)
    assert ("engine.deadline_missed", "2026-12-21T15:30") in engine
    reminders = [at for kind, at in engine if kind == "engine.reminder_sent"]
    assert reminders[2:10:2] == ["2026-12-19T15:30", "2026-12-20T15:30", "2026-12-21T03:30", "2026-12-21T14:30"]
    assert [at for kind, at in engine if kind == "engine.escalation_raised"] == [
        "2026-12-19T03:40",
        "2026-12-20T15:30",
        "2026-12-21T09:30",
        "2026-12-21T15:30",
    ]
    mails = sorted(path.name for path in (tmp_path / "messages").glob("*.eml"))
    assert sum(".chair." in name for name in mails) == 4


def test_the_memory_stick_is_reported_late_with_its_reasons(tmp_path: Path) -> None:
    """Without reasons the report is refused, and so is silence at a high risk: the scenario says so and it is so."""
    (incident,) = drilled("memory-stick", tmp_path)["incidents"]
    assert incident["deadline"] == "2027-03-28T16:20:00+00:00"
    assert set(incident["steps"].values()) == {"done"}
    submission = json.loads((tmp_path / "ico-submission-phase-1.json").read_text())
    fields = {field["key"]: field for section in submission["sections"] for field in section["fields"]}
    assert "did not know that the find alone starts the clock" in fields["delay_reason"]["answer"]


def test_a_dutch_school_has_its_own_clock_and_zone(tmp_path: Path) -> None:
    """Another regulator, another zone, and one school's clock whatever the platform reported itself."""
    (incident,) = drilled("onderwijs-transparant", tmp_path)["incidents"]
    assert incident["school"] == "00AA"
    assert incident["deadline"] == "2026-11-23T13:10:00+00:00"
    assert set(incident["steps"].values()) == {"done"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("scenario: [", "not readable as YAML"),
        ("scenario: x", "title: is needed"),
        ("do: confirm_breach, at: 26h, actor: dpl", "not a span of time"),
        ("do: confirm, at: +26h, actor: dpl", "there is no command “confirm”"),
        ("do: confirm_breach, at: +26h, actor: dpl", "comes before “the incident” is reported"),
        ("do: report_incident, at: +1h, actor: dpl, with: {what: x}", "what_happened"),
    ],
)
def test_a_wrong_scenario_is_refused_in_words(text: str, sentence: str, tmp_path: Path) -> None:
    """The place of the mistake is named."""
    path = tmp_path / "wrong.yaml"
    if text.startswith("do"):
        text = f"{{scenario: x, title: x, start: 2027-01-01T00:00:00+00:00, steps: [{{{text}}}]}}"
    path.write_text(text)
    with pytest.raises(ScenarioWrong, match=sentence):
        read_scenario(path)


def test_an_act_that_goes_otherwise_than_told_ends_the_drill(tmp_path: Path) -> None:
    """A scenario is also a test: what must be refused and is not, or the other way round, is said."""
    path = tmp_path / "wrong.yaml"
    path.write_text(
        "{scenario: x, title: x, start: 2027-01-01T00:00:00+00:00, steps: ["
        "{do: report_incident, at: +0h, actor: staff, with: {what_happened: x}},"
        "{do: confirm_breach, at: +1h, actor: staff}]}"
    )
    run = subprocess.run(
        [TOCSIN, "drill", path, "--out", tmp_path / "out"], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 1
    assert "As a member of staff you may not confirm breach; it is for: the Data Protection Lead" in run.stderr
    assert "Traceback" not in run.stderr
