"""The governors' review of an incident, or of a school's term or year."""

from datetime import date
from typing import Annotated

import typer

from adapters.cli.context import (
    DATA,
    AsAtOption,
    DatabaseOption,
    DataOption,
    UsageMistake,
    instant,
    opened,
    progress_bar,
    write_bytes,
)
from adapters.cli.papers import OutOption
from adapters.review_papers import FORMATS, of_incident, of_period
from domain.quantities import YEARS


def register(app: typer.Typer) -> None:
    """Adds this command."""
    app.command()(review)


def review(
    ref: Annotated[str | None, typer.Argument(help="The incident; or give a school and a period.")] = None,
    school: Annotated[str | None, typer.Option(help="The school of a period's review.")] = None,
    begins_on: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day of the period.")] = None,
    ends_on: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day of the period.")] = None,
    for_the_public: Annotated[
        bool, typer.Option("--published", help="Only what may be published: no small numbers, no free texts.")
    ] = False,
    with_opinion: Annotated[
        bool,
        typer.Option("--with-opinion", help="Publish the DPO's opinion as well; it is read for names."),
    ] = False,
    as_at: AsAtOption = None,
    format_: Annotated[str, typer.Option("--format", help="pdf, docx or json.")] = "pdf",
    out_file: OutOption = None,
    data: DataOption = DATA,
    database_url: DatabaseOption = None,
) -> None:
    """Write the governors' review of one incident, or of a school's term or year."""
    if format_ not in FORMATS:
        raise UsageMistake("The format is pdf, docx or json.")
    if with_opinion and not for_the_public:
        raise UsageMistake("--with-opinion goes with --published; the governors' own review has the opinion anyway.")
    at = instant(as_at)
    with opened(data, database_url) as tocsin:
        if ref is not None and (school, begins_on, ends_on) != (None, None, None):
            raise UsageMistake("Give either an incident or a school and its period.")
        if ref is not None:
            if for_the_public:
                raise UsageMistake("One incident is never published; give --school URN --from DATE --to DATE.")
            made = of_incident(tocsin, ref, at)
        elif school is None or begins_on is None or ends_on is None:
            raise UsageMistake("Give an incident, or --school URN --from DATE --to DATE.")
        else:
            first, last = _day(begins_on), _day(ends_on)
            if last < first:
                raise UsageMistake("The period ends before it begins.")
            with progress_bar("Governors' review") as bar:
                made = of_period(
                    tocsin,
                    school,
                    (first, last),
                    at,
                    published=for_the_public,
                    opinion=with_opinion,
                    progress=bar,
                )
        body = made[format_]()
    write_bytes(body, out_file)


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise UsageMistake(f"“{text}” is not a date such as 2026-09-01.") from None
    if found.year not in YEARS:
        raise UsageMistake(f"The year must lie between {YEARS.start} and {YEARS.stop - 1}.")
    return found
