"""A letter to the people concerned (UK GDPR Art. 34(2)): what was written for them, what they can do, and whom to ask.

Besides that message it takes from the incident only the kinds of data and two dates, and from the school its register:
nothing that anybody typed for another reader.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.deadlines import COMPLAINT_WINDOW
from domain.events.discover import IncidentReported, ProcessorNotifiedController
from domain.events.investigate import DataDescribed, PeopleDescribed
from domain.events.notify import MessageWritten
from domain.incident import Incident
from domain.personal import ERASED
from domain.quantities import Instant, Value
from domain.roles import Role
from domain.school import Contact, School
from domain.telling import SAID
from domain.vocabulary import DataKind, MessagePoint, PeopleKind
from projections.letter_advice import advice_on
from projections.letter_words import (
    ASK,
    BRITAIN,
    COMPLAIN,
    GREETINGS,
    HELP,
    HOW_TO_COMPLAIN,
    MAY_BE_MORE,
    NETHERLANDS,
    NOT_ALL_YOURS,
    OPENING,
    OTHERWISE,
    PARTLY_YOURS,
    REGULATOR,
    REGULATORS,
    STILL_UNKNOWN,
    WHEN_ANSWERED,
    WHO_IT_IS,
    Nation,
    Voice,
    before_you_send,
    data_in_words,
    whose,
)
from projections.words import DAYS, ROLES, day, local

OF_THE_FAMILY = (PeopleKind.PUPILS, PeopleKind.FORMER_PUPILS, PeopleKind.PARENTS)


class Part(Value):
    """One part of a letter: paragraphs, then a list of points, then lines that are looked up rather than read."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


class Letter(Value):
    """A letter to one kind of people, ready to be signed; the sender adds names, addresses and the date.

    `missing` is what Art. 34(2) asks for and the letter cannot say; `before_you_send` is for the sender alone.
    """

    reference: str
    people: PeopleKind
    school: str
    address: str | None
    written_at: Instant
    date_line: str
    subject: str
    greeting: str
    opening: tuple[str, ...]
    parts: tuple[Part, ...]
    closing: str
    signed_for: str
    missing: tuple[str, ...]
    before_you_send: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """What every part of one letter is made from."""

    incident: Incident
    school: School
    message: MessageWritten
    voice: Voice

    @property
    def nation(self) -> Nation:
        return NETHERLANDS if self.school.nation == "Netherlands" else BRITAIN

    @property
    def kinds(self) -> tuple[DataKind, ...]:
        described = self.incident.last(DataDescribed)
        return tuple(dict.fromkeys(described.kinds)) if described else (DataKind.NOT_YET_KNOWN,)


def letter(incident: Incident, school: School, people: PeopleKind) -> Letter | None:
    """The letter to those people, from the message that stands for them; None when none was written."""
    message = incident.letters.get(people)
    if message is None:
        return None
    case = _Case(incident, school, message, _voice(incident, people))
    child = case.voice is Voice.PARENT
    return Letter(
        reference=incident.ref,
        people=people,
        school=school.name,
        address=school.address,
        written_at=incident.recorded_at,
        date_line="Date:",
        subject=f"Information about {'your child' if child else 'you'}: what happened, and what you can do",
        greeting=f"{GREETINGS.get(people, OTHERWISE)},",
        opening=tuple(whose(text, case.voice) for text in OPENING),
        parts=tuple(part for part in _parts(case) if part.paragraphs or part.points or part.lines),
        closing="Yours sincerely," if people in GREETINGS else "Yours faithfully,",
        signed_for=f"For {school.name}",
        missing=tuple(_missing(message, school)),
        before_you_send=before_you_send(people),
    )


def _parts(case: _Case) -> Iterator[Part]:
    message, voice = case.message, case.voice
    whom = "your child" if voice is Voice.PARENT else "yourself"
    yield Part(heading="What happened", paragraphs=(*_typed(message.nature), *_when(case)))
    yield _information(case)
    yield Part(heading="What this could mean", paragraphs=tuple(_typed(message.consequences)))
    yield Part(heading="What we have done and will do", paragraphs=tuple(_typed(message.measures)))
    yield Part(heading=f"What you can do to protect {whom}", points=tuple(_advice(case)))
    yield Part(heading="How we can help", paragraphs=(*_typed(message.support), *HELP[voice]))
    yield _whom_to_ask(case.school)
    yield _complaint(case)


def _affected(incident: Incident) -> frozenset[PeopleKind]:
    described = incident.last(PeopleDescribed)
    groups = described.groups if described else ()
    return frozenset(group.people for group in groups if group.number.number != 0) - {PeopleKind.NOT_YET_KNOWN}


def _voice(incident: Incident, people: PeopleKind) -> Voice:
    """Parents are spoken to of their child, unless the data are known to be their own alone."""
    if people is PeopleKind.PUPILS:
        return Voice.PUPIL
    affected = _affected(incident)
    theirs_alone = PeopleKind.PARENTS in affected and not affected & {PeopleKind.PUPILS, PeopleKind.FORMER_PUPILS}
    return Voice.PARENT if people is PeopleKind.PARENTS and not theirs_alone else Voice.ADULT


