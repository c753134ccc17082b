"""An auditor replays any incident as it stood, sees what changed, and has the log proven; nobody else sees a thing."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.accounts import Membership
from adapters.breach_log_files import log_entries
from adapters.documents.canonical import canonical
from adapters.documents.log_columns import COLUMNS
from adapters.documents.pdf import review_pdf, submission_pdf
from adapters.documents.submission_json import submission_bytes
from adapters.governors_papers import for_governors
from adapters.papers import draft
from adapters.web.audit_moments import NotAMoment, local_moment
from adapters.web.audit_parts import in_cell
from adapters.web.chain_proof import Proof
from domain.commands.school import RecordTraining
from domain.incident import Incident, replay
from domain.roles import Role
from projections.breach_log import log_entry
from projections.governors_review import governors_review
from projections.replay import clock_at
from projections.words import moment, period
from tests.examples import SCHOOL, URN
from tests.web.browsing import Visit
from tests.web.conftest import OTHER_URN, ROLES, Town

LONDON = ZoneInfo("Europe/London")
EVENTS = 44
"""Of the supplier's breach in tests/examples.py."""


class Facts(HTMLParser):
    """What a page's description lists say, by their terms, and its sentences."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.facts: dict[str, str] = {}
        self.text = ""
        self._tag, self._term = "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A term or what is said of it begins."""
        if tag == "dt":
            self._tag, self._term = tag, ""
        elif tag == "dd":
            self._tag = tag
            self.facts[self._term.strip()] = ""

    def handle_endtag(self, tag: str) -> None:
        """It ends."""
        self._tag = "" if tag == self._tag else self._tag

    def handle_data(self, data: str) -> None:
        """Its words."""
        self.text += data
        if self._tag == "dt":
            self._term += data
        elif self._tag == "dd":
            self.facts[self._term.strip()] += data


def read(visit: Visit, path: str) -> dict[str, str]:
    """What the description lists of a page say."""
    answer = visit.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return Facts(answer.text).facts


def without_nonce(html: str) -> str:
    """The page without what is drawn anew for each answer."""
    return re.sub(r'nonce="[^"]*"', "", html)


@pytest.fixture
def life(town: Town) -> str:
    """The supplier's breach, whole."""
    return town.whole_life()


@pytest.fixture
def auditor(town: Town) -> Visit:
    """An auditor of the school."""
    return town.signed_in("auditor")


def up_to(town: Town, ref: str, version: int) -> Incident:
    """The incident folded from its first events, without any page."""
    incident = replay(town.tocsin.log.history(ref)[:version])
    assert incident is not None
    return incident


def test_at_every_event_the_case_is_what_its_events_make_of_it(town: Town, life: str, auditor: Visit) -> None:
    """The clock as it was then, with the time that was left then."""
    for version in range(1, EVENTS + 1):
        shown = read(auditor, f"/audit/{life}?at={version}")
        incident = up_to(town, life, version)
        clock = clock_at(incident, incident.recorded_at)
        assert shown["The clock"] == str(clock.state)
        ends = moment(clock.deadline, LONDON) if clock.deadline else "Nothing then"
        assert shown["72 hours end, as then known"] == ends
        assert shown["Time left then"] == (f"{period(clock.left)} left" if clock.left else "Nothing then")
        assert shown["When we knew (recorded)"] == moment(incident.recorded_at, LONDON)


def test_at_every_event_the_row_of_the_breach_log_is_that_of_its_events(town: Town, life: str, auditor: Visit) -> None:
    """Column by column, on the page and as a file."""
    for version in range(1, EVENTS + 1):
        entry = log_entry(up_to(town, life, version))
        shown = read(auditor, f"/audit/{life}?at={version}&part=row")
        for column in COLUMNS:
            assert shown[column.heading] == (in_cell(column.value(entry), LONDON) or "Nothing recorded")
        file = auditor.get(f"/audit/{life}/log-row.json?at={version}")
        assert file.content == canonical(entry) + b"\n"


