"""Signing in at the pages: both steps, passkeys, limits, sessions, and what the log of sign-ins holds of it."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pyotp
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from starlette.testclient import TestClient

from adapters.accounts import Person, passwords
from adapters.accounts.passwords import set_password
from adapters.accounts.sign_in_log import IN_WORDS, sign_ins
from adapters.accounts.totp import begin_app, confirm_app
from adapters.web import web_app
from adapters.web.letting_in import MOST_KNOWN, own_path
from adapters.web.limiting import TooOften
from adapters.web.tries import BY_ADDRESS, CODE, PASSWORD, Tries
from domain.roles import Role
from tests.web.authenticator import Authenticator, text
from tests.web.browsing import Visit
from tests.web.conftest import OTHER_URN, PUBLIC_URL, WELL, Town

GOOD = "three goats on a raft"
WRONG = "three goats on a boat"
PLACE = "192.0.2.7"
FORM = {"sec-fetch-site": "same-origin"}


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id as it is, with less memory: tests/adapters/test_accounts.py uses it with what it costs in truth."""
    hasher = Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1)
    monkeypatch.setattr(passwords, "HASHING", PasswordHash((hasher,)))


def with_password(town: Town, role: str = "staff", school: str = "100001") -> Person:
    """A person of that role who chose a password."""
    person = town.person(role, school)
    set_password(town.site.accounts, person.id, GOOD)
    return person


def with_app(town: Town, role: str = "dpl") -> tuple[Person, pyotp.TOTP]:
    """A person with a password and an app, set up a while ago."""
    person, accounts = with_password(town, role), town.site.accounts
    session = accounts.session(accounts.open_session(person.id, strong=False))
    assert session
    app = pyotp.TOTP(begin_app(accounts, town.tocsin.keys, session))
    assert confirm_app(accounts, town.tocsin.keys, session, app.at(town.clock()))
    accounts.end_session(session)
    town.clock.forward(minutes=10)
    return person, app


def enter(town: Town, person: Person, visit: Visit | None = None, path: str = "/sign-in") -> Visit:
    """A browser in which the password was given."""
    visit = visit or town.anonymous()
    answer = visit.send(path, action="/sign-in", email=person.email, password=GOOD)
    assert answer.status_code == 303, answer.text
    return visit


def at_place(town: Town, place: str = PLACE) -> Visit:
    """A browser at that network address."""
    return Visit(TestClient(town.app, base_url=PUBLIC_URL, client=(place, 1), follow_redirects=False))


def moved(visit: Visit, town: Town, place: str) -> Visit:
    """The same browser, at another network address."""
    there = at_place(town, place)
    there.client.cookies = visit.client.cookies
    return there


def posts(visit: Visit, email: str, password: str = WRONG, times: int = 1) -> list[int]:
    """What comes of sending the form of the first step that often."""
    sent = {**visit.form("/sign-in", "/sign-in"), "email": email, "password": password}
    return [visit.client.post("/sign-in", data=sent, headers=FORM).status_code for _ in range(times)]


def secret(town: Town, visit: Visit) -> str | None:
    """What the browser's cookie holds."""
    found = [each.value for each in visit.client.cookies.jar if each.name == town.site.cookie]
    return found[-1] if found else None


def noted(town: Town) -> list[tuple[str, str | None]]:
    """The kinds in the log of sign-ins, and whose account, oldest first."""
    return [(each.what, each.person) for each in reversed(sign_ins(town.site.accounts, None, 100))]


def ask(visit: Visit, url: str, **body: Any) -> Any:
    """What the page's script sends."""
    page = visit.get("/sign-in" if url.startswith("/sign-in/passkey") else "/sign-in/second/new")
    if page.status_code == 303:
        page = visit.get(page.headers["location"])
    csrf = body.pop("csrf", None) or re.search(r'data-csrf="(\w+)"', page.text)[1]  # type: ignore[index]
    return visit.client.post(url, json={"csrf": csrf, **body}, headers=FORM)


def with_passkey(town: Town, role: str = "dpl") -> tuple[Person, Authenticator]:
    """A person with a password, who made a passkey right after giving it."""
    person, device = with_password(town, role), Authenticator(PUBLIC_URL)
    visit = enter(town, person)
    options = ask(visit, "/account/passkeys/options").json()
    answer = ask(visit, "/account/passkeys", credential=device.made(options), next="/help")
    assert answer.json() == {"to": "/help"}
    assert visit.get("/account").status_code == 200
    return person, device


