"""The governors' review of an incident, or of a school's term or year."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

import typer

from adapters.bootstrap import Tocsin, until
from adapters.cli.context import (
    DATA,
    AsAtOption,
    Bar,
    DatabaseOption,
    DataOption,
    UsageMistake,
    instant,
    opened,
    progress_bar,
    write_bytes,
)
from adapters.cli.papers import OutOption
from adapters.documents.canonical import canonical
from adapters.documents.docx_papers import period_docx, published_docx, review_docx
from adapters.documents.pdf import period_review_pdf, published_review_pdf, review_pdf
from adapters.documents.period_paper import period_data
from adapters.documents.published_paper import published_data
from adapters.documents.review_paper import review_data
from adapters.governors_papers import for_governors
from adapters.name_reader import read
from domain.errors import Refused
from domain.incident import Incident, replay
from domain.quantities import YEARS
from domain.school import School
from projections.governors_review import governors_review
from projections.period_review import period_review
from projections.publication import for_publication


class OpinionNamesSomebody(Refused):
    """The opinion names somebody; give it again without the name, or publish without it."""


FORMATS = ("pdf", "docx", "json")
Made = dict[str, Callable[[], bytes]]
"""A paper in each format, set when it is asked for."""


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
            made = _of_incident(tocsin, ref, at)
        elif school is None or begins_on is None or ends_on is None:
            raise UsageMistake("Give an incident, or --school URN --from DATE --to DATE.")
        else:
            first, last = _day(begins_on), _day(ends_on)
            if last < first:
                raise UsageMistake("The period ends before it begins.")
            made = _of_period(tocsin, school, (first, last), at, published=for_the_public, opinion=with_opinion)
        body = made[format_]()
    write_bytes(body, out_file)


def _of_incident(tocsin: Tocsin, ref: str, at: datetime | None) -> Made:
    incident = tocsin.incident(ref.upper(), at)
    named, code = tocsin.schools.school(incident.school), tocsin.log.code()
    sheet = for_governors(governors_review(incident), named)
    return {
        "pdf": lambda: review_pdf(sheet, named, code=code),
        "docx": lambda: review_docx(sheet, named, code=code),
        "json": lambda: canonical(review_data(sheet)) + b"\n",
    }


def _of_period(
    tocsin: Tocsin, school: str, days: tuple[date, date], at: datetime | None, *, published: bool, opinion: bool
) -> Made:
    named, code = tocsin.schools.school(school), tocsin.log.code()
    with progress_bar("Governors' review") as bar:
        incidents = _incidents(tocsin, school, at, bar)
    record = tocsin.school_record(school, at)
    period = period_review(school, incidents, record, *days, named.timezone, as_at=at or tocsin.clock())
    if published:
        if opinion and period.opinion:
            _must_name_nobody(period.opinion.opinion, named)
        public = for_publication(period, opinion_may_be_published=opinion)
        return {
            "pdf": lambda: published_review_pdf(public, named),
            "docx": lambda: published_docx(public, named),
            "json": lambda: canonical(published_data(public)) + b"\n",
        }
    period = for_governors(period, named)
    return {
        "pdf": lambda: period_review_pdf(period, named, code=code),
        "docx": lambda: period_docx(period, named, code=code),
        "json": lambda: canonical(period_data(period)) + b"\n",
    }


def _must_name_nobody(opinion: str, school: School) -> None:
    allowed = frozenset(filter(None, (school.name, *(contact.name for contact in school.contacts.values()))))
    if found := read(opinion, allowed, confirmed=False):
        raise OpinionNamesSomebody(f"The opinion holds {found[0]}; give it again without, or publish without it.")


def _incidents(tocsin: Tocsin, school: str, at: datetime | None, bar: Bar) -> list[Incident]:
    refs, found = tocsin.log.incidents(school), []
    for number, ref in enumerate(refs, start=1):
        if incident := replay(until(tocsin.log.history(ref), at)):
            found.append(incident)
        bar(number, len(refs))
    return found


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise UsageMistake(f"“{text}” is not a date such as 2026-09-01.") from None
    if found.year not in YEARS:
        raise UsageMistake(f"The year must lie between {YEARS.start} and {YEARS.stop - 1}.")
    return found
