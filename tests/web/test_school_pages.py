"""The page of a school, the poster for its staff room, and its colour."""

from datetime import date

import pytest
import yaml
from pydantic import ValidationError

from adapters.accounts import Membership
from adapters.accounts.report_links import link_of
from adapters.schools import described
from adapters.web.school_pages import limits_in_words
from domain.commands.school import GiveOpinion, RecordTraining
from domain.policy import Policy
from domain.roles import MAY, SEES, Role
from domain.school import School
from tests.examples import SCHOOL, URN
from tests.web.answers import address, without_nonces
from tests.web.conftest import OTHER_URN, ROLES, Town


@pytest.mark.parametrize("role", ROLES)
def test_a_school_is_shown_to_whoever_is_shown_one_of_its_lists(town: Town, role: Role) -> None:
    """With the parts of it that the role sees, and the acts that it may."""
    town.tocsin.act_for_school(
        GiveOpinion(begins_on=date(2026, 9, 1), ends_on=date(2026, 10, 31), opinion="All is well."),
        URN,
        town.actor("dpo"),
    )
    visit = town.signed_in(role)
    page = visit.get(f"/schools/{URN}")
    sees = {view: role in SEES[view] for view in ("breach_log", "report_link", "governors_review")}
    assert page.status_code == (200 if any(sees.values()) else 404)
    assert visit.get(f"/schools/{OTHER_URN}").status_code == 404
    if page.status_code == 200:
        assert (link_of(town.site.accounts, URN) in page.text) == sees["report_link"]
        assert (f"/log?school={URN}" in page.text) == sees["breach_log"]
        assert ("All is well." in page.text) == sees["governors_review"]
        assert ("do/record_training" in page.text) == (role in MAY["record_training"])
        assert ("do/give_opinion" in page.text) == (role in MAY["give_opinion"])


@pytest.mark.parametrize("role", ROLES)
def test_the_link_and_the_poster_are_for_whom_the_table_names(town: Town, role: Role) -> None:
    """Nobody else changes the address or prints it."""
    expected = role in SEES["report_link"]
    visit, before = town.signed_in(role), link_of(town.site.accounts, URN)
    assert visit.get(f"/schools/{URN}/poster").status_code == (200 if expected else 404)
    form = visit.form(f"/schools/{URN}", f"/schools/{URN}/report-link") if expected else {"csrf": csrf_of(town, role)}
    answer = visit.client.post(f"/schools/{URN}/report-link", data=form)
    assert answer.status_code == (303 if expected else 404)
    assert (link_of(town.site.accounts, URN) != before) == expected


def csrf_of(town: Town, role: Role) -> str:
    """A token that is right, so that only the wall is left to refuse."""
    row = town.site.accounts.db.execute(
        "SELECT hash FROM sessions WHERE person = ? ORDER BY opened_at DESC", (town.person(role).id,)
    ).fetchone()
    return town.site.signature("form", row["hash"])


def test_changing_the_address_says_so_and_stops_the_old_one(town: Town) -> None:
    """And who did it is in the log of sign-ins."""
    visit, old = town.signed_in("dpl"), address(town)
    answer = visit.send(f"/schools/{URN}", f"/schools/{URN}/report-link")
    page = visit.get(answer.headers["location"].split("#")[0])
    assert "The old one stopped" in page.text
    assert town.anonymous().get(old).status_code == 404
    assert town.anonymous().get(address(town)).status_code == 200
    [row] = town.site.accounts.db.execute("SELECT * FROM sign_in_log WHERE what = 'report_link_changed'").fetchall()
    assert (row["person"], row["detail"]) == (town.person("dpl").id, URN)


VIEWS = ("breach_log", "report_link", "governors_review")


@pytest.mark.parametrize("role", ROLES)
def test_the_schools_whose_page_somebody_may_open_are_listed(town: Town, role: Role) -> None:
    """The own ones alone; whoever may open none finds no such page."""
    answer = town.signed_in(role).get("/schools")
    expected = any(role in SEES[view] for view in VIEWS)
    assert answer.status_code == (200 if expected else 404)
    if expected:
        assert f'<a class="govuk-link" href="/schools/{URN}">{SCHOOL.name}</a>' in answer.text
        assert OTHER_URN not in answer.text
        assert "Another Example School" not in answer.text
        assert OTHER_URN not in town.signed_in(role).get(f"/schools?find={OTHER_URN}").text.replace(
            f'value="{OTHER_URN}"', ""
        )


def many_schools(town: Town, count: int) -> None:
    """That many more schools in the register, besides two."""
    described_as = SCHOOL.model_dump(mode="json", exclude_none=True)
    for number in range(200_000, 200_000 + count):
        text = yaml.safe_dump({**described_as, "id": str(number), "name": f"School of the Hill {number - 200_000:04}"})
        (town.tocsin.schools.folder / f"{number}.yaml").write_text(text, encoding="utf-8")


def test_among_many_schools_one_is_found_by_a_part_of_its_name_or_number(town: Town) -> None:
    """A hundred are shown, by name; the wall holds for whoever serves a few of them."""
    many_schools(town, 130)
    officer = town.site.accounts.add_person("dpo@service.example", "An officer", [Membership(Role.DPO, None)])
    visit = town.signed_in(officer)
    page = visit.get("/schools").text
    assert page.count('href="/schools/') == 100
    assert "Shown are the first 100 of 132 schools, by name." in page
    assert page.index("Another Example School") < page.index(SCHOOL.name) < page.index("School of the Hill 0000")
    for typed in ("hill 0129", " HILL  0129 ", "200129"):
        found = visit.get("/schools", params={"find": typed}).text
        assert found.count('href="/schools/') == 1
        assert 'href="/schools/200129"' in found
        assert "1 of your 132 schools has that in the name or number." in found
    nothing = visit.get("/schools", params={"find": "<b>nowhere"})
    assert nothing.status_code == 200
    assert "None of your schools has that in its name or number." in nothing.text
    assert 'value="&lt;b&gt;nowhere"' in nothing.text
    few = [Membership(Role.DPO, "200001"), Membership(Role.STAFF, "200002"), Membership(Role.LEAD, "200003")]
    serving = town.signed_in(town.site.accounts.add_person("few@service.example", "Another officer", few))
    page = serving.get("/schools?find=hill").text
    assert [number for number in range(200_000, 200_130) if f'href="/schools/{number}"' in page] == [200_001, 200_003]


