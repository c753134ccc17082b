"""The e-mails: calm, complete, different for each role, and empty of everything that anybody typed."""

import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from adapters.documents.messages import NobodyToReach, message_for
from domain.escalation import Alarm, plan
from domain.incident import Incident
from domain.roles import ENGINE, Role
from domain.school import Contact, School
from tests.examples import (
    AWARE_AT,
    HEAD,
    LEAD,
    REF,
    SCHOOL,
    Case,
    at,
    classcharts,
    replayed,
    suspicion,
    with_every_text,
)

CANARY = "CANARY4711"
SENDER = "Tocsin <tocsin@school.example>"
DEADLINE = AWARE_AT + timedelta(hours=72)
DEADLINE_WORDS = "Monday 23 November 2026, 16:45 GMT"
ONE_MINUTE = timedelta(minutes=1)


def confirmed() -> Case:
    """A breach of which the school is aware, and nothing is decided."""
    return suspicion().do(at(20, "17:00"), LEAD, "confirm_breach")


def significant() -> Case:
    """The same, judged significant."""
    return confirmed().do(at(20, "17:50"), LEAD, "judge_significance", significant=True, reason="So.")


def decided() -> Case:
    """The same, and it was decided to notify."""
    return confirmed().do(at(20, "18:00"), HEAD, "decide_notification", notify_regulator=True, reasons="So.")


def missed(case: Case) -> Case:
    """The 72 hours passed."""
    return case.do(DEADLINE, ENGINE, "record_missed_deadline", deadline=DEADLINE)


def promised() -> Case:
    """The same, with a measure that is due at Christmas and a complaint that came in."""
    measure = {"item": "locks", "measure": "New locks", "owner": "Site manager", "due_on": "2026-12-24"}
    complaint = {"people": "parents_and_carers", "about": "Nobody told us", "acknowledge_before": at(22, "00:00", 12)}
    case = confirmed().do(at(20, "18:00"), LEAD, "adopt_measure", **measure)
    return case.do(at(21, "09:00"), LEAD, "record_complaint", **complaint)


def sent(
    incident: Incident, now: datetime, school: School = SCHOOL, pages: str | None = None
) -> dict[str, EmailMessage]:
    """Every message that is due, by the name of its alarm."""
    alarms = plan(incident, school.policy, now).alarms
    return {alarm.name: message_for(alarm, incident, school, now=now, sender=SENDER, pages=pages) for alarm in alarms}


def written(message: EmailMessage) -> str:
    """What a person reads, in one line."""
    return " ".join(message.get_content().split())


def every(pages: str | None = None) -> dict[str, EmailMessage]:
    """One message of every family, before and after the deadline."""
    late, christmas = at(10, "09:00", 1, 2027), at(24, "00:00", 12)
    return {
        **sent(suspicion().incident, at(20, "16:46"), pages=pages),
        **sent(confirmed().incident, AWARE_AT + timedelta(hours=24), pages=pages),
        **sent(confirmed().incident, AWARE_AT + timedelta(hours=66), pages=pages),
        **sent(significant().incident, at(20, "17:51"), pages=pages),
        **sent(missed(confirmed()).incident, DEADLINE, pages=pages),
        **{name: each for name, each in sent(promised().incident, late, pages=pages).items() if name[0] in "mc"},
        **{name: each for name, each in sent(promised().incident, christmas, pages=pages).items() if name[0] == "m"},
    }


ALL = every()
PAGES = "https://breaches.example"


def test_every_family_of_alarms_has_its_message() -> None:
    """The examples below leave none out."""
    families = ("reported.", "significant.", "standstill.", "clock.24h.", "clock.undecided.", "clock.missed.")
    for family in (*families, "complaint.", "measure."):
        assert any(name.startswith(family) for name in ALL), family


def test_nothing_that_was_typed_is_in_a_message() -> None:
    """At every moment of a case, with the same word in every text of it, no message and no header has that word."""
    events = with_every_text(classcharts(), CANARY)
    number = 0
    for length in range(1, len(events) + 1):
        incident = replayed(events[:length])
        for later in (timedelta(), timedelta(hours=24), timedelta(hours=71), timedelta(hours=80), timedelta(days=60)):
            for message in sent(incident, incident.recorded_at + later).values():
                number += 1
                assert CANARY not in written(message)
                assert CANARY not in message.as_string()
    assert number > 100


