"""The operations of decision. Made by `make proto` from proto/rondetafel/meeting/v1."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import meeting as models
from services.portal.api.operations import IfMatch, Key, creation
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["meeting"])


@router.post(
    "/cells/{cell}/sessions/{session}/decisions", **creation("record_decision", "Record a decision", changes=True)
)
async def record_decision(
    cell: UUID, session: UUID, body: models.RecordDecision, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The chair decides on one item, with reasons and dissent. The receipt is the session's, and so is the version to
    expect."""
    asked = body.message(
        pb.RecordDecisionRequest, session_id=str(session), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.decision.RecordDecision, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/sessions/{session}")
