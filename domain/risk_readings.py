"""How the risk rules read the facts: small questions with a yes or a no, in which the unknown is never the better."""

from domain.risk_facts import DataFact, Insight, RiskFacts
from domain.severity import CATEGORY, SOON, Category, context_of
from domain.vocabulary import Answer, Availability, Confidentiality, DataKind, Integrity

FEW, MANY = 100, 1000
"""People. Up to 100 ENISA adds no flag; a thousand is large enough for organised fraud. Ours, not the law's."""
BRIEF = 1.0
"""Hours. An interruption so short that nobody is likely to notice."""

REACHED = (Confidentiality.KNOWN_RECIPIENTS, Confidentiality.UNKNOWN_RECIPIENTS, Confidentiality.UNKNOWN)
ANYBODY = (Confidentiality.UNKNOWN_RECIPIENTS, Confidentiality.UNKNOWN)
INTACT = (Integrity.NOT_AFFECTED, Integrity.RECOVERED)
IDENTITY = (DataKind.NATIONAL_NUMBER, DataKind.OFFICIAL_DOCUMENTS, DataKind.BIRTH, DataKind.IDENTIFICATION)


def absence_harmless(facts: RiskFacts) -> bool:
    """Whether nobody is worse off because the data were away: briefly, or for a day and nobody depended on them."""
    hours = facts.hours_to_restore
    match facts.availability:
        case Availability.NOT_AFFECTED:
            return True
        case Availability.RECOVERED | Availability.TEMPORARY:
            brief = facts.availability is Availability.RECOVERED and hours != "unknown" and hours <= BRIEF
            return brief or (facts.depended_on is Answer.NO and hours != "unknown" and hours <= SOON)
        case _:
            return False


def kept_elsewhere(facts: RiskFacts) -> bool:
    """Whether nobody misses the copy that is gone, because another is at hand and nobody depended on this one."""
    gone_for_good = facts.availability in (Availability.PERMANENT, Availability.UNKNOWN)
    return facts.backup is Answer.YES and facts.depended_on is Answer.NO and not gone_for_good


def is_unclear(data: DataFact) -> bool:
    """Whether it is not known what the data are or tell."""
    return data.kind is DataKind.NOT_YET_KNOWN or data.insight is Insight.UNKNOWN


def is_sensitive(data: DataFact) -> bool:
    """Whether the data are, or reveal, what ENISA calls sensitive."""
    reveals = data.insight is Insight.REVEALS_SENSITIVE
    return reveals or is_unclear(data) or CATEGORY[data.kind] is Category.SENSITIVE


def is_ordinary(data: DataFact) -> bool:
    """Whether the data tell little and let nobody pass for another."""
    told_little = CATEGORY[data.kind] is Category.SENSITIVE and data.insight is Insight.LIMITED
    return data.kind not in IDENTITY and (context_of(data) == 1 or told_little)


def serves_fraud(data: DataFact) -> bool:
    """Whether the data let somebody pass for another or take their money."""
    money = CATEGORY[data.kind] is Category.FINANCIAL and context_of(data) > 2
    named = data.kind in IDENTITY and data.insight is not Insight.NONE
    return money or named or is_unclear(data) or data.insight is Insight.ENABLES_FRAUD


def needs_protection(facts: RiskFacts) -> bool:
    """Whether children or vulnerable people are, or may be, among them."""
    return facts.children is not Answer.NO or facts.vulnerable is not Answer.NO


def many(facts: RiskFacts) -> bool:
    """Whether they are, or may be, more than a thousand."""
    return facts.number == "unknown" or facts.number > MANY
