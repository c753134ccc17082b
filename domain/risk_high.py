"""What makes the risk to people a high one, so that they are to be told (UK GDPR Art. 34(1))."""

from domain.risk_facts import Insight, Reason, RiskFacts
from domain.risk_readings import (
    ANYBODY,
    INTACT,
    REACHED,
    absence_harmless,
    is_sensitive,
    many,
    needs_protection,
    serves_fraud,
)
from domain.severity import Severity, context_of
from domain.vocabulary import Answer, Availability, Confidentiality


def safety_at_stake(facts: RiskFacts, _: Severity) -> Reason | None:
    """A protected address or the like: nothing but unintelligible data outweighs it."""
    critical = any(data.insight in (Insight.SAFETY, Insight.UNKNOWN) for data in facts.data)
    if not critical or facts.confidentiality is Confidentiality.NOT_AFFECTED:
        return None
    return Reason(
        rule="safety_at_stake",
        because="The data are critical to somebody’s safety, so they must know in time to protect themselves.",
        citation="UK GDPR Recital 75, 85 and 86; Art. 34(1)",
    )


def severe(facts: RiskFacts, severity: Severity) -> Reason | None:
    """ENISA's high or very high, where somebody may have seen or changed the data."""
    touched = facts.confidentiality is not Confidentiality.NOT_AFFECTED or facts.integrity not in INTACT
    if not touched or severity.level in ("low", "medium"):
        return None
    return Reason(
        rule="severe",
        because=f"The severity is {severity.level} ({severity.score:.2f}): consequences would be hard to overcome.",
        citation="ENISA, severity of personal data breaches (2013), 3 and above; UK GDPR Art. 34(1)",
    )


def identity_at_stake(facts: RiskFacts, _: Severity) -> Reason | None:
    """What lets one person pass for another, in reach of strangers, of ill will, or of very many."""
    if not any(serves_fraud(data) for data in facts.data) or facts.confidentiality is Confidentiality.NOT_AFFECTED:
        return None
    if not (facts.confidentiality in ANYBODY or facts.malicious is not Answer.NO or many(facts)):
        return None
    return Reason(
        rule="identity_at_stake",
        because="The data let somebody pass for another or take their money, and the wrong people may have them.",
        citation="UK GDPR Recital 75 and 85 (identity theft, fraud); EDPB Guidelines 01/2021",
    )


def in_hostile_hands(facts: RiskFacts, severity: Severity) -> Reason | None:
    """Somebody unknown took the data on purpose."""
    taken = facts.confidentiality in ANYBODY and facts.malicious is not Answer.NO
    if not taken or severity.level == "low":
        return None
    return Reason(
        rule="in_hostile_hands",
        because="Somebody unknown may have taken readable data on purpose, and will use what they are good for.",
        citation="EDPB Guidelines 01/2021 on exfiltration; ENISA 2013, malicious intent",
    )


def sensitive_and_unaccounted_for(facts: RiskFacts, _: Severity) -> Reason | None:
    """Sensitive data lie where anybody may find them, or nobody knows who has them."""
    lying_about = facts.confidentiality in (*ANYBODY, Confidentiality.EXPOSED)
    if not lying_about or not any(is_sensitive(data) and context_of(data) > 2 for data in facts.data):
        return None
    return Reason(
        rule="sensitive_and_unaccounted_for",
        because="Sensitive data are where it is not known who reads them.",
        citation="UK GDPR Art. 9 and 10, Recital 75; EDPB Guidelines 01/2021 on lost and stolen papers and devices",
    )


def missed_by_those_who_need_them(facts: RiskFacts, _: Severity) -> Reason | None:
    """Data on which somebody's care or rights depend were away too long, or are gone."""
    needed = facts.depended_on is not Answer.NO and not absence_harmless(facts)
    gone = facts.availability in (Availability.PERMANENT, Availability.UNKNOWN)
    if not needed or not (gone or any(is_sensitive(data) and context_of(data) > 2 for data in facts.data)):
        return None
    return Reason(
        rule="missed_by_those_who_need_them",
        because="People’s care, safety or rights depend on the data, and the data were away or are gone.",
        citation="UK GDPR Art. 4(12), Recital 75; EDPB Guidelines 01/2021 on ransomware and unavailable records",
    )


def children_or_vulnerable(facts: RiskFacts, severity: Severity) -> Reason | None:
    """Those who can protect themselves least, where the data reached somebody and tell something of them."""
    telling = max(map(context_of, facts.data)) > 1 and severity.level != "low"
    stolen = facts.confidentiality is Confidentiality.EXPOSED and facts.malicious is not Answer.NO
    if not (needs_protection(facts) and telling and (facts.confidentiality in REACHED or stolen)):
        return None
    return Reason(
        rule="children_or_vulnerable",
        because="Children or vulnerable people may be among them, and the data tell others something about them.",
        citation="UK GDPR Recital 38 and 75",
    )


def many_people(facts: RiskFacts, _: Severity) -> Reason | None:
    """So many people within reach of strangers that some will be harmed."""
    stolen = facts.confidentiality is Confidentiality.EXPOSED and facts.malicious is not Answer.NO
    if not many(facts) or not (facts.confidentiality in ANYBODY or stolen):
        return None
    return Reason(
        rule="many_people",
        because="More than a thousand people, or it is not known how many, are within reach of strangers.",
        citation="UK GDPR Recital 75; EDPB Guidelines 01/2021 on the number of people; ENISA 2013, flag above 100",
    )
