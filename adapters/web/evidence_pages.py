"""Evidence: files that are taken in with an incident, and given back as files and never shown."""

from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from starlette.datastructures import UploadFile

from adapters.evidence import LARGEST, EvidenceStore, FileIsEmpty, FileTooLarge
from adapters.ids import new_command_id
from adapters.keys import KeyDestroyed
from adapters.media_types import ending, sniffed
from adapters.web.forms.fields import fields_of
from adapters.web.forms.offered import acting_role
from adapters.web.forms.reading import Reader
from adapters.web.forms.showing import Form
from adapters.web.forms.typed import Typed
from adapters.web.forms.wording import FieldWords, FormWords
from adapters.web.limiting import TooOften
from adapters.web.pages import Posted, page, see_other
from adapters.web.site import Case, Missing, Site, TheSite, TheVisitor, case_for, school_of, seen_case
from domain.commands.investigate import RecordEvidence
from domain.errors import CommandIdTaken, InTheFuture, Refused
from domain.events.investigate import EvidenceRecorded
from domain.quantities import Instant
from domain.roles import Actor, Role
from projections.fact_words import as_typed, bytes_in_words

router = APIRouter()
FILES = "60/hour"
"""Files that one person may send: a refused one stays on the disk, where no event names it."""
TOO_MANY = "You sent many files in the last hour; wait a while, then choose this one again."
WORDS = FormWords(
    title="Add a file as evidence",
    done="The file is kept as evidence",
    field={
        "description": FieldWords(
            label="What is it, and where does it come from?",
            hint="Such as “screenshot of the page, taken in the office”. Leave out the names of people.",
            rows=4,
            options={},
        ),
        "obtained_at": FieldWords(label="When did the school get it?", empty="now", options={}),
    },
)
ASKED = tuple(each for each in fields_of("record_evidence") if each.name in WORDS.field)
"""What people type; the rest is read from the file."""
AGAIN = "Choose the file again: a browser does not keep it."


