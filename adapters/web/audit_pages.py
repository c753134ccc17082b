"""For the auditor: any incident as it stood at any moment, what changed between two, and the proof of the log."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from adapters.documents.canonical import canonical
from adapters.documents.pdf import review_pdf, submission_pdf
from adapters.documents.review_paper import review_data
from adapters.documents.submission_json import submission_bytes
from adapters.papers import draft
from adapters.web import audit_lists, chain_proof
from adapters.web.audit_lists import note_once
from adapters.web.audit_moments import Asked, Moment, NotAMoment, latest, moment_of, version_at
from adapters.web.audit_parts import PARTS, SHOWN, sheet_of, whole_report
from adapters.web.pages import page
from adapters.web.site import Case, Missing, TheSite, TheVisitor, seen_case
from domain.errors import Refused
from domain.incident import replay
from projections.breach_log import log_entry
from projections.ico_submission import Submission
from projections.replay import answers_changed, changes, lag
from projections.timeline import timeline
from projections.values_in_words import fields_in_words
from projections.words import local

router = APIRouter()
router.include_router(chain_proof.router)
router.include_router(audit_lists.router)


def audited(ref: str, request: Request, site: TheSite, visitor: TheVisitor) -> Case:
    """The incident in the path; that it was opened is written down once a session, with nothing of what it holds."""
    case = seen_case(site, visitor.person, ref, "replay")
    note_once(request, site, visitor, ref)
    return case


def asked(at: str = "", time: str = "", date: str = "", clock: str = "") -> Asked:
    """Which moment the address asks for."""
    return Asked(at.strip(), time.strip(), date.strip(), clock.strip())


def begins(since: Annotated[str, Query(alias="from")] = "", from_date: str = "", from_clock: str = "") -> Asked:
    """Where a comparison begins."""
    return Asked(at=since.strip(), date=from_date.strip(), clock=from_clock.strip())


def ends(to: str = "", to_date: str = "", to_clock: str = "") -> Asked:
    """Where a comparison ends."""
    return Asked(at=to.strip(), date=to_date.strip(), clock=to_clock.strip())


Audited = Annotated[Case, Depends(audited)]
AskedFor = Annotated[Asked, Depends(asked)]


@router.get("/audit/{ref}")
def replayed(request: Request, case: Audited, site: TheSite, wanted: AskedFor, part: str = "case") -> HTMLResponse:
    """The incident as it stood at a moment, with the way to the moments before and after it."""
    if part not in PARTS:
        raise Missing
    history, zone = case.incident.history, case.school.timezone
    errors: dict[str, str] = {}
    try:
        moment = moment_of(history, wanted, zone, site.now())
    except NotAMoment as mistake:
        moment, errors = latest(history), {mistake.field: str(mistake)}
    entries = timeline(case.incident)
    current = entries[moment.version - 1]
    same = [each for each in history[moment.version :] if each.recorded_at == moment.at and not moment.by_time]
    return page(
        request,
        "audit/replay.html",
        422 if errors else 200,
        **_of(case),
        errors=errors,
        wanted=wanted,
        moment=moment,
        incident=moment.incident,
        current=current,
        said=[*fields_in_words(moment.seen[-1].fact, zone)],
        lag=lag(current),
        entries=entries,
        same=len(same),
        parts=PARTS,
        part=part,
        link=_links(case.incident.ref, moment, part),
        exact=urlencode({"time": moment.at.isoformat()} if moment.by_time else {"at": moment.version}),
        **SHOWN[part](moment, case.school, site.tocsin.log.code()),
    )


@router.get("/audit/{ref}/changes")
def changed(
    request: Request,
    case: Audited,
    site: TheSite,
    since: Annotated[Asked, Depends(begins)],
    to: Annotated[Asked, Depends(ends)],
) -> HTMLResponse:
    """What changed between two moments, each the number of an event or a time."""
    history, zone, now, errors = case.incident.history, case.school.timezone, site.now(), {}
    last = len(history)
    try:
        end = version_at(history, to, zone, now, "to") if to != Asked() else last
        begin = version_at(history, since, zone, now, "from") if since != Asked() else max(end - 1, 0)
        if begin > end:
            raise NotAMoment("from_date" if since.by_time else "from", "Give the earlier moment first.")
    except NotAMoment as mistake:
        begin, end, errors = last - 1, last, {mistake.field: str(mistake)}
    before, after = replay(history[:begin]), replay(history[:end])
    assert after is not None, "a moment counts one event at least"
    try:
        reports = [whole_report(incident, case.school) for incident in (before, after)]
        answers, unread = answers_changed(*reports), ""
    except Refused as refusal:
        answers, unread = (), str(refusal)
    found = changes(before, after, zone)
    nothing = not (found.clock or found.steps or found.row or found.asked or found.met or found.due or answers)
    return page(
        request,
        "audit/changes.html",
        422 if errors else 200,
        **_of(case),
        errors=errors,
        since=since,
        to=to,
        wall={number: local(history[number - 1].recorded_at, zone) for number in (begin, end) if number},
        begin=begin,
        end=end,
        found=found,
        said={event.version: [*fields_in_words(event.fact, zone)] for event in history[begin:end]},
        answers=answers,
        unread=unread,
        nothing=nothing,
        total=last,
    )


@router.get("/audit/{ref}/log-row.json")
def row_file(request: Request, case: Audited, site: TheSite, wanted: AskedFor) -> Response:
    """The row of the breach log as it was at a moment."""
    return _file(
        request, case, site, wanted, "log-row", "json", lambda moment: canonical(log_entry(moment.incident)) + b"\n"
    )


@router.get("/audit/{ref}/submission.{fmt}")
def submission_file(request: Request, case: Audited, site: TheSite, wanted: AskedFor, fmt: str) -> Response:
    """The draft of the report as it was at a moment."""
    made = {"json": submission_bytes, "pdf": submission_pdf}.get(fmt, _no_such_format)
    return _file(request, case, site, wanted, "submission", fmt, lambda moment: made(draft(moment.seen, case.school)))


@router.get("/audit/{ref}/review.{fmt}")
def review_file(request: Request, case: Audited, site: TheSite, wanted: AskedFor, fmt: str) -> Response:
    """The governors' sheet as it was at a moment; the code on it is of the log as it is now."""

    def made(moment: Moment) -> bytes:
        sheet = sheet_of(moment, case.school)
        if fmt == "json":
            return canonical(review_data(sheet)) + b"\n"
        return review_pdf(sheet, case.school, code=site.tocsin.log.code())

    return _file(request, case, site, wanted, "review", fmt, made)


