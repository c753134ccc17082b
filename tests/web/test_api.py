"""The API: tokens and what they open, the walls, every command, versions, and what is said when it does not go."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.accounts import Membership
from adapters.accounts.report_links import reports_of
from adapters.accounts.tokens import revoke, tokens_of
from adapters.shown import shown
from adapters.web.api.bearer import FAILED_PER_ADDRESS, PER_TOKEN
from adapters.web.api.commands import BODIES, OFFERED, path_of
from adapters.web.api.problems import every_refusal
from domain.commands import COMMANDS
from domain.commands.engine import RecordEscalation
from domain.roles import ENGINE, MAY, Role, may
from tests.examples import URN
from tests.web.conftest import OTHER_URN, ROLES, Town
from tests.web.programs import API, Program, program, secret_for
from workflows.command_handler import FILLED_IN

NOT_FOUND = {
    "type": "urn:tocsin:problem:not-found",
    "title": "Not found",
    "status": 404,
    "detail": "There is nothing here that you may see.",
}
CANARY = "Zephyrine Quillfeather"
"""A name that must not come back."""

COUNT = {"certainty": "exact", "number": 3}
FACTS: dict[str, Any] = {
    "data": [{"kind": "health"}], "people": ["pupils"], "number": 30, "children": "yes", "vulnerable": "unknown",
    "identifiability": "maximum", "confidentiality": "not_affected", "integrity": "not_affected",
    "availability": "lost_and_recovered", "encryption": "none", "malicious": "unknown",
}  # fmt: skip
NOTICED = "2026-11-20T11:00:00Z"
MORE_TO_COME = {"reasons_incomplete": "More is looked into", "further_information_expected_at": "2026-11-30T12:00Z"}
LETTER = {
    "people": "pupils",
    "nature": "A stick was lost",
    "consequences": "Somebody may have read it",
    "measures": "We found it",
}
LOCK = {"item": "lock", "measure": "A new lock", "owner": "School business manager", "due_on": "2026-12-18"}


def code_of(answer: Any) -> str:
    """The code of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"].endswith(".")
    return str(body["type"].removeprefix("urn:tocsin:problem:"))


