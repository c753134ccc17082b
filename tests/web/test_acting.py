"""The forms by which people act: each command's form, what is refused, that nothing typed is lost, and who may."""

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from adapters.accounts import Membership
from adapters.web.acting import CHANGES_NOTHING, commands_for, done_title
from adapters.web.forms.fields import Kind, fields_of
from adapters.web.forms.offered import OF_A_SCHOOL, OF_AN_INCIDENT
from adapters.web.forms.wording import GROUPS, group_of
from adapters.web.site import Case
from domain.commands import command_named
from domain.roles import ENGINE, MAY, Actor, Role, may, sees
from tests.examples import URN
from tests.web.acting_values import (
    ACTS,
    SHA,
    Act,
    breach,
    closed,
    escalated,
    planned,
    reported,
    suspicion,
    to_report,
    when,
)
from tests.web.browsing import Visit
from tests.web.conftest import OTHER_URN, ROLES, Town

BY_GROUP = {group: sorted(each for each in ACTS if group_of(each) == group) for group in GROUPS if group != "school"}
NOT_TYPED = ("csrf", "seen", "command_id")


def path_of(ref: str, command: str) -> str:
    """Where that is done."""
    return f"/incidents/{ref}/do/{command}"


def as_sent(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that a person fills in, with those that are empty left out."""
    return {name: value for name, value in fields.items() if name not in NOT_TYPED and value not in ("", [])}


def fill(visit: Visit, path: str, typed: dict[str, Any]) -> Any:
    """Opens the form, fills it in and sends it; `send` has a name of its own for a field that is called `action`."""
    return visit.client.post(path, data={**visit.form(path), **typed}, headers={"sec-fetch-site": "same-origin"})


def last_fact(town: Town, ref: str) -> dict[str, Any]:
    """The newest event of an incident."""
    fact: dict[str, Any] = town.tocsin.incident(ref).history[-1].fact.model_dump(mode="json")
    return fact


def errors_in(html: str) -> list[str]:
    """The sentences of the error summary."""
    found = re.search(r'govuk-error-summary__list">(.*?)</ul>', html, re.DOTALL)
    return (
        [re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL)]
        if found
        else []
    )


def linked(html: str) -> Iterable[str]:
    """Where the error summary leads."""
    found = re.search(r'govuk-error-summary__list">(.*?)</ul>', html, re.DOTALL)
    return re.findall(r'href="#([^"]+)"', found[1]) if found else []


def test_every_command_on_an_incident_has_an_act_in_the_table() -> None:
    """So that no form is left out of these tests."""
    assert ACTS.keys() == OF_AN_INCIDENT


@pytest.mark.parametrize("group", BY_GROUP)
def test_a_form_that_is_filled_in_leads_to_its_event(town: Town, group: str) -> None:
    """By the names of its fields alone, as a browser without scripts sends them."""
    for command in BY_GROUP[group]:
        act = ACTS[command]
        ref = act.before(town)
        answer = fill(town.signed_in(act.by), path_of(ref, command), act.typed)
        assert answer.status_code == 303, (command, errors_in(answer.text))
        whole = sees(act.by, "incident")
        assert answer.headers["location"] == f"/{'incidents' if whole else 'escalations'}/{ref}?done={command}"
        fact = last_fact(town, ref)
        assert fact["kind"] == act.kind
        assert {name: fact[name] for name in act.said} == act.said
        assert town.tocsin.incident(ref).history[-1].actor == town.actor(act.by)


def test_every_field_has_a_label_and_every_page_one_heading(town: Town) -> None:
    """WCAG 2.2, 1.3.1 and 3.3.2; ids are there once, and no style that the content policy would refuse."""
    refs = {before: before(town) for before in dict.fromkeys(act.before for act in ACTS.values())}
    for command, act in ACTS.items():
        html = town.signed_in(act.by).get(path_of(refs[act.before], command)).text
        main = html[html.index("<main") : html.index("</main>")]
        fields = re.findall(r"<(?:input|select|textarea)[^>]*>", main)
        ids = [found[1] for each in fields if "hidden" not in each and (found := re.search(r'id="([^"]+)"', each))]
        assert ids, command
        assert [each for each in ids if f'for="{each}"' not in main] == []
        every = re.findall(r'\sid="([^"]+)"', html)
        assert sorted(every) == sorted(set(every)), command
        assert main.count("<h1") == 1
        assert not re.search(r"\sstyle=", html)


@pytest.mark.parametrize("group", BY_GROUP)
def test_nothing_typed_is_lost_when_somebody_else_acted(town: Town, group: str) -> None:
    """The form comes back as it was sent, and goes through when it is sent again."""
    for command in BY_GROUP[group]:
        act = ACTS[command]
        ref = act.before(town)
        visit, path = town.signed_in(act.by), path_of(ref, command)
        form = {**visit.form(path), **act.typed}
        town.tocsin.act(command_named("add_note", {"note": "Meanwhile"}), ref, town.actor(Role.ADMINISTRATOR))
        answer = visit.client.post(path, data=form)
        if command in CHANGES_NOTHING:
            assert answer.status_code == 303, command
            continue
        assert answer.status_code == 409, command
        assert "Someone else acted while this was open" in answer.text
        assert "Note added" in answer.text
        again = visit.form_in(answer.text)
        assert as_sent(again) == as_sent(form)
        assert visit.client.post(path, data=again).status_code == 303
        assert last_fact(town, ref)["kind"] == act.kind


@pytest.mark.parametrize("group", sorted(BY_GROUP.keys() - {"escalations"}))
def test_what_cannot_be_read_is_told_at_its_field_and_typed_again(town: Town, group: str) -> None:
    """A day that there is not, or a text that is far too long; no sentence repeats it. An acknowledgement has none."""
    for command in BY_GROUP[group]:
        act = ACTS[command]
        ref = act.before(town)
        visit, path = town.signed_in(act.by), path_of(ref, command)
        form = {**visit.form(path), **act.typed}
        moment = next((name for name in form if name.endswith("-day")), None)
        text = next((each.id for each in fields_of(command) if each.kind is Kind.TEXT and each.id != "item"), "")
        wrong = {moment: "canary31"} if moment else {text: "canary" * 2000}
        before = town.tocsin.incident(ref).version
        answer = visit.client.post(path, data={**form, **wrong})
        assert answer.status_code == 422, command
        assert "Error: " in answer.text[: answer.text.index("</title>")]
        told = errors_in(answer.text)
        assert told
        assert all(sentence.endswith(".") and "canary" not in sentence for sentence in told)
        ids = set(re.findall(r'\sid="([^"]+)"', answer.text))
        assert ids.issuperset(linked(answer.text))
        assert as_sent(visit.form_in(answer.text)) == as_sent({**form, **wrong})
        assert town.tocsin.incident(ref).version == before


def test_the_engine_in_between_bothers_nobody(town: Town) -> None:
    """What it recorded while the form was open was not anybody's answer to anything."""
    ref = breach(town)
    visit, path = town.signed_in("dpl"), path_of(ref, "judge_significance")
    form = visit.form(path)
    reminder = {"alarm": "clock.24h.dpl", "to": "dpl", "due_at": town.clock.now}
    town.tocsin.act(command_named("record_reminder", reminder), ref, ENGINE)
    sent = {**form, "significant": "true", "reason": "Many"}
    assert visit.client.post(path, data=sent).status_code == 303
    assert [event.actor.role for event in town.tocsin.incident(ref).history[-2:]] == [Role.ENGINE, Role.LEAD]


def test_the_engine_and_somebody_else_in_between_are_both_shown(town: Town) -> None:
    """A person among them is enough."""
    ref = breach(town)
    visit, path = town.signed_in("dpl"), path_of(ref, "judge_significance")
    form = visit.form(path)
    reminder = {"alarm": "clock.24h.dpl", "to": "dpl", "due_at": town.clock.now}
    town.tocsin.act(command_named("record_reminder", reminder), ref, ENGINE)
    town.act(ref, "judge_significance", Role.HEAD, significant=False, reason="Few")
    answer = visit.client.post(path, data={**form, "significant": "true", "reason": "Many"})
    assert answer.status_code == 409
    assert "Reminder sent" in answer.text
    assert "Significance judged: Headteacher, Fri 20 Nov 2026, 12:00 GMT" in answer.text


def test_of_two_people_at_once_one_is_told_of_the_other(town: Town) -> None:
    """Both looked at the same incident, and both send at the same moment."""
    ref = breach(town)
    path = path_of(ref, "judge_significance")
    visits = [town.signed_in(role) for role in (Role.LEAD, Role.HEAD)]
    forms = [{**visit.form(path), "significant": "true", "reason": f"Number {n}"} for n, visit in enumerate(visits)]
    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(visit.client.post, path, data=form) for visit, form in zip(visits, forms, strict=True)]
        answers = [each.result() for each in sent]
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "Significance judged" in refused.text
    kinds = [event.fact.kind for event in town.tocsin.incident(ref).history]
    assert kinds.count("containment.significance_judged") == 1


