"""`tocsin policy lint`: settings and published texts, what is found in them and where, and what is refused."""

import json
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import typer
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

import adapters.cli  # noqa: F401 (its parts are asked for by name below)
from adapters.cli import policy
from adapters.policy_text import LONGEST_EXTRACT, statements
from domain.procedure import Procedure, lint_statements
from domain.procedure_rules import RULES

DOCUMENT = Path(__file__).parents[2] / "docs" / "policy-settings.md"

app = typer.Typer()
policy.register(app)

DEPARTING = """\
Example Primary School

Data protection policy

1. Which law

We follow Regulation (EU) 2016/679, called GDPR below, together with the Data Protection Act 2018. Parents who want to
see a file ask the office, and an answer comes within one month.

2. Duties of staff

  • Lock screens and cupboards
  • Ask before sending data to a country outside the European Economic Area
  • Tell the office of any data breach

3. Breaches

We want to hear of every mistake, however small it looks, and whoever speaks up early is thanked and never blamed.
Where appropriate, the ICO is told of a data breach within 72 hours. All breaches are entered in a log.

Appendix B: what to do when data are lost

a) Whoever finds a breach speaks to the headteacher. Outside school hours this is done as soon as possible.
b) If the breach looks grave, the chair of governors should be told of it.
c) The DPO will decide whether the breach is notified to anybody. Significant breaches have to reach the ICO within
   72 hours of the breach.

What the ICO is sent

The report to the ICO will contain:

  - the nature of the breach, with the categories and rough number of pupils and of records
  - whom to contact: the DPO, with contact details
  - the likely consequences
  - the measures taken or planned

Whatever is missing follows in phases, with the reasons for the delay.

What families are sent

When parents are informed, the letter will include:

  - contact details of the DPO
  - likely consequences
  - measures taken to help them

They may complain; the school’s complaints procedure applies.

Afterwards

Reportable breaches are reported to the governing body at its next termly meeting.
"""
"""A short policy of our own with the departures that were met in a published one."""

FAITHFUL = """\
# Breach procedure of Example Primary School

The UK GDPR and the Data Protection Act 2018 apply. Nothing is sent outside the United Kingdom.

## Reporting inside the school

Everybody reports a breach to the headteacher at once. A breach that is found outside school hours is reported
immediately by telephone. The chair of governors is told within 24 hours. Our suppliers must notify us of every breach
without undue delay.

## Deciding

The DPO advises, and the headteacher decides whether a breach is notified. Our DPO is an external service.

## Telling the ICO

We report a breach to the ICO unless it is unlikely to result in a risk to the rights and freedoms of individuals. The
ICO is told without undue delay and, where feasible, within 72 hours of the school becoming aware of the breach,
including weekends and holidays. Do not wait until the investigation is complete before the ICO is told: further
information follows in phases. A late report gives the reasons for the delay. The report to the ICO contains the nature
of the breach, the number and categories of people and of records, contact details, the likely consequences and the
measures taken.

## Telling people

If a breach is likely to result in a high risk, the individuals are told without undue delay. The message to individuals
describes the nature of the breach, contact details, the likely consequences and the measures taken. Individuals need
not be told of a breach when the data were encrypted.

## Complaints and records

Data protection complaints are acknowledged within 5 working days. Every breach is entered in the log, whether or not it
is reported, and so is every near miss.
"""


def run(*words: object) -> Result:
    """What came of the words."""
    return CliRunner().invoke(app, ["policy", "lint", *map(str, words)])


def linted(path: Path) -> dict[str, Any]:
    """The JSON document, alone on standard output."""
    result = run(path, "--json")
    document: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == int(any(each["severity"] == "departure" for each in document["findings"]))
    return document