def test_no_name_of_a_contact_is_in_a_message() -> None:
    """The school's register knows names; a mailbox needs only the address."""
    contacts = {role: Contact(email=contact.email, name=CANARY) for role, contact in SCHOOL.contacts.items()}
    for message in sent(suspicion().incident, AWARE_AT, SCHOOL.model_copy(update={"contacts": contacts})).values():
        assert CANARY not in message.as_string()


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_message_says_what_is_asked_by_when_why_and_how(name: str) -> None:
    """Whoever reads nothing else knows what to do."""
    message = ALL[name]
    text = written(message)
    for part in ("What is asked of you", "By when", "Why", "Reference", "How to act", f"tocsin show {REF}"):
        assert part in text
    assert "GMT" in text or "By the end of" in text
    assert "_" not in text.replace("acknowledge_escalation", "")
    assert REF in str(message["Subject"])
    assert ("UK GDPR Art." in text) or ("DPA 2018" in text) or ("breach procedure" in text)


@pytest.mark.parametrize("name", sorted(ALL))
def test_where_there_are_pages_each_message_leads_to_the_one_of_its_reader(name: str) -> None:
    """The chair's is the governors' sheet; whoever handles the incident opens it whole."""
    message = every(PAGES)[name]
    to_the_chair = message["To"] == SCHOOL.contacts[Role.CHAIR].email
    assert f"{PAGES}/{'escalations' if to_the_chair else 'incidents'}/{REF}" in written(message)
    assert "tocsin show" not in written(message)


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_message_survives_the_post(name: str) -> None:
    """Read again from its bytes it says the same, in lines that every mailbox shows."""
    message = ALL[name]
    again = message_from_bytes(message.as_bytes(policy=SMTP), policy=SMTP)
    assert isinstance(again, EmailMessage)
    assert again["Subject"] == message["Subject"]
    assert not re.search(rb"Subject:\s*\r\n", message.as_bytes(policy=SMTP))
    assert again.get_content().splitlines() == message.get_content().splitlines()
    assert max(map(len, message.get_content().splitlines())) <= 78


def test_a_measure_and_a_complaint_have_days_of_their_own() -> None:
    """Neither is about the 72 hours, and neither says what was typed."""
    measure, complaint = written(ALL["measure.3.overdue.chair"]), written(ALL["complaint.1.missed.chair"])
    assert "By the end of 24 December 2026." in measure
    assert "By the end of 21 December 2026." in complaint
    assert "72 hours" not in measure + complaint
    assert "acknowledge_escalation" in complaint


def test_it_goes_to_the_role_and_no_robot_answers() -> None:
    """The address is the register's, the date the one given, and the message says that a machine sent it."""
    message = sent(suspicion().incident, at(20, "16:46"))["reported.dpo"]
    assert message["To"] == "dpo@service.example"
    assert message["From"] == SENDER
    assert message["Date"] == "Fri, 20 Nov 2026 16:46:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"


def test_each_role_is_asked_for_its_own_part() -> None:
    """The DPO advises, the lead decides, and the chair sees that somebody does."""
    due = sent(confirmed().incident, AWARE_AT + timedelta(hours=66))
    texts = {name.rsplit(".", 1)[1]: written(message) for name, message in due.items() if name.startswith("clock.")}
    assert "advise now" in texts["dpo"]
    assert "Decide whether the ICO is notified" in texts["dpl"]
    assert "as chair you may decide yourself" in texts["chair"]
    assert len(set(texts.values())) == 3


def test_once_it_is_decided_the_report_is_asked_for() -> None:
    """Nobody is asked for a decision that was taken."""
    text = written(sent(decided().incident, AWARE_AT + timedelta(hours=24))["clock.24h.dpl"])
    assert "Decide" not in text
    assert "the report is sent" in text


