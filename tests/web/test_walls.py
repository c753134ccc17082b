"""The walls, from outside: every route, for every role, at the own school, at another one, and where nothing is."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from domain.roles import MAY, SEES, Role
from tests.examples import URN
from tests.web.conftest import OTHER_URN, ROLES, Town

ANYBODY = frozenset(
    {
        "/", "/help", "/healthz", "/metrics", "/openapi.json", "/sign-in", "/sign-in/second", "/sign-in/second/new",
        "/signed-in", "/sign-out", "/session/extend", "/sign-in/with/{provider}", "/sign-in/with/{provider}/back",
        "/sign-in/passkey", "/sign-in/passkey/options", "/sign-in/second/passkey", "/sign-in/second/passkey/options",
        "/invitation/{token}", "/report/{link}", "/report/{link}/received", "/brand/{urn}.css",
    }
)  # fmt: skip
"""Routes that show nothing of a school, or have a secret of their own in their address."""

ONESELF = frozenset(
    {
        "/account", "/account/password", "/account/app", "/account/app/remove", "/account/passkeys",
        "/account/passkeys/new", "/account/passkeys/options", "/account/passkeys/{number}/remove",
        "/account/sessions", "/account/providers", "/account/tokens", "/account/tokens/new", "/my-reports",
    }
)  # fmt: skip
"""Routes about whoever has signed in."""

VIEWS = {
    "/desk": "desk",
    "/incidents/{ref}": "incident",
    "/incidents/{ref}/documents": "incident",
    "/incidents/{ref}/submission.{fmt}": "submission",
    "/incidents/{ref}/letters/{people}.{fmt}": "letter",
    "/incidents/{ref}/review.{fmt}": "governors_sheet",
    "/escalations": "governors_sheet",
    "/escalations/{ref}": "governors_sheet",
    "/papers": "governors_review",
    "/schools/{urn}/review": "governors_review",
    "/schools/{urn}/review.{fmt}": "governors_review",
    "/schools/{urn}/poster": "report_link",
    "/log": "breach_log",
    "/schools/{urn}/log.{fmt}": "breach_log",
    "/audit": "replay",
    "/audit/log": "replay",
    "/audit/{ref}": "replay",
    "/audit/{ref}/changes": "replay",
    "/audit/{ref}/log-row.json": "replay",
    "/audit/{ref}/submission.{fmt}": "replay",
    "/audit/{ref}/review.{fmt}": "replay",
    "/audit/verify": "chain",
    "/people": "people",
    "/people/new": "people",
    "/people/{person_id}": "people",
    "/people/sign-ins": "sign_ins",
}
"""Routes that show what `SEES` names, to whoever it names."""

OF_THEIR_OWN = {
    "/schools/{urn}": SEES["breach_log"] | SEES["report_link"] | SEES["governors_review"],
    "/schools": SEES["breach_log"] | SEES["report_link"] | SEES["governors_review"],
    "/schools/{urn}/report": MAY["report_incident"] - {Role.SUPPLIER},
    "/incidents/{ref}/do/{command}": MAY["add_note"] & (SEES["incident"] | SEES["governors_sheet"]),
    "/schools/{urn}/do/{command}": MAY["record_training"],
    "/incidents/{ref}/evidence": SEES["evidence"],
    "/incidents/{ref}/evidence/{digest}": SEES["evidence"],
    "/my-reports/{ref}": frozenset[Role](),
    "/schools/{urn}/report-link": frozenset[Role](),
    "/escalations/{ref}/acknowledge": frozenset[Role](),
}
"""Routes with a rule of their own: who is let in where a colleague reported the incident; some only take forms."""

VARIES = re.compile(
    r'nonce="[^"]*"|name="csrf" value="[^"]*"|data-csrf="[^"]*"|data-now="[^"]*"|data-session-ends="[^"]*"'
    r"|\b\d{6}-[0-9A-Z]{8}\b|\b10000[12]\b|p-[0-9a-f]{12}"
)
"""What differs from one answer to the next of the same page, and the id that was asked for."""


def routes(found: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Every route of the pages: method and path."""
    for route in found:
        router = getattr(route, "original_router", None)
        if hasattr(route, "methods"):
            yield from ((method, route.path) for method in route.methods - {"HEAD"})
        elif router is not None and not router.prefix.startswith("/api"):
            yield from routes(router.routes)


def filled(path: str, school: str, ref: str, person: str) -> str:
    """The path with ids in it."""
    given = {
        "ref": ref, "urn": school, "fmt": "json", "people": "parents_and_carers", "person_id": person,
        "digest": "0" * 64,
        "command": "add_note" if "incidents" in path else "record_training",
    }  # fmt: skip
    query = "?from=2026-09-01&to=2027-08-31" if path.startswith("/schools/{urn}/review") else ""
    query = "?from=1&to=3" if path.endswith("/changes") else query
    return path.format(**given) + query


