"""A school's written breach procedure, as settings to hold against the law. Tocsin's own limits are in policy.py."""

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from domain.quantities import Value

Law = Literal["uk_gdpr", "eu_gdpr", "dpa_1998"]
Area = Literal["uk", "eea"]
ClockStart = Literal["awareness", "discovery", "confirmation", "occurrence", "dpo_told", "end_of_investigation"]
Counting = Literal["consecutive_hours", "working_hours", "working_days", "school_days"]
FreeDays = Literal["weekends", "bank_holidays", "school_holidays"]
Threshold = Literal[
    "unless_risk_unlikely", "every_breach", "risk_likely", "high_risk", "significant", "when_appropriate", "after_harm"
]
Decider = Literal["controller", "headteacher", "data_protection_lead", "chair", "governing_body", "dpo"]
DpoPost = Literal["outside_service", "headteacher", "data_protection_lead", "chair", "governing_body", "other_staff"]
ReportPart = Literal["nature", "people", "records", "contact", "consequences", "measures"]
Incomplete = Literal["sent_in_phases", "held_back"]
Late = Literal["sent_with_reasons", "sent_without_reasons", "not_sent"]
PeopleThreshold = Literal[
    "high_risk", "any_risk", "every_breach", "significant", "when_appropriate", "after_harm", "never"
]
PeopleTold = Literal["without_undue_delay", "after_regulator_answers", "after_investigation"]
MessagePart = Literal["nature", "contact", "consequences", "measures"]
Ground = Literal[
    "data_unintelligible",
    "high_risk_no_longer_likely",
    "disproportionate_effort",
    "disproportionate_effort_without_public_notice",
    "reputation",
    "cost",
    "distress",
    "other",
]
Logged = Literal["every_breach", "reported_breaches", "nothing"]
ProcessorDuty = Literal["without_undue_delay", "in_a_set_time", "no_time_limit", "not_required"]
OutOfHours = Literal["at_once", "as_soon_as_practicable", "next_working_day", "not_covered"]
Told = Literal["in_a_set_time", "without_delay", "no_time_limit", "next_meeting", "never"]
ComplaintRoute = Literal["data_protection_route", "school_complaints_procedure", "none"]
DayCount = Literal["days", "working_days", "school_days"]

Number = Annotated[float, Field(strict=True, gt=0, le=24 * 366, allow_inf_nan=False)]
Severity = Literal["departure", "gap", "advice"]
"""A departure contradicts a provision of law. A gap leaves open what no provision fixes in words or figures, but
without which a school can hardly show that it complies (UK GDPR Art. 5(2), 24). Advice is no more than better."""


class Procedure(Value):
    """What a breach procedure says, in the order of a breach; None is what it does not say."""

    law_named: Law | None = Field(None, description="which data protection law it follows")
    transfers_measured_from: Area | None = Field(None, description="the border behind which a transfer is restricted")
    out_of_hours: OutOfHours | None = Field(None, description="how staff report outside working hours")
    processor_tells: ProcessorDuty | None = Field(None, description="when a processor has to tell the school")
    processor_hours: Number | None = Field(None, description="how many hours a processor has to tell the school")
    clock_starts_at: ClockStart | None = Field(None, description="what starts the time for telling the ICO")
    window_hours: Number | None = Field(None, description="how many hours the school has to tell the ICO")
    window_counted_in: Counting | None = Field(
        None, description="whether every hour counts in the time for telling the ICO"
    )
    window_leaves_out: tuple[FreeDays, ...] | None = Field(
        None, description="which days the time for telling the ICO leaves out"
    )
    regulator_told_when: Threshold | None = Field(None, description="which breaches are reported to the ICO")
    decision_taken_by: Decider | None = Field(None, description="who decides whether anybody is notified")
    dpo_is: DpoPost | None = Field(None, description="who the data protection officer is")
    report_contains: tuple[ReportPart, ...] | None = Field(None, description="what the report to the ICO contains")
    incomplete_report: Incomplete | None = Field(None, description="what happens to a report that is not yet complete")
    late_report: Late | None = Field(None, description="what happens to a report that is late")
    individuals_told_when: PeopleThreshold | None = Field(None, description="of which breaches people are told")
    individuals_told: PeopleTold | None = Field(None, description="how soon people are told")
    message_contains: tuple[MessagePart, ...] | None = Field(None, description="what the message to people contains")
    exemptions: tuple[Ground, ...] | None = Field(None, description="on what grounds people are not told")
    complaint_route: ComplaintRoute | None = Field(None, description="how people complain about the use of their data")
    complaint_days: Number | None = Field(None, description="in how many days a complaint is acknowledged")
    complaint_days_are: DayCount | None = Field(
        None, description="which days are counted until a complaint is acknowledged"
    )
    log_holds: Logged | None = Field(None, description="which breaches are logged")
    near_misses_logged: bool | None = Field(None, description="whether near misses are logged")
    chair_told: Told | None = Field(None, description="when the chair of governors is told")
    governors_told: Told | None = Field(None, description="when the governing body is told")


