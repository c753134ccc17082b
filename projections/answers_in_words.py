"""Answers that are put together from several facts, in the words of a report."""

from collections.abc import Iterable
from typing import Any

from domain.events.base import Fact
from domain.events.contain import BreachStopped, ContainmentActionTaken, PoliceInformed
from domain.events.discover import ProcessorNotifiedController
from domain.events.investigate import (
    CauseDescribed,
    ConsequencesDescribed,
    DataDescribed,
    EffectsDescribed,
    PeopleDescribed,
    ProtectionsDescribed,
)
from domain.events.notify import CommunicationDecided, DataSubjectsTold, OtherBodyTold
from domain.events.review import MeasureAdopted
from domain.incident import Incident
from domain.quantities import UNKNOWN, Count
from domain.roles import Role
from domain.school import School
from domain.telling import untold
from domain.vocabulary import Answer, Availability, Cause, Confidentiality, Encryption, Integrity, PeopleKind
from projections.breach_log import total
from projections.words import ROLES, capitalised, count, day, label, listed, moment


def value(fact: Fact | None, name: str) -> Any:
    """A field of a fact, if the fact is recorded."""
    return getattr(fact, name) if fact else None


def text(fact: Fact | None, name: str) -> str | None:
    """A text of a fact, if it is recorded."""
    found: str | None = value(fact, name)
    return found


def option(fact: Fact | None, name: str) -> str | None:
    """The key of a closed list, "unknown" among them, if the fact is recorded."""
    found = value(fact, name)
    return None if found is None else str(found)


def sentences(*parts: str | None) -> str | None:
    """The parts that there are, each ended as a sentence."""
    kept = [part.strip() for part in parts if part and part.strip()]
    return " ".join(part if part[-1] in ".!?" else f"{part}." for part in kept) or None


def lines(*parts: str | None) -> str | None:
    """The parts that there are, each as a sentence in a line of its own."""
    return "\n".join(sentence for part in parts if (sentence := sentences(part))) or None


def cause(incident: Incident) -> str | None:
    """The cause in the procedure's words, the regulator's type, and what was said about it."""
    found = incident.last(CauseDescribed)
    if found is None:
        return None
    named = None if found.cause is Cause.NOT_YET_KNOWN else label(found.cause)
    kind = None if found.incident_type == "Not Provided" else f"Type of incident: {found.incident_type}"
    return sentences(named, kind, found.detail)


def processor(incident: Incident, school: School) -> str | None:
    """Who told the school what, when; and since when the processor knew."""
    notice = incident.last(ProcessorNotifiedController)
    if notice is None:
        return None
    aware = notice.processor_aware_at
    knew = f"It was itself aware on {moment(aware, school.timezone)}" if aware else "It did not say since when it knew"
    return sentences(f"{notice.processor} told us on {moment(notice.told_at, school.timezone)}", knew, notice.message)


ENCRYPTED = {
    Encryption.FULL: "The data were encrypted",
    Encryption.PARTIAL: "The data were encrypted in part",
    Encryption.NONE: "The data were not encrypted",
}


def protections(incident: Incident) -> str | None:
    """What stood in the way, encryption first."""
    found = incident.last(ProtectionsDescribed)
    if found is None:
        return None
    key = {Answer.YES: "The key is safe", Answer.NO: "The key is not safe"}.get(found.key_safe)
    encrypted = found.encryption in (Encryption.FULL, Encryption.PARTIAL)
    return sentences(ENCRYPTED.get(found.encryption), key if encrypted else None, found.prior_measures)


def data(incident: Incident) -> str | None:
    """The kinds in a school's own words, how sensitive they are, and what was said about them."""
    found = incident.last(DataDescribed)
    if found is None:
        return None
    return sentences(listed(label(kind) for kind in found.kinds), found.sensitivity, found.detail)


def people(incident: Incident) -> tuple[PeopleKind, ...]:
    """The kinds of people, each once."""
    found = incident.last(PeopleDescribed)
    return tuple(dict.fromkeys(group.people for group in found.groups)) if found else ()


def total_of(incident: Incident) -> Count | None:
    """How many people together."""
    found = incident.last(PeopleDescribed)
    return total([group.number for group in found.groups]) if found else None


def how_many(incident: Incident) -> Count | str | None:
    """How many people together; at least how many, while the number of one kind of them is not known."""
    found, whole = incident.last(PeopleDescribed), total_of(incident)
    known = [group.number for group in found.groups if group.number.number is not None] if found else []
    if whole is None or whole.number is not None or not known:
        return whole
    return f"At least {count(total(known)).lower()}; the number of others is not known"


def least(incident: Incident) -> Count | None:
    """How many people at least: the exact numbers together; nothing while no number is exact."""
    found = incident.last(PeopleDescribed)
    exact = [group.number.number for group in found.groups if group.number.certainty == "exact"] if found else []
    return Count(certainty="exact", number=sum(number or 0 for number in exact)) if exact else UNKNOWN


