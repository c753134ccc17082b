"""A real browser before the real application: Debian's Chromium, on pages served over loopback."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from adapters.accounts import Person
from adapters.temporal_server import free_port
from adapters.web import web_app
from adapters.web.site import Site
from domain.roles import Role
from tests.examples import URN
from tests.web.conftest import WELL, Town, two_schools

AXE = Path(__file__).parents[2] / ".tools" / "assets" / "axe.js"
WAIT_MS = 15_000
DESKTOP, TABLET, PHONE = {"width": 1280, "height": 900}, {"width": 768, "height": 1024}, {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a file: while it is there, no other test of this process may run a loop of its own."""
    path = os.environ.get("TOCSIN_CHROMIUM") or shutil.which("chromium")
    assert path, "the tests need a browser: “make install-test” installs Debian’s chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Browsing:
    """One person's browser: every page that is looked at is checked for accessibility and for errors."""

    context: BrowserContext
    base: str
    page: Page = field(init=False)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        # A refusal's own status is reported as an error by the browser; policy violations and exceptions are ours.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def open(self, path: str) -> Page:
        """Goes there."""
        self.page.goto(path if path.startswith("http") else f"{self.base}{path}")
        return self.page

    def press(self, name: str, role: str = "button") -> None:
        """Presses the button, or follows the link, of that name."""
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]

    def follow(self, name: str) -> None:
        """Follows the link of that name."""
        self.press(name, "link")

    def heading(self) -> str:
        """What the page is."""
        return self.page.locator("h1").first.inner_text()

    def must_be_sound(self) -> None:
        """No violation that axe can find, nothing wider than the screen, no error of a script or of the policy."""
        assert violations(self.page) == [], self.page.url
        wide = self.page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} pixels wider than the screen"
        assert self.complaints == []


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {each['help']}: {node['html'][:200]}" for each in found["violations"] for node in each["nodes"]
    ]


@dataclass
class Served:
    """The site under test, on a port."""

    town: Town
    base: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def anonymous(self, **options: Any) -> Browsing:
        """A browser that nobody signed in with."""
        context = self.browser.new_context(**{"viewport": DESKTOP, "locale": "en-GB", **options})
        self.contexts.append(context)
        return Browsing(context, self.base)

    def signed_in(self, role: Role | str | Person, school: str = URN, **options: Any) -> Browsing:
        """A browser in which somebody has signed in."""
        person = role if isinstance(role, Person) else self.town.person(role, school)
        secret = self.town.site.accounts.open_session(person.id, strong=True)
        browsing = self.anonymous(**options)
        cookie = {"name": self.town.site.cookie, "value": secret, "url": self.base}
        browsing.context.add_cookies([cookie])  # type: ignore[list-item]
        return browsing


@pytest.fixture
def served(tmp_path: Path, chromium: Browser) -> Iterator[Served]:
    """The site of two schools over HTTP."""
    port = free_port()
    base = f"http://localhost:{port}"
    with two_schools(tmp_path) as before:
        site = Site(before.tocsin, before.tocsin.accounts, base)
        town = Town(before.tocsin, site, web_app(site, lambda: WELL), before.clock)
        config = uvicorn.Config(town.app, host="127.0.0.1", port=port, log_config=None, access_log=False)
        with Running(uvicorn.Server(config)):
            there = Served(town, base, chromium)
            yield there
            for context in there.contexts:
                context.close()


class Running:
    """A server in a thread, until the end of the block."""

    def __init__(self, server: uvicorn.Server) -> None:
        self.server, self.thread = server, threading.Thread(target=server.run, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()
        wait_until(lambda: self.server.started)

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(timeout=10)


def wait_until(so: Callable[[], bool], seconds: float = 30) -> None:
    """Waits until it is so."""
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end
        time.sleep(0.02)
