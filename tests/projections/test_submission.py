"""The report to the regulator: every question answered, open or not applicable; later reports say what changed."""

from datetime import timedelta
from typing import Any, get_args

import pytest

from domain.events import IncidentFact
from domain.events.notify import ReportDetails
from domain.incident import Incident, evolve, replay
from domain.roles import Role
from domain.school import School
from projections.answers import ANSWERS, CONDITIONS, Case, Header
from projections.form import Form, form_for, forms
from projections.ico_submission import Field, Sent, Submission, submission
from tests.examples import (
    AWARE_AT,
    SCHOOL,
    at,
    classcharts,
    classcharts_as_at,
    closed_incident,
    suspicion,
    with_every_text,
)
from tests.given import FRIDAY_4PM, Story, a_breach, investigated

ICO, AP = form_for("ICO"), form_for("AP")
DUTCH = SCHOOL.model_copy(update={"regulator": "AP", "zone": "Europe/Amsterdam", "nation": "Netherlands"})


def report(
    incident: Incident, form: Form | None = ICO, sent: tuple[Sent, ...] = (), school: School = SCHOOL, **details: Any
) -> Submission:
    """The report that could be sent now."""
    assert form is not None
    phase = "initial" if not sent else "completed" if details.get("complete") else "follow_up"
    header = Header(
        number=len(sent) + 1,
        phase=phase,
        details=ReportDetails(**details),
        submitted_at=incident.recorded_at,
    )
    return submission(incident, school, form, header, sent)


def fields(paper: Submission) -> dict[str, Field]:
    """The questions of a report by their keys."""
    return {field.key: field for section in paper.sections for field in section.fields}


@pytest.mark.parametrize("name", sorted(forms()))
def test_a_form_asks_for_answers_and_conditions_that_there_are(name: str) -> None:
    """A field map is data: a slip in it would be a question without an answer."""
    form = forms()[name]
    asked = [field for section in form.section for field in section.field]
    assert len({field.key for field in asked}) == len(asked) > 30
    assert {field.answer for field in asked} <= ANSWERS.keys()
    assert {field.applies for field in asked} <= CONDITIONS.keys()
    assert {field.source for field in asked} <= {"P", "C", "S", "M"}


@pytest.mark.parametrize("name", sorted(forms()))
def test_every_point_of_article_33_3_is_asked(name: str) -> None:
    """Nature with categories and numbers, contact, consequences, measures: (a) to (d), in every regulator's form."""
    articles = {field.article for section in forms()[name].section for field in section.field}
    assert {"33(3)(a)", "33(3)(b)", "33(3)(c)", "33(3)(d)", "33(4)", "33(1)"} <= articles


@pytest.mark.parametrize("school", [SCHOOL, DUTCH], ids=["ICO", "AP"])
def test_every_question_is_known_open_or_does_not_apply(school: School) -> None:
    """At every moment of a case; an answer is there exactly when it is known, or is an option such as “Don't know”."""
    form = form_for(school.regulator)
    events = classcharts()
    for length in range(1, len(events) + 1):
        incident = replay(events[:length])
        assert incident is not None
        for field in fields(report(incident, form, school=school)).values():
            assert field.state in ("known", "not yet known", "not applicable")
            assert field.answer is not None or field.state != "known"
            assert field.answer is None or field.state != "not applicable"


def test_a_suspicion_leaves_almost_everything_open() -> None:
    """Nothing is guessed."""
    paper = report(suspicion().incident)
    said = fields(paper)
    assert said["what_happened"].answer == "Something may be wrong."
    assert said["subjects_count"].state == "not yet known"
    assert said["told_subjects"].options == ("We have not decided yet",)
    assert said["delay_reason"].state == "not applicable"
    assert len(paper.missing) == 4


def test_the_kinds_of_data_tick_the_forms_own_options() -> None:
    """A school's kinds go to the option that holds them, and the rest to “Other”, named."""
    story = a_breach().when(
        "describe_data", Role.DPO, kinds=["basic_personal_identifiers", "photographs", "special_educational_needs",
                                          "safeguarding"], sensitivity="High",
    )  # fmt: skip
    ico = fields(report(story.case))["data_categories"]
    assert ico.options == ("Basic personal identifiers, such as name and contact details", "Health data", "Other")
    assert ico.answer == (
        "Basic personal identifiers, such as name and contact details; Health data; Other: Safeguarding"
    )
    bsn = a_breach().when("describe_data", kinds=["national_identification_number"], sensitivity="High")
    assert fields(report(bsn.case, AP))["data"].answer == "Citizen service number (BSN)"


def test_what_is_not_yet_known_is_neither_ticked_nor_lost() -> None:
    """“Not yet known” among other kinds leaves them standing."""
    open_ = a_breach().when("describe_data", kinds=["not_yet_known"])
    assert fields(report(open_.case))["data_categories"].state == "not yet known"
    some = a_breach().when("describe_data", kinds=["health", "not_yet_known"])
    assert fields(report(some.case))["data_categories"].options == ("Health data",)


def sent_at(day: int, time: str) -> tuple[Submission, Sent]:
    """The first report on the example case, and what of it the next one is told."""
    incident = classcharts_as_at(at(day, time))
    first = report(
        incident, reasons_incomplete="The supplier is silent", further_information_expected_at=at(1, "09:00", 12)
    )
    return first, (incident.version, first, "0" * 64)