def test_staff_sign_in_with_a_password_alone(town: Town) -> None:
    """And arrive where they wanted to go."""
    staff = with_password(town)
    visit = town.anonymous()
    assert visit.get("/account").headers["location"] == "/sign-in?next=/account"
    answer = visit.send("/sign-in?next=/account", action="/sign-in", email=f" {staff.email.upper()} ", password=GOOD)
    assert answer.headers["location"] == "/account"
    assert staff.email in visit.get("/account").text
    assert noted(town) == [("signed_in", staff.id)]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(town: Town) -> None:
    """Where the address is encrypted it is bound to this host, and never travels in the clear."""
    staff = with_password(town)
    answer = town.anonymous().send("/sign-in", email=staff.email, password=GOOD)
    first, known = answer.headers.get_list("set-cookie")
    assert re.fullmatch(r"tocsin=[\w-]{43}; HttpOnly; Path=/; SameSite=lax", first)
    assert re.fullmatch(r"tocsin-known=\d+\.\w{32}; HttpOnly; Max-Age=31536000; Path=/; SameSite=lax", known)
    assert staff.id not in known
    site = replace(town.site, public_url="https://tocsin.example")
    visit = Visit(TestClient(web_app(site, lambda: WELL), base_url=site.public_url, follow_redirects=False))
    first, known = visit.send("/sign-in", email=staff.email, password=GOOD).headers.get_list("set-cookie")
    assert re.fullmatch(r"__Host-tocsin=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure", first)
    assert re.fullmatch(
        r"__Host-tocsin-known=\d+\.\w{32}; HttpOnly; Max-Age=31536000; Path=/; SameSite=lax; Secure", known
    )
    assert visit.get("/account").status_code == 200


def test_an_answer_of_no_is_the_same_for_an_address_that_nobody_has(town: Town) -> None:
    """Word for word; what was typed stands there again, but no password."""
    staff, out = with_password(town), with_password(town, "governor")
    town.site.accounts.disable(out.id)
    pages = []
    for email in (staff.email, "nobody@school.example", out.email):
        password = GOOD if email == out.email else "three goats on a boat"
        answer = town.anonymous().send("/sign-in", email=email, password=password)
        assert answer.status_code == 422
        assert f'value="{email}"' in answer.text
        assert password not in answer.text
        assert "set-cookie" not in answer.headers
        pages.append(re.sub(r'nonce="[^"]+"', "", answer.text.replace(email, "")))
    assert pages[0] == pages[1] == pages[2]
    assert "Error: Sign in" in pages[0]
    assert noted(town) == [("password_wrong", staff.id), ("unknown_account", None), ("password_wrong", out.id)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "", "password": "x"}, "Enter your e-mail address."),
        ({"email": "a@b.example", "password": ""}, "Enter your password."),
        ({"email": None, "password": None}, "Enter your password."),
    ],
)
def test_what_is_missing_is_named(town: Town, typed: dict[str, str | None], sentence: str) -> None:
    """At the field, and at the head of the page."""
    answer = town.anonymous().send("/sign-in", **typed)
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "javascript:alert(1)", "evil.example", "/%0d%0aSet-Cookie:x=y\r\n", "///evil.example", "/ü",
        "/sign-out", "/sign-in/second", "", "/" + "x" * 3000,
    ],
)  # fmt: skip
def test_nobody_is_led_to_another_site(town: Town, path: str) -> None:
    """Whatever the link said that they followed."""
    staff = with_password(town)
    assert own_path(path) == "/"
    visit = town.anonymous()
    answer = visit.send("/sign-in", email=staff.email, password=GOOD, next=path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("path", ["/desk", "/incidents/100001-7K3M9QXA/do/add_note?at=3&x=%2F", "/log?school=1#end"])
def test_a_path_of_this_site_is_kept(path: str) -> None:
    """With its question."""
    assert own_path(path) == path


def test_a_password_is_half_of_it_for_every_role_but_staff(town: Town) -> None:
    """Until the code is shown, every page leads back to the second step."""
    person, app = with_app(town)
    visit = enter(town, person, path="/sign-in?next=/account")
    assert visit.get("/account").headers["location"].startswith("/sign-in/second?")
    assert visit.get("/").headers["location"] == "/sign-in"
    assert visit.get("/signed-in").headers["location"].startswith("/sign-in/second?")
    assert visit.client.post("/session/extend", headers=FORM).status_code == 303
    assert person.email not in visit.get("/sign-in/second").text
    assert "signed_in" not in dict(noted(town))
    answer = visit.send("/sign-in/second?next=/account", action="/sign-in/second", code=app.at(town.clock()))
    assert answer.headers["location"] == "/account"
    assert visit.get("/account").status_code == 200
    assert noted(town)[-1] == ("signed_in", person.id)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.STAFF, Role.ENGINE, Role.SUPPLIER)])
