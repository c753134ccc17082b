"""Where an audit begins: an incident to choose, the state of the chain, and the breach log as it was."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from threading import Lock
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from adapters.breach_log_files import log_entries, zones
from adapters.web.audit_moments import Asked, NotAMoment, asked_time
from adapters.web.chain_proof import proof_of
from adapters.web.pages import page, see_other
from adapters.web.served_schools import name_of, numbers_seeing
from adapters.web.site import Missing, Site, TheSite, Visitor, address_of, must_see, seen_case
from domain.events import Recorded
from domain.events.school import SchoolFact
from projections.breach_log import LogEntry
from projections.timeline import title

router = APIRouter()
SeesReplays = Annotated[Visitor, Depends(must_see("replay"))]

TAIL = 500
"""Events at the end of the log among which the latest touched incidents are looked for."""
TOUCHED = 15
TOGETHER = 5
"""Schools whose logs are shown together; of more, one is chosen."""
NAMED = 60
"""Schools that are offered by name; where there are more, the number is typed."""
ROWS = 50
"""Rows of a page."""
REFERENCE = re.compile(r"[0-9A-Z]{4,8}-[0-9A-HJKMNP-TV-Z]{8}")
NOT_FOUND = "There is no incident with that reference that you may see; check the reference."
UNREADABLE = "The newest events cannot be read, so the list stays empty; prove the log to see since when."


NOTES_KEPT = 10_000


class Noted:
    """What was already written down of the sessions that are open."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def first(self, session: str, what: str) -> bool:
        """Whether this session opens it for the first time."""
        with self._lock:
            known = (session, what) in self._known
            self._known[session, what] = None
            self._known.move_to_end((session, what))
            if len(self._known) > NOTES_KEPT:
                self._known.popitem(last=False)
        return not known


_NOTED = Noted()


def note_once(request: Request, site: Site, visitor: Visitor, what: str) -> None:
    """Writes down, once a session, that somebody opened an incident or a school's log of the past; nothing of it."""
    if _NOTED.first(visitor.session.hash, what):
        site.accounts.note("audited", visitor.person.id, address_of(request), what)


@dataclass(frozen=True)
class Touched:
    """An incident and what happened to it last."""

    ref: str
    school: str
    what: str
    at: datetime
    zone: ZoneInfo


@router.get("/audit")
def begin(request: Request, site: TheSite, visitor: SeesReplays, ref: str = "") -> Response:
    """Choose an incident; how the chain stands."""
    wanted, errors = ref.strip().upper(), {}
    if wanted:
        try:
            if not REFERENCE.fullmatch(wanted):
                raise Missing
            return see_other(f"/audit/{seen_case(site, visitor.person, wanted, 'replay').incident.ref}")
        except Missing:
            errors = {"ref": NOT_FOUND}
    try:
        touched, unread = _touched(site, visitor.person.schools_seeing("replay")), ""
    except Exception:  # noqa: BLE001 - the page opens on a log that was tampered with, so that it can be proven
        touched, unread = [], UNREADABLE
    return page(
        request,
        "audit/index.html",
        422 if errors else 200,
        errors=errors,
        wanted=ref,
        touched=touched,
        unread=unread,
        code=site.tocsin.log.code(),
        head=site.tocsin.log.head(),
        proof=proof_of(request),
    )


@router.get("/audit/log")
def log_as_at(
    request: Request,
    site: TheSite,
    visitor: SeesReplays,
    school: str = "",
    time: str = "",
    date: str = "",
    clock: str = "",
    start: str = "",
) -> HTMLResponse:
    """The breach log of a school, or of a few, as it stood at a time."""
    numbers = numbers_seeing(site, visitor.person, "replay")
    chosen = school.strip().upper() or (numbers[0] if len(numbers) == 1 else "")
    asked, errors = Asked(time=time.strip(), date=date.strip(), clock=clock.strip()), {}
    rows: list[LogEntry] = []
    zone, at, first = zones(site.tocsin)(chosen or (numbers or [""])[0]), None, 0
    if asked.by_time:
        try:
            schools = _chosen(chosen, numbers)
            first = int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 0
            at = asked_time(asked, zone, site.now())
            rows = _rows(site, schools, at, first)
            for number in schools:
                note_once(request, site, visitor, number)
        except NotAMoment as mistake:
            errors = {mistake.field: str(mistake)}
    return page(
        request,
        "audit/log.html",
        422 if errors else 200,
        errors=errors,
        wanted=asked,
        chosen=chosen,
        offered=[(number, name_of(site, number)) for number in numbers] if 1 < len(numbers) <= NAMED else [],
        one=len(numbers) == 1,
        needed=len(numbers) > TOGETHER,
        rows=rows[:ROWS],
        more=first + ROWS if len(rows) > ROWS else None,
        first=first,
        at=at,
        zone=zone,
        zone_of=zones(site.tocsin),
        name_of=lambda number: name_of(site, number),
    )


def _touched(site: Site, schools: frozenset[str] | None) -> list[Touched]:
    """The incidents of these schools that were touched last; where few were lately, also those reported last."""
    log, zone_of = site.tocsin.log, zones(site.tocsin)
    last: dict[str, Recorded] = {}
    for event in reversed(log.read(max(0, log.head() - TAIL), TAIL)):
        theirs = schools is None or event.school in schools
        if theirs and not isinstance(event.fact, SchoolFact) and len(last) < TOUCHED:
            last.setdefault(event.incident, event)
    for row in site.tocsin.views.log_page(schools, limit=TOUCHED).rows if len(last) < TOUCHED else ():
        if row.ref not in last:
            last[row.ref] = log.history(row.ref)[-1]
    newest = sorted(last.values(), key=lambda event: event.position, reverse=True)[:TOUCHED]
    return [
        Touched(each.incident, name_of(site, each.school), title(each.fact), each.recorded_at, zone_of(each.school))
        for each in newest
    ]


def _chosen(school: str, numbers: Sequence[str]) -> Sequence[str]:
    if school:
        if school not in numbers:
            raise NotAMoment("school", "There is no school of that number whose log you may see; check the number.")
        return [school]
    if len(numbers) > TOGETHER:
        raise NotAMoment("school", "Choose a school: its log is put together from every event that was recorded.")
    return numbers


def _rows(site: Site, schools: Sequence[str], at: datetime, first: int) -> list[LogEntry]:
    """A page of the rows, in the order in which their incidents were reported, and one more where there is one."""
    every = (row for school in schools for row in log_entries(site.tocsin, school, at, lambda *_: None))
    return list(islice(every, first, first + ROWS + 1))
