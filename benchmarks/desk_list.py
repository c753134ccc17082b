"""The desk: a page of it with many incidents, beside the same page with few, as the slowest pages of twenty show it."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import TypeAlias

from rich.progress import Progress

from adapters.event_log import EventLog
from adapters.ids import incident_ref
from adapters.keys import KeyRing
from adapters.list_filters import DeskFilter
from adapters.views import DESK, SHOWN, Views
from benchmarks.measuring import Figure, Notes, in_turn
from benchmarks.sizes import Sizes
from domain.incident import replay
from domain.roles import Role
from domain.steps import Step
from projections.breach_log import log_entry
from projections.desk import DeskEntry, desk_entry
from tests.examples import classcharts

Schools: TypeAlias = frozenset[str] | None

SCHOOLS = 1_000
BUSY = 5
"""Schools at which half of the incidents are, so that one school alone fills pages also where there are few."""

STORED_AT_ONCE = 2_000
APART = timedelta(minutes=10)
PAGES = 5
"""Each walk reads so many pages: the first, and those that follow it."""

GOAL = round(1 / 1.3, 2)
"""The slowest of twenty pages takes at most 1.3 times as long."""

FLOOR = "the same {size}-row pages of a list of {few:,} incidents, by the time that 95 of 100 of them take"


@dataclass(frozen=True)
class Case:
    """Whose desk it is, and what they filter by."""

    name: str
    schools: Schools
    filters: DeskFilter


def _numbers(first: int, count: int) -> frozenset[str]:
    return frozenset(str(100_001 + number) for number in range(first, first + count))


CASES = (
    Case("everything", None, DeskFilter()),
    Case("one_school", _numbers(0, 1), DeskFilter()),
    Case("50_schools", _numbers(BUSY - 1, 50), DeskFilter()),
    Case("1000_schools", _numbers(0, SCHOOLS), DeskFilter()),
    Case("step_and_role", None, DeskFilter(step=Step.DISCOVER, asked=frozenset({Role.HEAD}))),
    Case("closed", None, DeskFilter(state="closed")),
    Case("all_open", None, DeskFilter()),
)


@dataclass
class Desk:
    """A desk with its pages timed, in seconds."""

    views: Views
    case: Case
    walks: int
    seconds: list[float] = field(default_factory=list)

    def rate(self) -> float:
        """Pages a second, at the pace of the slowest of twenty."""
        taken = [seconds for _ in range(self.walks) for seconds in self._walk()]
        self.seconds += taken
        return 1 / p95(taken)

    def _walk(self) -> Iterator[float]:
        """From the first page on."""
        after: str | None = None
        for _ in range(PAGES):
            began = perf_counter()
            page = self.views.desk(self.case.schools, self.case.filters, after, SHOWN)
            yield perf_counter() - began
            assert page.rows
            after = page.next


def p95(taken: Sequence[float]) -> float:
    """The time that 95 of 100 stay within."""
    return quantiles(taken, n=20)[-1]


def desk_pages(progress: Progress, sizes: Sizes) -> list[Figure]:
    """A figure a case. Of many incidents most are closed, as after ten years; in the last case all are open."""
    few, many, walks, rounds = (200, 2_000, 4, 2) if sizes.quick else (1_000, 100_000, 20, 10)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-bench-")))
        keys = stack.enter_context(closing(KeyRing.open(folder / "keys.sqlite", bytes(32))))
        log = stack.enter_context(closing(EventLog.open(folder / "events.sqlite", keys)))

        def filled(name: str, count: int, opened: int) -> Views:
            views = stack.enter_context(closing(Views(folder / name, log, keys)))
            _fill(progress, views, count, opened)
            return views

        small, large, crowded = (
            filled("few", few, few // 2),
            filled("many", many, many // 20),
            filled("open", many, many),
        )
        figures = []
        for case in CASES:
            ours = Desk(crowded if case.name == "all_open" else large, case, walks)
            floor = Desk(small, case, walks)
            turns = in_turn(progress, f"desk_{case.name}", rounds, ours.rate, floor.rate)
            notes: Notes = {
                "incidents": many,
                "schools": SCHOOLS,
                "p95_milliseconds": round(p95(ours.seconds) * 1000, 2),
                "floor_p95_milliseconds": round(p95(floor.seconds) * 1000, 2),
            }
            sentence = FLOOR.format(size=SHOWN, few=few)
            figures.append(Figure(f"desk_{case.name}", "pages", sentence, GOAL, len(ours.seconds), turns, notes))
        return figures


def _fill(progress: Progress, views: Views, count: int, opened: int) -> None:
    """Filled directly, since how fast a list is kept up is another figure (`catch_up`)."""
    entries, file = _entries(count, opened), views.files[DESK.name]
    for start in progress.track(range(0, count, STORED_AT_ONCE), description="(filling a desk)"):
        batch = list(islice(entries, STORED_AT_ONCE))
        keys = views.keys.prepare(entry.clock.ref for entry in batch)
        file.put(start + 1, [DESK.stored(keys, each.clock.ref, each.clock.school, each) for each in batch])


def _entries(count: int, opened: int) -> Iterator[DeskEntry]:
    """One whole case at one school after another, each seen at another moment of it; the last of them are open."""
    *stages, closed = _stages()
    for number in range(count):
        entry = closed if number < count - opened else stages[number % len(stages)]
        school = str(100_001 + (number // 2 % BUSY if number % 2 else number // 2 % SCHOOLS))
        yield _placed(entry, school, incident_ref(school, f"desk-{number}"), number * APART)


def _stages() -> list[DeskEntry]:
    events = classcharts()
    known = (replay(events[:count]) for count in range(1, len(events) + 1))
    return [desk_entry(incident, log_entry(incident)) for incident in known if incident]


def _placed(entry: DeskEntry, school: str, ref: str, later: timedelta) -> DeskEntry:
    clock = entry.clock
    times = {
        name: at + later for name in ("reported_at", "aware_at", "deadline") if (at := getattr(clock, name)) is not None
    }
    acts = tuple(act.model_copy(update={"due_at": act.due_at and act.due_at + later}) for act in clock.acts)
    moved = clock.model_copy(update={"school": school, "ref": ref, "acts": acts, **times})
    return entry.model_copy(update={"clock": moved})
