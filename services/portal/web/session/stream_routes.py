"""What a live page does by itself: it listens, and fetches what it shows. Neither prolongs the sign-in."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import StringConstraints

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.clock import BRUSSELS, local_date
from services.kit.problems import Problem
from services.portal.api.refused import source_of
from services.portal.backends.calls import Refused
from services.portal.web.request.live import Asked
from services.portal.web.request.refusals import HIDDEN
from services.portal.web.request.together import each_of
from services.portal.web.request.viewer import FrontDoor, Viewer, visiting

router = APIRouter(include_in_schema=False)

LONGEST = timedelta(minutes=5)
MOST_SESSIONS = 16
_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

SessionName = Annotated[str, StringConstraints(pattern=f"^{_ID}/{_ID}$")]
"""`<cell>/<session>`."""


async def watcher(request: Request, web: FrontDoor) -> Viewer:
    """Somebody signed in, whose page asks without anybody touching it. Raises Unauthenticated."""
    visit, verified = await visiting(request, web, keep=False)
    viewer = Viewer(web, request, visit, verified)
    request.scope["visitor"] = viewer
    return viewer


Watching = Annotated[Viewer, Depends(watcher)]
"""For pages that stay open: who looks stays signed in for as long as before."""


def stream_of(cell: UUID, session_id: str) -> str:
    """Where a page of this session listens when it is the only one of its browser."""
    return f"/events?of={cell}/{session_id}"


async def endings(web: FrontDoor) -> int:
    """How often streams were made to end, before anything is checked."""
    return web.changes.endings


@router.get("/events")
async def stream(
    checked: Annotated[int, Depends(endings)], viewer: Watching,
    of: Annotated[list[SessionName], Query(min_length=1, max_length=MOST_SESSIONS)],
) -> Response:  # fmt: skip
    """How far the cells of these sessions are, each by its place in the question, to whoever may read the session.

    Of one that may not be read, or is none, it is said that its page has to be read again, which is refused then.
    Raises Refused when that is so of all.
    """
    found = await each_of(_listens(viewer, name) for name in of)
    refused = [answer for answer in found if isinstance(answer, Problem)]
    if len(refused) == len(found):
        raise Refused(refused[0])
    cells = tuple(None if isinstance(answer, Problem) else answer for answer in found)
    asked = Asked(cells, viewer.verified.identities, source_of(viewer.request.scope), checked)
    end = end_of_stream(viewer.now, viewer.verified.expires_at, viewer.ends_at)
    told = viewer.web.changes.stream(asked, (end - viewer.now).total_seconds())
    # Whoever stands between must pass each event on at once.
    return StreamingResponse(told, media_type="text/event-stream", headers={"x-accel-buffering": "no"})


async def _listens(viewer: Viewer, name: str) -> UUID | Problem:
    """The cell, when the session may be read; else how it was refused. Raises Refused when that cannot be told now."""
    cell, session = map(UUID, name.split("/"))
    viewer.web.paces.expect_question(viewer.person_id, str(cell))
    try:
        await viewer.ask(viewer.services.session.ReadSession, pb.ReadSessionRequest(session_id=str(session)), cell)
    except Refused as refused:
        if refused.problem.status not in HIDDEN:
            raise
        return refused.problem
    return cell


def end_of_stream(now: datetime, token_expires_at: datetime, sign_in_ends_at: datetime) -> datetime:
    """With the token, the sign-in, or the day, after which mandates may be over; in five minutes at most."""
    tomorrow = datetime.combine(local_date(now) + timedelta(days=1), time(), BRUSSELS).astimezone(UTC)
    return min(now + LONGEST, token_expires_at, sign_in_ends_at, tomorrow)
