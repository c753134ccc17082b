"""The desk on the page: whose incidents, in what order, when, and the way to what is asked for next."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from adapters.accounts import Membership, Person
from adapters.web import desk_pages
from domain.roles import Role
from tests.examples import SCHOOL, URN
from tests.web.browsing import Visit
from tests.web.conftest import OTHER_URN, Town

REF = re.compile(r'<li class="desk-row[^"]*" id="([^"]+)"')


def refs(html: str) -> list[str]:
    """The incidents on the page, from its top."""
    return REF.findall(html)


def text(html: str) -> str:
    """What people read."""
    said = re.sub(r"<(script|style).*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", said)).split())


def row_of(html: str, ref: str) -> str:
    """The part of the page about one incident."""
    return html.split(f'id="{ref}"', 1)[1].split("</li>", 1)[0]


def links(html: str) -> list[str]:
    """Where the page's links lead, in the order in which the keyboard reaches them."""
    return [unescape(href) for href in re.findall(r'<a [^>]*?href="([^"]+)"', html)]


def serves(town: Town, *memberships: tuple[Role, str | None]) -> Visit:
    """The browser of somebody with these roles."""
    number = len(town.site.accounts.people())
    held = [Membership(role, school) for role, school in memberships]
    person = town.site.accounts.add_person(f"{number}@service.example", "Somebody", held)
    return town.signed_in(person)


def both(town: Town) -> Visit:
    """The browser of a DPO of both schools."""
    return serves(town, (Role.DPO, URN), (Role.DPO, OTHER_URN))


def test_with_nothing_open_the_desk_says_what_will_stand_there(town: Town) -> None:
    """And after a filter, that a filter may be removed."""
    visit = town.signed_in("dpo")
    assert "No incident is open at your schools." in text(visit.get("/desk").text)
    found = text(visit.get("/desk?step=notify").text)
    assert "Nothing matches; remove a filter." in found
    assert "No incident is open" not in found


def test_the_next_clock_comes_first_whatever_the_school(town: Town) -> None:
    """A suspicion counts by the clock that it would have."""
    suspicion = town.report()
    first = town.breach(OTHER_URN)
    town.clock.forward(hours=1)
    second, later = town.breach(), town.report(OTHER_URN)
    found = refs(both(town).get("/desk").text)
    assert [{*found[:2]}, {*found[2:]}] == [{suspicion, first}, {second, later}]
    assert refs(town.signed_in("dpo").get("/desk").text) == [suspicion, second]


def test_a_row_says_how_long_until_when_and_what_is_asked_of_whom(town: Town) -> None:
    """In the school's own zone, with the working time by its own calendar."""
    town.tocsin.schools.add(SCHOOL.model_copy(update={"zone": "Europe/Amsterdam", "nation": "Netherlands"}))
    ref = town.breach()
    town.clock.forward(hours=1)
    row = row_of(town.signed_in("dpl").get("/desk").text, ref)
    said = text(row)
    assert 'data-left-until="2026-11-23T12:00:00+00:00">71 hours left' in row
    assert "The 72 hours end Mon 23 Nov 2026, 13:00 CET" in said
    assert "Working time left: 8 hours" in said  # Friday 14:00 to 17:00 and Monday 08:00 to 13:00 in Amsterdam
    assert "A memory stick is missing" in said
    assert "Personal data breach Step 1 of 5: Discover" in said
    assert "Tell the Data Protection Officer" in said
    assert "Asked of: Data Protection Lead (you)" in said
    assert "Due by then: Decide whether the regulator is notified" in said
    assert re.search(r"and \d+ more", said)


def test_each_row_leads_to_the_incident_and_to_the_first_act_that_one_may_do(town: Town) -> None:
    """In that order, before anything of a less urgent row; one key leads to the very first act."""
    first = town.breach()
    town.clock.forward(hours=1)
    second = town.report()
    html = town.signed_in("dpo").get("/desk").text
    of_rows = [href for href in links(html) if "/incidents/" in href]
    assert of_rows == [
        f"/incidents/{first}", f"/incidents/{first}/do/inform_dpo",
        f"/incidents/{second}", f"/incidents/{second}/do/confirm_breach",
    ]  # fmt: skip
    (key,) = re.findall(r'<a [^>]*accesskey="n"[^>]*>', html)
    assert f"/incidents/{first}/do/inform_dpo" in key
    for href in of_rows:
        assert town.signed_in("dpo").get(href).status_code == 200