@dataclass(frozen=True)
class Looking:
    """Somebody at the evidence of an incident: all of it, or, where they reported it, what they added themselves."""

    case: Case
    all_of_it: bool
    role: Role | None

    @property
    def ref(self) -> str:
        """The incident's reference."""
        return self.case.incident.ref


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence in a list; its kind and size are empty where nobody said them."""

    description: str
    kind: str
    size: str
    obtained_at: Instant
    recorded_at: Instant
    role: Role
    sha256: str
    here: bool


@dataclass(frozen=True)
class Shown:
    """What stands in the form, and what is wrong with it."""

    typed: Typed = field(default_factory=Typed)
    errors: dict[str, str] = field(default_factory=dict)
    status: int = 200
    command_id: str = field(default_factory=new_command_id)


def looking(ref: str, site: TheSite, visitor: TheVisitor) -> Looking:
    """A dependency: whoever is shown the evidence, and whoever reported this incident; `Missing` for the others."""
    person, number = visitor.person, school_of(ref)
    if person.sees_at(number, "evidence"):
        case = seen_case(site, person, ref, "evidence")
        return Looking(case, all_of_it=True, role=acting_role(case, "record_evidence"))
    case = seen_case(site, person, ref, "own_report")
    role = acting_role(case, "record_evidence")
    if role is None or case.incident.history[0].actor.id != person.id:
        raise Missing
    return Looking(case, all_of_it=False, role=role)


TheLooking = Annotated[Looking, Depends(looking)]


def adding(looking: TheLooking) -> Looking:
    """A dependency: whoever may add to it; `Missing` for the others, before anything they sent is read."""
    if looking.role is None:
        raise Missing
    return looking


@router.get("/incidents/{ref}/evidence")
def listed(request: Request, site: TheSite, looking: TheLooking, done: str = "") -> HTMLResponse:
    """What was taken in, and the form to add a file."""
    return _page(request, site, looking, Shown(), done=WORDS.done if done else "")


@router.post("/incidents/{ref}/evidence")
def take_in(request: Request, site: TheSite, looking: Annotated[Looking, Depends(adding)], form: Posted) -> Response:
    """Keeps the file, and then records it; what is in the way is said on the form, with everything typed."""
    typed = Typed((name, text) for name, text in form.multi_items() if isinstance(text, str))
    files = [file for _, file in form.multi_items() if isinstance(file, UploadFile)]
    chosen = next((file for file in files if file.filename or file.size), None)
    try:
        shown = _taken_in(site, looking, typed, chosen)
    finally:
        for file in files:
            file.file.close()
    if shown is not None:
        return _page(request, site, looking, shown)
    return see_other(f"/incidents/{looking.ref}/evidence?done=record_evidence")


def _taken_in(site: Site, looking: Looking, typed: Typed, chosen: UploadFile | None) -> Shown | None:
    """None once it is recorded; or the form again."""
    command_id = _command_id(typed.one("command_id"))
    said, errors = Reader(typed, WORDS, looking.case.school.timezone).values(ASKED)
    if chosen is None or errors:
        return Shown(typed, _with_file(errors, chosen), 422, command_id)
    assert looking.role is not None, "whoever may not add was turned away"
    try:
        site.limiter.spend(FILES, "evidence", looking.case.person.id)
        kept = store_of(site).keep(looking.ref, chosen.file)
        media_type = sniffed(chosen.file)
        command = RecordEvidence(sha256=kept.sha256, size_in_bytes=kept.size, media_type=media_type, **said)
        site.tocsin.act(command, looking.ref, Actor(id=looking.case.person.id, role=looking.role), command_id)
    except TooOften:
        return Shown(typed, {"file": TOO_MANY}, 429, command_id)
    except Refused as refusal:
        status = 422 if isinstance(refusal, FileIsEmpty | FileTooLarge) else 409
        new_id = new_command_id() if isinstance(refusal, CommandIdTaken) else command_id
        return Shown(typed, _with_file({_place_of(refusal): str(refusal)}, chosen), status, new_id)
    return None


@router.get("/incidents/{ref}/evidence/{digest}")
def given_back(case: Annotated[Case, Depends(case_for("evidence"))], site: TheSite, digest: str) -> Response:
    """The file, to be kept and not shown: whatever it holds, no browser runs it under this address."""
    found = next((fact for _, fact in case.incident.all(EvidenceRecorded) if fact.sha256 == digest), None)
    if found is None:
        raise Missing
    store = store_of(site)
    name = f"evidence-{digest[:8]}.{ending(found.media_type)}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(store.size(case.incident.ref, digest)),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    pieces = store.read(case.incident.ref, digest)
    return StreamingResponse(pieces, headers=headers, media_type="application/octet-stream")


def store_of(site: Site) -> EvidenceStore:
    """The files of this installation."""
    return EvidenceStore(site.tocsin.settings.data / "evidence", site.tocsin.keys)


def _page(request: Request, site: Site, looking: Looking, shown: Shown, done: str = "") -> HTMLResponse:
    return page(
        request,
        "incident/evidence.html",
        shown.status,
        zone=looking.case.school.timezone,
        school=looking.case.school,
        brand=looking.case.school.id,
        incident=looking.case.incident,
        back=f"/incidents/{looking.ref}" if looking.all_of_it else f"/my-reports/{looking.ref}",
        all_of_it=looking.all_of_it,
        may_add=looking.role is not None and not looking.case.incident.closed,
        pieces=_pieces(site, looking),
        words=WORDS,
        widgets=_form(site, looking, shown).widgets(ASKED),
        errors=shown.errors,
        command_id=shown.command_id,
        largest=LARGEST,
        done=done,
    )


def _form(site: Site, looking: Looking, shown: Shown) -> Form:
    return Form(WORDS, shown.typed, shown.errors, looking.case.school.timezone, site.now(), {})


def _pieces(site: Site, looking: Looking) -> list[Piece]:
    store, me = store_of(site), looking.case.person.id
    return [
        Piece(
            description=as_typed(fact.description),
            kind=fact.media_type or "",
            size="" if fact.size_in_bytes is None else bytes_in_words(fact.size_in_bytes),
            obtained_at=fact.obtained_at,
            recorded_at=event.recorded_at,
            role=event.actor.role,
            sha256=fact.sha256,
            here=store.has(looking.ref, fact.sha256),
        )
        for event, fact in looking.case.incident.all(EvidenceRecorded)
        if looking.all_of_it or event.actor.id == me
    ]


def _with_file(errors: dict[str, str], chosen: UploadFile | None) -> dict[str, str]:
    """With what is to be said at the file: it is chosen, or chosen once more, whatever else was wrong."""
    return errors if "file" in errors else {"file": AGAIN if chosen else "Choose the file.", **errors}


def _place_of(refusal: Refused) -> str:
    """The field at which a refusal is told."""
    if isinstance(refusal, FileIsEmpty | FileTooLarge | KeyDestroyed):
        return "file"
    return "obtained_at" if isinstance(refusal, InTheFuture) else "description"


def _command_id(given: str) -> str:
    """The id that the form was given; another where it is none."""
    try:
        return str(UUID(given))
    except ValueError:
        return new_command_id()
