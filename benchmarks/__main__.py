"""`python -m benchmarks --out FILE`: measures everything, writes it down and shows it. `--quick` only tries it out."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks.appending import postgres_appends, sqlite_appends
from benchmarks.desk_list import desk_pages
from benchmarks.exporting import exports, papers
from benchmarks.machine import machine
from benchmarks.measuring import Figure
from benchmarks.pages import pages
from benchmarks.postgres import postgres
from benchmarks.reading import reads
from benchmarks.relaying import relaying
from benchmarks.sizes import FULL, QUICK, Sizes


def main(arguments: Sequence[str] | None = None) -> None:
    """Speeds are reported and never judged: the exit status says only whether everything ran."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"), help="where the figures are written")
    parser.add_argument("--quick", action="store_true", help="a tenth of it, to see that everything runs")
    given = parser.parse_args(arguments)
    sizes = QUICK if given.quick else FULL
    console, began, facts = Console(stderr=True), perf_counter(), machine()
    figures, set_papers = _measure(console, sizes, facts)
    document = {
        "quick": sizes.quick,
        "seconds": round(perf_counter() - began, 1),
        "machine": facts,
        "figures": [figure.document(quick=sizes.quick) for figure in figures],
        "papers": set_papers,
    }
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(document, indent=2) + "\n")
    said = Console(file=sys.stdout)
    said.print(_table(figures, sizes))
    for name, value in set_papers.items():
        said.print(f"{name.replace('_', ' ')}: {value:,}")


def _measure(
    console: Console, sizes: Sizes, facts: dict[str, str | int | float]
) -> tuple[list[Figure], dict[str, float | int]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        figures = sqlite_appends(progress, sizes)
        with postgres() as (address, about):
            facts.update(about)
            figures += postgres_appends(progress, sizes, address)
        figures += reads(progress, sizes)
        figures += desk_pages(progress, sizes)
        figures += exports(progress, sizes)
        figures += pages(progress, sizes)
        set_papers = papers(progress, sizes)
        relayed, about = relaying(progress, sizes)
        facts.update(about)
    return [*figures, *relayed], set_papers


def _table(figures: Sequence[Figure], sizes: Sizes) -> Table:
    table = Table(
        box=SIMPLE_HEAD, title="Ours beside the floor, a second" + (" (quick: only to see that it runs)" * sizes.quick)
    )
    for column in ("figure", "ours", "floor", "ratio", "goal", "n"):
        table.add_column(column, justify="left" if column == "figure" else "right", no_wrap=True)
    for figure in figures:
        colour = {True: "green", False: "red", None: "default"}[figure.met]
        rates = [f"{side['median']:,.0f}" for side in (figure.ours, figure.floors)]
        goal = "" if figure.goal is None else f"{figure.goal:.2f}"
        table.add_row(figure.name, *rates, f"[{colour}]{figure.ratio:.2f}[/]", goal, f"{figure.n:,}")
    return table


if __name__ == "__main__":
    main()
