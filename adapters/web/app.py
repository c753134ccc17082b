"""The HTTP application: the guard around it, the pages of each area, the API, health and figures."""

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from starlette.requests import Request

from adapters.web import (
    account_pages,
    acting,
    audit_pages,
    desk_pages,
    escalation_pages,
    evidence_pages,
    incident_pages,
    invitation_pages,
    log_pages,
    oidc_pages,
    paper_pages,
    people_pages,
    report_pages,
    sign_in_pages,
)
from adapters.web.api import api_router
from adapters.web.assets_served import AssetFolders
from adapters.web.faults import answer_faults, failed
from adapters.web.guarding import Guard
from adapters.web.health import Health, health_router
from adapters.web.pages import page
from adapters.web.site import Site, session_of
from domain.roles import Role

PAGES = (
    sign_in_pages, oidc_pages, account_pages, invitation_pages, people_pages, report_pages, desk_pages, incident_pages,
    acting, evidence_pages, escalation_pages, paper_pages, log_pages, audit_pages,
)  # fmt: skip


def web_app(site: Site, health: Callable[[], Health]) -> FastAPI:
    """The application. Logs of the framework stay off: they would hold what people typed."""
    app = FastAPI(
        title="Tocsin",
        description="Runs a school's personal data breaches from the first suspicion to the governors' review.",
        version="1",
        telemetry={"logs": False},
        docs_url=None,
        redoc_url=None,
        # A redirection would name the host that the asker claims.
        redirect_slashes=False,
    )
    app.state.site = site
    answer_faults(app)
    app.include_router(health_router(health))
    app.include_router(api_router)
    for area in PAGES:
        app.include_router(area.router, include_in_schema=False)
    app.mount("/assets", AssetFolders(), name="assets")
    app.add_api_route("/", front, include_in_schema=False)
    app.add_api_route("/help", help_page, include_in_schema=False)
    app.add_middleware(Guard, public_url=site.public_url, failed=failed)
    return app


def front(request: Request) -> RedirectResponse:
    """The page to begin with, by what the visitor is shown."""
    session = session_of(request)
    if session is None or not session.enough:
        return RedirectResponse("/sign-in", 303)
    firsts = (("desk", "/desk"), ("governors_sheet", "/escalations"), ("people", "/people"))
    if {each.role for each in session.person.memberships} == {Role.AUDITOR}:
        return RedirectResponse("/audit", 303)
    found = (path for view, path in firsts if session.person.sees_anywhere(view))
    return RedirectResponse(next(found, "/my-reports"), 303)


def help_page(request: Request) -> object:
    """Where to turn, in the same place on every page (WCAG 2.2, 3.2.6)."""
    return page(request, "help.html")