def test_at_every_event_the_draft_of_the_report_is_that_of_its_events(town: Town, life: str, auditor: Visit) -> None:
    """Question by question, on the page and byte for byte as a file."""
    history = town.tocsin.log.history(life)
    for version in range(1, EVENTS + 1):
        paper = draft(history[:version], SCHOOL)
        file = auditor.get(f"/audit/{life}/submission.json?at={version}")
        assert file.content == submission_bytes(paper)
        assert file.headers["content-disposition"] == f'attachment; filename="{life}-submission-event-{version}.json"'
        shown = Facts(auditor.get(f"/audit/{life}?at={version}&part=report").text)
        for section in paper.sections:
            assert section.title in shown.text
            for field in section.fields:
                article = f" Art. {field.article}" if field.article else ""
                term = f"{field.question}{'' if field.verified else ' †'}{article}"
                assert shown.facts[term].startswith(field.answer or "Not ")


def test_papers_are_those_of_that_moment(town: Town, life: str, auditor: Visit) -> None:
    """The same bytes as made from the first events alone."""
    for version in (1, 12, EVENTS):
        _papers_are_those_of(version, town, life, auditor)
    assert auditor.get(f"/audit/{life}/review.docx").status_code == 404
    assert auditor.get(f"/audit/{life}/submission.xml").status_code == 404


def _papers_are_those_of(version: int, town: Town, life: str, auditor: Visit) -> None:
    history, code = town.tocsin.log.history(life)[:version], town.tocsin.log.code()
    report = auditor.get(f"/audit/{life}/submission.pdf?at={version}")
    assert report.headers["content-type"] == "application/pdf"
    assert report.content == submission_pdf(draft(history, SCHOOL))
    sheet = for_governors(governors_review(up_to(town, life, version)), SCHOOL)
    assert auditor.get(f"/audit/{life}/review.pdf?at={version}").content == review_pdf(sheet, SCHOOL, code=code)
    page = auditor.get(f"/audit/{life}?at={version}&part=governors").text
    assert "governors’ sheet" in page


def test_the_first_event_has_none_before_it_and_the_last_none_after(life: str, auditor: Visit) -> None:
    """The links are plain, and browsers and readers know what they are."""
    first, last = (auditor.get(f"/audit/{life}?at={at}").text for at in (1, EVENTS))
    assert 'rel="prev"' not in first
    assert f'href="/audit/{life}?at=2&amp;part=case" rel="next"' in first
    assert 'rel="next"' not in last
    assert f'href="/audit/{life}?at={EVENTS - 1}&amp;part=case" rel="prev"' in last
    assert f"Event 1 of {EVENTS}" in first
    assert f"Event {EVENTS} of {EVENTS}" in auditor.get(f"/audit/{life}").text


def test_without_scripts_an_event_is_shown_by_its_number(life: str, auditor: Visit) -> None:
    """The form that a script makes a slider of, as a browser without scripts sends it."""
    fields = auditor.form(f"/audit/{life}?part=row", f"/audit/{life}")
    assert "part" in fields
    html = auditor.get(f"/audit/{life}?part=row").text
    assert 'type="range"' not in html
    assert re.search(r'<input[^>]* id="at" name="at" type="text" value="44"', html)
    shown = auditor.get(f"/audit/{life}", params={"at": "7", "part": "row"}).text
    assert "Event 7 of 44: Breach stopped" in shown


def test_a_time_counts_all_that_was_recorded_by_then_and_a_number_only_up_to_it(life: str, auditor: Visit) -> None:
    """Two reminders were recorded at one moment."""
    by_event = auditor.get(f"/audit/{life}?at=2").text
    assert "1 more event was recorded at the very same moment and is not counted here." in by_event
    by_time = auditor.get(f"/audit/{life}?time=2026-11-20T16:53:00%2B00:00").text
    assert "Event 3 of 44" in by_time
    assert "everything that was recorded at or before Friday 20 November 2026, 16:53 GMT" in by_time
    assert "Event 1 of 44" in auditor.get(f"/audit/{life}?time=2026-11-20T16:52:59Z").text


def test_a_date_and_a_time_are_those_of_the_school(town: Town, life: str, auditor: Visit) -> None:
    """A minute counts to its end, a day without a time as well."""
    fields = auditor.form(f"/audit/{life}?at=2", f"/audit/{life}")
    assert (fields["date"], fields["clock"]) == ("2026-11-20", "16:53")
    assert "Event 3 of 44" in auditor.get(f"/audit/{life}", params=fields).text
    assert "Event 13 of 44" in auditor.get(f"/audit/{life}", params={"date": "2026-11-20"}).text
    town.tocsin.schools.add(SCHOOL.model_copy(update={"zone": "Europe/Amsterdam"}))
    assert "Event 3 of 44" in auditor.get(f"/audit/{life}", params={"date": "2026-11-20", "clock": "17:53"}).text


