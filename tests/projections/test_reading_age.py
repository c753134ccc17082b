"""How old a reader has to be: the figure, the syllables it rests on, and that Tocsin’s own sentences are easy."""

import math
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.syllables import syllables
from domain.roles import Role
from domain.school import School
from domain.vocabulary import DataKind, PeopleKind
from projections.letter import Letter, letter
from projections.reading_age import HARD_ABOVE, letter_age, reading_age, sentences, too_hard, words
from tests.examples import SCHOOL
from tests.given import FRIDAY_4PM, ONE_DAY, Story, a_breach

OLDEST_READER = 12
DUTCH = SCHOOL.model_copy(update={"nation": "Netherlands", "regulator": "AP", "zone": "Europe/Amsterdam"})
NEUTRAL = {"nature": "A bag was lost.", "consequences": "Someone may find it.", "measures": "We looked for it."}
HARD = "Unauthorised individuals subsequently obtained considerable quantities of confidential documentation."

COMMON = """
the 1|about 2|people 2|because 2|something 2|information 4|school 1|child 1|children 2|parent 2|teacher 2|pupil 2
office 2|officer 3|protection 3|data 2|password 2|account 2|address 2|telephone 3|email 2|message 2|letter 2
happened 2|opened 2|changed 1|asked 1|needed 2|wanted 2|used 1|called 1|worried 2|involved 2|decided 3|noticed 2
stopped 1|every 2|everyone 3|different 2|family 3|business 2|area 3|idea 3|real 1|being 2|going 2|doing 2|seeing 2
able 2|table 2|trouble 2|simple 2|little 2|possible 3|available 4|responsible 4|safety 2|safeguarding 3|careful 2
sometimes 2|someone 2|anyone 3|home 1|make 1|take 1|whole 1|else 1|please 1|police 2|service 2|notice 2|advice 2
complaint 2|complain 2|procedure 3|record 2|report 2|medical 3|medicine 3|special 2|education 4|educational 5
social 2|personal 3|private 2|public 2|society 4|science 2|quiet 2|create 2|created 3|video 3|radio 3|serious 3
previous 3|behaviour 3|religion 3|passport 2|don’t 1|won’t 1
"""
"""A hundred common words with their syllables as a person counted them; the corrections were made on these."""

UNSEEN = """
afternoon 3|agency 3|allow 2|although 2|amount 2|another 3|appear 2|area 3|assembly 3|attack 2|average 3|aware 2
beautiful 3|became 2|behind 2|beneath 2|board 1|borrowed 2|bottle 2|brother 2|building 2|camera 3|carefully 3
carried 2|caused 1|centre 2|chairs 1|church 1|cities 2|clearly 2|community 4|completely 3|condition 3|continue 3
cooperate 4|council 2|country 2|curious 3|customer 3|daily 2|defence 2|degree 2|delayed 2|delicate 3|describe 2
difficult 3|director 3|disease 2|distressed 2|economy 4|either 2|electric 3|employee 3|employees 3|engine 2|enough 2
escaped 2|especially 4|exactly 3|explained 2|extremely 3|february 4|finished 2|foreign 2|future 2|genuine 3
gradually 4|heard 1|hospital 3|hundred 2|imagine 3|individual 5|influence 3|island 2|january 4|journey 2|knowledge 2
language 2|leaving 2|material 4|meanwhile 2|minutes 2|movement 2|naturally 4|neighbours 2|obvious 3|particular 4
period 3|physical 3|pleasure 2|prepared 2|question 2|realise 3|recognised 3|relative 3|scheme 1|separated 4
signature 3|situation 4|suitable 3|surface 2|theatre 3|together 3|tired 1|unique 2|usually 4|valuable 4|various 3
"""
"""Words that no correction was made for: what goes wrong among these is what goes wrong in a letter."""


def counted(words: str) -> dict[str, int]:
    """The words with the syllables that a person counted."""
    pairs = (pair.split() for pair in words.replace("\n", "|").split("|") if pair)
    return {word: int(number) for word, number in pairs}


def wrong(words: str) -> set[str]:
    """Where the count differs from the person’s."""
    return {word for word, number in counted(words).items() if syllables(word) != number}


@cache
def breach(kinds: tuple[DataKind, ...], groups: tuple[str, ...]) -> Story:
    """A breach that went on for some days."""
    story = a_breach(occurred={"began_at": FRIDAY_4PM - 9 * ONE_DAY, "ended_at": FRIDAY_4PM - 2 * ONE_DAY})
    story = story.when("describe_data", Role.DPO, kinds=[*kinds])
    return story.when("describe_people", Role.DPO, groups=[{"people": each} for each in groups])


def made(
    people: PeopleKind,
    kinds: tuple[DataKind, ...] = (DataKind.HEALTH,),
    groups: tuple[str, ...] = ("pupils",),
    school: School = SCHOOL,
    **fields: Any,
) -> Letter:
    """A letter of which nothing but the message is typed."""
    story = breach(kinds, groups).when("write_message", Role.LEAD, people=people, **{**NEUTRAL, **fields})
    found = letter(story.case, school, people)
    assert found is not None
    return found


def test_a_hundred_common_words_have_the_syllables_that_a_person_counts() -> None:
    """All but one, which is said both ways."""
    assert len(counted(COMMON)) == 100
    assert wrong(COMMON) == {"different"}


