"""The whole front door: the API and the pages, behind the guards in their one order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, cast
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from services.kit.cookies import CookiesApart
from services.kit.errors import TooManyRequests
from services.kit.head import HeadAsGet
from services.kit.http import BodyLimit, Caught, JsonOnly, SecurityHeaders, Traced
from services.kit.limits import Network
from services.kit.problems import Problem, problem_of
from services.portal.api.app import DOCUMENT, api_app, take_routes
from services.portal.api.bearers import Bearers
from services.portal.api.guards import Identified
from services.portal.api.paces import Paced
from services.portal.web.request.packed import PAGE_VARIES
from services.portal.web.request.refusals import busy, refusals
from services.portal.web.request.viewer import LANGUAGE_COOKIE, DraftKept, Visitor
from services.portal.web.request.web import Web
from services.portal.web.routes import ROUTERS

API = "/api"
UPLOADS = (re.compile(r"/cells/[0-9a-f-]{36}/(?:rules/upload/[a-z_]+|mandates/list)"), 15 * 1024 * 1024)
"""A file of 10 MiB is taken; one that is somewhat larger is refused at its field, as all else that is wrong with it."""


def build_app(web: Web, bearers: Bearers, proxies: Sequence[Network] = ()) -> ASGIApp:
    """Outermost first: whose address it is, HEAD, trace, headers, refusals, pace, cookies, sign-in, size, type; routes.

    What the header X-Forwarded-For says counts from `proxies` alone.
    """
    inner: ASGIApp = JsonOnly(page_app(web), API)
    inner = BodyLimit(inner, larger=UPLOADS)
    inner = Identified(
        inner, prefix=API, open_paths=frozenset({DOCUMENT}), bearers=bearers, pages=web.verifier,
        of_cookie=web.sign_ins.caller, refused=web.refused.count_request, expect_pace=web.paces.expect_account,
    )  # fmt: skip
    inner = Paced(CookiesApart(inner), web.paces, too_busy(web))
    inner = Caught(inner)
    issuer = urlsplit(web.issuer)
    inner = SecurityHeaders(
        inner, https=web.public_url.startswith("https:"), forms_to=f"{issuer.scheme}://{issuer.netloc}"
    )
    inner = HeadAsGet(Traced(inner))
    if proxies:
        inner = cast(ASGIApp, ProxyHeadersMiddleware(cast(Any, inner), [str(network) for network in proxies]))
    return inner


def too_busy(web: Web) -> Callable[[Scope, TooManyRequests], Response]:
    """How an address that asks too much is told so: one page a language, made once, since refusing must cost little."""
    pages: dict[str, bytes] = {}

    def refuse(scope: Scope, error: TooManyRequests) -> Response:
        problem = problem_of(error)
        if scope["path"].startswith(API):
            return problem.response()
        headers = [header for header in scope["headers"] if header[0] == b"accept-language"]
        plain = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers}
        visitor = Visitor(web, Request(plain))
        code = visitor.language.code
        if code not in pages:
            pages[code] = bytes(busy(visitor, problem, "").body)
        return HTMLResponse(pages[code], 429, {"retry-after": str(problem.retry_after), "vary": PAGE_VARIES})

    return refuse


def page_app(web: Web) -> FastAPI:
    """API and pages as one application, without guards."""
    refuse = refusals(web)

    async def render(request: Request, problem: Problem) -> Response:
        if request.url.path.startswith(API):
            return problem.response()
        return await refuse(request, problem)

    async def kept(request: Request, error: Exception) -> Response:
        assert isinstance(error, DraftKept)
        if error.told is not None:
            return JSONResponse(error.told)
        answer = RedirectResponse(error.to, 303)
        if error.language:
            answer.set_cookie(LANGUAGE_COOKIE, error.language, secure=True, httponly=True, samesite="lax", path="/")
        return answer

    app = api_app(render)
    app.add_exception_handler(DraftKept, kept)
    take_routes(app, ROUTERS)
    every = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    app.state.pages = frozenset(route.path for route in every if "GET" in (route.methods or ()))
    app.state.web = web
    return app
