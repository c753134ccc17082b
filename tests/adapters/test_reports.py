"""Reports to the regulator on the real log: kept byte for byte, built on one another, and sent without any name."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from eventsourcing.persistence import StoredEvent

from adapters import papers
from adapters.bootstrap import Settings, Tocsin
from adapters.documents import submission_paper
from adapters.documents import submission_text as submission_text_module
from adapters.documents.docx_papers import submission_docx
from adapters.documents.pdf import submission_pdf
from adapters.documents.submission_text import submission_text
from adapters.fact_mapper import FactMapper
from adapters.papers import NoForm, NoSuchReport, ReportChanged, ReportErased, ReportNotKept, draft, submitted
from adapters.relay import news
from adapters.schools import SAMPLE
from domain.commands import any_command, command_named
from domain.commands.discover import ReportIncident
from domain.errors import CommandIdTaken, NamesInTheLetter, NamesInTheReport, NoSuchIncident
from domain.events.notify import RegulatorReportSubmitted
from domain.roles import Role
from domain.school import Contact
from domain.school_record import record_of
from projections import answers, answers_in_words, form, ico_submission
from projections.form import form_for, forms
from tests.given import FRIDAY_4PM, INVESTIGATION, ONE_DAY, ONE_HOUR, actor


class Desk:
    """One installation whose clock stands where it is put."""

    def __init__(self, folder: Path) -> None:
        self.now = FRIDAY_4PM
        self.tocsin = Tocsin(Settings(data=folder), lambda: self.now)
        self.tocsin.schools.add(SAMPLE)
        self.ref = ""

    def do(self, command: str, role: Role = Role.DPO, **fields: Any) -> None:
        """Somebody acts, an hour later than the last."""
        self.now += ONE_HOUR
        asked = command_named(command, fields)
        if isinstance(asked, ReportIncident):
            self.ref = self.tocsin.report(asked, SAMPLE.id, actor(role))[0].incident
        else:
            self.tocsin.act(asked, self.ref, actor(role))

    def decided(self, what_happened: str = "A laptop was left on a train.") -> "Desk":
        """A breach of which the regulator is to be told."""
        self.do("report_incident", Role.STAFF, what_happened=what_happened, services=["Class Charts"])
        self.do("confirm_breach", Role.LEAD)
        self.do("decide_notification", Role.HEAD, notify_regulator=True, reasons="It is owed")
        return self

    def submit(self, **fields: Any) -> bytes:
        """A report that says that more will follow; what was sent."""
        more: dict[str, Any] = {
            "reasons_incomplete": "The supplier is silent",
            "further_information_expected_at": self.now + 9 * ONE_DAY,
        }
        self.do("submit_report", **(more | fields))
        return self.paper(self.reports[-1].number)

    def paper(self, number: int) -> bytes:
        """The bytes of a report."""
        return submitted(self.tocsin.log.history(self.ref), number)[1]

    @property
    def reports(self) -> list[RegulatorReportSubmitted]:
        """Every report's event."""
        return [fact for _, fact in self.tocsin.incident(self.ref).all(RegulatorReportSubmitted)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk of one's own."""
    desk = Desk(tmp_path)
    yield desk
    desk.tocsin.close()


def test_phase_1_comes_back_byte_for_byte_after_phase_2(desk: Desk) -> None:
    """With its hash in the event and the position of the log that it covers."""
    head = desk.decided().tocsin.log.head()
    first = desk.submit()
    for command, fields in INVESTIGATION:
        desk.do(command, **fields)
    second = desk.submit()
    assert desk.paper(1) == first != second
    assert [hashlib.sha256(body).hexdigest() for body in (first, second)] == [
        report.document.sha256 for report in desk.reports if report.document
    ]
    assert json.loads(first)["covers_position"] == head
    assert json.loads(second)["follows"] == hashlib.sha256(first).hexdigest()
    assert json.loads(first)["form"] == "ico 2026-11"


def test_a_report_stays_what_it_was_whatever_the_code_and_the_school_say_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log holds what was sent: neither another school's name nor another wording changes it."""
    first = desk.decided().submit()
    desk.tocsin.schools.add(SAMPLE.model_copy(update={"name": "Another Name"}))
    monkeypatch.setattr(ico_submission, "moment", lambda *_: "another wording")
    assert desk.paper(1) == first
    assert draft(desk.tocsin.log.history(desk.ref), desk.tocsin.schools.school(SAMPLE.id)).controller == "Another Name"


def test_the_forms_of_a_report_say_the_same(desk: Desk) -> None:
    """PDF, DOCX and text are made from the bytes that are kept; text is in the form's own order."""
    desk.decided().submit()
    paper, _ = submitted(desk.tocsin.log.history(desk.ref), 1)
    text = submission_text(paper)
    asked = [field.question for section in form_for("ICO").section for field in section.field]  # type: ignore[union-attr]
    places = [text.index(question) for question in asked]
    assert places == sorted(places)
    pdf = pypdfium2.PdfDocument(submission_pdf(paper))
    printed = " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())
    for words in ("A laptop was left on a train.", "Why is it not complete yet?", "The supplier is silent"):
        assert words in " ".join(text.split())
        assert words in printed
    assert submission_docx(paper) == submission_docx(paper)
    assert submission_pdf(paper) == submission_pdf(paper)


def test_an_earlier_withdrawal_begins_anew(desk: Desk) -> None:
    """After a withdrawal the next report is initial again and says everything."""
    desk.decided().submit()
    desk.do("withdraw_report", Role.HEAD, reason="Sent for the wrong school")
    assert desk.reports[-1].document is not None
    assert b"Sent for the wrong school" in desk.paper(2)
    body = json.loads(desk.submit())
    assert (body["phase"], body["follows"]) == ("initial", None)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("A parent, jane@example.com, rang us.", "e-mail address"),
        ("The file of pupil A123456789012 was lost.", "pupil"),
        ("He was born on 3 May 2014 and lives nearby.", "birth"),
    ],
)
def test_what_certainly_identifies_somebody_is_never_sent(desk: Desk, words: str, kind: str) -> None:
    """Nothing is stored, the refusal does not repeat it, and no confirmation helps."""
    desk.decided(words)
    before = desk.tocsin.log.head()
    for fields in ({}, {"no_names_confirmed": True}):
        with pytest.raises(NamesInTheReport) as refusal:
            desk.submit(**fields)
        said = str(refusal.value)
        assert kind in said.lower()
        assert "What happened?" in said
        assert not any(word in said for word in ("jane", "A123456789012", "2014"))
    assert desk.tocsin.log.head() == before


