"""Who manages whom: the people of one's own schools, and nothing of anybody else."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from adapters.accounts import Accounts, Membership, Person
from adapters.accounts.granting import (
    LastAdministrator,
    NotYourself,
    NotYoursToGive,
    add,
    give,
    keep_out,
    let_in,
    take,
)
from adapters.accounts.invitations import invite, opened, use_signed_in
from adapters.accounts.oversight import lines
from adapters.accounts.reach import PAGE, Chosen, listed, reach_of
from adapters.accounts.tokens import token, tokens_of
from adapters.cli.people import register
from adapters.web.token_pages import MOST
from domain.roles import Role
from tests.examples import URN
from tests.web.browsing import Visit
from tests.web.conftest import OTHER_URN, ROLES, Town


@pytest.fixture
def chief(town: Town) -> Person:
    """An administrator of every school."""
    return town.site.accounts.add_person("chief@trust.example", "The chief", [Membership(Role.ADMINISTRATOR)])


def refused(answer: Any) -> str:
    """The error of a page that refuses."""
    assert answer.status_code == 422
    found = re.search(r'<span class="govuk-visually-hidden">Error:</span>(.*?)</p>', answer.text, re.DOTALL)
    assert found
    return found[1].strip()


@pytest.mark.parametrize("path", ["/people", "/people/new", "/people/nobody"])
@pytest.mark.parametrize("role", [role for role in ROLES if role is not Role.ADMINISTRATOR])
def test_only_administrators_manage_people(town: Town, role: Role, path: str) -> None:
    """For everybody else there is no such page."""
    assert town.signed_in(role).get(path).status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_administrators_and_auditors_read_the_log_of_sign_ins(town: Town, role: Role) -> None:
    """Nobody else does."""
    expected = 200 if role in (Role.ADMINISTRATOR, Role.AUDITOR) else 404
    assert town.signed_in(role).get("/people/sign-ins").status_code == expected


@pytest.mark.parametrize("role", ROLES)
def test_an_administrator_sees_their_own_school_alone(town: Town, role: Role) -> None:
    """Whatever role somebody holds, at the other school they are nobody."""
    here, there = town.person(role), town.person(role, OTHER_URN)
    visit = town.signed_in("administrator")
    assert visit.get(f"/people/{here.id}").status_code == 200
    assert visit.get(f"/people/{there.id}").status_code == 404
    shown = visit.get("/people").text
    assert here.name in shown
    assert there.name not in shown


def test_an_administrator_of_every_school_sees_everybody(town: Town, chief: Person) -> None:
    """Also those who hold no role any more."""
    here, there = town.person("dpo"), town.person("dpo", OTHER_URN)
    bare = town.site.accounts.add_person("bare@trust.example", "Somebody without a role", ())
    visit = town.signed_in(chief)
    for person in (here, there, bare, chief):
        assert visit.get(f"/people/{person.id}").status_code == 200
        assert person.name in visit.get("/people").text


DONE = [
    {"do": "give", "role": "dpo", "school": URN},
    {"do": "take dpo 100002"},
    {"do": "keep_out"},
    {"do": "let_in"},
    {"do": "link"},
    {"do": "sign_out"},
]


@pytest.mark.parametrize("fields", DONE, ids=[each["do"] for each in DONE])
def test_nothing_can_be_done_to_people_of_another_school(town: Town, fields: dict[str, str]) -> None:
    """The answer is that of somebody who does not exist, and nothing changes."""
    there, visit = town.person("dpo", OTHER_URN), town.signed_in("administrator")
    session = town.signed_in(there)
    form = {**visit.form("/people/new"), **fields}
    answers = [visit.client.post(f"/people/{id_}", data=form) for id_ in (there.id, "p-000000000000")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert town.site.accounts.person(there.id) == there
    assert session.get("/account").status_code == 200


def test_of_a_person_of_two_schools_only_ones_own_part_is_shown_and_changed(town: Town) -> None:
    """The other part is that school's business."""
    accounts = town.site.accounts
    both = [Membership(Role.DPO, URN), Membership(Role.HEAD, OTHER_URN)]
    person = accounts.add_person("dpo@service.example", "A DPO of two schools", both)
    visit = town.signed_in("administrator")
    shown = visit.get(f"/people/{person.id}").text
    assert "Data Protection Officer" in shown
    assert "Another Example School" not in shown
    assert OTHER_URN not in shown
    assert visit.send(f"/people/{person.id}", do=f"take head {OTHER_URN}").status_code == 404
    assert visit.send(f"/people/{person.id}", do="keep_out").status_code == 303
    assert set(accounts.person(person.id).memberships) == {both[1]}
    assert not accounts.person(person.id).disabled
    visit.send(f"/people/{person.id}", do="let_in")
    assert set(accounts.person(person.id).memberships) == set(both)


