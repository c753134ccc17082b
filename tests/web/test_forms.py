"""Forms made from commands: every field worded, nothing lost on the way and back, and times read in their zone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from adapters.web.forms.fields import CannotAsk, Field, Kind, _field, fields_of, within
from adapters.web.forms.moments import FIRST, SECOND, HappenedTwice, NotRead, moment_at, read_day, read_time
from adapters.web.forms.offered import BY_PEOPLE
from adapters.web.forms.reading import read
from adapters.web.forms.starting import fact_described
from adapters.web.forms.typed import Typed, typed_from
from adapters.web.forms.wording import FOLDER, GROUPS, OPTIONS, form_words, option, option_lists, worded
from domain import vocabulary
from domain.commands import COMMANDS, any_command
from domain.events.engine import Because
from domain.personal import ERASED
from domain.quantities import Count, Span

LONDON, AMSTERDAM = ZoneInfo("Europe/London"), ZoneInfo("Europe/Amsterdam")
COMMANDS_BY_PEOPLE = sorted(BY_PEOPLE)


def test_every_command_that_people_give_is_worded_and_no_other() -> None:
    """A new command needs a title and a sentence for when it is done."""
    assert worded() == BY_PEOPLE
    assert {path.stem for path in FOLDER.glob("*.toml")} == {*GROUPS, OPTIONS}


@pytest.mark.parametrize("command", COMMANDS_BY_PEOPLE)
def test_every_field_is_worded_and_no_field_that_is_not_there(command: str) -> None:
    """A field that a command gains is asked for in plain words, and what it loses leaves no words behind."""
    words, fields = form_words(command), within(fields_of(command))
    assert {field.id for field in fields} == words.field.keys()
    assert words.whole_at is None or words.whole_at in words.field
    for field in fields:
        said = words.field[field.id]
        assert field.kind is Kind.MOMENT or said.empty is None, field.id
        assert not (field.kind is Kind.MOMENT and not field.required and said.empty is None), field.id
        assert said.options.keys() <= {*field.keys, "true", "false", "yes", "no", "nothing"}, field.id


def test_the_words_are_plain_sentences() -> None:
    """With typographic quotes; a title is no sentence, and the rest ends as one."""
    for command in COMMANDS_BY_PEOPLE:
        words = form_words(command)
        for sentence in (*words.intro, *(each.hint for each in words.field.values() if each.hint)):
            assert sentence.endswith((".", "?")), sentence
        texts = (words.title, words.done, *words.intro, *(each.label for each in words.field.values()))
        for text in texts:
            assert not set(text) & {'"', "'"}, text
        assert not words.title.endswith(".")
        assert not words.done.endswith(".")


def test_no_words_for_a_key_that_no_list_holds() -> None:
    """And a plain word for each key that some list holds."""
    lists: dict[str, set[str]] = {"Because": {*get_args(Because)}}
    for command in COMMANDS_BY_PEOPLE:
        for field in within(fields_of(command)):
            for each in (field, *field.parts):
                if each.list_name:
                    lists.setdefault(each.list_name, set()).update(each.keys)
    for name, words in option_lists().items():
        assert words.keys() <= lists[name], name
    assert all("_" not in option(name, key).text for name, keys in lists.items() for key in keys)
    assert {kind for kind in vars(vocabulary) if kind in lists}


def test_a_field_of_a_type_that_cannot_be_asked_for_is_an_error() -> None:
    """So that a new kind of field is noticed where it is made, and not by whoever opens the form."""
    kinds: tuple[Any, ...] = (dict[str, str], tuple[Span, ...], int | Literal["many"], tuple[int, ...])
    for kind in kinds:
        with pytest.raises((CannotAsk, TypeError)):
            _field("new", "new", FieldInfo.from_annotation(kind))
    plain: Any = Annotated[bool, "any"]
    new = _field("new", "new", FieldInfo.from_annotation(plain))
    assert (new.kind, new.required) == (Kind.YES_NO, True)


def test_what_is_filled_in_elsewhere_is_never_asked() -> None:
    """The document that is sent, and the end of a legal period."""
    asked = {field.name for command in COMMANDS_BY_PEOPLE for field in fields_of(command)}
    assert asked.isdisjoint({"kind", "document", "acknowledge_before"})


@pytest.mark.parametrize("command", [each for each in COMMANDS_BY_PEOPLE if each.startswith("describe_")])
def test_every_description_knows_its_fact(command: str) -> None:
    """By the details that they share, so that describing again starts from it."""
    fact = fact_described(COMMANDS[command])
    assert fact is not None
    assert {field.name for field in fields_of(command)} <= fact.model_fields.keys()


TEXT = (
    st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=40)
    .map(str.strip)
    .filter(lambda text: text not in ("", ERASED))
)
LINE = TEXT.map(lambda text: " ".join(text.split())).filter(lambda text: bool(text) and "\n" not in text)
MOMENTS = st.integers(0, 6_000_000_000).map(
    lambda seconds: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
COUNTS = st.one_of(
    st.just(Count(certainty="unknown")),
    st.builds(Count, certainty=st.sampled_from(["exact", "approximate"]), number=st.integers(0, 1_000_000_000)),
)
SPANS = st.one_of(
    st.just(Span()),
    st.builds(Span, began_at=st.none() | MOMENTS, ongoing=st.just(value=True)),
    st.builds(
        lambda began, length: Span(began_at=began, ended_at=None if length is None else began + length),
        MOMENTS,
        st.none() | st.timedeltas(timedelta(0), timedelta(days=100)),
    ),
)
CODES: dict[str, list[str]] = {
    "sha256": ["ab" * 32, "0" * 64],
    "media_type": ["text/plain", "application/pdf"],
    "alarm": ["significant.chair"],
}
SIMPLE: dict[Kind, Callable[[Field], st.SearchStrategy[Any]]] = {
    Kind.TEXT: lambda _: TEXT,
    Kind.CODE: lambda field: st.sampled_from(CODES[field.name]),
    Kind.LINES: lambda _: st.lists(LINE, max_size=4).map(tuple),
    Kind.YES_NO: lambda _: st.booleans(),
    Kind.CONFIRMED: lambda _: st.booleans(),
    Kind.CHOICE: lambda field: st.sampled_from(field.keys),
    Kind.CHOICES: lambda field: st.sets(st.sampled_from(field.keys), min_size=1).map(
        lambda keys: tuple(key for key in field.keys if key in keys)
    ),
    Kind.NUMBER: lambda field: st.integers(int(field.least or 0), int(field.most or 10**12)),
    Kind.AMOUNT: lambda field: (
        st.just("unknown")
        | (st.integers(int(field.least or 0), int(field.most or 0)) if field.whole else st.floats(0, field.most))
    ),
    Kind.COUNT: lambda _: COUNTS,
    Kind.COUNTED: lambda field: st.dictionaries(st.sampled_from(field.keys), COUNTS, min_size=1).map(
        lambda rows: tuple({field.key_name: key, "number": rows[key]} for key in field.keys if key in rows)
    ),
    Kind.MARKED: lambda field: st.dictionaries(
        st.sampled_from(field.keys), st.sampled_from(field.beside.keys), min_size=1
    ).map(lambda rows: tuple({field.key_name: key, "insight": rows[key]} for key in field.keys if key in rows)),
    Kind.MOMENT: lambda _: MOMENTS,
    Kind.DAY: lambda _: st.dates(date(2001, 1, 1), date(2198, 12, 30)),
    Kind.SPAN: lambda _: SPANS,
    Kind.GROUP: lambda field: st.fixed_dictionaries({part.name: SIMPLE[part.kind](part) for part in field.parts}),
}


def values_of(command: str) -> st.SearchStrategy[dict[str, Any]]:
    """Fields of a command, those that need not be said left out at times."""
    fields = fields_of(command)
    needed = {field.name: SIMPLE[field.kind](field) for field in fields if field.required}
    others = {field.name: SIMPLE[field.kind](field) for field in fields if not field.required}
    return st.fixed_dictionaries(needed, optional=others)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@pytest.mark.parametrize("command", COMMANDS_BY_PEOPLE)
@given(data=st.data(), zone=st.sampled_from([LONDON, AMSTERDAM]))
def test_whatever_a_command_says_its_form_says_back(command: str, data: st.DataObject, zone: ZoneInfo) -> None:
    """Written into a form and read from it, it is the same command: to the second, to the last character."""
    try:
        asked = any_command(command, data.draw(values_of(command)))
    except ValidationError:
        reject()
    typed = typed_from(fields_of(command), dict(asked), zone)
    sent = Typed((name, value.replace("\n", "\r\n")) for name, value in typed.pairs())
    found = read(command, sent, zone)
    assert found.errors == {}
    assert found.command == asked


@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize(
    "command", ["assess_risk", "describe_people", "correct_occurrence", "record_training", "submit_report"]
)
@given(data=st.data())
def test_whatever_is_sent_is_a_command_or_sentences_at_fields_of_the_form(command: str, data: st.DataObject) -> None:
    """Never a fault, and never a sentence with what was typed."""
    start = typed_from(fields_of(command), {}, LONDON)
    names = [name for name, _ in start.pairs()] + NAMES[command]
    junk = st.one_of(
        st.text(max_size=8), st.sampled_from(["yes", "exact", "over", "is:", "new", "30", "25", "01:30", "10"])
    )
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(names), junk), max_size=12))
    found = read(command, Typed(pairs), LONDON)
    assert (found.command is None) == bool(found.errors)
    for sentence in found.errors.values():
        assert sentence.endswith(".")
        assert "\n" not in sentence


ENDS = [
    f"occurred-{end}-{part}" for end in ("began", "ended") for part in ("day", "month", "year", "time", "was", "which")
]
FACTS = ("data", "data-health", "number-certainty", "number-number", "people", "hours_to_restore-number")
NAMES = {
    "assess_risk": ["level", "reasons", "facts", *(f"facts-{name}" for name in FACTS)],
    "describe_people": ["groups-pupils-certainty", "groups-pupils-number", "groups-staff-certainty", "vulnerable"],
    "correct_occurrence": [*ENDS, "occurred-state", "reason"],
    "record_training": ["group", "in_post", "trained", "on-day", "on-month", "on-year", "note"],
    "submit_report": [
        "means",
        "complete",
        *(f"submitted_at-{part}" for part in ("day", "month", "year", "time", "was")),
    ],
}


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("16:45", (16, 45)),
        ("4:45pm", (16, 45)),
        ("4.45 PM", (16, 45)),
        ("4pm", (16, 0)),
        ("4 p.m.", (16, 0)),
        ("12am", (0, 0)),
        ("12.30pm", (12, 30)),
        ("0705", (7, 5)),
        ("7:05", (7, 5)),
        ("23:59", (23, 59)),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, read_as: tuple[int, int]) -> None:
    """With a colon or a point, with a half of the day or without."""
    assert read_time(typed) == read_as


@pytest.mark.parametrize("typed", ["24:00", "12:60", "13pm", "0am", "7", "noon", "16:45:00", "१६:४५", "-1:00", "25pm"])
def test_what_is_no_time_is_said_to_be_none(typed: str) -> None:
    """In one sentence."""
    with pytest.raises(NotRead, match="16:45"):
        read_time(typed)


def test_a_month_may_be_written_out() -> None:
    """As people do."""
    assert read_day("5", "November", "2026") == read_day("05", "nov", "2026") == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("31", "2", "2026"), "no such day"),
        (("1", "13", "2026"), "no such day"),
        (("0", "1", "2026"), "no such day"),
        (("1", "1", "1999"), "between 2000 and 2199"),
        (("1", "", "2026"), "Give the month as well"),
        (("", "1", ""), "Give the day and the year as well"),
        (("x", "1", "2026"), "as numbers"),
        (("1", "no", "2026"), "as numbers"),
    ],
)
def test_what_is_no_day_is_said_to_be_none(typed: tuple[str, str, str], says: str) -> None:
    """And what to do about it."""
    with pytest.raises(NotRead, match=says):
        read_day(*typed)


def test_an_hour_that_comes_twice_needs_to_be_told_which() -> None:
    """On 25 October 2026 the clocks in London go back at 2 in the morning."""
    day, time = date(2026, 10, 25), (1, 30)
    with pytest.raises(HappenedTwice, match="say which of the two"):
        moment_at(day, time, LONDON)
    assert moment_at(day, time, LONDON, FIRST) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment_at(day, time, LONDON, SECOND) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_hour_that_never_comes_is_no_time() -> None:
    """On 29 March 2026 the clocks in London go forward at 1 in the morning; in Amsterdam that hour is there."""
    with pytest.raises(NotRead, match="did not exist"):
        moment_at(date(2026, 3, 29), (1, 30), LONDON)
    assert moment_at(date(2026, 3, 29), (1, 30), AMSTERDAM) == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


@given(at=MOMENTS, zone=st.sampled_from([LONDON, AMSTERDAM, ZoneInfo("America/St_Johns"), ZoneInfo("Asia/Kathmandu")]))
def test_every_minute_can_be_given(at: datetime, zone: ZoneInfo) -> None:
    """What a clock shows leads back to the moment, given which of two it is where there are two."""
    at = at.replace(second=0, microsecond=0)
    there = at.astimezone(zone)
    which = SECOND if there.fold else FIRST
    assert moment_at(there.date(), (there.hour, there.minute), zone, which) == at


def test_two_rows_of_one_kind_are_shown_as_their_sum() -> None:
    """A program may have recorded them apart; nobody is left out of the form."""
    rows = [
        {"people": "pupils", "number": {"certainty": "exact", "number": 2}},
        {"people": "pupils", "number": {"certainty": "approximate", "number": 10}},
        {"people": "staff"},
        {"people": "staff", "number": {"certainty": "exact", "number": 1}},
    ]
    asked = any_command("describe_people", {"groups": rows})
    typed = typed_from(fields_of("describe_people"), dict(asked), LONDON)
    assert (typed.one("groups-pupils-certainty"), typed.one("groups-pupils-number")) == ("approximate", "12")
    assert typed.one("groups-staff-certainty") == "unknown"


HEALTH, ON_A_DAY = {"kinds": "health"}, {"told_at-day": "1", "told_at-month": "2", "told_at-year": "2026"}
EXACT, NOT_KNOWN = {"records-certainty": "exact"}, {"records-certainty": "unknown"}
WRONG = [
    ("describe_data", {**HEALTH, "records-number": "3"}, "records", "exact or a rough one"),
    ("describe_data", {**HEALTH, **EXACT}, "records-number", "Give the number"),
    ("describe_data", {**HEALTH, **EXACT, "records-number": "ten"}, "records-number", "whole number"),
    ("describe_data", {**HEALTH, **NOT_KNOWN, "records-number": "3"}, "records", "choose one"),
    ("describe_data", {}, "kinds", "Choose at least one answer"),
    ("describe_people", {"groups-pupils-number": "3"}, "groups-pupils", "“Pupils”"),
    ("describe_people", {}, "groups", "Choose at least one answer"),
    ("judge_significance", {"reason": "x"}, "significant", "Choose an answer"),
    ("add_note", {"note": "  "}, "note", "Fill in “Your note”."),
    ("reopen_incident", {"reason": "x" * 10_001}, "reason", "1 character too long; shorten it to 10,000 characters"),
    ("tell_other_body", {"body": "police", "told_at-time": "10:00"}, "told_at", "the day as well as the time"),
    ("tell_other_body", {"body": "police", **ON_A_DAY}, "told_at", "the time as well"),
    ("tell_other_body", {"body": "somebody"}, "body", "Choose an answer"),
    ("correct_occurrence", {"reason": "x"}, "occurred", "Choose an answer"),
    ("correct_occurrence", {"reason": "x", "occurred-state": "over"}, "occurred-began", "Say when it began"),
    ("record_training", {"group": "staff", "in_post": "100001", "trained": "1"}, "in_post", "at most 100,000"),
]


@pytest.mark.parametrize(("command", "typed", "at", "says"), WRONG)
def test_what_is_wrong_is_told_at_its_field(command: str, typed: dict[str, str], at: str, says: str) -> None:
    """In one sentence that says what to do."""
    found = read(command, Typed(typed.items()), LONDON)
    assert found.command is None
    assert says in found.errors[at]
    assert found.errors[at].endswith(".")


def test_an_end_before_the_beginning_is_told_at_the_end() -> None:
    """And an end of what is still going on, and a time of what is not known."""
    ended = {
        "occurred-ended-day": "1",
        "occurred-ended-month": "2",
        "occurred-ended-year": "2026",
        "occurred-ended-time": "9:00",
    }
    began = {name.replace("ended", "began"): value for name, value in ended.items()} | {"occurred-began-time": "10:00"}
    for state, parts, at in (
        ("over", {**began, **ended}, "occurred-ended"),
        ("ongoing", {**began, **ended}, "occurred"),
        ("unknown", began, "occurred"),
    ):
        typed = Typed({"occurred-state": state, "reason": "x", **parts}.items())
        assert [*read("correct_occurrence", typed, LONDON).errors] == [at]
