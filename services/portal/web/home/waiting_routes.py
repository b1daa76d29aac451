"""Everything that waits for me at one table, by pages: home shows the most pressing."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.web.home.waiting import Waiting
from services.portal.web.request.access import seated
from services.portal.web.request.viewer import SignedIn
from services.portal.web.request.whole import PAGE

router = APIRouter(include_in_schema=False)


@router.get("/cells/{cell}/waiting")
async def waiting_page(viewer: SignedIn, cell: UUID) -> Response:
    """A page of it, the most pressing first."""
    after = viewer.request.query_params.get("after", "")
    table = await seated(viewer, cell, "list_waiting")
    asked = pb.ListWaitingRequest(page_size=PAGE, cursor=after)
    found = await viewer.ask(viewer.services.case.ListWaiting, asked, cell)
    todos = Waiting(table, viewer.language, viewer.now).todos(found)
    return viewer.page(
        "home/waiting.html", table=table, tab="tables", todos=todos,
        total=found.total, later=found.next_cursor, first=not after,
    )  # fmt: skip