LIFE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("staff", "add_note", {"note": "The stick was last seen in the office"}),
    ("dpl", "record_processor_notice", {"processor": "A supplier", "message": "A fault", "told_at": NOTICED}),
    ("dpl", "confirm_breach", {"basis": "It holds pupils’ files"}),
    ("dpl", "correct_awareness", {"aware_at": "2026-11-20T11:30:00Z", "reason": "The call came then"}),
    ("dpl", "describe_incident", {"what_happened": "A stick was lost", "how_discovered": "A teacher missed it"}),
    ("dpl", "correct_occurrence", {"occurred": {"began_at": "2026-11-20T09:00:00Z"}, "reason": "Known now"}),
    ("staff", "inform_lead", {}),
    ("dpl", "inform_dpo", {"means": "telephone"}),
    ("dpl", "record_ongoing", {}),
    ("dpl", "record_stopped", {"detail": "It was found"}),
    ("dpl", "plan_containment", {"item": "codes", "action": "passwords_or_entry_codes_changed"}),
    ("dpl", "take_containment", {"item": "codes", "action": "passwords_or_entry_codes_changed"}),
    ("dpl", "consider_police", {"inform": True, "reason": "It may have been stolen"}),
    ("dpl", "inform_police", {}),
    ("staff", "record_enquiry", {"detail": "Somebody asked for a list of pupils"}),
    ("dpl", "record_legal_advice", {"adviser": "Legal support", "advice": "Keep the stick"}),
    ("dpl", "judge_significance", {"significant": True, "reason": "Many pupils"}),
    ("dpl", "inform_chair", {}),
    ("chair", "acknowledge_escalation", {}),
    ("dpl", "start_investigation", {}),
    ("dpl", "describe_data", {"kinds": ["health"], "records": COUNT, "sensitivity": "High"}),
    ("dpl", "describe_people", {"groups": [{"people": "pupils", "number": COUNT}], "vulnerable": "yes"}),
    ("dpl", "describe_protections", {"encryption": "none", "prior_measures": "A locked drawer"}),
    ("dpl", "describe_effects", {"confidentiality": "exposed_no_evidence_of_access", "detail": "It was out for a day"}),
    ("dpl", "consider_misuse", {"possible": "yes", "detail": "A stranger could read it"}),
    ("dpl", "describe_consequences", {"likely_consequences": "Distress"}),
    ("dpl", "describe_cause", {"cause": "loss_or_theft", "incident_type": "Not Provided", "cyber": "no"}),
    ("staff", "record_evidence", {"sha256": "a" * 64, "description": "A photograph of the drawer"}),
    ("dpl", "assess_risk", {"level": "high", "reasons": "Health data of children", "facts": FACTS}),
    ("dpl", "complete_investigation", {"summary": "A stick with the files of three pupils was lost for a day."}),
    ("dpo", "advise", {"notify_regulator": True, "communicate": True, "risk": "high", "reasons": "A high risk"}),
    ("head", "decide_notification", {"notify_regulator": True, "reasons": "As advised"}),
    ("dpo", "submit_report", MORE_TO_COME),
    ("dpo", "record_reference", {"reference": "IC-000000-X0X0"}),
    ("dpo", "record_answer", {"answer": "Nothing more is asked"}),
    ("head", "decide_communication", {"communicate": True, "reasons": "As advised"}),
    ("dpo", "write_message", LETTER),
    ("dpl", "tell_data_subjects", {"people": "pupils", "number": COUNT, "points": ["nature"]}),
    ("dpl", "tell_other_body", {"body": "local_authority"}),
    ("staff", "record_complaint", {"people": "parents_and_carers", "about": "The loss"}),
    ("dpl", "acknowledge_complaint", {"number": 1}),
    ("dpl", "inform_complainant", {"number": 1, "progress": "It is being looked into"}),
    ("dpl", "answer_complaint", {"number": 1, "outcome": "upheld", "detail": "The drawer was open"}),
    ("dpl", "hold_review", {"causes": "An open drawer", "effectiveness": "Good", "lessons": ["Lock it"]}),
    ("dpl", "adopt_measure", LOCK),
    ("dpl", "complete_measure", {"item": "lock"}),
    ("dpl", "consider_disciplinary", {"warranted": False, "reason": "A slip"}),
    ("head", "report_to_senior_leadership", {"meeting_on": "2026-11-20"}),
    ("chair", "report_to_governors", {"meeting_on": "2026-11-20"}),
    ("dpl", "review_procedure", {"changed": False, "detail": "It held"}),
    ("head", "withdraw_report", {"reason": "It was reported twice"}),
)  # fmt: skip
"""One incident from the report to its end: who asks, for what, with which fields."""
NO_BREACH = (
    ("dpl", "record_near_miss", {"what_prevented_it": "It was found in the drawer"}),
    ("dpl", "find_not_a_breach", {"reason": "The stick was empty"}),
    ("dpl", "close_incident", {"summary": "Nothing was lost"}),
    ("chair", "reopen_incident", {"reason": "A second stick"}),
)
"""Another one, which was none."""
OF_THE_SCHOOL: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("administrator", "record_training", {"on": "2026-11-02", "group": "staff", "in_post": 30, "trained": 28}),
    ("dpo", "give_opinion", {"begins_on": "2026-09-01", "ends_on": "2026-12-31", "opinion": "The school learns"}),
)
REPORT = {"what_happened": "A memory stick is missing", "services": ["A laptop"], "occurred": {"ongoing": True}}
VALID = {"report_incident": REPORT} | {kind: body for _, kind, body in (*LIFE, *NO_BREACH, *OF_THE_SCHOOL)}
"""A body for every command."""


def escalated(town: Town, ref: str) -> None:
    """The engine raises something to the chair."""
    asked = RecordEscalation(alarm="significant.chair", to=Role.CHAIR, due_at=town.clock(), because="significant")
    town.tocsin.act(asked, ref, ENGINE)


def posted(town: Town, ref: str, by: str, kind: str, body: dict[str, Any]) -> Any:
    """A command of an incident, asked for by that role."""
    return program(town, by).act(ref, kind, **body)