def test_what_may_be_a_name_is_sent_once_a_person_says_it_is_none(desk: Desk) -> None:
    """And that they said so stays in the log."""
    desk.decided("Oliver Smith took the laptop home.")
    with pytest.raises(NamesInTheReport, match="no_names_confirmed"):
        desk.submit()
    desk.submit(no_names_confirmed=True)
    assert desk.reports[-1].no_names_confirmed is True


@pytest.mark.parametrize(
    "words",
    [
        "The plan of oliver smith was lost.",
        "The plan of Oli\u200bver Smith was lost.",
        "The plan of Ｏｌｉｖｅｒ Smith was lost.",
    ],
    ids=["in small letters", "with an invisible character inside", "in wide letters"],
)
def test_a_name_in_disguise_is_a_name(desk: Desk, words: str) -> None:
    """However it was typed."""
    with pytest.raises(NamesInTheReport):
        desk.decided(words).submit()


def test_nobody_makes_a_name_harmless_by_calling_it_a_service(desk: Desk) -> None:
    """A supplier's name is allowed, a person's is not, wherever it was typed."""
    desk.decided("The plan of Oliver Smith was e-mailed.")
    notice: dict[str, Any] = {"processor": "Oliver Smith", "message": "It was me", "told_at": FRIDAY_4PM}
    desk.do("record_processor_notice", Role.LEAD, **notice)
    with pytest.raises(NamesInTheReport):
        desk.submit()


def test_a_letter_names_nobody(desk: Desk) -> None:
    """It goes to many homes; an identifier is never in it, a name only if a person says that it is none."""
    desk.decided()
    said: dict[str, Any] = {
        "people": "parents_and_carers",
        "nature": "A list went astray",
        "consequences": "Others may know",
    }
    before = desk.tocsin.log.head()
    for words in ("Oliver Smith is the pupil.", "The pupil is A123456789012."):
        with pytest.raises(NamesInTheLetter) as refusal:
            desk.do("write_message", **said, measures=words)
        assert "Oliver" not in str(refusal.value)
    assert desk.tocsin.log.head() == before
    desk.do("write_message", **said, measures="We use Oliver Smith software.", no_names_confirmed=True)


