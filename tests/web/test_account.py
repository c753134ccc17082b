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
from adapters.accounts.tokens import token, tokens_of
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


def make_token(visit: Visit) -> str:
    """What somebody does who lets a program ask in their name."""
    answer = visit.send("/account/tokens/new", name="Nightly export", scopes=["read"], days="30")
    return re.search(r"tcs_[\w-]{43}", answer.text)[0]  # type: ignore[index]


def test_a_token_is_as_strong_as_the_sign_in_in_which_it_was_made(town: Town) -> None:
    """One of a member of staff who gave a password opens nothing of a Data Protection Lead's."""
    person, ref = with_password(town), town.report()
    weak = make_token(town.signed_in(person, strong=False))
    strong = make_token(town.signed_in(person))
    town.site.accounts.set_memberships(person.id, [Membership(Role.LEAD, URN)])
    asked = [
        town.anonymous().get(f"/api/v1/incidents/{ref}", headers={"Authorization": f"Bearer {each}"}).status_code
        for each in (weak, strong)
    ]
    assert asked == [401, 200]


def test_a_new_password_revokes_the_tokens_and_says_so(town: Town) -> None:
    """Before and after; somebody who has none reads nothing of tokens."""
    person, visit = signed_in(town)
    assert "tokens" not in visit.form(PASSWORD, PASSWORD)
    assert "The tokens that you made" not in visit.get(PASSWORD).text
    secret_ = make_token(visit)
    assert "The tokens that you made for programs will end." in visit.get(PASSWORD).text
    answer = visit.send(PASSWORD, action=PASSWORD, password=["three goats on a boat", BETTER])
    assert "The tokens that you made for programs will end." in answer.text
    assert token(town.site.accounts, secret_)
    answer = visit.send(PASSWORD, action=PASSWORD, password=[GOOD, BETTER])
    assert "The tokens that you had made for programs work no more." in visit.get(answer.headers["location"]).text
    assert tokens_of(town.site.accounts, person.id) == []


@pytest.mark.parametrize("kind", ["app", "passkey"])
def test_the_first_second_step_revokes_the_tokens_and_says_so(town: Town, kind: str) -> None:
    """A further one leaves them."""
    person, pages = with_password(town), {"app": "/account/app", "passkey": "/account/passkeys/new"}
    visit = town.signed_in(person, strong=False)
    will_end = "The tokens that you made for programs will end."
    assert all(will_end not in visit.get(each).text for each in pages.values())
    weak = make_token(visit)
    assert all(will_end in visit.get(each).text for each in pages.values())
    if kind == "app":
        page = visit.get(pages["app"]).text
        key = re.search(r'id="key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
        code = pyotp.TOTP(key).at(town.clock())
        led = visit.send("/account/app", code=code).headers["location"]
    else:
        led = re.search(r'data-next="([^"]+)"', visit.get(pages["passkey"]).text)[1]  # type: ignore[index]
        add_passkey(visit)
    said = visit.get(led.replace("&amp;", "&")).text
    assert "The tokens that you had made for programs work no more." in said
    assert token(town.site.accounts, weak) is None
    after = make_token(visit)
    assert all(will_end not in visit.get(each).text for each in pages.values())
    town.clock.forward(minutes=1)
    add_app(town, visit)
    add_passkey(visit)
    assert token(town.site.accounts, after)


def test_whoever_sets_the_second_step_up_at_the_first_sign_in_is_told_of_their_tokens(town: Town) -> None:
    """A role that was given meanwhile asks for it."""
    person = with_password(town)
    weak = make_token(town.signed_in(person, strong=False))
    town.site.accounts.set_memberships(person.id, [Membership(Role.LEAD, URN)])
    visit = town.signed_in(person, strong=False)
    page = visit.get("/sign-in/second/new").text
    assert "The tokens that you made for programs will end." in page
    key = re.search(r'id="key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    code = pyotp.TOTP(key).at(town.clock())
    assert visit.send("/sign-in/second/new", action="/sign-in/second/new", code=code).status_code == 303
    town.site.accounts.set_memberships(person.id, [Membership(Role.STAFF, URN)])
    assert token(town.site.accounts, weak) is None


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7"])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", PASSWORD, "/account/sessions"])
@pytest.mark.parametrize("field", ["csrf", "password"])
def test_half_a_character_is_refused(town: Town, path: str, field: str, charset: str) -> None:
    """A form can name the encoding of what it holds; what cannot be written down is not taken in."""
    _, visit = signed_in(town)
    half = {"unicode_escape": "\\ud800", "utf-7": "+2AA-"}[charset]
    fields = {**visit.form(PASSWORD, PASSWORD), "email": "a@b.example", "password": GOOD, field: half}
    parts = [f'--x\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{each}' for name, each in fields.items()]
    headers = {**FORM, "content-type": f"multipart/form-data; boundary=x; charset={charset}"}
    answer = visit.client.post(path, content="\r\n".join([*parts, "--x--\r\n"]).encode(), headers=headers)
    assert answer.status_code in (403, 415)
    assert visit.get("/account").status_code == 200


def test_a_new_password_leaves_the_pages_of_the_day_open_here(town: Town) -> None:
    """This browser goes on as it was."""
    person, visit = signed_in(town)
    set_password(town.site.accounts, person.id, BETTER)
    assert visit.get("/account").status_code == 200