def test_every_command_is_carried_out(town: Town) -> None:
    """Each with all that it needs, by somebody who may, on an incident as it goes on."""
    report = program(town, "staff").post(f"/schools/{URN}/incidents", **REPORT)
    assert report.status_code == 201
    ref, done = report.json()["ref"], ["report_incident"]
    assert report.headers["location"] == f"{API}/incidents/{ref}"
    version = report.json()["version"]
    for by, kind, body in LIFE:
        town.clock.forward(minutes=1)
        if kind == "acknowledge_escalation":
            escalated(town, ref)
            version += 1
        answer = posted(town, ref, by, kind, body)
        assert answer.status_code == 200, (kind, answer.text)
        said = answer.json()
        assert [event["version"] for event in said["events"]] == [*range(version + 1, said["version"] + 1)], kind
        assert said["version"] > version, kind
        assert {event["role"] for event in said["events"]} == {by}
        assert answer.headers["etag"] == f'"{said["version"]}"'
        version = said["version"]
        done.append(kind)
    other = program(town, "staff").post(f"/schools/{URN}/incidents", **REPORT).json()["ref"]
    for by, kind, body in NO_BREACH:
        answer = posted(town, other, by, kind, body)
        assert answer.status_code == 200, (kind, answer.text)
        assert answer.json()["events"], kind
        done.append(kind)
    for by, kind, body in OF_THE_SCHOOL:
        answer = program(town, by).post(f"/schools/{URN}/commands/{kind}", **body)
        assert answer.status_code == 200, (kind, answer.text)
        assert answer.json()["events"], kind
        done.append(kind)
    assert sorted(done) == sorted(OFFERED)


def test_what_only_the_engine_asks_for_is_not_offered(town: Town) -> None:
    """But for the acknowledgement that it waits for."""
    assert set(COMMANDS) - set(OFFERED) == {kind for kind, roles in MAY.items() if roles == {Role.ENGINE}}
    ref = town.breach()
    for kind in set(COMMANDS) - set(OFFERED):
        assert program(town, "dpo").act(ref, kind).json() == NOT_FOUND


@pytest.mark.parametrize("role", ROLES)
def test_a_command_is_there_for_the_roles_that_may_ask_for_it(town: Town, role: Role) -> None:
    """For the others it answers as if there were none; a rule may still refuse it, and never because of the role."""
    asks = program(town, role)
    mine = town.report(by=role if may(role, "report_incident") else Role.STAFF)
    theirs = town.report(OTHER_URN)
    for kind in OFFERED:
        path = path_of(kind)
        answer = asks.post(path.format(urn=URN, ref=mine), **VALID[kind])
        assert (answer.status_code != 404) == may(role, kind), (kind, answer.text)
        if may(role, kind):
            assert answer.status_code in (200, 201, 409), (kind, answer.text)
            assert "you may not" not in answer.text
        elsewhere = asks.post(path.format(urn=OTHER_URN, ref=theirs), **VALID[kind])
        assert (elsewhere.status_code, elsewhere.json()) == (404, NOT_FOUND), kind


@pytest.mark.parametrize("role", [Role.STAFF, Role.ADMINISTRATOR])
def test_who_is_shown_no_incident_acts_only_on_what_they_reported(town: Town, role: Role) -> None:
    """As on the pages."""
    others = town.report(by="dpl")
    own = town.report(by=role)
    asks = program(town, role)
    assert asks.act(others, "add_note", note="Seen").json() == NOT_FOUND
    assert asks.act(own, "add_note", note="Seen").status_code == 200
    assert asks.get(f"/incidents/{own}").json() == NOT_FOUND


