"""What a live page does by itself: it listens, and fetches what it shows. Neither prolongs the sign-in."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.clock import BRUSSELS, local_date
from services.portal.web.request.viewer import FrontDoor, Viewer, visiting

router = APIRouter(include_in_schema=False)

LONGEST = timedelta(minutes=5)


async def watcher(request: Request, web: FrontDoor) -> Viewer:
    """Somebody signed in, whose page asks without anybody touching it. Raises Unauthenticated."""
    visit, verified = await visiting(request, web, keep=False)
    viewer = Viewer(web, request, visit, verified)
    request.scope["visitor"] = viewer
    return viewer


Watching = Annotated[Viewer, Depends(watcher)]
"""For pages that stay open: who looks stays signed in for as long as before."""


async def endings(web: FrontDoor) -> int:
    """How often streams were made to end, before anything is checked."""
    return web.changes.endings


@router.get("/cells/{cell}/sessions/{session}/events")
async def stream(checked: Annotated[int, Depends(endings)], viewer: Watching, cell: UUID, session: UUID) -> Response:
    """That something changed in the cell. Whoever may read the session may listen; raises Refused for all others."""
    await viewer.ask(viewer.services.session.ReadSession, pb.ReadSessionRequest(session_id=str(session)), cell)
    end = end_of_stream(viewer.now, viewer.verified.expires_at, viewer.ends_at)
    again = "last-event-id" in viewer.request.headers
    told = viewer.web.changes.stream(
        cell, viewer.verified.identities, (end - viewer.now).total_seconds(), checked=checked, again=again
    )
    # Whoever stands between must pass each event on at once.
    return StreamingResponse(told, media_type="text/event-stream", headers={"x-accel-buffering": "no"})


def end_of_stream(now: datetime, token_expires_at: datetime, sign_in_ends_at: datetime) -> datetime:
    """With the token, the sign-in, or the day, after which mandates may be over; in five minutes at most."""
    tomorrow = datetime.combine(local_date(now) + timedelta(days=1), time(), BRUSSELS).astimezone(UTC)
    return min(now + LONGEST, token_expires_at, sign_in_ends_at, tomorrow)
