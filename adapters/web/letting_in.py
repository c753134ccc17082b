"""Opening a session in a browser, and where to go from there: the same for passwords, passkeys and providers."""

import hmac
import re
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from adapters.accounts import Person, Session
from adapters.web.pages import see_other
from adapters.web.site import SignInFirst, Site, address_of, session_of, site_of

LONGEST_PATH = 2000
FIRST_PAGE = "/"
FRESH_FOR = timedelta(minutes=15)
"""How long after signing in the ways of signing in may be changed: an unlocked screen must not give an account away."""

KNOWN_FOR = timedelta(days=365)
"""How long a browser remembers that somebody signed in in it."""
MOST_KNOWN = 5
"""People whom one browser remembers, such as that of a staff room."""
_MARK = re.compile(r"[0-9]{10,12}\.[0-9a-f]{32}")


def half_way(request: Request) -> Session:
    """Whoever gave the password, and owes a second step or not; raises `SignInFirst`."""
    session = session_of(request)
    if session is None:
        raise SignInFirst
    return session


HalfWay = Annotated[Session, Depends(half_way)]


def is_fresh(site: Site, session: Session) -> bool:
    """Whether whoever holds that session signed in a short while ago."""
    return site.now() - session.opened_at <= FRESH_FOR


def own_path(text: object) -> str:
    """The path of this site to go to after signing in; the first page for anything else, such as another site."""
    if not isinstance(text, str) or len(text) > LONGEST_PATH or not text.isascii() or not text.isprintable():
        return FIRST_PAGE
    # Browsers read a backslash as a slash, and "//host" as another site.
    if not text.startswith("/") or text.startswith("//") or "\\" in text:
        return FIRST_PAGE
    parts = urlsplit(text)
    ours = not parts.scheme and not parts.netloc and not parts.path.startswith("//")
    return text if ours and not parts.path.startswith(("/sign-in", "/sign-out")) else FIRST_PAGE


def with_next(path: str, next_path: str) -> str:
    """A page of signing in that leads on to that path."""
    return path if next_path == FIRST_PAGE else f"{path}?next={quote(next_path)}"


def let_in(request: Request, answer: Response, person: Person, *, strong: bool, note: str = "") -> None:
    """
    Opens a new session and gives its cookie to the browser. The session before it ends: a secret that somebody planted
    or saw before the sign-in opens nothing after it. Once nothing more is owed, the browser remembers it.
    """
    site = site_of(request)
    if before := session_of(request):
        site.accounts.end_session(before)
    secret = site.accounts.open_session(person.id, strong=strong, address=address_of(request))
    if note:
        site.accounts.note("signed_in", person.id, address_of(request), note)
    answer.set_cookie(site.cookie, secret, path="/", secure=site.secure, httponly=True, samesite="lax")
    if strong or not (person.needs_second_factor or site.accounts.has_second_factor(person.id)):
        _remember(request, answer, person)


def known_browser(request: Request, person: Person) -> str:
    """
    What stands for this browser where that person signed in in it before, whole, within a year; empty otherwise. It
    opens nothing: it only keeps the wrong tries of strangers from counting here (adapters/web/tries.py).
    """
    site = site_of(request)
    theirs = (mark for mark in _marks(request) if _is_of(site, mark, person))
    return next((mark for mark in theirs if int(mark.partition(".")[0]) > site.now().timestamp()), "")


def _remember(request: Request, answer: Response, person: Person) -> None:
    """Keeps a mark of that person in the browser, beside those of the last few others. None of them names anybody."""
    site = site_of(request)
    until = str(int((site.now() + KNOWN_FOR).timestamp()))
    others = [mark for mark in _marks(request) if not _is_of(site, mark, person)]
    marks = [f"{until}.{site.signature('browser', person.id, until)}", *others][:MOST_KNOWN]
    lasts, name = int(KNOWN_FOR.total_seconds()), _known_cookie(site)
    answer.set_cookie(name, "~".join(marks), lasts, path="/", secure=site.secure, httponly=True, samesite="lax")


def _marks(request: Request) -> list[str]:
    kept = request.cookies.get(_known_cookie(site_of(request)), "")
    return [mark for mark in kept.split("~") if _MARK.fullmatch(mark)]


def _is_of(site: Site, mark: str, person: Person) -> bool:
    until, _, proof = mark.partition(".")
    return hmac.compare_digest(proof, site.signature("browser", person.id, until))


def _known_cookie(site: Site) -> str:
    return f"{site.cookie}-known"


def next_step(site: Site, person: Person, next_path: str, *, strong: bool) -> str:
    """Where somebody goes who has just signed in: to a second step where one is owed, or else to the path."""
    if strong:
        return next_path
    if site.accounts.has_second_factor(person.id):
        return with_next("/sign-in/second", next_path)
    return with_next("/sign-in/second/new", next_path) if person.needs_second_factor else next_path


def signed_in(request: Request, person: Person, next_path: str, *, strong: bool, note: str) -> RedirectResponse:
    """The answer to somebody who has just signed in. The log says so once they are in, not between two steps."""
    step = next_step(site_of(request), person, next_path, strong=strong)
    answer = see_other(step)
    let_in(request, answer, person, strong=strong, note=note if step == next_path else "")
    return answer


def let_out(request: Request, answer: Response) -> None:
    """Ends the session of this browser, and takes its cookie away."""
    site = site_of(request)
    if session := session_of(request):
        site.accounts.end_session(session)
        site.accounts.note("signed_out", session.person.id, address_of(request))
    answer.delete_cookie(site.cookie, path="/", secure=site.secure, httponly=True, samesite="lax")
