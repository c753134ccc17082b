"""Commands that show what the log says: an incident, the breach log, the papers."""

import sys
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from adapters.bootstrap import Tocsin, until
from adapters.breach_log_files import log_entries, write_log_file, zones
from adapters.cli.context import (
    DATA,
    AsAtOption,
    Bar,
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
from adapters.documents.canonical import canonical
from adapters.documents.log_files import write_csv, write_json
from adapters.documents.pdf import period_review_pdf, review_pdf, submission_pdf
from adapters.documents.period_paper import period_data
from adapters.documents.review_paper import review_data
from adapters.documents.submission_json import submission_bytes
from adapters.papers import draft, submitted
from domain.incident import Incident, replay
from domain.obligations import outstanding, progress
from projections.breach_log import log_entry
from projections.governors_review import governors_review, period_review
from projections.timeline import Entry, timeline

OutOption = Annotated[Path | None, typer.Option("--out", help="A file instead of standard output.")]
Format = Annotated[str, typer.Option("--format", help="csv, xlsx or json.")]


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    for command in (show, log, clocks, submission, review):
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
    """Write the breach log (UK GDPR Art. 33(5)) as CSV, XLSX or JSON, now or as it stood at a time."""
    at = instant(as_at)
    if format_ not in ("csv", "xlsx", "json"):
        raise UsageMistake("The format is csv, xlsx or json.")
    if format_ == "xlsx" and out_file is None:
        raise UsageMistake("Give the spreadsheet a file: --out breach-log.xlsx.")
    with opened(data, database_url) as tocsin, progress_bar("Breach log") as bar:
        if school is not None:
            tocsin.schools.school(school)
        entries = log_entries(tocsin, school, at, bar)
        zone_of = zones(tocsin)
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
    format_: Annotated[str, typer.Option("--format", help="json or pdf.")] = "json",
    out_file: OutOption = None,
    data: DataOption = DATA,
    database_url: DatabaseOption = None,
) -> None:
    """Write the report to the regulator: the draft that could be sent now, or a submitted one, byte for byte."""
    if format_ not in ("json", "pdf"):
        raise UsageMistake("The format is json or pdf.")
    with opened(data, database_url) as tocsin:
        incident = tocsin.incident(ref.upper())
        school = tocsin.schools.school(incident.school)
        submitted_at = None
        if phase is None:
            paper = draft(incident, school)
        else:
            paper, school, submitted_at = submitted(incident.history, school, phase)
    if format_ == "json":
        write_bytes(submission_bytes(paper), out_file)
    else:
        write_bytes(submission_pdf(paper, school, submitted_at=submitted_at), out_file)


def review(
    ref: Annotated[str | None, typer.Argument(help="The incident; or give a school and a period.")] = None,
    school: Annotated[str | None, typer.Option(help="The school of a period's review.")] = None,
    begins_on: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day of the period.")] = None,
    ends_on: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day of the period.")] = None,
    as_at: AsAtOption = None,
    format_: Annotated[str, typer.Option("--format", help="pdf or json.")] = "pdf",
    out_file: OutOption = None,
    data: DataOption = DATA,
    database_url: DatabaseOption = None,
) -> None:
    """Write the governors' review of one incident, or of a school's term or year."""
    if format_ not in ("pdf", "json"):
        raise UsageMistake("The format is pdf or json.")
    at = instant(as_at)
    with opened(data, database_url) as tocsin:
        code = tocsin.log.code()
        if ref is not None:
            incident = tocsin.incident(ref.upper(), at)
            sheet = governors_review(incident)
            named = tocsin.schools.school(incident.school)
            pdf, facts = review_pdf(sheet, named, code=code), review_data(sheet)
        elif school is None or begins_on is None or ends_on is None:
            raise UsageMistake("Give an incident, or --school URN --from DATE --to DATE.")
        else:
            named = tocsin.schools.school(school)
            first, last = _day(begins_on), _day(ends_on)
            if last < first:
                raise UsageMistake("The period ends before it begins.")
            with progress_bar("Governors' review") as bar:
                incidents = _incidents(tocsin, school, at, bar)
            period = period_review(school, incidents, first, last, named.timezone)
            pdf, facts = period_review_pdf(period, named, code=code), period_data(period)
    write_bytes(pdf if format_ == "pdf" else canonical(facts) + b"\n", out_file)


def _incidents(tocsin: Tocsin, school: str, at: datetime | None, bar: Bar) -> list[Incident]:
    refs, found = tocsin.log.incidents(school), []
    for number, ref in enumerate(refs, start=1):
        if incident := replay(until(tocsin.log.history(ref), at)):
            found.append(incident)
        bar(number, len(refs))
    return found


def shown(incident: Incident, at: datetime | None) -> dict[str, Any]:
    """An incident as one document."""
    breach = incident.breach
    return {
        "ref": incident.ref,
        "school": incident.school,
        "as_at": at.isoformat() if at else None,
        "version": incident.version,
        "closed": incident.closed,
        "aware_at": breach.aware_at.isoformat() if breach else None,
        "deadline": breach.deadline.isoformat() if breach else None,
        "clock_runs": incident.clock_runs,
        "steps": {str(step): str(state) for step, state in progress(incident).items()},
        "outstanding": [
            {
                "command": each.command,
                "what": each.what,
                "why": each.why,
                "who": list(each.who),
                "due_at": each.due_at.isoformat() if each.due_at else None,
            }
            for each in outstanding(incident)
        ],
        "entry": log_entry(incident).model_dump(mode="json"),
        "timeline": [entry.model_dump(mode="json") for entry in timeline(incident)],
    }


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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageMistake(f"“{text}” is not a date such as 2026-09-01.") from None