def test_whoever_is_kept_out_sees_nothing_of_that_school_at_once(town: Town) -> None:
    """In a browser that is open already."""
    ref, browser = town.breach(), town.signed_in("dpo")
    assert browser.get("/account").status_code == 200
    assert town.person("dpo").sees_at(URN, "incident")
    town.signed_in("administrator").send(f"/people/{town.person('dpo').id}", do="keep_out")
    assert browser.get(f"/incidents/{ref}").status_code == 404
    assert browser.get("/desk").status_code == 404


def test_an_administrator_gives_roles_at_their_schools_alone(town: Town) -> None:
    """Another school's number, every school, and a number that does not exist are refused alike."""
    person, visit = town.person("staff"), town.signed_in("administrator")
    sentences = {refused(_give(visit, person, "dpo", school)) for school in (OTHER_URN, "", "999999", "../100001")}
    assert sentences == {"Enter the number of a school that you administer."}
    assert town.site.accounts.person(person.id) == person
    assert _give(visit, person, "governor", URN).status_code == 303
    assert Membership(Role.GOVERNOR, URN) in town.site.accounts.person(person.id).memberships


def _give(visit: Visit, person: Person, role: str, school: str) -> Any:
    return visit.send(f"/people/{person.id}", do="give", role=role, school=school)


@pytest.mark.parametrize("role", ["engine", "supplier", "owner", ""])
def test_some_roles_are_given_to_nobody(town: Town, chief: Person, role: str) -> None:
    """Tocsin itself and suppliers have no account."""
    person, visit = town.person("staff"), town.signed_in(chief)
    assert refused(_give(visit, person, role, URN)) == "Choose a role."
    answer = visit.send("/people/new", name="Somebody", email="a@b.example", roles=[role], schools=URN)
    assert refused(answer) == "Choose at least one role."
    assert town.site.accounts.person(person.id) == person


@pytest.mark.parametrize("given", [Membership(Role.DPO, OTHER_URN), Membership(Role.ADMINISTRATOR),
                                   Membership(Role.ENGINE, URN), Membership(Role.SUPPLIER, URN)])  # fmt: skip
def test_nobody_raises_their_own_rights_beyond_what_they_administer(town: Town, given: Membership) -> None:
    """Below the pages as well."""
    oneself = town.person("administrator")
    with pytest.raises(NotYoursToGive):
        give(town.site.accounts, reach_of(oneself), oneself.id, [given])
    with pytest.raises(NotYoursToGive):
        add(town.site.accounts, reach_of(oneself), "a@b.example", "Somebody", [given])
    assert town.site.accounts.person(oneself.id) == oneself
    assert town.site.accounts.person_with_email("a@b.example") is None


def test_the_last_administrator_of_every_school_stays(town: Town, chief: Person) -> None:
    """Until somebody else who can sign in holds that role."""
    accounts, every = town.site.accounts, Membership(Role.ADMINISTRATOR)
    visit = town.signed_in(chief)
    assert "nobody who administers every school" in refused(visit.send(f"/people/{chief.id}", do="take administrator"))
    with pytest.raises(LastAdministrator):
        keep_out(accounts, None, chief.id, None)
    second = accounts.add_person("second@trust.example", "The second", [every])
    accounts.disable(second.id)
    with pytest.raises(LastAdministrator):
        take(accounts, None, chief.id, every)
    accounts.disable(second.id, disabled=False)
    assert visit.send(f"/people/{chief.id}", do="take administrator").headers["location"] == "/people"
    assert accounts.person(chief.id).memberships == ()
    with pytest.raises(LastAdministrator):
        keep_out(accounts, None, second.id, None)