@pytest.mark.parametrize(
    ("now", "subject", "text"),
    [
        (DEADLINE - timedelta(hours=1), "1 hour left: ", "1 hour from when this was sent"),
        (DEADLINE - ONE_MINUTE, "Less than an hour left: ", "1 minute from when this was sent"),
        (DEADLINE, ": the 72 hours ended Mon 23 Nov 2026, 16:45 GMT", "which is now"),
        (DEADLINE + ONE_MINUTE, ": the 72 hours ended Mon 23 Nov 2026, 16:45 GMT", "1 minute ago"),
    ],
)
def test_the_subject_tells_the_deadline(now: datetime, subject: str, text: str) -> None:
    """How much is left, or that nothing is, with the moment itself in the school's time."""
    message = message_for(
        Alarm("clock.71h.dpl", "clock", Role.LEAD, now), confirmed().incident, SCHOOL, now=now, sender=SENDER
    )
    assert subject in str(message["Subject"])
    assert "Mon 23 Nov 2026, 16:45 GMT" in str(message["Subject"])
    assert text in written(message)
    assert DEADLINE_WORDS in written(message)


def test_before_awareness_the_earliest_end_of_the_72_hours_is_told() -> None:
    """No clock runs yet, and yet there is a moment to keep in mind."""
    text = written(sent(suspicion().incident, AWARE_AT)["reported.dpl"])
    assert "No clock runs yet" in text
    assert DEADLINE_WORDS in text


def test_no_clock_is_claimed_for_what_was_no_breach() -> None:
    """A near miss that nobody closes is a matter of tidiness."""
    case = suspicion().do(at(20, "17:00"), LEAD, "record_near_miss", what_prevented_it="So.")
    [message] = sent(case.incident, at(20, "17:00", month=12)).values()
    assert "no clock runs" in written(message)


def test_a_message_says_how_many_it_stands_for() -> None:
    """After an outage one message comes for many, and says so."""
    text = written(sent(confirmed().incident, AWARE_AT + timedelta(hours=61))["clock.60h.dpo"])
    assert "stands for 2 others that were due before it" in text


def test_the_same_alarm_has_the_same_id() -> None:
    """A message sent twice is one message to the mailbox; another alarm, time, incident or domain is another."""
    alarm = Alarm("clock.24h.dpo", "clock", Role.DPO, AWARE_AT)
    incident = confirmed().incident

    def id_of(alarm: Alarm, incident: Incident, now: datetime = AWARE_AT, domain: str = "tocsin.invalid") -> str:
        message = message_for(alarm, incident, SCHOOL, now=now, sender=SENDER, domain=domain)
        return str(message["Message-ID"])

    assert id_of(alarm, incident) == id_of(alarm, decided().incident, AWARE_AT + ONE_MINUTE)
    others = {
        id_of(Alarm("clock.48h.dpo", "clock", Role.DPO, AWARE_AT), incident),
        id_of(Alarm("clock.24h.dpo", "clock", Role.DPO, AWARE_AT + ONE_MINUTE), incident),
        id_of(alarm, Case("100001-ABCDEFGH").do(AWARE_AT, LEAD, "report_incident", what_happened="x").incident),
        id_of(alarm, incident, domain="post.example"),
    }
    assert len(others | {id_of(alarm, incident)}) == 5
    assert id_of(alarm, incident).endswith("@tocsin.invalid>")


@pytest.mark.parametrize("address", [None, "é@school.example", "(x@y", "a..b@school.example"])
def test_a_role_that_cannot_be_reached_is_said_so(address: str | None) -> None:
    """No address, or one that no mail server takes, is a fault with a name."""
    contacts = {Role.DPO: Contact(email=address)} if address else {}
    alarm = Alarm("reported.dpo", "reported", Role.DPO, AWARE_AT)
    school = SCHOOL.model_copy(update={"contacts": contacts})
    with pytest.raises(NobodyToReach):
        message_for(alarm, suspicion().incident, school, now=AWARE_AT, sender=SENDER)


def test_a_school_with_an_unusual_name_is_still_written_to() -> None:
    """Letters beyond ASCII are kept, and a name over two lines breaks no header and no text."""
    school = SCHOOL.model_copy(update={"name": "Ysgol Tŷ\nGwyn", "regulator": "ICO\r\nBcc: x@y.example"})
    for message in sent(confirmed().incident, DEADLINE - ONE_MINUTE, school).values():
        assert "Ysgol Tŷ Gwyn" in written(message)
        assert message["Bcc"] is None
