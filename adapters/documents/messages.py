"""The e-mails that the engine sends: what is asked, by when, why and how, and never anything that a person typed."""

import textwrap
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from adapters.documents.message_words import Wording, wording_for
from adapters.faults import Fault
from domain.deadlines import notification_deadline
from domain.escalation import Alarm
from domain.events.review import MeasureAdopted
from domain.incident import Incident
from domain.phases import NoBreach
from domain.roles import TITLES, Role, sees
from domain.school import School
from projections.words import day, moment, period, plural, short_moment

LINE = 76
SHOWN_A_SHEET = frozenset(role for role in Role if sees(role, "governors_sheet") and not sees(role, "incident"))
"""Roles whose page about an incident is the governors' sheet."""


class NobodyToReach(Fault):
    """The school register has no address that a message to this role could be sent to."""


def message_for(
    alarm: Alarm,
    incident: Incident,
    school: School,
    *,
    now: datetime,
    sender: str,
    pages: str | None = None,
    domain: str = "tocsin.invalid",
) -> EmailMessage:
    """The message that an alarm stands for, as it reads `now`; the same alarm always has the same Message-ID.

    `pages` is the address of the web application; without one, the message tells how to act on the command line.
    """
    to = _address(alarm, school)
    wording = wording_for(alarm, incident, " ".join(school.regulator.split()))
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = _subject(wording, alarm, incident, school, now)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(alarm, incident, domain)
    # RFC 3834: keeps holiday replies and mailing robots from answering.
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "en-GB"
    text = "\n\n".join(_paragraphs(wording, alarm, incident, school, now, pages)) + "\n"
    message.set_content(text, cte="7bit" if text.isascii() else "quoted-printable")
    return message


def _address(alarm: Alarm, school: School) -> Address:
    contact = school.contacts.get(alarm.to)
    if contact is None:
        raise NobodyToReach
    try:
        return Address(addr_spec=contact.email)
    except (ValueError, MessageError):
        raise NobodyToReach from None


def message_id(alarm: Alarm, incident: Incident, domain: str) -> str:
    """One for each alarm at its time, so that a message sent twice is one message to the mailbox."""
    text = "\n".join((incident.ref, alarm.name, alarm.due_at.isoformat()))
    return f"<{sha256(text.encode()).hexdigest()[:32]}@{domain}>"


def _subject(wording: Wording, alarm: Alarm, incident: Incident, school: School, now: datetime) -> str:
    breach = incident.breach
    if alarm.family != "clock" or breach is None:
        return f"{wording.subject} ({incident.ref})"
    by = short_moment(breach.deadline, school.timezone)
    if now >= breach.deadline:
        return f"{wording.subject}: the 72 hours ended {by} ({incident.ref})"
    return f"{_left(breach.deadline, now)}: {wording.subject}, due {by} ({incident.ref})"


def _left(deadline: datetime, now: datetime) -> str:
    hours = int((deadline - now).total_seconds() // 3600)
    return f"{plural(hours, 'hour')} left" if hours else "Less than an hour left"


def _paragraphs(
    wording: Wording, alarm: Alarm, incident: Incident, school: School, now: datetime, pages: str | None
) -> Iterator[str]:
    name = " ".join(school.name.split())
    yield _wrapped(f"To {TITLES[alarm.to]} of {name}.")
    yield _wrapped(wording.happened)
    yield _part("What is asked of you", wording.ask)
    yield _part("By when", _by_when(alarm, incident, school, now))
    yield _part("Why", wording.why)
    yield _part("Reference", incident.ref)
    if pages:
        yield _part("How to act", "Open this page and sign in:")
        yield f"    {pages}/{'escalations' if alarm.to in SHOWN_A_SHEET else 'incidents'}/{incident.ref}"
    else:
        yield _part("How to act", "Where Tocsin runs, type:")
        yield f"    tocsin show {incident.ref}{_acknowledge(alarm, incident)}"
    if alarm.stands_for:
        yield _wrapped(f"This message also stands for {_others(len(alarm.stands_for))} due before it.")
    yield _wrapped(
        "Tocsin sent this by itself. It says nothing of what happened or to whom, so that nothing is disclosed if it"
        " goes astray; please leave such details out of any reply."
    )


def _acknowledge(alarm: Alarm, incident: Incident) -> str:
    """An escalation waits for an acknowledgement; a reminder does not."""
    return f"\n    tocsin do acknowledge_escalation {incident.ref} --as {alarm.to}" if alarm.because else ""


def _others(number: int) -> str:
    return "another that was" if number == 1 else f"{number} others that were"


def _by_when(alarm: Alarm, incident: Incident, school: School, now: datetime) -> str:
    breach, zone = incident.breach, school.timezone
    if own := _date_of_its_own(alarm, incident, zone):
        return f"By the end of {day(own)}."
    if isinstance(incident.phase, NoBreach):
        return "As soon as you can. It was found to be no breach, so no clock runs."
    if breach is None:
        first = notification_deadline(incident.first_signal_at or incident.reported_at)
        return (
            "As soon as you can. No clock runs yet. If it is confirmed as a breach known from its first signal, the"
            f" 72 hours end on {moment(first, zone)}{_hours(first, now)}."
        )
    if incident.clock_runs and now > breach.deadline:
        passed = period(now - breach.deadline)
        return f"Without further delay. The 72 hours ended on {moment(breach.deadline, zone)}, {passed} ago."
    if incident.clock_runs:
        return f"{moment(breach.deadline, zone)}{_hours(breach.deadline, now)}."
    return "As soon as you can. The question of notification is answered, so the 72 hours no longer run."


def _date_of_its_own(alarm: Alarm, incident: Incident, zone: ZoneInfo) -> date | None:
    """The day of a measure or a complaint, which no 72 hours are about."""
    kind, _, number = alarm.family.partition(".")
    if kind == "measure":
        return next((fact.due_on for event, fact in incident.all(MeasureAdopted) if event.version == int(number)), None)
    if kind == "complaint" and (before := incident.complaints[int(number)].acknowledge_before):
        return (before - timedelta(seconds=1)).astimezone(zone).date()
    return None


def _hours(deadline: datetime, now: datetime) -> str:
    length = period(deadline - now)
    if now >= deadline:
        return ", which is now" if now == deadline else f", {length} ago"
    return f": {length} from when this was sent"


def _part(heading: str, text: str) -> str:
    return f"{heading}\n{_wrapped(text)}"


def _wrapped(text: str) -> str:
    together = text.replace("Art. ", "Art.\0")
    return textwrap.fill(together, LINE, break_long_words=False, break_on_hyphens=False).replace("\0", " ")