def test_nobody_keeps_themselves_out_or_makes_a_link_for_themselves(town: Town) -> None:
    """An unlocked screen must not give an account away."""
    oneself, visit = town.person("administrator"), town.signed_in("administrator")
    assert "You cannot keep yourself out" in refused(visit.send(f"/people/{oneself.id}", do="keep_out"))
    assert "You cannot make a link for yourself" in refused(visit.send(f"/people/{oneself.id}", do="link"))
    assert visit.get("/people").status_code == 200


def test_a_disabled_account_is_signed_out_and_comes_back(town: Town, chief: Person) -> None:
    """By an administrator of every school."""
    person, visit = town.person("dpo"), town.signed_in(chief)
    browser = town.signed_in(person)
    visit.send(f"/people/{person.id}", do="keep_out")
    assert browser.get("/account").status_code == 303
    assert "Disabled" in visit.get("/people").text
    visit.send(f"/people/{person.id}", do="let_in")
    assert not town.site.accounts.person(person.id).disabled


def test_signing_somebody_out_ends_their_sessions(town: Town) -> None:
    """All of them, and nobody else's."""
    one, two, visit = town.signed_in("dpo"), town.signed_in("dpo"), town.signed_in("administrator")
    visit.send(f"/people/{town.person('dpo').id}", do="sign_out")
    assert [each.get("/account").status_code for each in (one, two, visit)] == [303, 303, 200]


def accept(town: Town, person: Person, by: Person | None) -> None:
    """They accept what waits for them, with a link of that maker."""
    invitation = opened(town.site.accounts, invite(town.site.accounts, person.id, by))
    assert invitation
    use_signed_in(town.site.accounts, invitation, person)


def test_nobody_is_signed_out_of_another_school(town: Town, chief: Person) -> None:
    """A role that waits at one's own school gives no hold on somebody's sessions, and neither does one in force."""
    head, visit = town.person("head", OTHER_URN), town.signed_in("administrator")
    browser = town.signed_in(head)
    visit.send("/people/new", name="x", email=head.email, roles=["staff"], schools=URN)
    shown = visit.get(f"/people/{head.id}").text
    assert "Sign them out" not in shown
    assert "there is nothing for you to sign out of" in refused(visit.send(f"/people/{head.id}", do="sign_out"))
    assert browser.get("/account").status_code == 200
    accept(town, head, town.person("administrator"))
    assert "serves another school as well" in refused(visit.send(f"/people/{head.id}", do="sign_out"))
    assert browser.get("/account").status_code == 200
    keep_out(town.site.accounts, frozenset({OTHER_URN}), head.id, None)
    assert "serves another school as well" in refused(visit.send(f"/people/{head.id}", do="sign_out"))
    assert town.signed_in(chief).send(f"/people/{head.id}", do="sign_out").status_code == 303
    assert browser.get("/account").status_code == 303


def test_many_schools_are_pasted_at_once(town: Town, chief: Person) -> None:
    """With whatever stands between the numbers; each role at each school, once they are accepted."""
    pasted = f" {URN}\r\n{OTHER_URN}, {URN};"
    town.signed_in(chief).send("/people/new", name="A DPO", email="d@b.example", roles=["dpo", "staff"], schools=pasted)
    person = town.site.accounts.person_with_email("D@B.example")
    assert person is not None
    assert person.memberships == ()
    accept(town, person, chief)
    assert set(town.site.accounts.person(person.id).memberships) == {
        Membership(role, school) for role in (Role.DPO, Role.STAFF) for school in (URN, OTHER_URN)
    }