def test_every_role_that_sees_others_sets_a_second_step_up_first(town: Town, role: Role) -> None:
    """Right after the password, and then goes on to where it wanted."""
    person = with_password(town, role)
    visit = town.anonymous()
    answer = visit.send("/sign-in?next=/account", action="/sign-in", email=person.email, password=GOOD)
    assert answer.headers["location"] == "/sign-in/second/new?next=/account"
    page = visit.get(answer.headers["location"])
    elsewhere = enter(town, person)
    key = re.search(r'id="key">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")  # type: ignore[index]
    assert 'src="data:image/svg+xml' in page.text
    wrong = visit.send(answer.headers["location"], action="/sign-in/second/new", code="000000")
    assert wrong.status_code == 422
    assert key in re.sub(r"\s", "", wrong.text)
    code = pyotp.TOTP(key).at(town.clock())
    done = visit.send(answer.headers["location"], action="/sign-in/second/new", code=code)
    assert done.headers["location"] == "/account"
    assert visit.get("/account").status_code == 200
    assert elsewhere.get("/sign-in/second").headers["location"].startswith("/sign-in?next=")
    assert noted(town)[-2:] == [("second_factor_added", person.id), ("signed_in", person.id)]


def test_a_password_alone_adds_no_second_step_to_an_account_that_has_one(town: Town) -> None:
    """Otherwise a stolen password would be enough after all."""
    person, _ = with_app(town)
    visit = enter(town, person)
    assert visit.get("/sign-in/second/new").headers["location"] == "/sign-in/second"
    csrf = visit.form("/sign-in/second", "/sign-in/second")["csrf"]
    sent = {"csrf": csrf, "code": "123456"}
    assert visit.client.post("/sign-in/second/new", data=sent, headers=FORM).headers["location"] == "/sign-in/second"
    assert ask(visit, "/account/passkeys/options", csrf=csrf).status_code == 303
    answered = {"csrf": csrf, "credential": {}}
    assert visit.client.post("/account/passkeys", json=answered, headers=FORM).status_code == 303
    assert visit.client.post("/account/app", data=sent, headers=FORM).status_code == 303
    assert town.site.accounts.db.execute("SELECT count(*) FROM totp_begun").fetchone()[0] == 0


def test_a_code_opens_one_session(town: Town) -> None:
    """Whoever looked over a shoulder cannot use it again, in another browser or in the same."""
    person, app = with_app(town)
    first, second = enter(town, person), enter(town, person)
    code = app.at(town.clock())
    assert first.send("/sign-in/second", action="/sign-in/second", code=code).status_code == 303
    answer = second.send("/sign-in/second", action="/sign-in/second", code=code)
    assert answer.status_code == 422
    assert code not in answer.text
    assert second.get("/account").status_code == 303
    assert noted(town)[-1] == ("second_factor_wrong", person.id)
    assert second.send("/sign-in/second", action="/sign-in/second", code="").status_code == 422


def test_a_secret_that_was_planted_opens_nothing_after_the_sign_in(town: Town) -> None:
    """Each step gives a new one, and the one before is worth nothing."""
    person, app = with_app(town)
    visit = town.anonymous()
    visit.client.cookies.set(town.site.cookie, "planted", domain="localhost.local")
    enter(town, person, visit)
    half = secret(town, visit)
    assert half
    visit.send("/sign-in/second", action="/sign-in/second", code=app.at(town.clock()))
    whole = secret(town, visit)
    assert len({"planted", half, whole}) == 3
    for each in ("planted", half):
        assert town.site.accounts.session(each) is None
    assert town.site.accounts.session(str(whole))


def test_signing_in_again_ends_the_session_before(town: Town) -> None:
    """Also when somebody else does it in the same browser."""
    staff, other = with_password(town), with_password(town, "staff", OTHER_URN)
    visit = enter(town, staff)
    before = secret(town, visit)
    enter(town, other, visit)
    assert town.site.accounts.session(str(before)) is None
    assert other.email in visit.get("/account").text


def test_a_passkey_signs_in_without_a_password(town: Town) -> None:
    """It is two factors by itself."""
    person, device = with_passkey(town)
    visit = town.anonymous()
    options = ask(visit, "/sign-in/passkey/options").json()
    assert person.id not in str(options)
    answer = ask(visit, "/sign-in/passkey", credential=device.signed(options), next="//evil.example")
    assert answer.json() == {"to": "/"}
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert visit.get("/account").status_code == 200
    assert noted(town)[-2:] == [("passkey_used", person.id), ("signed_in", person.id)]


def test_a_passkey_is_the_second_step_of_its_owner_alone(town: Town) -> None:
    """After the password."""
    person, device = with_passkey(town)
    _, other = with_passkey(town, "head")
    visit = enter(town, person)
    half = secret(town, visit)
    assert "data-passkey" in visit.get("/sign-in/second").text
    answer = ask(visit, "/sign-in/second/passkey", credential=other.signed(_second_options(visit)))
    assert answer.status_code == 422
    assert answer.json()["sentence"].endswith(".")
    assert visit.get("/account").status_code == 303
    assert noted(town)[-1] == ("second_factor_wrong", person.id)
    answer = ask(visit, "/sign-in/second/passkey", credential=device.signed(_second_options(visit)), next="/account")
    assert answer.json() == {"to": "/account"}
    assert visit.get("/account").status_code == 200
    assert town.site.accounts.session(str(half)) is None


def _second_options(visit: Visit) -> dict[str, Any]:
    options: dict[str, Any] = ask(visit, "/sign-in/second/passkey/options").json()
    return options


def test_a_passkey_answer_works_once_and_only_from_our_own_pages(town: Town) -> None:
    """Not from another origin, not twice, not without the page's token, and not for nobody's second step."""
    _, device = with_passkey(town)
    visit = town.anonymous()
    options = ask(visit, "/sign-in/passkey/options").json()
    bent = device.signed(options, origin="https://evil.example")
    assert ask(visit, "/sign-in/passkey", credential=bent).status_code == 422
    answer = device.signed(ask(visit, "/sign-in/passkey/options").json())
    assert ask(visit, "/sign-in/passkey", csrf="0" * 32, credential=answer).status_code == 403
    assert ask(visit, "/sign-in/passkey", credential=answer).status_code == 200
    again = town.anonymous()
    assert ask(again, "/sign-in/passkey", credential=answer).status_code == 422
    for url in ("/sign-in/second/passkey", "/sign-in/second/passkey/options", "/account/passkeys/options"):
        assert again.client.post(url, json={"csrf": "", "credential": {}}, headers=FORM).status_code == 401
    assert again.client.post("/sign-in/passkey", content="nothing", headers=FORM).status_code == 404


def test_a_password_cannot_be_tried_for_ever(town: Town) -> None:
    """Ten times from one place; then the right one does not help, and an address that nobody has is no different."""
    staff = with_password(town)
    for email in (staff.email, "nobody@school.example"):
        visit = town.anonymous()
        sent = {**visit.form("/sign-in"), "email": email, "password": "three goats on a boat"}
        answers = [visit.client.post("/sign-in", data=sent, headers=FORM) for _ in range(11)]
        assert [each.status_code for each in answers] == [422] * 10 + [429]
        last = visit.client.post("/sign-in", data={**sent, "email": email.upper(), "password": GOOD}, headers=FORM)
        assert last.status_code == 429
        assert "wait 15 minutes" in last.text
        assert secret(town, visit) is None
    assert [each for each in noted(town) if each[0] == "locked_out"] == [("locked_out", staff.id), ("locked_out", None)]


def test_the_tries_of_one_place_and_of_one_account_have_an_end(town: Town) -> None:
    """Whoever tries many accounts from one place, or one account from many places."""
    staff = with_password(town)
    sent = {"csrf": town.anonymous().form("/sign-in")["csrf"], "password": ""}

    def tried(email: str, place: str, password: str = "three goats on a boat") -> int:
        client = TestClient(town.app, base_url=PUBLIC_URL, client=(place, 1), follow_redirects=False)
        data = {**sent, "email": email, "password": password}
        return int(client.post("/sign-in", data=data, headers=FORM).status_code)

    assert [tried(staff.email, f"10.0.0.{number // 10}") for number in range(30)] == [422] * 30
    assert tried(staff.email, "10.0.0.9", GOOD) == 429
    assert tried("other@school.example", "10.0.0.9") == 422
    for _ in range(99):
        BY_ADDRESS.take(town.site, "tries", "10.0.0.8")
    assert tried("other@school.example", "10.0.0.8") == 422
    assert tried("another@school.example", "10.0.0.8") == 429


def test_a_whole_school_behind_one_address_signs_in_of_a_morning(town: Town) -> None:
    """Only what fails counts against a place, and what is right gives back the tries before it."""
    staff = with_password(town)
    for _ in range(12):
        visit = enter(town, staff)
        town.anonymous().send("/sign-in", email=staff.email, password="three goats on a boat")
    assert visit.get("/account").status_code == 200


def test_codes_cannot_be_tried_for_ever(town: Town) -> None:
    """The password is known by then, and six digits are few."""
    person, app = with_app(town)
    visit = enter(town, person)
    sent = {**visit.form("/sign-in/second", "/sign-in/second"), "code": "000000"}
    answers = [visit.client.post("/sign-in/second", data=sent, headers=FORM).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    right = {**sent, "code": app.at(town.clock())}
    assert visit.client.post("/sign-in/second", data=right, headers=FORM).status_code == 429
    assert noted(town)[-1] == ("locked_out", person.id)


def test_answers_of_passkeys_that_are_wrong_keep_nobody_out(town: Town) -> None:
    """Anybody at a school's address can send them, and they guess nothing; everybody there signs in as before."""
    staff, (lead, app) = with_password(town), with_app(town)
    anybody = at_place(town)
    csrf = anybody.form("/sign-in", "/sign-in")["csrf"]
    sent = {"csrf": csrf, "credential": {}}
    answers = [anybody.client.post("/sign-in/passkey", json=sent, headers=FORM).status_code for _ in range(121)]
    assert answers == [422] * 120 + [429]
    assert noted(town) == [("second_factor_wrong", None), ("locked_out", None)]
    visit = enter(town, staff, at_place(town))
    change = visit.send("/account/password", action="/account/password", password=[GOOD, "four llamas at the opera"])
    assert change.status_code == 303
    second = enter(town, lead, at_place(town))
    done = second.send("/sign-in/second", action="/sign-in/second", code=app.at(town.clock()))
    assert done.status_code == 303
    assert second.get("/account").status_code == 200


def test_challenges_asked_for_by_others_leave_the_second_step_its_own(town: Town) -> None:
    """Whoever gave the password is counted by their session, and not by the address that they share."""
    person, device = with_passkey(town)
    anybody = at_place(town)
    csrf = anybody.form("/sign-in", "/sign-in")["csrf"]
    for _ in range(120):
        anybody.client.post("/sign-in/passkey/options", json={"csrf": csrf}, headers=FORM)
    assert anybody.client.post("/sign-in/passkey/options", json={"csrf": csrf}, headers=FORM).status_code == 429
    visit = enter(town, person, at_place(town))
    answer = ask(visit, "/sign-in/second/passkey", credential=device.signed(_second_options(visit)), next="/account")
    assert answer.json() == {"to": "/account"}


def test_a_place_where_too_many_passwords_were_wrong_still_takes_second_steps(town: Town) -> None:
    """Whoever gave the right password there goes on; and changes their own, once they are in."""
    (lead, app), staff = with_app(town), with_password(town)
    half, whole = enter(town, lead, at_place(town)), enter(town, staff, at_place(town))
    for _ in range(100):
        BY_ADDRESS.take(town.site, "tries", PLACE)
    assert posts(at_place(town), staff.email, GOOD) == [429]
    assert posts(half, lead.email, GOOD) == [303]
    assert posts(half, staff.email, GOOD) == [429]
    assert [posts(at_place(town), f"{number}@school.example") for number in range(3)] == [[429]] * 3
    done = half.send("/sign-in/second", action="/sign-in/second", code=app.at(town.clock()))
    assert done.status_code == 303
    change = whole.send("/account/password", action="/account/password", password=[GOOD, "four llamas at the opera"])
    assert change.status_code == 303
    assert [each for each in noted(town) if each[0] == "locked_out"] == [("locked_out", staff.id)]


def test_strangers_cannot_keep_an_owner_out_of_a_browser_that_they_used_before(town: Town) -> None:
    """Wrong tries from elsewhere count, but not against the browser in which the account was opened before."""
    staff = with_password(town)
    own = enter(town, staff, at_place(town, "10.0.1.1"))
    own.client.post("/sign-out", data={"csrf": own.form("/account/password")["csrf"]}, headers=FORM)
    for number in range(3):
        assert posts(at_place(town, f"10.0.0.{number}"), staff.email, times=10) == [422] * 10
    assert posts(at_place(town, "10.0.1.1"), staff.email, GOOD) == [429]
    assert posts(own, staff.email, GOOD) == [303]
    assert posts(at_place(town, "10.0.1.1"), staff.email, GOOD) == [429]


def test_a_browser_that_is_known_has_an_end_of_tries_of_its_own(town: Town) -> None:
    """Ten from one place, as everywhere; and thirty from many places, if somebody took what it keeps."""
    staff = with_password(town)
    own = enter(town, staff, at_place(town, "10.0.1.0"))
    own.client.cookies.delete(town.site.cookie)
    assert posts(own, staff.email, times=11) == [422] * 10 + [429]
    for number in (1, 2):
        assert posts(moved(own, town, f"10.0.1.{number}"), staff.email, times=10) == [422] * 10
    assert posts(moved(own, town, "10.0.1.3"), staff.email, GOOD) == [429]
    assert posts(at_place(town, "10.0.1.4"), staff.email, GOOD) == [303]


def test_a_browser_is_known_only_to_whoever_was_wholly_in(town: Town) -> None:
    """A password alone makes it known to nobody whose second step is owed: it would give guesses at the code away."""
    lead, app = with_app(town)
    visit = enter(town, lead)
    assert f"{town.site.cookie}-known" not in visit.client.cookies
    visit.send("/sign-in/second", action="/sign-in/second", code=app.at(town.clock()))
    assert f"{town.site.cookie}-known" in visit.client.cookies
    new = with_password(town, "head")
    assert f"{town.site.cookie}-known" not in enter(town, new).client.cookies
    _, device = with_passkey(town, "dpo")
    alone = town.anonymous()
    ask(alone, "/sign-in/passkey", credential=device.signed(ask(alone, "/sign-in/passkey/options").json()))
    assert f"{town.site.cookie}-known" in alone.client.cookies


def test_a_mark_that_is_forged_or_old_or_of_somebody_else_is_worth_nothing(town: Town) -> None:
    """As if the browser had none."""
    staff, other = with_password(town), with_password(town, "staff", OTHER_URN)
    name = f"{town.site.cookie}-known"
    own, theirs = (enter(town, person).client.cookies[name] for person in (staff, other))
    until, proof = own.split(".")
    for number in range(3):
        posts(at_place(town, f"10.0.0.{number}"), staff.email, times=10)
    bent = [f"{int(until) + 1}.{proof}", f"{until}.{'0' * 32}", f"{'9' * 5000}.{proof}", "~", "%C3%BC", ""]
    for mark in (theirs, *bent):
        visit = at_place(town, "10.0.1.1")
        visit.client.cookies.set(name, mark)
        assert posts(visit, staff.email, GOOD) == [429]
    town.clock.forward(days=365)
    late = at_place(town, "10.0.1.1")
    late.client.cookies.set(name, own)
    assert posts(late, staff.email, GOOD) == [429]


def test_the_browser_of_a_staff_room_knows_the_last_few(town: Town) -> None:
    """Each once, the last first."""
    name, visit, schools = f"{town.site.cookie}-known", town.anonymous(), [str(100100 + number) for number in range(6)]
    people = [with_password(town, "staff", school) for school in schools]
    kept: list[str] = []
    for person in people:
        enter(town, person, visit)
        kept = visit.client.cookies[name].split("~")
    assert len(kept) == MOST_KNOWN == len(set(kept))
    town.clock.forward(days=1)
    enter(town, people[-1], visit)
    again = visit.client.cookies[name].split("~")
    assert again[1:] == kept[1:]
    assert again[0] != kept[0]


def test_tries_that_are_under_way_count(town: Town) -> None:
    """Many at once go over no limit; what proves right, or was not looked at, counts no more."""
    under_way = [Tries(town.site, PASSWORD, f"{number}", PLACE, by_address=True).begin() for number in range(100)]
    another = Tries(town.site, PASSWORD, "another", PLACE, by_address=True)
    for end in ("succeeded", "unchecked"):
        with pytest.raises(TooOften):
            another.begin()
        getattr(under_way.pop(), end)()
        under_way.append(another.begin())
    mine = Tries(town.site, CODE, "p-1", PLACE)
    for _ in range(10):
        mine.begin()
    with pytest.raises(TooOften):
        mine.begin()
    Tries(town.site, CODE, "p-1", "192.0.2.8").begin().unchecked()


def test_a_password_that_nobody_had_time_to_check_does_not_count(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who was sent away ten times in a rush is not kept out after it."""
    staff = with_password(town)
    visit = enter(town, staff)
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    change = {**visit.form("/account/password", "/account/password"), "password": [GOOD, "four llamas at the opera"]}
    with passwords._turn(), passwords._turn():
        assert posts(at_place(town), staff.email, GOOD, times=11) == [429] * 11
        answers = [visit.client.post("/account/password", data=change, headers=FORM) for _ in range(11)]
    assert [each.status_code for each in answers] == [429] * 11
    assert "Too many passwords are being checked" in answers[0].text
    assert posts(at_place(town), staff.email, GOOD) == [303]
    assert visit.client.post("/account/password", data=change, headers=FORM).status_code == 303


def test_pages_are_answered_while_a_crowd_signs_in(town: Town) -> None:
    """A few wait for their password to be checked; the others are told at once, and every other page goes on."""
    with_password(town)
    with TestClient(town.app, base_url=PUBLIC_URL, client=(PLACE, 1), follow_redirects=False) as client:
        sent = {**Visit(client).form("/sign-in", "/sign-in"), "password": WRONG}
        asked = [{**sent, "email": f"{number}@school.example"} for number in range(60)]
        with ThreadPoolExecutor(60) as crowd, passwords._turn(), passwords._turn():
            begun = time.monotonic()
            answers = [crowd.submit(client.post, "/sign-in", data=each, headers=FORM) for each in asked]
            while sum(each.done() for each in answers) < 52 and time.monotonic() - begun < 30:
                time.sleep(0.01)
            assert client.get("/help").status_code == 200
            waited = time.monotonic() - begun
            codes = [each.result().status_code for each in answers]
    assert waited < 10
    assert codes == [429] * 60


def test_an_answer_that_is_nested_without_end_is_refused(town: Town) -> None:
    """In one sentence, as any other that no browser gives."""
    visit = town.anonymous()
    credential = {"rawId": "x", "response": {"clientDataJSON": text(b"[" * 5_000)}}
    answer = ask(visit, "/sign-in/passkey", credential=credential)
    assert answer.status_code == 422
    assert answer.json()["sentence"].endswith(".")


def test_signing_out_ends_the_session_and_takes_the_cookie(town: Town) -> None:
    """Also of somebody whose session ended by itself meanwhile."""
    staff = with_password(town)
    visit = enter(town, staff)
    kept = secret(town, visit)
    sent = {"csrf": re.search(r'name="csrf" value="(\w+)"', visit.get("/account").text)[1]}  # type: ignore[index]
    answer = visit.client.post("/sign-out", data=sent, headers=FORM)
    assert answer.headers["location"] == "/sign-in?out=1"
    assert secret(town, visit) is None
    assert "You are signed out." in visit.get("/sign-in?out=1").text
    assert town.site.accounts.session(str(kept)) is None
    assert noted(town)[-1] == ("signed_out", staff.id)
    visit.client.cookies.set(town.site.cookie, str(kept))
    assert visit.client.post("/sign-out", data=sent, headers=FORM).headers["location"] == "/sign-in?out=1"


def test_a_sign_out_without_the_token_of_the_session_does_nothing(town: Town) -> None:
    """Another page must not sign anybody out."""
    visit = enter(town, with_password(town))
    assert visit.client.post("/sign-out", data={"csrf": "x"}, headers=FORM).status_code == 403
    assert visit.get("/account").status_code == 200


def test_a_session_is_kept_by_whoever_says_so_and_ends_at_last(town: Town) -> None:
    """The page knows both ends, and asks with its token."""
    visit = enter(town, with_password(town))
    begun = town.clock()
    page = visit.get("/account").text
    ends, last, csrf = (
        re.search(rf'data-{name}="([^"]+)"', page)[1]  # type: ignore[index]
        for name in ("session-ends", "session-last", "csrf")
    )
    assert (ends, last) == ("2026-11-20T12:30:00+00:00", "2026-11-21T00:00:00+00:00")
    assert visit.client.post("/session/extend", data={"csrf": "x"}, headers=FORM).status_code == 403
    for _ in range(24):
        town.clock.forward(minutes=29)
        answer = visit.client.post("/session/extend", data={"csrf": csrf}, headers=FORM)
    found = answer.json()
    assert found == {"ends": last, "last": last, "now": town.clock().isoformat()}
    town.clock.now = begun
    town.clock.forward(hours=12)
    assert visit.client.post("/session/extend", data={"csrf": csrf}, headers=FORM).status_code == 401
    assert visit.get("/account").status_code == 303


def test_half_an_hour_of_nothing_ends_the_session(town: Town) -> None:
    """Also of somebody who is between the two steps."""
    whole, half = enter(town, with_password(town)), enter(town, with_app(town)[0])
    assert half.get("/sign-in/second").status_code == 200
    town.clock.forward(minutes=30)
    assert whole.get("/account").headers["location"] == "/sign-in?next=/account"
    assert half.get("/sign-in/second?next=/desk").headers["location"].startswith("/sign-in?next=")


def test_whoever_signed_in_beside_a_page_is_told_to_go_back_to_it(town: Town) -> None:
    """What was typed there is still there, and is sent once more."""
    staff = with_password(town)
    visit = enter(town, staff)
    sent = visit.form("/account/password")
    town.clock.forward(hours=1)
    gone = visit.client.post("/account/password", data=sent, headers=FORM)
    assert gone.status_code in (401, 403)
    assert "Send it again" in gone.text
    answer = visit.send("/sign-in?next=/signed-in", action="/sign-in", email=staff.email, password=GOOD)
    assert answer.headers["location"] == "/signed-in"
    assert "go back to the one you came from" in visit.get("/signed-in").text


def test_whoever_is_signed_in_already_is_not_asked_for_a_second_step(town: Town) -> None:
    """The pages of signing in lead on."""
    visit = town.signed_in("dpl")
    assert visit.get("/sign-in/second?next=/help").headers["location"] == "/help"
    assert visit.get("/sign-in").status_code == 200
    assert town.anonymous().get("/sign-in/second").headers["location"].startswith("/sign-in?next=")


def test_no_address_and_no_secret_of_a_sign_in_stands_in_the_log(town: Town) -> None:
    """Ids, kinds and the network address; what was typed by mistake is not kept for ever."""
    person, app = with_app(town)
    visit = enter(town, person, at_place(town))
    visit.send("/sign-in/second", action="/sign-in/second", code=app.at(town.clock()))
    at_place(town).send("/sign-in", email="my-password-by-mistake", password=GOOD)
    rows = [
        tuple(row) for row in town.site.accounts.db.execute("SELECT person, what, address, detail FROM sign_in_log")
    ]
    assert rows == [
        (person.id, "signed_in", PLACE, "password and app"),
        (None, "unknown_account", PLACE, ""),
    ]
    assert {what for _, what, *_ in rows} <= set(IN_WORDS)