BAD = [
    ("at=0", "give a number from 1 to 44."),
    ("at=45", "give a number from 1 to 44."),
    ("at=-1", "give a number from 1 to 44."),
    ("at=2.0", "give a number from 1 to 44."),
    ("at=%C2%B2", "give a number from 1 to 44."),
    ("at=99999999999999999999", "give a number from 1 to 44."),
    ("time=yesterday", "Give the time with its offset"),
    ("time=2026-11-20T16:45:00", "Give the time with its offset"),
    ("time=0001-01-01T00:00:00%2B14:00", "Give the time with its offset"),
    ("time=2099-01-01T00:00:00Z", "has not come yet"),
    ("time=2020-01-01T00:00:00Z", "Nothing was recorded of this incident before Fri 20 Nov 2026, 16:52 GMT"),
    ("date=2026-02-30&clock=10:00", "Give the day as a date"),
    ("date=&clock=10:00", "Give the day as a date"),
    ("date=2026-11-20&clock=25:00", "Give the time of day"),
    ("date=2026-10-25&clock=01:30", "that time came twice"),
    ("date=2026-03-29&clock=01:30", "so it never was"),
]


def test_what_is_no_moment_is_said_in_one_sentence(life: str, auditor: Visit) -> None:
    """On the page with its field, and in place of a file."""
    for query, words in BAD:
        answer = auditor.get(f"/audit/{life}?{query}")
        assert (query, answer.status_code) == (query, 422)
        assert "There is a problem" in answer.text
        assert words in answer.text
        assert "<title>Error: " in answer.text
        file = auditor.get(f"/audit/{life}/submission.json?{query}")
        assert file.status_code == 422
        assert words in file.text


PIECES = st.one_of(
    st.text(max_size=12),
    st.integers(-3, 60).map(str),
    st.datetimes().map(str),
    st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat()),
    st.dates().map(str),
    st.times().map(str),
    st.sampled_from(["case", "row", "report", "governors", "17:61", "2026-11-20", "5", "0", "é", "\x00", "²"]),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["", "/changes", "/log-row.json"]),
    st.dictionaries(
        st.sampled_from(
            [
                "at",
                "time",
                "date",
                "clock",
                "part",
                "from",
                "to",
                "start",
                "from_date",
                "from_clock",
                "to_date",
                "to_clock",
            ]
        ),
        PIECES,
        max_size=4,
    ),
)
def test_no_query_breaks_a_page(life: str, auditor: Visit, path: str, query: dict[str, str]) -> None:
    """A page, a sentence, or no such page."""
    assert auditor.get(f"/audit/{life}{path}", params=query).status_code in (200, 404, 422)
    assert auditor.get("/audit/log", params=query).status_code in (200, 404, 422)
    assert auditor.get("/audit", params={"ref": "".join(query.values())}).status_code in (200, 422)


def test_what_changed_is_told_event_by_event_and_field_by_field(life: str, auditor: Visit) -> None:
    """From the suspicion to the confirmed breach, by numbers and by times."""
    page = auditor.get(f"/audit/{life}/changes?from=3&to=4").text
    for words in ("Controller became aware", "Suspected breach", "Personal data breach", "Newly asked for"):
        assert words in page
    assert "Mon 23 Nov 2026, 16:45 GMT" in page
    assert "When did you become aware that it was a breach?" in page
    times = {"from": "2026-11-20T17:00:00+00:00", "to": "2026-11-20T17:20:00+00:00"}
    assert "From event 3 to event 4" in auditor.get(f"/audit/{life}/changes", params=times).text
    assert "From event 43 to event 44" in auditor.get(f"/audit/{life}/changes").text
    assert "From before the first event to event 1" in auditor.get(f"/audit/{life}/changes?from=0&to=1").text
    assert "both are the same moment" in auditor.get(f"/audit/{life}/changes?from=4&to=4").text


