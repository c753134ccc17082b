"""The staff report: one page without an account, on which nothing that somebody typed is ever lost."""

import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.datastructures import FormData

from adapters.accounts import Membership
from adapters.accounts.report_links import link_of, rotate_link, school_with_link
from adapters.web.report_form import DATA, NUMBERS, PEOPLE, STATES, Answers, read_report
from domain.events.discover import IncidentReported
from domain.incident import Incident
from domain.roles import Actor, Role
from tests.examples import SCHOOL, URN
from tests.web.answers import address, without_nonces
from tests.web.browsing import Visit
from tests.web.conftest import NOON, OTHER_URN, Town

EVERYTHING: dict[str, Any] = {
    "what_happened": "The class list went to the wrong parent.",
    "state": "over",
    "noticed": "today",
    "noticed_time": "10.30",
    "happened": "on",
    "happened_day": "19",
    "happened_month": "11",
    "happened_year": "2026",
    "happened_at": "4pm",
    "data": ["contact", "health"],
    "people": ["pupils", "unknown"],
    "number": "class",
    "done": "Asked for it to be deleted.",
    "service": "School e-mail",
    "reporter": "Ask in the office, extension 12",
}


def only_incident(town: Town, school: str = URN) -> Incident:
    """The one incident that was reported at that school."""
    [ref] = town.tocsin.log.incidents(school)
    return town.tocsin.incident(ref)


def said(incident: Incident) -> IncidentReported:
    """What the report says."""
    fact = incident.history[0].fact
    assert isinstance(fact, IncidentReported)
    return fact


def test_a_report_needs_no_account_and_only_the_first_answer(town: Town) -> None:
    """Who reported stays unknown, and nothing is made up."""
    answer = town.anonymous().send(address(town), what_happened="A stick is missing")
    assert answer.status_code == 303
    incident = only_incident(town)
    assert incident.history[0].actor == Actor(id="report-link", role=Role.STAFF)
    fact = said(incident)
    assert (fact.what_happened, fact.how_discovered, fact.reported_by) == ("A stick is missing", None, None)
    assert (fact.nature, fact.services, fact.occurred.known) == ("suspected_breach", (), False)
    assert fact.discovered_at == NOON


def test_a_report_with_every_answer_is_taken_in_whole(town: Town) -> None:
    """What has no field of its own stands in the text, a line an answer."""
    assert town.anonymous().send(address(town), **EVERYTHING).status_code == 303
    fact = said(only_incident(town))
    assert fact.what_happened == (
        "The class list went to the wrong parent.\n\n"
        "When it happened: on 19 November 2026 at 16:00 GMT\n"
        "Is it over: yes\n"
        "Kinds of information: names, addresses, telephone numbers, e-mail addresses; "
        "health, medication or special educational needs\n"
        "About whom: pupils, now or in the past; not known\n"
        "How many people: about a class\n"
        "Done so far: Asked for it to be deleted."
    )
    assert fact.how_discovered == "Noticed: on 20 November 2026 at 10:30 GMT"
    assert fact.discovered_at == datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
    assert fact.occurred.began_at == datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
    assert (fact.reported_by, fact.services) == ("Ask in the office, extension 12", ("School e-mail",))


def test_not_knowing_is_an_answer_to_everything_else(town: Town) -> None:
    """It is written down as such."""
    unknown = dict.fromkeys(("state", "noticed", "happened", "data", "people", "number"), "unknown")
    assert town.anonymous().send(address(town), what_happened="Something is odd", **unknown).status_code == 303
    fact = said(only_incident(town))
    assert fact.what_happened.splitlines()[2:] == [
        "When it happened: not known",
        "Is it over: not known",
        "Kinds of information: not known",
        "About whom: not known",
        "How many people: not known",
    ]
    assert (fact.how_discovered, fact.discovered_at, fact.occurred.known) == ("Noticed: not known", NOON, False)


@pytest.mark.parametrize(
    ("state", "nature", "ongoing"),
    [("ongoing", "suspected_breach", True), ("near_miss", "near_miss", False), ("over", "suspected_breach", False)],
)
def test_what_is_still_going_on_and_a_near_miss_are_told_apart(
    town: Town, state: str, nature: str, ongoing: bool
) -> None:
    """Both change what the school is asked to do."""
    town.anonymous().send(address(town), what_happened="x", state=state)
    fact = said(only_incident(town))
    assert (fact.nature, fact.occurred.ongoing) == (nature, ongoing)


