"""What guards every answer: headers, walls against other sites, and no inside shown."""

import pytest

from tests.web.conftest import Town

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
