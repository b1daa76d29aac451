"""One item of a session while the table sits: what is shared, what is decided, and by whom.

The page stays open and keeps what it shows up to date by itself (stream_routes.py); what is decided is written down on
a page of its own (decision_routes.py).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.web.request.viewer import Viewer
from services.portal.web.session.room import READING, Room, enter, sat, words_of
from services.portal.web.session.stream_routes import Watching
from services.portal.web.ui.language import message as _

router = APIRouter(include_in_schema=False)


@router.get("/cells/{cell}/sessions/{session}/cases/{case}")
async def live_page(viewer: Watching, cell: UUID, session: UUID, case: UUID) -> Response:
    """The item; or, asked for by the open page itself, its parts that are only read."""
    room = await enter(viewer, cell, session, case)
    words = _words(viewer, room)
    if viewer.request.query_params.get("part") == READING:
        return viewer.page("session/reading.html", **words)
    await sat(viewer, room)
    return viewer.page(
        "session/live.html", tab="sessions", live=room.session.live, watermark=viewer.mark,
        put=viewer.request.query_params.get("prepared") == "1" and room.prepared is not None, **words,
    )  # fmt: skip


def _words(viewer: Viewer, room: Room) -> dict[str, Any]:
    points = room.session.agenda.points(room.case.frame.case_id)
    return {**words_of(viewer, room), "points": points, "point": _point(viewer, room)}


def _point(viewer: Viewer, room: Room) -> str:
    """Which item it is, of how many, and when its time is over."""
    return viewer.language.text(
        _("Item %(now)s of %(all)s, %(until)s"), now=room.item.position, all=len(room.session.found.items),
        until=room.session.agenda.until(room.item),
    )  # fmt: skip
