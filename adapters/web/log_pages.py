"""The breach log on the page (UK GDPR Art. 33(5)), and a school's whole log as a file."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import TypeAdapter, ValidationError

from adapters.breach_log_files import log_entries, write_log_file, zones
from adapters.documents.log_pdf import breach_log_pdf
from adapters.list_filters import LogFilter
from adapters.list_pages import NoSuchPlace
from adapters.web import school_pages
from adapters.web.pages import page
from adapters.web.served_schools import name_of, numbers_seeing
from adapters.web.site import Missing, Site, TheSite, Visitor, must_see, school_for
from domain.errors import Refused
from domain.quantities import YEARS, Instant
from domain.school import School
from projections.breach_log import Finding, LogEntry
from projections.desk import headline
from projections.words import count, label, period, short_moment

router = APIRouter()
router.include_router(school_pages.router)

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "pdf": "application/pdf",
}
MOST_SCHOOLS = 50
"""As many are offered to choose from; among more, the number is typed."""
YEARS_OFFERED = 10
INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


class NotAMoment(Refused):
    """Give the time with its offset, such as 2026-11-20T16:45:00+00:00."""


@router.get("/log")
def log(
    request: Request,
    site: TheSite,
    visitor: Annotated[Visitor, Depends(must_see("breach_log"))],
    school: str = "",
    finding: str = "",
    year: str = "",
    after: str = "",
) -> HTMLResponse:
    """The log of the schools that somebody serves, the newest report first."""
    person, number = visitor.person, school.strip().upper()
    numbers = numbers_seeing(site, person, "breach_log")
    errors = {}
    if number and number not in numbers:
        errors["school"] = "There is no school of that number whose log you are shown; check the number."
    wanted = LogFilter(number or None, _finding(finding), _year(year))
    try:
        found = site.tocsin.views.log_page(person.schools_seeing("breach_log"), wanted, after or None)
    except NoSuchPlace as unknown:
        errors["rows"] = str(unknown)
        found = site.tocsin.views.log_page(person.schools_seeing("breach_log"), wanted)
    names = cache(lambda each: name_of(site, each))
    filters = {"school": number, "finding": wanted.finding or "", "year": wanted.year or ""}
    this_year = site.now().year
    return page(
        request,
        "log/log.html",
        422 if errors else 200,
        rows=[] if "school" in errors else [row(entry, site, names(entry.school)) for entry in found.rows],
        next=_place(filters, found.next),
        previous=_place(filters, found.previous),
        chosen=filters,
        filtered=any(filters.values()),
        choices=[(each, names(each)) for each in numbers] if len(numbers) <= MOST_SCHOOLS else None,
        several=len(numbers) > 1,
        one=number if number in numbers else numbers[0] if len(numbers) == 1 else None,
        findings=Finding,
        years=range(this_year, this_year - YEARS_OFFERED, -1),
        formats=MEDIA_TYPES,
        errors=errors,
        replays=person.sees_anywhere("replay"),
    )


@router.get("/schools/{urn}/log.{fmt}")
def log_file(
    fmt: str,
    site: TheSite,
    school: Annotated[School, Depends(school_for("breach_log"))],
    as_at: str = "",
) -> Response:
    """A school's whole log as a file, now or as the log stood at a moment."""
    if fmt not in MEDIA_TYPES:
        raise Missing
    return as_file(_log_bytes(site, school, fmt, _moment(as_at)), f"breach-log-{school.id}.{fmt}", MEDIA_TYPES[fmt])


def _log_bytes(site: Site, school: School, fmt: str, at: datetime | None) -> bytes:
    zone_of = zones(site.tocsin)
    # The lists are kept up beside the pages: without a moment of the past they are read as they are.
    entries = (
        site.tocsin.views.breach_log([school.id])
        if at is None
        else log_entries(site.tocsin, school.id, at, lambda _done, _of: None)
    )
    if fmt == "pdf":
        code = site.tocsin.log.code()
        return breach_log_pdf(entries, school, as_at=at or site.now(), code=code, zone_of=zone_of)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"log.{fmt}"
        write_log_file(entries, path, fmt, zone_of)
        return path.read_bytes()


def as_file(body: bytes, name: str, media_type: str) -> Response:
    """A file to keep, never shown inside a page."""
    return Response(body, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def row(entry: LogEntry, site: Site, school: str) -> dict[str, Any]:
    """What the page shows of one row of the log, in words."""
    zone = zones(site.tocsin)(entry.school)
    return {
        "ref": entry.ref,
        "school": school,
        "what": label(entry.incident_type) if entry.incident_type else "",
        "headline": headline(entry.what_happened or ""),
        "finding": label(entry.finding),
        "aware": short_moment(entry.aware_at, zone) if entry.aware_at else "–",
        "told": _told(entry, lambda at: short_moment(at, zone)),
        "deadline": short_moment(entry.deadline, zone) if entry.deadline else "",
        "people": count(entry.people_total) if entry.finding is Finding.BREACH else "–",
        "status": label(entry.status),
    }


def _told(entry: LogEntry, said: Any) -> str:
    """What the regulator was told, and how long after awareness."""
    if entry.notified_at and entry.aware_at:
        withdrawn = ", withdrawn" if entry.report_withdrawn else ""
        late = ", late" if entry.late else ""
        return f"{said(entry.notified_at)}, after {period(entry.notified_at - entry.aware_at)}{late}{withdrawn}"
    if entry.notify_decision is False:
        return "Decided not to"
    return "Not yet" if entry.deadline else "–"


def _finding(text: str) -> Finding | None:
    return Finding(text) if text in list(Finding) else None


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 and int(text) in YEARS else None


def _place(filters: dict[str, Any], after: str | None) -> str | None:
    chosen = {name: value for name, value in filters.items() if value}
    return f"/log?{urlencode({**chosen, 'after': after})}" if after else None


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return INSTANT.validate_python(text).astimezone(UTC)
    except ValidationError:
        raise NotAMoment from None
