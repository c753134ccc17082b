"""The severity of a breach by ENISA's method (v1.0, December 2013): SE = DPC x EI + CB, in whole quarter-points.

The score is advice. It never argues against notifying by itself: see `domain/risk.py`.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.risk_facts import DataFact, Identifiability, Insight, Level, RiskFacts
from domain.vocabulary import Answer, Availability, Confidentiality, DataKind, Integrity

SOON = 24.0
"""Hours. Data that are back sooner count as recovered without difficulty."""


class Category(StrEnum):
    """ENISA's categories of data, and credentials, which count as what they unlock."""

    SIMPLE = "simple"
    BEHAVIOURAL = "behavioural"
    FINANCIAL = "financial"
    SENSITIVE = "sensitive"
    CREDENTIALS = "credentials"
    UNKNOWN = "unknown"


_BEHAVIOURAL = (DataKind.LOCATION, DataKind.BEHAVIOUR, DataKind.ATTAINMENT)
_SIMPLE = (
    DataKind.BASIC_IDENTIFIERS,
    DataKind.BIRTH,
    DataKind.NATIONAL_NUMBER,
    DataKind.OFFICIAL_DOCUMENTS,
    DataKind.PHOTOGRAPHS,
    DataKind.OTHER,
)
CATEGORY: dict[DataKind, Category] = {
    **dict.fromkeys(DataKind, Category.SENSITIVE),
    **dict.fromkeys(_SIMPLE, Category.SIMPLE),
    **dict.fromkeys(_BEHAVIOURAL, Category.BEHAVIOURAL),
    DataKind.ECONOMIC: Category.FINANCIAL,
    DataKind.IDENTIFICATION: Category.CREDENTIALS,
    DataKind.NOT_YET_KNOWN: Category.UNKNOWN,
}
"""Special categories and criminal data (Art. 9, 10), special needs and safeguarding are ENISA's sensitive data."""

_ORDER = (
    Insight.NONE,
    Insight.LIMITED,
    Insight.SOME,
    Insight.USUAL,
    Insight.PROFILE,
    Insight.ENABLES_FRAUD,
    Insight.REVEALS_SENSITIVE,
    Insight.SAFETY,
    Insight.UNKNOWN,
)
_CONTEXT: dict[Category, dict[Insight, int]] = {
    Category.SIMPLE: dict(zip(_ORDER, (1, 1, 1, 1, 2, 2, 3, 4, 4), strict=True)),
    Category.BEHAVIOURAL: dict(zip(_ORDER, (1, 2, 2, 2, 3, 3, 4, 4, 4), strict=True)),
    Category.FINANCIAL: dict(zip(_ORDER, (1, 2, 3, 3, 4, 4, 4, 4, 4), strict=True)),
    Category.SENSITIVE: dict(zip(_ORDER, (1, 2, 3, 4, 4, 4, 4, 4, 4), strict=True)),
    Category.CREDENTIALS: dict(zip(_ORDER, (1, 1, 2, 2, 3, 4, 4, 4, 4), strict=True)),
    Category.UNKNOWN: dict.fromkeys(_ORDER, 4),
}
_IDENTIFICATION = {
    Identifiability.NEGLIGIBLE: 1,
    Identifiability.LIMITED: 2,
    Identifiability.SIGNIFICANT: 3,
    Identifiability.MAXIMUM: 4,
    Identifiability.UNKNOWN: 4,
}
_CONFIDENTIALITY = {
    Confidentiality.NOT_AFFECTED: 0,
    Confidentiality.EXPOSED: 0,
    Confidentiality.KNOWN_RECIPIENTS: 1,
    Confidentiality.UNKNOWN_RECIPIENTS: 2,
    Confidentiality.UNKNOWN: 2,
}
_INTEGRITY = {
    Integrity.NOT_AFFECTED: 0,
    Integrity.RECOVERED: 0,
    Integrity.RECOVERABLE: 1,
    Integrity.NOT_RECOVERABLE: 2,
    Integrity.UNKNOWN: 2,
}
MALICE = 2
"""Quarter-points that malicious intent adds."""


@dataclass(frozen=True, slots=True)
class Severity:
    """A score in quarter-points, from 1 (0.25) to 24 (6.00)."""

    quarters: int

    @property
    def score(self) -> float:
        """The score as ENISA writes it."""
        return self.quarters / 4

    @property
    def level(self) -> Level:
        """Low below 2, medium below 3, high below 4, very high from there; each lower bound included."""
        bounds: tuple[tuple[int, Level], ...] = ((16, "very high"), (12, "high"), (8, "medium"))
        return next((level for bound, level in bounds if self.quarters >= bound), "low")


def severity(context: int, identification: int, circumstances: int) -> Severity:
    """The severity of a data processing context (1 to 4), an ease of identification and circumstances in quarters."""
    return Severity(context * identification + circumstances)


def severity_of(facts: RiskFacts) -> Severity:
    """The severity of a breach; what is unknown counts as the worst that it could be."""
    return severity(
        max(map(context_of, facts.data)),
        _IDENTIFICATION[facts.identifiability],
        _CONFIDENTIALITY[facts.confidentiality]
        + _INTEGRITY[facts.integrity]
        + _availability(facts)
        + (0 if facts.malicious is Answer.NO else MALICE),
    )


def context_of(data: DataFact) -> int:
    """ENISA's data processing context of one kind of data: its category's base, moved by what it tells here."""
    return _CONTEXT[CATEGORY[data.kind]][data.insight]


def _availability(facts: RiskFacts) -> int:
    match facts.availability:
        case Availability.NOT_AFFECTED:
            return 0
        case Availability.RECOVERED:
            hours = facts.hours_to_restore
            return 0 if hours != "unknown" and hours < SOON else 1
        case Availability.TEMPORARY:
            return 1
        case _:
            return 2
