"""What the page of one incident shows to whoever looks at it: what is asked, what is known, and what happened."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from adapters.web.acting import Offered
from adapters.web.site import Case
from adapters.working_days import bank_holidays
from domain.events.discover import NoteAdded
from domain.events.engine import DeliveryFailed, EscalationRaised, ReminderSent
from domain.incident import Incident
from domain.obligation import Obligation
from domain.obligations import outstanding, progress
from domain.roles import Role
from domain.steps import Progress, Step
from projections.clock_faces import ClockFace, clock_face, in_minutes, time_left
from projections.fact_words import Said, alarm_in_words, as_typed, said
from projections.governors_review import DecisionMade, governors_review
from projections.timeline import Entry, timeline
from projections.words import ROLES, label
from projections.working_time import working_time_left

PER_PAGE = 40
"""Events on one page of the timeline."""
ACKNOWLEDGE = "acknowledge_escalation"
CLOSE = "close_incident"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing still asked for. `href` leads to where this person may do it; `mine` says that it is asked of them."""

    command: str
    what: str
    why: str
    who: str
    mine: bool
    due_at: datetime | None
    overdue: bool
    href: str | None


@dataclass(frozen=True, slots=True)
class StepOfTasks:
    """One of the five steps, how far it is, and what it still asks for."""

    step: Step
    state: Progress
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """The face of the clock, the time left in words, and how much of it is working time."""

    face: ClockFace
    left: str
    working: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An escalation that nobody has acknowledged yet."""

    about: str
    to: str
    mine: bool
    raised_at: datetime | None


@dataclass(frozen=True, slots=True)
class Question:
    """One of the two questions: what the rules suggest, what the DPO advised, what the controller decided."""

    prompted: bool | None
    made: DecisionMade


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of the timeline, its details in plain words."""

    entry: Entry
    gist: str
    rows: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Happenings:
    """One page of the timeline."""

    events: tuple[Happening, ...]
    newest_first: bool
    number: int
    pages: int
    whole: bool
    total: int


def clock_of(case: Case, now: datetime) -> Clock:
    """The clock of the incident, with the working hours left by the school's own calendar."""
    face = clock_face(case.incident, now)
    working = timedelta()
    if face.runs and face.deadline:
        holidays = bank_holidays(case.school.nation)
        working = working_time_left(now, face.deadline, case.school.timezone, holidays.__contains__)
    left = time_left(face.deadline, now) if face.deadline else ""
    return Clock(face, left, in_minutes(working))


def path_to(ref: str, command: str) -> str:
    """Where a command is done."""
    return f"/incidents/{ref}/do/{command}"


def steps_of(case: Case, offered: Collection[Offered], now: datetime) -> tuple[StepOfTasks, ...]:
    """The five steps, each with what it still asks for."""
    may = {each.command for each in offered} | {CLOSE}
    asked = [(each.step, _task(case, each, may, now)) for each in outstanding(case.incident)]
    states = progress(case.incident)
    return tuple(StepOfTasks(step, states[step], tuple(task for of, task in asked if of is step)) for step in Step)


def _task(case: Case, asked: Obligation, may: Collection[str], now: datetime) -> Task:
    allowed = asked.command in may and case.person.role_for(case.incident.school, asked.command)
    return Task(
        command=asked.command,
        what=as_typed(asked.what),
        why=asked.why,
        who=" or ".join(ROLES[role] for role in asked.who),
        mine=bool(set(asked.who) & set(case.roles)),
        due_at=asked.due_at,
        overdue=asked.due_at is not None and asked.due_at < now,
        href=path_to(case.incident.ref, asked.command) if allowed else None,
    )


def next_of(steps: Sequence[StepOfTasks]) -> Task | None:
    """The first task that this person may do: one that is asked of them, or else any; closing comes last of all."""
    tasks = [task for each in steps for task in each.tasks if task.href]
    before_closing = [task for task in tasks if task.command != CLOSE]
    everything_else_done = sum(len(each.tasks) for each in steps) == 1
    found = before_closing or (tasks if everything_else_done else [])
    # Once it is decided to notify, nothing else is as urgent (UK GDPR Art. 33(1)).
    found = sorted(found, key=lambda task: task.command != "submit_report")
    return next((task for task in found if task.mine), found[0] if found else None)


def not_asked(offered: Sequence[Offered]) -> dict[str, list[Offered]]:
    """What can be done besides what is asked for, by group."""
    found: dict[str, list[Offered]] = {}
    for each in offered:
        if not each.asked and each.command != ACKNOWLEDGE:
            found.setdefault(each.group, []).append(each)
    return found


def waiting_in(case: Case) -> tuple[Waiting, ...]:
    """The escalations that wait for an acknowledgement, those to one's own roles first."""
    raised = {fact.alarm: event.recorded_at for event, fact in case.incident.all(EscalationRaised)}
    found = [
        Waiting(alarm_in_words(alarm), ROLES[role], role in case.roles, raised.get(alarm))
        for alarm, role in case.incident.awaiting.items()
    ]
    return tuple(sorted(found, key=lambda each: not each.mine))


def questions_of(incident: Incident) -> tuple[Question, ...]:
    """Whether the regulator is notified and whether people are told: prompt, advice and decision."""
    sheet = governors_review(incident)
    prompt = sheet.prompt
    prompted = (prompt.notify_regulator, prompt.communicate) if prompt else (None, None)
    return tuple(Question(said_, made) for said_, made in zip(prompted, sheet.decisions, strict=True))


def prompt_level(incident: Incident) -> str | None:
    """The level of risk that the rules suggested when it was last assessed with its facts."""
    prompt = governors_review(incident).prompt
    return label(prompt.level) if prompt else None


def notes_of(incident: Incident) -> tuple[tuple[datetime, Role, str], ...]:
    """The notes, the newest first: when each was written down, in which role, and what it says."""
    found = [(event.recorded_at, event.actor.role, fact.note) for event, fact in incident.all(NoteAdded)]
    return tuple(reversed(found))


def happenings(case: Case, *, newest_first: bool, number: int, whole: bool) -> Happenings:
    """One page of the timeline, or the whole of it; a number beyond the last page gives the last."""
    total = len(case.incident.history)
    pages = 1 if whole else ceil(total / PER_PAGE)
    number = min(max(number, 1), pages)
    chosen = range(total - 1, -1, -1) if newest_first else range(total)
    if not whole:
        chosen = chosen[(number - 1) * PER_PAGE : number * PER_PAGE]
    events = tuple(_happenings(case, chosen))
    return Happenings(events, newest_first, number, pages, whole, total)


def _happenings(case: Case, chosen: Sequence[int]) -> Iterator[Happening]:
    entries = timeline(case.incident)
    for index in chosen:
        fact, gist = case.incident.history[index].fact, ""
        match fact:
            case (
                ReminderSent(alarm=alarm, to=to)
                | EscalationRaised(alarm=alarm, to=to)
                | DeliveryFailed(alarm=alarm, to=to)
            ):
                gist = f"{alarm_in_words(alarm)}, to: {ROLES[to]}"
        yield Happening(entries[index], gist, said(fact, case.school.timezone))
