"""The breach log on the page and as files: the person's schools, and no others."""

from datetime import timedelta
from io import BytesIO

import pytest

from adapters.accounts import Membership
from adapters.breach_log_files import log_entries, write_log_file, zones
from adapters.documents.log_pdf import breach_log_pdf
from domain.roles import SEES, Role
from tests.examples import SCHOOL, URN
from tests.web.answers import without_nonces
from tests.web.conftest import OTHER_URN, ROLES, Town


@pytest.mark.parametrize("role", ROLES)
def test_the_log_is_for_whom_the_table_of_roles_names(town: Town, role: Role) -> None:
    """Page and files alike; for everybody else there is no such page."""
    town.report()
    expected = 200 if role in SEES["breach_log"] else 404
    visit = town.signed_in(role)
    paths = ("/log", *(f"/schools/{URN}/log.{fmt}" for fmt in ("csv", "xlsx", "json", "pdf")))
    assert [visit.get(path).status_code for path in paths] == [expected] * 5


def test_nobody_sees_the_log_of_another_school(town: Town) -> None:
    """Not by the filter, not by the file's address, which answers like a school that is not there."""
    ours, theirs = town.report(what_happened="Ours"), town.report(OTHER_URN, what_happened="Theirs")
    visit = town.signed_in("dpo")
    assert ours in visit.get("/log").text
    for path in ("/log", f"/log?school={OTHER_URN}", "/log?school=999999", f"/log?school={URN}&finding=near+miss"):
        assert theirs not in visit.get(path).text
        assert "Theirs" not in visit.get(path).text
    unknown, other = visit.get("/log?school=999999"), visit.get(f"/log?school={OTHER_URN}")
    assert unknown.status_code == other.status_code == 422
    assert without_nonces(unknown.text) == without_nonces(other.text).replace(OTHER_URN, "999999")
    missing = visit.get("/schools/999999/log.csv")
    closed = visit.get(f"/schools/{OTHER_URN}/log.csv")
    assert (missing.status_code, closed.status_code) == (404, 404)
    assert without_nonces(missing.text) == without_nonces(closed.text)


def test_the_newest_report_comes_first_and_opens_the_incident(town: Town) -> None:
    """With its state in words."""
    first = town.breach()
    town.clock.forward(hours=1)
    second = town.report()
    page = town.signed_in("head").get("/log").text
    assert page.index(second) < page.index(first)
    assert f'href="/incidents/{first}"' in page
    assert "Personal data breach" in page
    assert "72 hours end Mon 23 Nov 2026, 12:00 GMT" in page


def test_what_was_told_to_the_regulator_and_when_stands_in_the_row(town: Town) -> None:
    """Of a whole life: what it was, how many people, after how long."""
    town.whole_life()
    page = " ".join(town.signed_in("dpo").get("/log").text.split())
    for words in ("Data of wrong data subject shown in client portal", "after 45 hours 30 minutes", "426", "Closed"):
        assert words in page


def test_the_filters_leave_what_was_asked_for(town: Town) -> None:
    """By school, by finding and by year; what is chosen stays chosen."""
    dpo = town.site.accounts.add_person(
        "dpo@service.example", "DPO", [Membership(Role.DPO, URN), Membership(Role.DPO, OTHER_URN)]
    )
    breach, suspicion, other = town.breach(), town.report(), town.report(OTHER_URN)
    visit = town.signed_in(dpo)

    def shown(query: str) -> set[str]:
        page = visit.get(f"/log{query}").text
        return {ref for ref in (breach, suspicion, other) if ref in page}

    assert shown("") == {breach, suspicion, other}
    assert shown(f"?school={OTHER_URN}") == {other}
    assert shown("?finding=personal+data+breach") == {breach}
    assert shown(f"?finding=suspected+breach&school={URN}&year=2026") == {suspicion}
    assert shown("?year=2025") == set()
    assert shown("?finding=nonsense&year=20x6") == {breach, suspicion, other}
    form = visit.form(f"/log?school={OTHER_URN}&finding=suspected+breach&year=2026", "/log")
    assert form == {"school": OTHER_URN, "finding": "suspected breach", "year": "2026"}
    assert "Nothing in the log matches" in visit.get("/log?year=2025").text