@pytest.fixture
def incidents(town: Town) -> dict[str, str]:
    """An incident with a whole life at each of two schools."""
    return {school: town.whole_life(school) for school in (URN, OTHER_URN)}


def test_every_route_has_its_wall(town: Town) -> None:
    """A page that is added without saying who may see it fails here."""
    there = {path for _, path in routes(town.app.routes)}
    listed = ANYBODY | ONESELF | VIEWS.keys() | OF_THEIR_OWN.keys()
    assert there - listed == set()
    assert listed - there == set()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_shown_its_views_at_its_school_and_no_other(
    town: Town, incidents: dict[str, str], role: Role
) -> None:
    """What another school has answers as what nobody has: the same status and the same page."""
    visit, nobody = town.signed_in(role), "p-000000000000"
    colleague, stranger = town.person(Role.STAFF), town.person(Role.STAFF, OTHER_URN)
    seen = {**{path: SEES[view] for path, view in VIEWS.items()}, **OF_THEIR_OWN}
    gets = {path for method, path in routes(town.app.routes) if method == "GET"}
    for path in sorted(seen.keys() & gets):
        own = visit.get(filled(path, URN, incidents[URN], colleague.id))
        wanted = role in seen[path] and "digest" not in path
        assert (own.status_code != 404) is wanted, (path, role, own.status_code)
        assert own.status_code < 500
        if "{" not in path:
            assert incidents[OTHER_URN] not in own.text
            continue
        theirs = visit.get(filled(path, OTHER_URN, incidents[OTHER_URN], stranger.id))
        none = visit.get(filled(path, "100099", "100099-00000000", nobody))
        missing = visit.get(filled(path, URN, f"{URN}-00000000", nobody)) if "urn" not in path else none
        assert theirs.status_code == none.status_code == missing.status_code == 404, (path, role)
        pages = {VARIES.sub("", answer.text) for answer in (theirs, none, missing)}
        assert len(pages) == 1, path


@pytest.mark.parametrize("role", ROLES)
def test_no_form_reaches_another_school(town: Town, incidents: dict[str, str], role: Role) -> None:
    """Also not with a token of one's own session; and nothing is recorded."""
    visit = town.signed_in(role)
    token = visit.form("/help", "/sign-out")["csrf"]
    before = town.tocsin.log.head()
    stranger = town.person(Role.STAFF, OTHER_URN)
    for method, path in sorted(routes(town.app.routes)):
        if method == "POST" and ("{ref}" in path or "{urn}" in path or "{person_id}" in path):
            there = filled(path, OTHER_URN, incidents[OTHER_URN], stranger.id)
            answer = visit.client.post(there, data={"csrf": token, "note": "Let me in", "command_id": "x"})
            assert answer.status_code == 404, (path, role)
    assert town.tocsin.log.head() == before


def test_without_a_sign_in_every_page_asks_for_one(town: Town, incidents: dict[str, str]) -> None:
    """And comes back to the page afterwards; there or not makes no difference."""
    visit = town.anonymous()
    for method, path in sorted(routes(town.app.routes)):
        if method != "GET" or path in ANYBODY:
            continue
        for ref in (incidents[URN], f"{URN}-00000000"):
            answer = visit.get(filled(path.replace("{number}", "1"), URN, ref, "p-000000000000"))
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/sign-in?next="), path


@pytest.mark.parametrize("role", [role for role in ROLES if role is not Role.STAFF])
def test_a_password_alone_opens_no_page_that_shows_anything(town: Town, incidents: dict[str, str], role: Role) -> None:
    """Every role but staff shows a second factor first."""
    visit = town.signed_in(role, strong=False)
    for method, path in sorted(routes(town.app.routes)):
        if method == "GET" and path in (VIEWS.keys() | OF_THEIR_OWN.keys()):
            answer = visit.get(filled(path, URN, incidents[URN], "p-000000000000"))
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/sign-in/second"), path


def test_a_role_taken_away_is_gone_at_the_next_request(town: Town, incidents: dict[str, str]) -> None:
    """The session stays; what it shows does not."""
    lead = town.person(Role.LEAD)
    visit = town.signed_in(lead)
    assert visit.get(f"/incidents/{incidents[URN]}").status_code == 200
    town.site.accounts.set_memberships(lead.id, [])
    assert visit.get(f"/incidents/{incidents[URN]}").status_code == 404
