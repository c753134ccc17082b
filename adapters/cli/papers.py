"""Commands that show what the log says: an incident, the breach log, the papers."""

import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from adapters.bootstrap import Tocsin
from adapters.breach_log_files import log_entries, write_log_file, zones
from adapters.cli.context import (
    DATA,
    AsAtOption,
    DatabaseOption,
    DataOption,
    JsonOption,
    UsageMistake,
    err,
    instant,
    local,
    opened,
    out,
    print_json,
    progress_bar,
    write_bytes,
)
from adapters.documents.log_files import write_csv, write_json
from adapters.documents.log_pdf import breach_log_pdf
from adapters.incident_papers import SUBMISSION_FORMATS, submission_file
from adapters.shown import shown
from domain.incident import Incident
from domain.obligations import outstanding, progress
from projections.breach_log import log_entry
from projections.timeline import Entry, timeline

OutOption = Annotated[Path | None, typer.Option("--out", help="A file instead of standard output.")]
Format = Annotated[str, typer.Option("--format", help="csv, xlsx, json or pdf.")]


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    for command in (show, log, clocks, submission):
        app.command()(command)


def show(
    ref: Annotated[str, typer.Argument(help="The incident.")],
    as_at: AsAtOption = None,
    as_json: JsonOption = False,
    data: DataOption = DATA,
    database_url: DatabaseOption = None,
) -> None:
    """Show an incident now, or as the log stood at a time."""
    at = instant(as_at)
    with opened(data, database_url) as tocsin:
        incident = tocsin.incident(ref.upper(), at)
        if as_json:
            print_json(shown(incident, at))
        else:
            _show(tocsin, incident, at)


def log(
    school: Annotated[str | None, typer.Option(help="One school; all of them if left out.")] = None,
    as_at: AsAtOption = None,
    format_: Format = "csv",
    out_file: OutOption = None,
    data: DataOption = DATA,
    database_url: DatabaseOption = None,
) -> None:
    """Write the breach log (UK GDPR Art. 33(5)) as CSV, XLSX, JSON or PDF, now or as it stood at a time."""
    at = instant(as_at)
    if format_ not in ("csv", "xlsx", "json", "pdf"):
        raise UsageMistake("The format is csv, xlsx, json or pdf.")
    if format_ == "xlsx" and out_file is None:
        raise UsageMistake("Give the spreadsheet a file: --out breach-log.xlsx.")
    with opened(data, database_url) as tocsin, progress_bar("Breach log") as bar:
        whose = None if school is None else tocsin.schools.school(school)
        entries = log_entries(tocsin, school, at, bar)
        zone_of = zones(tocsin)
        if format_ == "pdf":
            as_at_ = at or tocsin.clock()
            pdf = breach_log_pdf(entries, whose, as_at=as_at_, code=tocsin.log.code(), zone_of=zone_of)
            write_bytes(pdf, out_file)
            return
        if out_file is None:
            write = write_json if format_ == "json" else partial(write_csv, zone_of=zone_of)
            write(entries, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return
        write_log_file(entries, out_file, format_, zone_of)
        err.print(f"Written: {out_file}")


def clocks(
    school: Annotated[str | None, typer.Option(help="One school; all of them if left out.")] = None,
    data: DataOption = DATA,
    database_url: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the open incidents, the next deadline first, with what is asked for next."""
    with opened(data, database_url) as tocsin:
        with progress_bar("Open clocks") as bar:
            tocsin.views.catch_up(bar)
        found = list(tocsin.views.open_clocks(None if school is None else [school]))
        now = tocsin.clock()
        if as_json:
            print_json([each.model_dump(mode="json") for each in found])
            return
        zone_of = zones(tocsin)
        table = Table("Incident", "Step", "Deadline", "Left", "Next", box=None)
        for each in found:
            zone = zone_of(each.school)
            next_act = each.acts[0].what if each.acts else ""
            left = left_of(each.deadline, now) if each.deadline else ""
            deadline = local(each.deadline, zone) if each.deadline else "no clock runs"
            table.add_row(each.ref, each.step or "", deadline, left, next_act)
        out.print(table if found else "No incident is open.")


def submission(
    ref: Annotated[str, typer.Argument(help="The incident.")],
    phase: Annotated[int | None, typer.Option(help="The number of a submitted report; a draft if left out.")] = None,
    as_at: AsAtOption = None,
    format_: Annotated[str, typer.Option("--format", help="json, pdf, docx or text.")] = "json",
    out_file: OutOption = None,
    data: DataOption = DATA,
    database_url: DatabaseOption = None,
) -> None:
    """Write the report to the regulator: the draft that could be sent now, or a submitted one, byte for byte."""
    if format_ not in SUBMISSION_FORMATS:
        raise UsageMistake("The format is json, pdf, docx or text.")
    with opened(data, database_url) as tocsin:
        incident = tocsin.incident(ref.upper(), instant(as_at))
        school = tocsin.schools.school(incident.school)
    write_bytes(submission_file(incident, school, phase, format_), out_file)


def left_of(deadline: datetime, now: datetime) -> str:
    """How long is left, or how long ago it passed, to the minute."""
    minutes = int(abs((deadline - now).total_seconds()) // 60)
    span = f"{minutes // 60} h {minutes % 60:02} min"
    return span if deadline >= now else f"{span} ago"


def _show(tocsin: Tocsin, incident: Incident, at: datetime | None) -> None:
    zone = zones(tocsin)(incident.school)
    entry, breach = log_entry(incident), incident.breach
    moment = f", as the log stood at {local(at, zone)}" if at else ""
    out.print(f"[bold]{incident.ref}[/bold]  {entry.finding}, {entry.status}, version {incident.version}{moment}")
    if breach:
        out.print(f"Aware     {local(breach.aware_at, zone)}")
        left = f"  ({left_of(breach.deadline, at or tocsin.clock())})" if incident.clock_runs else ""
        out.print(f"Deadline  {local(breach.deadline, zone)}{left}")
    out.print("Steps     " + "   ".join(f"{step}: {state}" for step, state in progress(incident).items()))
    asked = Table("Still asked for", "Of", "Why", box=None, title_justify="left")
    for each in outstanding(incident):
        asked.add_row(f"{each.what}  [dim]({each.command})[/dim]", ", ".join(each.who), each.why)
    past = Table("Recorded", "Event", "By", "When it was so", "What it says", box=None)
    for event in timeline(incident):
        happened = local(event.happened_at, zone) if event.happened_at else ""
        alarm = f": {event.details['alarm']}" if "alarm" in event.details else ""
        past.add_row(
            local(event.recorded_at, zone), f"{event.title}{alarm}", event.role, happened, escape(_said(event))
        )
    for table in (asked, past):
        if table.row_count:
            out.print()
            out.print(table)


def _said(event: Entry) -> str:
    """The fields of an event, in words."""
    times = {name for name in event.details if name.endswith("_at")}
    return "; ".join(
        f"{name.replace('_', ' ')}: {_plain(value)}" for name, value in event.details.items() if name not in times
    )


def _plain(value: object) -> str:
    match value:
        case dict():
            return ", ".join(f"{name} {_plain(each)}" for name, each in value.items() if each is not None)
        case list():
            return "; ".join(map(_plain, value))
        case _:
            return str(value)
