"""Each role's main journey in a real browser, on a real Tocsin with its real Temporal server."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.policy import default
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser

from adapters.accounts.report_links import link_of
from adapters.bootstrap import Settings, Tocsin
from adapters.clock import system_clock
from domain.roles import Role
from tests.browser.conftest import DESKTOP, PHONE, Browsing, wait_until
from tests.installation import Installation

URN = "100001"
PASSWORD = "three quiet words beside the sea"
ADMINISTRATOR = "office@example-primary.invalid"

HURRIED: dict[str, dict[str, Any]] = {
    "confirm_breach": {"basis": "The stick holds pupils’ files", "reason_later_than_first_signal": "It was looked for"},
    "record_ongoing": {},
    "record_stopped": {"detail": "It was handed in"},
    "take_containment": {"item": "search", "action": "equipment_recovered"},
    "judge_significance": {"significant": "yes", "reason": "Health data of children"},
    "consider_police": {"inform": "no", "reason": "It was not stolen"},
    "start_investigation": {},
    "describe_data": {"kinds": ["health", "basic_personal_identifiers"], "sensitivity": "Very: health"},
    "describe_people": {"groups-pupils-certainty": "exact", "groups-pupils-number": "12"},
    "describe_protections": {"encryption": "none"},
    "describe_effects": {"confidentiality": "exposed_no_evidence_of_access"},
    "consider_misuse": {"possible": "no"},
    "describe_consequences": {"likely_consequences": "Worry"},
    "describe_cause": {"cause": "human_error"},
    "assess_risk": {"level": "risk", "reasons": "It was unencrypted for a day"},
    "complete_investigation": {"summary": "A stick was lost and found"},
    "advise": {"notify_regulator": "yes", "communicate": "no", "risk": "risk", "reasons": "It cannot be excluded"},
    "decide_notification": {"notify_regulator": "yes", "reasons": "As advised"},
    "decide_communication": {"communicate": "no", "reasons": "The risk is not high"},
    "submit_report": {"complete": "yes"},
    "record_reference": {"reference": "IC-000000-X0X0"},
    "hold_review": {"causes": "No lanyard", "effectiveness": "Quick", "lessons": "Use lanyards", "systemic": "no"},
    "consider_disciplinary": {"warranted": "no", "reason": "A slip"},
    "report_to_senior_leadership": {"meeting_on": "today"},
    "report_to_governors": {"meeting_on": "today"},
    "review_procedure": {"changed": "no", "detail": "It held"},
    "inform_chair": {},
    "inform_lead": {},
    "inform_dpo": {},
    "close_incident": {"summary": "Found, reported, learnt from"},
}
"""What somebody in a hurry types into each form."""


@dataclass
class School:
    """A running Tocsin, and the secrets of whoever signed up."""

    installed: Installation
    browser: Browser
    keys: dict[str, str] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    opened: list[Browsing] = field(default_factory=list)

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://localhost:{self.installed.web}"

    def anonymous(self, **options: Any) -> Browsing:
        """A browser that knows nothing."""
        context = self.browser.new_context(**{"viewport": DESKTOP, "locale": "en-GB", **options})
        self.opened.append(Browsing(context, self.base))
        return self.opened[-1]

    def invited(self, role: Role) -> str:
        """A one-time link for somebody in that role, as whoever runs the machine prints it."""
        address = f"{role}@example-primary.invalid"
        words = ["people", "invite", address, "--name", f"The {role}", "--role", role, "--school", URN]
        return str(re.search(r"https?://\S+", self.installed.run(*words))[0])  # type: ignore[index]

    def code(self, address: str) -> str:
        """The code that the app shows now, or the next one where this one was used already."""
        totp, step = pyotp.TOTP(self.keys[address]), _step()
        self.used[address] = max(step, self.used.get(address, 0) + 1)
        wait_until(lambda: self.used[address] <= _step() + 1, seconds=35)
        return totp.at(self.used[address] * 30)

    def sign_up(self, visit: Browsing, link: str, address: str, *, new: bool = False) -> None:
        """Opens the one-time link, chooses a password, and an app where one is asked for."""
        page = visit.open(link)
        visit.must_be_sound()
        if new:
            page.fill("#name", "The office")
            page.fill("#email", address)
        page.fill("#password", PASSWORD)
        visit.press("Save and continue")
        if visit.heading() == "Set up your second step":
            visit.must_be_sound()
            self.keys[address] = page.locator("#key").inner_text().replace(" ", "")
            page.fill("#code", self.code(address))
            visit.press("Set up this app")

    def sign_in(self, visit: Browsing, address: str) -> None:
        """On the page that asks for it."""
        visit.page.fill("#email", address)
        visit.page.fill("#password", PASSWORD)
        visit.press("Sign in")
        if address in self.keys:
            visit.page.fill("#code", self.code(address))
            visit.press("Continue")

    def mail_to(self, address: str, about: str, ref: str) -> str:
        """The text of the e-mail to that address whose subject has those words and the reference, once it has come."""
        found: list[str] = []

        def there() -> bool:
            for path in self.installed.outbox():
                message = email.message_from_bytes(path.read_bytes(), policy=default)
                if message["To"] == address and about in message["Subject"] and ref in message["Subject"]:
                    found.append(message.get_content())
            return bool(found)

        wait_until(there)
        return found[0]

    def kinds(self, ref: str) -> list[str]:
        """The events of an incident."""
        tocsin = Tocsin(Settings(data=self.installed.data))
        try:
            return [event.fact.kind for event in tocsin.log.history(ref)]
        finally:
            tocsin.close()


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[School]:
    """One Tocsin for all journeys."""
    folder: Path = tmp_path_factory.mktemp("journeys")
    installed = Installation(folder / "data")
    installed.start()
    there = School(installed, chromium)
    yield there
    for visit in there.opened:
        visit.context.close()
    installed.end()


def _step() -> int:
    """The half minute that it is, as an app counts them."""
    return int(system_clock().timestamp()) // 30


def fill(visit: Browsing, typed: dict[str, Any]) -> None:
    """Types, ticks and chooses as a person does."""
    visit.page.wait_for_load_state()
    today = system_clock()
    for name, value in typed.items():
        if value == "today":
            parts = {"day": today.day, "month": today.month, "year": today.year}
            for part, number in parts.items():
                visit.page.fill(f'[name="{name}-{part}"]', str(number))
            continue
        for each in value if isinstance(value, list) else [value]:
            meant = {"yes": "true", "no": "false"}.get(each, each)
            chosen = visit.page.locator(f'[name="{name}"][value="{each}"], [name="{name}"][value="{meant}"]')
            if chosen.count():
                chosen.check()
            elif visit.page.locator(f'select[name="{name}"]').count():
                visit.page.select_option(f'[name="{name}"]', str(each))
            else:
                visit.page.fill(f'[name="{name}"]', str(each))


def reported(school: School, what: str, **options: Any) -> str:
    """Somebody reports on the school's own link; the reference."""
    visit = school.anonymous(**options)
    tocsin = Tocsin(Settings(data=school.installed.data))
    visit.open(f"/report/{link_of(tocsin.accounts, URN)}")
    tocsin.close()
    visit.page.fill("#what_happened", what)
    visit.press("Send the report")
    return re.search(rf"{URN}-[0-9A-Z]{{8}}", visit.page.inner_text("main"))[0]  # type: ignore[index]


