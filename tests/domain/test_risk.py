"""The risk prompt: ENISA's arithmetic, each named rule with its nearest silence, and what must hold for any facts."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.risk import (
    FOR_COMMUNICATION,
    GROUNDS_AGAINST,
    INSISTING,
    NOTES,
    NOTIFY_UNLESS_UNLIKELY,
    SCORE_IS_NO_GROUND,
    assess,
)
from domain.risk_facts import DataFact, Identifiability, Insight, Prompt, Reason, RiskFacts
from domain.risk_of_incident import facts_of
from domain.severity import CATEGORY, Category, context_of, severity, severity_of
from domain.vocabulary import (
    Answer,
    Availability,
    Confidentiality,
    DataKind,
    Encryption,
    Integrity,
    PeopleKind,
)
from tests.given import Story, a_breach

DOCUMENT = Path(__file__).parents[2] / "docs" / "risk.md"

CALM: dict[str, Any] = {
    "data": [{"kind": "basic_personal_identifiers"}],
    "people": ["staff"],
    "number": 1,
    "children": "no",
    "vulnerable": "no",
    "identifiability": "maximum",
    "confidentiality": "disclosed_to_known_recipients",
    "integrity": "not_affected",
    "availability": "not_affected",
    "malicious": "no",
    "encryption": "none",
}
"""One colleague's name and address went to a wrong colleague."""


def facts(**changed: Any) -> RiskFacts:
    """The calm case, with changes; a kind of data may be given by its name."""
    given = {**CALM, **changed}
    given["data"] = [{"kind": item} if isinstance(item, str) else item for item in given["data"]]
    return RiskFacts.model_validate(given)


def rules(prompt: Prompt) -> list[str]:
    """The names of the rules that spoke."""
    return [reason.rule for reason in prompt.reasons]


# ENISA's arithmetic. An ease of identification of 1 is four quarters; circumstances are given in quarters.


@pytest.mark.parametrize(
    ("context", "identification", "circumstances", "score", "level"),
    [
        pytest.param(4, 3, 1 + 2, 3.75, "high", id="E1 hospital ransomware, back within a day"),
        pytest.param(3, 4, 1, 3.25, "high", id="E2 salaries to a wrong colleague"),
        pytest.param(1, 1, 0, 0.25, "low", id="E3 encrypted laptop with contacts, and the least there is"),
        pytest.param(1, 4, 1, 1.25, "low", id="E4 newsletter with open addresses"),
        pytest.param(3, 4, 1, 3.25, "high", id="E5 personnel data reachable, one recipient known"),
        pytest.param(3, 4, 0, 3.00, "high", id="E5 the same without a sign of access: the bound is high"),
        pytest.param(4, 4, 2 + 2, 5.00, "very high", id="E6 insurer's files taken"),
        pytest.param(1, 4, 2, 1.50, "low", id="E7 export behind an open address"),
        pytest.param(1, 4, 2 + 2, 2.00, "medium", id="E8 the same on purpose: the bound is medium"),
        pytest.param(4, 4, 0, 4.00, "very high", id="the bound is very high"),
        pytest.param(4, 4, 2 + 2 + 2 + 2, 6.00, "very high", id="the most there is"),
    ],
)
def test_the_score_is_enisas(context: int, identification: int, circumstances: int, score: float, level: str) -> None:
    """SE = DPC x EI + CB, lower bounds included."""
    found = severity(context, identification, circumstances)
    assert (found.score, found.level) == (score, level)


def test_the_whole_grid_falls_into_enisas_levels() -> None:
    """Every combination of four contexts, four eases and the circumstances."""
    grid = product(range(1, 5), range(1, 5), range(3), range(3), range(3), (0, 2))
    levels = Counter(severity(context, ease, sum(rest)).level for context, ease, *rest in grid)
    assert levels == {"low": 273, "medium": 295, "high": 170, "very high": 126}


