"""The breach log as a PDF for whoever asks to see it (UK GDPR Art. 33(5)), with the same rows for machines inside."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from itertools import islice
from zoneinfo import ZoneInfo

from adapters.documents.log_files import write_json
from adapters.documents.log_paper import ZoneOf, log_paper
from adapters.documents.pdf import typeset
from domain.errors import Refused
from domain.school import School
from projections.breach_log import LogEntry

MOST = 300
"""Incidents in one paper. They make some three hundred pages, and to set these takes a second or two and nearly half a
gigabyte of memory; both grow with the number."""


class TooLongForPaper(Refused):
    """More than 300 incidents are not made into one PDF; take one school at a time, or the log as XLSX or CSV."""


def breach_log_pdf(
    entries: Iterable[LogEntry], school: School | None, *, as_at: datetime, code: str, zone_of: ZoneOf | None = None
) -> bytes:
    """The log of one school, or of all, as it stood at `as_at`; refuses more incidents than a paper can hold."""
    rows = list(islice(entries, MOST + 1))
    if len(rows) > MOST:
        raise TooLongForPaper
    zone = school.timezone if school else ZoneInfo("UTC")
    paper = log_paper(rows, school, as_at, code, zone_of or (lambda _: zone), zone)
    data = BytesIO()
    write_json(rows, data)
    return typeset("log", paper, data.getvalue(), "The rows of the log as JSON", as_at)
