"""The address of the page that somebody looks at, by which one comes back to it: from another language, a sign-in."""

from __future__ import annotations

from contextlib import suppress

from fastapi import Request
from fastapi.routing import APIRoute

from services.kit.errors import RondetafelError
from services.portal.web.ui.addresses import way_back, with_query
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import Language

NO_PAGES = frozenset({"/signin"})
"""Answer GET, and lead away at once."""
ON_ANY_PAGE = frozenset({"/signin/keep", "/preferences"})
"""Their forms stand on every page, and say on which."""


def here(request: Request, language: Language) -> str:
    """Of a page that was asked for its own address, with its query; of one that answers a form, the page on which that
    form stood: at the same address, or the nearest one above."""
    path, query = request.url.path, request.url.query
    if request.method == "GET":
        return with_query(path, query)
    to = _destination(request, language)
    if path in ON_ANY_PAGE:
        return way_back(to)
    page = _page_above(request, path)
    more = {"to": to} if to.startswith("/") and way_back(to) == to else {}
    return with_query(page, query if page == path else "", **more)


def _destination(request: Request, language: Language) -> str:
    """Where the form that was sent leads on to, for the few that say so."""
    with suppress(RondetafelError):
        return Form.sent(language, request.scope.get("posted", b"")).value("to")
    return ""


def _page_above(request: Request, path: str) -> str:
    route, pages = request.scope.get("route"), request.app.state.pages - NO_PAGES
    pattern = route.path.split("/") if isinstance(route, APIRoute) else []
    for length in range(len(pattern), 1, -1):
        if "/".join(pattern[:length]) in pages:
            return "/".join(path.split("/")[:length])
    return "/"