@pytest.mark.parametrize(
    ("changed", "score"),
    [
        (
            {
                "data": ["health"],
                "identifiability": "significant",
                "confidentiality": "not_affected",
                "availability": "temporarily_unavailable",
                "malicious": "yes",
            },
            3.75,
        ),
        ({"data": ["economic_and_financial"]}, 3.25),
        ({"identifiability": "negligible", "confidentiality": "exposed_no_evidence_of_access"}, 0.25),
        ({"data": ["health"], "confidentiality": "disclosed_to_unknown_recipients", "malicious": "yes"}, 5.0),
        ({"data": ["other", "safeguarding", "behaviour_and_attendance"]}, 4.25),
        ({"integrity": "altered_recoverable"}, 1.5),
        ({"availability": "permanently_lost", "integrity": "altered_not_recoverable"}, 2.25),
        ({"availability": "lost_and_recovered", "hours_to_restore": 23.9}, 1.25),
        ({"availability": "lost_and_recovered", "hours_to_restore": 24}, 1.5),
        (
            dict.fromkeys(("identifiability", "confidentiality", "integrity", "availability", "malicious"), "unknown"),
            3.0,
        ),
        ({"data": ["not_yet_known"], "identifiability": "limited"}, 2.25),
    ],
)
def test_the_score_of_facts(changed: dict[str, Any], score: float) -> None:
    """The worst kind of data counts, and the unknown as the worst that it could be."""
    assert severity_of(facts(**changed)).score == score


CONTEXTS = [
    ("basic_personal_identifiers", "usual", 1, "who shops for groceries"),
    ("basic_personal_identifiers", "detailed_profile", 2, "who buys luxuries"),
    ("basic_personal_identifiers", "reveals_sensitive", 3, "who has adult books delivered"),
    ("basic_personal_identifiers", "critical_to_safety", 4, "who works undercover"),
    ("behaviour_and_attendance", "no_insight", 1, "who called a help desk"),
    ("behaviour_and_attendance", "usual", 2, "a week's calls, a month's purchases"),
    ("behaviour_and_attendance", "detailed_profile", 3, "a year's calls"),
    ("location", "detailed_profile", 3, "a year's journeys"),
    ("location", "reveals_sensitive", 4, "purchases at a pharmacy, calls for psychological support"),
    ("economic_and_financial", "no_insight", 1, "whose bank it is; a card that expired"),
    ("economic_and_financial", "limited_insight", 2, "a day's transactions without detail"),
    ("economic_and_financial", "usual", 3, "a month's balances"),
    ("economic_and_financial", "detailed_profile", 4, "a year's statements"),
    ("economic_and_financial", "enables_fraud", 4, "a full card that is valid"),
    ("health", "no_insight", 1, "that some blood test was made"),
    ("health", "limited_insight", 2, "a blood test in an emergency room"),
    ("health", "some_insight", 3, "a test for one disease"),
    ("health", "usual", 4, "what the test found"),
    ("political_opinions", "usual", 4, "an opinion in a closed forum"),
    ("sexual_orientation", "usual", 4, "a profile for dating"),
    ("special_educational_needs", "usual", 4, "a support plan"),
    ("identification_data", "some_insight", 2, "a user name"),
    ("identification_data", "enables_fraud", 4, "a password that works"),
    ("not_yet_known", "no_insight", 4, "nobody knows what it was"),
]


@pytest.mark.parametrize(("kind", "insight", "context", "_what"), CONTEXTS, ids=[each[3] for each in CONTEXTS])
def test_what_the_data_tell_moves_their_category(kind: str, insight: str, context: int, _what: str) -> None:
    """ENISA's data processing context, with examples of each step."""
    assert context_of(DataFact(kind=DataKind(kind), insight=Insight(insight))) == context


@pytest.mark.parametrize("kind", DataKind)
def test_an_unknown_insight_counts_as_the_most_telling(kind: DataKind) -> None:
    """Every kind has a category and reaches the top."""
    assert context_of(DataFact(kind=kind, insight=Insight.UNKNOWN)) == 4
    assert CATEGORY[kind] in Category


# Each rule: where it speaks, and the smallest change after which it is silent.

