"""`python -m benchmarks --quick` writes a whole and consistent document. How fast anything is, no test says."""

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
GOALS = {
    "append_single_sqlite": 0.5,
    "append_batch_sqlite": 0.25,
    "append_single_postgres": None,
    "append_batch_postgres": None,
    "catch_up": 0.5,
    "verify": 0.5,
    "as_at": 0.5,
    "desk_everything": 0.77,
    "desk_one_school": 0.77,
    "desk_50_schools": 0.77,
    "desk_1000_schools": 0.77,
    "desk_step_and_role": 0.77,
    "desk_closed": 0.77,
    "desk_all_open": 0.77,
    "export_csv": 0.25,
    "export_xlsx": 0.25,
    "export_json": None,
    "page_desk": None,
    "page_incident": None,
    "page_report": None,
    "relay": 0.9,
    "relay_acks": None,
}

PAPERS = (("review_pdf", "_first"), ("review_pdf", "_later"), ("breach_log_pdf", ""))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Any]:
    """What a quick run printed, and the document that it wrote."""
    out = tmp_path_factory.mktemp("bench") / "build" / "bench.json"
    command = [sys.executable, "-W", "error", "-m", "benchmarks", "--quick", "--out", str(out)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout, json.loads(out.read_text())


@pytest.fixture
def document(finished: tuple[str, Any]) -> Any:
    """The document."""
    return finished[1]


@pytest.fixture
def figures(document: Any) -> dict[str, Any]:
    """Its figures by name."""
    return {figure["name"]: figure for figure in document["figures"]}


def test_every_figure_is_there_once_with_its_goal(document: Any) -> None:
    """Whoever drops a figure or lowers a goal has to say so here."""
    found = [(figure["name"], figure["goal"]) for figure in document["figures"]]
    assert found == list(GOALS.items())


def test_each_figure_says_what_it_is_measured_against(figures: dict[str, Any]) -> None:
    """A rate says nothing without its floor."""
    for figure in figures.values():
        assert set(figure) == {
            "name", "unit", "floor", "ours_per_second", "floor_per_second", "ratio", "goal", "met", "n", "quick",
            "rounds", "notes",
        }  # fmt: skip
        assert len(figure["floor"]) > 20
        assert figure["n"] > 0
        assert figure["quick"] is True


def test_rates_are_positive_and_the_best_is_no_worse_than_the_median(figures: dict[str, Any]) -> None:
    """Both come from the rounds that are written down."""
    for figure in figures.values():
        for side in ("ours", "floor"):
            rates = [turn[side] for turn in figure["rounds"]]
            assert min(rates) > 0
            assert figure[f"{side}_per_second"] == {"median": median(rates), "best": max(rates)}


def test_the_ratio_is_the_median_of_each_rounds_own(figures: dict[str, Any]) -> None:
    """Two medians of different rounds would compare different moments of the disk."""
    for figure in figures.values():
        assert len(figure["rounds"]) > 1
        for turn in figure["rounds"]:
            assert turn["ratio"] == pytest.approx(turn["ours"] / turn["floor"])
        assert figure["ratio"] == pytest.approx(median(turn["ratio"] for turn in figure["rounds"]))
        assert figure["met"] == (None if figure["goal"] is None else figure["ratio"] >= figure["goal"])


def test_the_relay_says_what_a_workflow_costs(figures: dict[str, Any]) -> None:
    """Memory and disk, beside the rate."""
    notes = figures["relay"]["notes"]
    whose = [f"{who}_megabytes_{when}" for who in ("server", "worker") for when in ("before", "after")]
    assert all(notes[name] > 0 for name in (*whose, "database_bytes_per_workflow"))


def test_an_export_says_how_much_memory_few_and_many_incidents_take(figures: dict[str, Any]) -> None:
    """A stream takes no more for ten times as many; in a quick run there are too few to compare."""
    for format_ in ("csv", "xlsx", "json"):
        notes = figures[f"export_{format_}"]["notes"]
        peaks = [value for name, value in notes.items() if name.startswith("peak_megabytes_with_")]
        assert len(peaks) == 2
        assert all(peak > 0 for peak in (*peaks, notes["bytes_per_incident"]))


def test_the_time_that_a_paper_takes_is_written_down(document: Any) -> None:
    """The first review and later ones, and a whole log; there is nothing to compare them with."""
    papers = document["papers"]
    assert 4 <= papers["review_pdf_pages"] <= 6
    assert all(papers[f"{name}_seconds{when}"] > 0 for name, when in PAPERS)


def test_the_machine_is_described_and_not_named(document: Any) -> None:
    """A figure without its machine cannot be compared."""
    wanted = ("cores", "system", "architecture", "python", "sqlite", "postgresql", "temporal_server")
    assert all(document["machine"][name] for name in wanted)
    assert str(Path.home()) not in json.dumps(document)


def test_the_table_shows_every_figure(finished: tuple[str, Any]) -> None:
    """What is written down is also shown."""
    assert all(name in finished[0] for name in GOALS)