def test_a_school_whose_file_is_broken_is_listed_by_its_number(town: Town) -> None:
    """And the others by their names."""
    (town.tocsin.schools.folder / f"{OTHER_URN}.yaml").write_text("id: [", encoding="utf-8")
    officer = town.site.accounts.add_person("dpo@service.example", "An officer", [Membership(Role.DPO, None)])
    page = town.signed_in(officer).get("/schools").text
    assert f"School {OTHER_URN}" in page
    assert SCHOOL.name in page


def test_a_list_without_schools_says_what_will_stand_there(town: Town) -> None:
    """Nothing to search, and no table."""
    lead = town.person("dpl")
    town.site.accounts.set_memberships(lead.id, [Membership(Role.LEAD, "100099")])
    page = town.signed_in(lead).get("/schools")
    assert page.status_code == 200
    assert "The schools whose pages you may open will stand here" in page.text
    assert "<table" not in page.text


def test_the_poster_holds_the_address_as_text_and_as_a_picture(town: Town) -> None:
    """The picture is part of the page, without styles that the content policy would drop."""
    page = town.signed_in("administrator").get(f"/schools/{URN}/poster").text
    assert f"http://localhost:8700{address(town)}" in page
    picture = page[page.index("<svg role") : page.index("</svg>", page.index("<svg role"))]
    assert 'aria-label="The address as a QR code"' in picture
    assert "style=" not in picture


def test_contacts_limits_and_training_stand_on_the_page(town: Town) -> None:
    """In words."""
    town.tocsin.act_for_school(
        RecordTraining(on=date(2026, 9, 3), group="staff", in_post=40, trained=37), URN, town.actor("dpl")
    )
    page = town.signed_in("head").get(f"/schools/{URN}").text
    for words in (
        "dpo@service.example",
        "01632 960000",
        "24, 48, 60 and 71 hours",
        "3 September 2026",
        "Chair of governors",
    ):
        assert words in page


def test_limits_are_said_as_people_say_them() -> None:
    """One of each kind."""
    words = dict(limits_in_words(Policy(reminders_after_awareness=(1,), measures_escalated_days_after=0)))
    assert words["Reminders, after the school became aware"] == "1 hour"
    assert words["Nothing happens in the step “review”"] == "14 days"
    assert words["Owners of measures are reminded"] == "7 days before and on the day"
    assert words["Overdue measures are escalated"] == "On the day on which they are due"


def test_what_governors_read_of_an_opinion_leaves_names_out(town: Town) -> None:
    """As in every paper of theirs."""
    town.tocsin.act_for_school(
        GiveOpinion(
            begins_on=date(2026, 9, 1), ends_on=date(2026, 10, 31), opinion="It was Margaret Okonkwo who reported it."
        ),
        URN,
        town.actor("dpo"),
    )
    page = town.signed_in("governor").get(f"/schools/{URN}").text
    assert "who reported it" in page
    assert "Okonkwo" not in page


def test_a_schools_colour_is_worn_by_its_pages(town: Town) -> None:
    """Also by the page that needs no account."""
    town.tocsin.schools.add(SCHOOL.model_copy(update={"colour": "#7a1f5c"}))
    visit = town.anonymous()
    css = visit.get(f"/brand/{URN}.css")
    assert css.headers["content-type"].startswith("text/css")
    assert css.text == ":root{--govuk-brand-colour:#7a1f5c}\n"
    assert f'href="/brand/{URN}.css"' in visit.get(address(town)).text
    assert f'href="/brand/{URN}.css"' in town.signed_in("dpl").get(f"/schools/{URN}").text


def test_a_school_without_a_colour_answers_like_no_school(town: Town) -> None:
    """So that the address tells nobody which schools there are."""
    visit = town.anonymous()
    (town.tocsin.schools.folder / "100003.yaml").write_text("id: [", encoding="utf-8")
    answers = [visit.get(f"/brand/{number}.css") for number in (OTHER_URN, "999999", "100003")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({without_nonces(answer.text) for answer in answers}) == 1
    assert "/brand/" not in visit.get(address(town)).text


@pytest.mark.parametrize("colour", ["#1b365d", "#767676", "#000000", "#7A1F5C"])
def test_a_colour_that_carries_white_text_is_taken(colour: str) -> None:
    """#767676 is the lightest grey that does: 4.54 to 1."""
    assert School.model_validate({**SCHOOL.model_dump(), "colour": colour}).colour == colour.lower()


@pytest.mark.parametrize(
    ("colour", "why"),
    [
        ("#777777", "choose a darker one"),
        ("#ffffff", "choose a darker one"),
        ("#fd0", "write the colour as"),
        ("red", "write the colour as"),
        ("#1b365d;}", "write the colour as"),
        ("#1b365d\n", "write the colour as"),
    ],
)
def test_another_colour_is_refused_in_a_sentence(colour: str, why: str) -> None:
    """#777777 has 4.48 to 1."""
    with pytest.raises(ValidationError) as refused:
        School.model_validate({**SCHOOL.model_dump(), "colour": colour})
    assert why in described(refused.value)
