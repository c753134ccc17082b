"""Decisions in the step "investigate": descriptions may be replaced; completion needs every point looked at."""

from datetime import datetime
from typing import assert_never

from domain.commands.investigate import (
    AssessRisk,
    CompleteInvestigation,
    ConsiderMisuse,
    DescribeCause,
    DescribeConsequences,
    DescribeData,
    DescribeEffects,
    DescribePeople,
    DescribeProtections,
    InvestigateCommand,
    RecordEvidence,
    StartInvestigation,
)
from domain.decisions.base import happened, new_only, stated
from domain.errors import InvestigationIncomplete
from domain.events.base import Fact
from domain.events.investigate import (
    CauseDescribed,
    ConsequencesDescribed,
    DataDescribed,
    EffectsDescribed,
    EvidenceRecorded,
    InvestigationCompleted,
    InvestigationStarted,
    MisuseConsidered,
    PeopleDescribed,
    ProtectionsDescribed,
    RiskAssessed,
)
from domain.incident import Incident
from domain.obligations import missing_points
from domain.risk import assess


def decide_investigate(command: InvestigateCommand, incident: Incident, now: datetime) -> tuple[Fact, ...]:
    """The facts that the command leads to; none when it repeats what is already recorded."""
    match command:
        case StartInvestigation():
            started_at = happened(command.started_at, now)
            return () if incident.has(InvestigationStarted) else (InvestigationStarted(started_at=started_at),)
        case DescribeData():
            fact: Fact = stated(DataDescribed, command)
        case DescribePeople():
            fact = stated(PeopleDescribed, command)
        case DescribeProtections():
            fact = stated(ProtectionsDescribed, command)
        case DescribeEffects():
            fact = stated(EffectsDescribed, command)
        case ConsiderMisuse():
            fact = stated(MisuseConsidered, command)
        case DescribeConsequences():
            fact = stated(ConsequencesDescribed, command)
        case DescribeCause():
            fact = stated(CauseDescribed, command)
        case RecordEvidence():
            fact = stated(EvidenceRecorded, command, obtained_at=happened(command.obtained_at, now))
        case AssessRisk():
            prompt = assess(command.facts).in_short if command.facts else None
            fact = stated(RiskAssessed, command, prompt=prompt)
        case CompleteInvestigation():
            if missing := missing_points(incident):
                raise InvestigationIncomplete(f"The investigation still has to look at: {'; '.join(missing)}.")
            fact = stated(InvestigationCompleted, command)
        case _:
            assert_never(command)
    return new_only(incident, fact)
