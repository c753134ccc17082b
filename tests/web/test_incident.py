"""The page of an incident and its papers: every state of it, what each role is shown, and walls around it."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from adapters.documents.letter_files import letter_to
from adapters.incident_papers import LETTER_FORMATS, SUBMISSION_FORMATS, submission_file
from adapters.papers import draft, submitted
from adapters.review_papers import of_incident
from adapters.web.incident_view import StepOfTasks, Task, next_of
from domain.commands.discover import AddNote
from domain.roles import Role
from domain.steps import Progress, Step
from domain.vocabulary import PeopleKind
from tests.given import INVESTIGATION
from tests.web.conftest import OTHER_URN, Town

SEES = ("dpl", "head", "dpo", "auditor")
SEES_NOT = ("staff", "chair", "governor", "administrator")
MADE_FOR_ONE_ANSWER = re.compile(r'nonce="[^"]*"|data-(?:now|session-ends)="[^"]*"')


def text_of(html: str) -> str:
    """What a page says, without its markup; white space as one space."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def page_of(town: Town, ref: str, role: str = "dpl", query: str = "") -> str:
    """What the page of that incident says to that role."""
    answer = town.signed_in(role).get(f"/incidents/{ref}{query}")
    assert answer.status_code == 200, answer.text
    return text_of(answer.text)


def decided(town: Town, *, notify: bool = True) -> str:
    """A breach on which the controller decided."""
    ref = town.breach()
    for command, fields in INVESTIGATION:
        town.act(ref, command, "dpl", **fields)
    if not notify:
        town.act(ref, "assess_risk", "dpl", level="unlikely", reasons="The stick was encrypted")
    town.act(ref, "decide_notification", "head", notify_regulator=notify, reasons="After the advice")
    return ref


def reported(town: Town) -> str:
    """A breach that was reported to the regulator an hour later."""
    ref = decided(town)
    town.clock.forward(hours=1)
    expected = town.clock.now + timedelta(hours=30)
    town.act(
        ref,
        "submit_report",
        "dpo",
        reasons_incomplete="The supplier is silent",
        further_information_expected_at=expected.isoformat(),
        no_names_confirmed=True,
    )
    return ref


def near_miss(town: Town) -> str:
    """It was caught in time."""
    ref = town.report()
    town.act(ref, "record_near_miss", what_prevented_it="The address was read again")
    return ref


def missed(town: Town) -> str:
    """A breach whose deadline passed an hour ago, undecided."""
    ref = town.breach()
    town.clock.forward(hours=73)
    return ref


def late(town: Town) -> str:
    """A report that was sent two hours after the deadline."""
    ref = decided(town)
    town.clock.forward(hours=74)
    town.act(
        ref,
        "submit_report",
        "dpo",
        reasons_incomplete="More is looked into",
        reasons_for_delay="Nobody was at school",
        further_information_expected_at=(town.clock.now + timedelta(hours=30)).isoformat(),
        no_names_confirmed=True,
    )
    return ref


def erased(town: Town) -> str:
    """A closed incident whose key was destroyed."""
    ref = town.whole_life()
    town.tocsin.keys.shred(ref)
    return ref


def reopened(town: Town) -> str:
    """It was closed, and something new came up."""
    ref = town.whole_life()
    town.act(ref, "reopen_incident", reason="A parent wrote")
    return ref


