"""Every page as people meet it: on a desk and on a telephone, with large text, in forced colours, without scripts."""

from collections.abc import Callable

import pytest

from adapters.accounts.report_links import link_of
from domain.commands.engine import RecordEscalation
from domain.roles import ENGINE, Role
from tests.browser.conftest import DESKTOP, PHONE, TABLET, Browsing, Served, violations
from tests.examples import URN
from tests.web.conftest import Town

LONG = "Wort" * 60
"""What no line can break but anywhere."""


def populated(town: Town) -> dict[str, str]:
    """An incident in every state; their references by name."""
    refs = {"whole": town.whole_life(), "breach": town.breach(), "suspicion": town.report(what_happened=LONG)}
    town.act(refs["breach"], "judge_significance", significant=True, reason=LONG)
    raised = RecordEscalation(alarm="significant.chair", to=Role.CHAIR, due_at=town.clock(), because="significant")
    town.tocsin.handler.handle(raised, refs["breach"], ENGINE, town.clock(), "engine")
    town.act(refs["suspicion"], "add_note", note=LONG)
    refs["near"] = town.report()
    town.act(refs["near"], "record_near_miss", what_prevented_it="It was noticed")
    town.act(refs["near"], "close_incident", summary="Learnt from")
    town.clock.forward(hours=80)
    refs["own"] = town.report(by=Role.STAFF)
    town.tocsin.views.catch_up()
    return refs


TERM = "from=2026-09-01&to=2026-12-31"
PAGES: dict[Role, Callable[[dict[str, str]], list[str]]] = {
    Role.STAFF: lambda refs: ["/my-reports", f"/my-reports/{refs['own']}", f"/schools/{URN}/report", "/account"],
    Role.LEAD: lambda refs: [
        "/desk", "/schools", "/desk?state=all", "/log", "/papers", f"/schools/{URN}", f"/schools/{URN}/poster",
        f"/schools/{URN}/review?{TERM}",
        *(f"/incidents/{ref}" for ref in refs.values()),
        *(f"/incidents/{refs[name]}/documents" for name in ("whole", "breach", "suspicion")),
        f"/incidents/{refs['breach']}/evidence",
        *(
            f"/incidents/{refs['breach']}/do/{command}"
            for command in ("describe_people", "assess_risk", "correct_occurrence", "decide_communication")
        ),
        f"/incidents/{refs['suspicion']}/do/confirm_breach",
    ],
    Role.DPO: lambda refs: [
        *(f"/incidents/{refs['breach']}/do/{command}" for command in ("advise", "write_message")),
        f"/schools/{URN}/do/give_opinion", "/account/tokens",
    ],
    Role.CHAIR: lambda refs: ["/escalations", f"/escalations/{refs['breach']}", f"/escalations/{refs['near']}"],
    Role.GOVERNOR: lambda refs: [f"/escalations/{refs['whole']}", f"/schools/{URN}/review?{TERM}"],
    Role.AUDITOR: lambda refs: [
        "/audit", "/audit/verify", f"/audit/log?school={URN}", "/people/sign-ins",
        *(f"/audit/{refs['whole']}?at={at}&part={part}" for at, part in ((1, "case"), (12, "report"), (30, "row"))),
        f"/audit/{refs['whole']}/changes?from=1&to=20",
    ],
    Role.ADMINISTRATOR: lambda refs: ["/people", "/people/new", "/people/sign-ins", f"/schools/{URN}"],
}  # fmt: skip


@pytest.mark.parametrize("role", PAGES)
def test_every_page_is_sound_on_a_desk_and_fits_a_telephone(served: Served, role: Role) -> None:
    """No violation that axe finds, no error of a script or of the content policy, nothing wider than the screen."""
    refs = populated(served.town)
    visit = served.signed_in(role)
    for path in PAGES[role](refs):
        visit.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        answer = visit.page.goto(f"{visit.base}{path}")
        assert answer
        assert answer.status == 200, path
        visit.must_be_sound()
        visit.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        wide = visit.page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} pixels wider than a telephone"


@pytest.mark.parametrize("role", [Role.LEAD, Role.CHAIR, Role.AUDITOR])
def test_with_text_twice_as_large_nothing_is_lost(served: Served, role: Role) -> None:
    """WCAG 2.2, 1.4.4: on a tablet, with the reader's own size of letters."""
    visit = served.signed_in(role, viewport=TABLET)
    for path in PAGES[role](populated(served.town))[:6]:
        visit.open(path)
        visit.page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide = visit.page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} pixels too wide"


def test_in_forced_colours_the_pages_stay_sound(served: Served) -> None:
    """Where the system chooses every colour."""
    refs = populated(served.town)
    visit = served.signed_in(Role.LEAD, forced_colors="active")
    for path in ("/desk", f"/incidents/{refs['breach']}", f"/incidents/{refs['breach']}/do/confirm_breach"):
        visit.open(path)
        assert violations(visit.page) == []


def test_a_form_with_mistakes_is_sound_and_keeps_what_was_typed(served: Served) -> None:
    """The summary has the focus, each field says what is wrong with it."""
    refs = populated(served.town)
    visit = served.signed_in(Role.LEAD)
    visit.open(f"/incidents/{refs['breach']}/do/take_containment")
    visit.page.fill('[name="detail"]', "We asked for it back")
    visit.page.fill('[name="taken_at-day"]', "40")
    visit.page.locator("main form button[type=submit]").last.click()
    visit.page.wait_for_load_state()
    assert visit.page.title().startswith("Error: ")
    assert visit.page.input_value('[name="detail"]') == "We asked for it back"
    assert "govuk-error-summary" in visit.page.evaluate("document.activeElement.className")
    visit.must_be_sound()