def test_a_number_that_is_not_ones_own_refuses_the_whole_form_and_keeps_it(town: Town) -> None:
    """What was typed stands there again."""
    visit = town.signed_in("administrator")
    answer = visit.send("/people/new", name="A DPO", email="d@b.example", roles=["dpo"], schools=f"{URN} {OTHER_URN}")
    assert refused(answer) == f"You administer no school with the number {OTHER_URN}; correct it or leave it out."
    kept = {"name": "A DPO", "email": "d@b.example", "roles": "dpo", "schools": f"{URN} {OTHER_URN}"}
    assert visit.form_in(answer.text) | {"csrf": ""} == {"csrf": "", **kept}
    assert town.site.accounts.person_with_email("d@b.example") is None


def test_somebody_who_is_there_already_is_not_added_twice(town: Town) -> None:
    """Whoever sees them may know it."""
    visit, there = town.signed_in("administrator"), town.person("dpo")
    answer = visit.send("/people/new", name="A DPO", email=there.email.upper(), roles=["head"], schools=URN)
    assert "is already among the people whom you manage" in refused(answer)
    assert town.site.accounts.person(there.id) == there


def test_a_role_waits_until_it_is_accepted(town: Town) -> None:
    """An address proves nothing."""
    visit = town.signed_in("administrator")
    visit.send("/people/new", name="A DPO", email="d@b.example", roles=["dpo"], schools=URN)
    person = town.site.accounts.person_with_email("d@b.example")
    assert person is not None
    assert person.memberships == ()
    assert "Invited" in visit.get("/people").text
    assert _give(visit, person, "head", URN).status_code == 303
    assert town.site.accounts.person(person.id).memberships == ()
    assert visit.send(f"/people/{person.id}", do="keep_out").headers["location"] == "/people"
    assert visit.get(f"/people/{person.id}").status_code == 404


def test_people_are_found_by_school_role_and_a_part_of_their_name(town: Town, chief: Person) -> None:
    """The name travels in the body of a form: addresses of pages hold no personal data."""
    here, there, lead = town.person("dpo"), town.person("dpo", OTHER_URN), town.person("dpl")
    visit = town.signed_in(chief)

    def names(answer: Any) -> set[str]:
        return {each.name for each in (here, there, lead) if each.name in answer.text}

    assert names(visit.get(f"/people?school={URN}")) == {here.name, lead.name}
    assert names(visit.get("/people?role=dpo")) == {here.name, there.name}
    assert names(visit.get(f"/people?role=dpo&school={OTHER_URN}")) == {there.name}
    assert names(visit.send("/people", action="/people", find="DPL OF")) == {lead.name}
    assert names(visit.send("/people", action="/people", find="dpo.100002@")) == {there.name}
    assert "Nobody was found" in visit.send("/people", action="/people", find="%").text


def test_searching_finds_nobody_of_another_school(town: Town) -> None:
    """Not by their number, not by their name."""
    there, visit = town.person("dpo", OTHER_URN), town.signed_in("administrator")
    for answer in (visit.get(f"/people?school={OTHER_URN}"), visit.send("/people", action="/people", find="dpo")):
        assert answer.status_code == 200
        assert there.name not in answer.text
        assert "Nobody was found" in answer.text


def test_five_thousand_people_of_a_thousand_schools_are_paged(town: Town, chief: Person) -> None:
    """Fifty on a page, each once."""
    accounts = town.site.accounts
    with accounts.writing() as db:
        people = [(f"p-{n:012}", f"n{n}@school.example", f"Number {n:05}") for n in range(5000)]
        db.executemany("INSERT INTO people VALUES (?, ?, ?, 0, '2026-11-20T12:00:00+00:00')", people)
        held = [(id_, f"{2 * 10**5 + n % 1000}") for n, (id_, _, _) in enumerate(people)]
        db.executemany("INSERT INTO memberships VALUES (?, 'staff', ?)", held)
    found, total = listed(accounts, None, Chosen(), 100)
    assert (len(found), total) == (PAGE, 5001)
    wide = frozenset(f"{2 * 10**5 + n}" for n in range(1000))
    seen = [each.id for number in range(1, 101) for each in listed(accounts, wide, Chosen(), number)[0]]
    assert len(seen) == len(set(seen)) == 5000
    answer = town.signed_in(chief).get("/people?page=2")
    assert "51 to 100 of 5,001" in answer.text
    assert "/people?page=3" in answer.text