APART = [
    ("from=9&to=3", "Give the earlier moment first."),
    ("from=1&to=99", "give a number from 1 to 44."),
    ("from=45", "give a number from 0 to 44."),
    ("to=0", "give a number from 1 to 44."),
    ("to=2020-01-01T00:00:00Z", "Nothing was recorded of this incident by that time"),
    ("to=2099-01-01T00:00:00Z", "has not come yet"),
    ("from=soon", "Give the number of an event, or a time such as 2026-11-20 16:45"),
    ("from=2026-11-20+25:00", "Give the time of day, such as 16:45."),
    ("to_date=2019-01-01", "Nothing was recorded of this incident by that time"),
    ("to_date=2099-01-01&to_clock=09:00", "has not come yet"),
    ("to_date=tomorrow", "Give the day as a date"),
    ("from_clock=09:00", "Give the day as a date"),
    ("from_date=2026-11-20&from_clock=soon", "Give the time of day, such as 16:45."),
    ("from_date=2026-11-23&from_clock=17:00&to_date=2026-11-20", "Give the earlier moment first."),
]


def test_two_moments_that_cannot_be_compared_are_refused(life: str, auditor: Visit) -> None:
    """In one sentence, with what was typed."""
    for query, words in APART:
        answer = auditor.get(f"/audit/{life}/changes?{query}")
        assert (query, answer.status_code) == (query, 422)
        assert words in answer.text
        field = "from_date" if query.startswith("from_date=2026-11-23") else ""
        assert f'id="{field}-error"' in answer.text or not field


def test_two_moments_are_chosen_by_the_clock_of_the_school(life: str, auditor: Visit) -> None:
    """As a person types them, in fields or as a line; the minute and the day count to their end."""
    for query in (
        "from=2026-11-20+17:00&to=2026-11-20+17:20",
        "from=2026-11-20T17:00&to=2026-11-20T17:20",
        "from_date=2026-11-20&from_clock=17:00&to_date=2026-11-20&to_clock=17:20",
        "from=3&to_date=2026-11-20&to_clock=17:20",
    ):
        answer = auditor.get(f"/audit/{life}/changes?{query}")
        assert (query, answer.status_code) == (query, 200)
        assert "From event 3 to event 4" in answer.text
    whole = auditor.get(f"/audit/{life}/changes?from_date=2019-01-01&to=4").text
    assert "From before the first event to event 4" in whole
    sent = auditor.form(f"/audit/{life}/changes?{query}", f"/audit/{life}/changes")
    assert sent == {"from": "3", "to": "4"}


def test_the_replay_leads_to_the_comparison_and_its_fields_hold_the_moments(life: str, auditor: Visit) -> None:
    """Filled in as they are in the zone of the school, and kept as typed."""
    page = auditor.get(f"/audit/{life}?at=3").text
    assert f'<a class="govuk-link" href="/audit/{life}/changes">Compare two moments</a>' in page
    typed = auditor.get(f"/audit/{life}/changes?from_date=2026-11-20&from_clock=17:00&to_date=2026-11-20&to_clock=")
    for name, value in (("from_date", "2026-11-20"), ("from_clock", "17:00"), ("to_clock", "")):
        assert re.search(rf'name="{name}" type="\w+" value="{value}"', typed.text), name
    asked = auditor.get(f"/audit/{life}/changes?from=0&to=1").text
    assert re.search(r'name="from_date" type="date" value=""', asked)
    assert re.search(r'name="to_date" type="date" value="2026-11-20"', asked)


PATHS = ["", "?at=1", "?part=report", "/changes", "/submission.json", "/submission.pdf", "/review.pdf", "/log-row.json"]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DPO])
def test_an_incident_of_another_school_is_not_there(town: Town, role: Role) -> None:
    """Letter for letter as one that never was."""
    theirs = town.breach(OTHER_URN)
    visit, owner = town.signed_in(role), town.signed_in(role, OTHER_URN)
    for path in PATHS:
        wall, nothing = visit.get(f"/audit/{theirs}{path}"), visit.get(f"/audit/{URN}-ABCDEFGH{path}")
        assert wall.status_code == nothing.status_code == 404
        assert without_nonce(wall.text) == without_nonce(nothing.text)
        assert owner.get(f"/audit/{theirs}{path}").status_code == 200