LEFT_WITH_FINDER = {"confidentiality": "exposed_no_evidence_of_access"}
TO_STRANGERS = {"confidentiality": "disclosed_to_unknown_recipients"}
GIVEN_BACK = {"recipients_trusted": "yes", "recovered": "yes"}
ONLY_AWAY = {"confidentiality": "not_affected", "availability": "lost_and_recovered", "hours_to_restore": 1}
UNREADABLE = {"encryption": "full", "key_safe": "yes"}
SPEAKS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("unintelligible", {**LEFT_WITH_FINDER, **UNREADABLE}, {"key_safe": "unknown"}),
    ("unintelligible", {**LEFT_WITH_FINDER, **UNREADABLE}, {"encryption": "partial"}),
    (
        "unintelligible",
        {**LEFT_WITH_FINDER, "encryption": "full", "key_safe": "yes"},
        {"availability": "permanently_lost"},
    ),
    ("harmless_interruption", ONLY_AWAY, {"hours_to_restore": 1.5}),
    ("harmless_interruption", {**ONLY_AWAY, "hours_to_restore": 24, "depended_on": "no"}, {"depended_on": "yes"}),
    ("harmless_interruption", {**ONLY_AWAY, "hours_to_restore": 24, "depended_on": "no"}, {"hours_to_restore": 25}),
    ("harmless_interruption", ONLY_AWAY, {"integrity": "altered_recoverable"}),
    ("trusted_recipient", GIVEN_BACK, {"recovered": "unknown"}),
    ("trusted_recipient", GIVEN_BACK, {"recipients_trusted": "no"}),
    ("trusted_recipient", GIVEN_BACK, {"malicious": "unknown"}),
    (
        "harmless_interruption",
        {**ONLY_AWAY, "hours_to_restore": 24, "depended_on": "no", "backup": "yes"},
        {"hours_to_restore": "unknown"},
    ),
    (
        "unintelligible",
        {**ONLY_AWAY, **UNREADABLE, "hours_to_restore": "unknown", "depended_on": "no", "backup": "yes"},
        {"backup": "no"},
    ),
    ("little_at_stake", {"number": 100}, {"number": 101}),
    ("little_at_stake", {}, {"data": ["date_of_birth_age_or_sex"]}),
    ("little_at_stake", {}, {"children": "yes"}),
    ("little_at_stake", {}, TO_STRANGERS),
    (
        "safety_at_stake",
        {"data": [{"kind": "basic_personal_identifiers", "insight": "critical_to_safety"}]},
        {"data": [{"kind": "basic_personal_identifiers", "insight": "reveals_sensitive"}]},
    ),
    ("severe", {"data": ["health"], "identifiability": "significant"}, {"identifiability": "limited"}),
    (
        "severe",
        {"data": ["economic_and_financial"], **LEFT_WITH_FINDER},
        {"data": [{"kind": "economic_and_financial", "insight": "limited_insight"}]},
    ),
    (
        "identity_at_stake",
        {"data": ["national_identification_number"], **TO_STRANGERS},
        {**CALM, "data": ["official_documents"]},
    ),
    (
        "identity_at_stake",
        {"data": ["date_of_birth_age_or_sex"], **TO_STRANGERS},
        {"data": [{"kind": "date_of_birth_age_or_sex", "insight": "no_insight"}]},
    ),
    ("in_hostile_hands", {"data": ["location"], **TO_STRANGERS, "malicious": "unknown"}, {"malicious": "no"}),
    ("sensitive_and_unaccounted_for", {"data": ["health"], **LEFT_WITH_FINDER}, CALM | {"data": ["health"]}),
    (
        "sensitive_and_unaccounted_for",
        {"data": ["health"], **LEFT_WITH_FINDER},
        {"data": [{"kind": "health", "insight": "limited_insight"}]},
    ),
    (
        "missed_by_those_who_need_them",
        {"data": ["health"], "availability": "temporarily_unavailable", "depended_on": "yes"},
        {"depended_on": "no"},
    ),
    (
        "missed_by_those_who_need_them",
        {"data": ["attainment_and_assessment"], "availability": "permanently_lost"},
        {"availability": "temporarily_unavailable"},
    ),
    ("children_or_vulnerable", {"data": ["behaviour_and_attendance"], "children": "yes"}, {"children": "no"}),
    ("children_or_vulnerable", {"data": ["behaviour_and_attendance"], "vulnerable": "yes"}, LEFT_WITH_FINDER),
    ("many_people", {**TO_STRANGERS, "number": 1001}, {"number": 1000}),
    ("many_people", {**LEFT_WITH_FINDER, "number": "unknown", "malicious": "yes"}, {"malicious": "no"}),
    ("lost_unprotected", LEFT_WITH_FINDER, {"encryption": "full"}),
    ("more_than_a_hundred", {"number": 101}, {"number": 100}),
    ("notify_unless_unlikely", {"number": 101}, {"number": 100}),
    ("score_is_no_ground", TO_STRANGERS, {"malicious": "yes"}),
]


