"""The governors' review of an incident, or of a school's term or year, in each format that it is written in."""

from collections.abc import Callable
from datetime import date, datetime

from adapters.bootstrap import Tocsin, until
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
from domain.school import School
from projections.governors_review import governors_review
from projections.period_review import period_review
from projections.publication import for_publication


class OpinionNamesSomebody(Refused):
    """The opinion names somebody; give it again without the name, or publish without it."""


FORMATS = ("pdf", "docx", "json")
Made = dict[str, Callable[[], bytes]]
"""A paper in each format, set when it is asked for."""
Progress = Callable[[int, int], None]
"""Told how much is done, of how much."""


def of_incident(tocsin: Tocsin, ref: str, at: datetime | None) -> Made:
    """The governors' sheet of one incident, now or as the log stood at an instant; raises `NoSuchIncident`."""
    incident = tocsin.incident(ref.upper(), at)
    named, code = tocsin.schools.school(incident.school), tocsin.log.code()
    sheet = for_governors(governors_review(incident), named)
    return {
        "pdf": lambda: review_pdf(sheet, named, code=code),
        "docx": lambda: review_docx(sheet, named, code=code),
        "json": lambda: canonical(review_data(sheet)) + b"\n",
    }


def of_period(
    tocsin: Tocsin,
    school: str,
    days: tuple[date, date],
    at: datetime | None,
    *,
    published: bool,
    opinion: bool,
    progress: Progress,
) -> Made:
    """The review of a school's period, from its first to its last day; `published` has only what may be published.

    `opinion` publishes the DPO's opinion as well. Raises `OpinionNamesSomebody`, and a `Refused` for no such school.
    """
    named, code = tocsin.schools.school(school), tocsin.log.code()
    incidents = _incidents(tocsin, school, at, progress)
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


def _incidents(tocsin: Tocsin, school: str, at: datetime | None, progress: Progress) -> list[Incident]:
    refs, found = tocsin.log.incidents(school), []
    for number, ref in enumerate(refs, start=1):
        if incident := replay(until(tocsin.log.history(ref), at)):
            found.append(incident)
        progress(number, len(refs))
    return found
