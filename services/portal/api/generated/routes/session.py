"""The operations of session. Made by `make proto` from proto/rondetafel/meeting/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import meeting as models
from services.portal.api.operations import IfMatch, Key, change, creation, listing, reading
from services.portal.api.schema import Nothing, Page
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["meeting"])


@router.post("/cells/{cell}/sessions", **creation("plan_session", "Plan a session"))
async def plan_session(cell: UUID, body: models.PlanSession, key: Key, caller: SignedIn) -> Response:
    """The coordinator plans a session with one agenda item and time window per listed case."""
    asked = body.message(pb.PlanSessionRequest)
    receipt = await caller.ask(caller.services.session.PlanSession, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/sessions/{receipt.id}")


@router.post("/cells/{cell}/sessions/{session}/cancel", **change("cancel_session", "Cancel a session"))
async def cancel_session(
    cell: UUID, session: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The coordinator takes back a session that was not opened yet; its cases await another one."""
    asked = pb.CancelSessionRequest(session_id=str(session), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.session.CancelSession, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/sessions/{session}/open", **change("open_session", "Open a session"))
async def open_session(
    cell: UUID, session: UUID, body: models.OpenSession, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """Chair or coordinator opens it: the three mandatory seats are taken, secrecy is declared."""
    asked = body.message(pb.OpenSessionRequest, session_id=str(session), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.session.OpenSession, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/sessions/{session}/undo-opening", **change("undo_opening", "Undo the opening of a session"))
async def undo_opening(
    cell: UUID, session: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """Who opened it by mistake takes that back, before it is over and while nothing was decided in it: it is planned
    again, and who was present is no longer kept."""
    asked = pb.UndoOpeningRequest(session_id=str(session), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.session.UndoOpening, asked, cell, key)
    return answers.changed(receipt)


@router.get("/cells/{cell}/sessions/{session}", **reading("read_session", "Read a session", models.Session))
async def read_session(cell: UUID, session: UUID, caller: SignedIn) -> Response:
    """The session as the caller may see it; items outside the caller's circles are closed points."""
    asked = pb.ReadSessionRequest(session_id=str(session))
    found = await caller.ask(caller.services.session.ReadSession, asked, cell)
    return answers.one(models.Session.model_validate(found), found.version)


@router.get("/cells/{cell}/sessions", **listing("list_sessions", "The sessions of this cell", models.Sessions))
async def list_sessions(
    cell: UUID, page: Annotated[models.ListSessionsPage, Query()], caller: SignedIn, request: Request
) -> Response:
    """Sessions of the cell by their date, the latest first, without items and attendance: those are read one by one."""
    asked = page.message(pb.ListSessionsRequest)
    found = await caller.ask(caller.services.session.ListSessions, asked, cell)
    return answers.page(models.Sessions.model_validate(found), found.next_cursor, request)


@router.get(
    "/cells/{cell}/cases/{case}/sessions",
    **listing("list_case_sessions", "The sessions of a case", models.CaseSessions),
)
async def list_case_sessions(
    cell: UUID, case: UUID, page: Annotated[Page, Query()], caller: SignedIn, request: Request
) -> Response:
    """The sessions a case stands or stood on the agenda of, oldest first, with what was decided on it as far as the
    caller reads the content; for a case that is unknown or forbidden there are none."""
    asked = page.message(pb.ListCaseSessionsRequest, case_id=str(case))
    found = await caller.ask(caller.services.session.ListCaseSessions, asked, cell)
    return answers.page(models.CaseSessions.model_validate(found), found.next_cursor, request)
