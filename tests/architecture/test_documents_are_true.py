"""What README and docs say is run: code blocks, commands with their output, the lifecycle, the sample school."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import yaml

from adapters.accounts.identities import read_providers
from adapters.schools import SAMPLE, SchoolFolder
from domain.commands import COMMANDS
from domain.events.complain import ComplainFact
from domain.events.contain import ContainFact
from domain.events.discover import DiscoverFact
from domain.events.engine import EngineFact
from domain.events.investigate import InvestigateFact
from domain.events.notify import NotifyFact
from domain.events.review import ReviewFact
from domain.events.school import SchoolFact
from domain.roles import MAY, Role
from domain.school import School
from domain.steps import Step

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def blocks(path: str, language: str) -> list[str]:
    """The code blocks of a document."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / path).read_text(encoding="utf-8"), re.DOTALL)


def test_the_readmes_example_runs() -> None:
    """The rules read like that, and are like that."""
    (example,) = blocks("README.md", "python")
    exec(compile(example, "README.md", "exec"), {})


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command and what it prints."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *printed = part.rstrip("\n").split("\n")
        yield command, printed


def test_the_readmes_commands_print_what_it_says(tmp_path: Path) -> None:
    """Line by line; … stands for what differs from day to day."""
    SchoolFolder(tmp_path / "data" / "schools").add_sample()
    environment = {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "TOCSIN_DATA": str(tmp_path / "data"),
        "COLUMNS": "200",
    }
    (block,) = blocks("README.md", "console")
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    for command, printed in commands(block):
        run = subprocess.run(
            shlex.split(command), cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        said = run.stdout + run.stderr
        assert "Traceback" not in said
        for line in printed:
            pattern = ".*".join(re.escape(part) for part in line.split("…"))
            assert re.search(pattern, said), f"{command}: {line!r} is not in {said!r}"


def test_the_files_in_the_operators_guide_are_files_of_tocsin(tmp_path: Path) -> None:
    """Every field of them is known."""
    providers, text = blocks("docs/operating.md", "yaml")
    (tmp_path / "oidc.yaml").write_text(providers, encoding="utf-8")
    assert [each.name for each in read_providers(tmp_path / "oidc.yaml")] == ["microsoft", "google"]
    school = School.model_validate(yaml.safe_load(text))
    assert school.policy == SAMPLE.policy


STEPS = tuple(get_args(facts) for facts in (DiscoverFact, ContainFact, InvestigateFact, NotifyFact, ReviewFact))

PICTURE = """\
The steps are tracks: a later one may end before an earlier one.

```mermaid
stateDiagram-v2
    [*] --> Suspicion: report_incident
    Suspicion --> Breach: confirm_breach
    Suspicion --> NoBreach: find_not_a_breach, record_near_miss
    NoBreach --> Breach: confirm_breach
    Breach --> NoBreach: find_not_a_breach
    Breach --> Closed: close_incident
    NoBreach --> Closed: close_incident
    Closed --> Breach: reopen_incident
    Closed --> NoBreach: reopen_incident
```"""


CHAPTERS = (
    *((step.capitalize(), str(step), module) for step, module in zip(Step, STEPS, strict=True)),
    ("Complaints", "complain", get_args(ComplainFact)),
    ("Engine", "engine", get_args(EngineFact)),
    ("The school's own record", "school", get_args(SchoolFact)),
)
"""Each with its module of commands and its facts, in the order of an incident's life."""


def lifecycle() -> str:
    """The steps with their commands, events and roles, from the code."""
    parts = ["# The lifecycle of an incident", "The tables are made from the code; a test keeps them so.", PICTURE]
    for title, module, facts in CHAPTERS:
        asked = [kind for kind, command in COMMANDS.items() if command.__module__.endswith(f".{module}")]
        parts.append(f"## {title}")
        rows = [f"| `{kind}` | {', '.join(role for role in Role if role in MAY[kind])} |" for kind in asked]
        parts.append("\n".join(["| Command | Who may |", "|---|---|", *rows]))
        lines = [
            f"| `{fact.model_fields['kind'].default}` | {(fact.__doc__ or '').split(chr(10))[0]} |" for fact in facts
        ]
        parts.append("\n".join(["| Event | What it says |", "|---|---|", *lines]))
    return "\n\n".join(parts) + "\n"


def test_the_lifecycle_in_the_docs_is_the_codes() -> None:
    """`TOCSIN_WRITE_DOCS=1` writes it."""
    path = ROOT / "docs" / "lifecycle.md"
    if os.environ.get("TOCSIN_WRITE_DOCS"):
        path.write_text(lifecycle(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == lifecycle()


@pytest.mark.parametrize("document", ["README.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])
def test_every_link_between_documents_leads_somewhere(document: str) -> None:
    """Relative links only; the rest is somebody else's."""
    text = (ROOT / document).read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert ((ROOT / document).parent / link).exists(), link


def test_nothing_names_a_package_registry() -> None:
    """Requirements are pinned by hash and found where pip is told to look."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    hosts = re.compile(r"py[p]i\.(org|io)|pythonhoste[d]\.|registry\.np[m]js|de[b]\.debian\.")
    named = [path for path in tracked.split("\0") if path and hosts.search(_text(ROOT / path))]
    assert named == []


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="ignore") if path.is_file() else ""