def test_the_log_shows_what_happened_at_ones_own_schools_alone(town: Town) -> None:
    """And of somebody who joined later, nothing from before."""
    accounts = town.site.accounts
    both = accounts.add_person("both@service.example", "Somebody of both", [Membership(Role.DPO, OTHER_URN)])
    accounts.note("signed_in", both.id, "192.0.2.1", "before")
    accounts.note("signed_in", town.person("dpo").id, "192.0.2.2", "here")
    accounts.note("signed_in", town.person("dpo", OTHER_URN).id, "192.0.2.3", "there")
    accounts.note("unknown_account", None, "192.0.2.4")
    town.clock.forward(hours=1)
    give(accounts, None, both.id, [Membership(Role.DPO, URN)])
    accept(town, both, None)
    accounts.note("signed_in", both.id, "192.0.2.5", "after")
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        shown = town.signed_in(role).get("/people/sign-ins").text
        assert [number for number in range(1, 6) if f"192.0.2.{number}" in shown] == [2, 5]
        only = town.signed_in(role).get(f"/people/sign-ins?person={both.id}").text
        assert [number for number in range(1, 6) if f"192.0.2.{number}" in only] == [5]
    everywhere = town.site.accounts.add_person("all@trust.example", "All", [Membership(Role.AUDITOR)])
    shown = town.signed_in(everywhere).get("/people/sign-ins").text
    assert [number for number in range(1, 6) if f"192.0.2.{number}" in shown] == [1, 2, 3, 4, 5]


def test_what_administrators_of_another_school_did_is_not_shown(town: Town, chief: Person) -> None:
    """Neither their links nor their roles; what concerns one's own school is, whoever did it."""
    both = town.site.accounts.add_person(
        "both@service.example", "Somebody of both", [Membership(Role.DPO, URN), Membership(Role.DPO, OTHER_URN)]
    )
    for administrator in (town.person("administrator"), town.person("administrator", OTHER_URN)):
        school = administrator.memberships[0].school or ""
        visit = town.signed_in(administrator)
        _give(visit, both, "head", school)
        visit.send(f"/people/{both.id}", do="link")
    _give(town.signed_in(chief), both, "governor", URN)
    shown = [(line.what, line.role, line.by) for line in lines(town.site.accounts, frozenset({URN}), person=both.id)]
    assert shown == [
        ("role_given", Membership(Role.GOVERNOR, URN), "an administrator of more schools"),
        ("invitation_made", None, town.person("administrator").name),
        ("role_given", Membership(Role.HEAD, URN), town.person("administrator").name),
    ]


class SlowAccounts(Accounts):
    """After every transaction somebody else has time to act."""

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """One transaction, then a while of nothing."""
        with super().writing() as db:
            yield db
        time.sleep(0.05)