READS = (
    ("/incidents/{ref}", "incident"),
    ("/incidents/{ref}/timeline", "incident"),
    ("/incidents/{ref}/obligations", "incident"),
    ("/incidents/{ref}/events", "replay"),
    ("/incidents/{ref}/submission", "submission"),
    ("/incidents/{ref}/governors-sheet", "governors_sheet"),
    ("/schools/{urn}/log", "breach_log"),
    ("/schools/{urn}/review?from=2026-09-01&to=2026-12-31", "governors_review"),
)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", READS, ids=lambda path: path[0])
def test_each_role_reads_what_its_pages_show(town: Town, role: Role, path: tuple[str, str]) -> None:
    """At its own school; of the other, nothing."""
    where, view = path
    mine, theirs = town.report(), town.report(OTHER_URN)
    asks = program(town, role)
    shown_ = town.person(role).sees_at(URN, view)
    answer = asks.get(where.format(ref=mine, urn=URN))
    assert answer.status_code == (200 if shown_ else 404), answer.text
    assert asks.get(where.format(ref=theirs, urn=OTHER_URN)).json() == NOT_FOUND


def test_what_is_not_yours_answers_like_what_is_not_there(town: Town) -> None:
    """Status, body and headers, for reading and for acting, whatever else is wrong with the request."""
    theirs = town.breach(OTHER_URN)
    asks = program(town, "dpo")
    refs = [theirs, f"{OTHER_URN}-00000000", f"{URN}-00000000", f"{URN}-SCHOOL", "nothing", "%00", "1" * 300]

    def said(answer: Any) -> tuple[int, str, dict[str, str]]:
        headers = {name: text for name, text in answer.headers.items() if name != "content-security-policy"}
        return answer.status_code, answer.text, headers

    for path, _ in READS[:6]:
        answers = [said(asks.get(path.format(ref=ref))) for ref in refs]
        assert all(answer == answers[0] for answer in answers), path
        assert answers[0][0] == 404
    for kind in ("confirm_breach", "add_note", "advise"):
        answers = [said(asks.act(ref, kind, headers={"If-Match": '"1"'}, nonsense=1)) for ref in refs]
        assert all(answer == answers[0] for answer in answers), kind
        assert answers[0][0] == 404
    for path, _ in READS[6:]:
        answers = [said(asks.get(path.format(urn=urn))) for urn in (OTHER_URN, "999999", "nothing at all", "1" * 300)]
        assert all(answer == answers[0] for answer in answers), path


def everywhere(town: Town, role: Role) -> Program:
    """A program of somebody who holds a role at every school."""
    person = town.site.accounts.add_person(f"{role}@everywhere.example", "Everywhere", [Membership(role)])
    return Program(town, secret_for(town, person))


def test_a_role_at_every_school_opens_only_schools_that_there_are(town: Town) -> None:
    """However long or odd the number."""
    asks = everywhere(town, Role.DPO)
    assert asks.get(f"/incidents/{town.report(OTHER_URN)}").status_code == 200
    for urn in ("999999", "1" * 300, "é1234", "%2e%2e%2f"):
        assert asks.get(f"/schools/{urn}/log").json() == NOT_FOUND
        assert asks.post(f"/schools/{urn}/incidents", what_happened="x").json() == NOT_FOUND


