"""Telling people (UK GDPR Art. 34): every group concerned, with everything that the law asks to be said."""

from typing import Any

from domain.errors import AwareBeforeItHappened, BeforeItHappened, NobodyTold
from domain.obligations import outstanding
from domain.roles import Role
from tests.given import FRIDAY_4PM, ONE_DAY, ONE_HOUR, Story, a_breach

POINTS = ["nature", "dpo_contact", "consequences", "measures"]
EXACT = {"certainty": "exact", "number": 10}


def to_be_told(*people: str, **decision: Any) -> Story:
    """A breach that concerns these people, who are to be told."""
    groups = [{"people": each, "number": EXACT} for each in people]
    story = a_breach().when("describe_people", Role.DPO, groups=groups).then_one()
    return story.when("decide_communication", Role.HEAD, communicate=True, reasons="It is owed", **decision).then_one()


def asked(story: Story) -> list[str]:
    """What is asked about telling, in words."""
    return [each.what for each in outstanding(story.case) if each.command == "tell_data_subjects"]


def test_nobody_is_told_before_it_happened_nor_did_it_begin_after_the_school_knew() -> None:
    """Times that cannot be do not reach a regulator."""
    story = a_breach(occurred={"began_at": FRIDAY_4PM - ONE_HOUR})
    told = {"people": "pupils", "number": EXACT, "told_at": FRIDAY_4PM - 2 * ONE_HOUR}
    story.when("tell_data_subjects", **told).then_refused(BeforeItHappened)
    later = {"began_at": FRIDAY_4PM + ONE_HOUR}
    story.after(ONE_DAY).when("correct_occurrence", occurred=later, reason="x").then_refused(AwareBeforeItHappened)


def test_every_group_is_told() -> None:
    """One message to one group leaves the other waiting, by name."""
    story = to_be_told("pupils", "staff")
    assert asked(story) == ["Tell the people concerned, without undue delay"]
    story = story.when("tell_data_subjects", people="staff", number=EXACT, points=POINTS)
    assert asked(story) == ["Tell the pupils as well, without undue delay"]
    assert asked(story.when("tell_data_subjects", people="pupils", number=EXACT, points=POINTS)) == []


def test_a_parent_may_hear_for_a_pupil_and_nobody_else_does() -> None:
    """The right is the child's; staff do not hear for pupils."""
    parents = {"people": "parents_and_carers", "number": EXACT, "points": POINTS}
    assert asked(to_be_told("pupils").when("tell_data_subjects", **parents)) == []
    assert asked(to_be_told("staff").when("tell_data_subjects", **parents)) != []


def test_the_decision_may_name_whom() -> None:
    """A high risk to some need not be one to all."""
    story = to_be_told("pupils", "staff", to=["staff"])
    assert asked(story.when("tell_data_subjects", people="staff", number=EXACT, points=POINTS)) == []


def test_a_group_of_nobody_need_not_be_told_and_nobody_cannot_be_told() -> None:
    """Nought people are no group, and a message to nought people is none."""
    none = {"certainty": "exact", "number": 0}
    groups = [{"people": "staff", "number": none}, {"people": "pupils", "number": EXACT}]
    story = a_breach().when("describe_people", Role.DPO, groups=groups)
    story = story.when("decide_communication", Role.HEAD, communicate=True, reasons="Owed")
    story.when("tell_data_subjects", people="pupils", number=none).then_refused(NobodyTold)
    assert asked(story.when("tell_data_subjects", people="pupils", number=EXACT, points=POINTS)) == []


def test_a_message_that_leaves_out_what_the_law_asks_is_asked_to_be_completed() -> None:
    """Art. 34(2): nature, contact, consequences, measures; each is named where it was left out."""
    story = to_be_told("pupils").when("tell_data_subjects", people="pupils", number=EXACT, points=["consequences"])
    (what,) = asked(story)
    assert "the nature of the breach" in what
    assert "whom to ask" in what
    assert "consequences" not in what
    assert asked(story.when("tell_data_subjects", people="pupils", number=EXACT, points=POINTS, means="letter")) == []


def test_a_letter_that_was_written_says_it_all() -> None:
    """Its template has every point; a letter to others, or one written afterwards, proves nothing."""
    said = {"nature": "It went astray", "consequences": "Others may know", "measures": "We have it back"}
    told = {"people": "pupils", "number": EXACT}
    written = to_be_told("pupils").when("write_message", Role.DPO, people="pupils", **said).then_one()
    assert asked(written.when("tell_data_subjects", **told)) == []
    to_others = to_be_told("pupils").when("write_message", Role.DPO, people="staff", **said)
    assert asked(to_others.when("tell_data_subjects", **told)) != []
    afterwards = to_be_told("pupils").when("tell_data_subjects", **told).when("write_message", people="pupils", **said)
    assert asked(afterwards) != []


def test_the_same_letter_twice_is_one_and_a_changed_one_replaces_it() -> None:
    """What stands is the last that was written."""
    said = {"people": "pupils", "consequences": "Others may know", "measures": "We have it back"}
    story = a_breach().when("write_message", nature="It went astray", **said).then_one()
    story.when("write_message", nature="It went astray", **said).then_nothing_happens()
    changed = story.when("write_message", nature="It was lost", **said).then_one()
    assert [letter.nature for letter in changed.case.letters.values()] == ["It was lost"]