def test_two_administrators_of_every_school_do_not_keep_each_other_out_at_once(town: Town, chief: Person) -> None:
    """One of them is too late."""
    accounts = SlowAccounts(town.site.accounts.file, town.clock)
    second = accounts.add_person("second@trust.example", "The second", [Membership(Role.ADMINISTRATOR)])
    together, refusals = threading.Barrier(2), []

    def act(whom: Person, by: Person) -> None:
        together.wait()
        try:
            keep_out(accounts, None, whom.id, by.id)
        except LastAdministrator as refusal:
            refusals.append(refusal)

    threads = [threading.Thread(target=act, args=pair) for pair in ((chief, second), (second, chief))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [accounts.person(each.id).disabled for each in (chief, second)].count(True) == 1
    assert len(refusals) == 1
    accounts.close()


def test_keeping_out_ends_every_session_and_leaves_the_one_who_asks(town: Town, chief: Person) -> None:
    """In the same step in which the account is disabled."""
    accounts, person = town.site.accounts, town.person("dpo")
    browser = town.signed_in(person)
    with pytest.raises(NotYourself):
        keep_out(accounts, None, chief.id, chief.id)
    keep_out(accounts, None, person.id, chief.id)
    assert accounts.sessions_of(person.id) == []
    accounts.disable(person.id, disabled=False)
    assert browser.get("/account").status_code == 303


def test_letting_an_account_in_again_does_not_lift_what_a_school_decided(town: Town, chief: Person) -> None:
    """Each undoes what they did."""
    accounts, both = town.site.accounts, [Membership(Role.DPO, URN), Membership(Role.DPO, OTHER_URN)]
    person = accounts.add_person("both@service.example", "Somebody of both", both)
    visit = town.signed_in(chief)
    keep_out(accounts, frozenset({URN}), person.id, None)
    visit.send(f"/people/{person.id}", do="keep_out")
    visit.send(f"/people/{person.id}", do="let_in")
    assert not accounts.person(person.id).disabled
    assert accounts.person(person.id).memberships == (both[1],)
    assert "ask an administrator of that school" in refused(visit.send(f"/people/{person.id}", do="let_in"))
    assert accounts.person(person.id).memberships == (both[1],)
    let_in(accounts, frozenset({URN}), person.id)
    assert set(accounts.person(person.id).memberships) == set(both)
    visit.send(f"/people/{person.id}", do="keep_out")
    let_in(accounts, frozenset({URN, OTHER_URN}), person.id)
    assert accounts.person(person.id).disabled


def test_what_happened_while_somebody_was_kept_out_is_not_shown(town: Town) -> None:
    """Their account is another school's business then."""
    accounts, reach = town.site.accounts, frozenset({URN})
    both = [Membership(Role.DPO, OTHER_URN)]
    person = accounts.add_person("both@service.example", "Somebody of both", both)
    add(accounts, reach, person.email, "Typed", [Membership(Role.DPO, URN)])
    accept(town, person, town.person("administrator"))
    accounts.note("signed_in", person.id, "192.0.2.1")
    town.clock.forward(hours=1)
    keep_out(accounts, reach, person.id, None)
    town.clock.forward(hours=1)
    accounts.note("signed_in", person.id, "192.0.2.2")
    town.clock.forward(hours=1)
    let_in(accounts, reach, person.id)
    accounts.note("signed_in", person.id, "192.0.2.3")
    shown = {line.address for line in lines(accounts, reach, person=person.id, what="signed_in")}
    assert shown == {"192.0.2.3"}


def test_whoever_gives_themselves_a_role_is_told_that_it_is_written_down(town: Town) -> None:
    """And the auditor reads it, also after the role was taken away again."""
    oneself, visit = town.person("administrator"), town.signed_in("administrator")
    assert "You give yourself a role" in visit.get(f"/people/{oneself.id}").text
    assert "You give yourself a role" not in visit.get(f"/people/{town.person('head').id}").text
    assert _give(visit, oneself, "dpo", URN).headers["location"].endswith("done=given")
    assert visit.send(f"/people/{oneself.id}", do=f"take dpo {URN}").status_code == 303
    shown = town.signed_in("auditor").get("/people/sign-ins").text
    assert "Role given to themselves: Data Protection Officer" in shown
    assert "Role taken away: Data Protection Officer" in shown
    assert oneself.name in shown


def test_a_name_that_was_made_up_stays_in_the_log(town: Town) -> None:
    """With what was given to it, and that its link was used, when it is there no more."""
    visit = town.signed_in("administrator")
    answer = visit.send("/people/new", name="Made up", email="m@b.example", roles=["dpo"], schools=URN)
    path = re.search(r"/invitation/[\w-]{43}", answer.text)
    assert path
    town.clock.forward(minutes=5)
    assert town.anonymous().send(path[0], password="blue lamp seventeen otter").status_code == 303
    person = town.site.accounts.person_with_email("m@b.example")
    assert person
    auditor = town.signed_in("auditor").get("/people/sign-ins").text
    for said in ("Role given: Data Protection Officer", "One-time link made, by The administrator",
                 "used to choose a new way of signing in, link of The administrator"):  # fmt: skip
        assert said in auditor
    visit.send(f"/people/{person.id}", do=f"take dpo {URN}")
    found = [(line.what, line.name) for line in lines(town.site.accounts, frozenset({URN}), person=person.id)]
    assert found == [(what, "") for what in ("role_taken", "account_opened", "invitation_made", "role_given")]
    assert lines(town.site.accounts, frozenset({OTHER_URN}), person=person.id) == []
    assert "Somebody who holds no role here now" in town.signed_in("auditor").get("/people/sign-ins").text


def test_roles_and_links_are_made_soon_after_signing_in(town: Town) -> None:
    """An unlocked screen must not give an account away; what was typed is kept."""
    person, visit = town.person("staff"), town.signed_in("administrator")
    form, new = visit.form(f"/people/{person.id}"), visit.form("/people/new")
    town.clock.forward(minutes=16)
    shown = visit.get(f"/people/{person.id}").text
    assert "Sign in once more" in shown
    assert "Make a one-time link" not in shown
    for fields in ({"do": "give", "role": "dpo", "school": URN}, {"do": "link"}):
        assert visit.client.post(f"/people/{person.id}", data={**form, **fields}).status_code == 401
    assert visit.get("/people/new").headers["location"] == "/sign-in?next=/people/new"
    typed = {"name": "Somebody", "email": "new@b.example", "roles": "dpo", "schools": URN}
    answer = visit.client.post("/people/new", data={**new, **typed})
    assert answer.status_code == 401
    assert "new@b.example" in answer.text
    assert town.site.accounts.person(person.id) == person
    assert town.site.accounts.person_with_email("new@b.example") is None
    assert visit.client.post(f"/people/{person.id}", data={**form, "do": "keep_out"}).status_code == 303
    assert town.signed_in("staff", OTHER_URN).get("/people/new").status_code == 404


def test_the_log_is_read_backwards_page_by_page(town: Town) -> None:
    """And by kind."""
    accounts, person = town.site.accounts, town.person("dpo")
    for number in range(PAGE + 5):
        accounts.note("signed_in", person.id, f"192.0.2.{number}")
    accounts.note("password_wrong", person.id, "198.51.100.1")
    visit = town.signed_in("auditor")
    first = visit.get("/people/sign-ins?what=signed_in").text
    assert "198.51.100.1" not in first
    assert "198.51.100.1" in visit.get("/people/sign-ins").text
    older = re.search(r'href="(/people/sign-ins\?[^"]*before=[^"]*)"', first)
    assert older
    second = visit.get(older[1].replace("&amp;", "&")).text
    shown = [re.findall(r"192\.0\.2\.\d+<", text) for text in (first, second)]
    assert [len(each) for each in shown] == [PAGE, 5]
    assert not set(shown[0]) & set(shown[1])
    assert visit.get("/people/sign-ins?before=x&what=y&person=z").status_code == 200


def test_a_token_is_shown_once_and_opens_until_it_is_revoked(town: Town) -> None:
    """Only its hash is stored."""
    visit, accounts = town.signed_in("dpo"), town.site.accounts
    answer = visit.send("/account/tokens/new", name="Nightly export", scopes=["read"], days="30")
    secret = re.search(r"tcs_[\w-]{43}", answer.text)
    assert secret
    found = token(accounts, secret[0])
    assert found is not None
    assert (found.person.id, found.name, [*found.scopes]) == (town.person("dpo").id, "Nightly export", ["read"])
    stored = b"".join(each.read_bytes() for each in accounts.file.parent.glob(f"{accounts.file.name}*"))
    assert b"Nightly export" in stored
    assert secret[0].encode() not in stored
    assert secret[0] not in visit.get("/account/tokens").text
    assert "Nightly export" in visit.get("/account/tokens").text
    stranger = town.signed_in("head")
    form = {**stranger.form("/account/tokens/new"), "token": found.id}
    assert stranger.client.post("/account/tokens", data=form).status_code == 404
    assert visit.send("/account/tokens").status_code == 303
    assert token(accounts, secret[0]) is None


def test_a_token_ends_with_its_time_and_with_its_person(town: Town) -> None:
    """Whatever ends first."""
    visit, accounts = town.signed_in("dpo"), town.site.accounts
    answer = visit.send("/account/tokens/new", name="x", scopes=["read", "act"], days="30")
    secret = re.search(r"tcs_[\w-]{43}", answer.text)
    assert secret
    accounts.disable(town.person("dpo").id)
    assert token(accounts, secret[0]) is None
    accounts.disable(town.person("dpo").id, disabled=False)
    town.clock.forward(days=30, seconds=-1)
    assert token(accounts, secret[0])
    town.clock.forward(seconds=1)
    assert token(accounts, secret[0]) is None


@pytest.mark.parametrize("fields", [{"name": ""}, {"scopes": None}, {"scopes": ["admin"]}, {"days": "9999"}])
def test_a_token_that_is_not_one_is_refused(town: Town, fields: dict[str, Any]) -> None:
    """And no more than twenty are held."""
    visit = town.signed_in("dpo")
    answer = visit.send("/account/tokens/new", **{"name": "x", "scopes": ["read"], "days": "30", **fields})
    assert answer.status_code == 422
    assert tokens_of(town.site.accounts, town.person("dpo").id) == []


def test_a_token_is_made_soon_after_signing_in(town: Town) -> None:
    """An unlocked screen must not give an account away."""
    visit = town.signed_in("dpo")
    form = {**visit.form("/account/tokens/new"), "name": "x"}
    town.clock.forward(minutes=16)
    assert visit.get("/account").status_code == 200
    assert visit.get("/account/tokens/new").status_code == 303
    assert visit.client.post("/account/tokens/new", data=form).status_code == 401
    assert tokens_of(town.site.accounts, town.person("dpo").id) == []


def test_nobody_holds_tokens_without_number(town: Town) -> None:
    """Those that are no longer used are to be revoked."""
    visit = town.signed_in("dpo")
    for _ in range(MOST):
        assert visit.send("/account/tokens/new", name="x", scopes=["read"], days="30").status_code == 200
    assert "revoke one" in refused(visit.send("/account/tokens/new", name="x", scopes=["read"], days="30"))


def test_the_machine_itself_invites_lists_links_and_disables(town: Town) -> None:
    """For whoever runs Tocsin and is locked out."""
    app = typer.Typer()
    register(app)
    data = ["--data", str(town.tocsin.settings.data)]

    def told(*words: str) -> str:
        result = CliRunner().invoke(app, ["people", *words, *data], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    said = told("invite", "a@b.example", "--name", "Somebody", "--role", "dpo", "--role", "head", "--school", URN)
    path = re.search(r"/invitation/[\w-]{43}", said)
    assert path
    assert town.anonymous().get(path[0]).status_code == 200
    waits = told("invite", "A@b.example", "--name", "Somebody", "--role", "administrator")
    assert "They accept with this link" in waits
    listing = told("list")
    assert "Data Protection Officer, 100001 (invited)" in listing
    assert "Administrator, every school (invited)" in listing
    path = re.search(r"/invitation/[\w-]{43}", waits)
    assert path
    assert town.anonymous().send(path[0], password="blue lamp seventeen otter").status_code == 303
    assert "sign in as before" in told("invite", "A@b.example", "--name", "Somebody", "--role", "staff")
    assert "Administrator, every school\n" in told("list")
    path = re.search(r"/invitation/[\w-]{43}", told("link", "a@b.example"))
    assert path
    newer = re.search(r"/invitation/[\w-]{43}", told("link", "a@b.example"))
    assert newer
    assert town.anonymous().get(path[0]).status_code == 404
    second = told("invite", "c@d.example", "--name", "Second", "--role", "administrator")
    path = re.search(r"/invitation/[\w-]{43}", second)
    assert path
    assert town.anonymous().send(path[0], password="blue lamp seventeen otter").status_code == 303
    told("disable", "a@b.example")
    assert "(disabled)" in told("list")
    told("enable", "a@b.example")
    assert "One-time link made, by whoever runs Tocsin" in told("sign-ins", "a@b.example")


def test_scoped_ids_of_the_list_are_json_and_not_text(town: Town) -> None:
    """A reach of many schools is passed as one value, so a number cannot become part of the query."""
    strange = frozenset({"'); DROP TABLE people; --", json.dumps(URN)})
    assert listed(town.site.accounts, strange, Chosen()) == ([], 0)
    assert town.person("dpo")
