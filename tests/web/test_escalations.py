"""The chair of governors is reached, sees what the role needs, and acknowledges."""

import pytest

from domain.commands.engine import RecordEscalation
from domain.roles import ENGINE, Role
from tests.examples import URN
from tests.web.conftest import OTHER_URN, Town

CANARY = "Aisha Khan-Example"
"""A name that somebody typed into a report."""


def escalated(town: Town, school: str = URN, to: Role = Role.CHAIR) -> str:
    """A breach that was judged significant and escalated."""
    ref = town.report(school, what_happened=f"The file of {CANARY} went to the wrong parent")
    town.act(ref, "confirm_breach", basis="It holds health data")
    town.act(ref, "judge_significance", significant=True, reason="Health data")
    raised = RecordEscalation(alarm=f"significant.{to}", to=to, due_at=town.clock(), because="significant")
    town.tocsin.handler.handle(raised, ref, ENGINE, town.clock(), f"engine-{ref}")
    town.tocsin.views.catch_up()
    return ref


def test_the_chair_is_shown_what_waits_and_acknowledges_it(town: Town) -> None:
    """From the list to the sheet to the button, and the log says who did."""
    ref = escalated(town)
    chair = town.signed_in("chair")
    assert ref in chair.get("/escalations").text
    assert "Acknowledge" in chair.get("/escalations").text
    sheet = chair.get(f"/escalations/{ref}").text
    assert "An incident at the school was judged significant." in sheet
    answer = chair.send(f"/escalations/{ref}", action=f"/escalations/{ref}/acknowledge")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/escalations/{ref}?done=acknowledge_escalation",
    )
    last = town.tocsin.log.history(ref)[-1]
    assert last.fact.kind == "engine.escalation_acknowledged"
    assert last.actor == town.actor("chair")
    assert "Nothing waits for you" in chair.get(f"/escalations/{ref}").text
    town.tocsin.views.catch_up()
    assert "Nothing now" in chair.get("/escalations").text


@pytest.mark.parametrize("role", ["chair", "governor"])
def test_governors_are_shown_no_name(town: Town, role: str) -> None:
    """What somebody typed is shown to the chair with names left out, and to governors not at all."""
    sheet = town.signed_in(role)
    text = sheet.get(f"/escalations/{escalated(town)}").text
    assert "Khan" not in text
    assert ("[name left out]" in text) is (role == "chair")


def test_a_second_press_of_the_button_is_told_that_nothing_waits(town: Town) -> None:
    """And records nothing."""
    ref = escalated(town)
    chair = town.signed_in("chair")
    form = chair.form(f"/escalations/{ref}", f"/escalations/{ref}/acknowledge")
    assert chair.client.post(f"/escalations/{ref}/acknowledge", data=form).status_code == 303
    before = town.tocsin.log.history(ref)
    again = chair.client.post(f"/escalations/{ref}/acknowledge", data={**form, "command_id": "another"})
    assert again.status_code == 409
    assert "No escalation to your role is waiting" in again.text
    assert town.tocsin.log.history(ref) == before


def test_an_escalation_to_the_chair_is_not_the_leads_to_acknowledge(town: Town) -> None:
    """The lead sees the sheet, and that nothing waits for a lead."""
    ref = escalated(town)
    lead = town.signed_in("dpl")
    assert "Nothing waits for you" in lead.get(f"/escalations/{ref}").text
    sent = lead.client.post(f"/escalations/{ref}/acknowledge", data=lead.form("/help", "/sign-out"))
    assert sent.status_code == 409
    assert town.tocsin.log.history(ref)[-1].fact.kind == "engine.escalation_raised"


def test_the_chair_of_another_school_finds_nothing(town: Town) -> None:
    """Neither on the list nor by the reference."""
    ref = escalated(town)
    other = town.signed_in("chair", OTHER_URN)
    assert ref not in other.get("/escalations").text
    assert "No incident is open" in other.get("/escalations").text
    here, nowhere = other.get(f"/escalations/{ref}"), other.get(f"/escalations/{URN}-00000000")
    assert here.status_code == nowhere.status_code == 404


def test_a_broken_entry_of_a_school_does_not_hide_what_waits(town: Town) -> None:
    """The list stays; the school is told by its number."""
    ref = escalated(town)
    chair = town.signed_in("chair")
    (town.tocsin.schools.folder / f"{URN}.yaml").write_text("name: [", encoding="utf-8")
    assert ref in chair.get("/escalations").text
    sheet = chair.get(f"/escalations/{ref}")
    assert sheet.status_code == 409
    assert str(town.tocsin.schools.folder) not in sheet.text


def test_the_chair_may_not_open_the_incident_itself(town: Town) -> None:
    """Only what the role needs."""
    ref = escalated(town)
    assert town.signed_in("chair").get(f"/incidents/{ref}").status_code == 404
