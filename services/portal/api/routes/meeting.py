"""Sessions and decisions."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.portal.api import answers
from services.portal.api.models import meeting as models
from services.portal.api.operations import IfMatch, Key, change, creation, listing, reading
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=f"{answers.ROOT}/cells/{{cell}}", tags=["meeting"])


@router.post("/sessions", **creation("plan_session", "Plan a session"))
async def plan_session(cell: UUID, body: models.PlanSession, key: Key, caller: SignedIn) -> Response:
    """The coordinator plans a session with an agenda item and a time window per listed case."""
    receipt = await caller.ask(caller.services.session.PlanSession, body.message(pb.PlanSessionRequest), cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/sessions/{receipt.id}")


@router.get("/sessions", **listing("list_sessions", "The sessions of this cell", models.Sessions))
async def list_sessions(
    cell: UUID, page: Annotated[models.SessionPage, Query()], caller: SignedIn, request: Request
) -> Response:
    """Newest first, without decision texts."""
    asked = pb.ListSessionsRequest(page_size=page.page_size, cursor=page.cursor)
    found = await caller.ask(caller.services.session.ListSessions, asked, cell)
    return answers.page(models.Sessions.model_validate(found), found.next_cursor, request)


@router.get("/sessions/{session}", **reading("read_session", "Read a session", models.Session))
async def read_session(cell: UUID, session: UUID, caller: SignedIn) -> Response:
    """The session as the caller may see it; items outside the caller's circles are closed points."""
    asked = pb.ReadSessionRequest(session_id=str(session))
    found = await caller.ask(caller.services.session.ReadSession, asked, cell)
    return answers.one(models.Session.model_validate(found), found.version)


@router.post("/sessions/{session}/open", **change("open_session", "Open a session"))
async def open_session(
    cell: UUID, session: UUID, body: models.OpenSession, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """Chair or coordinator: the three mandatory seats are taken and secrecy is declared."""
    asked = body.message(pb.OpenSessionRequest, session_id=str(session), expected_version=answers.version_of(if_match))
    return answers.changed(await caller.ask(caller.services.session.OpenSession, asked, cell, key))


@router.post("/sessions/{session}/decisions", **creation("record_decision", "Record a decision", changes=True))
async def record_decision(
    cell: UUID, session: UUID, body: models.RecordDecision, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The chair decides on one item, with reasons and dissent. If-Match is the ETag of the session."""
    asked = body.message(
        pb.RecordDecisionRequest, session_id=str(session), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.decision.RecordDecision, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/sessions/{session}")


@router.get(
    "/cases/{case}/sessions",
    **reading("list_case_sessions", "The sessions of a case", models.CaseSessions, etag=False),
)
async def list_case_sessions(cell: UUID, case: UUID, caller: SignedIn) -> Response:
    """Oldest first, each with what was decided on the case as far as the caller reads its content."""
    asked = pb.ListCaseSessionsRequest(case_id=str(case))
    found = await caller.ask(caller.services.session.ListCaseSessions, asked, cell)
    return answers.one(models.CaseSessions.model_validate(found))