def test_a_day_without_a_time_counts_from_its_beginning(town: Town) -> None:
    """The 72 hours must not begin too late; and the line says what was taken."""
    on = {"noticed": "on", "noticed_day": "18", "noticed_month": "11", "noticed_year": "26"}
    town.anonymous().send(address(town), what_happened="x", **on)
    fact = said(only_incident(town))
    assert fact.discovered_at == datetime(2026, 11, 18, tzinfo=UTC)
    assert fact.how_discovered is not None
    assert "no time given, so the beginning of that day was taken" in fact.how_discovered


def test_what_was_noticed_today_did_not_happen_after_it(town: Town) -> None:
    """Noticed some time today, happened at ten: noticed at ten at the earliest, and the report goes through."""
    answer = town.anonymous().send(
        address(town), what_happened="x", noticed="today", happened="today", happened_time="10:00"
    )
    assert answer.status_code == 303
    fact = said(only_incident(town))
    assert fact.discovered_at == fact.occurred.began_at == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"what_happened": "  "}, "what_happened", "a few words are enough"),
        ({"what_happened": "x" * 6001}, "what_happened", "Shorten this by 1 character."),
        ({"service": "x" * 312}, "service", "Shorten this by 12 characters."),
        (
            {"noticed": "on", "noticed_day": "31", "noticed_month": "2", "noticed_year": "2026"},
            "noticed_day",
            "as numbers",
        ),
        ({"noticed": "on", "noticed_day": "1"}, "noticed_day", "Enter the day, month and year"),
        ({"noticed_day": "40"}, "noticed_day", "Enter the day, month and year"),
        ({"noticed": "today", "noticed_time": "half past"}, "noticed_time", "such as 16:45"),
        ({"noticed": "today", "noticed_time": "23:00"}, "noticed_time", "in the future"),
        (
            {"happened": "on", "happened_day": "1", "happened_month": "1", "happened_year": "1999"},
            "happened_day",
            "Enter a year",
        ),
        (
            {"noticed": "today", "noticed_time": "9:00", "happened": "today", "happened_time": "9:30"},
            "happened",
            "after it was noticed",
        ),
        ({"website": "https://spam.example"}, "send", "Send the report once more"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_nothing_typed_is_lost(
    town: Town, typed: dict[str, str], field: str, sentence: str
) -> None:
    """The same page again, with everything in it but what the trap held; nothing is recorded."""
    sent = {**EVERYTHING, "noticed": None, "noticed_time": None, "happened": None} | typed
    visit = town.anonymous()
    answer = visit.send(address(town), **sent)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert sentence in answer.text
    assert "<title>Error: " in " ".join(answer.text.split()).replace("<title> ", "<title>")
    again = visit.form_in(answer.text)
    kept = {name: value for name, value in sent.items() if value is not None and name != "website"}
    assert {name: again[name] for name in kept} == {
        name: value.strip() if isinstance(value, str) else value for name, value in kept.items()
    }
    assert town.tocsin.log.incidents(URN) == []


def test_the_errors_stand_in_the_order_of_the_form(town: Town) -> None:
    """From the top of the page to its end."""
    answer = town.anonymous().send(
        address(town), what_happened="", happened="today", happened_time="x", noticed="on", service="x" * 400
    )
    places = [
        answer.text.index(f'href="#{name}"') for name in ("what_happened", "noticed_day", "happened_time", "service")
    ]
    assert places == sorted(places)


def test_a_report_sent_twice_is_one(town: Town) -> None:
    """A second click, or “reload”, leads to the same reference, minutes later as well."""
    visit = town.anonymous()
    form = {**visit.form(address(town)), "what_happened": "Once"}
    first = visit.client.post(address(town), data=form)
    town.clock.forward(minutes=5)
    second = visit.client.post(address(town), data=form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert len(town.tocsin.log.incidents(URN)) == 1


def test_a_form_changed_after_it_was_sent_becomes_a_report_of_its_own_when_asked(town: Town) -> None:
    """Never a silent loss: the page says what was received, and sends the rest when it is sent again."""
    visit = town.anonymous()
    form = {**visit.form(address(town)), "what_happened": "Once"}
    visit.client.post(address(town), data=form)
    [ref] = town.tocsin.log.incidents(URN)
    changed = visit.client.post(address(town), data={**form, "what_happened": "Once, and more"})
    assert changed.status_code == 409
    assert ref in changed.text
    assert visit.client.post(address(town), data=visit.form_in(changed.text)).status_code == 303
    assert len(town.tocsin.log.incidents(URN)) == 2


@pytest.mark.parametrize("command_id", ["", "engine", "x" * 300, "0" * 36])
def test_a_command_id_that_somebody_made_up_does_no_harm(town: Town, command_id: str) -> None:
    """It is one of ours, or another is taken in its place."""
    answer = town.anonymous().send(address(town), what_happened="x", command_id=command_id)
    assert answer.status_code == 303


def test_the_page_after_it_gives_the_reference_and_says_what_to_do(town: Town) -> None:
    """When, who looks at it, and what to leave alone; only for whoever sent the report."""
    visit = town.anonymous()
    sent = visit.send(address(town), what_happened="A stick is missing")
    page = visit.get(sent.headers["location"])
    [ref] = town.tocsin.log.incidents(URN)
    assert page.status_code == 200
    for words in (
        ref,
        "Friday 20 November 2026, 12:00 GMT",
        "Data Protection Officer",
        "Do not look into it on your own",
    ):
        assert words in page.text
    assert "A stick is missing" not in page.text


def test_a_reference_without_its_proof_shows_nothing(town: Town) -> None:
    """Nor does a proof for another school, or of what was never reported: the same page as for no incident."""
    ours, theirs = town.report(), town.report(OTHER_URN)
    visit = town.anonymous()
    proof = {ref: town.site.signature("received", ref) for ref in (ours, theirs, f"{URN}-00000000")}
    nothing = visit.get("/nowhere")
    for ref, given_proof in (
        (ours, ""),
        (ours, proof[theirs]),
        (ours, "é"),
        (theirs, proof[theirs]),
        (f"{URN}-00000000", proof[f"{URN}-00000000"]),
    ):
        answer = visit.get(f"{address(town)}/received", params={"ref": ref, "proof": given_proof})
        assert (answer.status_code, without_nonces(answer.text)) == (404, without_nonces(nothing.text))
    assert visit.get(f"{address(town)}/received", params={"ref": ours, "proof": proof[ours]}).status_code == 200


def test_a_changed_link_stops_at_once(town: Town) -> None:
    """The old address answers like one that never was, and helps; the new one works, however it is typed."""
    visit, old = town.anonymous(), address(town)
    open_form = visit.form(old)
    new = rotate_link(town.site.accounts, URN)
    gone, never = visit.get(old), visit.get("/report/never-was")
    assert (gone.status_code, never.status_code) == (404, 404)
    assert without_nonces(gone.text) == without_nonces(never.text)
    assert "Ask at school for the new address" in gone.text
    late = visit.client.post(old, data={**open_form, "what_happened": "Typed while it changed"})
    assert late.status_code == 404
    assert "Typed while it changed" in late.text
    assert town.tocsin.log.incidents(URN) == []
    assert visit.get(f"/report/{new.upper().replace('-', '').replace('0', 'O').replace('1', 'l')}").status_code == 200


def test_every_school_has_a_link_of_its_own(town: Town) -> None:
    """128 bits each, the same whenever it is asked for."""
    links = {link_of(town.site.accounts, school) for school in (URN, OTHER_URN)}
    assert len(links) == 2
    assert {link_of(town.site.accounts, school) for school in (URN, OTHER_URN)} == links
    assert {school_with_link(town.site.accounts, link) for link in links} == {URN, OTHER_URN}
    assert all(len(link.replace("-", "")) * 5 >= 128 for link in links)


def test_after_ten_reports_from_one_address_it_says_what_to_do_instead(town: Town) -> None:
    """With everything typed, and the telephone of the lead; and what was received stays received."""
    lead = SCHOOL.contacts[Role.LEAD].model_copy(update={"telephone": "01632 960001"})
    town.tocsin.schools.add(SCHOOL.model_copy(update={"contacts": {**SCHOOL.contacts, Role.LEAD: lead}}))
    visit = town.anonymous()
    tenth: dict[str, Any] = {}
    for number in range(10):
        tenth = {**visit.form(address(town)), "what_happened": f"Report {number}"}
        assert visit.client.post(address(town), data=tenth).status_code == 303
    refused = visit.send(address(town), **EVERYTHING)
    assert refused.status_code == 429
    assert "01632 960001" in refused.text
    assert "nothing that you typed is lost" in refused.text
    assert visit.form_in(refused.text)["what_happened"] == EVERYTHING["what_happened"]
    assert len(town.tocsin.log.incidents(URN)) == 10
    assert visit.client.post(address(town), data=tenth).status_code == 303, "the tenth once more is the tenth"


def test_one_link_takes_sixty_reports_an_hour(town: Town) -> None:
    """From however many addresses; another school's link is not concerned."""
    for _ in range(60):
        town.site.limiter.spend("60/hour", "report-link", URN)
    assert town.anonymous().send(address(town), what_happened="x").status_code == 429
    assert town.anonymous().send(address(town, OTHER_URN), what_happened="x").status_code == 303


def test_the_link_is_told_to_no_other_page(town: Town) -> None:
    """The pages that it leads to are told the host at most, and the form still says where it comes from."""
    visit = town.anonymous()
    assert visit.get(address(town)).headers["referrer-policy"] == "strict-origin"
    sent = visit.send(address(town), what_happened="x")
    for answer in (sent, visit.get(sent.headers["location"]), visit.get("/report/never-was")):
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_link_is_in_no_log(
    town: Town,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not even where the page fails inside."""
    visit, path = town.anonymous(), address(town)
    monkeypatch.setattr(type(town.tocsin), "report", lambda *_: 1 / 0)
    with caplog.at_level(logging.DEBUG):
        assert visit.send(path, what_happened="CANARY").status_code == 500
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    logged = "\n".join((*ours, *capsys.readouterr()))
    assert "page_failed" in logged
    assert path.removeprefix("/report/") not in logged
    assert "CANARY" not in logged


def test_a_school_whose_file_is_broken_still_takes_reports(town: Town) -> None:
    """A report must not wait for the repair of a file."""
    path = address(town)
    (town.tocsin.schools.folder / f"{URN}.yaml").write_text("id: [", encoding="utf-8")
    assert town.anonymous().send(path, what_happened="x").status_code == 303
    assert len(town.tocsin.log.incidents(URN)) == 1


def test_a_form_of_another_site_is_not_taken_in(town: Town) -> None:
    """Its token is missing; what was typed is given back, to be sent again."""
    answer = town.anonymous().client.post(address(town), data={"what_happened": "Forged"})
    assert answer.status_code == 403
    assert town.tocsin.log.incidents(URN) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "what_happened": st.text(max_size=40),
            "state": st.sampled_from([*STATES, "?"]),
            "noticed": st.sampled_from(["now", "today", "on", "unknown", "?"]),
            "noticed_time": st.text(max_size=6)
            | st.from_regex(r"[0-2]?[0-9][:.]?[0-5][0-9]( ?[ap]m)?", fullmatch=True),
            "noticed_day": st.text(max_size=3) | st.integers(0, 40).map(str),
            "noticed_month": st.integers(0, 14).map(str),
            "noticed_year": st.text(max_size=5) | st.integers(0, 2300).map(str),
            "happened": st.sampled_from(["today", "on", "unknown", "?"]),
            "happened_time": st.from_regex(r"[0-2]?[0-9][:.]?[0-5][0-9]", fullmatch=True),
            "happened_day": st.integers(0, 31).map(str),
            "happened_month": st.integers(0, 12).map(str),
            "happened_year": st.integers(1999, 2027).map(str),
            "data": st.sampled_from(list(DATA)),
            "people": st.sampled_from(list(PEOPLE)),
            "number": st.sampled_from(list(NUMBERS)),
            "done": st.text(max_size=40),
        },
    )
)
def test_whatever_is_typed_is_a_report_or_a_sentence(typed: dict[str, str]) -> None:
    """Never a failure; and a report is never dated in the future, or before what it reports."""
    answers = Answers(FormData(typed))
    command = read_report(answers, SCHOOL, NOON)
    assert (command is None) == bool(answers.errors)
    if command is not None:
        discovered_at = command.discovered_at or NOON
        assert discovered_at <= NOON
        assert command.occurred.began_at is None or command.occurred.began_at <= discovered_at


# What signed-in people report, and what they see of it.


def reported(town: Town, visit: Visit, **fields: str) -> str:
    """Somebody reports while signed in; the reference."""
    answer = visit.send(f"/schools/{URN}/report", **{"what_happened": "A laptop was left on the bus", **fields})
    assert answer.status_code == 303
    path: str = answer.headers["location"]
    return path.removeprefix("/my-reports/").removesuffix("?done=report_incident")


@pytest.mark.parametrize("role", ["staff", "dpl", "head", "dpo", "chair", "governor", "administrator"])
def test_whoever_reports_while_signed_in_finds_it_again(town: Town, role: str) -> None:
    """In their role, under their account, in their own words."""
    visit = town.signed_in(role)
    ref = reported(town, visit)
    assert town.tocsin.incident(ref).history[0].actor == town.actor(role)
    assert ref in visit.get("/my-reports").text
    page = visit.get(f"/my-reports/{ref}")
    assert page.status_code == 200
    assert "A laptop was left on the bus" in page.text
    assert "Received" in page.text


def test_who_may_not_report_is_not_offered_it(town: Town) -> None:
    """An auditor reads; nor does anybody report at a school that is not theirs."""
    assert town.signed_in("auditor").get(f"/schools/{URN}/report").status_code == 404
    assert "does not report" in town.signed_in("auditor").get("/my-reports").text
    assert town.signed_in("dpo", OTHER_URN).get(f"/schools/{URN}/report").status_code == 404
    assert town.signed_in("dpo", "999999").get("/schools/999999/report").status_code == 404
    assert town.anonymous().get(f"/schools/{URN}/report").status_code == 303


def test_my_report_is_shown_to_nobody_else(town: Town) -> None:
    """Not to a colleague, not to another school, not to whoever wrote a note on it: the same page as for no report."""
    ref = reported(town, town.signed_in("staff"))
    town.act(ref, "add_note", note="Looked at.")
    colleague = town.site.accounts.add_person("b@school.example", "B", [Membership(Role.STAFF, URN)])
    for other in (town.signed_in("dpl"), town.signed_in(colleague), town.signed_in("staff", OTHER_URN)):
        answer, nothing = other.get(f"/my-reports/{ref}"), other.get(f"/my-reports/{URN}-00000000")
        assert (answer.status_code, without_nonces(answer.text)) == (404, without_nonces(nothing.text))


def test_a_report_leaves_my_list_with_my_role_at_the_school(town: Town) -> None:
    """It stays in the log, and is theirs no longer."""
    visit = town.signed_in("staff")
    ref = reported(town, visit)
    town.site.accounts.set_memberships(town.person("staff").id, [Membership(Role.STAFF, OTHER_URN)])
    assert ref not in visit.get("/my-reports").text
    assert visit.get(f"/my-reports/{ref}").status_code == 404


def test_my_report_says_how_far_it_is_and_nothing_else_of_the_incident(town: Town) -> None:
    """Received, being looked at, finished; what others wrote stays with them."""
    visit = town.signed_in("staff")
    ref = reported(town, visit)
    town.act(ref, "find_not_a_breach", "dpl", reason="CANARY the disk was empty")
    page = visit.get(f"/my-reports/{ref}").text
    assert "Being looked at" in page
    assert "CANARY" not in page
    assert "not a breach" not in page
    town.act(ref, "close_incident", "dpl", summary="CANARY closed")
    page = visit.get(f"/my-reports/{ref}").text
    assert "Finished" in page
    assert "CANARY" not in page
    assert "/do/" not in page, "nothing can be added to what is closed"


def test_a_reporter_is_offered_what_the_role_may_add(town: Town) -> None:
    """Staff: a note, that it stopped, what was done, evidence; a governor: a note."""
    offered = {}
    for role in ("staff", "governor"):
        visit = town.signed_in(role)
        ref = reported(town, visit)
        page = visit.get(f"/my-reports/{ref}").text
        paths = ("do/add_note", "do/record_stopped", "do/take_containment", "evidence", "do/confirm_breach")
        offered[role] = [path for path in paths if f"/incidents/{ref}/{path}" in page]
    assert offered["staff"] == ["do/add_note", "do/record_stopped", "do/take_containment", "evidence"]
    assert offered["governor"] == ["do/add_note"]


def test_somebody_who_serves_many_schools_types_the_number(town: Town) -> None:
    """A list of a thousand schools would help nobody."""
    for number in range(21):
        town.tocsin.schools.add(SCHOOL.model_copy(update={"id": f"2000{number:02}"}))
    everywhere = town.site.accounts.add_person("dpo@service.example", "DPO", [Membership(Role.DPO)])
    visit = town.signed_in(everywhere)
    assert visit.get("/my-reports", params={"school": " 200007 "}).headers["location"] == "/schools/200007/report"
    wrong = visit.get("/my-reports", params={"school": "999999"})
    assert wrong.status_code == 422
    assert "999999" in visit.form_in(wrong.text)["school"]