def test_whoever_may_decide_is_led_to_the_decision_that_is_due(town: Town) -> None:
    """The DPO advises, and is shown it without a link (UK GDPR Art. 38(6))."""
    ref = town.breach()
    decision = f"/incidents/{ref}/do/decide_notification"
    assert decision in links(town.signed_in("head").get("/desk").text)
    assert decision not in links(town.signed_in("dpo").get("/desk").text)


def test_an_auditor_reads_the_desk_and_is_led_to_no_act(town: Town) -> None:
    """The same incidents, and what is asked of others."""
    ref = town.breach()
    html = town.signed_in("auditor").get("/desk").text
    assert refs(html) == [ref]
    assert "Tell the Data Protection Officer" in text(html)
    assert not [href for href in links(html) if "/do/" in href]
    assert 'accesskey="n"' not in html


@pytest.mark.parametrize("role", ["staff", "chair", "governor", "administrator"])
def test_there_is_no_desk_for_other_roles(town: Town, role: str) -> None:
    """Like a page that does not exist."""
    assert town.signed_in(role).get("/desk").status_code == 404


def test_what_is_due_today_stands_on_top_and_what_is_overdue_above_it(town: Town) -> None:
    """Today ends at the school's midnight; overdue is said in words."""
    first = town.breach()
    town.clock.forward(hours=6)
    second = town.breach()
    town.clock.forward(hours=8)
    third = town.breach()
    visit = town.signed_in("dpl")

    def sections() -> dict[str, list[str]]:
        parts = re.split(r"<h2[^>]*desk-heading[^>]*>", visit.get("/desk").text)[1:]
        return {text(part.split("</h2>")[0]): refs(part) for part in parts}

    assert sections() == {"Due later": [first, second, third]}
    assert "Nothing is due today." in text(visit.get("/desk").text)
    town.clock.forward(hours=46)  # Monday 00:00
    visit = town.signed_in("dpl")
    assert sections() == {"Due today": [first, second], "Due later": [third]}
    town.clock.forward(hours=12, seconds=1)
    visit = town.signed_in("dpl")
    assert sections() == {"Overdue and due today": [first, second], "Due later": [third]}
    html = visit.get("/desk").text
    assert "Overdue passed 0 minutes ago The 72 hours ended Mon 23 Nov 2026, 12:00 GMT" in text(row_of(html, first))
    assert "Overdue" not in text(row_of(html, second))
    assert "Working time left" not in text(row_of(html, first))


def test_each_row_is_due_by_its_own_schools_day(town: Town) -> None:
    """At 23:30 in London it is tomorrow in Amsterdam."""
    town.tocsin.schools.add(
        SCHOOL.model_copy(update={"id": OTHER_URN, "zone": "Europe/Amsterdam", "nation": "Netherlands"})
    )
    town.clock.forward(hours=11, minutes=30)
    london, amsterdam = town.breach(), town.breach(OTHER_URN)
    town.clock.forward(hours=61)  # Monday 12:30 in London; both are due at 23:30 UTC
    html = both(town).get("/desk").text
    today, later = html.split(">Due later<")
    assert refs(today) == [london]
    assert refs(later) == [amsterdam]


@pytest.fixture
def full(town: Town) -> tuple[Town, dict[str, str]]:
    """Both schools with incidents of several kinds."""
    made = {"breach": town.breach(), "elsewhere": town.breach(OTHER_URN)}
    town.clock.forward(hours=80)
    made["new"] = town.breach()
    made["suspicion"] = town.report()
    made["near miss"] = town.report()
    town.act(made["near miss"], "record_near_miss", what_prevented_it="The stick was encrypted")
    made["closed"] = town.report(OTHER_URN)
    town.act(made["closed"], "find_not_a_breach", reason="It held no personal data")
    town.act(made["closed"], "close_incident", summary="It was empty")
    return town, made