def _typed(text: str | None) -> Iterator[str]:
    """The paragraphs of what was written for these people; nothing once it was erased."""
    if text is not None and text != ERASED:
        yield from filter(None, (part.strip() for part in text.replace("\r\n", "\n").split("\n\n")))


def _when(case: _Case) -> Iterator[str]:
    """When it happened and when the school found out, on days of the school's own zone."""
    incident, zone = case.incident, case.school.timezone
    occurred, said = incident.occurred, []
    began = local(occurred.began_at, zone).date() if occurred.began_at else None
    ended = local(occurred.ended_at, zone).date() if occurred.ended_at else None
    if began and (occurred.ongoing or (ended and ended != began)):
        said.append(f"It began on {_day(began)}.")
    elif began:
        said.append(f"It happened on {_day(began)}.")
    if ended and ended != began:
        said.append(f"It ended on {_day(ended)}.")
    if occurred.ongoing:
        said.append("It has not stopped yet.")
    noticed = [fact.discovered_at for _, fact in incident.all(IncidentReported)]
    noticed += [fact.told_at for _, fact in incident.all(ProcessorNotifiedController)]
    noticed += [incident.breach.aware_at] if incident.breach else []
    if noticed:
        said.append(f"We found out about it on {_day(local(min(noticed), zone).date())}.")
    if said:
        yield " ".join(said)


def _day(on: date) -> str:
    return f"{DAYS[on.weekday()]} {day(on)}"


def _information(case: _Case) -> Part:
    """The kinds of data, which are recorded for the incident as a whole and not for each kind of people."""
    voice, affected = case.voice, _affected(case.incident)
    heading = f"What information about {'your child' if voice is Voice.PARENT else 'you'} was involved"
    known = [kind for kind in case.kinds if kind is not DataKind.NOT_YET_KNOWN]
    if not known:
        return Part(heading=heading, paragraphs=(STILL_UNKNOWN,))
    spoken_of = {*OF_THE_FAMILY} if voice is Voice.PARENT else {case.message.people}
    said = ["This is what we know was involved."]
    if voice is Voice.PARENT and PeopleKind.PARENTS in affected:
        said.append(PARTLY_YOURS)
    if affected - spoken_of:
        said.append(whose(NOT_ALL_YOURS, voice))
    if len(known) < len(case.kinds):
        said.append(MAY_BE_MORE)
    points = tuple(data_in_words(kind, voice, case.nation) for kind in known)
    return Part(heading=heading, paragraphs=(" ".join(said),), points=points)


def _advice(case: _Case) -> Iterator[str]:
    for text in case.message.advice:
        yield from _typed(text)
    yield from advice_on(case.kinds, case.voice, case.nation)


def _whom_to_ask(school: School) -> Part:
    lines = [_contact(ROLES[role], contact) for role, contact in _contacts(school)]
    office = ", ".join(filter(None, (school.name, school.address)))
    return Part(heading="How to reach us", paragraphs=(ASK,), lines=tuple(lines or (office,)))


def _contacts(school: School) -> Iterator[tuple[Role, Contact]]:
    """The DPO, whose contact details Art. 33(3)(b) asks for, and who leads at the school."""
    leads = Role.LEAD if Role.LEAD in school.contacts else Role.HEAD
    return ((role, school.contacts[role]) for role in (Role.DPO, leads) if role in school.contacts)


def _contact(title: str, contact: Contact) -> str:
    return ", ".join(filter(None, (f"{title}: {_name(title, contact)}".rstrip(": "), contact.email, contact.telephone)))


def _name(title: str, contact: Contact) -> str:
    """Their name, unless the register only repeats the title."""
    return contact.name if contact.name and contact.name.casefold() != title.casefold() else ""


def _complaint(case: _Case) -> Part:
    """To the school, which in the United Kingdom acknowledges it in time (s. 164A), and to the regulator."""
    found = dict(_contacts(case.school))
    to = next((found[role] for role in (Role.LEAD, Role.HEAD, Role.DPO) if role in found), None)
    how = HOW_TO_COMPLAIN.format(how=f"Write to {to.email}" if to else "Write to us")
    answered = (WHEN_ANSWERED.format(days=COMPLAINT_WINDOW.days),) if case.nation.british else ()
    regulator = REGULATOR.format(regulator=case.school.regulator)
    if case.school.regulator in REGULATORS:
        where, address = REGULATORS[case.school.regulator]
        regulator += WHO_IT_IS.format(regulator=case.school.regulator, where=where, address=address)
    return Part(heading="If you want to complain", paragraphs=(f"{COMPLAIN[case.voice]} {how}", *answered, regulator))


def _missing(message: MessageWritten, school: School) -> Iterator[str]:
    """What Art. 34(2) asks for and is not there: in the school register, or because it was erased."""
    written = {
        MessagePoint.NATURE: message.nature,
        MessagePoint.CONSEQUENCES: message.consequences,
        MessagePoint.MEASURES: message.measures,
    }
    yield from (SAID[point] for point, text in written.items() if not tuple(_typed(text)))
    title, dpo = ROLES[Role.DPO], school.contacts.get(Role.DPO)
    if dpo is None:
        yield "the name and contact details of the Data Protection Officer"
    elif not _name(title, dpo):
        yield "the name of the Data Protection Officer"
