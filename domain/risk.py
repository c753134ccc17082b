"""The risk prompt: named rules from the law and the published guidance, beside ENISA's severity (`domain/severity.py`).

The presumption is Art. 33(1)'s: the regulator is notified unless a risk is unlikely. A ground against it has to be
shown by facts that are known; a score never is one. What is unknown raises the prompt and never lowers it.
"""

from collections.abc import Callable

from domain.risk_facts import Prompt, Reason, RiskFacts
from domain.risk_grounds import (
    briefly_unavailable,
    little_at_stake,
    trusted_recipient,
    unintelligible,
)
from domain.risk_high import (
    children_or_vulnerable,
    identity_at_stake,
    in_hostile_hands,
    many_people,
    missed_by_those_who_need_them,
    safety_at_stake,
    sensitive_and_unaccounted_for,
    severe,
)
from domain.risk_readings import FEW, is_unclear
from domain.severity import Severity, severity_of
from domain.vocabulary import Answer, Availability, Confidentiality, Encryption

Rule = Callable[[RiskFacts, Severity], "Reason | None"]


def lost_unprotected(facts: RiskFacts, _: Severity) -> Reason | None:
    """Nobody has to prove that a lost file was read."""
    if facts.confidentiality is not Confidentiality.EXPOSED or facts.encryption is Encryption.FULL:
        return None
    return Reason(
        rule="lost_unprotected",
        because="Unprotected data out of the school’s hands count as disclosed, with or without proof of access.",
        citation="UK GDPR Art. 4(12); EDPB Guidelines 01/2021; AEPD EXP202100318",
    )


def more_than_a_hundred(facts: RiskFacts, _: Severity) -> Reason | None:
    """ENISA's flag beside the score."""
    if facts.number != "unknown" and facts.number <= FEW:
        return None
    because = "More than a hundred people are affected, or it is not known how many."
    return Reason(rule="more_than_a_hundred", because=because, citation="ENISA 2013, flag beside the score")


GROUNDS_AGAINST: tuple[Rule, ...] = (unintelligible, briefly_unavailable, trusted_recipient, little_at_stake)
"""Each argues against notifying the regulator and against telling people."""


INSISTING: tuple[Rule, ...] = (safety_at_stake,)
"""What stands over every ground but that the data are unintelligible or were never seen."""

FOR_COMMUNICATION: tuple[Rule, ...] = (
    severe,
    identity_at_stake,
    in_hostile_hands,
    sensitive_and_unaccounted_for,
    missed_by_those_who_need_them,
    children_or_vulnerable,
    many_people,
)
"""Each finds a high risk, so that people are to be told (Art. 34(1)) unless a ground stands against it."""

NOTES: tuple[Rule, ...] = (lost_unprotected, more_than_a_hundred)
"""What a reader should see beside the prompt, which changes nothing."""


def assess(facts: RiskFacts) -> Prompt:
    """What the rules suggest of these facts, with every rule that spoke."""
    severity = severity_of(facts)
    grounds = [reason for rule in GROUNDS_AGAINST if (reason := rule(facts, severity))]
    seen = as_seen(facts)
    insists = [reason for rule in INSISTING if (reason := rule(seen, severity))]
    raises = [reason for rule in FOR_COMMUNICATION if (reason := rule(seen, severity))]
    nothing_left = unintelligible(facts, severity) or briefly_unavailable(facts, severity)
    insisted = bool(insists) and not nothing_left
    notify = insisted or not grounds
    communicate = insisted or (bool(raises) and not grounds)
    notes = [reason for rule in NOTES if (reason := rule(facts, severity))]
    presumption = [NOTIFY_UNLESS_UNLIKELY] if notify else []
    advisory = [SCORE_IS_NO_GROUND] if notify and severity.level == "low" else []
    return Prompt(
        level=severity.level,
        score=severity.score,
        notify_regulator=notify,
        communicate=communicate,
        reasons=(*presumption, *insists, *grounds, *raises, *notes, *advisory),
        unknown=unknown(facts),
    )


def as_seen(facts: RiskFacts) -> RiskFacts:
    """The facts as whoever has the data sees them: what nobody can read was disclosed to nobody (Art. 34(3)(a))."""
    unreadable = facts.encryption is Encryption.FULL and facts.key_safe is Answer.YES
    return facts.model_copy(update={"confidentiality": Confidentiality.NOT_AFFECTED}) if unreadable else facts


NOTIFY_UNLESS_UNLIKELY = Reason(
    rule="notify_unless_unlikely",
    because="The regulator is notified unless a risk to people is unlikely, and no known fact shows that it is.",
    citation="UK GDPR Art. 33(1); the controller has to show it, Art. 5(2)",
)
SCORE_IS_NO_GROUND = Reason(
    rule="score_is_no_ground",
    because="The score is low, but a low score alone is no ground for not notifying.",
    citation="UODO, Link4 and Toyota Bank (DKN.5131.28.2023): controllers that relied on one were fined",
)


def unknown(facts: RiskFacts) -> tuple[str, ...]:
    """The facts that count here and are not known, by name: each raises the prompt until it is."""
    always = ["number", "children", "vulnerable", "identifiability", "confidentiality", "integrity", "availability"]
    relevant = [*always, "malicious", "encryption"]
    if facts.encryption is Encryption.FULL:
        relevant.append("key_safe")
    if facts.confidentiality is Confidentiality.KNOWN_RECIPIENTS:
        relevant += ["recipients_trusted", "recovered"]
    if facts.availability is not Availability.NOT_AFFECTED:
        relevant += ["backup", "hours_to_restore", "depended_on"]
    unclear = [f"data: {data.kind}" for data in facts.data if is_unclear(data)]
    return (*unclear, *(name for name in relevant if getattr(facts, name) == "unknown"))
