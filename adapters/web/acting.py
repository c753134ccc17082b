"""The forms by which people act on an incident or a school, and what becomes of what they send."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from adapters.ids import new_command_id
from adapters.web.forms.beside import Beside, panels, why_asked
from adapters.web.forms.choices import Listed, listed_for
from adapters.web.forms.fields import fields_of
from adapters.web.forms.offered import OF_A_SCHOOL, OF_AN_INCIDENT, Offered, acting_role, commands_for, done_title
from adapters.web.forms.panels import Panel
from adapters.web.forms.prompting import prompt_panels
from adapters.web.forms.reading import read, read_facts
from adapters.web.forms.refusing import NO_NAMES, may_be_no_name, refused
from adapters.web.forms.showing import Form
from adapters.web.forms.starting import begins_with
from adapters.web.forms.typed import ITEM, Typed, typed_from
from adapters.web.forms.wording import NOTHING_NEW, form_words
from adapters.web.pages import Posted, page, see_other
from adapters.web.site import Case, Missing, Site, TheSite, TheVisitor, school_of, seen_case
from domain.commands import AnyCommand, IncidentCommand
from domain.commands.school import SchoolCommand
from domain.errors import CommandIdTaken, Refused, SomeoneElseActed
from domain.events import Recorded
from domain.roles import Actor, Role
from domain.school import School
from projections.timeline import title

router = APIRouter()

VIEWS = (("incident", "/incidents"), ("governors_sheet", "/escalations"), ("own_report", "/my-reports"))
"""What lets somebody act on an incident, the widest first, and where each of them looks at it."""
ATTEMPTS = 20
"""How often a form is sent again by itself while only the engine acts in between."""
_COMMAND_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Acting:
    """Somebody about to act: on an incident, in which role, and where they look at it."""

    case: Case
    command: str
    actor: Actor
    path: str


@dataclass(frozen=True)
class Shown:
    """What a form shows beside its fields. `since` is what was recorded while it was open."""

    typed: Typed
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    command_id: str = field(default_factory=new_command_id)
    asked_again: tuple[str, ...] = ()
    extra: tuple[Panel, ...] = ()
    since: Sequence[Recorded] = ()
    changed: bool = False


def acting(ref: str, command: str, site: TheSite, visitor: TheVisitor) -> Acting:
    """A dependency: whoever may do that to this incident; `Missing` for everybody else."""
    person, number = visitor.person, school_of(ref)
    view = next(((view, path) for view, path in VIEWS if person.sees_at(number, view)), None)
    if command not in OF_AN_INCIDENT or view is None or person.role_for(number, command) is None:
        raise Missing
    case = seen_case(site, person, ref, view[0])
    role = acting_role(case, command)
    if role is None or (view[0] == "own_report" and case.incident.history[0].actor.id != person.id):
        raise Missing
    return Acting(case, command, Actor(id=person.id, role=role), f"{view[1]}/{ref}")


TheActing = Annotated[Acting, Depends(acting)]


@router.get("/incidents/{ref}/do/{command}")
def form(request: Request, site: TheSite, acting: TheActing, people: str | None = None) -> HTMLResponse:
    """The form, as it stands before anything is typed."""
    values = begins_with(acting.case.incident, acting.command, people)
    typed = typed_from(fields_of(acting.command), values, acting.case.school.timezone)
    return _form(request, site, acting, Shown(typed), acting.case.incident.version)


@router.post("/incidents/{ref}/do/{command}")
def carry_out(request: Request, site: TheSite, acting: TheActing, sent: Posted) -> Response:
    """Does what the form says, or shows it again with what is in the way."""
    typed = Typed((name, text) for name, text in sent.multi_items() if isinstance(text, str))
    case, command_id = acting.case, _command_id(typed)
    again = (NO_NAMES,) if f"{NO_NAMES}-asked" in typed else ()
    if typed.one("do") == "preview":
        facts, errors = read_facts(acting.command, typed, case.school.timezone)
        extra = prompt_panels(facts) if facts else ()
        shown = Shown(typed, errors, 422 if errors else 200, command_id, again, extra)
        return _form(request, site, acting, shown, _seen(typed))
    found = read(acting.command, _as_planned(acting, typed), case.school.timezone, _listed(acting))
    if found.command is None:
        return _form(request, site, acting, Shown(typed, found.errors, 422, command_id, again), _seen(typed))
    command = cast("IncidentCommand", found.command)
    try:
        done = _done(site, acting, command, command_id, _seen(typed))
    except SomeoneElseActed:
        return _changed(request, site, acting, Shown(typed, {}, 409, command_id, again), _seen(typed))
    except Refused as refusal:
        shown = _refused(refusal, command, typed, command_id, again, site)
        show = _changed if isinstance(refusal, CommandIdTaken) else _form
        return show(request, site, acting, shown, _seen(typed))
    return see_other(f"{acting.path}?done={acting.command if done else NOTHING_NEW}")


CHANGES_NOTHING = frozenset({"add_note", "record_complaint", "record_enquiry"})
"""What stands beside whatever anybody else did meanwhile."""


def _done(site: Site, acting: Acting, command: IncidentCommand, command_id: str, seen: int) -> tuple[Recorded, ...]:
    """Carries it out. What the engine recorded while the form was open bothers nobody."""
    ref = acting.case.incident.ref
    if acting.command in CHANGES_NOTHING:
        return site.tocsin.act(command, ref, acting.actor, command_id)
    for _ in range(ATTEMPTS):
        try:
            return site.tocsin.act(command, ref, acting.actor, command_id, seen)
        except SomeoneElseActed:
            now = site.tocsin.incident(ref)
            if any(event.version > seen and event.actor.role is not Role.ENGINE for event in now.history):
                raise
            seen = now.version
    raise SomeoneElseActed


def _changed(request: Request, site: Site, acting: Acting, shown: Shown, seen: int) -> HTMLResponse:
    """The form once more, with what was recorded while it was open; sending it again goes through."""
    case, now = acting.case, site.tocsin.incident(acting.case.incident.ref)
    fresh = replace(acting, case=replace(case, incident=now))
    since = [event for event in now.history if event.version > seen]
    return _form(request, site, fresh, replace(shown, since=since, changed=True), now.version)


def _form(request: Request, site: Site, acting: Acting, shown: Shown, seen: int) -> HTMLResponse:
    case, command = acting.case, acting.command
    beside = Beside(case, site.now())
    listed = _listed(acting)
    aside = shown.extra or panels(beside, command)
    sees_all = any(case.person.sees_at(case.incident.school, view) for view in ("incident", "governors_sheet"))
    return _page(
        request,
        site,
        command,
        case.school,
        shown,
        listed,
        ref=case.incident.ref,
        back=acting.path,
        role=acting.actor.role,
        why=why_asked(beside, command),
        panels=aside,
        seen=seen,
        since=[(title(event.fact), event) for event in shown.since] if sees_all else [],
        me=case.person.id,
    )


def _page(
    request: Request,
    site: Site,
    command: str,
    school: School,
    shown: Shown,
    listed: Mapping[str, Listed],
    **context: Any,
) -> HTMLResponse:
    words = form_words(command)
    form = Form(words, shown.typed, shown.errors, school.timezone, site.now(), listed, shown.asked_again)
    return page(
        request,
        "acting/form.html",
        shown.status,
        words=words,
        widgets=form.widgets(fields_of(command)),
        errors=shown.errors,
        command_id=shown.command_id,
        asked_again=shown.asked_again,
        changed=shown.changed,
        school=school,
        zone=school.timezone,
        brand=school.id,
        path=request.url.path,
        **context,
    )


def _refused(
    refusal: Refused, command: AnyCommand, typed: Typed, command_id: str, again: tuple[str, ...], site: Site
) -> Shown:
    """The form with the refusal. A form that was already sent gets an id of its own; names may be said to be none."""
    again = (NO_NAMES,) if may_be_no_name(refusal) else again
    id_ = new_command_id() if isinstance(refusal, CommandIdTaken) else command_id
    return Shown(typed, refused(refusal, command, site.now()), 409, id_, again)


def _listed(acting: Acting) -> dict[str, Listed]:
    return listed_for(acting.case, acting.command, acting.case.school.timezone)


def _as_planned(acting: Acting, typed: Typed) -> Typed:
    """An action that was planned is of the kind that was planned, where nobody says otherwise."""
    planned = acting.case.incident.planned.get(typed.raw("item").removeprefix(ITEM))
    if acting.command != "take_containment" or planned is None or typed.one("action"):
        return typed
    return Typed([*((name, text) for name, text in typed.pairs() if name != "action"), ("action", planned.action)])


def _seen(typed: Typed) -> int:
    """The version that the form was made of; nothing was seen where it does not say."""
    seen = typed.one("seen")
    return int(seen) if re.fullmatch(r"[0-9]{1,9}", seen) else 0


def _command_id(typed: Typed) -> str:
    """The id that the form was given. Another form of id is not taken: the engine's own ids are not for people."""
    given = typed.one("command_id")
    return given if _COMMAND_ID.fullmatch(given) else new_command_id()