def test_the_first_page_and_its_answers_are_sound_for_whoever_has_no_account(served: Served) -> None:
    """Sign-in, help, what is not there, the report and its mistakes."""
    visit = served.anonymous(viewport=PHONE)
    link = link_of(served.town.site.accounts, URN)
    for path in ("/sign-in", "/help", "/nowhere", "/invitation/none", "/report/none", f"/report/{link}"):
        visit.open(path)
        visit.must_be_sound()
    visit.press("Send the report")
    visit.page.wait_for_load_state()
    assert visit.page.title().startswith("Error: ")
    visit.must_be_sound()


def tab_to(visit: Browsing, name: str) -> None:
    """Presses Tab until the element of that name has the focus."""
    spoken = "document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText || ''"
    for _ in range(120):
        visit.page.keyboard.press("Tab")
        if str(visit.page.evaluate(spoken)).strip().startswith(name):
            return
    raise AssertionError(f"no way to “{name}” by the keyboard")


def test_a_report_is_made_with_the_keyboard_alone(served: Served) -> None:
    """From the first field to the reference."""
    visit = served.anonymous()
    visit.open(f"/report/{link_of(served.town.site.accounts, URN)}")
    tab_to(visit, "What happened?")
    visit.page.keyboard.type("A list was left in the hall")
    tab_to(visit, "Send the report")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/received**")
    assert f"{URN}-" in visit.page.inner_text("main")


def test_a_breach_is_confirmed_with_the_keyboard_alone(served: Served) -> None:
    """From the desk, by the first thing that is asked."""
    ref = served.town.report()
    visit = served.signed_in(Role.LEAD)
    visit.open("/desk")
    tab_to(visit, "A memory stick is missing")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(f"**/incidents/{ref}")
    tab_to(visit, "Next:")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/do/confirm_breach")
    tab_to(visit, "Confirm")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(f"**/incidents/{ref}?done=confirm_breach")


def test_without_scripts_a_lead_does_the_same(served: Served) -> None:
    """Desk, incident, form, and back."""
    ref = served.town.report()
    visit = served.signed_in(Role.LEAD, java_script_enabled=False)
    visit.open("/desk")
    visit.follow("A memory stick is missing")
    visit.page.locator('[accesskey="n"]').click()
    visit.page.locator("main form button[type=submit]").last.click()
    visit.page.wait_for_url(f"**/incidents/{ref}?done=confirm_breach")


def test_the_session_is_about_to_end_and_can_be_kept(served: Served) -> None:
    """A warning five minutes before, announced once; one press keeps the session, and what is typed stays."""
    ref = served.town.report()
    visit = served.signed_in(Role.LEAD)
    visit.page.clock.install()
    visit.open(f"/incidents/{ref}/do/add_note")
    visit.page.fill('[name="note"]', "Half a note")
    served.town.clock.forward(minutes=26)
    visit.page.clock.fast_forward(26 * 60 * 1000)
    visit.page.get_by_role("button", name="Stay signed in").click()
    visit.page.get_by_text("You stay signed in until").first.wait_for()
    assert visit.page.input_value('[name="note"]') == "Half a note"
    served.town.clock.forward(minutes=10)
    assert visit.open("/desk").locator("h1").inner_text() == "Desk"
    visit.must_be_sound()


def test_a_form_sent_after_the_session_ended_is_not_lost(served: Served) -> None:
    """It comes back whole; after signing in again elsewhere it is sent with one press."""
    ref = served.town.report()
    visit = served.signed_in(Role.LEAD)
    visit.open(f"/incidents/{ref}/do/add_note")
    visit.page.fill('[name="note"]', "Half an hour’s work")
    served.town.site.accounts.end_sessions(served.town.person(Role.LEAD).id)
    visit.page.locator("main form button[type=submit]").last.click()
    visit.page.wait_for_load_state()
    assert "what you typed is kept" in visit.heading()
    secret = served.town.site.accounts.open_session(served.town.person(Role.LEAD).id, strong=True)
    visit.context.add_cookies([{"name": served.town.site.cookie, "value": secret, "url": visit.base}])
    for _ in range(2):
        visit.press("Send it again")
        visit.page.wait_for_load_state()
        if "done=add_note" in visit.page.url:
            break
    notes = [event.fact for event in served.town.tocsin.log.history(ref) if event.fact.kind == "incident.note_added"]
    assert [getattr(fact, "note", "") for fact in notes] == ["Half an hour’s work"]


def test_a_schools_colour_is_worn_by_its_pages(served: Served) -> None:
    """And by no other."""
    schools = served.town.tocsin.schools
    schools.add(schools.school(URN).model_copy(update={"colour": "#7a1f5c"}))
    visit = served.signed_in(Role.LEAD)
    ref = served.town.report()
    of_the_brand = "getComputedStyle(document.documentElement).getPropertyValue('--govuk-brand-colour').trim()"
    visit.open(f"/incidents/{ref}")
    assert visit.page.evaluate(of_the_brand) == "#7a1f5c"
    visit.open("/desk")
    assert visit.page.evaluate(of_the_brand) == "#1b365d"
