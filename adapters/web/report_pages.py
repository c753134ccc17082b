"""Where staff report an incident: one page without an account, at an address that only the school knows."""

import hmac
import re
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from adapters.accounts.report_links import note_report, school_with_link
from adapters.ids import incident_ref, new_command_id
from adapters.schools import NoSuchSchool
from adapters.web import own_report_pages, report_form
from adapters.web.limiting import TooOften
from adapters.web.pages import Posted, page, see_other
from adapters.web.report_form import Answers, read_report
from adapters.web.school_pages import of_school
from adapters.web.site import Missing, Site, TheSite, TheVisitor, Visitor, address_of
from domain.errors import AlreadyReported, CommandIdTaken, Refused
from domain.policy import Policy
from domain.roles import Actor, Role
from domain.school import School

router = APIRouter()
router.include_router(own_report_pages.router)

ANONYMOUS = Actor(id="report-link", role=Role.STAFF)
"""Who reports without an account: somebody who was given the address."""
PER_ADDRESS, PER_LINK = "10/hour", "60/hour"
REFERRER = "Referrer-Policy"
"""The address of the page is a secret, which no other page and no log on the way needs to see. The page with the form
tells no more than the host: with “no-referrer” browsers send the form from the origin “null”, which the guard refuses
where they do not say “Sec-Fetch-Site” (without TLS, or older than 2023).
"""
A = TypeVar("A", HTMLResponse, RedirectResponse)
_COMMAND_ID = re.compile(r"[0-9a-f-]{36}")

AGAIN = (
    "You have sent this form before, and that report was received as {ref}. To send it with your changes, as a report "
    "of its own, send it once more."
)
TOO_OFTEN = "Too many reports came in this hour, so this one was not taken in; nothing that you typed is lost."


@router.get("/report/{link}")
def blank(link: str, request: Request, site: TheSite) -> Response:
    """The empty form."""
    number = school_with_link(site.accounts, link)
    if number is None:
        return _gone(request)
    return _form(request, site, number, Answers(FormData()), new_command_id())


@router.post("/report/{link}")
def sent(link: str, request: Request, site: TheSite, form: Posted) -> Response:
    """Takes a report in. What cannot be taken in is shown again, with everything that was typed."""
    number, answers = school_with_link(site.accounts, link), Answers(form)
    if number is None:
        return _gone(request, answers)
    taken = _taken_in(request, site, number, answers, ANONYMOUS)
    if isinstance(taken, HTMLResponse):
        return taken
    return _quiet(see_other(f"/report/{link}/received?ref={taken}&proof={site.signature('received', taken)}"))


@router.get("/report/{link}/received")
def received(link: str, request: Request, site: TheSite, ref: str = "", proof: str = "") -> Response:
    """What somebody without an account keeps: the reference, the time, and what happens next."""
    number = school_with_link(site.accounts, link)
    if number is None:
        return _gone(request)
    if not hmac.compare_digest(proof.encode(), site.signature("received", ref).encode()):
        raise Missing
    history = site.tocsin.log.history(ref)
    if not history or history[0].school != number:
        raise Missing
    school = _school(site, number)
    context: dict[str, Any] = {"lead": school.contacts.get(Role.LEAD), **of_school(school)}
    return _quiet(page(request, "report/received.html", ref=ref, at=history[0].recorded_at, link=link, **context))


@router.get("/schools/{urn}/report")
def blank_signed_in(urn: str, request: Request, site: TheSite, visitor: TheVisitor) -> Response:
    """The same form for somebody who has signed in, who finds the report again afterwards."""
    _reporter(urn, visitor)
    return _form(request, site, _known(site, urn), Answers(FormData()), new_command_id(), visitor)


@router.post("/schools/{urn}/report")
def sent_signed_in(urn: str, request: Request, site: TheSite, visitor: TheVisitor, form: Posted) -> Response:
    """Takes in the report of somebody who has signed in."""
    actor = _reporter(urn, visitor)
    taken = _taken_in(request, site, _known(site, urn), Answers(form), actor, visitor)
    if isinstance(taken, HTMLResponse):
        return taken
    note_report(site.accounts, visitor.person.id, taken)
    return see_other(f"/my-reports/{taken}?done=report_incident")


def _reporter(urn: str, visitor: Visitor) -> Actor:
    role = visitor.person.role_for(urn, "report_incident")
    if role is None or not visitor.person.sees_at(urn, "own_report"):
        raise Missing
    return Actor(id=visitor.person.id, role=role)


def _known(site: Site, urn: str) -> str:
    try:
        return site.tocsin.schools.known(urn)
    except NoSuchSchool:
        raise Missing from None


def _taken_in(
    request: Request, site: Site, number: str, answers: Answers, actor: Actor, visitor: Visitor | None = None
) -> HTMLResponse | str:
    """The reference of the incident that was opened, or of the one that this very form opened before; or the form."""
    given = answers.text("command_id")
    command_id = given if _COMMAND_ID.fullmatch(given) else new_command_id()
    command = read_report(answers, _school(site, number), site.now())
    if command is None:
        return _form(request, site, number, answers, command_id, visitor, 422)
    ref = incident_ref(number, command_id)
    if visitor is None and not site.tocsin.log.history(ref):
        try:
            _count(request, site, number)
        except TooOften:
            answers.errors["send"] = TOO_OFTEN
            return _form(request, site, number, answers, command_id, visitor, 429)
    try:
        site.tocsin.report(command, number, actor, command_id)
    except (CommandIdTaken, AlreadyReported):
        answers.errors["send"] = AGAIN.format(ref=ref)
        return _form(request, site, number, answers, new_command_id(), visitor, 409)
    except Refused as refusal:
        answers.errors["send"] = str(refusal)
        return _form(request, site, number, answers, command_id, visitor, 409)
    return ref


def _count(request: Request, site: Site, number: str) -> None:
    """An address that has used up its own share takes nothing from that of everybody else at the school."""
    site.limiter.spend(PER_ADDRESS, "report", address_of(request))
    site.limiter.spend(PER_LINK, "report-link", number)


def _form(
    request: Request,
    site: Site,
    number: str,
    answers: Answers,
    command_id: str,
    visitor: Visitor | None = None,
    status: int = 200,
) -> HTMLResponse:
    school = _school(site, number)
    context: dict[str, Any] = {
        "asked": report_form,
        "answers": answers,
        "errors": answers.errors,
        "command_id": command_id,
        "lead": school.contacts.get(Role.LEAD),
        "as_person": visitor is not None,
        **of_school(school),
    }
    answer = page(request, "report/form.html", status, **context)
    if visitor is None:
        answer.headers[REFERRER] = "strict-origin"
    return answer


def _gone(request: Request, answers: Answers | None = None) -> HTMLResponse:
    """The same page for every address that is not, or no longer, one of a school."""
    return _quiet(page(request, "report/gone.html", 404, typed=answers.text("what_happened") if answers else ""))


def _quiet(answer: A) -> A:
    answer.headers[REFERRER] = "no-referrer"
    return answer


def _school(site: Site, number: str) -> School:
    """The school; with its number alone where its file cannot be read, because a report must not wait for that."""
    try:
        return site.tocsin.schools.school(number)
    except Refused:
        return School(id=number, name=f"School {number}", contacts={}, policy=Policy())