def test_the_first_administrator_signs_up_and_adds_the_dpo(school: School) -> None:
    """From the link that is printed at the first start."""
    link = re.search(r"First sign-in\s+(\S+)", school.installed.printed())
    assert link
    visit = school.anonymous()
    school.sign_up(visit, link[1], ADMINISTRATOR, new=True)
    assert visit.heading() == "People"
    visit.must_be_sound()
    visit.open("/people/new")
    fill(visit, {"name": "The DPO", "email": "dpo@dpo-service.invalid", "roles": ["dpo"], "schools": URN})
    visit.must_be_sound()
    visit.press("Add and make a link")
    dpo = school.anonymous()
    school.sign_up(dpo, visit.page.input_value("#link"), "dpo@dpo-service.invalid")
    assert dpo.heading() == "Desk"
    again = school.anonymous()
    again.open(link[1])
    assert again.page.locator("#password").count() == 0


def test_a_member_of_staff_reports_in_a_minute_without_an_account_or_scripts(school: School) -> None:
    """On a telephone, by the school's own link."""
    ref = reported(school, "I left a memory stick on the bus", viewport=PHONE, java_script_enabled=False)
    assert school.kinds(ref)[0] == "incident.reported"
    assert ref in school.mail_to("lead@example-primary.invalid", "please look at it now", ref)


