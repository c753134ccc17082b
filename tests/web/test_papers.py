"""The governors' papers on the page and as files: the same figures, and no name that somebody typed."""

from datetime import date
from itertools import pairwise

import pytest

from adapters.accounts import Membership
from adapters.review_papers import of_period
from adapters.web.paper_pages import presets, query
from domain.commands.school import GiveOpinion, RecordTraining
from domain.roles import MAY, SEES, Role
from projections.periods import Period
from tests.examples import SCHOOL, URN
from tests.terms import a_busy_year
from tests.web.answers import without_nonces
from tests.web.conftest import OTHER_URN, ROLES, Town

AUTUMN = "from=2026-09-01&to=2026-12-31"
DAYS = (date(2026, 9, 1), date(2026, 12, 31))
NAME = "Margaret Okonkwo"
"""Nobody; it reads like a name that somebody typed."""


@pytest.fixture
def busy(town: Town) -> Town:
    """A year with nine incidents, a supplier's breach from beginning to end, training and an opinion, in January."""
    town.whole_life()
    for told in a_busy_year(9, 2026):
        for event in told.case.events:
            town.tocsin.log.append([event.model_copy(update={"incident": event.incident.replace("-0", "-9", 1)})])
    town.tocsin.act_for_school(
        RecordTraining(on=date(2026, 9, 3), group="staff", in_post=40, trained=37), URN, town.actor("dpl")
    )
    town.tocsin.act_for_school(
        GiveOpinion(
            begins_on=DAYS[0],
            ends_on=DAYS[1],
            opinion=f"The school reports early; it was {NAME} who reported most.",
            themes=("Messages to the wrong recipients",),
            recommendations=("Turn on delayed sending",),
            decisions_asked=("Fund delayed sending",),
        ),
        URN,
        town.actor("dpo"),
    )
    town.tocsin.views.catch_up()
    return town


@pytest.mark.parametrize("role", ROLES)
def test_the_papers_are_for_whom_the_table_of_roles_names(town: Town, role: Role) -> None:
    """List, page and files alike; and the acts that the role may."""
    expected = 200 if role in SEES["governors_review"] else 404
    visit = town.signed_in(role)
    paths = ("/papers", *(f"/schools/{URN}/review{end}?{AUTUMN}" for end in ("", ".pdf", ".docx", ".json")))
    assert [visit.get(path).status_code for path in paths] == [expected] * 5
    if expected == 200:
        page = visit.get(f"/schools/{URN}/review").text
        assert (f"/schools/{URN}/do/give_opinion" in page) == (role in MAY["give_opinion"])
        assert (f"/schools/{URN}/do/record_training" in page) == (role in MAY["record_training"])


def test_another_schools_papers_answer_like_none(town: Town) -> None:
    """Whatever the format."""
    visit = town.signed_in("chair")
    for end in ("", ".pdf", ".json"):
        closed = visit.get(f"/schools/{OTHER_URN}/review{end}?{AUTUMN}")
        missing = visit.get(f"/schools/999999/review{end}?{AUTUMN}")
        assert (closed.status_code, without_nonces(closed.text)) == (404, without_nonces(missing.text))
    assert OTHER_URN not in visit.get("/papers").text
    assert visit.get("/papers", params={"school": OTHER_URN}).status_code == 422


def test_the_review_stands_on_the_page(busy: Town) -> None:
    """The figures, the charts with their tables, what the DPO says, measures, training and what is asked for."""
    page = " ".join(busy.signed_in("chair").get(f"/schools/{URN}/review?{AUTUMN}").text.split())
    for words in (
        "1 September 2026 to 31 December 2026",
        "4 incidents: 4 breaches.",
        "Fund delayed sending",
        "Turn on delayed sending",
        "Messages to the wrong recipients",
        "37 of 40",
        "92%",
        "Measures open or done in the period",
        "Small numbers can point to a person",
        busy.tocsin.log.code(),
    ):
        assert words in page
    charts = page.split("<svg ")[1:]
    assert len(charts) >= 3
    for chart in charts:
        drawn = chart.split("</svg>")[0]
        assert drawn.startswith('role="img"')
        assert "<title>" in drawn
        assert "<desc>" in drawn
        assert "style=" not in drawn


@pytest.mark.parametrize("role", ["governor", "chair", "dpo", "auditor"])
def test_a_name_that_somebody_typed_is_not_on_the_page(busy: Town, role: str) -> None:
    """Wherever it was typed: the page is the governors' paper, whoever reads it."""
    ref = busy.breach()
    busy.act(ref, "hold_review", causes="Haste.", effectiveness="Good.", lessons=[f"Ask {NAME} first."], systemic=True)
    busy.act(ref, "adopt_measure", item="m", measure=f"{NAME} checks", owner=NAME, due_on="2027-06-01")
    page = busy.signed_in(role).get(f"/schools/{URN}/review?from=2026-09-01&to=2027-08-31").text
    assert "who reported most" in page
    assert "[name left out]" in page
    assert "Okonkwo" not in page
    body = busy.signed_in(role).get(f"/schools/{URN}/review.json?from=2026-09-01&to=2027-08-31").text
    assert "Okonkwo" not in body


