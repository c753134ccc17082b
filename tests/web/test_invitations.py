"""One-time links: what they open, whom, once, and never further than whoever made them reaches."""

import re
from typing import Any

import pytest

from adapters.accounts import Membership, Person, passwords
from adapters.accounts.identities import LinkedToSomebodyElse, Provider, identities_of, link_identity
from adapters.accounts.invitations import (
    FIRST_ADDRESS,
    LinkDoesNotWork,
    first_link,
    invite,
    opened,
    path_of,
    use_signed_in,
    use_with_provider,
)
from adapters.accounts.oversight import lines
from adapters.accounts.passwords import AT_ONCE, has_password, is_password, set_password
from adapters.accounts.reach import managed
from adapters.accounts.tokens import issue_token, token
from adapters.web.invitation_pages import WRONG_LINKS
from domain.roles import Role
from tests.examples import URN
from tests.web.browsing import Visit
from tests.web.conftest import OTHER_URN, Town

PASSWORD = "blue lamp seventeen otter"
OTHER = "green kettle ninety badger"
SHARED = "shared.dpo@service.example"
NEW = "nobody.yet@service.example"


def link_in(page: str) -> str:
    """The path of the link that a page shows."""
    found = re.search(r"/invitation/[\w-]{43}", page)
    assert found, page
    return found[0]


def added(visit: Visit, email: str = NEW, **fields: Any) -> str:
    """Somebody is added with that browser; the path of their link."""
    answer = visit.send("/people/new", email=email, **{"name": "Somebody", "roles": ["dpo"], "schools": URN, **fields})
    assert answer.status_code == 200, answer.text
    return link_in(answer.text)


def of(town: Town, email: str) -> Person:
    """The person with that address."""
    found = town.site.accounts.person_with_email(email)
    assert found is not None
    return found


@pytest.fixture
def shared(town: Town) -> Person:
    """Somebody who is the DPO of the other school, and has a password."""
    person = town.site.accounts.add_person(SHARED, "The known name", [Membership(Role.DPO, OTHER_URN)])
    set_password(town.site.accounts, person.id, OTHER)
    town.site.accounts.note("signed_in", person.id, "192.0.2.7", "password")
    return person


