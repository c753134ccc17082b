"""The command line as its users type it: what it prints, what it refuses, and with which exit code."""

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.schools import SchoolFolder

TOCSIN = Path(sys.executable).with_name("tocsin")


class Terminal:
    """A data folder and somebody who types."""

    def __init__(self, data: Path) -> None:
        self.data = data
        data.mkdir()
        SchoolFolder(data / "schools").add_sample()

    def run(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """What came of the words."""
        return subprocess.run(
            [TOCSIN, *words, "--data", self.data], capture_output=True, timeout=60, check=False, env={"COLUMNS": "200"}
        )

    def ok(self, *words: str) -> str:
        """What was printed; it must have gone well."""
        run = self.run(*words)
        assert run.returncode == 0, run.stderr.decode()
        return run.stdout.decode("utf-8-sig")

    def json(self, *words: str) -> Any:
        """One document on standard output, and nothing beside it."""
        return json.loads(self.ok(*words, "--json"))

    def no(self, code: int, *words: str) -> str:
        """The sentence on standard error; nothing on standard output, no trace."""
        run = self.run(*words)
        said = run.stderr.decode()
        assert run.returncode == code, said
        assert run.stdout == b""
        assert "Traceback" not in said
        assert len(said.strip().splitlines()) == 1
        return said

    def report(self, *fields: str) -> str:
        """A new incident."""
        words = ("do", "report_incident", "--school", "100001", "--as", "staff")
        ref: str = self.json(*words, "what_happened=A laptop is missing", *fields)["ref"]
        return ref


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """One for all: each test reports an incident of its own."""
    return Terminal(tmp_path_factory.mktemp("terminal") / "data")


LETTER = ("nature=A laptop went astray", "consequences=Others may read it", "measures=We have it back")
LIFE: tuple[tuple[str, ...], ...] = (
    ("confirm_breach", "--as", "dpl"),
    ("inform_dpo", "--as", "dpl"),
    ("record_stopped", "--as", "dpl"),
    ("consider_police", "--as", "dpl", "inform=false", "reason=No crime"),
    ("judge_significance", "--as", "dpl", "significant=false", "reason=One laptop"),
    ("take_containment", "--as", "staff", "item=wipe", "action=other", "detail=Wiped from afar"),
    ("describe_data", "--as", "dpo", "kinds=[health]", "sensitivity=High"),
    ("describe_people", "--as", "dpo", "groups=[{people: pupils, number: {certainty: exact, number: 30}}]"),
    ("describe_protections", "--as", "dpo", "encryption=none"),
    ("describe_effects", "--as", "dpo", "confidentiality=exposed_no_evidence_of_access"),
    ("consider_misuse", "--as", "dpo", "possible=yes"),
    ("describe_consequences", "--as", "dpo", "likely_consequences=Distress"),
    ("describe_cause", "--as", "dpo", "cause=loss_or_theft"),
    ("assess_risk", "--as", "dpo", "level=risk", "reasons=Unprotected"),
    ("complete_investigation", "--as", "dpo", "summary=Clear"),
    ("advise", "--as", "dpo", "notify_regulator=true", "communicate=true", "risk=risk", "reasons=Owed"),
    ("decide_notification", "--as", "head", "notify_regulator=true", "reasons=Agreed"),
    ("decide_communication", "--as", "head", "communicate=true", "reasons=Agreed"),
    (
        "submit_report",
        "--as",
        "dpo",
        "reasons_incomplete=More to come",
        "further_information_expected_at=2099-01-01T00:00:00Z",
    ),
    ("submit_report", "--as", "dpo", "complete=true"),
    ("write_message", "--as", "dpo", "people=parents_and_carers", *LETTER),
    ("tell_data_subjects", "--as", "dpl", "people=parents_and_carers"),
    ("hold_review", "--as", "dpl", "causes=Haste", "effectiveness=Good", "lessons=[Encrypt every laptop]"),
    ("review_procedure", "--as", "dpl", "changed=false", "detail=It served"),
    ("report_to_senior_leadership", "--as", "head", "meeting_on=2026-01-01"),
    ("report_to_governors", "--as", "chair", "meeting_on=2026-01-01"),
    ("close_incident", "--as", "dpo", "summary=Done"),
)


def test_an_incident_lives_its_whole_life_at_the_command_line(terminal: Terminal) -> None:
    """Reported, confirmed, contained, advised, decided, submitted, reviewed and closed; every paper at the end."""
    ref = terminal.report()
    for name, *words in LIFE:
        terminal.ok("do", name, ref, *words)
    shown = terminal.json("show", ref)
    assert shown["closed"]
    assert set(shown["steps"].values()) == {"done"}
    first, again = (terminal.run("submission", ref, "--phase", "1").stdout for _ in range(2))
    assert first == again
    assert json.loads(first)["phase"] == "initial"
    assert json.loads(terminal.ok("submission", ref, "--phase", "2"))["complete"] is True
    for paper in (("submission", ref, "--phase", "1", "--format", "pdf"), ("review", ref)):
        assert terminal.run(*paper).stdout.startswith(b"%PDF-")
    assert terminal.no(1, "submission", ref, "--phase", "3").startswith("No report number 3")
    assert "version 1" in terminal.ok("show", ref, "--as-at", shown["timeline"][0]["recorded_at"])


def test_the_log_is_csv_json_or_xlsx_now_and_as_at(terminal: Terminal, tmp_path: Path) -> None:
    """Every breach and near miss, one row each; at an earlier instant, the rows as they stood."""
    ref = terminal.report("nature=near_miss")
    before = terminal.json("show", ref)["timeline"][-1]["recorded_at"]
    terminal.ok("do", "record_near_miss", ref, "--as", "dpl", "what_prevented_it=It was noticed")
    rows = {row["Reference"]: row for row in csv.DictReader(io.StringIO(terminal.ok("log")))}
    assert rows[ref]["Finding"] == "Near miss"
    past = json.loads(terminal.ok("log", "--format", "json", "--as-at", before, "--school", "100001"))
    assert {row["ref"]: row["finding"] for row in past}[ref] == "suspected breach"
    terminal.ok("log", "--format", "xlsx", "--out", str(tmp_path / "log.xlsx"))
    assert (tmp_path / "log.xlsx").read_bytes().startswith(b"PK")


def test_rebuilt_lists_are_the_same_lists(terminal: Terminal) -> None:
    """Dropped and built again from the log."""
    terminal.report()
    before = terminal.ok("log", "--format", "json")
    assert "built again" in terminal.ok("rebuild")
    assert terminal.ok("log", "--format", "json") == before


def test_a_repeated_command_id_reports_one_incident(terminal: Terminal) -> None:
    """The same answer, and nothing new in the log."""
    words = ("do", "report_incident", "--school", "100001", "--command-id", "form-7", "what_happened=A stick")
    first, second = terminal.json(*words), terminal.json(*words)
    assert first == second
    assert len(terminal.json("show", first["ref"])["timeline"]) == 1


def test_whoever_looked_at_an_older_version_is_told(terminal: Terminal) -> None:
    """Someone else acted in the meantime."""
    ref = terminal.report()
    terminal.ok("do", "confirm_breach", ref, "--as", "dpl")
    said = terminal.no(1, "do", "add_note", ref, "--as", "dpl", "--seen", "1", "note=Mine")
    assert "Someone else acted" in said
    terminal.ok("do", "add_note", ref, "--as", "dpl", "--seen", "2", "note=Mine")


def test_the_log_is_proved_whole_and_against_a_code(terminal: Terminal) -> None:
    """A code that was kept outside is found again; another is refused."""
    terminal.report()
    verdict = terminal.json("verify")
    assert verdict["whole"]
    assert terminal.json("verify", "--against", verdict["code"])["whole"]
    terminal.report()
    assert terminal.json("verify", "--against", verdict["code"])["whole"]
    position = verdict["code"].split("-")[0]
    assert "seal" in terminal.no(1, "verify", "--against", f"{position}-0000000000000000")


def test_the_governors_see_a_period(terminal: Terminal) -> None:
    """Figures of a school, as a paper or as JSON."""
    terminal.report()
    period = json.loads(
        terminal.ok("review", "--school", "100001", "--from", "2020-01-01", "--to", "2099-01-01", "--format", "json")
    )
    assert period["incidents"] >= 1
    run = terminal.run("review", "--school", "100001", "--from", "2020-01-01", "--to", "2099-01-01")
    assert run.stdout.startswith(b"%PDF-")


def test_papers_come_in_every_form_in_which_people_need_them(terminal: Terminal) -> None:
    """Each begins as such a file begins."""
    ref = terminal.report()
    terminal.ok("do", "confirm_breach", ref, "--as", "dpl")
    terminal.ok("do", "write_message", ref, "--as", "dpo", "people=parents_and_carers", *LETTER)
    period = ("review", "--school", "100001", "--from", "2020-01-01", "--to", "2099-12-31")
    for words in (("submission", ref), ("review", ref), ("letter", ref, "--to", "parents_and_carers"), period):
        assert terminal.run(*words, "--format", "pdf").stdout.startswith(b"%PDF")
        assert terminal.run(*words, "--format", "docx").stdout.startswith(b"PK")
        json.loads(terminal.run(*words, "--format", "json").stdout)
    assert terminal.run("log", "--school", "100001", "--format", "pdf").stdout.startswith(b"%PDF")
    assert "What happened?" in terminal.ok("submission", ref, "--format", "text")
    assert "Dear parent or carer" in terminal.run("letter", ref, "--to", "parents_and_carers").stdout.decode()


def test_a_schools_own_record_goes_into_its_review(terminal: Terminal) -> None:
    """Training as figures, the DPO's opinion as words; what names somebody is not published."""
    training = ("on=2026-01-20", "group=staff", "in_post=40", "trained=31")
    terminal.ok("do", "record_training", "--school", "100001", "--as", "dpl", *training)
    days = ("begins_on=2025-01-01", "ends_on=2025-12-31")
    opinion = ("do", "give_opinion", "--school", "100001", "--as", "dpo", *days)
    terminal.ok(*opinion, "opinion=Suppliers are the weak point.", "decisions_asked=[Ask each supplier for 24 hours.]")
    period = ("review", "--school", "100001", "--from", "2025-01-01", "--to", "2025-12-31", "--format", "json")
    told = json.loads(terminal.ok(*period))
    assert told["opinion"]["opinion"] == "Suppliers are the weak point."
    public = (*period, "--published", "--with-opinion")
    assert json.loads(terminal.ok(*public))["opinion"] == "Suppliers are the weak point."
    terminal.ok(*opinion, "opinion=Oliver Smith left a laptop on a train.")
    assert "name" in terminal.no(1, *public)


def test_governors_are_given_no_names(terminal: Terminal) -> None:
    """Whoever typed one into a lesson or a reason finds it left out of every form of the paper."""
    ref = terminal.report()
    terminal.ok("do", "confirm_breach", ref, "--as", "dpl")
    review = ("causes=Haste", "effectiveness=Good", "lessons=[Oliver Smith keeps laptops at school.]")
    terminal.ok("do", "hold_review", ref, "--as", "dpl", *review)
    told = terminal.ok("review", ref, "--format", "json")
    assert "[name left out] keeps laptops at school." in told
    assert "Oliver" not in told
    period = ("review", "--school", "100001", "--from", "2020-01-01", "--to", "2099-12-31", "--format", "json")
    assert "Oliver" not in terminal.ok(*period)


def test_an_assessment_keeps_the_facts_and_what_the_rules_said(terminal: Terminal, tmp_path: Path) -> None:
    """Given as a file, prompted then, and shown beside advice and decision."""
    ref = terminal.report()
    terminal.ok("do", "confirm_breach", ref, "--as", "dpl")
    facts = Path(__file__).parents[2] / "docs" / "examples" / "risk-memory-stick.yaml"
    terminal.ok("do", "assess_risk", ref, "--as", "dpo", "level=high", "reasons=Children", f"facts=@{facts}")
    prompt = json.loads(terminal.ok("review", ref, "--format", "json"))["prompt"]
    said = json.loads(terminal.ok("assess", str(facts), "--json"))
    assert (prompt["level"], prompt["communicate"]) == (said["level"], said["communicate"])


def test_the_next_deadline_comes_first(terminal: Terminal) -> None:
    """Open incidents, those with a running clock before the others."""
    suspicion, breach = terminal.report(), terminal.report()
    terminal.ok("do", "confirm_breach", breach, "--as", "dpl")
    refs = [each["ref"] for each in terminal.json("clocks", "--school", "100001")]
    assert refs.index(breach) < refs.index(suspicion)


@pytest.mark.parametrize(
    ("code", "words", "sentence"),
    [
        (1, ("show", "100001-AAAAAAAA"), "There is no incident with that reference."),
        (1, ("show", "nonsense"), "There is no incident with that reference."),
        (
            1,
            ("do", "add_note", "999999-AAAAAAAA", "note=x", "--as", "dpl"),
            "There is no incident with that reference.",
        ),
        (1, ("log", "--school", "999999"), "No school 999999 is in the register"),
        (1, ("do", "report_incident", "--school", "../x", "what_happened=x"), "is in the register"),
        (1, ("verify", "--against", "nonsense"), "code"),
        (2, ("show", "100001-AAAAAAAA", "--as-at", "2026-11-20T16:45"), "is not a time with its offset"),
        (2, ("do", "dance", "100001-AAAAAAAA"), "There is no command “dance”"),
        (2, ("do", "confirm_breach", "--as", "dpl"), "Say which incident"),
        (2, ("do", "report_incident", "what_happened=x"), "Say which school"),
        (2, ("do", "report_incident", "--school", "100001"), "what_happened: is needed"),
        (2, ("do", "confirm_breach", "R", "--as", "dpl", "aware_at=2026"), "write the time out with its offset"),
        (2, ("do", "confirm_breach", "R", "--as", "dpl", "colour=red"), "colour: there is no such field"),
        (2, ("do", "record_reminder", "R", "--as", "engine", "alarm=x", "to=dpo"), "Nobody acts as the engine"),
        (2, ("do", "describe_data", "R", "--as", "dpl", "kinds=names"), "takes a list in brackets"),
        (2, ("do", "tell_data_subjects", "R", "--as", "dpl", "people=pupils", "number=3"), "takes fields in braces"),
        (2, ("do", "describe_data", "R", "--as", "dpl", "kinds=[2026-13-45]"), "not a readable list"),
        (2, ("show", "100001-AAAAAAAA", "--as-at", "9999-12-31T23:59:59-14:00"), "is not a time with its offset"),
        (1, ("log", "--out", "/tmp"), "cannot be used"),
        (1, ("show", "\udcff"), "Tocsin met something"),
        (2, ("do", "describe_data", "R", "--as", "dpl", "kinds=[health"), "not a readable list"),
        (2, ("do", "add_note", "R", "--as", "dpl", "--id", "Someone@example.org", "note=x"), "id"),
        (2, ("log", "--format", "doc"), "The format is csv, xlsx, json or pdf."),
        (2, ("submission", "R", "--format", "doc"), "The format is json, pdf, docx or text."),
        (2, ("review", "R", "--format", "doc"), "The format is pdf, docx or json."),
        (2, ("review", "R", "--published"), "One incident is never published"),
        (2, ("review", "R", "--with-opinion"), "goes with --published"),
        (2, ("review", "--school", "100001", "--from", "0001-01-01", "--to", "2026-01-01"), "The year must lie"),
        (
            2,
            ("do", "record_training", "--as", "dpl", "on=2026-11-20", "group=staff", "in_post=3", "trained=2"),
            "Say of which school",
        ),
        (
            2,
            ("do", "assess_risk", "R", "--as", "dpo", "level=risk", "reasons=x", "facts=@/nowhere"),
            "/nowhere",
        ),
        (2, ("log", "--format", "xlsx"), "Give the spreadsheet a file"),
        (2, ("review",), "Give an incident, or --school URN --from DATE --to DATE."),
        (2, ("review", "--school", "100001", "--from", "soon", "--to", "2026-01-01"), "is not a date"),
        (2, ("drill", "nowhere.yaml", "--out", "x"), "There is no scenario file"),
    ],
)
def test_a_refusal_is_one_sentence(terminal: Terminal, code: int, words: tuple[str, ...], sentence: str) -> None:
    """1 for a refusal, 2 for a mistake in the call; what was typed is not repeated where it could be personal."""
    if words[0] == "drill":
        run = subprocess.run([TOCSIN, *words], capture_output=True, timeout=60, check=False)
        assert (run.returncode, sentence in run.stderr.decode()) == (2, True)
        return
    assert sentence in terminal.no(code, *words)


def test_a_command_id_stands_for_one_command(terminal: Terminal) -> None:
    """The same again is the same; anything else under that id is refused and told, and nothing is thrown away."""
    words = ("do", "report_incident", "--school", "100001", "--command-id", "one-id")
    ref = terminal.json(*words, "what_happened=A stick")["ref"]
    assert "already stands for another" in terminal.no(1, *words, "what_happened=A laptop")
    assert "already stands for another" in terminal.no(1, *words, "--as", "dpl", "what_happened=A stick")
    note = ("do", "add_note", ref, "--as", "dpl", "--command-id", "k1")
    assert terminal.json(*note, "note=one") == terminal.json(*note, "note=one")
    assert "already stands for another" in terminal.no(1, *note, "note=two")
    assert "already stands for another" in terminal.no(1, "do", "inform_dpo", *note[2:])


def test_twenty_notes_at_the_same_moment_are_all_kept(terminal: Terminal) -> None:
    """Whoever names no version has looked at none: nothing is refused, lost or doubled."""
    ref = terminal.report()
    words = [str(TOCSIN), "do", "add_note", ref, "--as", "staff", "--data", str(terminal.data)]
    running = [subprocess.Popen([*words, f"note=number {n}"], stdout=subprocess.DEVNULL) for n in range(20)]
    assert [each.wait(60) for each in running] == [0] * 20
    notes = [each["details"].get("note") for each in terminal.json("show", ref)["timeline"][1:]]
    assert sorted(notes) == sorted(f"number {n}" for n in range(20))


def test_text_is_taken_as_it_stands(terminal: Terminal) -> None:
    """Also where it begins with a bracket, and a reference may be typed in small letters."""
    ref = terminal.report()
    terminal.ok("do", "add_note", ref.lower(), "--as", "dpl", "note=[Name removed] called, {twice}")
    assert "[Name removed] called, {twice}" in terminal.ok("show", ref.lower())


def test_a_report_while_nothing_runs_says_so(terminal: Terminal) -> None:
    """It is recorded; nobody is told of it yet."""
    run = terminal.run("do", "report_incident", "--school", "100001", "what_happened=A stick")
    assert b"Tocsin is not running" in run.stderr


def test_the_log_is_proved_without_any_key(terminal: Terminal, tmp_path: Path) -> None:
    """An auditor needs the log alone, and nothing is made beside it."""
    terminal.report()
    shutil.copytree(terminal.data, tmp_path / "copy", ignore=lambda _, names: {n for n in names if "events" not in n})
    run = subprocess.run([TOCSIN, "verify", "--data", tmp_path / "copy"], capture_output=True, timeout=60, check=True)
    assert b"The log is whole" in run.stdout
    assert {path.name.split("-")[0] for path in (tmp_path / "copy").iterdir()} == {"events.sqlite"}
    empty = subprocess.run([TOCSIN, "verify", "--data", tmp_path], capture_output=True, timeout=60, check=False)
    assert (empty.returncode, empty.stderr) == (1, b"There is no event log in that folder.\n")


def test_no_master_key_is_made_for_an_old_key_ring(terminal: Terminal, tmp_path: Path) -> None:
    """It would open nothing."""
    shutil.copytree(terminal.data, tmp_path / "copy", ignore=shutil.ignore_patterns("master.key"))
    run = subprocess.run([TOCSIN, "clocks", "--data", tmp_path / "copy"], capture_output=True, timeout=60, check=False)
    assert run.returncode == 1
    assert b"put master.key back" in run.stderr
    assert not (tmp_path / "copy" / "master.key").exists()


def test_one_schools_broken_file_does_not_keep_the_others_back(tmp_path: Path) -> None:
    """A report is taken in, lists are shown, and the mistake is told with its file."""
    other = Terminal(tmp_path / "data")
    file = other.data / "schools" / "100001.yaml"
    whole = file.read_text()
    file.write_text(whole.replace("100001", "100002"))
    ref = other.report()
    assert ref.startswith("100001-")
    assert ref in other.ok("clocks")
    assert ref in other.ok("log")
    assert "the id in it is another" in other.no(1, "review", ref)
    file.write_text("id: [")
    assert "not readable as YAML (line 1)" in other.no(1, "review", ref)
    file.write_text(whole)
    assert other.run("review", ref).stdout.startswith(b"%PDF-")


def test_a_data_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Nothing is made by looking."""
    run = subprocess.run(
        [TOCSIN, "show", "100001-AAAAAAAA", "--data", tmp_path / "none"], capture_output=True, timeout=60, check=False
    )
    assert run.returncode == 2
    assert b"There is no data folder" in run.stderr
    assert not (tmp_path / "none").exists()


def test_a_database_that_is_away_is_said(terminal: Terminal) -> None:
    """In one sentence, without its address, which may hold a password."""
    said = terminal.no(1, "show", "100001-AAAAAAAA", "--database-url", "postgresql://u:secret@127.0.0.1:1/nothing")
    assert "The database did not answer" in said
    assert "secret" not in said


def test_every_command_and_its_fields_are_listed(terminal: Terminal) -> None:
    """A newcomer finds what can be done, by whom, and with what."""
    run = subprocess.run([TOCSIN, "commands"], capture_output=True, timeout=60, check=True, text=True)
    assert "decide_notification" in run.stdout
    assert "record_reminder" not in run.stdout
    run = subprocess.run(
        [TOCSIN, "commands", "describe_people"], capture_output=True, timeout=60, check=True, text=True
    )
    assert "pupils" in run.stdout
