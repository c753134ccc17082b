"""A school's written breach procedure held against the law: each rule alone, its borders, and the places it names."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.deadlines import COMPLAINT_WINDOW, NOTIFICATION_WINDOW
from domain.procedure import (
    Finding,
    MessagePart,
    Procedure,
    ReportPart,
    Setting,
    Statement,
    lint,
    lint_statements,
    not_said,
    settled,
    spoken,
)
from domain.procedure_rules import RULES

LAW_HOURS = NOTIFICATION_WINDOW.total_seconds() / 3600

LAWFUL: dict[str, Any] = {
    "law_named": "uk_gdpr",
    "transfers_measured_from": "uk",
    "out_of_hours": "at_once",
    "processor_tells": "without_undue_delay",
    "processor_hours": 24,
    "clock_starts_at": "awareness",
    "window_hours": LAW_HOURS,
    "window_counted_in": "consecutive_hours",
    "window_leaves_out": (),
    "regulator_told_when": "unless_risk_unlikely",
    "decision_taken_by": "headteacher",
    "dpo_is": "outside_service",
    "report_contains": get_args(ReportPart),
    "incomplete_report": "sent_in_phases",
    "late_report": "sent_with_reasons",
    "individuals_told_when": "high_risk",
    "individuals_told": "without_undue_delay",
    "message_contains": get_args(MessagePart),
    "exemptions": ("data_unintelligible", "high_risk_no_longer_likely", "disproportionate_effort"),
    "complaint_route": "data_protection_route",
    "complaint_days": 5,
    "complaint_days_are": "working_days",
    "log_holds": "every_breach",
    "near_misses_logged": True,
    "chair_told": "in_a_set_time",
    "governors_told": "next_meeting",
}

AGAINST: list[tuple[str, str, dict[str, Any]]] = [
    ("names_the_uk_gdpr", "departure", {"law_named": "eu_gdpr"}),
    ("names_the_uk_gdpr", "departure", {"law_named": "dpa_1998"}),
    ("measures_transfers_from_the_uk", "departure", {"transfers_measured_from": "eea"}),
    ("staff_report_out_of_hours", "gap", {"out_of_hours": "next_working_day"}),
    ("staff_report_out_of_hours", "gap", {"out_of_hours": "not_covered"}),
    ("processors_tell_without_undue_delay", "departure", {"processor_tells": "not_required"}),
    ("processors_tell_without_undue_delay", "gap", {"processor_tells": "no_time_limit"}),
    ("processors_tell_without_undue_delay", "departure", {"processor_hours": 168}),
    ("clock_starts_at_awareness", "departure", {"clock_starts_at": "occurrence"}),
    ("clock_starts_at_awareness", "departure", {"clock_starts_at": "dpo_told"}),
    ("clock_starts_at_awareness", "departure", {"clock_starts_at": "end_of_investigation"}),
    ("window_is_no_longer_than_the_laws", "departure", {"window_hours": 96}),
    ("every_hour_counts", "departure", {"window_counted_in": "working_hours"}),
    ("every_hour_counts", "departure", {"window_counted_in": "working_days"}),
    ("every_hour_counts", "departure", {"window_counted_in": "school_days"}),
    ("every_hour_counts", "departure", {"window_leaves_out": ("weekends", "bank_holidays", "school_holidays")}),
    ("regulator_is_told_unless_risk_is_unlikely", "departure", {"regulator_told_when": "high_risk"}),
    ("regulator_is_told_unless_risk_is_unlikely", "departure", {"regulator_told_when": "significant"}),
    ("regulator_is_told_unless_risk_is_unlikely", "departure", {"regulator_told_when": "when_appropriate"}),
    ("regulator_is_told_unless_risk_is_unlikely", "departure", {"regulator_told_when": "after_harm"}),
    ("regulator_is_told_unless_risk_is_unlikely", "advice", {"regulator_told_when": "risk_likely"}),
    ("controller_decides", "departure", {"decision_taken_by": "dpo"}),
    ("adviser_is_not_the_decider", "departure", {"dpo_is": "headteacher"}),
    ("adviser_is_not_the_decider", "departure", {"dpo_is": "headteacher", "decision_taken_by": "controller"}),
    ("adviser_is_not_the_decider", "departure", {"dpo_is": "chair"}),
    ("adviser_is_not_the_decider", "departure", {"dpo_is": "governing_body"}),
    (
        "adviser_is_not_the_decider",
        "departure",
        {"dpo_is": "data_protection_lead", "decision_taken_by": "data_protection_lead"},
    ),
    ("report_has_all_its_parts", "departure", {"report_contains": ("nature", "people", "records", "contact")}),
    ("report_may_come_in_phases", "departure", {"incomplete_report": "held_back"}),
    ("late_report_gives_its_reasons", "departure", {"late_report": "not_sent"}),
    ("late_report_gives_its_reasons", "departure", {"late_report": "sent_without_reasons"}),
    ("individuals_are_told_of_a_high_risk", "departure", {"individuals_told_when": "significant"}),
    ("individuals_are_told_of_a_high_risk", "departure", {"individuals_told_when": "when_appropriate"}),
    ("individuals_are_told_of_a_high_risk", "departure", {"individuals_told_when": "after_harm"}),
    ("individuals_are_told_of_a_high_risk", "departure", {"individuals_told_when": "never"}),
    ("individuals_are_told_without_undue_delay", "departure", {"individuals_told": "after_regulator_answers"}),
    ("individuals_are_told_without_undue_delay", "departure", {"individuals_told": "after_investigation"}),
    ("message_has_all_its_parts", "departure", {"message_contains": ("contact", "consequences", "measures")}),
    ("exemptions_are_the_laws", "departure", {"exemptions": ("data_unintelligible", "reputation")}),
    ("exemptions_are_the_laws", "departure", {"exemptions": ("disproportionate_effort_without_public_notice",)}),
    ("exemptions_are_the_laws", "departure", {"exemptions": ("cost", "distress", "other")}),
    ("complaints_are_acknowledged_in_time", "departure", {"complaint_route": "none", "complaint_days": None}),
    (
        "complaints_are_acknowledged_in_time",
        "departure",
        {"complaint_route": "school_complaints_procedure", "complaint_days": None},
    ),
    ("complaints_are_acknowledged_in_time", "departure", {"complaint_days": 31, "complaint_days_are": "days"}),
    ("complaints_are_acknowledged_in_time", "departure", {"complaint_days": 5, "complaint_days_are": "school_days"}),
    ("every_breach_is_logged", "departure", {"log_holds": "reported_breaches"}),
    ("every_breach_is_logged", "departure", {"log_holds": "nothing"}),
    ("near_misses_are_logged", "advice", {"near_misses_logged": False}),
    ("chair_is_told_in_a_set_time", "gap", {"chair_told": "no_time_limit", "governors_told": None}),
    ("chair_is_told_in_a_set_time", "gap", {"chair_told": "next_meeting", "governors_told": None}),
    ("chair_is_told_in_a_set_time", "gap", {"chair_told": "never", "governors_told": None}),
    ("governors_are_told_before_their_next_meeting", "gap", {"chair_told": None}),
    ("governors_are_told_before_their_next_meeting", "gap", {"chair_told": None, "governors_told": "no_time_limit"}),
    ("governors_are_told_before_their_next_meeting", "gap", {"chair_told": None, "governors_told": "never"}),
]
"""Each departure alone, in a procedure that follows the law in everything else."""

ALSO_LAWFUL: list[dict[str, Any]] = [
    {"clock_starts_at": "discovery"},
    {"clock_starts_at": "confirmation"},
    {"window_hours": 24},
    {"regulator_told_when": "every_breach"},
    {"individuals_told_when": "any_risk"},
    {"individuals_told_when": "every_breach"},
    {"decision_taken_by": "governing_body"},
    {"decision_taken_by": "chair"},
    {"decision_taken_by": "data_protection_lead"},
    {"decision_taken_by": "controller"},
    {"dpo_is": "other_staff"},
    {"dpo_is": "data_protection_lead"},
    {"processor_tells": "in_a_set_time"},
    {"out_of_hours": "as_soon_as_practicable"},
    {"exemptions": ()},
    {"complaint_route": "school_complaints_procedure", "complaint_days": 30, "complaint_days_are": "days"},
    {"chair_told": "without_delay"},
    {"governors_told": "in_a_set_time"},
    {"governors_told": "without_delay"},
]


def found(**settings: Any) -> tuple[Finding, ...]:
    """What the rules have against a procedure of these settings."""
    return lint(Procedure(**settings), RULES)


def test_a_procedure_that_follows_the_law_has_no_findings_and_leaves_nothing_unsaid() -> None:
    """Nothing is found for the sake of finding something."""
    assert found(**LAWFUL) == ()
    assert not_said(Procedure(**LAWFUL)) == ()


def test_a_silent_procedure_is_told_what_it_does_not_say() -> None:
    """Silence is no departure; it is listed."""
    assert found() == ()
    assert not_said(Procedure()) == tuple(Procedure.model_fields)


@pytest.mark.parametrize(("rule", "severity", "change"), AGAINST)
def test_each_departure_is_found_alone(rule: str, severity: str, change: dict[str, Any]) -> None:
    """One finding, of that rule, about a setting that was changed."""
    (finding,) = found(**{**LAWFUL, **change})
    assert (finding.rule, finding.severity) == (rule, severity)
    assert finding.where == finding.setting
    assert finding.setting in change or finding.setting == "governors_told"
    assert finding.extract is None


@pytest.mark.parametrize("change", ALSO_LAWFUL)
def test_what_the_law_leaves_free_is_not_found(change: dict[str, Any]) -> None:
    """A school may be stricter, and may share out its own tasks."""
    assert found(**{**LAWFUL, **change}) == ()


def test_every_value_of_every_setting_is_judged_somewhere() -> None:
    """No value that a school can write is forgotten by the tables above."""
    judged: dict[str, set[object]] = {name: set() for name in Procedure.model_fields}
    for settings in (LAWFUL, *ALSO_LAWFUL, *(change for _, _, change in AGAINST)):
        for name, value in settings.items():
            judged[name] |= set(value) if isinstance(value, tuple) else {value}
    possible = {
        name: {value for part in _literals(field.annotation) for value in part}
        for name, field in Procedure.model_fields.items()
    }
    assert {name: values - judged[name] for name, values in possible.items() if values - judged[name]} == {}


def _literals(annotation: Any) -> list[tuple[object, ...]]:
    inner = get_args(annotation)
    if all(isinstance(each, str) for each in inner):
        return [inner]
    return [values for each in inner if each is not type(None) for values in _literals(each)]


def test_every_rule_finds_something_and_names_its_law() -> None:
    """A rule that nobody saw find anything may not be there."""
    assert {rule for rule, _, _ in AGAINST} == {rule.__name__ for rule in RULES}
    for finding in (finding for _, _, change in AGAINST for finding in found(**{**LAWFUL, **change})):
        assert any(law in finding.citation for law in ("UK GDPR Art.", "UK GDPR Chapter", "DPA 2018 s.", "ICO "))
        for sentence in (finding.says, finding.law, finding.do):
            assert sentence.endswith(".")
            assert not set("'\"") & set(sentence), "quotation marks that people read are typographic"


def test_the_keys_of_the_findings_stay_as_they_are() -> None:
    """They are read by machines; a new rule is added to this list, and none is renamed."""
    assert [rule.__name__ for rule in RULES] == [
        "names_the_uk_gdpr",
        "measures_transfers_from_the_uk",
        "staff_report_out_of_hours",
        "processors_tell_without_undue_delay",
        "clock_starts_at_awareness",
        "window_is_no_longer_than_the_laws",
        "every_hour_counts",
        "regulator_is_told_unless_risk_is_unlikely",
        "controller_decides",
        "adviser_is_not_the_decider",
        "report_has_all_its_parts",
        "report_may_come_in_phases",
        "late_report_gives_its_reasons",
        "individuals_are_told_of_a_high_risk",
        "individuals_are_told_without_undue_delay",
        "message_has_all_its_parts",
        "exemptions_are_the_laws",
        "complaints_are_acknowledged_in_time",
        "every_breach_is_logged",
        "near_misses_are_logged",
        "chair_is_told_in_a_set_time",
        "governors_are_told_before_their_next_meeting",
    ]


@given(st.floats(min_value=0.01, max_value=8000))
def test_a_window_is_too_long_exactly_beyond_the_laws_hours(hours: float) -> None:
    """Art. 33(1): “not later than”; the last moment is in time, and a shorter window is the school's own affair."""
    assert bool(found(window_hours=hours)) == (hours > LAW_HOURS)
    assert found(window_hours=LAW_HOURS) == ()
    assert bool(found(processor_hours=hours)) == (hours > LAW_HOURS), (
        "a processor's time is no longer than the school's"
    )
    assert found(processor_hours=LAW_HOURS) == ()