def written(path: Path, text: str | bytes) -> Path:
    """A file with that content."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def line_of(words: str, text: str = DEPARTING) -> int:
    """The line on which the words begin."""
    assert text.count(words) == 1
    return text[: text.index(words)].count("\n") + 1


def refused(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], path: Path) -> str:
    """The sentence with which the command line refuses a file, by its own way out: code 2, and nothing printed."""
    command_line = sys.modules["adapters.cli.app"]
    monkeypatch.setattr(command_line, "app", app)
    monkeypatch.setattr(sys, "argv", ["tocsin", "policy", "lint", str(path)])
    assert command_line._run() == 2
    printed = capfd.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.endswith(".\n")
    return printed.err


def test_the_departures_of_a_published_policy_are_found_each_at_its_line(tmp_path: Path) -> None:
    """Six departures and two gaps, none of them elsewhere, and nothing more."""
    document = linted(written(tmp_path / "policy.txt", DEPARTING))
    assert document["read_as"] == "text"
    assert [(each["severity"], each["rule"], each["where"]) for each in document["findings"]] == [
        ("departure", "names_the_uk_gdpr", line_of("We follow Regulation")),
        ("departure", "measures_transfers_from_the_uk", line_of("Ask before sending")),
        ("departure", "clock_starts_at_awareness", line_of("Significant breaches have")),
        ("departure", "regulator_is_told_unless_risk_is_unlikely", line_of("Where appropriate, the ICO")),
        ("departure", "regulator_is_told_unless_risk_is_unlikely", line_of("Significant breaches have")),
        ("departure", "controller_decides", line_of("The DPO will decide")),
        ("departure", "message_has_all_its_parts", line_of("the letter will include")),
        ("departure", "complaints_are_acknowledged_in_time", line_of("They may complain")),
        ("gap", "chair_is_told_in_a_set_time", line_of("the chair of governors should")),
        ("gap", "governors_are_told_before_their_next_meeting", line_of("Reportable breaches are")),
    ]


def test_a_finding_says_what_the_text_says_what_the_law_asks_and_what_to_write(tmp_path: Path) -> None:
    """With the extract and the citation."""
    findings = linted(written(tmp_path / "policy.txt", DEPARTING))["findings"]
    (clock,) = [each for each in findings if each["rule"] == "clock_starts_at_awareness"]
    assert clock.keys() == {
        "rule", "severity", "setting", "says", "law", "citation", "where", "extract", "do",
    }  # fmt: skip
    assert clock["extract"] == "Significant breaches have to reach the ICO within 72 hours of the breach."
    assert clock["citation"] == "UK GDPR Art. 33(1)"
    (message,) = [each for each in findings if each["rule"] == "message_has_all_its_parts"]
    assert message["says"].endswith("leaves out: the nature of the breach.")
    assert "contact details of the DPO" in message["extract"]


def test_what_is_right_in_a_departing_policy_is_read_too(tmp_path: Path) -> None:
    """Only what could not be found is called not said."""
    document = linted(written(tmp_path / "policy.md", DEPARTING))
    settings = document["settings"]
    assert settings["log_holds"] == "every_breach"
    assert settings["incomplete_report"] == "sent_in_phases"
    assert settings["late_report"] == "sent_with_reasons"
    assert settings["out_of_hours"] == "as_soon_as_practicable"
    assert settings["report_contains"] == ["nature", "people", "records", "contact", "consequences", "measures"]
    assert {"processor_tells", "near_misses_logged", "individuals_told"} <= {*document["not_said"]}
    assert {*settings, *document["not_said"]} == {*Procedure.model_fields}
    assert {each["setting"] for each in document["statements"]} == {*settings}


def test_a_policy_that_follows_the_law_passes_and_is_understood(tmp_path: Path) -> None:
    """Exit 0, no finding, and every setting that it gives is read as it was meant."""
    document = linted(written(tmp_path / "policy.txt", FAITHFUL))
    assert document["findings"] == []
    assert document["settings"] == {
        "law_named": "uk_gdpr",
        "transfers_measured_from": "uk",
        "out_of_hours": "at_once",
        "processor_tells": "without_undue_delay",
        "clock_starts_at": "awareness",
        "window_hours": 72,
        "window_counted_in": "consecutive_hours",
        "regulator_told_when": "unless_risk_unlikely",
        "decision_taken_by": "headteacher",
        "dpo_is": "outside_service",
        "report_contains": ["nature", "people", "records", "contact", "consequences", "measures"],
        "incomplete_report": "sent_in_phases",
        "late_report": "sent_with_reasons",
        "individuals_told_when": "high_risk",
        "individuals_told": "without_undue_delay",
        "message_contains": ["nature", "contact", "consequences", "measures"],
        "exemptions": ["data_unintelligible"],
        "complaint_route": "data_protection_route",
        "complaint_days": 5,
        "complaint_days_are": "working_days",
        "log_holds": "every_breach",
        "near_misses_logged": True,
        "chair_told": "in_a_set_time",
    }


SAYS: list[tuple[str, dict[str, object]]] = [
    ("The ICO is told of a breach within 72 hours of the school becoming aware.", {"clock_starts_at": "awareness"}),
    ("After becoming aware of a breach the school tells the ICO within 72 hours.", {"clock_starts_at": "awareness"}),
    ("The ICO is told within 72 hours of the breach being discovered.", {"clock_starts_at": "discovery"}),
    ("The ICO is told of it no later than 72 hours after the incident.", {"clock_starts_at": "occurrence"}),
    ("The ICO will be told within 72 hours of the breach occurring.", {"clock_starts_at": "occurrence"}),
    ("The breach is notified to the ICO within 72 hours of reaching the DPO.", {"clock_starts_at": None}),
    ("The ICO is told of a breach within 72 hours of it being reported to the DPO.", {"clock_starts_at": "dpo_told"}),
    ("The ICO is told of a breach within 72 hours of the DPO becoming aware.", {"clock_starts_at": "dpo_told"}),
    (
        "The ICO is told of a breach within 72 hours of completing the investigation.",
        {"clock_starts_at": "end_of_investigation"},
    ),
    ("The ICO hears of breaches. The clock starts when the breach happens.", {"clock_starts_at": "occurrence"}),
    ("The breach is reported within 72 hours using the ICO breach form.", {"clock_starts_at": None}),
    (
        "Breaches are reported to the ICO within three working days.",
        {"window_hours": 72, "window_counted_in": "working_days"},
    ),
    ("Breaches are reported to the ICO within 5 days of discovery.", {"window_hours": 120}),
    ("Breaches are reported to the ICO within seventy-two (72) hours.", {"window_hours": 72}),
    ("Breaches are reported to the ICO within 9999 weeks.", {"window_hours": 366 * 24}),
    (
        "The ICO is told of a breach within 72 hours, excluding weekends and bank holidays.",
        {"window_leaves_out": ("weekends", "bank_holidays")},
    ),
    ("The ICO will respond to a breach report within 30 days.", {"window_hours": None}),
    ("If a breach upset you, you can complain to the ICO within three months.", {"window_hours": None}),
    ("We report a breach to the ICO and tell parents within 5 days.", {"window_hours": None}),
    (
        "Suppliers must report a breach to us within 24 hours so that we can tell the ICO.",
        {"window_hours": None, "processor_hours": 24, "processor_tells": "in_a_set_time"},
    ),
    ("Our processors will report breaches to the school.", {"processor_tells": "no_time_limit"}),
    ("Suppliers are not required to tell us of a breach.", {"processor_tells": "not_required"}),
    ("Serious breaches are reported to the ICO.", {"regulator_told_when": "significant"}),
    (
        "After a breach the ICO and the police are informed if deemed relevant.",
        {"regulator_told_when": "when_appropriate"},
    ),
    ("We report the breach to the ICO and, where appropriate, the police.", {"regulator_told_when": None}),
    ("Not reporting a breach to the ICO can lead to a significant fine.", {"regulator_told_when": None}),
    ("If a breach is likely to bring a high risk, the ICO is notified.", {"regulator_told_when": "high_risk"}),
    ("If a breach is likely to bring a risk to people, we notify the ICO.", {"regulator_told_when": "risk_likely"}),
    ("Once harm has been caused by a breach we notify the ICO.", {"regulator_told_when": "after_harm"}),
    (
        "The headteacher, on the advice of the DPO, decides whether a breach is notified.",
        {"decision_taken_by": "headteacher"},
    ),
    ("The DPO does not decide whether a breach is notified.", {"decision_taken_by": None}),
    ("The decision to notify the ICO of a breach rests with the DPO.", {"decision_taken_by": "dpo"}),
    ("Our data protection officer is the headteacher.", {"dpo_is": "headteacher"}),
    ("The ICO is notified of a breach once the investigation is complete.", {"incomplete_report": "held_back"}),
    ("A breach is reported to the ICO when all the facts are known.", {"incomplete_report": "held_back"}),
    ("Parents are told of a breach after the ICO has responded.", {"individuals_told": "after_regulator_answers"}),
    ("Parents are told of a breach after our investigation has finished.", {"individuals_told": "after_investigation"}),
    ("Individuals will be informed of a breach where appropriate.", {"individuals_told_when": "when_appropriate"}),
    (
        "Parents are not told of a breach if that would harm the reputation of the school or cause distress.",
        {"exemptions": ("reputation", "distress")},
    ),
    ("Only reportable breaches are entered in the log.", {"log_holds": "reported_breaches"}),
    ("Minor breaches need not be recorded.", {"log_holds": "reported_breaches"}),
    ("A near miss of a breach need not be logged.", {"near_misses_logged": False}),
    ("The chair of the governing board is informed of a breach immediately.", {"chair_told": "without_delay"}),
    ("Governors are told of breaches at the next full meeting.", {"governors_told": "next_meeting"}),
    ("The head tells the Board of Trustees of a breach at the next meeting.", {"governors_told": "next_meeting"}),
    (
        "The chair of governors decides whether parents are informed of a breach.",
        {"chair_told": None, "governors_told": None, "decision_taken_by": "chair"},
    ),
    ("All serious breaches are recorded in a log.", {"log_holds": "reported_breaches"}),
    ("All breaches, reported or not, are recorded in a log.", {"log_holds": "every_breach"}),
    ("Not every breach is logged.", {"log_holds": None}),
    ("Every breach is logged, and serious breaches are recorded twice.", {"log_holds": "every_breach"}),
    ("The report to the ICO includes the nature of the breach.", {"report_contains": None}),
    (
        "The ICO is told of a breach within 72 hours, where feasible, of the incident.",
        {"clock_starts_at": "occurrence"},
    ),
    ("Training about breaches is given in phases.", {"incomplete_report": None}),
    ("Pupils are interviewed once the investigation of a breach is complete.", {"individuals_told": None}),
    (
        "Individuals need not be told of a breach when a high risk is no longer likely or it is disproportionate.",
        {"exemptions": ("high_risk_no_longer_likely", "disproportionate_effort")},
    ),
    (
        "The ICO is told of a breach within 72 hours, not counting weekends and school holidays.",
        {"window_leaves_out": ("weekends", "school_holidays")},
    ),
    ("Logged breaches are compared, and any trends in breaches are discussed.", {"log_holds": None}),
    ("A breach found at the weekend is reported on the next working day.", {"out_of_hours": "next_working_day"}),
    (
        "Complaints about personal data are acknowledged within 10 school days.",
        {"complaint_days": 10, "complaint_days_are": "school_days"},
    ),
    ("We follow the UK GDPR, which is Regulation (EU) 2016/679 as retained.", {"law_named": "uk_gdpr"}),
    ("We follow the Data Protection Act 1998.", {"law_named": "dpa_1998"}),
    ("Data stay in the UK or the EEA.", {"transfers_measured_from": None}),
    ("The Data Protection Act 1998 has been replaced.", {"law_named": None}),
    ("Our DPO is not the headteacher.", {"dpo_is": None}),
    ("Our DPO is not an external service.", {"dpo_is": None}),
    ("The headteacher is the DPO’s line manager.", {"dpo_is": None}),
    ("We followed the Data Protection Act (1998).", {"law_named": "dpa_1998"}),
    ("Any breach, serious or not, is reported to the ICO.", {"regulator_told_when": None}),
    ("Our DPO is the data protection lead.", {"dpo_is": "data_protection_lead"}),
    ("The chair of governors acts as our data protection officer.", {"dpo_is": "chair"}),
    (
        "Data protection complaints have a complaints procedure of their own.",
        {"complaint_route": "data_protection_route"},
    ),
    ("See also our complaints procedure.", {"complaint_route": None}),
    ("The DPO decides on training after a breach.", {"decision_taken_by": None}),
    ("The headteacher and not the DPO decides whether a breach is notified.", {"decision_taken_by": None}),
    ("The head teacher on the advice of the DPO decides whether a breach is notified.", {"decision_taken_by": None}),
    ("The data protection lead decides whether a breach is notified.", {"decision_taken_by": "data_protection_lead"}),
    ("The governing body decides whether a breach is notified.", {"decision_taken_by": "governing_body"}),
    ("Our school decides whether a breach is notified.", {"decision_taken_by": "controller"}),
    ("In a breach we tell the head unless a risk is unlikely.", {"regulator_told_when": None}),
    ("Serious breaches are reported to the police.", {"regulator_told_when": None}),
    ("If appropriate, ask the ICO for advice on a breach.", {"regulator_told_when": None}),
    ("Where necessary because of a risk to pupils the ICO is told of a breach.", {"regulator_told_when": None}),
    ("If a breach brings a high risk, ask the ICO for advice.", {"regulator_told_when": None}),
    ("If a breach brings a high risk, individuals are told as well as the ICO.", {"regulator_told_when": None}),
    ("If a breach is likely to bring a risk, passwords are changed.", {"regulator_told_when": None}),
    ("A breach that is not likely to bring a risk is not reported to the ICO.", {"regulator_told_when": None}),
    ("Once harm has been caused by a breach we help.", {"regulator_told_when": None}),
    ("A breach with a high risk is reported to the ICO.", {"individuals_told_when": None}),
    ("After a serious breach all parents are informed.", {"individuals_told_when": "significant"}),
    ("Where necessary because of the risk, parents are informed of a breach.", {"individuals_told_when": None}),
    (
        "Parents are told of a breach without waiting until the ICO has answered or our investigation has finished.",
        {"individuals_told": None},
    ),
    ("After the ICO has answered we learn from the breach.", {"individuals_told": None}),
    (
        "Parents are told as soon as our investigation of the breach is complete.",
        {"individuals_told": "after_investigation"},
    ),
    ("The head is told of a breach after the investigation has finished.", {"individuals_told": None}),
    ("Pupils come first: change their passwords immediately after a breach.", {"individuals_told": None}),
    (
        "The ICO is told of a breach at once and parents after the investigation is complete.",
        {"incomplete_report": None},
    ),
    ("The breach is closed when all the facts are known.", {"incomplete_report": None}),
    ("Not yet reported to the ICO, when all the facts of the breach are known: nothing.", {"incomplete_report": None}),
]


@pytest.mark.parametrize(("sentence", "settings"), SAYS)
def test_a_sentence_is_read_as_it_is_meant(sentence: str, settings: dict[str, object]) -> None:
    """None is what it does not say, although its words come near."""
    found = statements(sentence)
    for setting, value in settings.items():
        assert {each.value for each in found if each.setting == setting} == ({value} if value is not None else set())


def test_a_decision_that_the_dpo_shares_is_the_dpos_too() -> None:
    """Whichever of the two is named first."""
    for both in ("The headteacher and the DPO", "The DPO and the headteacher"):
        found = statements(f"{both} decide whether a breach is notified.")
        assert {(each.setting, each.value) for each in found} == {
            ("decision_taken_by", "dpo"),
            ("decision_taken_by", "headteacher"),
        }


def test_a_list_ends_where_a_paragraph_begins() -> None:
    """A page copied from the web has no empty line after its last point; a point may still run on."""
    page = """\