@pytest.mark.parametrize(("rule", "case", "change"), SPEAKS)
def test_a_rule_speaks_and_a_small_change_silences_it(rule: str, case: dict[str, Any], change: dict[str, Any]) -> None:
    """The change is what the rule is about, and nothing else."""
    assert rule in rules(assess(facts(**case)))
    assert rule not in rules(assess(facts(**{**case, **change})))


GROUND = "ground: neither notify nor tell"
EFFECTS = {
    **dict.fromkeys(GROUNDS_AGAINST, GROUND),
    **dict.fromkeys(INSISTING, "notify and tell, whatever else is so, unless one of the first two grounds stands"),
    **dict.fromkeys(FOR_COMMUNICATION, "tell, unless a ground stands"),
    **dict.fromkeys(NOTES, "stands beside the answer"),
}
"""What each rule does, from the list that it is in."""


def rules_in_the_code() -> dict[str, tuple[str, str, str]]:
    """By its name, what each rule says where it speaks, what it does, and where it comes from."""
    said = {NOTIFY_UNLESS_UNLIKELY.rule: _row(NOTIFY_UNLESS_UNLIKELY, "notify")}
    for rule, effect in EFFECTS.items():
        for _, case, _ in SPEAKS:
            if reason := rule(facts(**case), severity_of(facts(**case))):
                said.setdefault(reason.rule, _row(reason, effect))
    return {**said, SCORE_IS_NO_GROUND.rule: _row(SCORE_IS_NO_GROUND, "stands beside the answer")}


def _row(reason: Reason, effect: str) -> tuple[str, str, str]:
    because = re.sub(r"(very )?high \(\d\.\d\d\)", "high or very high", reason.because)
    return because, effect, reason.citation


def test_every_rule_was_heard_and_silenced() -> None:
    """A rule that is added has its two cases too."""
    assert len(rules_in_the_code()) == len(EFFECTS) + 2
    assert {rule for rule, _, _ in SPEAKS} == rules_in_the_code().keys()


# What the events of an incident say.


def facts_after(story: Story) -> RiskFacts:
    """The facts of the incident as it stands."""
    assert story.refusal is None
    found = facts_of(story.case)
    assert found is not None
    return found


def counted(people: str, number: int | None = None, certainty: str = "exact") -> dict[str, Any]:
    """One group of people."""
    return {
        "people": people,
        "number": {"certainty": "unknown"} if number is None else {"certainty": certainty, "number": number},
    }


def test_an_incident_of_which_nothing_is_described_has_no_facts() -> None:
    """Neither the data, nor the people, nor the effects."""
    story = a_breach().when("describe_protections", encryption="none").when("consider_misuse", possible="yes")
    assert facts_of(story.case) is None