@given(st.integers(min_value=1, max_value=300))
def test_a_complaint_is_acknowledged_late_exactly_beyond_the_acts_days(days: int) -> None:
    """DPA 2018 s. 164A; a working day is more than a day."""
    assert bool(found(complaint_days=days)) == (days > COMPLAINT_WINDOW.days)
    assert bool(found(complaint_days=days, complaint_days_are="working_days")) == (days * 7 > COMPLAINT_WINDOW.days * 5)


@given(st.sets(st.sampled_from(get_args(ReportPart))))
def test_a_report_is_complete_exactly_when_it_has_every_part(parts: set[Any]) -> None:
    """Art. 33(3)(a) to (d)."""
    complete = parts == set(get_args(ReportPart))
    assert bool(found(report_contains=tuple(parts))) != complete


def test_the_missing_part_of_the_message_is_named() -> None:
    """Art. 34(2): the nature of the breach is asked of the message too."""
    (finding,) = found(message_contains=("contact", "consequences", "measures"))
    assert finding.says == "The message to people leaves out: the nature of the breach."
    assert "34(2)" in finding.citation


def test_a_dpo_who_decides_in_two_ways_is_found_twice() -> None:
    """The task and the post are two findings: either can be mended alone."""
    rules = [finding.rule for finding in found(decision_taken_by="dpo", dpo_is="headteacher")]
    assert rules == ["controller_decides", "adviser_is_not_the_decider"]