Setting: TypeAlias = str | bool | float | tuple[str, ...]
"""What a setting can hold."""


class Statement(Value):
    """One setting as one place of a published text gives it."""

    setting: str
    value: Setting
    line: Annotated[int, Field(ge=1)]
    extract: str


class Remark(Value):
    """What a rule has against one setting: what the procedure says, and what to write instead."""

    severity: Severity
    setting: str
    says: str
    do: str


def departure(setting: str, says: str | None, do: str) -> Iterator[Remark]:
    """What contradicts a provision of law; nothing when there is nothing to say."""
    return _remark("departure", setting, says, do)


def gap(setting: str, says: str | None, do: str) -> Iterator[Remark]:
    """What is left open, though no provision fixes it; nothing when there is nothing to say."""
    return _remark("gap", setting, says, do)


def advice(setting: str, says: str | None, do: str) -> Iterator[Remark]:
    """What would be better; nothing when there is nothing to say."""
    return _remark("advice", setting, says, do)


def _remark(severity: Severity, setting: str, says: str | None, do: str) -> Iterator[Remark]:
    if says is not None:
        yield Remark(severity=severity, setting=setting, says=says, do=do)


def plain(key: str) -> str:
    """A value of a setting in words."""
    return key.replace("_", " ")


def listed(words: Iterable[str]) -> str:
    """One, two and three; no words give an empty text."""
    *firsts, last = tuple(words) or ("",)
    return f"{', '.join(firsts)} and {last}" if firsts else last


class Finding(Value):
    """A remark with its law and its place: a line of a text, or the name of a setting."""

    rule: str
    severity: Severity
    setting: str
    says: str
    law: str
    citation: str
    where: int | str
    extract: str | None
    do: str


Rule: TypeAlias = Callable[[Procedure], Iterator[Remark]]
"""A rule's name is the finding's key for ever; its docstring is the law in our own words, and then the citation."""

GATHERED = ("report_contains", "message_contains")
"""Lists that a text may give in several places: what one place leaves out, another may hold."""

TIMES = ("processor_tells", "chair_told", "governors_told")
"""One place that gives no time is answered by another place that gives one."""


def not_said(procedure: Procedure) -> tuple[str, ...]:
    """The settings on which the procedure is silent."""
    return tuple(name for name in Procedure.model_fields if getattr(procedure, name) is None)


def lint(procedure: Procedure, rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """Where the settings depart from the law, in the order of the rules."""
    return tuple(_found(rule, remark) for rule in rules for remark in rule(procedure))


def settled(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """The statements of a text in its order: repetitions once, lists gathered, and silence about a time answered."""
    kept: dict[tuple[object, ...], Statement] = {}
    for each in sorted(statements, key=lambda statement: statement.line):
        key = (each.setting,) if each.setting in GATHERED else (each.setting, each.value, each.line)
        kept[key] = _together(kept[key], each) if key in kept else each
    answered = {each.setting for each in kept.values() if not _leaves_open(each)}
    return tuple(each for each in kept.values() if not (_leaves_open(each) and each.setting in answered))


def _together(one: Statement, other: Statement) -> Statement:
    """A list from two places, at the place that says more; of a mere repetition, the first."""
    match one.value, other.value:
        case tuple() as some, tuple() as more:
            longer = one if len(some) >= len(more) else other
            return longer.model_copy(update={"value": tuple(dict.fromkeys((*some, *more)))})
    return one


def _leaves_open(statement: Statement) -> bool:
    return statement.setting in TIMES and statement.value == "no_time_limit"


def spoken(statements: Iterable[Statement]) -> Procedure:
    """The procedure of a text; where it says two things, the one that it says first."""
    first: dict[str, Setting] = {}
    for each in statements:
        first.setdefault(each.setting, each.value)
    return Procedure.model_validate(first)


def lint_statements(statements: Iterable[Statement], rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """Where a text departs from the law: every statement is held against the rules, and found at its own line."""
    everything, every_rule = tuple(statements), tuple(rules)
    settings = spoken(everything).model_dump()
    found: list[Finding] = []
    for each in everything:
        procedure = Procedure.model_validate({**settings, each.setting: each.value})
        found += [
            finding.model_copy(update={"where": each.line, "extract": each.extract})
            for finding in lint(procedure, every_rule)
            if finding.setting == each.setting
        ]
    order = [rule.__name__ for rule in every_rule]
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: (order.index(finding.rule), finding.where)))


def _found(rule: Rule, remark: Remark) -> Finding:
    law, _, citation = (rule.__doc__ or "").strip().partition("\n\n")
    return Finding(
        rule=rule.__name__,
        law=" ".join(law.split()),
        citation=" ".join(citation.split()).removesuffix("."),
        where=remark.setting,
        extract=None,
        **remark.model_dump(),
    )