def test_what_is_recorded_becomes_the_facts() -> None:
    """Each description in its field, the latest of each kind, and the rest unknown."""
    story = (
        a_breach()
        .when("describe_data", kinds=["photographs"])
        .when("describe_data", kinds=["health", "basic_personal_identifiers", "health"])
        .when("describe_people", groups=[counted("pupils", 10), counted("staff", 2, "approximate")], vulnerable="yes")
        .when("describe_effects", confidentiality="disclosed_to_known_recipients", integrity="not_affected")
        .when("consider_misuse", possible="yes", malicious_intent="no")
        .when("describe_protections", encryption="full", key_safe="yes")
        .when("take_containment", item="mail", action="recipient_confirmed_deletion")
        .when("take_containment", item="tape", action="backups_restored")
    )
    assert facts_after(story) == facts(
        data=["health", "basic_personal_identifiers"],
        people=["pupils", "staff"],
        number=12,
        children="yes",
        vulnerable="yes",
        identifiability="unknown",
        availability="unknown",
        encryption="full",
        key_safe="yes",
        recovered="yes",
        backup="yes",
    )


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("describe_data", {"kinds": ["health"]}),
        ("describe_people", {"groups": [counted("staff", 3)]}),
        ("describe_effects", {"availability": "lost_and_recovered"}),
    ],
)
def test_one_description_is_enough_and_leaves_the_rest_unknown(command: str, fields: dict[str, Any]) -> None:
    """Early in an incident the prompt is already there, and as high as the unknown makes it."""
    found = facts_after(a_breach().when(command, **fields))
    assert found.malicious is Answer.UNKNOWN
    assert found.hours_to_restore == "unknown"
    assert assess(found).notify_regulator
    if command != "describe_data":
        assert found.data == (DataFact(kind=DataKind.NOT_YET_KNOWN),)
    if command != "describe_people":
        assert (found.people, found.number, found.children) == ((PeopleKind.NOT_YET_KNOWN,), "unknown", Answer.UNKNOWN)


@pytest.mark.parametrize(
    ("groups", "number"),
    [
        ([counted("staff", 3), counted("governors", 4, "approximate")], 7),
        ([counted("staff", 3), counted("parents_and_carers")], "unknown"),
        ([counted("staff", 0)], "unknown"),
        ([counted("staff", 1_000_000_000), counted("other", 5)], 1_000_000_000),
    ],
)
def test_people_are_counted_when_every_group_is(groups: list[dict[str, Any]], number: int | str) -> None:
    """Exact and approximate numbers alike; one group that is not counted makes the whole unknown."""
    assert facts_after(a_breach().when("describe_people", groups=groups)).number == number


@pytest.mark.parametrize(
    ("people", "children"),
    [
        (["staff", "pupils"], "yes"),
        (["staff", "former_pupils"], "unknown"),
        (["other"], "unknown"),
        (["not_yet_known"], "unknown"),
        (["parents_and_carers", "staff", "governors", "volunteers", "suppliers"], "no"),
    ],
)
def test_pupils_are_children_and_others_may_be(people: list[str], children: str) -> None:
    """Only where no group can hold children are there none."""
    assert facts_after(a_breach().when("describe_people", groups=list(map(counted, people)))).children == children


@pytest.mark.parametrize("action", ["equipment_recovered", "recipient_confirmed_deletion"])
def test_data_are_recovered_when_nothing_is_left_to_recover(action: str) -> None:
    """Another recipient who has not answered, or a leak that goes on, leaves it unknown."""
    described = a_breach().when("describe_data", kinds=["health"])
    taken = described.when("take_containment", item="first", action=action)
    assert facts_after(described).recovered is Answer.UNKNOWN
    assert facts_after(taken).recovered is Answer.YES
    assert facts_after(taken.when("record_ongoing")).recovered is Answer.UNKNOWN
    assert (
        facts_after(described.when("record_ongoing").when("take_containment", item="first", action=action)).recovered
        is Answer.YES
    )
    second = taken.when("plan_containment", item="second", action="recipient_confirmed_deletion")
    assert facts_after(second).recovered is Answer.UNKNOWN
    done = second.when("take_containment", item="second", action="recipient_confirmed_deletion")
    assert facts_after(done).recovered is Answer.YES
    assert (
        facts_after(described.when("take_containment", item="x", action="banks_contacted")).recovered is Answer.UNKNOWN
    )


# The document for whoever enters a case.


def tables() -> dict[str, list[list[str]]]:
    """The tables of docs/risk.md by the first cell of their head: the rows without it, cell by cell."""
    found: dict[str, list[list[str]]] = {}
    for block in re.findall(r"(?:^\|.*\|\n)+", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE):
        head, _, *rows = [[cell.strip(" `") for cell in line.strip("|").split(" | ")] for line in block.splitlines()]
        found.setdefault(head[0], []).extend(rows)
    return found