@pytest.mark.parametrize(
    ("query", "shown", "chips"),
    [
        ("", {"breach", "elsewhere", "new", "suspicion", "near miss"}, []),
        ("school=100002", {"elsewhere"}, ["School: Another Example School"]),
        ("school=another", {"elsewhere"}, ["School: Another Example School"]),
        ("school=school", {"breach", "elsewhere", "new", "suspicion", "near miss"}, ["School: “school”"]),
        ("school=nowhere", set(), ["School: “nowhere”"]),
        ("school=100003", set(), ["School: “100003”"]),
        ("overdue=yes", {"breach", "elsewhere"}, ["Overdue"]),
        ("finding=near+miss", {"near miss"}, ["Found to be: Near miss"]),
        ("finding=suspected+breach", {"suspicion"}, ["Found to be: Suspected breach"]),
        ("step=discover&finding=suspected+breach", {"suspicion"}, ["Step: Discover", "Found to be: Suspected breach"]),
        ("step=review", {"near miss"}, ["Step: Review"]),
        ("step=notify", set(), ["Step: Notify"]),
        ("state=closed", {"closed"}, ["Closed"]),
        ("state=all", {"breach", "elsewhere", "new", "suspicion", "near miss", "closed"}, ["Open and closed"]),
        ("state=all&step=review", {"near miss"}, ["Step: Review", "Open and closed"]),
        ("state=closed&overdue=yes", set(), ["Overdue", "Closed"]),
        ("who=head", {"breach", "elsewhere", "new"}, ["Asked of: Headteacher"]),
        ("who=me", {"breach", "elsewhere", "new", "suspicion", "near miss"}, ["Asked of: you"]),
        ("who=staff", {"suspicion"}, ["Asked of: Member of staff"]),
        # What is no choice at all counts as not chosen.
        ("step=x&state=y&who=engine&finding=z&overdue=1", {"breach", "elsewhere", "new", "suspicion", "near miss"}, []),
    ],
)
def test_each_filter_shows_what_it_says_and_a_chip_removes_it(
    full: tuple[Town, dict[str, str]], query: str, shown: set[str], chips: list[str]
) -> None:
    """Each chip is a link to the desk without that one filter."""
    town, made = full
    visit = both(town)
    html = visit.get(f"/desk?{query}").text
    assert set(refs(html)) == {made[name] for name in shown}
    found = re.findall(r'<a class="govuk-link desk-chip" href="([^"]*)">(.*?)</a>', html)
    assert [text(words).removeprefix("Remove the filter ").removesuffix(" ✕") for _, words in found] == chips
    for href, words in found:
        less = visit.get(unescape(href)).text
        assert words not in less
        assert less.count('class="govuk-link desk-chip"') == len(chips) - 1


def test_the_form_filters_and_shows_what_was_chosen(full: tuple[Town, dict[str, str]]) -> None:
    """Sent by GET, so that a view of the desk can be kept as a bookmark."""
    town, made = full
    visit = both(town)
    form = visit.form("/desk", "/desk")
    assert form == {"school": "", "step": "", "who": "", "finding": "", "state": "open"}
    chosen = form | {"school": OTHER_URN, "state": "all", "overdue": "yes"}
    html = visit.get("/desk", params=chosen).text
    assert refs(html) == [made["elsewhere"]]
    assert visit.form_in(html, "/desk") == chosen


def test_me_means_the_roles_that_one_holds_at_that_school(town: Town) -> None:
    """Also for somebody with one role everywhere and another at one school."""
    here, there = town.report(), town.report(OTHER_URN)  # asked of the lead and the DPO
    assert refs(serves(town, (Role.HEAD, URN), (Role.DPO, OTHER_URN)).get("/desk?who=me").text) == [there]
    assert refs(serves(town, (Role.HEAD, None), (Role.DPO, URN)).get("/desk?who=me").text) == [here]
    assert refs(serves(town, (Role.HEAD, None)).get("/desk?who=me").text) == []
    assert refs(serves(town, (Role.DPO, None)).get("/desk?who=me").text) == sorted([here, there])


def test_a_school_that_one_does_not_serve_answers_like_one_that_is_not_there(town: Town) -> None:
    """By its number, its name, or a place in the list of somebody who does serve it."""
    for _ in range(30):
        town.report(OTHER_URN)
    after = re.search(r"after=([^\"&]+)", town.signed_in("dpo", OTHER_URN).get("/desk").text)
    assert after
    visit = town.signed_in("dpo")

    def answered(query: str) -> str:
        html = visit.get(f"/desk?{query}").text
        assert OTHER_URN not in html.replace(f"school={OTHER_URN}", "").replace(f"“{OTHER_URN}”", "")
        return re.sub(r'nonce="[^"]*"|100002|999999|another|nowhere', "", text(html))

    assert answered(f"school={OTHER_URN}") == answered("school=999999")
    assert answered("school=another") == answered("school=nowhere")
    assert refs(visit.get(f"/desk?after={after[1]}").text) == []