@pytest.mark.parametrize(
    "settings",
    [
        {"window": 72},
        {"window_hours": "72"},
        {"window_hours": True},
        {"window_hours": 0},
        {"window_hours": float("nan")},
        {"window_hours": float("inf")},
        {"clock_starts_at": "whenever"},
        {"report_contains": "nature"},
        {"report_contains": ["nature", "weather"]},
    ],
)
def test_what_is_no_setting_is_refused(settings: dict[str, Any]) -> None:
    """Never taken for silence."""
    with pytest.raises(ValidationError):
        Procedure(**settings)


def said(line: int, setting: str, value: Setting) -> Statement:
    """A statement on a line."""
    return Statement(setting=setting, value=value, line=line, extract=f"line {line}")


def test_a_text_is_found_at_its_own_lines() -> None:
    """Each place that departs is given, with its extract; a place that does not is not."""
    text = [
        said(3, "regulator_told_when", "when_appropriate"),
        said(5, "regulator_told_when", "unless_risk_unlikely"),
        said(9, "regulator_told_when", "significant"),
        said(9, "clock_starts_at", "occurrence"),
    ]
    places = [(each.rule, each.where, each.extract) for each in lint_statements(text, RULES)]
    assert places == [
        ("clock_starts_at_awareness", 9, "line 9"),
        ("regulator_is_told_unless_risk_is_unlikely", 3, "line 3"),
        ("regulator_is_told_unless_risk_is_unlikely", 9, "line 9"),
    ]
    assert spoken(text).regulator_told_when == "when_appropriate"


