"""What guards every answer: headers, walls against other sites, and no inside shown."""

import pytest
from starlette.testclient import TestClient

from adapters.accounts import Membership
from domain.roles import Role
from tests.examples import URN
from tests.web.browsing import Visit
from tests.web.conftest import PUBLIC_URL, Town

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}


@pytest.mark.parametrize("path", ["/help", "/nowhere", "/sign-in"])
def test_every_page_is_dressed(town: Town, path: str) -> None:
    """Also the page that says that there is none."""
    answer = town.anonymous().get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"sec-fetch-site": "cross-site", "origin": "http://localhost:8700"},
    ],
)
def test_a_form_from_another_site_does_nothing(town: Town, headers: dict[str, str]) -> None:
    """Whatever cookie the browser sends along."""
    visit = town.signed_in("dpl")
    assert visit.client.post("/sign-out", headers=headers).status_code == 403
    assert "Sign out" in visit.get("/help").text


def test_a_body_that_is_too_large_is_refused_unread(town: Town) -> None:
    """By its length, before anything of it is taken in."""
    answer = town.anonymous().client.post("/sign-in", headers={"content-length": str(10**9)})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("path", "size", "taken"),
    [
        ("/sign-in", 2 * 1024 * 1024 + 1, False),
        ("/sign-in/passkey", 64 * 1024 + 1, False),
        ("/account/passkeys/options", 64 * 1024 + 1, False),
        (f"/incidents/{URN}-00000000/evidence", 25 * 1024 * 1024, True),
        (f"/incidents/{URN}-00000000/evidence", 27 * 1024 * 1024, False),
        (f"/incidents/{URN}-00000000/do/add_note", 3 * 1024 * 1024, False),
    ],
)
def test_each_path_takes_as_much_as_it_needs(town: Town, path: str, size: int, taken: bool) -> None:
    """What is read at once holds up everybody else; only a piece of evidence is large."""
    answer = town.anonymous().client.post(path, headers={"content-length": str(size)})
    assert (answer.status_code != 413) is taken


def test_a_body_that_grows_past_its_limit_is_cut_off(town: Town) -> None:
    """Sent piece by piece, without its length."""
    pieces = (b"x" * 65536 for _ in range(64))
    answer = town.anonymous().client.post("/sign-in", content=pieces, headers={"content-type": "text/plain"})
    assert answer.status_code in (400, 403, 413)


def test_another_hosts_name_is_not_served(town: Town) -> None:
    """A page under a stranger's name could be read by the stranger's scripts; health is asked by any name."""
    visit = town.anonymous()
    assert visit.get("/help", headers={"host": "elsewhere.example"}).status_code == 421
    assert visit.get("/help", headers={"host": "[broken"}).status_code == 421
    assert visit.get("/healthz", headers={"host": "elsewhere.example"}).status_code == 200
    assert visit.get("/desk/").status_code == 404


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "punycode", "undefined", "no-such"])
def test_text_in_odd_letters_is_refused(town: Town, charset: str) -> None:
    """It could hold half a character, which nothing can store."""
    headers = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
    answer = town.anonymous().client.post("/sign-in", content=b"--x--", headers=headers)
    assert answer.status_code == 415


def test_an_asset_that_is_not_there_is_asked_for_again(town: Town) -> None:
    """Only what is there is kept for a year."""
    visit = town.anonymous()
    assert visit.get("/assets/none.css").headers["cache-control"] == "no-store"
    assert "immutable" in visit.get("/assets/tocsin.css").headers["cache-control"]


def test_what_is_no_address_is_not_kept_as_one(town: Town) -> None:
    """A proxy's header can hold anything."""
    client = TestClient(town.app, base_url=PUBLIC_URL, client=("<script>", 1))
    visit = Visit(client)
    visit.send("/sign-in", email="nobody@school.example", password="wrong wrong wrong")
    (address,) = town.site.accounts.db.execute("SELECT DISTINCT address FROM sign_in_log").fetchone()
    assert address == ""


def test_a_number_that_no_file_could_have_is_no_school(town: Town) -> None:
    """Before it becomes part of a file's name."""
    visit = town.anonymous()
    assert visit.get(f"/brand/{'a' * 300}.css").status_code == 404


def test_two_roles_together_do_no_more_than_each_alone(town: Town) -> None:
    """Staff act on what they reported, governors see the sheet; together that is no right to contain a stranger's."""
    both = town.site.accounts.add_person(
        "both@school.example", "Both", [Membership(Role.STAFF, URN), Membership(Role.GOVERNOR, URN)]
    )
    ref = town.breach()
    visit = town.signed_in(both)
    assert visit.get(f"/escalations/{ref}").status_code == 200
    assert visit.get(f"/incidents/{ref}/do/record_stopped").status_code == 404
    assert visit.get(f"/incidents/{ref}/do/add_note").status_code == 200
