"""One session with its table, for the pages about it."""

from __future__ import annotations

from uuid import UUID

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.portal.web.request.access import seated
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Viewer
from services.portal.web.session.view import SessionView
from services.portal.web.ui.table import TableView


async def read_session(viewer: Viewer, cell: UUID, session: UUID) -> tuple[TableView, SessionView]:
    """Asked together. Raises NotFound, Refused."""
    asked = pb.ReadSessionRequest(session_id=str(session))
    table, found = await together(
        seated(viewer, cell, "list_sessions"), viewer.ask(viewer.services.session.ReadSession, asked, cell)
    )
    return table, SessionView(table, found, viewer.language, viewer.today)