def test_a_reference_is_found_or_not_there(town: Town, life: str, auditor: Visit) -> None:
    """Typed in whatever case; that of another school is as unknown as one that never was."""
    theirs = town.breach(OTHER_URN)
    assert auditor.get("/audit", params={"ref": f" {life.lower()} "}).headers["location"] == f"/audit/{life}"
    pages = [auditor.get("/audit", params={"ref": ref}) for ref in (theirs, f"{URN}-ABCDEFGH", "x")]
    assert {page.status_code for page in pages} == {422}
    assert all("There is no incident with that reference that you may see" in page.text for page in pages)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_replay_and_who_may_have_the_log_proven(town: Town, life: str, role: Role) -> None:
    """The data protection people and the auditor; the chain also whoever keeps its code."""
    visit = town.signed_in(role)
    replays = 200 if role in (Role.LEAD, Role.HEAD, Role.DPO, Role.AUDITOR) else 404
    assert {visit.get(path).status_code for path in ("/audit", "/audit/log", f"/audit/{life}")} == {replays}
    assert visit.get("/audit/verify").status_code == (404 if role is Role.STAFF else 200)


def test_an_auditor_is_offered_nothing_to_do(life: str, auditor: Visit) -> None:
    """No form but for reading, the proof, and signing out."""
    for path in ("", f"/{life}", f"/{life}?part=row", f"/{life}?part=report", f"/{life}?part=governors", "/log"):
        html = auditor.get(f"/audit{path}").text
        assert "/do/" not in html
        assert set(re.findall(r'<form method="post" action="([^"]*)"', html)) <= {"/sign-out"}
    assert f"/audit/{life}/changes" in auditor.get(f"/audit/{life}").text


def notes(town: Town) -> list[tuple[str, str]]:
    """Who opened what, by the log of sign-ins."""
    with closing(sqlite3.connect(town.tocsin.settings.data / "accounts.sqlite")) as db:
        return db.execute("SELECT person, detail FROM sign_in_log WHERE what = 'audited' ORDER BY number").fetchall()


def test_what_an_auditor_opens_is_written_down_once_a_session(town: Town, life: str) -> None:
    """The reference alone."""
    id_ = town.person("auditor").id
    visit = town.signed_in("auditor")
    for path in (life, f"{life}?at=3", f"{life}/changes", f"{life}/log-row.json"):
        visit.get(f"/audit/{path}")
    assert notes(town) == [(id_, life)]
    town.signed_in("auditor").get(f"/audit/{life}")
    visit.get("/audit/log?date=2026-11-22")
    assert notes(town) == [(id_, life), (id_, life), (id_, URN)]


def test_the_incidents_touched_last_are_offered(town: Town, life: str) -> None:
    """Newest first, of the person's schools only."""
    newest, theirs = town.breach(), town.breach(OTHER_URN)
    auditor = town.signed_in("auditor")
    html = auditor.get("/audit").text
    assert html.index(f'/audit/{newest}"') < html.index(f'/audit/{life}"')
    assert theirs not in html
    training = {"on": "2026-11-20", "group": "staff", "in_post": 20, "trained": 18}
    town.tocsin.act_for_school(RecordTraining.model_validate(training), URN, town.actor("dpl"))
    assert "SCHOOL" not in auditor.get("/audit").text


