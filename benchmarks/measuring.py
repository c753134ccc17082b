"""A figure: our rate as a ratio to a floor's, the two measured in turn, round by round, in one run."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import TypeAlias

from rich.progress import Progress

Side: TypeAlias = Callable[[], float]
"""Does its work once, and gives the rate at which it did it."""

Notes: TypeAlias = dict[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class Turn:
    """One round: how many a second on our side, and right after it on the floor's."""

    ours: float
    floor: float

    @property
    def ratio(self) -> float:
        """Ours, of the floor's."""
        return self.ours / self.floor


@dataclass(frozen=True)
class Figure:
    """What was measured, against what, and what we want it to be. `n` is how many of `unit` each side did in all."""

    name: str
    unit: str
    floor: str
    goal: float | None
    n: int
    turns: Sequence[Turn]
    notes: Notes = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """The median over the rounds, which one slow moment of the disk does not move."""
        return median(turn.ratio for turn in self.turns)

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        return None if self.goal is None else self.ratio >= self.goal

    @property
    def ours(self) -> dict[str, float]:
        """Our median and our best round."""
        return _median_and_best([turn.ours for turn in self.turns])

    @property
    def floors(self) -> dict[str, float]:
        """The floor's median and its best round."""
        return _median_and_best([turn.floor for turn in self.turns])

    def document(self, *, quick: bool) -> dict[str, object]:
        """The figure as it is written down, each round included."""
        return {
            "name": self.name,
            "unit": self.unit,
            "floor": self.floor,
            "ours_per_second": self.ours,
            "floor_per_second": self.floors,
            "ratio": self.ratio,
            "goal": self.goal,
            "met": self.met,
            "n": self.n,
            "quick": quick,
            "rounds": [{"ours": turn.ours, "floor": turn.floor, "ratio": turn.ratio} for turn in self.turns],
            "notes": self.notes,
        }


def timed(count: int, work: Callable[[], object]) -> float:
    """How many a second. What earlier work left to the garbage collector is not charged to this one."""
    gc.collect()
    began = perf_counter()
    work()
    return count / (perf_counter() - began)


def in_turn(progress: Progress, name: str, rounds: int, ours: Side, floor: Side) -> list[Turn]:
    """Ours, floor, ours, floor: whatever else the machine does meanwhile slows both alike."""
    return [Turn(ours(), floor()) for _ in progress.track(range(rounds), description=name)]


def _median_and_best(rates: Sequence[float]) -> dict[str, float]:
    return {"median": median(rates), "best": max(rates)}