def test_a_new_person_chooses_a_password_and_is_led_on(town: Town) -> None:
    """Signed in with the password alone, so a role that needs more is shown nothing yet."""
    path = added(town.signed_in("administrator"))
    guest = town.anonymous()
    shown = guest.get(path).text
    assert "Data Protection Officer, Example Primary School (100001)" in shown
    assert "The administrator of 100001" in shown
    answer = guest.send(path, password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/second/new")
    person = of(town, NEW)
    assert person.memberships == (Membership(Role.DPO, URN),)
    assert is_password(town.site.accounts, person, PASSWORD)
    session = town.site.accounts.session(guest.client.cookies[town.site.cookie])
    assert session is not None
    assert not session.enough
    assert guest.get("/desk").status_code == 303


def test_a_member_of_staff_is_in_at_once(town: Town) -> None:
    """One factor is enough for them."""
    path = added(town.signed_in("administrator"), roles=["staff"])
    assert town.anonymous().send(path, password=PASSWORD).headers["location"] == "/"


def test_a_link_works_once(town: Town) -> None:
    """The second who opens it reads that it does not work, and what the first chose stays."""
    path = added(town.signed_in("administrator"))
    second = town.anonymous()
    form = second.form(path)
    town.anonymous().send(path, password=PASSWORD)
    assert second.client.post(path, data={**form, "password": OTHER}).status_code == 404
    assert is_password(town.site.accounts, of(town, NEW), PASSWORD)


def test_wrong_used_replaced_and_old_links_answer_alike(town: Town) -> None:
    """Nobody learns from the page which of them it was."""
    accounts, person = town.site.accounts, town.person("dpo")
    maker = town.person("administrator")
    replaced = invite(accounts, person.id, maker)
    used = invite(accounts, person.id, maker)
    town.anonymous().send(path_of(used), password=PASSWORD)
    old = invite(accounts, person.id, maker)
    town.clock.forward(days=7)
    pages = {town.anonymous().get(path_of(secret)).text for secret in (replaced, used, old, "never-was")}
    plain = {re.sub(r'nonce="[^"]*"|value="[^"]*"|data-now="[^"]*"', "", text) for text in pages}
    assert len(plain) == 1
    assert "This link does not work" in plain.pop()
    assert all(
        town.anonymous().get(path_of(secret)).status_code == 404 for secret in (replaced, used, old, "never-was")
    )


def test_a_link_lasts_for_seven_days(town: Town) -> None:
    """To the second."""
    path = path_of(invite(town.site.accounts, town.person("dpo").id, town.person("administrator")))
    town.clock.forward(days=7, seconds=-1)
    assert town.anonymous().get(path).status_code == 200
    town.clock.forward(seconds=1)
    assert town.anonymous().get(path).status_code == 404


def test_only_the_hash_of_a_link_is_stored(town: Town) -> None:
    """Whoever reads the file opens nothing with it."""
    secret = invite(town.site.accounts, town.person("dpo").id, None)
    folder = town.site.accounts.file.parent
    stored = b"".join(each.read_bytes() for each in folder.glob(f"{town.site.accounts.file.name}*"))
    assert town.person("dpo").id.encode() in stored
    assert secret.encode() not in stored
    assert len(secret) >= 43


def test_recovery_ends_what_let_them_in_before_when_it_is_used(town: Town) -> None:
    """And not when it is made: a link that nobody uses locks nobody out."""
    accounts, person = town.site.accounts, town.person("dpo")
    set_password(accounts, person.id, OTHER)
    with accounts.writing() as db:
        db.execute("INSERT INTO totp VALUES (?, ?, ?, ?)", (person.id, b"sealed", town.clock().isoformat(), 0))
    link_identity(accounts, person.id, PROVIDER, "their-number")
    secret = issue_token(accounts, person.id, "a program", ["read"], town.clock().replace(year=2027), strong=True)
    browser = town.signed_in(person)
    path = path_of(invite(accounts, person.id, town.person("administrator")))
    assert browser.get("/account").status_code == 200
    assert is_password(accounts, person, OTHER)
    assert token(accounts, secret)

    assert town.anonymous().send(path, password=PASSWORD).headers["location"] == "/sign-in/second/new"

    assert not is_password(accounts, person, OTHER)
    assert is_password(accounts, person, PASSWORD)
    assert not accounts.has_second_factor(person.id)
    assert identities_of(accounts, person.id) == []
    assert token(accounts, secret) is None
    assert browser.get("/account").headers["location"].startswith("/sign-in")


PROVIDER = Provider(
    name="here", label="Here", issuer="https://login.example", client_id="tocsin", client_secret="not a secret"
)


def test_a_refused_password_leaves_the_link_as_it_is(town: Town) -> None:
    """The sentence stands at the field, and the link works on."""
    path = added(town.signed_in("administrator"))
    answer = town.anonymous().send(path, password="short")
    assert answer.status_code == 422
    assert "A password needs 12 characters or more" in answer.text
    assert town.anonymous().send(path, password=PASSWORD).status_code == 303


def test_the_address_of_the_page_is_told_to_nobody(town: Town) -> None:
    """It is a secret."""
    path = added(town.signed_in("administrator"))
    for answer in (town.anonymous().get(path), town.anonymous().send(path, password="short"),
                   town.anonymous().get("/invitation/never-was")):  # fmt: skip
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


def test_trying_links_is_limited(town: Town) -> None:
    """By the address that tries; whoever holds a right one is let through."""
    path = added(town.signed_in("administrator"))
    tries = int(WRONG_LINKS.split("/")[0])
    answers = [town.anonymous().get(f"/invitation/wrong{number}").status_code for number in range(tries + 1)]
    assert answers == [404] * tries + [429]
    assert town.anonymous().get(path).status_code == 200


def test_a_known_address_looks_like_a_new_one_to_another_school(town: Town, shared: Person) -> None:
    """In the answer, on their page, in the list and in the link, until somebody sends a password with it."""
    visit = town.signed_in("administrator")

    def seen(email: str) -> list[str]:
        answer = visit.send("/people/new", name="A typed name", email=email.upper(), roles=["dpo"], schools=URN)
        path, person = link_in(answer.text), of(town, email).id
        pages = [answer, visit.get(f"/people/{person}"), visit.get("/people"), town.anonymous().get(path),
                 visit.get(f"/people/sign-ins?person={person}"), visit.send(f"/people/{person}", do="sign_out"),
                 visit.get(f"/people/{person}?done=signed_out")]  # fmt: skip
        visit.send(f"/people/{person}", do=f"take dpo {URN}")
        return [f"{each.status_code} {plain(each.text, email, person)}" for each in pages]

    assert seen(SHARED) == seen(NEW)


def plain(text: str, email: str, person: str) -> str:
    """A page without what differs from person to person and from moment to moment."""
    text = text.replace("<wbr>", "").replace(email, "THE ADDRESS").replace(person, "THE ID")
    return re.sub(r'nonce="[^"]*"|name="csrf" value="[^"]*"|/invitation/[\w-]+|data-[\w-]+="[^"]*"', "", text)


def test_a_link_opens_no_account_of_another_school(town: Town, shared: Person) -> None:
    """An administrator of one school does not become the DPO of another."""
    path = added(town.signed_in("administrator"), SHARED)
    answer = town.anonymous().send(path, password=PASSWORD)
    assert answer.status_code == 422
    assert "already has a way of signing in" in answer.text
    assert is_password(town.site.accounts, shared, OTHER)
    assert of(town, SHARED).memberships == (Membership(Role.DPO, OTHER_URN),)


def test_a_known_person_accepts_after_signing_in_as_before(town: Town, shared: Person) -> None:
    """Their way of signing in stays, and the new role is theirs."""
    path = added(town.signed_in("administrator"), SHARED)
    browser = town.signed_in(shared)
    assert "Accept" in browser.get(path).text
    assert browser.send(path).status_code == 303
    assert set(of(town, SHARED).memberships) == {Membership(Role.DPO, OTHER_URN), Membership(Role.DPO, URN)}
    assert is_password(town.site.accounts, shared, OTHER)
    assert browser.get(path).status_code == 404


def test_nobody_accepts_for_somebody_else(town: Town, shared: Person) -> None:
    """Signed in as another person, accepting changes nothing."""
    path = added(town.signed_in("administrator"), SHARED)
    browser = town.signed_in("head")
    form = browser.form(path)
    assert browser.client.post(path, data={**form, "do": "accept"}).status_code == 303
    assert of(town, SHARED).memberships == (Membership(Role.DPO, OTHER_URN),)
    invitation = opened(town.site.accounts, path.rsplit("/", 1)[1])
    assert invitation
    with pytest.raises(LinkDoesNotWork):
        use_signed_in(town.site.accounts, invitation, town.person("head"))
    assert opened(town.site.accounts, path.rsplit("/", 1)[1])
    assert of(town, SHARED).memberships == (Membership(Role.DPO, OTHER_URN),)


def test_half_a_sign_in_accepts_nothing(town: Town, shared: Person) -> None:
    """The second factor comes first."""
    path = added(town.signed_in("administrator"), SHARED)
    browser = town.signed_in(shared, strong=False)
    form = browser.form(path)
    browser.client.post(path, data={**form, "do": "accept"})
    assert of(town, SHARED).memberships == (Membership(Role.DPO, OTHER_URN),)


def test_an_address_that_somebody_took_before_brings_no_role_of_another_school(town: Town) -> None:
    """One school's administrator opens an account in the DPO's name; the other school's role waits for the DPO."""
    one = town.signed_in("administrator")
    taken = town.anonymous()
    taken.send(added(one), password=PASSWORD)
    other = town.signed_in("administrator", OTHER_URN)
    path = added(other, schools=OTHER_URN)
    assert of(town, NEW).memberships == (Membership(Role.DPO, URN),)
    assert town.anonymous().send(path, password=OTHER).status_code == 422
    assert of(town, NEW).memberships == (Membership(Role.DPO, URN),)


@pytest.fixture
def chief(town: Town) -> Person:
    """An administrator of every school."""
    return town.site.accounts.add_person("chief@trust.example", "The chief", [Membership(Role.ADMINISTRATOR)])


@pytest.fixture
def squatted(town: Town) -> Person:
    """An address of the other school, which an administrator of the first took with a link of their own."""
    town.anonymous().send(added(town.signed_in("administrator"), roles=["staff"]), password=PASSWORD)
    return of(town, NEW)


def test_a_role_that_an_administrator_of_every_school_gives_waits_as_well(
    town: Town, chief: Person, squatted: Person
) -> None:
    """Whoever took the address before is not the lead of the other school; whoever holds the link is."""
    visit, lead = town.signed_in(chief), Membership(Role.LEAD, OTHER_URN)
    page = f"/people/{squatted.id}"
    assert visit.send(page, do="give", role="dpl", school=OTHER_URN).headers["location"].endswith("done=waits")
    assert of(town, NEW).memberships == (Membership(Role.STAFF, URN),)
    assert "Invited" in visit.get(page).text
    link = link_in(visit.send(page, do="link").text)
    assert town.anonymous().send(link, password=OTHER).status_code == 303
    assert set(of(town, NEW).memberships) == {Membership(Role.STAFF, URN), lead}
    assert is_password(town.site.accounts, squatted, OTHER)
    assert not is_password(town.site.accounts, squatted, PASSWORD)


def test_a_role_is_in_force_at_once_where_one_was_accepted_before(town: Town, squatted: Person) -> None:
    """At that school, and at no other that the same person administers."""
    both = [Membership(Role.ADMINISTRATOR, URN), Membership(Role.ADMINISTRATOR, OTHER_URN)]
    visit = town.signed_in(town.site.accounts.add_person("two@trust.example", "Of two", both))
    page = f"/people/{squatted.id}"
    assert visit.send(page, do="give", role="governor", school=URN).headers["location"].endswith("done=given")
    assert visit.send(page, do="give", role="governor", school=OTHER_URN).headers["location"].endswith("done=waits")
    assert set(of(town, NEW).memberships) == {Membership(Role.STAFF, URN), Membership(Role.GOVERNOR, URN)}


def test_a_role_is_in_force_at_once_where_the_account_was_opened_from_there(town: Town, chief: Person) -> None:
    """As long as the last link that opened it was made by somebody who reaches that far."""
    visit = town.signed_in(chief)
    town.anonymous().send(added(visit, roles=["staff"]), password=PASSWORD)
    person = of(town, NEW)
    assert person.memberships == (Membership(Role.STAFF, URN),)
    page = f"/people/{person.id}"
    assert visit.send(page, do="give", role="dpl", school=OTHER_URN).headers["location"].endswith("done=given")
    assert visit.send(page, do=f"take dpl {OTHER_URN}").status_code == 303
    again = path_of(invite(town.site.accounts, person.id, town.person("administrator")))
    assert town.anonymous().send(again, password=OTHER).status_code == 303
    assert visit.send(page, do="give", role="dpl", school=OTHER_URN).headers["location"].endswith("done=waits")
    assert of(town, NEW).memberships == (Membership(Role.STAFF, URN),)


def test_another_school_does_not_learn_from_a_role_that_waits_who_is_known(town: Town, chief: Person) -> None:
    """Also where the account was opened with a link of an administrator of every school."""
    town.anonymous().send(added(town.signed_in(chief), roles=["staff"]), password=PASSWORD)
    other = town.signed_in("administrator", OTHER_URN)
    for email in (NEW, "somebody.new@service.example"):
        added(other, email, schools=OTHER_URN)
        page = f"/people/{of(town, email).id}"
        assert other.send(page, do="give", role="dpl", school=OTHER_URN).headers["location"].endswith("done=waits")


def test_a_school_whose_link_was_refused_is_told_who_can_help(town: Town, chief: Person, squatted: Person) -> None:
    """And its log says so; the school that took the address first reads nothing of it."""
    other = town.signed_in("administrator", OTHER_URN)
    path, page = added(other, schools=OTHER_URN), f"/people/{squatted.id}"
    told = "an administrator of every school must help"
    assert told not in other.get(page).text
    assert town.anonymous().send(path, password=OTHER).status_code == 422
    assert told in other.get(page).text
    shown = other.get("/people/sign-ins").text
    assert "One-time link used in vain, link of The administrator of 100002" in shown
    assert "One-time link used in vain, link of" in town.signed_in("auditor", OTHER_URN).get("/people/sign-ins").text
    for visit in (town.signed_in("administrator"), town.signed_in("auditor")):
        assert "in vain, link" not in visit.get("/people/sign-ins").text
    assert told not in town.signed_in("administrator").get(page).text
    assert "make a one-time link here" in town.signed_in(chief).get(page).text
    town.anonymous().send(link_in(town.signed_in(chief).send(page, do="link").text), password=OTHER)
    assert told not in other.get(page).text
    assert set(of(town, NEW).memberships) == {Membership(Role.STAFF, URN), Membership(Role.DPO, OTHER_URN)}


def test_a_link_does_not_tell_the_true_name_of_somebody_of_another_school(town: Town) -> None:
    """A password is compared with the name that was typed for the link, and with no other."""
    accounts = town.site.accounts
    accounts.add_person("j.s@service.example", "Jane Smitherson", [Membership(Role.HEAD, OTHER_URN)])
    visit = town.signed_in("administrator")

    def answered(email: str) -> list[tuple[int, bool]]:
        path = link_in(visit.send("/people/new", name="Ann Whitstable", email=email, roles=["dpo"], schools=URN).text)
        tried = [town.anonymous().send(path, password=each) for each in ("whitstableabcd", "short", "smithersonabcd")]
        return [(each.status_code, "Too much of that password is your name" in each.text) for each in tried]

    assert answered("j.s@service.example") == [(422, True), (422, False), (422, False)]
    assert answered(NEW) == [(422, True), (422, False), (303, False)]


def test_whoever_opens_an_account_first_is_called_as_they_were_invited(town: Town) -> None:
    """And not as another school typed them that invited them as well."""
    added(town.signed_in("administrator", OTHER_URN), schools=OTHER_URN, name="Jane Smitherson")
    path = added(town.signed_in("administrator"), name="Ann Whitstable")
    assert town.anonymous().send(path, password="smithersonabcd").status_code == 303
    assert of(town, NEW).name == "Ann Whitstable"
    assert "Smitherson" not in town.signed_in("administrator").get("/people").text
    assert "Jane Smitherson" in town.signed_in("administrator", OTHER_URN).get("/people").text


def test_a_link_that_is_used_when_it_is_busy_changes_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password of before still opens, no role is in force, and the link works a minute later."""
    path, accounts = added(town.signed_in("administrator")), town.site.accounts
    person = of(town, NEW)
    set_password(accounts, person.id, OTHER)
    accounts.open_session(person.id, strong=True)
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    for _ in range(AT_ONCE):
        assert passwords._turns.acquire(timeout=5)
    try:
        answer = town.anonymous().send(path, password=PASSWORD)
    finally:
        for _ in range(AT_ONCE):
            passwords._turns.release()
    assert answer.status_code == 422
    assert "try again in a minute" in answer.text
    assert of(town, NEW).memberships == ()
    assert is_password(accounts, person, OTHER)
    assert accounts.sessions_of(person.id)
    assert town.anonymous().send(path, password=PASSWORD).status_code == 303


def test_a_link_used_with_the_account_of_somebody_else_changes_nothing(town: Town) -> None:
    """All of it happens, or nothing."""
    accounts = town.site.accounts
    secret = added(town.signed_in("administrator")).rsplit("/", 1)[1]
    person, invitation = of(town, NEW), opened(accounts, secret)
    assert invitation
    set_password(accounts, person.id, OTHER)
    link_identity(accounts, town.person("head").id, PROVIDER, "their-number")
    with pytest.raises(LinkedToSomebodyElse):
        use_with_provider(accounts, invitation, PROVIDER, "their-number")
    assert of(town, NEW).memberships == ()
    assert has_password(accounts, person.id)
    assert opened(accounts, secret)
    assert not lines(accounts, None, person=person.id, what="account_opened")


def test_a_link_made_before_somebody_joined_another_school_no_longer_opens(town: Town) -> None:
    """What counts is what its maker administers when it is used."""
    accounts = town.site.accounts
    early = path_of(invite(accounts, town.person("dpo").id, town.person("administrator")))
    accounts.set_memberships(town.person("dpo").id, [Membership(Role.DPO, URN), Membership(Role.DPO, OTHER_URN)])
    assert town.anonymous().send(early, password=PASSWORD).status_code == 422
    assert not has_password(accounts, town.person("dpo").id)


def test_links_of_whoever_administers_no_more_stop(town: Town) -> None:
    """Also of those who are kept out."""
    accounts, maker = town.site.accounts, town.person("administrator")
    path = path_of(invite(accounts, town.person("dpo").id, maker))
    accounts.disable(maker.id)
    assert town.anonymous().get(path).status_code == 404
    accounts.disable(maker.id, disabled=False)
    assert town.anonymous().get(path).status_code == 200
    accounts.set_memberships(maker.id, [Membership(Role.STAFF, URN)])
    assert town.anonymous().get(path).status_code == 404


def test_a_disabled_person_is_not_let_in_by_a_link(town: Town) -> None:
    """Letting in again is a decision of its own."""
    accounts, person = town.site.accounts, town.person("dpo")
    path = path_of(invite(accounts, person.id, None))
    accounts.disable(person.id)
    assert town.anonymous().send(path, password=PASSWORD).status_code == 422
    assert not has_password(accounts, person.id)


def test_a_link_of_one_school_leaves_that_of_another(town: Town) -> None:
    """A newer link replaces those that reach no further, and nobody else's."""
    accounts, person = town.site.accounts, town.person("dpo")
    one = invite(accounts, person.id, town.person("administrator"))
    other = invite(accounts, person.id, town.person("administrator", OTHER_URN))
    assert opened(accounts, one)
    assert opened(accounts, other)
    invite(accounts, person.id, None)
    assert not opened(accounts, one)
    assert not opened(accounts, other)


def test_the_first_administrator_gives_name_address_and_password(town: Town) -> None:
    """A new link at each start, until somebody can sign in."""
    accounts = town.site.accounts
    before, path = first_link(accounts), first_link(accounts)
    assert before
    assert path
    guest = town.anonymous()
    assert guest.get(before).status_code == 404
    assert "Your name" in guest.get(path).text
    wrong = guest.send(path, name="", email="nowhere", password=PASSWORD)
    assert wrong.status_code == 422
    assert "Enter a name" in wrong.text
    assert "Enter an e-mail address" in wrong.text
    answer = guest.send(path, name="The first", email="First@School.example", password=PASSWORD)
    assert answer.headers["location"] == "/sign-in/second/new"
    first = of(town, "first@school.example")
    assert (first.name, first.memberships) == ("The first", (Membership(Role.ADMINISTRATOR),))
    assert accounts.person_with_email(FIRST_ADDRESS) is None
    assert first_link(accounts) is None


def test_the_first_administrator_cannot_take_an_address_that_is_there(town: Town) -> None:
    """The link works on, with another address."""
    path = first_link(town.site.accounts)
    assert path
    taken = town.person("dpo").email
    answer = town.anonymous().send(path, name="The first", email=taken, password=PASSWORD)
    assert answer.status_code == 422
    assert "Somebody else already signs in with that address" in answer.text
    assert town.anonymous().send(path, name="The first", email="a@b.example", password=PASSWORD).status_code == 303


def test_what_happened_is_written_down_without_the_link(town: Town) -> None:
    """Who made it and who used it."""
    path = added(town.signed_in("administrator"))
    town.anonymous().send(path, password=PASSWORD)
    rows = town.site.accounts.db.execute("SELECT what, detail FROM sign_in_log ORDER BY number").fetchall()
    maker = town.person("administrator").id
    assert [tuple(row) for row in rows][:3] == [
        ("role_given", f"{maker} {URN} dpo"), ("invitation_made", maker), ("account_opened", maker)]  # fmt: skip
    assert not any(path.rsplit("/", 1)[1] in str(tuple(row)) for row in rows)
    found = managed(town.site.accounts, frozenset({URN}), of(town, NEW).id)
    assert found is not None
    assert found.state == "held"