def test_after_the_completing_report_nothing_is_taken_back(desk: Desk) -> None:
    """A draft made then has no changes to tell, and no reason that nobody gave."""
    desk.decided()
    for command, fields in INVESTIGATION:
        desk.do(command, **fields)
    desk.do("take_containment", Role.LEAD, item="off", action="system_shut_down")
    desk.submit()
    desk.do("submit_report", complete=True)
    again = draft(desk.tocsin.log.history(desk.ref), SAMPLE)
    assert [field.question for section in again.sections for field in section.fields if field.was is not None] == []


def test_the_period_of_a_complaint_is_the_laws(desk: Desk) -> None:
    """Whoever records it cannot give another; before the law was in force there was none."""
    desk.decided()
    complaint: dict[str, Any] = {"people": "staff", "acknowledge_before": "2027-06-01T00:00:00Z"}
    desk.do("record_complaint", Role.STAFF, **complaint, about="One", received_at="2026-11-20T12:00:00Z")
    desk.do("record_complaint", Role.STAFF, **complaint, about="Two", received_at="2026-06-01T12:00:00Z")
    first, second = desk.tocsin.incident(desk.ref).complaints.values()
    assert first.acknowledge_before == datetime(2026, 12, 22, tzinfo=UTC)
    assert second.acknowledge_before is None


def test_the_names_that_a_report_must_have_are_no_names_of_people_affected(desk: Desk) -> None:
    """The school, its DPO, its suppliers and services."""
    desk.decided("Class Charts, which Example Primary School uses, showed the records of other pupils.")
    assert b"Class Charts" in desk.submit()


def test_a_report_that_was_tampered_with_is_not_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its hash is in the event."""
    desk.decided().submit()
    history = desk.tocsin.log.history(desk.ref)
    report = history[-1].fact
    assert isinstance(report, RegulatorReportSubmitted)
    assert report.document
    other = report.document.model_copy(update={"sha256": "0" * 64})
    changed = history[-1].model_copy(update={"fact": report.model_copy(update={"document": other})})
    with pytest.raises(ReportChanged):
        submitted((*history[:-1], changed), 1)


def test_an_erased_report_says_so(desk: Desk) -> None:
    """The key is gone, and with it the words; the hash stays."""
    desk.decided().submit()
    desk.tocsin.keys.shred(desk.ref)
    with pytest.raises(ReportErased):
        desk.paper(1)


def test_what_is_not_there_is_said_in_a_sentence(desk: Desk) -> None:
    """No such report; no such regulator."""
    desk.decided()
    with pytest.raises(NoSuchReport, match="number 1"):
        desk.paper(1)
    desk.tocsin.schools.add(SAMPLE.model_copy(update={"regulator": "CNIL"}))
    with pytest.raises(NoForm, match="no map"):
        desk.submit()


def test_another_regulator_is_another_map_and_no_other_code() -> None:
    """Nothing but the field maps names a regulator's form."""
    assert {form.form for form in forms().values()} == {"ico", "ap"}
    makers = (answers, answers_in_words, form, ico_submission, papers, submission_paper, submission_text_module)
    for maker in makers:
        code = Path(str(maker.__file__)).read_text(encoding="utf-8")
        assert not [each for each in forms().values() if f'"{each.regulator}"' in code or f'"{each.form}"' in code]


def test_a_dutch_school_reports_in_the_sections_of_its_own_regulator(desk: Desk) -> None:
    """The same events, another form."""
    desk.decided()
    desk.tocsin.schools.add(SAMPLE.model_copy(update={"regulator": "AP", "nation": "Netherlands"}))
    body = json.loads(desk.submit())
    assert body["form"] == "ap 2026-11"
    assert [section["title"][0] for section in body["sections"]] == list("0123456789")


def test_complaints_are_given_their_period_where_that_law_holds(desk: Desk) -> None:
    """Thirty days from the day after, rolled over a bank holiday; none in the Netherlands."""
    desk.decided()
    desk.do("record_complaint", Role.STAFF, people="pupils", about="My file", received_at="2026-10-10T10:00:00Z")
    (complaint,) = desk.tocsin.incident(desk.ref).complaints.values()
    assert complaint.acknowledge_before is not None
    assert complaint.acknowledge_before - FRIDAY_4PM.replace(month=11, day=9, hour=0) == timedelta(days=1)
    desk.tocsin.schools.add(SAMPLE.model_copy(update={"regulator": "AP", "nation": "Netherlands"}))
    desk.do("record_complaint", Role.STAFF, people="staff", about="My file")
    assert desk.tocsin.incident(desk.ref).complaints[2].acknowledge_before is None


