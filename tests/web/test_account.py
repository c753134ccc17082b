"""One's own account: the password, the second steps, and the browsers in which one is signed in."""

import re
from typing import Any

import pyotp
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from adapters.accounts import Membership, Person, passwords
from adapters.accounts.passkeys import passkeys_of
from adapters.accounts.passwords import has_password, is_password, set_password
from adapters.accounts.totp import app_of
from domain.roles import Role
from tests.examples import URN
from tests.web.authenticator import Authenticator
from tests.web.browsing import Visit
from tests.web.conftest import OTHER_URN, PUBLIC_URL, Town
from tests.web.test_sign_in import FORM, GOOD, noted, secret, with_password

BETTER = "four llamas at the opera"
PASSWORD = "/account/password"


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id as it is, with less memory: tests/adapters/test_accounts.py uses it with what it costs in truth."""
    hasher = Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1)
    monkeypatch.setattr(passwords, "HASHING", PasswordHash((hasher,)))


def signed_in(town: Town, role: str = "dpl") -> tuple[Person, Visit]:
    """A person with a password, signed in with a second factor."""
    person = with_password(town, role)
    return person, town.signed_in(person)


def add_passkey(visit: Visit, name: str = "", page: str = "/account/passkeys/new") -> Authenticator:
    """What the page's script does."""
    device = Authenticator(PUBLIC_URL)
    csrf = re.search(r'data-csrf="(\w+)"', visit.get(page).text)[1]  # type: ignore[index]
    options = visit.client.post("/account/passkeys/options", json={"csrf": csrf}, headers=FORM).json()
    sent: dict[str, Any] = {
        "csrf": csrf,
        "credential": device.made(options),
        "name": name,
        "next": "/account?done=passkey",
    }
    answer = visit.client.post("/account/passkeys", json=sent, headers=FORM)
    assert answer.json() == {"to": "/account?done=passkey"}, answer.text
    return device


def add_app(town: Town, visit: Visit) -> pyotp.TOTP:
    """What somebody with a phone does."""
    key = re.search(r'id="key">([A-Z2-7 ]+)<', visit.get("/account/app").text)[1]  # type: ignore[index]
    app = pyotp.TOTP(key.replace(" ", ""))
    assert visit.send("/account/app", code=app.at(town.clock())).headers["location"] == "/account?done=app"
    return app


def test_the_page_says_who_one_is_and_which_roles_one_holds_where(town: Town) -> None:
    """With the names of the schools."""
    person = town.site.accounts.add_person(
        "two@school.example", "Holder of two roles", [Membership(Role.DPO, URN), Membership(Role.GOVERNOR, OTHER_URN)]
    )
    text = town.signed_in(person).get("/account").text
    for said in (
        "Holder of two roles",
        "two@school.example",
        "Data Protection Officer",
        "Another Example School (100002)",
    ):
        assert said in text
    everywhere = town.site.accounts.add_person("all@school.example", "Of all", [Membership(Role.AUDITOR)])
    assert "Every school" in town.signed_in(everywhere).get("/account").text
    nobody = town.site.accounts.add_person("none@school.example", "Of none", [])
    assert "You hold no role yet" in town.signed_in(nobody).get("/account").text


@pytest.mark.parametrize(
    "path", ["/account", PASSWORD, "/account/app", "/account/app/remove", "/account/passkeys/new", "/account/sessions"]
)
def test_only_whoever_signed_in_has_an_account_page(town: Town, path: str) -> None:
    """And strongly enough."""
    assert town.anonymous().get(path).headers["location"].startswith("/sign-in?next=")
    assert town.signed_in("dpl", strong=False).get(path).headers["location"].startswith("/sign-in/second?next=")


def test_a_password_is_changed_by_whoever_knows_the_one_before(town: Town) -> None:
    """Everywhere else they are signed out."""
    person, visit = signed_in(town)
    elsewhere = town.signed_in(person)
    answer = visit.send(PASSWORD, action=PASSWORD, password=[GOOD, BETTER])
    assert answer.headers["location"] == "/account?done=password"
    assert "Your password was changed" in visit.get("/account?done=password").text
    assert elsewhere.get("/account").status_code == 303
    assert is_password(town.site.accounts, person, BETTER)
    assert not is_password(town.site.accounts, person, GOOD)
    assert noted(town) == [("password_changed", person.id)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["three goats on a boat", BETTER], "That is not your password of today."),
        ([GOOD, "short"], "A password needs 12 characters or more;"),
        ([GOOD, "The-dpl-of-100001!"], "is your name or your e-mail address"),
        ([GOOD, "password1234"], "one of the first that somebody would guess"),
        (["", BETTER], "Enter your password of today."),
        ([GOOD, ""], "Enter a new password."),
        ([GOOD], "Enter a new password."),
    ],
)
def test_a_password_that_is_not_changed_stays(town: Town, typed: list[str], sentence: str) -> None:
    """The page says why, and shows neither."""
    person, visit = signed_in(town)
    elsewhere = town.signed_in(person)
    answer = visit.send(PASSWORD, action=PASSWORD, password=typed)
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert not any(f'"{text}"' in answer.text for text in typed if text)
    assert is_password(town.site.accounts, person, GOOD)
    assert elsewhere.get("/account").status_code == 200