def test_two_places_of_a_text_answer_for_each_other() -> None:
    """The post in one sentence and the decision in another: the finding stands at the post."""
    text = [said(2, "decision_taken_by", "data_protection_lead"), said(8, "dpo_is", "data_protection_lead")]
    (finding,) = lint_statements(text, RULES)
    assert (finding.rule, finding.where) == ("adviser_is_not_the_decider", 8)


def test_what_one_list_leaves_out_another_may_hold() -> None:
    """The message is described in the policy and again in its appendix."""
    text = [
        said(4, "message_contains", ("nature", "contact")),
        said(30, "message_contains", ("contact", "consequences", "measures")),
    ]
    (gathered,) = settled(text)
    assert gathered.value == ("nature", "contact", "consequences", "measures")
    assert gathered.line == 30
    assert lint_statements(settled(text), RULES) == ()


def test_a_time_given_in_one_place_answers_for_a_place_that_gives_none() -> None:
    """But a wrong time is not answered by a right one."""
    assert settled([said(4, "chair_told", "no_time_limit"), said(9, "chair_told", "in_a_set_time")]) == (
        said(9, "chair_told", "in_a_set_time"),
    )
    both = [said(4, "chair_told", "next_meeting"), said(9, "chair_told", "in_a_set_time")]
    assert [each.where for each in lint_statements(settled(both), RULES)] == [4]


def test_a_repetition_is_kept_once_and_other_places_are_kept() -> None:
    """Two phrases of one sentence may say the same."""
    once = said(7, "transfers_measured_from", "eea")
    again = said(2, "transfers_measured_from", "eea")
    assert settled([once, once, again]) == (again, once)
