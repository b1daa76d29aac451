"""The whole front door: the API and the pages, behind the guards in their one order."""

from __future__ import annotations

from fastapi import Request, Response
from starlette.types import ASGIApp

from services.kit.http import BodyLimit, Caught, JsonOnly, SecurityHeaders, Traced
from services.kit.problems import Problem
from services.portal.api.app import DOCUMENT, api_app
from services.portal.api.calls import Services
from services.portal.api.guards import Identified
from services.portal.web import pages
from services.portal.web.routes import Web, router

API = "/api"


def build_app(web: Web, services: Services) -> ASGIApp:
    """Outermost first: trace, headers, refusals, sign-in, size, type; then the routes."""
    app = api_app(_rendered)
    app.include_router(router)
    app.state.web = web
    inner: ASGIApp = JsonOnly(app, API)
    inner = BodyLimit(inner)
    inner = Identified(
        inner, prefix=API, open_paths=frozenset({DOCUMENT}), verifier=web.verifier, services=services,
        of_cookie=web.sessions.caller, refused=web.refused.count,
    )  # fmt: skip
    inner = Caught(inner)
    inner = SecurityHeaders(inner, https=web.public_url.startswith("https:"))
    return Traced(inner)


def _rendered(request: Request, problem: Problem) -> Response:
    return problem.response() if request.url.path.startswith(API) else pages.refusal(problem.status)
