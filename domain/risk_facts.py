"""The facts from which the risk to people is prompted, and the answer: plain words, each able to be unknown."""

from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from domain.quantities import Value
from domain.vocabulary import Answer, Availability, Confidentiality, DataKind, Encryption, Integrity, PeopleKind

Unknown: TypeAlias = Literal["unknown"]


class Insight(StrEnum):
    """What a stranger could learn from this kind of data here, or do with it (ENISA 2013, data processing context)."""

    USUAL = "usual"
    NONE = "no_insight"
    LIMITED = "limited_insight"
    SOME = "some_insight"
    PROFILE = "detailed_profile"
    REVEALS_SENSITIVE = "reveals_sensitive"
    ENABLES_FRAUD = "enables_fraud"
    SAFETY = "critical_to_safety"
    UNKNOWN = "unknown"


class Identifiability(StrEnum):
    """How easily somebody who has the data can tell whose they are (ENISA 2013, ease of identification)."""

    NEGLIGIBLE = "negligible"
    LIMITED = "limited"
    SIGNIFICANT = "significant"
    MAXIMUM = "maximum"
    UNKNOWN = "unknown"


class DataFact(Value):
    """One kind of data, and what it tells in this case."""

    kind: DataKind
    insight: Insight = Insight.USUAL


class RiskFacts(Value):
    """What is known of a breach. The first eleven must be said, if only as unknown; the others where they apply.

    `number` is people. `hours_to_restore` counts from the loss until the data were back. `depended_on` asks whether
    anybody's care, safety, schooling, pay or rights depended on the data while they were away. `recovered` asks
    whether the data came back, or their deletion was confirmed, before they could be used.
    """

    data: Annotated[tuple[DataFact, ...], Field(min_length=1)]
    people: Annotated[tuple[PeopleKind, ...], Field(min_length=1)]
    number: Annotated[int, Field(ge=1, le=1_000_000_000)] | Unknown
    children: Answer
    vulnerable: Answer
    identifiability: Identifiability
    confidentiality: Confidentiality
    integrity: Integrity
    availability: Availability
    malicious: Answer
    encryption: Encryption
    key_safe: Answer = Answer.UNKNOWN
    recipients_trusted: Answer = Answer.UNKNOWN
    recovered: Answer = Answer.UNKNOWN
    backup: Answer = Answer.UNKNOWN
    hours_to_restore: Annotated[float, Field(ge=0, le=100_000)] | Unknown = "unknown"
    depended_on: Answer = Answer.UNKNOWN

    @model_validator(mode="after")
    def _pupils_are_children_unless_said(self) -> "RiskFacts":
        if PeopleKind.PUPILS in self.people and self.children is Answer.NO:
            raise ValueError("pupils are among the people, so children cannot be no")
        return self


Level = Literal["low", "medium", "high", "very high"]


class Reason(Value):
    """One named rule that spoke, why, and where it comes from."""

    rule: str
    because: str
    citation: str


class Prompt(Value):
    """What the rules suggest. A prompt beside two human acts: the DPO's advice and the controller's decision."""

    level: Level
    score: float
    notify_regulator: bool
    communicate: bool
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...]

    @property
    def in_short(self) -> "Prompted":
        """What is kept of it with the assessment: keys and figures, never words."""
        rules = tuple(reason.rule for reason in self.reasons)
        return Prompted(**self.model_dump(exclude={"reasons"}), rules=rules)


Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*(: [a-z_]+)?$")]


class Prompted(Value):
    """What the rules of a day suggested: the names of those that spoke, and of the facts that were unknown."""

    level: Level
    score: float
    notify_regulator: bool
    communicate: bool
    rules: tuple[Key, ...]
    unknown: tuple[Key, ...]