If a breach is reported to the ICO, the DPO will set out:
- The nature of the breach, and approximate numbers of individuals and
records
- Contact details
The likely consequences and the measures taken are kept in a file of the school and shown to nobody.
"""
    (contents,) = [each for each in statements(page) if each.setting == "report_contains"]
    assert contents.value == ("nature", "people", "records", "contact")
    assert contents.line == 1


def test_a_time_that_is_not_about_breaches_is_left_alone() -> None:
    """A whole data protection policy has other times, other decisions and other complaints."""
    elsewhere = """\
        Requests for a copy of a file are answered within one month, and the DPO decides on an extension of 60 days.
        Governors are informed of exclusions at their next meeting. The chair of governors is told of staff absence.
        The ICO has to be paid its fee within 21 days. Parents are told where appropriate. Serious accidents are
        reported to the insurer."""
    assert statements(elsewhere) == ()


def settings_of(text: str) -> set[tuple[str, object]]:
    """What a text says, wherever it says it."""
    return {(each.setting, each.value) for each in statements(text)}


@hypothesis.settings(deadline=None)  # the first text makes every pattern
@given(st.integers(min_value=40, max_value=160))
def test_where_the_lines_are_broken_changes_nothing(width: int) -> None:
    """A text saved from a PDF is broken anywhere."""
    broken = "\n\n".join(
        "\n".join(textwrap.fill(line, width, break_on_hyphens=False) for line in _whole(paragraph))
        for paragraph in DEPARTING.split("\n\n")
    )
    assert settings_of(broken) == settings_of(DEPARTING)


def _whole(paragraph: str) -> list[str]:
    """Its points, or itself as one line."""
    points = re.split(r"\n(?=\s*(?:•|-|[a-c]\)) )", paragraph)
    return [" ".join(point.split()) for point in points]


@hypothesis.settings(deadline=None)  # the first text makes every pattern
@given(st.integers(min_value=0, max_value=30), st.sampled_from(["\n", "\r\n"]))
def test_lines_are_counted_as_an_editor_counts_them(above: int, end: str) -> None:
    """Whatever stands above, and however lines end."""
    moved = statements((("\n" * above) + DEPARTING).replace("\n", end))
    assert [each.line - above for each in moved] == [each.line for each in statements(DEPARTING)]
    assert [each.extract for each in moved] == [each.extract for each in statements(DEPARTING)]


WORDS = sorted(
    {*re.findall(r"[\w’-]+|[.;,:]", DEPARTING + FAITHFUL), "1.", "•", "\n", "\n\n", "\f", "\x1b[31m", "9999", "0"}
)


@hypothesis.settings(deadline=None)  # the first text makes every pattern
@given(st.lists(st.sampled_from(WORDS), max_size=120))
def test_any_text_is_read_without_a_fault(some: list[str]) -> None:
    """Every statement stands on a line of the text, is short, and can be held against the law."""
    text = " ".join(some)
    found = statements(text)
    lint_statements(found, RULES)
    for each in found:
        assert 1 <= each.line <= text.count("\n") + 1
        assert 0 < len(each.extract) <= LONGEST_EXTRACT + 4
        assert each.extract.isprintable()


@hypothesis.settings(deadline=None)  # the first text makes every pattern
@given(st.text(max_size=300))
def test_any_characters_are_read_without_a_fault(text: str) -> None:
    """Nothing in a text is obeyed."""
    for each in statements(text):
        assert each.extract.isprintable()


def test_a_file_of_many_policies_is_read_as_a_whole(tmp_path: Path) -> None:
    """A trust may publish all its policies in one file; each place is still found."""
    copies = 50
    document = linted(written(tmp_path / "policies.txt", DEPARTING * copies))
    assert len([each for each in document["findings"] if each["rule"] == "clock_starts_at_awareness"]) == copies


def test_people_read_the_gravest_first_with_lines_law_and_what_to_do(tmp_path: Path) -> None:
    """And what was not found, in words."""
    result = run(written(tmp_path / "policy.txt", DEPARTING))
    said = " ".join(result.stdout.split())
    assert result.exit_code == 1
    assert "8 departures from the law, 2 gaps" in said
    assert said.index("DEPARTURES FROM THE LAW") < said.index("GAPS,") < said.index("NOT FOUND IN THE TEXT")
    assert f"Line {line_of('The DPO will decide')}: “The DPO will decide whether the breach is notified" in said
    assert "(UK GDPR Art. 34(2) with 33(3)(b) to (d))" in said
    assert "Do: Add to it: the nature of the breach." in said
    assert "whether near misses are logged (near_misses_logged)" in said


def test_a_file_about_something_else_is_asked_about(tmp_path: Path) -> None:
    """No departure, and no false comfort."""
    result = run(written(tmp_path / "menu.txt", "Monday: soup.\n"))
    assert result.exit_code == 0
    assert "is it the right file?" in result.stdout


def test_brackets_in_a_policy_are_printed_and_not_obeyed(tmp_path: Path) -> None:
    """The printer's own marks, and a terminal's."""
    result = run(written(tmp_path / "policy.txt", "The DPO decides [red]whether\x1b[31m[/red] a breach is notified.\n"))
    assert "[red]whether [31m[/red]" in result.stdout


BLOCKS = re.findall(r"```(yaml|text)\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)


def test_the_documents_examples_pass_and_fail_as_it_says(tmp_path: Path) -> None:
    """docs/policy-settings.md is what is run."""
    (_, passing), (_, failing), (_, printed) = BLOCKS
    assert yaml.safe_load(passing).keys() == Procedure.model_fields.keys()
    good = linted(written(tmp_path / "good.yaml", passing))
    assert (good["findings"], good["not_said"], good["read_as"]) == ([], [], "settings")
    bad = linted(written(tmp_path / "bad.yaml", failing))
    gravest_first = sorted(bad["findings"], key=lambda each: ["departure", "gap", "advice"].index(each["severity"]))
    assert [f"{each['severity']:10} {each['rule']}" for each in gravest_first] == printed.splitlines()
    assert all(each["where"] == each["setting"] and each["extract"] is None for each in bad["findings"])


def test_the_document_names_every_setting_and_every_value() -> None:
    """One row a setting, in the order of the schema."""
    table = DOCUMENT.read_text(encoding="utf-8").partition("## The settings")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", table, re.MULTILINE)
    assert [name for name, _ in rows] == list(Procedure.model_fields)
    for name, values in rows:
        schema = Procedure.model_json_schema()["properties"][name]
        possible = re.findall(r"'(?:enum|const)': (\[.*?\]|'.*?')", str(schema))
        for value in re.findall(r"'(\w+)'", " ".join(possible)):
            assert f"`{value}`" in values or "the same" in values, (name, value)


def test_settings_are_read_from_any_file_that_is_one_mapping(tmp_path: Path) -> None:
    """And an ending decides where it is clear."""
    settings = "clock_starts_at: occurrence\n"
    assert linted(written(tmp_path / "procedure", settings))["read_as"] == "settings"
    assert linted(written(tmp_path / "procedure.conf", settings))["read_as"] == "settings"
    assert linted(written(tmp_path / "procedure.txt", settings))["read_as"] == "text"
    assert linted(written(tmp_path / "policy", FAITHFUL))["read_as"] == "text"
    assert linted(written(tmp_path / "windows.yaml", "\ufeff" + settings))["read_as"] == "settings"


def test_people_read_settings_by_their_names(tmp_path: Path) -> None:
    """A passing file says so."""
    good = run(written(tmp_path / "good.yaml", "log_holds: every_breach\n"))
    assert good.exit_code == 0
    assert "good.yaml, read as settings: nothing found against it." in "".join(good.stdout.split("\n"))
    bad = run(written(tmp_path / "bad.yaml", "log_holds: nothing\n"))
    assert bad.exit_code == 1
    assert "Setting: log_holds" in bad.stdout


DEEP = 5000
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"
WRONG: list[tuple[str, str | bytes, str]] = [
    ("a.yaml", "clock_start: occurrence\n", "“clock_start”; perhaps “clock_starts_at” is meant"),
    ("a.yaml", "zzz: 1\nlog_holds: nothing\nqqq: 2\n", "“zzz”, “qqq”"),
    ("a.yaml", "on: 1\n", "“on”"),
    ("a.yaml", "[log_holds]: 1\n", "“a list”"),
    ("a.yaml", "log_holds: nothing\nlog_holds: every_breach\n", "“log_holds” twice"),
    ("a.yaml", "log_holds: sometimes\n", "log_holds: takes 'every_breach', 'reported_breaches' or 'nothing'"),
    ("a.yaml", "report_contains: nature\n", "report_contains: takes a list in brackets"),
    ("a.yaml", "window_hours: three days\n", "window_hours: should be a valid number"),
    ("a.yaml", "window_hours: -1\n", "window_hours: should be greater than 0"),
    ("a.yaml", "window_hours: " + "9" * 5000 + "\n", "is not readable as YAML"),
    ("a.yaml", "- log_holds\n", "holds no settings"),
    ("a.yml", "just words\n", "holds no settings"),
    ("a.yaml", "# nothing but a remark\n", "holds no settings"),
    ("a.yaml", "log_holds: [nothing\n", "is not readable as YAML (line 2)"),
    ("a.yaml", "log_holds: nothing\n---\nlog_holds: nothing\n", "is not readable as YAML"),
    ("a.yaml", "log_holds: !!python/object/apply:os.getcwd []\n", "is not readable as YAML"),
    ("a.yaml", BOMB, "uses YAML anchors or aliases"),
    ("a", BOMB, "uses YAML anchors or aliases"),
    ("a.yaml", "window_leaves_out: " + "[" * DEEP + "]" * DEEP, "too long or too deep"),
    ("a.yaml", "window_leaves_out: [[[weekends]]]", "too long or too deep"),
    ("a.yaml", "exemptions: [" + "cost, " * 2000 + "]", "too long or too deep"),
    ("a.txt", "The ICO and the caf\xe9".encode("latin-1"), "is not plain text in UTF-8"),
    ("a.txt", "The ICO".encode("utf-16"), "is not plain text in UTF-8"),
    ("a.txt", b"The \0 ICO", "is not plain text in UTF-8"),
    ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is not plain text in UTF-8"),
    ("a.txt", b"x" * 1_000_001, "is larger than 1 MB"),
    ("a.txt", " \n\n", "is empty"),
    ("a.txt", "\ufeff", "is empty"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), WRONG)
def test_a_file_that_is_wrong_is_refused_in_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    name: str,
    content: str | bytes,
    sentence: str,
) -> None:
    """Exit 2; the sentence names the file and what is wrong."""
    said = refused(monkeypatch, capfd, written(tmp_path / name, content))
    assert name in said
    assert sentence in said


def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Missing, a folder, a device that never ends, a name too long."""
    assert "cannot be read: No such file" in refused(monkeypatch, capfd, tmp_path / "missing.txt")
    assert "is a folder" in refused(monkeypatch, capfd, tmp_path)
    assert "is not a file" in refused(monkeypatch, capfd, Path("/dev/zero"))
    assert "cannot be read" in refused(monkeypatch, capfd, tmp_path / ("x" * 300))


def test_no_value_of_the_schema_is_a_yaml_trap() -> None:
    """`no`, `on` or `off` as a value would be read as true or false."""
    values = [value for value in re.findall(r"'(\w+)'", str(Procedure.model_json_schema())) if len(value) < 4]
    assert not {"no", "on", "off", "yes", "y", "n"} & {*values}