def test_a_follow_up_says_only_what_changed_and_why() -> None:
    """Against what was sent, with what it said before; what stands is not said again."""
    _, before = sent_at(21, "12:00")
    later = closed_incident()
    paper = report(later, sent=(before,), reasons_incomplete="More", further_information_expected_at=AWARE_AT)
    said = fields(paper)
    assert paper.phase == "follow_up"
    assert paper.follows == "0" * 64
    assert said["told_subjects"].was == "We have not decided yet"
    assert "Data subjects told" in said["told_subjects"].why
    assert "what_happened" not in said
    assert {"report_type", "own_ref", "dpo", "controller_name"} <= said.keys()
    changed = [field for field in said.values() if field.was is not None]
    assert all(field.why for field in changed)
    full = fields(report(later))
    first = fields(before[1])
    assert {field.key for field in changed} == {
        key for key in full
        if (full[key].state, full[key].answer) != (first[key].state, first[key].answer)
        and key not in {"report_type", "ico_case_ref", "own_ref", "report_complete", "reasons_incomplete",
                        "further_information_expected_at", "withdrawal_reason", "controller_name", "reporter", "dpo"}
    }  # fmt: skip


def test_a_third_report_builds_on_the_second() -> None:
    """What the second said is not said again, though the first did not say it."""
    _, first = sent_at(21, "12:00")
    later = closed_incident()
    second = report(later, sent=(first,), reasons_incomplete="More", further_information_expected_at=AWARE_AT)
    third = fields(report(later, sent=(first, (later.version, second, "1" * 64)), complete=True))
    assert "told_subjects" not in third
    changed = {field.key: field for field in third.values() if field.was is not None}
    assert {field.state for field in changed.values()} <= {"not known"}
    assert all(field.why == ("The report is complete without it",) for field in changed.values())


def test_a_completing_report_says_what_will_stay_unknown() -> None:
    """“Not yet” would promise more."""
    paper = report(investigated(a_breach()).case, complete=True)
    assert {"not known"} <= {field.state for field in fields(paper).values()}
    assert "not yet known" not in {field.state for field in fields(paper).values()}


def test_a_withdrawal_says_which_report_and_why() -> None:
    """And nothing about the case."""
    assert ICO is not None
    _, first = sent_at(21, "12:00")
    header = Header(number=2, phase="withdrawn", details=ReportDetails(complete=True), reason_for_withdrawal="A double")
    said = fields(submission(closed_incident(), SCHOOL, ICO, header, (first,)))
    assert said["withdrawal_reason"].answer == "A double"
    assert not {"what_happened", "data_categories", "told_subjects"} & said.keys()


def test_a_correction_gives_its_reason() -> None:
    """Whoever reads the follow-up learns why a time moved."""
    story = a_breach()
    first = report(story.case, reasons_incomplete="More", further_information_expected_at=FRIDAY_4PM)
    later = story.after(timedelta(hours=2)).when(
        "correct_awareness", aware_at=FRIDAY_4PM - timedelta(hours=1), reason="A parent had rung before"
    )
    said = fields(report(later.case, sent=((story.case.version, first, "0" * 64),)))
    assert said["aware_at"].was is not None
    assert said["aware_at"].why == ("Awareness corrected: A parent had rung before",)


def test_late_reasons_apply_one_second_after_the_deadline() -> None:
    """72:00:00 is in time."""

    def delay(at: timedelta) -> str:
        assert ICO is not None
        header = Header(number=1, phase="initial", submitted_at=FRIDAY_4PM + at)
        return fields(submission(a_breach().case, SCHOOL, ICO, header))["delay_reason"].state

    assert delay(timedelta(days=3)) == "not applicable"
    assert delay(timedelta(days=3, seconds=1)) == "not yet known"


@pytest.mark.parametrize("form", [ICO, AP], ids=["ICO", "AP"])
def test_an_answer_reads_no_other_facts_than_it_names(form: Form) -> None:
    """Otherwise a follow-up could not say why it changed: each event of a case is tried on its own."""
    school = SCHOOL if form is ICO else DUTCH
    header = Header(number=1, phase="initial", submitted_at=AWARE_AT)
    incident: Incident | None = None
    moved = 0
    for event in with_every_text(classcharts(), "Words"):
        after = evolve(incident, event)
        if incident is not None:
            for name in {field.answer for section in form.section for field in section.field}:
                answer = ANSWERS[name]
                if answer.read(Case(incident, school, header)) != answer.read(Case(after, school, header)):
                    assert type(event.fact) in answer.facts, name
                    moved += 1
        incident = after
    assert moved > 15


def test_the_facts_that_answers_read_are_facts() -> None:
    """A name that no event has would never change anything."""
    assert {fact for answer in ANSWERS.values() for fact in answer.facts} <= set(get_args(IncidentFact))


def test_an_unknown_regulator_has_no_form() -> None:
    """And says so where a report is asked for."""
    assert form_for("CNIL") is None


def test_the_same_events_give_the_same_report() -> None:
    """Nothing in it comes from the moment of asking."""
    story: Story = investigated(a_breach())
    assert report(story.case) == report(story.case)