def test_without_a_token_nothing_opens(town: Town) -> None:
    """Nor with the cookie of somebody who has signed in, nor with a token in another place or form."""
    ref = town.breach()
    browser = town.signed_in("dpo").client
    secret = secret_for(town, town.person("dpo"))
    for headers in ({}, {"Authorization": secret}, {"Authorization": f"Basic {secret}"}, {"Authorization": "Bearer "}):
        answer = browser.get(f"{API}/incidents/{ref}", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Bearer realm="tocsin"'
        assert code_of(answer) == "token"
        assert "set-cookie" not in answer.headers
    assert browser.get(f"{API}/incidents/{ref}?token={secret}").status_code == 401
    answer = Program(town, "tcs_" + "x" * 43).get(f"/incidents/{ref}")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_a_token_that_ended_opens_nothing(town: Town) -> None:
    """At its end, once it is revoked, and as long as its person is kept out."""
    ref, person, accounts = town.breach(), town.person("dpo"), town.site.accounts
    ending = Program(town, secret_for(town, person, minutes=5))
    revoked = Program(town, secret_for(town, person))
    assert {each.get(f"/incidents/{ref}").status_code for each in (ending, revoked)} == {200}
    town.clock.forward(minutes=5)
    assert ending.get(f"/incidents/{ref}").status_code == 401
    revoke(accounts, person.id, tokens_of(accounts, person.id)[-1].id)
    revoke(accounts, person.id, tokens_of(accounts, person.id)[0].id)
    assert revoked.get(f"/incidents/{ref}").status_code == 401
    kept = Program(town, secret_for(town, person))
    assert kept.get(f"/incidents/{ref}").status_code == 200
    accounts.disable(person.id)
    assert kept.get(f"/incidents/{ref}").status_code == 401


def test_a_token_opens_no_more_than_its_person_holds_now(town: Town) -> None:
    """A role that is taken away is gone at the next request."""
    ref, person = town.breach(), town.person("dpo")
    asks = Program(town, secret_for(town, person))
    assert asks.get(f"/incidents/{ref}").status_code == 200
    town.site.accounts.set_memberships(person.id, [Membership(Role.DPO, OTHER_URN)])
    assert asks.get(f"/incidents/{ref}").json() == NOT_FOUND


def test_a_scope_is_kept_to(town: Town) -> None:
    """A token for reading does nothing, and one for acting reads nothing; which one was lacking is said."""
    ref = town.breach()
    reads, acts = program(town, "dpo", scopes=("read",)), program(town, "dpo", scopes=("act",))
    assert reads.get(f"/incidents/{ref}").status_code == 200
    assert acts.act(ref, "add_note", note="Seen").status_code == 200
    for answer, scope in ((reads.act(ref, "add_note", note="Seen"), "act"), (acts.get(f"/incidents/{ref}"), "read")):
        assert answer.status_code == 403
        assert f'error="insufficient_scope", scope="{scope}"' in answer.headers["www-authenticate"]
        assert code_of(answer) == "scope"
    assert len(town.tocsin.log.history(ref)) == 3


def test_a_token_is_limited_by_the_minute(town: Town) -> None:
    """One token's haste slows no other."""
    hasty, calm = program(town, "dpo"), program(town, "dpl")
    allowed = int(PER_TOKEN.split("/")[0])
    for _ in range(allowed):
        town.site.limiter.spend(PER_TOKEN, "token", tokens_of(town.site.accounts, town.person("dpo").id)[0].id)
    answer = hasty.get("/chain")
    assert (answer.status_code, code_of(answer), answer.headers["retry-after"]) == (429, "too-often", "60")
    assert calm.get("/chain").status_code == 200


def test_wrong_tokens_are_limited_by_the_address(town: Town) -> None:
    """A right one from the same address is answered all the same."""
    guessing = Program(town, "tcs_" + "x" * 43)
    allowed = int(FAILED_PER_ADDRESS.split("/")[0])
    assert {guessing.get("/chain").status_code for _ in range(allowed)} == {401}
    assert guessing.get("/chain").status_code == 429
    assert program(town, "dpo").get("/chain").status_code == 200


def test_an_incident_is_what_the_command_line_shows(town: Town) -> None:
    """Now, and as the log stood."""
    ref, asks = town.whole_life(), program(town, "auditor")
    for at in (None, "2026-11-21T12:00:00+00:00", "2026-11-20T16:52:00Z"):
        answer = asks.get(f"/incidents/{ref}", **({"as_at": at} if at else {}))
        said = answer.json()
        incident = town.tocsin.incident(ref, None if at is None else said_at(at))
        assert said == json.loads(json.dumps(shown(incident, None if at is None else said_at(at))))
        assert answer.headers["etag"] == f'"{incident.version}"'
        timeline = asks.get(f"/incidents/{ref}/timeline", **({"as_at": at} if at else {})).json()
        assert timeline == {"ref": ref, "version": incident.version, "timeline": said["timeline"]}
        events = asks.get(f"/incidents/{ref}/events", **({"as_at": at} if at else {})).json()["events"]
        assert [event["version"] for event in events] == [*range(1, incident.version + 1)]
    assert asks.get(f"/incidents/{ref}", as_at="2026-11-20T16:51:59Z").json() == NOT_FOUND
    for wrong in ("2026-11-20T16:45:00", "today", "1795000000", "0001-01-01T00:00:00Z"):
        assert code_of(asks.get(f"/incidents/{ref}", as_at=wrong)) == "not-understood"


def said_at(text: str) -> datetime:
    """A time of a query, as the API reads it."""
    return datetime.fromisoformat(text).astimezone(UTC)


def test_a_version_that_is_already_there_is_not_sent_again(town: Town) -> None:
    """Until something happens."""
    ref, asks = town.breach(), program(town, "dpo")
    for path in ("", "/timeline", "/obligations", "/events"):
        etag = asks.get(f"/incidents/{ref}{path}").headers["etag"]
        for named in (etag, f"W/{etag}", f'"99", {etag}', "*"):
            answer = asks.get(f"/incidents/{ref}{path}", headers={"If-None-Match": named})
            assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag), named
        assert asks.get(f"/incidents/{ref}{path}", headers={"If-None-Match": '"99"'}).status_code == 200
    asks.act(ref, "add_note", note="Seen")
    assert asks.get(f"/incidents/{ref}", headers={"If-None-Match": etag}).status_code == 200