def test_the_documents_rules_are_the_codes() -> None:
    """In the same order, with what they say, what they do and where they come from."""
    told = {rule: (says, does, source) for rule, _when, says, does, source in tables()["Rule"]}
    assert list(told.items()) == list(rules_in_the_code().items())


KIND_OF: dict[str, DataKind] = {
    "simple": DataKind.BASIC_IDENTIFIERS,
    "behavioural": DataKind.LOCATION,
    "financial": DataKind.ECONOMIC,
    "sensitive": DataKind.HEALTH,
    "credentials": DataKind.IDENTIFICATION,
}


def test_the_documents_contexts_are_the_codes() -> None:
    """Every insight in every category."""
    told = {insight: list(map(int, contexts)) for insight, *contexts in tables()["Insight"]}
    assert told == {
        insight: [context_of(DataFact(kind=kind, insight=insight)) for kind in KIND_OF.values()] for insight in Insight
    }


def test_the_document_tells_every_value_of_every_field() -> None:
    """No value is left out or made up, and each has an example from a school and one from elsewhere."""
    document = DOCUMENT.read_text(encoding="utf-8")
    rows = tables()["Value"]
    lists = (DataKind, Insight, PeopleKind, Identifiability, Confidentiality, Integrity, Availability, Encryption)
    assert Counter(row[0] for row in rows) == Counter(value for each in lists for value in each)
    assert [row[0] for row in rows if not all(row)] == []
    assert {kind: category for kind, category, *_ in rows if category in [*Category]} == {**CATEGORY}
    headings = re.findall(r"^### `(\w+)`$", document, re.MULTILINE)
    assert {*headings, *(row[0] for row in tables()["Field"])} == set(RiskFacts.model_fields)


@pytest.mark.parametrize(
    ("changed", "notify", "communicate"),
    [
        pytest.param({}, False, False, id="little at stake"),
        pytest.param({"number": 101}, True, False, id="no ground against, nothing for telling"),
        pytest.param(
            {"data": ["health"], **GIVEN_BACK}, False, False, id="a trusted recipient, even of sensitive data"
        ),
        pytest.param({"data": ["health"]}, True, True, id="the same recipient, not trusted"),
        pytest.param(
            {"data": [{"kind": "basic_personal_identifiers", "insight": "critical_to_safety"}], **GIVEN_BACK},
            True,
            True,
            id="a protected address stands over every ground",
        ),
        pytest.param(
            {
                "data": [{"kind": "basic_personal_identifiers", "insight": "critical_to_safety"}],
                **LEFT_WITH_FINDER,
                "encryption": "full",
                "key_safe": "yes",
            },
            False,
            False,
            id="but that nobody can read it",
        ),
    ],
)
def test_what_the_prompt_comes_to(changed: dict[str, Any], notify: bool, communicate: bool) -> None:
    """Grounds and reasons together."""
    prompt = assess(facts(**changed))
    assert (prompt.notify_regulator, prompt.communicate) == (notify, communicate)


def test_the_unknown_that_counts_is_named() -> None:
    """What cannot matter in the case is not asked for."""
    assert assess(facts()).unknown == ("recipients_trusted", "recovered")
    assert assess(facts(**LEFT_WITH_FINDER)).unknown == ()
    assert assess(facts(**LEFT_WITH_FINDER, encryption="full")).unknown == ("key_safe",)
    away = assess(facts(**LEFT_WITH_FINDER, availability="lost_and_recovered", data=["other", "not_yet_known"]))
    assert away.unknown == ("data: not_yet_known", "backup", "hours_to_restore", "depended_on")


def test_pupils_are_children() -> None:
    """A file that says otherwise is a mistake."""
    with pytest.raises(ValueError, match="pupils are among the people, so children cannot be no"):
        facts(people=["staff", "pupils"])


# What must hold for any facts.