def test_a_complaint_that_is_sent_again_next_week_is_the_same_complaint(desk: Desk) -> None:
    """Its time and its period are those of the first time, also where it reopened the incident."""
    desk.decided()
    given = {"acknowledge_before": "2027-06-01T00:00:00Z"}  # which is not the caller's to give
    asked = command_named("record_complaint", {"people": "staff", "about": "My address", **given})
    first = desk.tocsin.act(asked, desk.ref, actor(Role.LEAD), "the-same")
    desk.now += 7 * ONE_DAY
    assert desk.tocsin.act(asked, desk.ref, actor(Role.LEAD), "the-same") == first
    other = command_named("record_complaint", {"people": "staff", "about": "Something else"})
    with pytest.raises(CommandIdTaken):
        desk.tocsin.act(other, desk.ref, actor(Role.LEAD), "the-same")


def test_nobody_brings_a_document_of_their_own(desk: Desk) -> None:
    """What is kept as sent is what Tocsin made, whatever a caller puts in its place."""
    desk.decided()
    forged = {"covers_version": 1, "sha256": "0" * 64, "content": "c3dlZXQ="}
    assert b"A laptop was left on a train." in desk.submit(document=forged)


def test_a_withdrawal_that_only_seems_to_name_somebody_can_be_sent(desk: Desk) -> None:
    """Once a person says that it names nobody, and the log keeps that they said so."""
    desk.decided().submit()
    with pytest.raises(NamesInTheReport, match="no_names_confirmed"):
        desk.do("withdraw_report", Role.HEAD, reason="Oliver Smith software was at fault")
    desk.do("withdraw_report", Role.HEAD, reason="Oliver Smith software was at fault", no_names_confirmed=True)
    assert desk.reports[-1].no_names_confirmed is True


def test_the_registers_own_names_are_never_doubted(desk: Desk) -> None:
    """A school, or its DPO, may be called as a person is; nobody else can write the register."""
    contacts = {**SAMPLE.contacts, Role.DPO: Contact(email="dpo@dpo-service.invalid", name="Oliver Smith")}
    desk.tocsin.schools.add(SAMPLE.model_copy(update={"name": "Thomas Jones School", "contacts": contacts}))
    desk.decided("Thomas Jones School lost a list; Oliver Smith was told at once.").submit()


def test_a_report_of_the_first_version_is_read_without_its_document(desk: Desk) -> None:
    """Its event named the controller and kept no paper: the hash is there, and the refusal says why nothing else is."""
    desk.decided().submit()
    database = sqlite3.connect(desk.tocsin.settings.data / "events.sqlite")
    database.row_factory = sqlite3.Row
    (row,) = database.execute("SELECT * FROM stored_events WHERE topic = 'notification.report_submitted'").fetchall()
    state = json.loads(row["state"])
    assert state.pop("schema") == 2
    state["fact"]["document"] = {"covers_version": 3, "sha256": "0" * 64, "controller": {"sealed": "x"}}
    for name in ("reasons_incomplete", "no_names_confirmed"):
        del state["fact"][name]
    old = StoredEvent(
        row["originator_id"], row["originator_version"], row["topic"], json.dumps({"schema": 1, **state}).encode()
    )
    mapper = FactMapper(desk.tocsin.keys.fetch({desk.ref}))
    event = mapper.to_domain_event(old)
    assert isinstance(event.fact, RegulatorReportSubmitted)
    assert event.fact.document
    assert event.fact.document.sha256 == "0" * 64
    history = (*desk.tocsin.log.history(desk.ref)[:-1], event)
    with pytest.raises(ReportNotKept):
        submitted(history, 1)


def test_a_schools_own_record_is_no_incident(desk: Desk) -> None:
    """It stands in the log, and in no list of incidents."""
    desk.decided()
    training = any_command("record_training", {"on": "2026-11-20", "group": "staff", "in_post": 40, "trained": 31})
    by = actor(Role.LEAD)
    assert desk.tocsin.act_for_school(training, SAMPLE.id, by, "one")  # type: ignore[arg-type]
    assert desk.tocsin.act_for_school(training, SAMPLE.id, by, "one")  # type: ignore[arg-type]
    assert len(desk.tocsin.school_record(SAMPLE.id)) == 1
    assert desk.tocsin.log.incidents() == [desk.ref]
    with pytest.raises(NoSuchIncident):
        desk.tocsin.incident(record_of(SAMPLE.id))
    assert news(desk.tocsin.school_record(SAMPLE.id)) == []
    desk.tocsin.views.catch_up()
    assert [entry.ref for entry in desk.tocsin.views.breach_log()] == [desk.ref]
    assert desk.tocsin.log.verify().whole