def test_sending_twice_does_nothing_twice(town: Town) -> None:
    """The same form, sent again, leads to the same event and the same page."""
    ref = breach(town)
    visit, path = town.signed_in("dpl"), path_of(ref, "add_note")
    form = {**visit.form(path), "note": "Once"}
    answers = [visit.client.post(path, data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert [event.fact.kind for event in town.tocsin.incident(ref).history].count("incident.note_added") == 1


def test_a_form_of_which_the_answer_was_changed_after_it_was_sent_asks_whether_it_is_meant(town: Town) -> None:
    """ "Back" and another text: what was sent first stays, and the second goes through when it is sent again."""
    ref = breach(town)
    visit, path = town.signed_in("dpl"), path_of(ref, "judge_significance")
    form = {**visit.form(path), "significant": "true", "reason": "Many"}
    assert visit.client.post(path, data=form).status_code == 303
    answer = visit.client.post(path, data={**form, "significant": "false"})
    assert answer.status_code == 409
    assert "what you sent then is recorded" in errors_in(answer.text)[0]
    assert "Something was recorded while this was open" in answer.text
    assert "Significance judged: you" in answer.text
    assert visit.client.post(path, data=visit.form_in(answer.text)).status_code == 303
    assert last_fact(town, ref)["significant"] is False


def test_nobody_can_take_an_id_of_the_engine(town: Town) -> None:
    """An act under such an id would stand for a message that was never sent."""
    ref = breach(town)
    visit = town.signed_in("dpl")
    id_ = "clock.24h.dpl@2026-11-21T12:00:00+00:00"
    assert visit.send(path_of(ref, "add_note"), note="Mine", command_id=id_).status_code == 303
    assert town.tocsin.incident(ref).history[-1].command_id != id_


def test_what_was_recorded_before_adds_nothing_and_says_so(town: Town) -> None:
    """The page to which it leads can say that nothing was added."""
    ref = breach(town)
    for done in ("describe_effects", "nothing_new"):
        answer = town.signed_in("dpl").send(path_of(ref, "describe_effects"), confidentiality="not_affected")
        assert answer.headers["location"] == f"/incidents/{ref}?done={done}"
    assert done_title("nothing_new") == "That was already recorded, so nothing was added"
    assert done_title("describe_effects") == "What happened to the data is described"
    assert [done_title(each) for each in ("record_reminder", "report_incident", "<b>")] == [None] * 3


def test_describing_again_starts_from_the_last_description(town: Town) -> None:
    """Only what is new is typed."""
    ref = breach(town)
    visit, path = town.signed_in("dpl"), path_of(ref, "describe_people")
    first = ACTS["describe_people"].typed
    visit.send(path, **first)
    visit.send(path, **{"groups-pupils-number": "29"})
    fact = last_fact(town, ref)
    assert [each["number"]["number"] for each in fact["groups"]] == [29, None]
    assert fact["vulnerable"] == "yes"


def test_the_assessment_starts_from_what_is_recorded_and_may_do_without_the_facts(town: Town) -> None:
    """The facts are those of `tocsin assess`; without them the judgement stands alone."""
    ref = ACTS["assess_risk"].before(town)
    visit, path = town.signed_in("dpl"), path_of(ref, "assess_risk")
    form = visit.form(path)
    assert (form["facts"], form["facts-data"], form["facts-people"]) == ("yes", "health", "pupils")
    assert (form["facts-number-number"], form["facts-children"]) == ("3", "yes")
    visit.send(path, level="risk", reasons="Some", facts="no")
    assert last_fact(town, ref)["facts"] is None
    visit.send(path, level="risk", reasons="With them", facts="yes")
    assert last_fact(town, ref)["facts"]["confidentiality"] == "exposed_no_evidence_of_access"
    assert last_fact(town, ref)["prompt"]["notify_regulator"] is True


def test_the_rules_can_be_asked_before_anything_is_recorded(town: Town) -> None:
    """The prompt of the typed facts, and the form as it was."""
    ref = ACTS["assess_risk"].before(town)
    visit, path = town.signed_in("dpl"), path_of(ref, "assess_risk")
    before = town.tocsin.incident(ref).version
    answer = visit.send(path, do="preview", **{"facts-encryption": "full", "facts-key_safe": "yes"})
    assert answer.status_code == 200
    assert answer.text.count("What the rules suggest</h2>") == 1
    assert visit.form_in(answer.text)["facts-key_safe"] == "yes"
    assert town.tocsin.incident(ref).version == before
    wrong = visit.send(path, do="preview", **{"facts-children": "no", "facts-number-number": "many"})
    assert wrong.status_code == 422
    assert len(errors_in(wrong.text)) == 1
    contradicts = visit.send(path, do="preview", **{"facts-children": "no"})
    assert errors_in(contradicts.text) == ["Pupils are among the people, so children cannot be no."]
    assert [*linked(contradicts.text)] == ["facts-children"]


def test_a_refusal_is_told_at_the_field_that_it_is_about(town: Town) -> None:
    """With everything typed, and without what only a program has to know."""
    ref = to_report(town)
    visit, path = town.signed_in("dpo"), path_of(ref, "submit_report")
    answer = visit.send(path, complete="false", reasons_incomplete="More")
    assert answer.status_code == 409
    assert [*linked(answer.text)] == ["further_information_expected_at"]
    assert visit.form_in(answer.text)["reasons_incomplete"] == "More"
    future = visit.send(path, complete="false", **when("submitted_at", 21))
    assert [*linked(future.text)] == ["submitted_at"]
    close = town.signed_in("dpl").send(path_of(ref, "close_incident"), summary="Done")
    assert close.status_code == 409
    assert "Submit the report to the regulator" in errors_in(close.text)[0]
    assert "submit_report)" not in errors_in(close.text)[0]


def test_a_word_that_may_be_a_name_can_be_said_to_be_none(town: Town) -> None:
    """The box is there only after the refusal; a name that is certain offers none."""
    ref = breach(town)
    visit, path = town.signed_in("dpo"), path_of(ref, "write_message")
    assert "no_names_confirmed" not in visit.get(path).text
    typed = {
        "people": "pupils",
        "nature": "A stick of Grace Fields is lost",
        "consequences": "None",
        "measures": "A search",
    }
    answer = visit.send(path, **typed)
    assert answer.status_code == 409
    assert errors_in(answer.text)[0].endswith("; if it is nobody’s name, tick the box below and send the form again.")
    form = visit.form_in(answer.text)
    assert "no_names_confirmed" in answer.text
    assert "no_names_confirmed" not in form
    unticked = visit.client.post(path, data={**form, "measures": ""})
    assert unticked.status_code == 422
    assert "Nothing in the letter is the name of a person affected" in unticked.text
    assert visit.client.post(path, data={**form, "no_names_confirmed": "true"}).status_code == 303
    certain = visit.send(path, **{**typed, "nature": "Write to grace.fields@example.org"})
    assert certain.status_code == 409
    assert "no_names_confirmed" not in certain.text


def test_a_report_with_what_may_be_a_name_can_be_recorded_once_it_is_said_to_be_none(town: Town) -> None:
    """By the same box; and the errors stand in the order of the page."""
    ref = town.report(what_happened="A stick of Grace Fields is missing", discovered_at="2026-11-20T11:00:00+00:00")
    town.act(ref, "confirm_breach", basis="It is lost")
    town.act(ref, "decide_notification", Role.HEAD, notify_regulator=True, reasons="It is owed")
    visit, path = town.signed_in("dpo"), path_of(ref, "submit_report")
    answer = fill(visit, path, ACTS["submit_report"].typed)
    assert answer.status_code == 409
    assert "tick the box below" in errors_in(answer.text)[0]
    assert "no_names_confirmed=true" not in answer.text
    form = visit.form_in(answer.text)
    wrong = visit.client.post(path, data={**form, "submitted_at-day": "99", "reasons_for_delay": "x" * 10_001})
    assert [*linked(wrong.text)] == ["submitted_at", "reasons_for_delay"]
    assert 'value="true"' in wrong.text
    assert visit.client.post(path, data={**form, "no_names_confirmed": "true"}).status_code == 303
    assert last_fact(town, ref)["no_names_confirmed"] is True


def test_advice_and_prompt_stand_beside_the_decision(town: Town) -> None:
    """For the chair too, who is shown no names."""
    ref = ACTS["assess_risk"].before(town)
    town.act(ref, "assess_risk", level="risk", reasons="Oliver Hughes may be harmed")
    town.act(
        ref, "advise", Role.DPO, notify_regulator=True, communicate=False, risk="risk", reasons="Tell Oliver Hughes"
    )
    for command in ("decide_notification", "decide_communication"):
        head, chair = (town.signed_in(role).get(path_of(ref, command)).text for role in (Role.HEAD, Role.CHAIR))
        for html in (head, chair):
            assert "The Data Protection Officer’s advice" in html
            assert "What the rules suggest" in html
            assert "UK GDPR Art. 3" in html
        assert head.count("Oliver Hughes") == 2
        assert "Oliver" not in chair


def test_the_draft_of_the_report_says_what_is_open(town: Town) -> None:
    """Beside the form that records its sending."""
    ref = to_report(town)
    html = town.signed_in("dpo").get(path_of(ref, "submit_report")).text
    assert "Still needed for a complete report" in html
    assert "the likely consequences" in html
    assert "Open questions of the draft" in html
    assert "Mon 23 Nov 2026, 11:00 GMT" in html
    assert "Submit the report to the regulator" in html


def test_closing_and_completing_say_what_is_still_asked_for(town: Town) -> None:
    """With the way to each of them."""
    ref = breach(town)
    close = town.signed_in("dpl").get(path_of(ref, "close_incident")).text
    assert f'href="{path_of(ref, "assess_risk")}"' in close
    assert f'href="{path_of(ref, "advise")}"' not in close
    assert "its sensitivity" in town.signed_in("dpl").get(path_of(ref, "complete_investigation")).text


def test_an_action_of_a_plan_is_chosen_and_a_new_one_is_named(town: Town) -> None:
    """Names of plans are for those who see the incident."""
    ref = planned(town)
    path = path_of(ref, "take_containment")
    visit = town.signed_in("dpl")
    unnamed = fill(visit, path, {"item": "new", "action": "other"})
    assert errors_in(unnamed.text) == ["Fill in the name for “Which action?”."]
    assert fill(visit, path, {"item": "new", "item-new": "call the office", "action": "other"}).status_code == 303
    assert last_fact(town, ref)["item"] == "call the office"
    own = town.signed_in(Role.STAFF)
    assert "search the bus" in visit.get(path).text
    assert "search the bus" not in own.get(path).text
    assert (
        fill(own, path, {"item": "asked the driver", "action": "other"}).headers["location"]
        == f"/my-reports/{ref}?done=take_containment"
    )


def test_an_hour_that_comes_twice_is_asked_about(town: Town) -> None:
    """On the night on which the clocks go back; the one that never comes is refused."""
    ref = breach(town)
    path, visit = path_of(ref, "add_note"), town.signed_in("dpl")
    path = path_of(ref, "record_processor_notice")
    typed = {"processor": "A", "message": "B", **when("told_at", 25, "01:30", month=10)}
    answer = visit.send(path, **typed)
    assert answer.status_code == 422
    assert "came twice" in errors_in(answer.text)[0]
    assert "The first of the two, 01:30 BST" in answer.text
    again = {**visit.form_in(answer.text), "told_at-which": "second"}
    assert visit.client.post(path, data=again).status_code == 303
    assert last_fact(town, ref)["told_at"] == "2026-10-25T01:30:00Z"
    never = visit.send(path, **{**typed, **when("told_at", 29, "01:30", month=3)})
    assert "did not exist on that day" in errors_in(never.text)[0]


def test_a_moment_that_is_not_changed_keeps_its_seconds(town: Town) -> None:
    """A form shows minutes; what nobody touched stays what it was."""
    town.clock.forward(seconds=37)
    ref = breach(town)
    aware_at = town.tocsin.incident(ref).breach
    answer = town.signed_in("dpl").send(path_of(ref, "correct_awareness"), reason="Looked again")
    assert answer.headers["location"].endswith("?done=nothing_new")
    assert town.tocsin.incident(ref).breach == aware_at


def test_complaints_are_chosen_by_what_they_still_need(town: Town) -> None:
    """An answered one is no longer offered."""
    ref = ACTS["answer_complaint"].before(town)
    visit = town.signed_in("dpl")
    visit.send(path_of(ref, "acknowledge_complaint"), number="is:1")
    assert "There is none at the moment." in visit.get(path_of(ref, "acknowledge_complaint")).text
    assert "Complaint 1: Parents and carers" in visit.get(path_of(ref, "answer_complaint")).text


def test_the_letter_to_one_group_can_be_changed(town: Town) -> None:
    """The address names the group, and nothing typed."""
    ref = breach(town)
    visit, path = town.signed_in("dpo"), path_of(ref, "write_message")
    visit.send(path, **ACTS["write_message"].typed)
    assert f'href="{path}?people=pupils"' in visit.get(path).text
    form = visit.form(f"{path}?people=pupils", path)
    assert form["nature"] == "A stick went missing"
    assert form["advice"] == "Ask us\nBe careful"
    assert visit.form(f"{path}?people=nobody", path)["nature"] == ""


def test_an_escalation_is_acknowledged_in_the_role_that_it_waits_for(town: Town) -> None:
    """Somebody who is both head and chair answers as chair."""
    ref = escalated(town)
    both = town.site.accounts.add_person(
        "both@school.example", "Both", [Membership(Role.HEAD, URN), Membership(Role.CHAIR, URN)]
    )
    answer = town.signed_in(both).send(path_of(ref, "acknowledge_escalation"))
    assert answer.status_code == 303
    assert town.tocsin.incident(ref).history[-1].actor == Actor(id=both.id, role=Role.CHAIR)


def test_what_an_erased_incident_said_is_not_said_again(town: Town) -> None:
    """The sign for an erased text does not come back as if somebody had typed it."""
    ref = breach(town)
    town.act(ref, "describe_effects", detail="Long ago", confidentiality="not_affected")
    town.act(ref, "hold_review", causes="A hole", effectiveness="Good", lessons=["Mend it"])
    town.tocsin.keys.shred(ref)
    visit = town.signed_in("dpl")
    assert visit.form(path_of(ref, "describe_effects"))["detail"] == ""
    assert visit.form(path_of(ref, "describe_effects"))["confidentiality"] == "not_affected"
    assert visit.form(path_of(ref, "hold_review"))["lessons"] == ""


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_the_forms_that_it_may_and_no_others(town: Town, role: Role) -> None:
    """By the one permission table; what is not theirs looks as if it did not exist, here and at another school."""
    ref, other = reported(town), reported_elsewhere(town)
    visit = town.signed_in(role)
    nowhere = stripped(visit.get("/incidents/100001-AAAAAAAA/do/add_note").text)
    form = (
        {"csrf": visit.form(path_of(ref, "add_note"))["csrf"]}
        if may(role, "add_note") and role is not Role.ADMINISTRATOR
        else {}
    )
    for command in sorted(OF_AN_INCIDENT | {"report_incident", "record_reminder", "record_training", "nothing"}):
        theirs = command in OF_AN_INCIDENT and role in MAY[command]
        shown = sees(role, "incident") or sees(role, "governors_sheet") or role is Role.STAFF
        asked = visit.get(path_of(ref, command))
        assert asked.status_code == (200 if theirs and shown else 404), (command, role)
        if form:
            sent = visit.client.post(path_of(ref, command), data={**form, "seen": "0"})
            assert sent.status_code in ((303, 409, 422) if theirs and shown else (404,)), (command, role)
        elsewhere = visit.get(path_of(other, command))
        assert elsewhere.status_code == 404
        assert stripped(elsewhere.text) == nowhere


def reported_elsewhere(town: Town) -> str:
    """An incident of the other school."""
    return town.report(OTHER_URN)


def stripped(html: str) -> str:
    """The page without what differs on every page."""
    return re.sub(r'nonce="[^"]*"|data-now="[^"]*"', "", html)


def test_staff_act_on_their_own_report_alone(town: Town) -> None:
    """A colleague's report is not theirs, and its form does not exist for them."""
    own, colleagues = suspicion(town), town.report(by=Role.LEAD)
    visit = town.signed_in(Role.STAFF)
    assert visit.send(path_of(own, "add_note"), note="More").headers["location"] == f"/my-reports/{own}?done=add_note"
    assert visit.get(path_of(colleagues, "add_note")).status_code == 404


def test_what_others_did_is_not_listed_for_staff(town: Town) -> None:
    """That the incident moved on is said, and not how."""
    ref = suspicion(town)
    visit, path = town.signed_in(Role.STAFF), path_of(ref, "record_stopped")
    form = {**visit.form(path), "detail": "More"}
    town.act(ref, "confirm_breach", basis="Certain")
    answer = visit.client.post(path, data=form)
    assert answer.status_code == 409
    assert "Someone else acted" in answer.text
    assert "Controller became aware" not in answer.text


def offered(town: Town, ref: str, role: Role) -> list[str]:
    """What that role is offered."""
    person, incident = town.person(role), town.tocsin.incident(ref)
    return [each.command for each in commands_for(Case(incident, town.site.school(URN), person.roles_at(URN), person))]


def test_what_is_asked_for_is_offered_first_and_what_cannot_be_is_not(town: Town) -> None:
    """By the role and by how the incident stands."""
    ref = suspicion(town)
    assert offered(town, ref, Role.LEAD)[:3] == ["confirm_breach", "inform_lead", "inform_dpo"]
    assert "submit_report" not in offered(town, ref, Role.LEAD)
    assert "advise" not in offered(town, to_report(town), Role.LEAD)
    assert "submit_report" in offered(town, to_report(town), Role.LEAD)
    assert "acknowledge_escalation" in offered(town, escalated(town), Role.CHAIR)
    assert "acknowledge_escalation" not in offered(town, ref, Role.CHAIR)
    assert "reopen_incident" in offered(town, closed(town), Role.CHAIR)
    assert "describe_data" not in offered(town, closed(town), Role.LEAD)
    assert offered(town, ref, Role.AUDITOR) == []


@pytest.mark.parametrize("role", ROLES)
def test_what_is_offered_can_be_opened(town: Town, role: Role) -> None:
    """Nothing that is offered leads to a page that does not exist."""
    ref = reported(town)
    if role in (Role.ADMINISTRATOR, Role.AUDITOR):
        return
    visit = town.signed_in(role)
    assert [visit.get(path_of(ref, command)).status_code for command in offered(town, ref, role)].count(200) == len(
        offered(town, ref, role)
    )


SCHOOL_ACTS = {
    "record_training": Act(
        suspicion, Role.ADMINISTRATOR,
        {"group": "staff", "in_post": "40", "trained": "38", "on-day": "20", "on-month": "november", "on-year": "2026"},
        "school.training_recorded", {"in_post": 40, "trained": 38, "on": "2026-11-20"},
    ),
    "give_opinion": Act(
        suspicion, Role.DPO,
        {
            "begins_on-day": "1", "begins_on-month": "9", "begins_on-year": "2026",
            "ends_on-day": "20", "ends_on-month": "11", "ends_on-year": "2026",
            "opinion": "Well done", "themes": "E-mail\nSuppliers",
        },
        "school.opinion_given", {"themes": ["E-mail", "Suppliers"], "ends_on": "2026-11-20"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("command", sorted(SCHOOL_ACTS))
def test_a_school_s_form_leads_to_its_event(town: Town, command: str) -> None:
    """On the school's own record, once however often it is sent."""
    act, path = SCHOOL_ACTS[command], f"/schools/{URN}/do/{command}"
    visit = town.signed_in(act.by)
    form = {**visit.form(path), **act.typed}
    for _ in range(2):
        answer = visit.client.post(path, data=form)
        assert answer.status_code == 303, errors_in(answer.text)
        assert answer.headers["location"] == f"/schools/{URN}?done={command}"
    (event,) = town.tocsin.school_record(URN)
    fact = event.fact.model_dump(mode="json")
    assert fact["kind"] == act.kind
    assert {name: fact[name] for name in act.said} == act.said


def test_more_trained_than_there_are_is_told_at_the_number(town: Town) -> None:
    """A rule of two fields is told at one of them, with everything typed."""
    typed = {**SCHOOL_ACTS["record_training"].typed, "trained": "41"}
    visit = town.signed_in(Role.ADMINISTRATOR)
    answer = visit.send(f"/schools/{URN}/do/record_training", **typed)
    assert answer.status_code == 422
    assert errors_in(answer.text) == ["More are trained than are in post; count those in post."]
    assert [*linked(answer.text)] == ["trained"]
    assert visit.form_in(answer.text)["trained"] == "41"


@pytest.mark.parametrize("role", ROLES)
def test_a_school_s_form_is_for_those_who_may(town: Town, role: Role) -> None:
    """At their school alone."""
    visit = town.signed_in(role)
    for command in (*sorted(OF_A_SCHOOL), "add_note", "nothing"):
        theirs = command in OF_A_SCHOOL and role in MAY[command]
        assert visit.get(f"/schools/{URN}/do/{command}").status_code == (200 if theirs else 404)
        assert visit.get(f"/schools/{OTHER_URN}/do/{command}").status_code == 404
        assert visit.get(f"/schools/999999/do/{command}").status_code == 404


def test_a_hash_that_is_none_is_told_in_words(town: Town) -> None:
    """As is a media type, a size, and a number that is too large."""
    ref = breach(town)
    typed = {"sha256": "xyz", "description": "A log", "media_type": "PDF", "size_in_bytes": "big"}
    visit = town.signed_in("dpl")
    answer = visit.send(path_of(ref, "record_evidence"), **typed)
    assert [*linked(answer.text)] == ["size_in_bytes"]
    answer = visit.send(path_of(ref, "record_evidence"), **{**typed, "size_in_bytes": "3"})
    assert [*linked(answer.text)] == ["sha256", "media_type"]
    assert answer.status_code == 422
    assert visit.send(path_of(ref, "record_evidence"), sha256=SHA, description="A log").status_code == 303
