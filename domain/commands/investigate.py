"""What people ask for in the step "investigate"."""

from typing import Literal

from domain.commands.base import Command
from domain.events.investigate import (
    CauseDetails,
    ConsequenceDetails,
    DataDetails,
    EffectDetails,
    EvidenceDetails,
    MisuseDetails,
    PeopleDetails,
    ProtectionDetails,
    RiskDetails,
)
from domain.personal import Text
from domain.quantities import Instant


class StartInvestigation(Command):
    """Start the investigation."""

    kind: Literal["start_investigation"] = "start_investigation"
    started_at: Instant | None = None


class DescribeData(Command, DataDetails):
    """Say what kinds of data, how many records and how sensitive."""

    kind: Literal["describe_data"] = "describe_data"


class DescribePeople(Command, PeopleDetails):
    """Say what kinds of people and how many."""

    kind: Literal["describe_people"] = "describe_people"


class DescribeProtections(Command, ProtectionDetails):
    """Say what protections were in place."""

    kind: Literal["describe_protections"] = "describe_protections"


class DescribeEffects(Command, EffectDetails):
    """Say what has happened to the data."""

    kind: Literal["describe_effects"] = "describe_effects"


class ConsiderMisuse(Command, MisuseDetails):
    """Say whether the data could be put to illegal or inappropriate use."""

    kind: Literal["consider_misuse"] = "consider_misuse"


class DescribeConsequences(Command, ConsequenceDetails):
    """Say what the likely consequences are for the people concerned."""

    kind: Literal["describe_consequences"] = "describe_consequences"


class DescribeCause(Command, CauseDetails):
    """Say what caused it."""

    kind: Literal["describe_cause"] = "describe_cause"


class RecordEvidence(Command, EvidenceDetails):
    """Record a piece of evidence by its hash."""

    kind: Literal["record_evidence"] = "record_evidence"
    obtained_at: Instant | None = None


class AssessRisk(Command, RiskDetails):
    """Assess the risk to individuals."""

    kind: Literal["assess_risk"] = "assess_risk"


class CompleteInvestigation(Command):
    """Complete the investigation; refused while one of its points is open."""

    kind: Literal["complete_investigation"] = "complete_investigation"
    summary: Text


InvestigateCommand = (
    StartInvestigation
    | DescribeData
    | DescribePeople
    | DescribeProtections
    | DescribeEffects
    | ConsiderMisuse
    | DescribeConsequences
    | DescribeCause
    | RecordEvidence
    | AssessRisk
    | CompleteInvestigation
)