def test_who_acts_on_an_older_version_is_told_so(town: Town) -> None:
    """And of which version it is now; nothing is recorded."""
    ref, asks = town.breach(), program(town, "dpo")
    etag = asks.get(f"/incidents/{ref}").headers["etag"]
    first = asks.act(ref, "add_note", headers={"If-Match": etag}, note="One")
    assert first.status_code == 200
    for named in (etag, '"999"', '"not ours"', "nonsense", f"W/{first.headers['etag']}", '"1", "2"', '"9999999999999"'):
        answer = asks.act(ref, "add_note", headers={"If-Match": named}, note="Two")
        assert (answer.status_code, code_of(answer)) == (412, "SomeoneElseActed"), named
        assert answer.headers["etag"] == first.headers["etag"]
    assert len(town.tocsin.log.history(ref)) == first.json()["version"]
    for named in (f'"1", {first.headers["etag"]}', "*", ""):
        answer = asks.act(ref, "add_note", headers={"If-Match": named}, note=f"Three {named}")
        assert answer.status_code == (412 if named == "" else 200), named


def test_a_request_sent_twice_does_nothing_twice(town: Town) -> None:
    """It is answered as before, also when somebody acted in between and the version it named is an old one."""
    asks = program(town, "dpl")
    key = {"Idempotency-Key": "report-1"}
    reports = [asks.post(f"/schools/{URN}/incidents", key, **REPORT) for _ in range(2)]
    assert reports[0].json() == reports[1].json()
    assert [each.status_code for each in reports] == [201, 201]
    ref = reports[0].json()["ref"]
    named = {"Idempotency-Key": "note-1", "If-Match": reports[0].headers["etag"]}
    first = asks.act(ref, "add_note", named, note="Once")
    asks.act(ref, "add_note", note="In between")
    second = asks.act(ref, "add_note", named, note="Once")
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert len(town.tocsin.log.history(ref)) == 3
    school = [asks.post(f"/schools/{URN}/commands/record_training", key, **VALID["record_training"]) for _ in range(2)]
    assert school[0].json() == school[1].json()


def test_an_escalation_is_acknowledged_in_the_role_that_it_waits_for(town: Town) -> None:
    """Of somebody who holds two; a repeat is one."""
    ref = town.breach()
    escalated(town, ref)
    both = [Membership(Role.LEAD, URN), Membership(Role.CHAIR, URN)]
    asks = Program(town, secret_for(town, town.site.accounts.add_person("two@school.example", "Two", both)))
    answers = [asks.act(ref, "acknowledge_escalation", {"Idempotency-Key": "seen"}) for _ in range(2)]
    assert [event["role"] for event in answers[0].json()["events"]] == ["chair"]
    assert answers[0].json() == answers[1].json()


def test_whoever_reports_finds_the_report_among_their_own(town: Town) -> None:
    """On the page of their own reports as well, once."""
    asks = program(town, "staff")
    refs = {asks.post(f"/schools/{URN}/incidents", {"Idempotency-Key": "k"}, **REPORT).json()["ref"] for _ in range(2)}
    assert reports_of(town.site.accounts, town.person("staff").id, 10) == [*refs]