def test_page_after_page_gives_each_incident_once(town: Town) -> None:
    """Also back again; and a place that nobody was given is no failure."""
    refs = []
    for _ in range(30):
        refs.append(town.report())
        town.clock.forward(minutes=1)
    visit = town.signed_in("dpl")
    first = visit.get("/log").text
    older = first.split('class="govuk-pagination__next"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    second = visit.get(older).text
    on_first, on_second = ({ref for ref in refs if ref in page} for page in (first, second))
    assert on_first | on_second == set(refs)
    assert not on_first & on_second
    crafted = visit.get("/log?after=%00x")
    assert (crafted.status_code, "start again at the beginning" in crafted.text) == (422, True)


def test_the_files_are_those_that_the_functions_give(town: Town) -> None:
    """Byte for byte, as attachments."""
    town.whole_life()
    town.breach()
    town.report(OTHER_URN, what_happened="CANARY of another school")
    visit, folder = town.signed_in("auditor"), town.tocsin.settings.data / "files"
    zone_of = zones(town.tocsin)
    for fmt in ("csv", "json", "xlsx"):
        entries = log_entries(town.tocsin, URN, None, lambda *_: None)
        write_log_file(entries, folder / f"log.{fmt}", fmt, zone_of)
        answer = visit.get(f"/schools/{URN}/log.{fmt}")
        assert answer.content == (folder / f"log.{fmt}").read_bytes()
        assert answer.headers["content-disposition"] == f'attachment; filename="breach-log-{URN}.{fmt}"'
        assert b"CANARY" not in answer.content
    entries = log_entries(town.tocsin, URN, None, lambda *_: None)
    now, code = town.clock.now, town.tocsin.log.code()
    pdf = breach_log_pdf(entries, SCHOOL, as_at=now, code=code, zone_of=zone_of)
    assert visit.get(f"/schools/{URN}/log.pdf").content == pdf


def test_a_file_can_show_the_log_as_it_stood(town: Town) -> None:
    """Up to a moment with its offset; what is no moment is told in a sentence."""
    before = town.report()
    then = town.clock.now
    town.clock.forward(hours=5)
    after = town.report()
    visit = town.signed_in("dpo")
    answer = visit.get(f"/schools/{URN}/log.json", params={"as_at": (then + timedelta(hours=1)).isoformat()})
    assert before in answer.text
    assert after not in answer.text
    for wrong in ("yesterday", "2026-11-20T12:00", "0001-01-01T00:00:00+00:00", "12"):
        answer = visit.get(f"/schools/{URN}/log.csv", params={"as_at": wrong})
        assert (answer.status_code, "with its offset" in answer.text) == (409, True)


def test_another_format_is_no_page(town: Town) -> None:
    """Nor is a path inside the file's name."""
    visit = town.signed_in("dpo")
    assert [visit.get(f"/schools/{URN}/log.{fmt}").status_code for fmt in ("docx", "csv.exe", "CSV")] == [404] * 3


def test_an_empty_log_says_what_will_stand_there(town: Town) -> None:
    """And its files are empty, not missing."""
    visit = town.signed_in("dpo")
    assert "Every incident that is reported will stand here" in visit.get("/log").text
    assert visit.get(f"/schools/{URN}/log.json").json() == []
    assert BytesIO(visit.get(f"/schools/{URN}/log.xlsx").content).read(2) == b"PK"


def test_a_broken_file_of_a_school_does_not_keep_the_log_back(town: Town) -> None:
    """Its number stands where its name would."""
    ref = town.report()
    dpo = town.site.accounts.add_person("dpo@service.example", "DPO", [Membership(Role.DPO)])
    (town.tocsin.schools.folder / f"{URN}.yaml").write_text("id: [", encoding="utf-8")
    page = town.signed_in(dpo).get("/log")
    assert page.status_code == 200
    assert ref in page.text
    assert f"School {URN}" in page.text