@dataclass(frozen=True)
class ActingForSchool:
    """Somebody about to act on a school's own record."""

    school: School
    command: str
    actor: Actor


def acting_for_school(urn: str, command: str, site: TheSite, visitor: TheVisitor) -> ActingForSchool:
    """A dependency: whoever may do that for this school; `Missing` for everybody else."""
    person = visitor.person
    role = person.role_for(urn, command) if command in OF_A_SCHOOL else None
    allowed = person.sees_at(urn, "governors_review") or Role.ADMINISTRATOR in person.roles_at(urn)
    if role is None or not allowed:
        raise Missing
    return ActingForSchool(site.school(urn), command, Actor(id=person.id, role=role))


TheActingForSchool = Annotated[ActingForSchool, Depends(acting_for_school)]


@router.get("/schools/{urn}/do/{command}")
def school_form(request: Request, site: TheSite, acting: TheActingForSchool) -> HTMLResponse:
    """The form of a school's command."""
    typed = typed_from(fields_of(acting.command), {}, acting.school.timezone)
    return _school_page(request, site, acting, Shown(typed))


@router.post("/schools/{urn}/do/{command}")
def carry_out_for_school(request: Request, site: TheSite, acting: TheActingForSchool, sent: Posted) -> Response:
    """Does what the form says for the school, or shows it again with what is in the way."""
    typed = Typed((name, text) for name, text in sent.multi_items() if isinstance(text, str))
    command_id, school = _command_id(typed), acting.school
    found = read(acting.command, typed, school.timezone)
    if found.command is None:
        return _school_page(request, site, acting, Shown(typed, found.errors, 422, command_id))
    command = cast("SchoolCommand", found.command)
    try:
        done = site.tocsin.act_for_school(command, school.id, acting.actor, command_id)
    except Refused as refusal:
        return _school_page(request, site, acting, _refused(refusal, command, typed, command_id, (), site))
    return see_other(f"/schools/{school.id}?done={acting.command if done else NOTHING_NEW}")


def _school_page(request: Request, site: Site, acting: ActingForSchool, shown: Shown) -> HTMLResponse:
    back, role = f"/schools/{acting.school.id}", acting.actor.role
    return _page(request, site, acting.command, acting.school, shown, {}, back=back, role=role)


__all__ = ["Offered", "commands_for", "done_title", "router"]