STATES: dict[str, tuple[Callable[[Town], str], tuple[str, ...]]] = {
    "suspicion": (Town.report, ("Suspected breach Open", "The clock has not begun", "Next: Establish whether")),
    "near miss": (near_miss, ("Near miss Open", "No clock runs", "recorded as a near miss", "The address was read")),
    "breach": (
        Town.breach,
        (
            "72 hours left Until Monday 23 November 2026, 12:00 GMT",
            "Of these, 9 hours are working hours",
            "Decide whether the regulator is notified For you Due Monday 23 November 2026, 12:00 GMT",
            "UK GDPR Art. 33(1), 33(5).",
        ),
    ),
    "missed": (missed, ("deadline to notify the ICO has passed passed 1 hour ago", "give the reasons", "Overdue")),
    "reported": (
        reported,
        (
            "The clock stopped: the ICO was notified",
            "Friday 20 November 2026, 13:00 GMT , 71 hours before the deadline",
        ),
    ),
    "reported late": (late, ("2 hours after the deadline",)),
    "decided not": (
        lambda town: decided(town, notify=False),
        ("it was decided not to notify", "Decided by the Headteacher on Friday 20 November 2026, 12:00 GMT"),
    ),
    "closed": (
        Town.whole_life,
        ("This incident is closed", "both measures done", "Reopen the incident", "Nothing: the incident is closed."),
    ),
    "reopened": (reopened, ("Personal data breach Open", "A parent wrote", "Assess the risk to individuals")),
    "erased": (erased, ("This incident is closed Erased", "Whose data, and how many Pupils: 212")),
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_of_an_incident_has_its_page(town: Town, state: str) -> None:
    """The clock, why it does not run, and what is asked for."""
    make, sentences = STATES[state]
    said = page_of(town, make(town))
    for sentence in sentences:
        assert sentence in said


def test_the_countdown_holds_its_deadline_for_the_script(town: Town) -> None:
    """In words without it; a timer that is not read out by itself."""
    html = town.signed_in("dpl").get(f"/incidents/{town.breach()}").text
    assert '<span role="timer" data-left-until="2026-11-23T12:00:00+00:00">72 hours left</span>' in html
    assert "aria-live" not in html


def test_an_erased_text_is_nowhere_on_the_pages(town: Town) -> None:
    """Of what was typed, only what is no text stays: counts, kinds and times."""
    ref = erased(town)
    visit = town.signed_in("dpo")
    for path in ("", "?events=all", "/documents", "/evidence"):
        answer = visit.get(f"/incidents/{ref}{path}")
        assert answer.status_code == 200
        assert "behaviour points" not in answer.text
        assert "[erased]" not in answer.text


def test_a_wall_stands_around_every_page_of_an_incident(town: Town) -> None:
    """Another school's incident answers letter for letter like one that is not there."""
    ref, nowhere = town.breach(OTHER_URN), f"{OTHER_URN}-00000000"
    visit = town.signed_in("dpo")
    for path in (
        "",
        "/documents",
        "/evidence",
        "/submission.json",
        "/letters/pupils.txt",
        "/review.pdf",
        "/evidence/0",
    ):
        theirs, none = visit.get(f"/incidents/{ref}{path}"), visit.get(f"/incidents/{nowhere}{path}")
        assert (theirs.status_code, none.status_code) == (404, 404), path
        assert MADE_FOR_ONE_ANSWER.sub("", theirs.text) == MADE_FOR_ONE_ANSWER.sub("", none.text)


@pytest.mark.parametrize("role", SEES_NOT)
def test_who_does_not_work_on_incidents_sees_no_page(town: Town, role: str) -> None:
    """Neither its papers; the governors' sheet alone is for governors."""
    ref = town.breach()
    visit = town.signed_in(role)
    for path in ("", "/documents", "/evidence", "/submission.json", "/letters/pupils.txt"):
        assert visit.get(f"/incidents/{ref}{path}").status_code == (
            200 if (role, path) == ("staff", "/evidence") else 404
        ), path
    governs = role in ("chair", "governor")
    assert visit.get(f"/incidents/{ref}/review.docx").status_code == (200 if governs else 404)


@pytest.mark.parametrize("role", SEES)
def test_nobody_is_led_to_what_their_role_may_not_do(town: Town, role: str) -> None:
    """Every link to a form answers, and an auditor has none."""
    ref = decided(town)
    visit = town.signed_in(role)
    for path in ("", "/documents", "/evidence"):
        found = set(re.findall(r'href="(/incidents/[^"?]*/do/[a-z_]+)', visit.get(f"/incidents/{ref}{path}").text))
        assert bool(found) == (role != "auditor")
        for link in found:
            command = link.rpartition("/")[2]
            assert town.person(role).role_for(ref.split("-")[0], command), link
            assert visit.get(link).status_code == 200, link


def test_the_next_task_is_the_persons_own(town: Town) -> None:
    """The headteacher is led to the decision, and the lead to the first thing asked; one keystroke away."""
    ref = town.breach()
    for role, command in (("head", "decide_notification"), ("dpl", "inform_dpo"), ("dpo", "record_ongoing")):
        html = town.signed_in(role).get(f"/incidents/{ref}").text
        found = re.search(r'<a href="([^"]*)"[^>]*accesskey="n"', html)
        assert found is not None
        assert found[1] == f"/incidents/{ref}/do/{command}"
    assert "accesskey" not in town.signed_in("auditor").get(f"/incidents/{ref}").text


def test_closing_is_next_only_once_nothing_else_is_asked_for(town: Town) -> None:
    """A DPO for whom nothing else is left is not led to a refusal."""
    ref = near_miss(town)
    assert "Next: Close the incident" in page_of(town, ref)
    town.act(ref, "record_complaint", people="pupils", about="It was read aloud")
    assert "Next: Acknowledge complaint 1" in page_of(town, ref)


def test_nobody_is_led_to_close_what_still_waits_for_others() -> None:
    """Where only the controller's decision and the closing are left, a DPO has nothing to do now."""
    tasks = {
        command: Task(command, "What", "Why", "Who", mine=True, due_at=None, overdue=False, href=href)
        for command, href in (("decide_communication", None), ("close_incident", "/close"))
    }
    both = StepOfTasks(Step.NOTIFY, Progress.UNDER_WAY, tuple(tasks.values()))
    alone = StepOfTasks(Step.REVIEW, Progress.UNDER_WAY, (tasks["close_incident"],))
    assert next_of([both]) is None
    assert next_of([alone]) == tasks["close_incident"]


def test_ones_own_tasks_are_marked_in_words(town: Town) -> None:
    """Not by colour alone."""
    ref = town.breach()
    assert "Give advice on notifying the regulator and telling people For you" in page_of(town, ref, "dpo")
    assert "telling people For you" not in page_of(town, ref, "head")
    assert "Decide whether the regulator is notified For you" in page_of(town, ref, "head")


def test_what_was_done_is_said_once(town: Town) -> None:
    """After a form, in its own words; anything else in the address says nothing."""
    ref = town.breach()
    assert "Success The breach is confirmed" in page_of(town, ref, query="?done=confirm_breach")
    assert "Success" not in page_of(town, ref, query="?done=<b>hello</b>")


def test_advice_and_decision_stand_side_by_side(town: Town) -> None:
    """With the prompt, and with the word that they differ."""
    ref = decided(town)
    town.act(
        ref, "advise", "dpo", notify_regulator=False, communicate=True, risk="unlikely", reasons="It was encrypted"
    )
    said = page_of(town, ref)
    assert "Notify the regulator? No prompt yet No Fri 20 Nov 2026, 12:00 GMT Yes Headteacher" in said
    assert said.count("Differs from the advice") == 1
    assert "It was encrypted" in said


def test_a_waiting_escalation_is_shown_to_whom_it_waits_for(town: Town) -> None:
    """Others see that it waits, and cannot acknowledge it."""
    ref = town.breach()
    due = town.clock.now.isoformat()
    town.act(
        ref, "record_escalation", Role.ENGINE, alarm="standstill.contain.dpl", to="dpl", due_at=due,
        because="step_stood_still",
    )  # fmt: skip
    assert "No progress in the step “contain” For you" in page_of(town, ref)
    assert "Say that you have seen it" in page_of(town, ref)
    assert "Say that you have seen it" not in page_of(town, ref, "dpo")


def test_what_people_type_is_only_ever_text(town: Town) -> None:
    """Also on the page of the papers."""
    ref = town.report(what_happened="<script>alert(1)</script> {{ 7 * 7 }}")
    town.act(ref, "confirm_breach", basis="<img src=x onerror=alert(1)>")
    town.act(ref, "add_note", note="<img src=x onerror=alert(2)>")
    for path in ("", "/documents"):
        html = town.signed_in("dpl").get(f"/incidents/{ref}{path}").text
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "49" not in text_of(html)


class TestTimeline:
    """Everything that happened, in pages."""

    def long(self, town: Town) -> str:
        """An incident with more than two hundred events."""
        ref = town.breach()
        for number in range(210):
            town.tocsin.act(_note(number), ref, town.actor("dpl"))
        return ref

    def events(self, html: str) -> list[int]:
        """The versions on the page, in its order."""
        return [int(version) for version in re.findall(r'id="event-(\d+)"', html)]

    def test_every_event_is_on_one_page_exactly(self, town: Town) -> None:
        """The newest first, or the oldest; or all on one page, to print."""
        ref, visit = self.long(town), town.signed_in("auditor")
        path = f"/incidents/{ref}"
        found = [version for page in range(1, 7) for version in self.events(visit.get(f"{path}?page={page}").text)]
        assert found == list(range(212, 0, -1))
        assert self.events(visit.get(f"{path}?order=oldest").text) == list(range(1, 41))
        assert self.events(visit.get(f"{path}?order=oldest&events=all").text) == list(range(1, 213))
        assert self.events(visit.get(f"{path}?page=999").text) == list(range(12, 0, -1))

    @pytest.mark.parametrize("query", ["page=0", "page=x", f"page={'9' * 400}", "order=sideways", "events=some"])
    def test_a_page_that_cannot_be_is_missing(self, town: Town, query: str) -> None:
        """Never a failure."""
        assert town.signed_in("dpo").get(f"/incidents/{town.breach()}?{query}").status_code == 404

    def test_both_times_and_the_role_are_said(self, town: Town) -> None:
        """When it was so, and when it was written down."""
        ref = town.breach()
        town.clock.forward(hours=2)
        town.act(ref, "record_stopped", stopped_at="2026-11-20T12:30:00+00:00", detail="The stick was found")
        said = page_of(town, ref)
        assert (
            "Breach stopped contain So at Fri 20 Nov 2026, 12:30 GMT ; recorded Fri 20 Nov 2026, 14:00 GMT,"
            " by: Data Protection Lead. What was recorded : event 3, Breach stopped" in said
        )

    def test_older_notes_are_folded(self, town: Town) -> None:
        """The newest five stand open."""
        ref = town.breach()
        for number in range(7):
            town.tocsin.act(_note(number), ref, town.actor("dpl"))
        assert "2 older notes Note 1" in page_of(town, ref)


def _note(number: int) -> AddNote:
    return AddNote(note=f"Note {number}")


class TestPapers:
    """The page of the papers, and the files."""

    def test_the_draft_can_be_downloaded_in_every_format(self, town: Town) -> None:
        """The same bytes as the functions make."""
        ref, visit = decided(town), town.signed_in("dpo")
        incident, school = town.tocsin.incident(ref), town.tocsin.schools.school("100001")
        for fmt in SUBMISSION_FORMATS:
            answer = visit.get(f"/incidents/{ref}/submission.{fmt}")
            assert answer.content == SUBMISSION_FORMATS[fmt](draft(incident.history, school)), fmt
            name = f"{ref}-draft-report.{'txt' if fmt == 'text' else fmt}"
            assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"

    def test_a_submitted_report_is_given_back_byte_for_byte(self, town: Town) -> None:
        """With the hash that the page shows."""
        ref, visit = reported(town), town.signed_in("auditor")
        incident, school = town.tocsin.incident(ref), town.tocsin.schools.school("100001")
        sent = submitted(incident.history, 1)[1]
        assert visit.get(f"/incidents/{ref}/submission.json?phase=1").content == sent
        assert visit.get(f"/incidents/{ref}/submission.pdf?phase=1").content == submission_file(
            incident, school, 1, "pdf"
        )
        said = text_of(visit.get(f"/incidents/{ref}/documents").text)
        assert f"1: Initial report Fri 20 Nov 2026, 13:00 GMT {hashlib.sha256(sent).hexdigest()}" in said

    def test_a_follow_up_says_what_changed(self, town: Town) -> None:
        """Against what was sent, and why."""
        ref = reported(town)
        people = [{"people": "pupils", "number": {"certainty": "exact", "number": 12}}]
        town.act(ref, "describe_people", groups=people)
        said = page_of(town, ref, "dpo", "/documents")
        assert "this one says only what changed since" in said
        assert "12 Changed Before: 10 Why it changed: People described" in said

    def test_a_report_can_be_marked_as_submitted_once_that_was_decided(self, town: Town) -> None:
        """By those who may."""
        assert "once the controller has decided" in page_of(town, town.breach(), "dpo", "/documents")
        ref = decided(town)
        assert "Mark as submitted" in page_of(town, ref, "dpo", "/documents")
        assert "Mark as submitted" not in page_of(town, ref, "auditor", "/documents")

    def test_a_letter_is_shown_with_how_hard_it_is_to_read(self, town: Town) -> None:
        """And is the same file as the functions make."""
        ref = decided(town)
        town.act(
            ref, "write_message", "dpo", people="parents_and_carers",
            nature="A stick is lost.", consequences="A stranger may read it.", measures="We look for it.",
        )  # fmt: skip
        visit = town.signed_in("dpo")
        incident, school = town.tocsin.incident(ref), town.tocsin.schools.school("100001")
        made = letter_to(incident, school, PeopleKind.PARENTS)
        for fmt in ("txt", "pdf", "docx"):
            answer = visit.get(f"/incidents/{ref}/letters/parents_and_carers.{fmt}")
            assert answer.content == LETTER_FORMATS[fmt](made), fmt
            assert f"{ref}-letter-parents-and-carers.{fmt}" in answer.headers["content-disposition"]
        said = page_of(town, ref, "dpo", "/documents")
        assert re.search(r"Parents and carers Reading age: [\d.]+ years", said)
        assert "A stranger may read it." in said

    def test_a_letter_that_is_due_can_be_begun(self, town: Town) -> None:
        """For the people whom it was decided to tell."""
        ref = decided(town)
        town.act(ref, "decide_communication", "head", communicate=True, reasons="They should know")
        assert "Pupils It was decided to tell these people" in page_of(town, ref, "dpo", "/documents")

    def test_the_governors_sheet_is_the_same_for_governors(self, town: Town) -> None:
        """Without names, as the functions make it."""
        ref = decided(town)
        made = of_incident(town.tocsin, ref, None)
        for role in ("dpo", "chair", "governor"):
            for fmt in ("pdf", "docx"):
                assert town.signed_in(role).get(f"/incidents/{ref}/review.{fmt}").content == made[fmt]()

    @pytest.mark.parametrize(
        "path", ["submission.exe", "submission.json?phase=0", "submission.json?phase=x", "letters/nobody.txt",
                 "letters/pupils.exe", "review.exe"],
    )  # fmt: skip
    def test_a_paper_that_cannot_be_is_missing(self, town: Town, path: str) -> None:
        """Whatever stands in the address."""
        assert town.signed_in("dpo").get(f"/incidents/{town.breach()}/{path}").status_code == 404

    @pytest.mark.parametrize(
        ("path", "sentence"),
        [
            ("submission.pdf?phase=7", "No report number 7 was submitted."),
            ("letters/staff.pdf", "No message is written for the staff yet"),
        ],
    )
    def test_a_paper_that_is_not_there_yet_says_so_in_a_sentence(self, town: Town, path: str, sentence: str) -> None:
        """With a page around it."""
        answer = town.signed_in("dpo").get(f"/incidents/{town.breach()}/{path}")
        assert answer.status_code == 409
        assert sentence in text_of(answer.text)

    def test_a_school_whose_regulator_has_no_form_is_told(self, town: Town) -> None:
        """And the rest of its papers stay."""
        ref = town.breach()
        school = town.tocsin.schools.school("100001")
        town.tocsin.schools.add(school.model_copy(update={"regulator": "Elsewhere"}))
        assert "There is no map of a report form" in page_of(town, ref, "dpo", "/documents")
        assert town.signed_in("dpo").get(f"/incidents/{ref}/submission.json").status_code == 409

    def test_an_erased_report_leaves_its_hash(self, town: Town) -> None:
        """The file says that it was erased."""
        ref = reported(town)
        town.tocsin.keys.shred(ref)
        assert "Not kept, or erased: only its hash is in the log." in page_of(town, ref, "dpo", "/documents")
        answer = town.signed_in("dpo").get(f"/incidents/{ref}/submission.json?phase=1")
        assert "erased with the incident" in text_of(answer.text)


def test_a_name_in_the_draft_is_told_before_it_is_sent_and_can_be_put_right(town: Town) -> None:
    """What happened is written anew for log and report; what was reported stays in the record."""
    ref = town.report(what_happened="The file of Amelia Birch went to another family")
    town.act(ref, "confirm_breach", basis="Certain")
    visit = town.signed_in("dpl")
    assert "looks like a name" in visit.get(f"/incidents/{ref}/documents").text
    told = "A pupil’s file went to another family"
    assert visit.send(f"/incidents/{ref}/do/describe_incident", what_happened=told).status_code == 303
    page = visit.get(f"/incidents/{ref}/documents").text
    assert "looks like a name" not in page
    assert told in page
    assert "Amelia" not in page
    assert "Amelia" in visit.get(f"/incidents/{ref}").text


def test_a_suspicion_says_when_the_72_hours_would_end(town: Town) -> None:
    """They may prove to have begun with the first signal (Art. 33(1))."""
    ref = town.report(discovered_at="2026-11-20T10:00:00+00:00")
    visit = town.signed_in("dpl")
    assert "Monday 23 November 2026, 10:00 GMT" in visit.get(f"/incidents/{ref}").text
    form = visit.get(f"/incidents/{ref}/do/confirm_breach").text
    assert "The 72 hours end, if you give no time" in form
    assert f"/incidents/{ref}/do/find_not_a_breach" in form


def test_a_report_that_was_decided_on_is_the_next_thing(town: Town) -> None:
    """Before whatever an earlier step still asks for."""
    ref = town.breach()
    town.act(ref, "decide_notification", "head", notify_regulator=True, reasons="It is owed")
    page = town.signed_in("dpl").get(f"/incidents/{ref}").text
    assert re.search(r'href="[^"]*/do/submit_report"[^>]*accesskey="n"', page)
