"""Given these events, when this command, then these events: how the rules are told in tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from domain.commands import command_named
from domain.decisions import decide
from domain.errors import Refused
from domain.events import IncidentFact, Recorded
from domain.events.base import Fact
from domain.incident import Incident, evolve
from domain.roles import Actor, Role

SCHOOL, REF = "100001", "100001-ABCDEFGH"
FRIDAY_4PM = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
ONE_SECOND, ONE_HOUR, ONE_DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def actor(role: Role | str, person: str | None = None) -> Actor:
    """Somebody in that role."""
    return Actor(id=person or Role(role).value, role=Role(role))


def recorded(fact: Fact, version: int, at: datetime, by: Actor, command_id: str = "test") -> Recorded:
    """The fact, written down."""
    return Recorded(
        school=SCHOOL,
        incident=REF,
        version=version,
        recorded_at=at,
        actor=by,
        command_id=command_id,
        fact=cast("IncidentFact", fact),
        position=version,
    )


@dataclass(frozen=True)
class Story:
    """An incident on its way, and the clock on the wall."""

    now: datetime = FRIDAY_4PM
    incident: Incident | None = None
    told: tuple[Fact, ...] = ()
    refusal: Refused | None = None

    def after(self, span: timedelta) -> "Story":
        """Time passes."""
        return Story(self.now + span, self.incident)

    def at(self, now: datetime) -> "Story":
        """It is that time."""
        return Story(now, self.incident)

    def happened(self, *facts: Fact, by: Role | str = Role.LEAD) -> "Story":
        """Facts that are simply so."""
        incident = self.incident
        for fact in facts:
            version = incident.version + 1 if incident else 1
            incident = evolve(incident, recorded(fact, version, self.now, actor(by)))
        return Story(self.now, incident)

    def when(self, command: str, by: Role | str = Role.LEAD, person: str | None = None, /, **fields: Any) -> "Story":
        """Somebody asks for something."""
        who = actor(by, person)
        try:
            facts = decide(command_named(command, fields), self.incident, who, self.now)
        except Refused as refusal:
            return Story(self.now, self.incident, (), refusal)
        incident = self.incident
        for fact in facts:
            version = incident.version + 1 if incident else 1
            incident = evolve(incident, recorded(fact, version, self.now, who))
        return Story(self.now, incident, facts)

    def then(self, *facts: Fact) -> "Story":
        """Exactly these facts came of it."""
        assert self.refusal is None, f"refused: {self.refusal}"
        assert self.told == facts
        return self

    def then_kinds(self, *kinds: type[Fact]) -> "Story":
        """Facts of exactly these kinds came of it."""
        assert self.refusal is None, f"refused: {self.refusal}"
        assert tuple(type(fact) for fact in self.told) == kinds
        return self

    def then_one(self) -> "Story":
        """One fact came of it."""
        assert self.refusal is None, f"refused: {self.refusal}"
        assert len(self.told) == 1
        return self

    def then_nothing_happens(self) -> "Story":
        """Not refused, and nothing new."""
        return self.then()

    def then_refused(self, refusal: type[Refused], *words: str) -> "Story":
        """Refused for that reason, in one sentence that has these words in it."""
        assert self.refusal is not None, f"not refused, but {self.told}"
        assert type(self.refusal) is refusal
        said = str(self.refusal)
        assert said.endswith(".")
        assert "\n" not in said
        for word in words:
            assert word in said
        return self

    @property
    def case(self) -> Incident:
        """The incident as it stands."""
        assert self.incident is not None
        return self.incident


def a_suspicion(now: datetime = FRIDAY_4PM, **fields: Any) -> Story:
    """Somebody reported a suspicion."""
    return (
        Story(now).when("report_incident", Role.STAFF, **{"what_happened": "A laptop is missing", **fields}).then_one()
    )


def a_breach(now: datetime = FRIDAY_4PM, **fields: Any) -> Story:
    """A suspicion that was confirmed at once: aware at `now`."""
    return a_suspicion(now, **fields).when("confirm_breach").then_one()


INVESTIGATION: Sequence[tuple[str, dict[str, Any]]] = (
    ("describe_data", {"kinds": ["health"], "sensitivity": "Very"}),
    ("describe_people", {"groups": [{"people": "pupils", "number": {"certainty": "exact", "number": 10}}]}),
    ("describe_protections", {"encryption": "none"}),
    ("describe_effects", {"confidentiality": "exposed_no_evidence_of_access"}),
    ("consider_misuse", {"possible": "yes"}),
    ("describe_consequences", {"likely_consequences": "Distress"}),
    ("describe_cause", {"cause": "human_error"}),
    ("assess_risk", {"level": "risk", "reasons": "Unprotected"}),
)
"""The commands that look at every point of the investigation."""


def investigated(story: Story) -> Story:
    """Every point of the investigation was looked at."""
    for command, fields in INVESTIGATION:
        story = story.when(command, Role.DPO, **fields)
        assert story.refusal is None
    return story