def test_lead_and_dpo_take_a_breach_from_the_report_to_its_end(school: School) -> None:
    """By the button “Next” alone, until nothing is asked for; then it is closed."""
    ref = reported(school, "A stick with pupils’ files is missing")
    visits = {}
    for role in (Role.LEAD, Role.DPO):
        visits[role] = school.anonymous()
        school.sign_up(visits[role], school.invited(role), f"{role}@example-primary.invalid")
        wait_until(lambda: ref in visits[role].open("/desk").inner_text("main"))  # noqa: B023
    visits[Role.LEAD].must_be_sound()
    visits[Role.LEAD].page.get_by_role("link", name=ref).first.click()
    visits[Role.LEAD].open(f"/incidents/{ref}/do/take_containment")
    _act_on_the_form(visits[Role.LEAD], ref)
    for _ in range(60):
        before = len(school.kinds(ref))
        for role in (Role.DPO, Role.LEAD):
            _act_next(visits[role], ref)
        kinds = school.kinds(ref)
        if kinds[-1] == "incident.closed" or len(kinds) == before:
            break
    assert school.kinds(ref)[-1] == "incident.closed"
    assert "This incident is closed" in visits[Role.LEAD].open(f"/incidents/{ref}").inner_text("main")
    visits[Role.LEAD].must_be_sound()
    visits[Role.DPO].open(f"/incidents/{ref}/documents")
    visits[Role.DPO].must_be_sound()


def _act_next(visit: Browsing, ref: str) -> None:
    """Presses “Next” and fills in the form, if anything is asked of this person."""
    visit.open(f"/incidents/{ref}")
    button = visit.page.locator('[accesskey="n"]')
    if button.count():
        button.click()
        _act_on_the_form(visit, ref)


def _act_on_the_form(visit: Browsing, ref: str) -> None:
    found = re.search(r"/do/(\w+)", visit.page.url)
    assert found, visit.page.url
    fill(visit, HURRIED[found[1]])
    visit.page.locator("main form button[type=submit]").last.click()
    visit.page.wait_for_load_state()
    assert re.search(rf"/incidents/{ref}\?done=", visit.page.url), (found[1], visit.page.inner_text("main")[:600])


def test_the_chair_follows_the_link_in_the_e_mail_and_acknowledges(school: School) -> None:
    """The engine escalates; the chair signs in on the page that the message leads to, and presses one button."""
    address = "chair@example-primary.invalid"
    visit = school.anonymous(viewport=PHONE)
    school.sign_up(visit, school.invited(Role.CHAIR), address)
    visit.context.clear_cookies()
    ref = reported(school, "The safeguarding list went to all parents")
    school.installed.run("do", "confirm_breach", ref, "--as", "dpl", "basis=It names children")
    school.installed.run("do", "judge_significance", ref, "--as", "dpl", "significant=true", "reason=Safeguarding")
    text = school.mail_to(address, "Judged significant", ref)
    link = re.search(rf"{school.base}/escalations/{ref}", text)
    assert link
    visit.open(link[0])
    assert visit.heading() == "Sign in"
    visit.must_be_sound()
    school.sign_in(visit, address)
    assert visit.page.url == link[0]
    assert "judged significant" in visit.page.inner_text("main")
    visit.must_be_sound()
    visit.press("I have seen this")
    assert "Nothing waits for you" in visit.page.inner_text("main")
    assert school.kinds(ref)[-1] == "engine.escalation_acknowledged"


def test_an_auditor_walks_back_through_a_case(school: School) -> None:
    """Event by event, with page, log row, draft and sheet as they were; and the chain is proved."""
    ref = reported(school, "A list was left in the hall")
    school.installed.run("do", "confirm_breach", ref, "--as", "dpl", "basis=It names pupils")
    visit = school.anonymous()
    school.sign_up(visit, school.invited(Role.AUDITOR), "auditor@example-primary.invalid")
    visit.open(f"/audit/{ref}")
    visit.must_be_sound()
    assert "personal data breach" in visit.page.inner_text("main").lower()
    visit.page.locator('a[rel="prev"]').first.click()
    for _ in range(8):
        if visit.page.locator('a[rel="prev"]').count() == 0:
            break
        visit.page.locator('a[rel="prev"]').first.click()
    assert "suspected breach" in visit.page.inner_text("main").lower()
    visit.must_be_sound()
    visit.open(f"/incidents/{ref}/do/add_note")
    assert visit.heading() == "Page not found"


def test_a_headteacher_signs_in_with_a_passkey_alone(school: School) -> None:
    """Made in a real browser by an authenticator with user verification; no password is typed."""
    visit, address = school.anonymous(), "head@example-primary.invalid"
    school.sign_up(visit, school.invited(Role.HEAD), address)
    devtools = visit.context.new_cdp_session(visit.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    visit.open("/account/passkeys/new")
    if visit.heading() == "Sign in":
        school.sign_in(visit, address)
    visit.page.get_by_role("button", name=re.compile("passkey", re.IGNORECASE)).first.click()
    visit.page.wait_for_url(lambda url: "passkeys/new" not in url)
    visit.context.clear_cookies()
    visit.open("/sign-in")
    visit.press("Sign in with a passkey")
    visit.page.wait_for_url("**/desk")
    assert visit.heading() == "Desk"
    visit.must_be_sound()