def test_a_key_stands_for_one_request(town: Town) -> None:
    """Of one person: another's same key is another's."""
    ref = town.breach()
    key = {"Idempotency-Key": "k"}
    assert program(town, "dpl").act(ref, "add_note", key, note="One").status_code == 200
    other = program(town, "dpl").act(ref, "add_note", key, note="Another")
    assert (other.status_code, code_of(other)) == (409, "CommandIdTaken")
    assert other.json()["detail"].startswith("That command id already stands for another command")
    mine = program(town, "dpo").act(ref, "add_note", key, note="Mine")
    assert mine.status_code == 200
    assert len(mine.json()["events"]) == 1
    for wrong in ("", "a b", "é".encode("latin-1"), "x" * 101):
        answer = program(town, "dpl").act(ref, "add_note", {"Idempotency-Key": wrong}, note="One")
        assert code_of(answer) == "not-understood", wrong


def test_a_refusal_names_its_rule(town: Town) -> None:
    """Its code is in the list of rules, and its sentence says what to do."""
    ref = town.report()
    answer = program(town, "dpo").act(ref, "submit_report", complete=True)
    assert (answer.status_code, code_of(answer)) == (409, "NotConfirmed")
    rules = {each["type"]: each for each in program(town, "dpo").get("/problems").json()}
    assert rules[answer.json()["type"]]["detail"] == answer.json()["detail"]
    assert len(rules) == len(every_refusal()) > 45
    assert not {"urn:tocsin:problem:NoSuchIncident", "urn:tocsin:problem:NoSuchSchool"} & rules.keys()


def test_what_is_wrong_with_a_body_is_said_without_what_was_sent(town: Town) -> None:
    """For every field of every command: no text of a person comes back, in any part of the answer."""
    ref = town.breach()
    holders = {role: program(town, role) for role in ROLES}
    for kind, body in BODIES.items():
        path = path_of(kind).format(urn=URN, ref=ref)
        asks = holders[next(role for role in ROLES if may(role, kind))]
        for sent in wrong_bodies(kind, body):
            answer = asks.post(path, **sent)
            assert answer.status_code == 422, (kind, sent, answer.text)
            assert "quillfeather" not in f"{answer.text} {answer.headers}".lower(), (kind, answer.text)
            assert code_of(answer) == "not-understood"
            assert answer.json()["errors"], kind


def wrong_bodies(kind: str, body: Any) -> list[dict[str, Any]]:
    """A name where something else is meant, at every depth of a valid body; and in place of a field's name."""
    found: list[dict[str, Any]] = [{**VALID[kind], CANARY: 1}, {**VALID[kind], "zephyrine_quillfeather": CANARY}]
    found += [{**VALID[kind], name: CANARY} for name in ("kind", *FILLED_IN)]
    for name in body.model_fields:
        if name not in ("kind", *FILLED_IN):
            found.append({**VALID[kind], name: {CANARY: CANARY}})
            found.append({**VALID[kind], name: [{CANARY: [CANARY]}]})
    return found


NOT_UNDERSTOOD = (
    b"", b"{", b'"text"', b"[]", b"null", b"{'note': 1}", b'{"note": NaN}', b'{"note": -Infinity}', b'{"note": 1e999}',
    b'{"note": "\\ud800"}', b'{"note": "a\\u0000b"}', b'{"a\\u0000": 1}', b'{"note": "\xff"}',
    b'\xef\xbb\xbf{"note": "x"}', '{"note": "x"}'.encode("utf-16"), b'{"note":' + b"[" * 9_999, b"[" * 150 + b"]" * 150,
    b'{"note":' + b"9" * 10_000 + b"}", b'{"note": "x", "note": 7}', b'{"note": "  "}', b"{}",
    b'{"note": "' + b"x" * 10_001 + b'"}', b'{"note": {"sealed": "x"}}',
)  # fmt: skip


@pytest.mark.parametrize("body", NOT_UNDERSTOOD, ids=range(len(NOT_UNDERSTOOD)))
def test_a_body_that_is_no_command_is_refused(town: Town, body: bytes) -> None:
    """Whatever it is, one problem says so, and nothing is recorded."""
    ref, asks = town.report(), program(town, "dpl")
    path = f"{API}/incidents/{ref}/commands/add_note"
    answer = asks.client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, code_of(answer)) == (422, "not-understood"), answer.text
    assert len(town.tocsin.log.history(ref)) == 1