def test_a_reference_leads_governors_to_the_sheet_and_others_to_the_incident(busy: Town) -> None:
    """Governors are not shown the incident itself."""
    governor = busy.signed_in("governor").get(f"/schools/{URN}/review?{AUTUMN}").text
    dpo = busy.signed_in("dpo").get(f"/schools/{URN}/review?{AUTUMN}").text
    assert f'href="/escalations/{URN}-7K3M9QXA"' in governor
    assert "/incidents/" not in governor
    assert f'href="/incidents/{URN}-7K3M9QXA"' in dpo


def test_the_files_are_those_that_the_functions_give(busy: Town) -> None:
    """Byte for byte, as attachments, the published ones too."""
    visit = busy.signed_in("governor")
    for published, more in ((False, ""), (True, "&published=1")):
        made = of_period(busy.tocsin, URN, DAYS, None, published=published, opinion=False, progress=lambda *_: None)
        for fmt in ("pdf", "docx", "json"):
            answer = visit.get(f"/schools/{URN}/review.{fmt}?{AUTUMN}{more}")
            assert answer.content == made[fmt]()
            name = f"{'published-' if published else ''}review-{URN}-2026-09-01-to-2026-12-31.{fmt}"
            assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'


def test_an_opinion_that_names_somebody_is_not_published(busy: Town) -> None:
    """The sentence says what to do, and does not repeat the name."""
    answer = busy.signed_in("dpo").get(f"/schools/{URN}/review.pdf?{AUTUMN}&published=1&with_opinion=1")
    assert answer.status_code == 409
    assert "give it again without, or publish without it" in answer.text


def test_what_cannot_be_published_yet_is_not_offered(busy: Town) -> None:
    """A period that is not over, or too short; the address of the file says the same."""
    visit = busy.signed_in("head")
    for dates, why in (("from=2027-01-01&to=2027-04-30", "not over"), ("from=2026-11-01&to=2026-11-20", "five weeks")):
        page = visit.get(f"/schools/{URN}/review?{dates}").text
        assert why in page
        assert "published=1" not in page
        assert visit.get(f"/schools/{URN}/review.pdf?{dates}&published=1").status_code == 409
    assert "published=1" in visit.get(f"/schools/{URN}/review?{AUTUMN}").text


def test_without_dates_it_is_the_term_so_far(busy: Town) -> None:
    """And says that it is not over."""
    page = " ".join(busy.signed_in("chair").get(f"/schools/{URN}/review").text.split())
    assert "1 January 2027 to 30 April 2027" in page
    assert "The period is not over" in page


@pytest.mark.parametrize(
    "dates",
    [
        "from=2026-09-01",
        "from=2026-12-31&to=2026-09-01",
        "from=x&to=y",
        "from=0001-01-01&to=2026-01-01",
        "from=&to=%00",
    ],
)
def test_a_period_that_is_none_is_told_in_a_sentence(town: Town, dates: str) -> None:
    """On the page with what was typed; for a file too."""
    visit = town.signed_in("chair")
    page = visit.get(f"/schools/{URN}/review?{dates}")
    assert page.status_code == 422
    assert "Give the first and the last day of the period as dates" in page.text
    form = visit.form_in(page.text, f"/schools/{URN}/review")
    asked = dict(each.split("=") for each in dates.split("&"))
    assert form["from"] == asked["from"]
    assert visit.get(f"/schools/{URN}/review.pdf?{dates}").status_code == 409


def test_of_a_school_without_a_record_nothing_is_claimed(town: Town) -> None:
    """Noughts would look like figures."""
    page = town.signed_in("chair").get(f"/schools/{URN}/review?{AUTUMN}").text
    assert "Nothing at all is recorded of the school" in page
    assert "Figures of the period" not in page


@pytest.mark.parametrize(
    ("today", "newest"),
    [
        (date(2026, 9, 1), ["Autumn term 2026", "Summer term 2026", "Spring term 2026"]),
        (date(2026, 8, 31), ["Summer term 2026", "Spring term 2026", "Autumn term 2025"]),
        (date(2027, 1, 1), ["Spring term 2027", "Autumn term 2026", "Summer term 2026"]),
    ],
)
def test_the_terms_that_are_offered_follow_the_day(today: date, newest: list[str]) -> None:
    """This one and the two before it, without gaps; and two school years, of which the first is this one."""
    offered = presets(today)
    assert [each.name for each in offered[:3]] == newest
    assert offered[0].period.holds(today)
    assert all(later.period.preceding() == earlier.period for later, earlier in pairwise(offered[:3]))
    this_year, last_year = offered[3:]
    assert this_year.period.holds(today)
    assert this_year.period.preceding() == last_year.period
    assert query(Period(begins_on=DAYS[0], ends_on=DAYS[1])) == AUTUMN


def test_many_schools_are_paged_and_found_by_number(town: Town) -> None:
    """Each of them once."""
    for number in range(60):
        town.tocsin.schools.add(SCHOOL.model_copy(update={"id": f"2000{number:02}"}))
    dpo = town.site.accounts.add_person("dpo@service.example", "DPO", [Membership(Role.DPO)])
    visit = town.signed_in(dpo)
    seen = [visit.get(f"/papers?number={number}").text for number in (1, 2, 3)]
    assert [sum(f"/schools/{number}/review?" in page for page in seen) for number in ("200000", "200059", URN)] == [
        1
    ] * 3
    found = visit.get("/papers?school=200030").text
    assert "/schools/200030/review?" in found
    assert "/schools/200031/review?" not in found
    assert visit.get("/papers?number=999").status_code == 200