def test_a_password_that_has_to_be_sent_again_is_not_given_back(town: Town) -> None:
    """The page that keeps what was typed keeps neither the old password nor the new one."""
    _, visit = signed_in(town)
    sent = {**visit.form(PASSWORD, PASSWORD), "csrf": "stale", "password": [GOOD, BETTER]}
    answer = visit.client.post(PASSWORD, data=sent, headers=FORM)
    assert answer.status_code == 403
    assert GOOD not in answer.text
    assert BETTER not in answer.text


def test_the_password_of_today_cannot_be_tried_for_ever(town: Town) -> None:
    """By somebody at an unlocked screen."""
    person, visit = signed_in(town)
    sent = {**visit.form(PASSWORD, PASSWORD), "password": ["three goats on a boat", BETTER]}
    answers = [visit.client.post(PASSWORD, data=sent, headers=FORM).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert {what for what, _ in noted(town)} == {"password_wrong", "locked_out"}
    assert {whose for _, whose in noted(town)} == {person.id}


def test_whoever_has_no_password_has_none_to_change(town: Town) -> None:
    """They sign in another way."""
    visit = town.signed_in("dpl")
    assert "You have no password." in visit.get("/account").text
    assert visit.get(PASSWORD).status_code == 404
    csrf = visit.form("/account/app")["csrf"]
    sent = {"csrf": csrf, "password": ["", BETTER]}
    assert visit.client.post(PASSWORD, data=sent, headers=FORM).status_code == 404
    assert not has_password(town.site.accounts, town.person("dpl").id)


def test_a_new_app_replaces_the_one_before_and_signs_out_everywhere_else(town: Town) -> None:
    """Here the person goes on, in a new session."""
    person, visit = signed_in(town)
    add_app(town, visit)
    elsewhere, before = town.signed_in(person), secret(town, visit)
    old = app_of(town.site.accounts, person.id)
    town.clock.forward(minutes=5)
    wrong = visit.send("/account/app", code="000000")
    assert wrong.status_code == 422
    assert app_of(town.site.accounts, person.id) == old
    add_app(town, visit)
    assert app_of(town.site.accounts, person.id) != old
    assert elsewhere.get("/account").status_code == 303
    assert secret(town, visit) != before
    assert town.site.accounts.session(str(before)) is None
    assert "Your app was set up" in visit.get("/account?done=app").text
    assert [what for what, _ in noted(town)] == ["second_factor_added", "second_factor_added"]


def test_a_passkey_is_added_by_name_and_removed_again(town: Town) -> None:
    """As somebody knows it; nobody else's is in reach."""
    person, visit = signed_in(town)
    elsewhere = town.signed_in(person)
    add_passkey(visit, "School laptop <b>")
    assert elsewhere.get("/account").status_code == 303
    add_passkey(visit, "Phone")
    page = visit.get("/account?done=passkey").text
    assert "School laptop &lt;b&gt;" in page
    assert "Your passkey was added." in page
    laptop, phone = passkeys_of(town.site.accounts, person.id)
    removing = f"/account/passkeys/{laptop.number}/remove"
    other = town.signed_in("head")
    assert other.get(removing).status_code == 404
    assert (
        other.client.post(removing, data={"csrf": other.form("/account/app")["csrf"]}, headers=FORM).status_code == 404
    )
    assert "School laptop" in visit.get(removing).text
    assert visit.send(removing).headers["location"] == "/account?done=removed"
    assert passkeys_of(town.site.accounts, person.id) == [phone]
    assert visit.get(removing).status_code == 404
    assert visit.get("/account").status_code == 200
    assert noted(town)[-1] == ("second_factor_removed", person.id)


def test_the_last_second_step_of_somebody_who_needs_one_stays(town: Town) -> None:
    """Whatever is sent; with another one it goes."""
    person, visit = signed_in(town)
    add_app(town, visit)
    assert "/account/app/remove" not in visit.get("/account").text
    assert "Remove it" not in visit.get("/account/app/remove").text
    sent = {"csrf": visit.form("/account/app")["csrf"]}
    assert visit.client.post("/account/app/remove", data=sent, headers=FORM).status_code == 422
    assert app_of(town.site.accounts, person.id)
    add_passkey(visit)
    assert visit.send("/account/app/remove").headers["location"] == "/account?done=removed"
    assert app_of(town.site.accounts, person.id) is None
    (passkey,) = passkeys_of(town.site.accounts, person.id)
    sent = {"csrf": visit.form("/account/app")["csrf"]}
    removing = f"/account/passkeys/{passkey.number}/remove"
    assert visit.client.post(removing, data=sent, headers=FORM).status_code == 422
    assert passkeys_of(town.site.accounts, person.id) == [passkey]


def test_staff_may_set_a_second_step_up_and_give_it_up(town: Town) -> None:
    """While they have it, it is asked for."""
    person = with_password(town)
    visit = town.signed_in(person, strong=False)
    assert "Your role does not need" in visit.get("/account").text
    add_app(town, visit)
    assert visit.get("/account").status_code == 200
    assert town.signed_in(person, strong=False).get("/account").headers["location"].startswith("/sign-in/second?")
    assert visit.send("/account/app/remove").headers["location"] == "/account?done=removed"
    assert town.signed_in(person, strong=False).get("/account").status_code == 200


@pytest.mark.parametrize("path", ["/account/app", "/account/passkeys/new", "/account/app/remove"])
def test_a_way_of_signing_in_changes_only_shortly_after_signing_in(town: Town, path: str) -> None:
    """An unlocked screen gives nobody's account away."""
    _, visit = signed_in(town)
    add_app(town, visit)
    add_passkey(visit)
    csrf = visit.form("/account/app")["csrf"]
    town.clock.forward(minutes=16)
    assert visit.get("/account").status_code == 200
    assert visit.get(path).headers["location"] == f"/sign-in?next={path}"
    assert visit.client.post("/account/passkeys/options", json={"csrf": csrf}, headers=FORM).status_code == 401
    assert visit.client.post("/account/app/remove", data={"csrf": csrf}, headers=FORM).status_code == 401
    assert "You are signed in already." in visit.get(f"/sign-in?next={path}").text


def test_each_open_session_is_listed_and_ended_by_itself(town: Town) -> None:
    """Or all the others at once; nobody else's is in reach."""
    person, visit = signed_in(town)
    accounts = town.site.accounts
    one, two = (accounts.open_session(person.id, strong=True, address=f"192.0.2.{number}") for number in (1, 2))
    stranger = town.signed_in("head")
    page = visit.get("/account").text
    assert [address in page for address in ("192.0.2.1", "192.0.2.2", "This browser")] == [True] * 3
    handles = set(re.findall(r'name="session" value="(\w+)"', page))
    assert len(handles) == 2
    csrf = stranger.form("/account/app")["csrf"]
    for handle in handles:
        stranger.client.post("/account/sessions", data={"csrf": csrf, "session": handle}, headers=FORM)
    assert accounts.session(one)
    form = visit.form_in(page, "/account/sessions")
    first = re.search(r"192\.0\.2\.1.*?name=\"session\" value=\"(\w+)\"", page, re.DOTALL)[1]  # type: ignore[index]
    sent = {**form, "session": first}
    assert (
        visit.client.post("/account/sessions", data=sent, headers=FORM).headers["location"] == "/account?done=sessions"
    )
    assert accounts.session(one) is None
    assert accounts.session(two)
    assert visit.send("/account", action="/account/sessions", session=None).status_code == 303
    assert accounts.session(two) is None
    assert visit.get("/account").status_code == 200
    assert stranger.get("/account").status_code == 200
    assert noted(town) == [("sessions_ended", person.id), ("sessions_ended", person.id)]


def test_ending_a_session_needs_the_token_of_the_form(town: Town) -> None:
    """Another page must not sign anybody out."""
    person, visit = signed_in(town)
    other = town.site.accounts.open_session(person.id, strong=True)
    assert visit.client.post("/account/sessions", data={"csrf": "x"}, headers=FORM).status_code == 403
    assert town.site.accounts.session(other)
    assert visit.get("/account/sessions").headers["location"] == "/account"


def test_a_new_password_leaves_the_pages_of_the_day_open_here(town: Town) -> None:
    """This browser goes on as it was."""
    person, visit = signed_in(town)
    set_password(town.site.accounts, person.id, BETTER)
    assert visit.get("/account").status_code == 200