def test_pages_follow_each_other_while_incidents_come_in(town: Town) -> None:
    """Each of sixty once, forth and back; filters are kept on the way."""
    old = []
    for number in range(60):
        old.append(town.report(URN if number % 2 else OTHER_URN))
        town.clock.forward(minutes=1)
    visit, seen, path = both(town), list[str](), "/desk?who=dpo"
    while True:
        html = visit.get(path).text
        seen += refs(html)
        onward = re.search(r'href="(/desk\?[^"]*)" rel="next"', html)
        if onward is None:
            break
        path = unescape(onward[1])
        assert "who=dpo" in path
        town.breach()  # comes in at the top
    assert [ref for ref in seen if ref in old] == old
    assert len(seen) == len(set(seen))
    back = re.search(r'href="(/desk\?[^"]*)" rel="prev"', html)
    assert back
    before = refs(visit.get(unescape(back[1])).text)
    assert before == old[25:50]


def test_an_invented_place_leads_to_the_beginning(town: Town) -> None:
    """With the filters kept."""
    answer = town.signed_in("dpo").get("/desk?step=notify&after=elsewhere")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk?step=notify")


def test_a_broken_file_of_a_school_breaks_no_desk(town: Town) -> None:
    """The school is called by its number; once mended, by its name."""
    ref = town.breach()
    path = town.tocsin.schools.folder / f"{URN}.yaml"
    whole = path.read_text()
    path.write_text("name: [")
    visit = both(town)
    row = text(row_of(visit.get("/desk").text, ref))
    assert f"School {URN}" in row
    assert "Mon 23 Nov 2026, 12:00 GMT" in row
    assert refs(visit.get(f"/desk?school={URN}").text) == [ref]
    path.unlink()
    assert refs(visit.get("/desk").text) == [ref]
    assert refs(visit.get("/desk?who=me").text) == [ref]
    path.write_text(whole)
    assert "Example Primary School" in text(row_of(visit.get("/desk").text, ref))


def test_an_edit_of_a_schools_file_is_seen_at_once(town: Town) -> None:
    """Though a file that nobody edits is read once."""
    ref, visit = town.breach(), town.signed_in("dpl")
    assert "Example Primary School" in visit.get("/desk").text
    assert town.tocsin.schools.school(URN) is town.tocsin.schools.school(URN)
    path = town.tocsin.schools.folder / f"{URN}.yaml"
    path.write_text(path.read_text().replace("Example Primary School", "Renamed Primary School"))
    assert "Renamed Primary School" in text(row_of(visit.get("/desk").text, ref))


def test_among_many_schools_one_is_typed_instead_of_chosen(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """With suggestions, as far as there are not too many."""
    visit = both(town)
    html = visit.get("/desk").text
    assert '<select class="govuk-select" id="school"' in html
    assert f'<option value="{OTHER_URN}">Another Example School</option>' in " ".join(html.split())
    monkeypatch.setattr(desk_pages, "CHOSEN_FROM", 1)
    html = visit.get("/desk").text
    assert 'list="schools"' in html
    assert f'<option value="{OTHER_URN}">Another Example School</option>' in html
    monkeypatch.setattr(desk_pages, "SUGGESTED", 1)
    html = visit.get("/desk").text
    assert "<datalist" not in html
    assert '<input class="govuk-input" id="school"' in html
    assert 'id="school"' not in town.signed_in("dpo").get("/desk").text


def test_what_people_typed_is_shown_as_text(town: Town) -> None:
    """Never as a part of the page; nor is it in the title, which a browser keeps."""
    town.report(what_happened="<script>alert(1)</script> & more")
    html = town.signed_in("dpo").get("/desk?school=%3Cb%3E").text
    assert "<b>" not in html
    html = town.signed_in("dpo").get("/desk").text
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in html
    assert "alert" not in html.split("<title")[1].split("</title>")[0]


def test_an_escalation_that_waits_is_said(town: Town) -> None:
    """It is one of the things that a desk is for."""
    ref = town.breach()
    due = town.clock.now + timedelta(hours=1)
    town.act(ref, "judge_significance", significant=True, reason="All families")
    engine: dict[str, Any] = {"alarm": "significant.chair", "to": "chair", "due_at": due, "because": "significant"}
    town.people[Role.ENGINE, URN] = Person(id="tocsin", email="", name="")
    town.act(ref, "record_escalation", by=Role.ENGINE, **engine)
    assert "An escalation waits to be acknowledged" in text(town.signed_in("dpl").get("/desk").text)


def test_a_measure_far_off_is_counted_in_days(town: Town) -> None:
    """Minutes would be noise."""
    ref = town.whole_life()
    town.act(ref, "reopen_incident", by="head", reason="A parent wrote again")
    due = (town.clock.now + timedelta(days=20)).date()
    town.act(ref, "adopt_measure", item="again", measure="Ask again", owner="The office", due_on=due)
    row = row_of(town.signed_in("dpl").get("/desk").text, ref)
    assert "20 days left Due" in text(row)
    assert "data-left-until" not in row