def _consistent(given: dict[str, Any]) -> RiskFacts:
    pupils = PeopleKind.PUPILS in given["people"] and given["children"] is Answer.NO
    return RiskFacts(**{**given, "children": Answer.YES} if pupils else given)


FIELDS: dict[str, tuple[Any, list[Any]]] = {
    "number": (1, [1, 100, 101, 1000, 1001, "unknown"]),
    "children": (Answer.NO, [*Answer]),
    "vulnerable": (Answer.NO, [*Answer]),
    "identifiability": (Identifiability.NEGLIGIBLE, [*Identifiability]),
    "confidentiality": (Confidentiality.KNOWN_RECIPIENTS, [*Confidentiality]),
    "integrity": (Integrity.NOT_AFFECTED, [*Integrity]),
    "availability": (Availability.NOT_AFFECTED, [*Availability]),
    "malicious": (Answer.NO, [*Answer]),
    "encryption": (Encryption.FULL, [*Encryption]),
    "key_safe": (Answer.YES, [*Answer]),
    "recipients_trusted": (Answer.YES, [*Answer]),
    "recovered": (Answer.YES, [*Answer]),
    "backup": (Answer.YES, [*Answer]),
    "hours_to_restore": (1, [0, 1, 1.5, 23.9, 24, 25, 1000, "unknown"]),
    "depended_on": (Answer.NO, [*Answer]),
}
"""Of each field the harmless value, which every second case has so that grounds are met often, and all values."""

ANY_FACTS = st.fixed_dictionaries(
    {
        "data": st.lists(st.builds(DataFact), min_size=1, max_size=3).map(tuple),
        "people": st.lists(st.sampled_from(PeopleKind), min_size=1, max_size=2).map(tuple),
        **{name: st.just(harmless) | st.sampled_from(values) for name, (harmless, values) in FIELDS.items()},
    }
).map(_consistent)
MANY_TIMES = settings(max_examples=500)


def less_known(known: RiskFacts) -> Iterator[RiskFacts]:
    """The same facts with one of them unknown, for each that is known."""
    fields = known.model_dump()
    for name, value in fields.items():
        if name == "people":
            yield RiskFacts.model_validate({**fields, "people": (PeopleKind.NOT_YET_KNOWN,)})
        elif name != "data" and value != "unknown":
            yield RiskFacts.model_validate({**fields, name: "unknown"})
    for number, item in enumerate(known.data):
        others = (known.data[:number], known.data[number + 1 :])
        yield known.model_copy(
            update={"data": (*others[0], DataFact(kind=DataKind.NOT_YET_KNOWN, insight=item.insight), *others[1])}
        )
        if item.insight is not Insight.UNKNOWN:
            yield known.model_copy(
                update={"data": (*others[0], DataFact(kind=item.kind, insight=Insight.UNKNOWN), *others[1])}
            )


@MANY_TIMES
@given(ANY_FACTS)
def test_knowing_less_never_lowers_the_prompt(known: RiskFacts) -> None:
    """Neither the score nor either answer."""
    before = assess(known)
    for other in less_known(known):
        after = assess(other)
        assert after.score >= before.score
        assert after.notify_regulator >= before.notify_regulator
        assert after.communicate >= before.communicate


@MANY_TIMES
@given(ANY_FACTS)
def test_any_facts_have_an_answer(known: RiskFacts) -> None:
    """It never raises, it can be stored and read again, and nobody is told behind the regulator's back."""
    prompt = assess(known)
    assert Prompt.model_validate_json(prompt.model_dump_json()) == prompt
    assert 0.25 <= prompt.score <= 6
    assert prompt.notify_regulator or not prompt.communicate
    assert len(rules(prompt)) == len(set(rules(prompt))) > 0


@MANY_TIMES
@given(ANY_FACTS)
def test_a_low_score_alone_never_argues_against_notifying(known: RiskFacts) -> None:
    """Where no ground is shown the regulator is notified, whatever the score."""
    shown = [rule for rule in GROUNDS_AGAINST if rule(known, severity_of(known))]
    assert assess(known).notify_regulator or shown
    if not shown:
        assert NOTIFY_UNLESS_UNLIKELY in assess(known).reasons