def test_fewer_than_one_word_in_fifty_is_counted_wrong() -> None:
    """Two of more than a hundred words that nothing was corrected for, and neither by more than one syllable."""
    assert len(counted(UNSEEN)) > 100
    assert wrong(UNSEEN) == {"realise", "theatre"}
    assert all(abs(syllables(word) - number) <= 1 for word, number in counted(UNSEEN).items())


@pytest.mark.parametrize(
    ("word", "number"),
    [("ICO", 3), ("UK", 2), ("PIN", 1), ("e-mail", 2), ("child’s", 1), ("office’s", 3), ("doesn't", 2), ("café", 2)],
)
def test_initials_joined_and_shortened_words_are_counted_as_they_are_said(word: str, number: int) -> None:
    """Letters one by one; parts apart; endings as they sound."""
    assert syllables(word) == number


def test_the_figure_is_flesch_kincaid_and_five_years() -> None:
    """Worked by hand: 12 words, 2 sentences, 17 syllables give grade 3.47; a text without words asks for nothing."""
    text = "Your teacher lost a letter. We found it in the library today."
    assert sum(len(words(sentence)) for sentence in sentences(text)) == 12
    assert sum(syllables(word) for sentence in sentences(text) for word in words(sentence)) == 17
    assert round(0.39 * 12 / 2 + 11.8 * 17 / 12 - 15.59, 2) == 3.47
    assert reading_age(text, syllables) == 8.5
    assert reading_age("Go.", syllables) == reading_age("… – !", syllables) == reading_age("", syllables) == 5


def test_sentences_end_where_a_reader_takes_a_breath() -> None:
    """Not at a title, an initial or a number; but at the end of a line that a person made into a list."""
    text = "Dr. Example and J. Other paid £3.50 at 3 p.m. exactly. “Why?” they asked.\n- one\n- Two\nLines that\ngo on."
    assert sentences(text) == [
        "Dr. Example and J. Other paid £3.50 at 3 p.m. exactly.",
        "“Why?”",
        "they asked.",
        "- one",
        "- Two",
        "Lines that\ngo on.",
    ]


def test_numbers_and_addresses_count_as_one_short_word() -> None:
    """They are looked at and not read."""
    assert words("Write to head@example-primary.invalid or see ico.org.uk by 20 November 2026.") == [
        *("Write", "to", "1", "or", "see", "1", "by", "1", "November", "1")
    ]


@pytest.mark.parametrize("people", PeopleKind)
@pytest.mark.parametrize("school", [SCHOOL, DUTCH], ids=["British", "Dutch"])
def test_every_sentence_of_our_own_is_for_readers_of_twelve(people: PeopleKind, school: School) -> None:
    """For every audience, kind of data and mixture of people: each sentence, each part and the whole."""
    counted_once = cache(syllables)
    combinations = [(kind,) for kind in DataKind] + [tuple(DataKind)]
    for kinds in combinations:
        for groups in (("pupils",), ("parents_and_carers",), ("pupils", "parents_and_carers", "staff")):
            found = made(people, kinds, groups, school)
            age = letter_age(found, counted_once)
            assert age.reading_age <= 10
            for part in age.parts:
                assert part.reading_age <= OLDEST_READER, (part.heading, kinds)
                assert max(part.sentences) <= OLDEST_READER, (part.heading, kinds, part.sentences)
            for sentence in found.opening:
                assert reading_age(sentence, counted_once) <= OLDEST_READER


def test_a_typed_sentence_that_is_too_hard_is_named_by_its_place_and_not_by_its_words() -> None:
    """The sender is told the heading and which sentence below it."""
    found = made(PeopleKind.STAFF, nature=f"A list was lost. {HARD}", advice=["Ring us.", HARD])
    (first, second) = too_hard(found, syllables)
    assert (first.heading, first.sentence) == ("What happened", 2)
    assert (second.heading, second.sentence) == ("What you can do to protect yourself", 2)
    assert first.reading_age == second.reading_age == reading_age(HARD, syllables) > HARD_ABOVE
    assert "nauthorised" not in first.model_dump_json()


def test_headings_and_lines_to_be_looked_up_are_not_read() -> None:
    """A long title or telephone number does not make a letter hard."""
    found = made(PeopleKind.STAFF)
    harder = [part.model_copy(update={"heading": HARD, "lines": (HARD,)}) for part in found.parts]
    before, after = (
        letter_age(found, syllables),
        letter_age(found.model_copy(update={"parts": tuple(harder)}), syllables),
    )
    assert [part.sentences for part in before.parts] == [part.sentences for part in after.parts]
    assert before.reading_age == after.reading_age


@given(st.text(max_size=400))
def test_any_text_has_a_reading_age(text: str) -> None:
    """Whatever is typed is measured, and no text is for readers below five."""
    assert 5 <= reading_age(text, syllables) < math.inf


@given(st.lists(st.sampled_from(sorted(counted(UNSEEN))), min_size=1, max_size=12))
def test_cutting_a_text_into_shorter_sentences_never_makes_it_harder(said: list[str]) -> None:
    """Which is the advice that a sender can follow."""
    whole = reading_age(" ".join(said) + ".", syllables)
    half = len(said) // 2 or 1
    cut = reading_age(". ".join(" ".join(each) for each in (said[:half], said[half:]) if each) + ".", syllables)
    assert cut <= whole
