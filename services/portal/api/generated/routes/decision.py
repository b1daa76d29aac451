"""The operations of decision. Made by `make proto` from proto/rondetafel/meeting/v1."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import meeting as models
from services.portal.api.operations import IfMatch, Key, change, creation
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["meeting"])


@router.post(
    "/cells/{cell}/sessions/{session}/prepared", **change("prepare_decision", "Prepare a decision for the chair")
)
async def prepare_decision(
    cell: UUID, session: UUID, body: models.PrepareDecision, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """Coordinator or minute taker prepares what the chair may decide on one item, in place of what was prepared before.
    The receipt is that of what is prepared; expected is its version, 0 (If-Match "0") when nothing is."""
    asked = body.message(
        pb.PrepareDecisionRequest, session_id=str(session), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.decision.PrepareDecision, asked, cell, key)
    return answers.changed(receipt)


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