def by_kind(incident: Incident) -> str | None:
    """Each kind with its number, and whether vulnerable people are among them."""
    found = incident.last(PeopleDescribed)
    if found is None:
        return None
    groups = "; ".join(f"{label(group.people)}: {_number(group.number)}" for group in found.groups)
    vulnerable = {
        Answer.YES: "Vulnerable people are among them",
        Answer.NO: "No vulnerable people are known to be among them",
        Answer.UNKNOWN: "It is not known whether vulnerable people are among them",
    }[found.vulnerable]
    return sentences(groups, vulnerable, found.wider_consequences)


def _number(number: Count) -> str:
    return "number not yet known" if number.number is None else count(number).lower()


def consequences(incident: Incident) -> str | None:
    """What is likely, and what harm already came."""
    found = incident.last(ConsequencesDescribed)
    if found is None:
        return None
    harm = {
        Answer.YES: "Harm has already come of it",
        Answer.NO: "No harm is known so far",
        Answer.UNKNOWN: "It is not known whether harm has come of it",
    }[found.harm_so_far]
    return sentences(found.likely_consequences, harm, found.harm_detail)


def affected(incident: Incident) -> tuple[str, ...] | None:
    """Which of confidentiality, integrity and availability were affected."""
    found = incident.last(EffectsDescribed)
    if found is None:
        return None
    names = ("confidentiality", "integrity", "availability")
    touched = tuple(name for name in names if getattr(found, name) not in ("not_affected", "unknown"))
    known = all(getattr(found, name) != "unknown" for name in names)
    return touched or (("none",) if known else None)


def verbs(incident: Incident) -> tuple[str, ...] | None:
    """What was done to the data, in verbs."""
    found, why = incident.last(EffectsDescribed), incident.last(CauseDescribed)
    if found is None:
        return None
    reached = (Confidentiality.KNOWN_RECIPIENTS, Confidentiality.UNKNOWN_RECIPIENTS)
    stolen = why is not None and why.cause is Cause.LOSS_OR_THEFT
    done = {
        "read": found.confidentiality in reached,
        "altered": found.integrity in (Integrity.RECOVERED, Integrity.RECOVERABLE, Integrity.NOT_RECOVERABLE),
        "removed": found.availability in (Availability.RECOVERED, Availability.TEMPORARY, Availability.PERMANENT),
        "stolen": stolen and found.confidentiality is not Confidentiality.NOT_AFFECTED,
    }
    return tuple(verb for verb, was in done.items() if was) or None


def recovery(incident: Incident) -> str | None:
    """How far lost data are recovered, where that is known."""
    found = incident.last(EffectsDescribed)
    known = {Availability.RECOVERED: "complete", Availability.PERMANENT: "not_recoverable"}
    return known.get(found.availability) if found else None


def actions(incident: Incident) -> str | None:
    """What was done and what is planned to stop it and to limit the damage."""
    stopped = incident.last(BreachStopped) if incident.stopped else None
    taken = [_action(fact.action, fact.detail) for _, fact in incident.all(ContainmentActionTaken)]
    planned = [f"Planned: {_action(fact.action, fact.detail)}" for fact in incident.planned.values()]
    end = (stopped.detail or "The breach was stopped") if stopped else None
    return lines(end, *taken, *planned)


def _action(action: str, detail: str | None) -> str:
    return f"{label(action)}: {detail}" if detail else label(action)


def adopted(incident: Incident) -> str | None:
    """Each measure with its date, or done."""
    latest = {fact.item: fact for _, fact in incident.all(MeasureAdopted)}
    return lines(
        *(
            f"{fact.measure.rstrip('.')} ({f'by {day(fact.due_on)}' if item in incident.measures else 'done'})"
            for item, fact in latest.items()
        )
    )


def telling(incident: Incident) -> str:
    """How far the telling is, as an option's key."""
    decision, told_any = incident.standing(CommunicationDecided), incident.has(DataSubjectsTold)
    if told_any:
        return "in_progress" if decision and decision.communicate and untold(incident, decision) else "told"
    if decision is None:
        return "undecided"
    return "planned" if decision.communicate else "exempt" if decision.exemption else "decided_not"


def told(incident: Incident, school: School) -> str | None:
    """Who was told, when, by what means and how many; or the reasons for not telling."""
    parts = [
        f"{label(fact.people)}, {_number(fact.number)}, on {moment(fact.told_at, school.timezone)}"
        f" by {label(fact.means).lower()}"
        for _, fact in incident.all(DataSubjectsTold)
    ]
    decision = incident.standing(CommunicationDecided)
    why_not = decision if decision and not decision.communicate else None
    limb = label(why_not.exemption) if why_not and why_not.exemption else None
    return lines(*parts, limb, why_not.reasons if why_not else None)


def bodies(incident: Incident, school: School) -> str | None:
    """The other organisations that were told, and when."""
    parts: Iterable[str] = (
        f"{label(fact.body)}, on {moment(fact.told_at, school.timezone)}" for _, fact in incident.all(OtherBodyTold)
    )
    police = (f"Police, on {moment(fact.informed_at, school.timezone)}" for _, fact in incident.all(PoliceInformed))
    return lines(*police, *parts)


def contact(school: School, role: Role) -> str | None:
    """How somebody is reached: name or title, e-mail, telephone."""
    found = school.contacts.get(role)
    if found is None:
        return None
    return ", ".join(filter(None, (found.name or capitalised(ROLES[role]), found.email, found.telephone)))
