"""Grounds on which a risk, or a high risk, is unlikely: each has to be shown by facts that are known."""

from domain.risk_facts import Reason, RiskFacts
from domain.risk_readings import (
    ANYBODY,
    FEW,
    INTACT,
    absence_harmless,
    is_ordinary,
    kept_elsewhere,
    needs_protection,
)
from domain.severity import Severity
from domain.vocabulary import Answer, Confidentiality, Encryption


def unintelligible(facts: RiskFacts, _: Severity) -> Reason | None:
    """Encrypted or hashed to the state of the art, the key safe, and the data still there."""
    safe = facts.encryption is Encryption.FULL and facts.key_safe is Answer.YES
    if not (safe and facts.integrity in INTACT and (kept_elsewhere(facts) or absence_harmless(facts))):
        return None
    return Reason(
        rule="unintelligible",
        because="The data were encrypted, the key is safe and nothing was lost for anybody who needed it.",
        citation="UK GDPR Art. 34(3)(a); EDPB Guidelines 01/2021 and 9/2022 (WP250 rev.01) on encrypted data",
    )


def briefly_unavailable(facts: RiskFacts, _: Severity) -> Reason | None:
    """Only availability was touched, and its loss harmed nobody."""
    untouched = facts.confidentiality is Confidentiality.NOT_AFFECTED and facts.integrity in INTACT
    if not (untouched and absence_harmless(facts)):
        return None
    return Reason(
        rule="harmless_interruption",
        because="Nobody saw or changed the data, and their absence was short or nobody depended on them.",
        citation="EDPB Guidelines 01/2021 and 9/2022 on short losses of availability; UK GDPR Art. 4(12)",
    )


def trusted_recipient(facts: RiskFacts, _: Severity) -> Reason | None:
    """Known recipients who can be trusted, and who gave the data back or deleted them: it may remove the risk."""
    known = facts.confidentiality is Confidentiality.KNOWN_RECIPIENTS and facts.malicious is Answer.NO
    trusted = facts.recipients_trusted is Answer.YES and facts.recovered is Answer.YES
    if not (known and trusted and facts.integrity in INTACT and absence_harmless(facts)):
        return None
    return Reason(
        rule="trusted_recipient",
        because="Whoever received the data can be trusted and gave them back or deleted them; keep the evidence.",
        citation="EDPB Guidelines 9/2022 (WP250 rev.01) on trusted recipients: it lowers severity, the breach remains",
    )


def little_at_stake(facts: RiskFacts, _: Severity) -> Reason | None:
    """Ordinary data of few people with known recipients, no malice, and nobody who needs special protection."""
    few = facts.number != "unknown" and facts.number <= FEW
    taken_back = facts.confidentiality is Confidentiality.KNOWN_RECIPIENTS and facts.recovered is Answer.YES
    calm = facts.malicious is Answer.NO and facts.confidentiality not in ANYBODY and absence_harmless(facts)
    unprotected = needs_protection(facts) and not taken_back
    if not (few and calm and facts.integrity in INTACT and not unprotected and all(map(is_ordinary, facts.data))):
        return None
    return Reason(
        rule="little_at_stake",
        because="Few people, ordinary data that tell little, no malice, and it is known who could have seen them.",
        citation="UK GDPR Recital 75 and 85 (what harm to look for); EDPB Guidelines 01/2021 on misdirected post",
    )
