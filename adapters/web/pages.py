"""How a page is made: the templates, what each of them knows, and how a form comes back."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from starlette.datastructures import FormData

from adapters.ids import new_command_id
from adapters.web.site import session_of, site_of
from domain.roles import Role
from projections import words

HERE = Path(__file__).parent
ASSET_FOLDERS = (HERE / "static", HERE / "assets")
"""Our own, and those that `make install` brings."""
SEEN_IN_NAVIGATION = (
    ("desk", "/desk", "Desk"),
    ("governors_sheet", "/escalations", "For governors"),
    ("breach_log", "/log", "Breach log"),
    ("governors_review", "/papers", "Papers"),
    ("report_link", "/schools", "Schools"),
    ("replay", "/audit", "Audit"),
    ("people", "/people", "People"),
    ("sign_ins", "/people/sign-ins", "Sign-ins"),
    ("own_report", "/my-reports", "My reports"),
)
"""What leads where, for whoever is shown it somewhere."""


class FormNotTrusted(Exception):
    """The form does not carry the token of this session."""


@cache
def asset(name: str) -> str:
    """The address of an asset, with the hash of what it holds, so that a browser may keep it for ever."""
    for folder in ASSET_FOLDERS:
        if (folder / name).is_file():
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]
            return f"/assets/{name}?v={digest}"
    raise FileNotFoundError(f"{name}: run “make install”, which brings the assets of the pages")


def _environment() -> Environment:
    design = PackageLoader("govuk_frontend_jinja")
    loader = ChoiceLoader([PackageLoader("adapters.web"), design, PrefixLoader({"govuk_frontend_jinja": design})])
    env = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env.globals |= {"asset": asset, "new_command_id": new_command_id, "words": words, "Role": Role}
    env.globals |= {"errors_listed": errors_listed, "kept": kept}
    env.filters |= {
        "moment": words.moment,
        "short_moment": words.short_moment,
        "day": words.day,
        "label": words.label,
        "count": words.count,
        "yes_or_no": words.yes_or_no,
        "role": lambda role: words.ROLES[Role(role)],
    }
    return env


_KEPT: dict[str, str] = {}


def kept(name: str | None, caller: Callable[[], str]) -> str:
    """A part of a page that is the same for everybody as long as nothing was typed: made once, by that name."""
    if name is None:
        return caller()
    if name not in _KEPT:
        _KEPT[name] = caller()
    return _KEPT[name]


def errors_listed(errors: Mapping[str, str]) -> list[dict[str, str]]:
    """The errors of a form as its summary links to them: the key is the id of the field."""
    return [{"text": sentence, "href": f"#{field}"} for field, sentence in errors.items()]


ENVIRONMENT = _environment()


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """The page of that template, for whoever asks."""
    session, site = session_of(request), site_of(request)
    if brand := context.get("brand"):
        context["brand"] = brand if site.school(brand).colour else None
    person = session.person if session and session.enough else None
    known = {
        "request": request,
        "site": site,
        "person": person,
        "session": session if person else None,
        "csrf": form_token(request),
        "cspNonce": request.scope["state"]["nonce"],
        "navigation": _navigation(request, person),
        "now": site.now(),
        "zone": ZoneInfo("Europe/London"),
        "errors": {},
        "htmlLang": "en-GB",
        "assetPath": "/assets",
        "brand": None,
    }
    return HTMLResponse(ENVIRONMENT.get_template(template).render({**known, **context}), status)


def _navigation(request: Request, person: Any) -> list[dict[str, Any]]:
    if person is None:
        return []
    path = request.url.path
    return [
        {"href": href, "text": text, "active": path == href or path.startswith(f"{href}/")}
        for view, href, text in SEEN_IN_NAVIGATION
        if person.sees_anywhere(view)
    ]


def see_other(path: str) -> RedirectResponse:
    """After a form was taken in: the page that shows what came of it, so that "reload" sends nothing again."""
    return RedirectResponse(path, 303)


def form_token(request: Request) -> str:
    """Proof that a form was made for this session, beside what the browser says of where it came from."""
    session = session_of(request)
    return site_of(request).signature("form", session.hash if session else "nobody")


async def posted(request: Request) -> AsyncIterator[FormData]:
    """The form that was sent; raises `FormNotTrusted` where its token is not this session's."""
    async with request.form(max_files=10, max_fields=1000, max_part_size=4 * 1024 * 1024) as form:
        must_be_trusted(request, form)
        yield form


def _is_text(text: str) -> bool:
    """Half a character cannot be stored, and no browser sends it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def must_be_trusted(request: Request, form: FormData) -> None:
    """Raises `FormNotTrusted` where the form does not carry this session's token, or holds what is no text."""
    if any(isinstance(text, str) and not _is_text(text) for pair in form.multi_items() for text in pair):
        raise FormNotTrusted
    given = form.get("csrf")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), form_token(request).encode()):
        raise FormNotTrusted


Posted = Annotated[FormData, Depends(posted)]


def typed(form: Mapping[str, Any], name: str) -> str:
    """What was typed into a field, without the white space around it; empty where nothing was."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""
