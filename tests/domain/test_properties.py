"""What holds for every history: `evolve` never fails, `decide` refuses in words, and nothing is asked for twice."""

from datetime import datetime, timedelta
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.commands import COMMANDS, IncidentCommand, SchoolCommand, command_named
from domain.decisions import decide
from domain.errors import Refused
from domain.escalation import plan
from domain.incident import Incident, evolve, replay
from domain.obligations import outstanding, progress
from domain.policy import Policy
from domain.roles import MAY, Actor, Role
from domain.steps import Progress, Step
from tests.given import FRIDAY_4PM, ONE_HOUR, recorded

TEXTS: dict[str, Any] = {
    "groups": [{"people": "pupils", "number": {"certainty": "exact", "number": 3}}],
    "kinds": ["health"],
    "sha256": "0" * 64,
    "item": "one",
    "due_on": "2026-12-01",
    "meeting_on": "2026-11-20",
    "alarm": "clock.24h.dpo",
    "because": "significant",
    "to": "chair",
    "reason": "because",
    "phase": "initial",
    "occurred": {"began_at": "2026-11-19T16:00:00Z"},
}
POINTS = ["nature", "dpo_contact", "consequences", "measures"]
BOOLEANS = ("notify_regulator", "communicate", "inform", "significant", "warranted", "changed", "complete")
ENUMS = {
    "possible": "yes",
    "level": "risk",
    "risk": "risk",
    "cause": "hacking",
    "body": "police",
    "people": "pupils",
    "action": "other",
    "outcome": "upheld",
    "points": POINTS,
    "number": 1,
}
OF_ITS_OWN: dict[tuple[str, str], Any] = {
    ("report_incident", "nature"): "suspected_breach",
    ("decide_communication", "to"): ["pupils"],
    ("write_message", "advice"): ["words"],
    ("tell_data_subjects", "number"): {"certainty": "exact", "number": 3},
}


OF_A_SCHOOL = get_args(SchoolCommand)
OF_AN_INCIDENT = sorted(kind for kind, command in COMMANDS.items() if not issubclass(command, OF_A_SCHOOL))


@st.composite
def commands(draw: st.DrawFn) -> tuple[IncidentCommand, Actor, timedelta]:
    """Any command with plausible fields, by anybody, after any while."""
    kind = draw(st.sampled_from(OF_AN_INCIDENT))
    fields: dict[str, Any] = {}
    for name, info in COMMANDS[kind].model_fields.items():
        if name != "kind" and (info.is_required() or draw(st.booleans())):
            value = OF_ITS_OWN.get((kind, name)) or _value(name, draw)
            if value is not None:
                fields[name] = value
    role = draw(st.sampled_from([*MAY[kind], *Role])) if draw(st.booleans()) else draw(st.sampled_from([*MAY[kind]]))
    hours = draw(st.sampled_from([0, 0.5, 5, 24, 80]))
    return command_named(kind, fields), Actor(id=role.value, role=role), timedelta(hours=hours)


def _value(name: str, draw: st.DrawFn) -> Any:
    if name in TEXTS:
        return TEXTS[name]
    if name in ENUMS:
        return ENUMS[name]
    if name in BOOLEANS:
        return draw(st.booleans())
    if name.endswith("_at") or name in ("deadline", "acknowledge_before"):
        return FRIDAY_4PM + draw(st.integers(-100, 100)) * ONE_HOUR
    texts = (
        "what_happened",
        "note",
        "basis",
        "summary",
        "reasons",
        "answer",
        "reference",
        "detail",
        "measure",
        "owner",
    )
    told = ("nature", "consequences", "measures", "about", "progress", "reasons_incomplete")
    more = (
        *told,
        "causes",
        "effectiveness",
        "likely_consequences",
        "what_prevented_it",
        "adviser",
        "advice",
        "description",
    )
    return "words" if name in (*texts, *more, "processor", "message", "reasons_for_delay") else None


STORIES = st.lists(commands(), max_size=40)


def played(story: list[tuple[IncidentCommand, Actor, timedelta]]) -> tuple[Incident | None, datetime]:
    """Everything that was not refused."""
    first = command_named("report_incident", {"what_happened": "words"})
    incident: Incident | None = None
    now = FRIDAY_4PM
    said: list[str] = []
    for command, by, after in [(first, Actor(id="staff", role=Role.STAFF), timedelta(0)), *story]:
        now += after
        try:
            facts = decide(command, incident, by, now)
        except Refused as refusal:
            said.append(str(refusal))
            continue
        for fact in facts:
            incident = evolve(incident, recorded(fact, incident.version + 1 if incident else 1, now, by))
    assert all(sentence.endswith(".") for sentence in said)
    return incident, now


@settings(max_examples=150, deadline=None)
@given(STORIES)
def test_whatever_people_do_the_rules_answer(story: list[tuple[IncidentCommand, Actor, timedelta]]) -> None:
    """A fact or a refusal, and afterwards every reading of the incident works."""
    incident, now = played(story)
    assert incident is not None
    assert replay(incident.history) == incident
    steps = progress(incident)
    assert set(steps) == set(Step)
    open_steps = {obligation.step for obligation in outstanding(incident)}
    assert all(steps[step] is not Progress.DONE for step in open_steps)
    assert not incident.closed or (outstanding(incident) == () and set(steps.values()) == {Progress.DONE})
    assert not incident.clock_runs or incident.breach is not None
    plan(incident, Policy(), now)


@settings(max_examples=100, deadline=None)
@given(STORIES)
def test_an_alarm_that_was_given_is_not_due_again(story: list[tuple[IncidentCommand, Actor, timedelta]]) -> None:
    """The engine that does what is due has nothing to do at the same moment."""
    incident, now = played(story)
    assert incident is not None
    for _ in range(2):
        due = plan(incident, Policy(), now)
        commands: list[IncidentCommand | None] = [
            command_named("record_missed_deadline", {"deadline": due.rings_at})
            if due.rings_at and due.rings_at <= now
            else None,
            *(
                command_named(
                    "record_escalation" if alarm.because else "record_reminder",
                    {"alarm": alarm.name, "to": alarm.to, "due_at": alarm.due_at, "stands_for": alarm.stands_for}
                    | ({"because": alarm.because} if alarm.because else {}),
                )
                for alarm in due.alarms
            ),
        ]
        engine = Actor(id="tocsin", role=Role.ENGINE)
        for command in commands:
            for fact in decide(command, incident, engine, now) if command else ():
                incident = evolve(incident, recorded(fact, incident.version + 1, now, engine))
    due = plan(incident, Policy(), now)
    assert due.alarms == ()
    assert due.rings_at is None or due.rings_at > now
    assert due.next_at is None or due.next_at > now
