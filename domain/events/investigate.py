"""Investigate: the seven points of the procedure, the cause and the evidence (Appendix 2, "Investigation")."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from domain.events.base import Fact
from domain.personal import Text
from domain.quantities import UNKNOWN, Count, Instant, Value
from domain.risk_facts import Prompted, RiskFacts
from domain.vocabulary import (
    Answer,
    Availability,
    Cause,
    Confidentiality,
    DataKind,
    Encryption,
    IncidentType,
    Integrity,
    PeopleKind,
    RiskLevel,
)


class InvestigationStarted(Fact):
    """The investigation is under way."""

    kind: Literal["investigation.started"] = "investigation.started"
    started_at: Instant


class DataDetails(Value):
    """The type of data and its sensitivity; records are counted apart from people (Art. 33(3)(a))."""

    kinds: Annotated[tuple[DataKind, ...], Field(min_length=1)]
    records: Count = UNKNOWN
    sensitivity: Text | None = None
    detail: Text | None = None


class DataDescribed(Fact, DataDetails):
    """What the data are. A later description replaces an earlier one."""

    kind: Literal["investigation.data_described"] = "investigation.data_described"


class Group(Value):
    """One kind of people and how many of them."""

    people: PeopleKind
    number: Count = UNKNOWN


class PeopleDetails(Value):
    """How many people are affected and of what type, and whether there are wider consequences."""

    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    vulnerable: Answer = Answer.UNKNOWN
    wider_consequences: Text | None = None


class PeopleDescribed(Fact, PeopleDetails):
    """Whose data they are. A later description replaces an earlier one."""

    kind: Literal["investigation.people_described"] = "investigation.people_described"


class ProtectionDetails(Value):
    """What protections were in place, encryption above all, and the training of the staff involved."""

    encryption: Encryption = Encryption.UNKNOWN
    key_safe: Answer = Answer.UNKNOWN
    prior_measures: Text | None = None
    staff_trained_in_last_two_years: Answer = Answer.UNKNOWN
    training: Text | None = None


class ProtectionsDescribed(Fact, ProtectionDetails):
    """What stood in the way. A later description replaces an earlier one."""

    kind: Literal["investigation.protections_described"] = "investigation.protections_described"


class EffectDetails(Value):
    """What has happened to the data: confidentiality, integrity and availability (Art. 4(12))."""

    confidentiality: Confidentiality = Confidentiality.UNKNOWN
    integrity: Integrity = Integrity.UNKNOWN
    availability: Availability = Availability.UNKNOWN
    detail: Text | None = None


class EffectsDescribed(Fact, EffectDetails):
    """What happened to the data. A later description replaces an earlier one."""

    kind: Literal["investigation.effects_described"] = "investigation.effects_described"


class MisuseDetails(Value):
    """Whether the data could be put to any illegal or inappropriate use."""

    possible: Answer
    malicious_intent: Answer = Answer.UNKNOWN
    detail: Text | None = None


class MisuseConsidered(Fact, MisuseDetails):
    """The possible misuse was considered."""

    kind: Literal["investigation.misuse_considered"] = "investigation.misuse_considered"


class ConsequenceDetails(Value):
    """The likely consequences for the people concerned (Art. 33(3)(c)) and any harm that already came."""

    likely_consequences: Text
    harm_so_far: Answer = Answer.UNKNOWN
    harm_detail: Text | None = None


class ConsequencesDescribed(Fact, ConsequenceDetails):
    """What it may mean for the people concerned. A later description replaces an earlier one."""

    kind: Literal["investigation.consequences_described"] = "investigation.consequences_described"


class CauseDetails(Value):
    """What caused it, in the procedure's words and in the regulator's."""

    cause: Cause
    incident_type: IncidentType = IncidentType.NOT_PROVIDED
    cyber: Answer = Answer.UNKNOWN
    detail: Text | None = None


class CauseDescribed(Fact, CauseDetails):
    """Why it happened. A later description replaces an earlier one."""

    kind: Literal["investigation.cause_described"] = "investigation.cause_described"


class EvidenceDetails(Value):
    """A document or file, referred to by the SHA-256 of its bytes and kept elsewhere."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    description: Text
    media_type: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]+$", max_length=100)] | None = None
    size_in_bytes: Annotated[int, Field(ge=0)] | None = None


class EvidenceRecorded(Fact, EvidenceDetails):
    """A piece of evidence was taken in."""

    kind: Literal["investigation.evidence_recorded"] = "investigation.evidence_recorded"
    obtained_at: Instant


class RiskDetails(Value):
    """The risk to the rights and freedoms of individuals, and why it is judged so."""

    level: RiskLevel
    reasons: Text
    method: Text | None = None
    facts: RiskFacts | None = None


class RiskAssessed(Fact, RiskDetails):
    """The risk was assessed. It may be assessed again whenever something new is known.

    `prompt` is what the rules of that day said of `facts`, kept beside what the person judged.
    """

    kind: Literal["investigation.risk_assessed"] = "investigation.risk_assessed"
    prompt: Prompted | None = None


class InvestigationCompleted(Fact):
    """The investigation is done: a clear record of the nature of the breach and of what was done about it."""

    kind: Literal["investigation.completed"] = "investigation.completed"
    summary: Text


InvestigateFact = (
    InvestigationStarted
    | DataDescribed
    | PeopleDescribed
    | ProtectionsDescribed
    | EffectsDescribed
    | MisuseConsidered
    | ConsequencesDescribed
    | CauseDescribed
    | EvidenceRecorded
    | RiskAssessed
    | InvestigationCompleted
)
