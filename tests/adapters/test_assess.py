"""The risk prompt at the command line: what it prints, what it takes, what it refuses, and the examples in the docs."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.cli.assess import MISTAKES_SAID, read_facts
from adapters.cli.context import LARGEST_FILE, UsageMistake
from adapters.schools import SchoolFolder
from domain.risk import assess
from domain.risk_facts import RiskFacts

TOCSIN = Path(sys.executable).with_name("tocsin")
ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "risk.md"
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("risk-*.yaml"))

FACTS = """\
data: [health, {kind: photographs, insight: no_insight}]
people: [staff]
number: 3
children: no
vulnerable: no
identifiability: maximum
confidentiality: disclosed_to_known_recipients
integrity: not_affected
availability: not_affected
malicious: no
encryption: none
recipients_trusted: yes
"""


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """`tocsin assess` on a terminal a hundred characters wide, called from the project's folder."""
    environment = {"COLUMNS": "100", "PATH": os.environ["PATH"]}
    return subprocess.run(
        [TOCSIN, "assess", *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def answer(*words: str | Path) -> Any:
    """The one document on standard output."""
    result = run(*words, "--json")
    assert (result.returncode, result.stderr) == (0, "")
    return json.loads(result.stdout)


def refusal(code: int, *words: str | Path) -> str:
    """The one sentence on standard error; nothing on standard output."""
    result = run(*words)
    assert (result.returncode, result.stdout) == (code, "")
    said = result.stderr.rstrip("\n")
    assert said.endswith(".")
    assert "\n" not in said
    assert "Traceback" not in said
    return said


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A good file of facts."""
    path = tmp_path / "facts.yaml"
    path.write_text(FACTS, encoding="utf-8")
    return path


def test_the_answer_is_one_document_with_exactly_these_fields(file: Path) -> None:
    """For programs: what the rules say, and nothing beside it."""
    document = answer(file)
    assert list(document) == ["level", "score", "notify_regulator", "communicate", "reasons", "unknown"]
    assert {tuple(reason) for reason in document["reasons"]} == {("rule", "because", "citation")}
    assert document == assess(read_facts(file)).model_dump(mode="json")
    assert (document["level"], document["score"]) == ("very high", 4.25)
    assert (document["notify_regulator"], document["communicate"]) == (True, True)
    assert document["unknown"] == ["recovered"]


def test_a_dpo_sees_the_answer_its_reasons_and_what_is_missing(file: Path) -> None:
    """The two questions first; every reason with its citation; what is unknown; and who decides."""
    result = run(file)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:3] == [
        "Severity          very high (4.25 by ENISA’s method)",
        "Notify the ICO?   yes",
        "Tell the people?  yes",
    ]
    one_line = " ".join(result.stdout.split())
    for reason in answer(file)["reasons"]:
        assert f"- {reason['because']} {reason['citation']} ({reason['rule']})" in one_line
    assert "Not known, and each raises the prompt until it is: recovered." in one_line
    assert one_line.endswith("This is a prompt: the DPO advises and the controller decides.")
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_the_winning_side_comes_first(file: Path) -> None:
    """Grounds against where the answer is no, and what was outweighed after them."""
    ordinary = FACTS.replace("health", "economic_and_financial") + "recovered: yes\n"
    file.write_text(ordinary, encoding="utf-8")
    against = run(file).stdout
    assert "Notify the ICO?   no" in against
    assert against.index("\nAgainst\n") < against.index("(trusted_recipient)") < against.index("\nFor\n")
    assert against.index("\nFor\n") < against.index("(severe)")
    protected = FACTS.replace("health", "{kind: location, insight: critical_to_safety}")
    file.write_text(protected + "recovered: yes\n", encoding="utf-8")
    mixed = run(file).stdout
    assert mixed.index("\nFor\n") < mixed.index("\nAgainst\n") < mixed.index("(trusted_recipient)")


@pytest.mark.parametrize("written", ["yes", "Yes", "on", "true", "'yes'", '"yes"'])
def test_yes_may_be_written_as_people_write_it(file: Path, written: str) -> None:
    """YAML 1.1 reads a bare yes as true."""
    file.write_text(FACTS.replace("children: no", f"children: {written}"), encoding="utf-8")
    assert read_facts(file).children == "yes"


@pytest.mark.parametrize("written", ["no", "No", "off", "false", "'no'"])
def test_no_may_be_written_as_people_write_it(file: Path, written: str) -> None:
    """The same for false."""
    file.write_text(FACTS.replace("recipients_trusted: yes", f"recipients_trusted: {written}"), encoding="utf-8")
    assert read_facts(file).recipients_trusted == "no"


@pytest.mark.parametrize("indent", [None, 2, "\t"])
@pytest.mark.parametrize("truth", ["words", "truth values"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n  "])
def test_json_says_the_same_as_yaml(file: Path, indent: int | str | None, truth: str, start: str) -> None:
    """On one line or many, set in by blanks or tabs, with a byte order mark or without."""
    facts = read_facts(file)
    document = facts.model_dump(mode="json")
    if truth == "truth values":
        document = {name: {"yes": True, "no": False}.get(str(value), value) for name, value in document.items()}
    file.write_text(start + json.dumps(document, indent=indent), encoding="utf-8")
    assert read_facts(file) == facts


def test_unknown_is_taken_wherever_it_may_stand(file: Path) -> None:
    """Numbers, answers and the rest."""
    names = [*RiskFacts.model_fields][2:]
    unknown = "".join(f"{name}: unknown\n" for name in names)
    file.write_text(f"data: [not_yet_known]\npeople: [not_yet_known]\n{unknown}", encoding="utf-8")
    document = answer(file)
    assert (document["notify_regulator"], document["communicate"]) == (True, True)
    assert {"number", "children", "identifiability", "hours_to_restore"} <= set(document["unknown"])


MISTAKES = [
    ("whatever: 3", "whatever: there is no such field"),
    ("children: no", "children: is needed", ""),
    ("data: [health, {kind: photographs, insight: no_insight}]", "data: is needed", ""),
    ("number: 3", "number: takes a whole number of people, at least 1, or unknown", "number: many"),
    ("number: 3", "number: takes a whole number of people, at least 1, or unknown", "number: 0"),
    ("number: 3", "number: takes a whole number of people, at least 1, or unknown", "number: yes"),
    ("number: 3", "number: takes a whole number of people, at least 1, or unknown", "number: 1,000"),
    ("number: 3", "number: takes a whole number of people, at least 1, or unknown", "number: 2.5"),
    ("number: 3", "number: takes a whole number of people, at least 1, or unknown", "number:"),
    ("hours_to_restore: no", "hours_to_restore: takes a number of hours such as 30, or unknown"),
    ("hours_to_restore: .nan", "hours_to_restore: takes a number of hours such as 30, or unknown"),
    ("hours_to_restore: -1", "hours_to_restore: takes a number of hours such as 30, or unknown"),
    ("children: no", "children: Input should be 'yes', 'no' or 'unknown'", "children: maybe"),
    ("encryption: none", "encryption: Input should be 'full', 'partial', 'none' or 'unknown'", "encryption: no"),
    ("people: [staff]", "people: takes a list in brackets, such as [one, two]", "people: staff"),
    ("people: [staff]", "people: needs at least one", "people: []"),
    ("people: [staff]", "pupils are among the people, so children cannot be no", "people: [pupils]"),
    ("[health,", "data.0.kind: is not in the list in docs/risk.md", "[helth,"),
    ("[health,", "data.0.kind: is not in the list in docs/risk.md", "[[health],"),
    ("insight: no_insight", "data.1.colour: there is no such field", "colour: red"),
    ("number: 3", "a field is given twice", "number: 3\nnumber: 4"),
    ("number: 3", "(line 4): a field is given twice", "number: 3\nnumber: 4"),
    ("number: 3", "is not readable as YAML or JSON (line 4)", "number: [3"),
    ("number: 3", "is not readable as YAML or JSON", "number: 2026-13-45"),
    ("number: 3", "is not readable as YAML or JSON", "number: !!python/object/apply:os.getpid []"),
    ("number: 3", "is not readable as YAML or JSON", "number: 3\n---\nnumber: 3"),
    ("number: 3", "is not plain text in UTF-8", "number: \x00"),
    ("number: 3", "it is nested too deeply", "number: " + "[" * 100_000),
    ("people: [staff]", "a reference (*) to another part is not read", "people: &a [staff]\nkey_safe: *a"),
    ("number: 3", "a reference (*) to another part is not read", "x: &x {a: b}\ny: &y {<<: [*x, *x, *x]}"),
    (FACTS, "does not hold facts as “field: value”", ""),
    (FACTS, "does not hold facts as “field: value”", "[health]"),
    (FACTS, "does not hold facts as “field: value”", "health"),
    ("number: 3", "does not hold facts as “field: value”", "3: number"),
]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_file_is_one_sentence_that_names_the_field(file: Path, mistake: tuple[str, ...]) -> None:
    """Instead of the good line the wrong one, or the wrong one at the end."""
    line, sentence, *wrong = mistake
    file.write_text(FACTS.replace(line, wrong[0]) if wrong else f"{FACTS}{line}\n", encoding="utf-8")
    with pytest.raises(UsageMistake) as said:
        read_facts(file)
    assert sentence in str(said.value)
    assert str(said.value).endswith(".")
    assert "\n" not in str(said.value)


def test_a_mistake_in_the_file_is_bad_usage(file: Path) -> None:
    """Exit code 2, and every wrong field in the one sentence."""
    file.write_text(FACTS.replace("children: no\n", "whatever: 3\n"), encoding="utf-8")
    assert refusal(2, file) == f"{file}: children: is needed; whatever: there is no such field."
    file.write_text("number: 3\nnumber: 4\n", encoding="utf-8")
    assert refusal(2, file) == f"{file} is not readable as YAML or JSON (line 2): a field is given twice."


def test_what_was_typed_is_not_repeated(file: Path) -> None:
    """It may be personal; and a hundred mistakes are still one sentence."""
    secrets = ", ".join(f"a name nobody must read {number}" for number in range(100))
    file.write_text(FACTS.replace("staff", secrets).replace("maximum", "a name nobody must read"), encoding="utf-8")
    said = refusal(2, file)
    assert "nobody" not in said
    assert said.endswith("; and 93 more.")
    assert said.count("; ") == MISTAKES_SAID


def test_what_is_no_text_file_is_refused(tmp_path: Path) -> None:
    """A folder, nothing, other characters, and much too much."""
    assert "is a folder" in refusal(2, tmp_path)
    assert "cannot be read" in refusal(2, tmp_path / "nothing.yaml")
    file = tmp_path / "facts.yaml"
    file.write_bytes(FACTS.encode("utf-16"))
    assert "is not plain text in UTF-8" in refusal(2, file)
    file.write_bytes(FACTS.encode() + b"#" * LARGEST_FILE)
    assert "is larger than 1 MB" in refusal(2, file)
    file.write_bytes(b"#" * (LARGEST_FILE - len(FACTS) - 1) + b"\n" + FACTS.encode())
    assert answer(file)["level"] == "very high"


def test_exactly_one_of_a_file_and_an_incident(file: Path) -> None:
    """And the facts of an incident are printed by themselves."""
    assert refusal(2) == "Give either a file of facts or --incident REF."
    assert refusal(2, file, "--incident", "100001-AAAAAAAA") == "Give either a file of facts or --incident REF."
    alone = "Use --facts with --incident REF and without --json."
    assert refusal(2, file, "--facts") == alone
    assert refusal(2, "--incident", "100001-AAAAAAAA", "--facts", "--json") == alone


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample school."""
    folder = tmp_path_factory.mktemp("assess") / "data"
    SchoolFolder(folder / "schools").add_sample()
    return folder


def act(data: Path, *words: str) -> str:
    """Something done at the command line; the incident's reference."""
    words = ("do", *words, "--data", str(data), "--json")
    result = subprocess.run([TOCSIN, *words], capture_output=True, text=True, timeout=60, check=True)
    ref: str = json.loads(result.stdout)["ref"]
    return ref


def test_an_incident_is_assessed_from_what_is_recorded(data: Path, tmp_path: Path) -> None:
    """Refused while nothing is described; then answered; and its facts are a file that gives the same answer."""
    ref = act(data, "report_incident", "--school", "100001", "what_happened=A stick is missing")
    described = "Nothing is described yet; describe the data, the people or the effects first."
    assert refusal(1, "--incident", ref, "--data", data) == described
    act(data, "describe_data", ref, "--as", "dpo", "kinds=[special_educational_needs]")
    groups = "groups=[{people: pupils, number: {certainty: exact, number: 10}}]"
    act(data, "describe_people", ref, "--as", "dpo", groups)
    act(data, "describe_effects", ref, "--as", "dpo", "confidentiality=exposed_no_evidence_of_access")
    document = answer("--incident", ref.lower(), "--data", data)
    assert (document["notify_regulator"], document["communicate"]) == (True, True)
    assert "identifiability" in document["unknown"]
    written = run("--incident", ref, "--data", data, "--facts")
    assert (written.returncode, written.stderr) == (0, "")
    file = tmp_path / "facts.yaml"
    file.write_text(written.stdout, encoding="utf-8")
    assert answer(file) == document
    assert yaml.safe_load(written.stdout)["number"] == 10
    assert f"# What is recorded of {ref}, version 4." in written.stdout
    assert "identifiability: unknown  # negligible | limited | significant | maximum | unknown\n" in written.stdout
    assert "hours_to_restore: unknown  # takes a number of hours such as 30, or unknown\n" in written.stdout
    file.write_text(
        re.sub(r"(?m)^identifiability: unknown", "identifiability: limited", written.stdout), encoding="utf-8"
    )
    assert answer(file)["score"] < document["score"]


def test_an_incident_that_is_not_there_is_refused(data: Path, tmp_path: Path) -> None:
    """As everywhere."""
    said = refusal(1, "--incident", "100001-AAAAAAAA", "--data", data)
    assert said == "There is no incident with that reference."
    assert "There is no data folder" in refusal(2, "--incident", "100001-AAAAAAAA", "--data", tmp_path / "none")


# docs/risk.md


def test_the_documents_examples_print_what_it_says() -> None:
    """Every command in it, character for character; `TOCSIN_WRITE_DOCS=1` writes what they print."""
    text = DOCUMENT.read_text(encoding="utf-8")
    told = re.findall(r"```console\n\$ tocsin assess (\S+)\n(.*?)```", text, re.DOTALL)
    assert sorted(ROOT / path for path, _ in told) == EXAMPLES
    for path, printed in told:
        now = run(path).stdout
        if os.environ.get("TOCSIN_WRITE_DOCS"):
            text = text.replace(f"$ tocsin assess {path}\n{printed}", f"$ tocsin assess {path}\n{now}")
            DOCUMENT.write_text(text, encoding="utf-8")
        assert f"$ tocsin assess {path}\n{now}```" in text


@pytest.mark.parametrize(
    ("example", "change", "notify", "communicate"),
    [
        ("memory-stick", {}, True, True),
        ("trusted-colleague", {}, False, False),
        ("trusted-colleague", {"recovered": "unknown"}, True, False),
        ("trusted-colleague", {"data": ["basic_personal_identifiers", "health"]}, False, False),
        ("trusted-colleague", {"recipients_trusted": "no", "data": ["health"]}, True, True),
        ("encrypted-laptop", {}, False, False),
        ("encrypted-laptop", {"key_safe": "no"}, True, True),
        ("portal", {}, True, True),
    ],
)
def test_the_documents_examples_come_out_as_it_tells(
    tmp_path: Path, example: str, change: dict[str, Any], notify: bool, communicate: bool
) -> None:
    """The four cases, and what would have been if one fact were another."""
    facts = yaml.safe_load((ROOT / "docs" / "examples" / f"risk-{example}.yaml").read_text(encoding="utf-8"))
    file = tmp_path / "facts.yaml"
    file.write_text(yaml.safe_dump({**facts, **change}), encoding="utf-8")
    prompt = assess(read_facts(file))
    assert (prompt.notify_regulator, prompt.communicate) == (notify, communicate)


def test_the_documents_whole_file_is_a_file_of_facts(tmp_path: Path) -> None:
    """With both ways of naming a kind of data."""
    (example,) = re.findall(r"```yaml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "facts.yaml"
    file.write_text(example, encoding="utf-8")
    assert [item.insight for item in read_facts(file).data] == ["usual", "limited_insight"]