def test_a_body_that_is_too_large_is_refused(town: Town) -> None:
    """By its length, and where it comes in pieces without one."""
    ref, asks = town.report(), program(town, "dpl")
    path, json_ = f"{API}/incidents/{ref}/commands/add_note", {"Content-Type": "application/json"}
    whole = asks.client.post(path, content=b" " * 1_000_001, headers=json_)
    pieces = asks.client.post(path, content=(b" " * 1000 for _ in range(1_001)), headers=json_)
    assert [(each.status_code, code_of(each)) for each in (whole, pieces)] == [(413, "too-large")] * 2
    fits = asks.client.post(path, content=b'{"note": "x"}' + b" " * 999_987, headers=json_)
    assert fits.status_code == 200


@pytest.mark.parametrize("said", [None, "text/plain", "multipart/form-data", "application/merge-patch+json"])
def test_a_body_that_is_not_sent_as_json_is_refused(town: Town, said: str | None) -> None:
    """Also where it would be readable as such."""
    ref, asks = town.report(), program(town, "dpl")
    headers = {} if said is None else {"Content-Type": said}
    answer = asks.client.post(f"{API}/incidents/{ref}/commands/add_note", content=b'{"note": "x"}', headers=headers)
    assert (answer.status_code, code_of(answer)) == (415, "not-json")


def test_the_body_is_not_read_for_whoever_has_no_token(town: Town) -> None:
    """First the token, then the scope, then what was sent."""
    path = f"{API}/schools/{URN}/incidents"
    assert Program(town).client.post(path, content=b" " * 2_000_000).status_code == 401
    reads = program(town, "staff", scopes=("read",))
    assert reads.client.post(path, content=b"{", headers={"Content-Type": "application/json"}).status_code == 403


def test_another_method_is_refused_with_those_that_there_are(town: Town) -> None:
    """As RFC 9110 asks."""
    answer = program(town, "dpl").client.delete(f"{API}/chain")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert code_of(answer) == "request"


def test_a_school_whose_file_is_unreadable_still_takes_reports(town: Town) -> None:
    """What needs the file says so without naming a place on the machine."""
    ref = town.breach()
    path = town.tocsin.schools.folder / f"{URN}.yaml"
    path.write_text("id: [", encoding="utf-8")
    asks = program(town, "dpo")
    assert asks.post(f"/schools/{URN}/incidents", **REPORT).status_code == 201
    assert asks.act(ref, "add_note", note="Seen").status_code == 200
    for answer in (asks.get(f"/incidents/{ref}/submission"), asks.act(ref, "write_message", **LETTER)):
        assert (answer.status_code, code_of(answer)) == (409, "SchoolFileWrong")
        assert str(path.parent) not in answer.text
    assert asks.get("/schools").json()["rows"] == [{"urn": URN, "name": None, "zone": None, "roles": ["dpo"]}]


def test_an_erased_incident_is_still_read(town: Town) -> None:
    """Its texts are gone, and it takes no new ones."""
    ref, asks = town.report(what_happened=f"{CANARY} lost it"), program(town, "dpo")
    etag = asks.get(f"/incidents/{ref}").headers["etag"]
    town.tocsin.keys.shred(ref)
    again = asks.get(f"/incidents/{ref}", headers={"If-None-Match": etag})
    assert (again.status_code, again.headers["etag"]) == (200, '"1-erased"')
    for path, _ in READS:
        answer = asks.get(path.format(ref=ref, urn=URN))
        assert answer.status_code == 200, (path, answer.text)
        assert CANARY not in answer.text
    rows = asks.get("/incidents").json()["rows"]
    assert [(row["ref"], row["headline"]) for row in rows] == [(ref, "[erased]")]
    for named, code in (('"1-erased"', "KeyDestroyed"), ('"2-erased"', "SomeoneElseActed")):
        assert code_of(asks.act(ref, "add_note", {"If-Match": named}, note="Seen")) == code
