"""When a page cannot be shown: one page for unknown and forbidden, a way on for everything else, nothing typed lost."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.kit import telemetry
from services.kit.cookies import cookie_of
from services.kit.errors import RondetafelError, Unavailable
from services.kit.problems import Problem
from services.portal.api.guards import COOKIE
from services.portal.commands.save_draft import SaveDraft
from services.portal.model import SessionSecret
from services.portal.web.request.origin import unmasked, was_shown
from services.portal.web.request.viewer import Guest, Sender, Web, whoever
from services.portal.web.ui.addresses import way_back
from services.portal.web.ui.forms import Form
from services.portal.web.ui.sentences import sentence_for

logger = logging.getLogger(__name__)

_CELL = re.compile(r"/cells/[0-9a-f-]{36}")
HIDDEN = (403, 404, 405)
"""Shown alike when a page is asked for: who may not know learns nothing."""


def refusals(web: Web) -> Callable[[Request, Problem], Awaitable[Response]]:
    """How the pages of this portal refuse."""

    async def refuse(request: Request, problem: Problem) -> Response:
        guest = await _guest_of(request, web)
        if asks_by_itself(request):
            return _to_the_page(problem)
        if problem.status == 401:
            return await _sign_in_first(guest)
        if problem.code == "UndertakingMissing":
            return await _on_the_way(guest, f"{_cell_of(guest)}/undertaking")
        if problem.code == "SecondFactorMissing":
            return await _on_the_way(guest, "/signin/second-step")
        return _told(guest, problem)

    return refuse


async def _guest_of(request: Request, web: Web) -> Guest:
    """Who asked; looked up here where the page did not come that far, so that all refusals look alike."""
    known: Guest | None = request.scope.get("guest")
    if known is not None:
        return known
    try:
        return await whoever(request, web)
    except RondetafelError:
        return Guest(web, request)


def reference() -> str:
    """A number to quote: the beginning of the trace id, by which the host finds the trace."""
    trace_id = telemetry.trace_id()
    return f"{trace_id[:4]}-{trace_id[4:8]}".upper()


def asks_by_itself(request: Request) -> bool:
    """Whether it is an open page that asks, and nobody who touched it."""
    return "text/event-stream" in request.headers.get("accept", "") or "hx-request" in request.headers


def _to_the_page(problem: Problem) -> Response:
    """Nobody reads what is answered here. Who may not see the page any more gets it anew, and it says why; after any
    other fault it stays as it is."""
    gone = problem.status in (401, *HIDDEN)
    return Response(status_code=problem.status, headers={"HX-Refresh": "true"} if gone else {})


def busy(guest: Guest, problem: Problem, again: str) -> Response:
    """Too much was asked; where to try it again."""
    seconds = problem.retry_after or 1
    answer = guest.page("busy.html", 429, seconds=seconds, again=again)
    answer.headers["retry-after"] = str(seconds)
    return answer


def not_there(guest: Guest) -> Response:
    """The one page for what is unknown and what is forbidden."""
    return guest.page("refused.html", 404, reference=reference())


def _told(guest: Guest, problem: Problem) -> Response:
    reading = guest.request.method in ("GET", "HEAD")
    if problem.status == 404 or (reading and problem.status in (*HIDDEN, 400)):
        return not_there(guest)
    if problem.status == 429:
        return busy(guest, problem, guest.request.url.path)
    if problem.status in (503, 504):
        answer = guest.page("away.html", 503, seconds=problem.retry_after or 2)
        answer.headers["retry-after"] = str(problem.retry_after or 2)
        return answer
    if problem.status == 500:
        return guest.page("broken.html", 500, reference=reference())
    back = way_back(guest.request.url.path)
    answer = guest.page("impossible.html", problem.status, sentence=sentence_for(problem), back=back)
    if problem.allow:
        answer.headers["allow"] = ", ".join(problem.allow)
    return answer


async def _on_the_way(guest: Guest, address: str) -> Response:
    """Something of the caller's own comes first; a form that was sent meanwhile is kept and found again."""
    if isinstance(guest, Sender) and guest.sent.typed and was_shown(guest.sent, guest.visit.secret, _path_of(guest)):
        await guest.save_draft(guest.sent.typed)
    query = urlencode({"to": way_back(guest.request.url.path)})
    return RedirectResponse(f"{address}?{query}", 303)


def _path_of(guest: Guest) -> str:
    return guest.request.url.path


def _cell_of(guest: Guest) -> str:
    found = _CELL.match(guest.request.url.path)
    return found[0] if found else ""


async def _sign_in_first(guest: Guest) -> Response:
    """To the start, and afterwards back here; a form that came too late is kept for the person it belongs to."""
    request = guest.request
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    query = {"to": way_back(path)} if path != "/" else {}
    if await _parked(guest):
        query["kept"] = "1"
    return RedirectResponse("/" + ("?" + urlencode(query) if query else ""), 303)


async def _parked(guest: Guest) -> bool:
    """Keep what was typed, if the browser still holds the session it was typed in; True when it is kept."""
    body = guest.request.scope.get("posted")
    if not body:
        return False
    sessions = guest.web.sessions
    try:
        form = Form.sent(guest.language, body)
        token = unmasked(form.value("csrf_token")).decode()
        cookie = cookie_of(guest.request.scope, COOKIE)
        person = await sessions.whose(cookie, token)
        if not was_shown(form, SessionSecret.of_cookie(cookie), _path_of(guest)):
            return False
        await sessions.keep_draft(person, SaveDraft(_path_of(guest), form.typed))
    except Unavailable:
        logger.warning("a late form could not be kept")
        return False
    except RondetafelError:
        return False
    return bool(form.typed)
