"""Each legal number stands in one place, beside its citation; the map in the README leads there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "workflows", "projections", "adapters")
SOURCES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def found(pattern: str) -> list[str]:
    """Where a pattern stands in the code."""
    regex = re.compile(pattern)
    return [str(path.relative_to(ROOT)) for path in SOURCES if regex.search(path.read_text(encoding="utf-8"))]


def test_the_72_hour_rule_has_one_home() -> None:
    """A search for it gives one line in domain/deadlines.py."""
    assert found(r"hours\s*=\s*72|days\s*=\s*3\b|72\s*\*\s*60|259_?200") == ["domain/deadlines.py"]


def test_only_the_clock_reads_the_clock() -> None:
    """Domain, workflows and projections take time as an argument."""
    assert found(r"datetime\.now\(|\butcnow\(|time\.time\(|date\.today\(") == ["adapters/clock.py"]


def test_only_ids_are_made_where_ids_are_made() -> None:
    """No chance inside the rules."""
    assert found(r"\buuid4\(") == ["adapters/ids.py"]
    assert not [path for path in found(r"\brandom\.|\burandom\(|\bsecrets\.") if not path.startswith("adapters/")]


def test_no_module_is_a_drawer_for_anything() -> None:
    """The folder listing is the architecture."""
    drawers = {"common", "utils", "core", "models", "services", "helpers", "misc"}
    assert not [path for path in SOURCES if drawers & {*path.parts, path.stem}]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_the_one_of_this_checkout(package: str) -> None:
    """The names are common words, and another distribution could own them (docs/decisions/0001)."""
    module = __import__(package)
    assert Path(module.__path__[0]).resolve() == (ROOT / package).resolve()


def test_every_path_in_the_readmes_map_exists() -> None:
    """A newcomer who follows the map arrives."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    paths = re.findall(
        r"`((?:domain|workflows|projections|adapters|tests|docs|scenarios|benchmarks)/[\w./-]*)`", readme
    )
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_files_stay_small_enough_to_live_in() -> None:
    """Split by duty when a file passes 300 lines."""
    assert [str(path) for path in SOURCES if len(path.read_text(encoding="utf-8").splitlines()) > 300] == []
