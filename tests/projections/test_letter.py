"""A letter to the people concerned: what UK GDPR Art. 34(2) asks for, to each in their words, and nothing else."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events.notify import MessageWritten
from domain.incident import Incident, evolve
from domain.personal import ERASED
from domain.roles import Role
from domain.school import Contact, School
from domain.vocabulary import DataKind, PeopleKind
from projections.letter import Letter, letter
from tests import examples
from tests.given import FRIDAY_4PM, ONE_DAY, Story, a_breach, actor, recorded

MESSAGE = {
    "nature": "A laptop was lost on a bus.",
    "consequences": "Someone may read what is on it.",
    "measures": "We locked it from afar.",
}
NAMED = Contact(email="dpo@service.example", name="Example DPO Service", telephone="01632 960000")
SCHOOL = examples.SCHOOL.model_copy(update={"contacts": {**examples.SCHOOL.contacts, Role.DPO: NAMED}})
DUTCH = SCHOOL.model_copy(update={"nation": "Netherlands", "regulator": "AP", "zone": "Europe/Amsterdam"})
KINDS = tuple(DataKind)
EVERYBODY = pytest.mark.parametrize("people", PeopleKind)


def told(story: Story, people: str = "parents_and_carers", **fields: Any) -> Incident:
    """The incident once those people were written to."""
    after = story.when("write_message", Role.LEAD, people=people, **{**MESSAGE, **fields})
    assert after.refusal is None
    return after.case


def about(kinds: tuple[str, ...] = ("health",), groups: tuple[str, ...] = ("pupils",), **fields: Any) -> Story:
    """A breach of which the data and the people are known."""
    people = [{"people": each, "number": {"certainty": "exact", "number": 4711}} for each in groups]
    story = a_breach(**fields).when("describe_data", Role.DPO, kinds=list(kinds))
    return story.when("describe_people", Role.DPO, groups=people)


def made(incident: Incident, people: str = "parents_and_carers", school: School = SCHOOL) -> Letter:
    """The letter, of which there is one."""
    found = letter(incident, school, PeopleKind(people))
    assert found is not None
    return found


def text_of(made: Letter) -> str:
    """All that a reader is given to read."""
    parts = [
        text for part in made.parts for text in (part.heading, *part.paragraphs, *part.points, *part.lines)
    ]  # fmt: skip
    return "\n".join((made.subject, made.greeting, *made.opening, *parts, made.closing, made.signed_for))


def under(made: Letter, heading: str) -> str:
    """What stands below a heading."""
    (part,) = (part for part in made.parts if part.heading.startswith(heading))
    return "\n".join((*part.paragraphs, *part.points, *part.lines))


@EVERYBODY
@pytest.mark.parametrize("kind", DataKind)
def test_every_letter_says_what_the_law_asks_for(people: PeopleKind, kind: DataKind) -> None:
    """Nature, DPO, consequences, measures (Art. 34(2), 33(3)(b) to (d)), advice and complaints (Appendix 2), to all."""
    found = made(told(about((kind,)), people), people)
    assert MESSAGE["nature"] in under(found, "What happened")
    assert MESSAGE["consequences"] in under(found, "What this could mean")
    assert MESSAGE["measures"] in under(found, "What we have done and will do")
    assert all(text in under(found, "How to reach us") for text in ("Example DPO Service", NAMED.email, "01632 960000"))
    assert "Data Protection Lead, dpl@school.example" in under(found, "How to reach us")
    assert under(found, "What you can do")
    assert under(found, "How we can help")
    assert "within 30 days" in under(found, "If you want to complain")
    assert "ico.org.uk" in under(found, "If you want to complain")
    assert found.missing == ()
    assert not re.search("[a-z]_[a-z]", text_of(found))
    assert "{" not in text_of(found)


def test_every_kind_of_data_has_words_of_its_own() -> None:
    """No two kinds read alike, and none is left out."""
    for people in ("parents_and_carers", "pupils", "staff"):
        found = made(told(about(KINDS), people), people)
        (part,) = (part for part in found.parts if part.heading.startswith("What information"))
        assert len(set(part.points)) == len(KINDS) - 1
        assert "There may be more." in part.paragraphs[0]


def test_parents_read_of_their_child_and_others_of_themselves() -> None:
    """Each greeting suits its reader, and so does each you."""
    parent = made(told(about()))
    assert parent.greeting == "Dear parent or carer,"
    assert "Your child’s health, and any care or medicine that they need" in text_of(parent)
    assert "protect yourself" not in text_of(parent)
    for people, greeting in (("pupils", "Dear pupil,"), ("staff", "Dear colleague,"), ("governors", "Dear governor,")):
        other = made(told(about(), people), people)
        assert other.greeting == greeting
        assert "your child" not in text_of(other).lower()
    assert made(told(about(), "other"), "other").closing == "Yours faithfully,"


def test_parents_whose_own_data_were_lost_read_of_themselves() -> None:
    """A list of parents’ bank details is not about the child; where both are affected, both are said."""
    alone = made(told(about(("economic_and_financial",), ("parents_and_carers",))))
    assert "your child" not in text_of(alone).lower()
    both = made(told(about(groups=("pupils", "parents_and_carers"))))
    assert "Some of it may be about you as well." in text_of(both)
    assert "for everyone we write to" not in text_of(both)


def test_a_list_that_is_also_other_peoples_says_so() -> None:
    """The kinds of data are recorded for the incident as a whole, so a letter does not claim all for its reader."""
    shared, alone = about(groups=("pupils", "staff")), about(groups=("staff",))
    assert "Some of it may not be about you." in text_of(made(told(shared, "staff"), "staff"))
    assert "may not be" not in text_of(made(told(alone, "staff"), "staff"))


@pytest.mark.parametrize(
    ("kind", "people", "words"),
    [
        ("identification_data", "staff", ("Change your password", "anywhere else")),
        ("economic_and_financial", "parents_and_carers", ("Call your bank", "bank statements")),
        ("official_documents", "staff", ("credit file", "Cifas")),
        ("national_identification_number", "governors", ("credit file", "Cifas")),
        ("basic_personal_identifiers", "parents_and_carers", ("messages and calls", "Never give a password or a code")),
        ("location", "parents_and_carers", ("safety, tell us at once", "999")),
        ("safeguarding", "pupils", ("tell an adult you trust at once", "keep pupils safe")),
        ("health", "parents_and_carers", ("doctor",)),
        ("special_educational_needs", "parents_and_carers", ("leads on special needs",)),
        ("behaviour_and_attendance", "pupils", ("teases you",)),
        ("photographs", "pupils", ("photo or video of you",)),
        ("sexual_orientation", "staff", ("do not have to answer",)),
    ],
)
def test_advice_fits_what_was_lost_and_who_reads_it(kind: str, people: str, words: tuple[str, ...]) -> None:
    """Specific and clear advice on what they can do (Appendix 2)."""
    advice = under(made(told(about((kind,)), people), people), "What you can do")
    assert all(word in advice for word in words)


def test_what_was_advised_for_this_breach_comes_first_and_nothing_twice() -> None:
    """The school knows better than a list."""
    story = about(("health", "genetic_or_biometric"))
    found = made(told(story, advice=["Ring the clinic."], support="A nurse is here."))
    (part,) = (part for part in found.parts if part.heading.startswith("What you can do"))
    assert part.points[0] == "Ring the clinic."
    assert len(part.points) == len(set(part.points)) > 1
    assert under(found, "How we can help").startswith("A nurse is here.")


def test_nothing_that_was_typed_for_other_readers_is_in_a_letter() -> None:
    """Whatever stands in the report, the notes, the evidence, the advice and the decisions stays there."""
    events = examples.with_every_text(examples.classcharts(), "CANARY")
    incident = examples.replayed(events)
    message = MessageWritten.model_validate({"people": "parents_and_carers", **MESSAGE})
    incident = evolve(incident, recorded(message, incident.version + 1, FRIDAY_4PM, actor(Role.LEAD)))
    found = made(incident)
    assert "CANARY" not in found.model_dump_json()
    assert not any(number in text_of(found) for number in ("212", "214", "215", "430"))
    assert MESSAGE["nature"] in text_of(found)


def test_how_many_are_affected_is_said_only_where_somebody_wrote_it() -> None:
    """A number of others is nothing that the reader needs."""
    assert "4711" not in text_of(made(told(about())))
    assert "4711" in text_of(made(told(about(), nature="It held 4711 files.")))


def test_a_message_to_others_is_not_in_the_letter() -> None:
    """Each kind of people gets its own, and a later one replaces an earlier one."""
    story = about().when("write_message", Role.LEAD, people="staff", **{**MESSAGE, "nature": "CANARY"})
    first = told(story)
    assert "CANARY" not in text_of(made(first))
    again = story.when("write_message", Role.LEAD, people="staff", **{**MESSAGE, "nature": "Put right."}).case
    assert "Put right." in text_of(made(again, "staff"))
    assert "CANARY" not in text_of(made(again, "staff"))


def test_without_a_message_there_is_no_letter() -> None:
    """Nobody’s words are made up."""
    assert letter(about().case, SCHOOL, PeopleKind.PARENTS) is None
    assert letter(told(about(), "staff"), SCHOOL, PeopleKind.PARENTS) is None


def test_a_school_in_the_netherlands_has_its_own_law_and_numbers() -> None:
    """No 30 days of a British Act, no British fraud register, and the regulator that is theirs."""
    text = text_of(made(told(about(KINDS), "staff"), "staff", DUTCH))
    assert not any(word in text for word in ("30 days", "Cifas", "credit", "ICO", "999", "Insurance", "NHS"))
    for words in ("complain to the AP at any time", "autoriteitpersoonsgegevens.nl", "call 112", "Your BSN"):
        assert words in text


def test_a_regulator_that_tocsin_does_not_know_gets_no_address() -> None:
    """Better none than a wrong one."""
    elsewhere = SCHOOL.model_copy(update={"regulator": "Data Board"})
    complaint = under(made(told(about()), school=elsewhere), "If you want to complain")
    assert "complain to the Data Board at any time" in complaint
    assert "website" not in complaint


def test_what_the_register_lacks_is_named() -> None:
    """The letter is made all the same, and says to its sender what Art. 34(2) still asks for."""
    nobody = SCHOOL.model_copy(update={"contacts": {}})
    found = made(told(about()), school=nobody)
    assert found.missing == ("the name and contact details of the Data Protection Officer",)
    assert "Example Primary School, 1 Example Street" in under(found, "How to reach us")
    assert "Write to us, or tell us" in under(found, "If you want to complain")
    assert made(told(about()), school=examples.SCHOOL).missing == ("the name of the Data Protection Officer",)
    title = NAMED.model_copy(update={"name": "Data protection officer"})
    only_title = SCHOOL.model_copy(update={"contacts": {Role.DPO: title, Role.HEAD: NAMED}})
    found = made(told(about()), school=only_title)
    assert found.missing == ("the name of the Data Protection Officer",)
    assert "Headteacher: Example DPO Service" in under(found, "How to reach us")


def test_an_erased_message_is_missing_and_not_shown() -> None:
    """Once the key is destroyed nothing is left to say, and the sender is told which parts."""
    erased = told(about(occurred={"began_at": FRIDAY_4PM}), **dict.fromkeys(MESSAGE, ERASED), advice=[ERASED])
    found = made(erased)
    assert ERASED not in text_of(found)
    assert found.missing == ("the nature of the breach", "the likely consequences", "the measures taken or proposed")
    assert {"What this could mean", "What we have done and will do"}.isdisjoint(part.heading for part in found.parts)
    assert all(part.paragraphs or part.points or part.lines for part in found.parts)


@pytest.mark.parametrize(
    ("occurred", "said"),
    [
        ({"began_at": FRIDAY_4PM - ONE_DAY}, "It happened on Thursday 19 November 2026. We found"),
        (
            {"began_at": FRIDAY_4PM - 9 * ONE_DAY, "ended_at": FRIDAY_4PM - ONE_DAY},
            "It began on Wednesday 11 November 2026. It ended on Thursday 19 November 2026. We found",
        ),
        ({"began_at": FRIDAY_4PM, "ongoing": True}, "It began on Friday 20 November 2026. It has not stopped yet. We"),
        ({"ongoing": True}, "It has not stopped yet. We found out about it on Friday 20 November 2026."),
        ({}, "We found out about it on Friday 20 November 2026."),
    ],
    ids=["a day", "days", "going on", "going on since an unknown day", "unknown"],
)
def test_it_says_when_it_happened_as_far_as_that_is_known(occurred: dict[str, Any], said: str) -> None:
    """From the events, and not from anybody’s memory."""
    assert said in under(made(told(about(occurred=occurred))), "What happened")


def test_the_day_is_the_schools_own_and_the_earliest_notice_counts() -> None:
    """Told by a supplier on Wednesday is not found out on Friday; 23:30 UTC in summer is the next day."""
    supplier = {"processor": "A supplier", "message": "CANARY", "told_at": FRIDAY_4PM - 2 * ONE_DAY}
    found = made(told(about().when("record_processor_notice", Role.LEAD, **supplier)))
    assert "We found out about it on Wednesday 18 November 2026." in text_of(found)
    assert "CANARY" not in text_of(found)
    night = FRIDAY_4PM.replace(month=7, day=1, hour=23, minute=30)
    assert "Thursday 2 July 2026" in text_of(made(told(about(now=night))))


def test_the_sender_is_told_what_to_check_and_the_reader_is_not() -> None:
    """A notice that discloses is a second breach (Persónuvernd 2020010355): families first, blind copies for all."""
    found = made(told(about()))
    checks = " ".join(found.before_you_send)
    for word in (
        "Separated parents",
        "Protected addresses",
        "right recipient",
        "Blind copies",
        "Test with one",
        "Brothers",
    ):
        assert word in checks
        assert word not in text_of(found)
    staff = made(told(about(), "staff"), "staff").before_you_send
    assert not any("parents" in each for each in staff)
    assert any(each.startswith("Age:") for each in made(told(about(), "pupils"), "pupils").before_you_send)


@given(st.text(min_size=1, max_size=300).filter(str.strip))
def test_what_was_written_for_them_reaches_them_as_it_was_written(text: str) -> None:
    """Braces, breaks and whatever else a person types change nothing but the empty lines."""
    found = made(told(about(), nature=text, consequences=text, measures=text, advice=[text], support=text))
    typed = "".join(text.split())
    for heading in ("What happened", "What this could mean", "What we have done", "What you can do", "How we can help"):
        assert typed in "".join(under(found, heading).split())
