"""The whole front door: the API and the pages, behind the guards in their one order."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.types import ASGIApp

from services.kit.http import BodyLimit, Caught, JsonOnly, SecurityHeaders, Traced
from services.kit.problems import Problem
from services.portal.api.app import DOCUMENT, api_app
from services.portal.api.bearers import Bearers
from services.portal.api.guards import Identified
from services.portal.web.door import DraftKept, Web
from services.portal.web.pages import ROUTERS
from services.portal.web.refusals import refusals

API = "/api"


def build_app(web: Web, bearers: Bearers) -> ASGIApp:
    """Outermost first: trace, headers, refusals, sign-in, size, type; then the routes."""
    inner: ASGIApp = JsonOnly(page_app(web), API)
    inner = BodyLimit(inner)
    inner = Identified(
        inner, prefix=API, open_paths=frozenset({DOCUMENT}), bearers=bearers, pages=web.verifier,
        of_cookie=web.sessions.caller, refused=web.refused.count_request,
    )  # fmt: skip
    inner = Caught(inner)
    issuer = urlsplit(web.issuer)
    inner = SecurityHeaders(
        inner, https=web.public_url.startswith("https:"), forms_to=f"{issuer.scheme}://{issuer.netloc}"
    )
    return Traced(inner)


def page_app(web: Web) -> FastAPI:
    """API and pages as one application, without guards."""
    refuse = refusals(web)

    async def render(request: Request, problem: Problem) -> Response:
        if request.url.path.startswith(API):
            return problem.response()
        return await refuse(request, problem)

    async def kept(request: Request, error: Exception) -> Response:
        assert isinstance(error, DraftKept)
        return RedirectResponse(error.to, 303)

    app = api_app(render)
    app.add_exception_handler(DraftKept, kept)
    for router in ROUTERS:
        app.include_router(router)
    app.state.web = web
    return app