MEDIA = {"json": "application/json", "pdf": "application/pdf"}


def _file(
    request: Request, case: Case, site: TheSite, wanted: Asked, name: str, fmt: str, made: Callable[[Moment], bytes]
) -> Response:
    if fmt not in MEDIA:
        raise Missing
    try:
        moment = moment_of(case.incident.history, wanted, case.school.timezone, site.now())
    except NotAMoment as mistake:
        said = {"title": "That moment cannot be shown", "sentence": str(mistake)}
        return page(request, "faults/sentence.html", 422, **said)
    file = f"{case.incident.ref}-{name}-event-{moment.version}.{fmt}"
    return Response(made(moment), 200, {"Content-Disposition": f'attachment; filename="{file}"'}, MEDIA[fmt])


def _no_such_format(_: Submission) -> bytes:
    raise Missing


def _of(case: Case) -> dict[str, Any]:
    school = case.school
    return {"ref": case.incident.ref, "school": school, "zone": school.timezone, "brand": school.id}


def _links(ref: str, moment: Moment, part: str) -> Callable[..., str]:
    """The address of another event, or of another part of the same moment."""
    here = {"time": moment.at.isoformat()} if moment.by_time else {"at": str(moment.version)}

    def link(version: int | None = None, of: str = part) -> str:
        where = here if version is None else {"at": str(version)}
        return f"/audit/{ref}?{urlencode({**where, 'part': of})}"

    return link
