"""When a page cannot be shown: one page for unknown and forbidden, a way on for everything else, nothing typed lost."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from services.kit import telemetry
from services.kit.errors import RondetafelError
from services.kit.problems import Problem
from services.portal.web.request.drafts import address_of, keep_late, keeps_by_itself
from services.portal.web.request.viewer import Sender, Visitor, whoever
from services.portal.web.request.web import Web
from services.portal.web.ui.addresses import way_back
from services.portal.web.ui.forms import Form
from services.portal.web.ui.sentences import sentence_for

_CELL = re.compile(r"/cells/[0-9a-f-]{36}")
HIDDEN = (403, 404, 405)
"""Shown alike when a page is asked for: who may not know learns nothing."""


def refusals(web: Web) -> Callable[[Request, Problem], Awaitable[Response]]:
    """How the pages of this portal refuse."""

    async def refuse(request: Request, problem: Problem) -> Response:
        visitor = await _visitor_of(request, web)
        if asks_by_itself(request):
            return _to_the_page(problem)
        if keeps_by_itself(request):
            return await _to_the_form(visitor, problem)
        if problem.status == 401:
            return await _sign_in_first(visitor)
        if problem.code == "UndertakingMissing":
            return await _on_the_way(visitor, f"{_cell_of(visitor)}/undertaking")
        if problem.code == "SecondFactorMissing":
            return await _on_the_way(visitor, "/signin/second-step")
        return _told(visitor, problem)

    return refuse


async def _visitor_of(request: Request, web: Web) -> Visitor:
    """Who asked; looked up here where the page did not come that far, so that all refusals look alike."""
    known: Visitor | None = request.scope.get("visitor")
    if known is not None:
        return known
    try:
        return await whoever(request, web)
    except RondetafelError:
        return Visitor(web, request)


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


async def _to_the_form(visitor: Visitor, problem: Problem) -> Response:
    """For the page that keeps what is typed: kept or not, it learns where the person goes who is not signed in here any
    more; after any other fault it tries again, or says that this is not kept."""
    told = {"to": await _way_in(visitor)} if problem.status in (401, 403) else {}
    headers = {"retry-after": str(problem.retry_after)} if problem.retry_after else {}
    return JSONResponse(told, problem.status, headers)


def busy(visitor: Visitor, problem: Problem, again: str) -> Response:
    """Too much was asked; where to try it again."""
    seconds = problem.retry_after or 1
    answer = visitor.page("busy.html", 429, seconds=seconds, again=again)
    answer.headers["retry-after"] = str(seconds)
    return answer


def not_there(visitor: Visitor) -> Response:
    """The one page for what is unknown and what is forbidden."""
    return visitor.page("refused.html", 404, reference=reference())


def _told(visitor: Visitor, problem: Problem) -> Response:
    reading = visitor.request.method in ("GET", "HEAD")
    if problem.status == 404 or (reading and problem.status in (*HIDDEN, 400)):
        return not_there(visitor)
    if problem.status == 429:
        return busy(visitor, problem, visitor.here)
    if problem.status in (503, 504):
        answer = visitor.page("away.html", 503, seconds=problem.retry_after or 2)
        answer.headers["retry-after"] = str(problem.retry_after or 2)
        return answer
    if problem.status == 500:
        return visitor.page("broken.html", 500, reference=reference())
    answer = visitor.page("impossible.html", problem.status, sentence=sentence_for(problem))
    if problem.allow:
        answer.headers["allow"] = ", ".join(problem.allow)
    return answer


async def _on_the_way(visitor: Visitor, address: str) -> Response:
    """Something of the caller's own comes first; a form that was sent meanwhile is kept and found again."""
    kept = None
    if isinstance(visitor, Sender) and visitor.drafts.from_here(visitor.sent):
        kept = await visitor.drafts.keep(visitor.sent)
    query = urlencode({"to": way_back(address_of(visitor.request, kept)) if kept else visitor.here})
    return RedirectResponse(f"{address}?{query}", 303)


def _cell_of(visitor: Visitor) -> str:
    found = _CELL.match(visitor.request.url.path)
    return found[0] if found else ""


async def _sign_in_first(visitor: Visitor) -> Response:
    """To the start, and afterwards back here; a form that came too late is kept for the person it belongs to."""
    return RedirectResponse(await _way_in(visitor), 303)


async def _way_in(visitor: Visitor) -> str:
    late = await _parked(visitor)
    to = way_back(late) if late else visitor.here
    query = {"to": to} if to != "/" else {}
    if late:
        query["kept"] = "1"
    return "/" + ("?" + urlencode(query) if query else "")


async def _parked(visitor: Visitor) -> str:
    """Keep what was typed for whom the page was shown to; where it is found again, empty when it is not kept."""
    body = visitor.request.scope.get("posted")
    if not body:
        return ""
    try:
        form = Form.sent(visitor.language, body)
    except RondetafelError:
        return ""
    late = await keep_late(visitor.web.sign_ins, visitor.web.proofs, visitor.request, form)
    return late.address if late else ""