def test_an_incident_that_rested_long_is_offered_too(town: Town, life: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where other schools filled the end of the log."""
    monkeypatch.setattr("adapters.web.audit_lists.TAIL", 2)
    theirs = town.breach(OTHER_URN)
    html = town.signed_in("auditor").get("/audit").text
    assert f'/audit/{life}"' in html
    assert "Incident closed" in html
    assert theirs not in html


def test_the_breach_log_is_that_of_the_time(town: Town, life: str, auditor: Visit) -> None:
    """As the command line folds it; what came later is not in it."""
    later = town.breach()
    at = datetime(2026, 11, 22, 12, 0, 59, 999999, tzinfo=UTC)
    rows = list(log_entries(town.tocsin, URN, at, lambda *_: None))
    page = auditor.get("/audit/log?date=2026-11-22&clock=12:00").text
    assert [row.ref for row in rows] == [life]
    assert life in page
    assert later not in page
    assert "Open: investigate" in page
    assert "As recorded at or before Sunday 22 November 2026, 12:00 GMT" in page
    assert "Nothing was recorded by that time" in auditor.get("/audit/log?date=2026-11-19").text
    link = re.search(rf'href="(/audit/{life}[^"]*)"', page)
    assert link is not None
    assert auditor.get(link[1].replace("&amp;", "&")).status_code == 200


def test_of_many_schools_one_is_chosen(town: Town, life: str) -> None:
    """The log of another school is not to be had, however it is asked for."""
    theirs = town.breach(OTHER_URN)
    numbers = [URN, *(f"20000{n}" for n in range(6))]
    for number in numbers[1:]:
        town.tocsin.schools.add(SCHOOL.model_copy(update={"id": number, "name": f"School {number}"}))
    person = town.site.accounts.add_person("la@council.example", "LA", [Membership(Role.AUDITOR, n) for n in numbers])
    visit = town.signed_in(person)
    assert visit.get("/audit/log?date=2026-11-22").status_code == 422
    assert life in visit.get(f"/audit/log?date=2026-11-22&school={URN}").text
    other = visit.get(f"/audit/log?date=2026-11-22&school={OTHER_URN}")
    assert other.status_code == 422
    assert theirs not in other.text
    everywhere = town.site.accounts.add_person("all@council.example", "All", [Membership(Role.AUDITOR)])
    assert theirs in town.signed_in(everywhere).get(f"/audit/log?date=2027-01-25&school={OTHER_URN}").text


def test_a_long_log_comes_in_pages(town: Town, auditor: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each incident once."""
    monkeypatch.setattr("adapters.web.audit_lists.ROWS", 2)
    refs = []
    for _ in range(5):
        refs.append(town.report())
        town.clock.forward(minutes=1)
    path, found = "/audit/log?date=2026-11-20", []
    while path:
        html = auditor.get(path).text
        found += re.findall(rf"/audit/({URN}-\w+)\?", html)
        more = re.search(r'rel="next" href="([^"]+)"', html)
        path = more[1].replace("&amp;", "&") if more else ""
    assert found == refs


def test_an_erased_incident_is_still_replayed(town: Town, life: str, auditor: Visit) -> None:
    """Its texts are gone and its acts and times are not."""
    town.tocsin.keys.shred(life)
    for part in ("case", "row", "governors"):
        assert auditor.get(f"/audit/{life}?part={part}").status_code == 200
    assert "[erased]" in auditor.get(f"/audit/{life}?part=row").text
    assert auditor.get(f"/audit/{life}?part=report").status_code == 200
    assert auditor.get(f"/audit/{life}/changes?from=1&to=44").status_code == 200


def test_a_draft_that_cannot_be_made_says_why(town: Town, life: str, auditor: Visit) -> None:
    """And the rest of the incident is shown all the same."""
    town.tocsin.schools.add(SCHOOL.model_copy(update={"regulator": "Nobody"}))
    page = auditor.get(f"/audit/{life}?part=report")
    assert page.status_code == 200
    assert "The draft cannot be made. There is no map of a report form" in page.text
    compared = auditor.get(f"/audit/{life}/changes?from=3&to=4").text
    assert "The answers of the report cannot be compared. There is no map" in compared
    assert "Suspected breach" in compared
    assert auditor.get(f"/audit/{life}/submission.json").status_code == 409


def test_a_whole_log_is_proven(town: Town, life: str, auditor: Visit) -> None:
    """By whoever asks; the verdict stays with its time, and the code with it."""
    code = town.tocsin.log.code()
    assert "has not been proven since" in auditor.get("/audit/verify").text
    assert auditor.send("/audit/verify").headers["location"] == "/audit/verify"
    shown = read(town.signed_in("chair"), "/audit/verify")
    assert (shown["Head code"], shown["Events that are proven"]) == (code, f"{EVENTS}")
    assert shown["Proven on"] == moment(town.clock.now, LONDON)
    assert "The log is whole: 44 events" in auditor.get("/audit").text


def tamper(town: Town, position: int) -> None:
    """What somebody does who owns the database: takes the guards away and changes who acted."""
    with closing(sqlite3.connect(town.tocsin.settings.data / "events.sqlite")) as db, db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute(
            "UPDATE stored_events SET state = replace(state, 'u-lead', 'u-head') WHERE notification_id = ?", (position,)
        )


def test_a_log_that_was_tampered_with_says_where(town: Town, life: str, auditor: Visit) -> None:
    """Its first bad position, what holds before it, and what to do."""
    tamper(town, 6)
    auditor.send("/audit/verify")
    page = auditor.get("/audit/verify")
    shown = Facts(page.text).facts
    assert shown["First position that does not fit"] == "6"
    assert shown["Events that are proven"] == "5"
    assert "The log was tampered with: position 6" in page.text
    assert "Not whole" in auditor.get("/audit").text


def test_an_unreadable_log_can_still_be_proven(town: Town, life: str, auditor: Visit) -> None:
    """The page that leads to the proof opens."""
    with closing(sqlite3.connect(town.tocsin.settings.data / "events.sqlite")) as db, db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE stored_events SET state = x'7b' WHERE notification_id = 44")
    assert "The newest events cannot be read" in auditor.get("/audit").text
    auditor.send("/audit/verify")
    assert Facts(auditor.get("/audit/verify").text).facts["First position that does not fit"] == "44"


def test_a_malformed_code_is_refused_and_the_last_verdict_stays(life: str, auditor: Visit) -> None:
    """With what was typed."""
    auditor.send("/audit/verify")
    answer = auditor.send("/audit/verify", against="412-nothing")
    assert answer.status_code == 422
    assert "A code is a position, a hyphen and sixteen digits" in answer.text
    assert 'value="412-nothing"' in answer.text
    assert "The log is whole" in auditor.get("/audit/verify").text


def mistyped(code: str) -> str:
    """The code with another last digit."""
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def test_a_code_that_fits_is_told_to_whoever_gave_it(town: Town, life: str, auditor: Visit) -> None:
    """Once; everybody is told that the chain is whole."""
    code = town.tocsin.log.code()
    assert auditor.send("/audit/verify", against=code).status_code == 303
    page = auditor.get("/audit/verify").text
    assert "The log is whole, and this code fits it" in page
    assert Facts(page).facts["The code that you gave"] == code
    for again in (auditor.get("/audit/verify").text, town.signed_in("chair").get("/audit/verify").text):
        assert "fits it" not in again
        assert "The log is whole: 44 events" in again


@pytest.mark.parametrize("kind", ["mistyped", "beyond"])
def test_a_code_that_does_not_fit_accuses_nobody(town: Town, life: str, auditor: Visit, kind: str) -> None:
    """Whoever gave it is told to check it first; what everybody is told is proven by the chain alone."""
    code = mistyped(town.tocsin.log.code()) if kind == "mistyped" else f"99-{'0' * 16}"
    colleague = town.signed_in("auditor")
    auditor.send("/audit/verify", against=code)
    others = [
        visit.get(path).text for visit in (colleague, town.signed_in("dpo")) for path in ("/audit", "/audit/verify")
    ]
    for page in (*others, auditor.get("/audit").text):
        assert "The log is whole: 44 events" in page
        assert "Not whole" not in page
        assert "written anew" not in page
        assert code not in page
    page = auditor.get("/audit/verify").text
    assert "The log is whole, but this code does not fit it: check first that it was typed as printed" in page
    assert "The log is whole: 44 events" in page
    assert Facts(page).facts["The code that you gave"] == code
    assert code not in auditor.get("/audit/verify").text


def test_a_code_does_not_hide_that_the_log_was_tampered_with(town: Town, life: str, auditor: Visit) -> None:
    """Whether the chain breaks before what the code says or after it."""
    code = town.tocsin.log.code()
    tamper(town, 6)
    auditor.send("/audit/verify", against=code)
    page = auditor.get("/audit/verify").text
    assert "could not be compared, because the log itself is not whole" in page
    auditor.send("/audit/verify", against=f"3-{'0' * 16}")
    told = auditor.get("/audit/verify").text
    assert "The log is not whole, and this code does not fit it" in told
    for each in (page, told, town.signed_in("chair").get("/audit/verify").text):
        assert "The log was tampered with: position 6" in each


def test_a_code_of_a_long_log_is_answered_when_it_is_compared(town: Town, life: str, auditor: Visit) -> None:
    """To the session that gave it, however late it comes back."""
    let_go, proof = Event(), Proof()

    def verify(_: object, against: str | None) -> object:
        let_go.wait(20)
        return town.tocsin.log.verify(None, against)

    code = mistyped(town.tocsin.log.code())
    run = proof.begin(verify, code, town.clock, "a session")  # type: ignore[arg-type]
    assert run is not None
    assert proof.told("a session") is None
    let_go.set()
    assert run.over.wait(20)
    assert proof.told("another session") is None
    told = proof.told("a session")
    assert told is not None
    assert (told.code, told.fits) == (code, False)
    assert proof.told("a session") is None
    assert proof.last is run
    assert run.verdict is not None
    assert run.verdict.whole


@pytest.fixture
def slow(town: Town) -> Iterator[Event]:
    """A proof that is being carried out until the event is set."""
    let_go = Event()
    proof = town.app.state.proof = Proof()

    def verify(progress: object, against: str | None) -> object:
        progress(40_000, 100_000)  # type: ignore[operator]
        let_go.wait(20)
        return town.tocsin.log.verify(None, against)

    run = proof.begin(verify, None, town.clock)  # type: ignore[arg-type]
    assert run is not None
    yield let_go
    let_go.set()
    run.over.wait(20)


def test_one_proof_at_a_time(town: Town, life: str, auditor: Visit, slow: Event) -> None:
    """Whoever asks meanwhile sees how far that one is; a code waits until it is done."""
    assert auditor.send("/audit/verify").status_code == 303
    page = auditor.get("/audit/verify").text
    assert "40,000 of 100,000 events are proven so far." in page
    busy = auditor.send("/audit/verify", against=town.tocsin.log.code())
    assert busy.status_code == 422
    assert "wait until it is done" in busy.text
    run = town.app.state.proof.running
    slow.set()
    assert run.over.wait(20)
    page = auditor.get("/audit/verify").text
    assert "so far" not in page
    assert "The log is whole" in page


def test_a_proof_that_fails_says_so(town: Town, auditor: Visit) -> None:
    """The world's fault, and no page is lost to it."""
    proof = town.app.state.proof = Proof()

    def verify(*_: object) -> object:
        raise OSError

    run = proof.begin(verify, None, town.clock)  # type: ignore[arg-type]
    assert run is not None
    assert run.over.wait(20)
    assert "could not be carried to its end" in auditor.get("/audit/verify").text
    auditor.send("/audit/verify")
    assert "The log is whole" in auditor.get("/audit/verify").text


def test_proofs_are_not_asked_for_without_end(auditor: Visit) -> None:
    """Each reads the whole log."""
    answers = [auditor.send("/audit/verify").status_code for _ in range(11)]
    assert answers == [303] * 10 + [429]


@pytest.mark.parametrize(
    ("day", "clock", "at"),
    [
        ("2026-07-01", "12:00", "2026-07-01T11:00:59.999999+00:00"),
        ("2026-07-01", "12:00:05", "2026-07-01T11:00:05+00:00"),
        ("2026-12-01", "", "2026-12-01T23:59:59.999999+00:00"),
        ("2026-10-25", "", "2026-10-25T23:59:59.999999+00:00"),
        ("2026-10-25", "02:00", "2026-10-25T02:00:59.999999+00:00"),
    ],
)
def test_a_wall_clock_is_an_instant(day: str, clock: str, at: str) -> None:
    """Minutes and days to their end, in summer and in winter."""
    assert local_moment(day, clock, LONDON) == datetime.fromisoformat(at)


@given(st.datetimes(datetime(2000, 1, 2), datetime(2199, 12, 30)))  # noqa: DTZ001 - a wall clock has no zone
def test_every_minute_that_was_comes_back(wall: datetime) -> None:
    """Or is refused because it never was or was twice."""
    try:
        at = local_moment(f"{wall:%Y-%m-%d}", f"{wall:%H:%M}", LONDON)
    except NotAMoment as mistake:
        at, field = None, mistake.field
    minute = wall.replace(second=0, microsecond=0)
    if at is None:
        assert field == "clock"
    else:
        assert timedelta() < at.astimezone(LONDON).replace(tzinfo=None) - minute < timedelta(minutes=1)
