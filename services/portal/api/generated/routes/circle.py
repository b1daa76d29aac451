"""The operations of circle. Made by `make proto` from proto/rondetafel/case/v1."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import case as models
from services.portal.api.operations import IfMatch, Key, change, creation
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["case"])


@router.post(
    "/cells/{cell}/cases/{case}/circle", **creation("invite_to_circle", "Invite somebody to a case", changes=True)
)
async def invite_to_circle(
    cell: UUID, case: UUID, body: models.InviteToCircle, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The coordinator invites a person for some parts, until a date."""
    asked = body.message(pb.InviteToCircleRequest, case_id=str(case), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.circle.InviteToCircle, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/cases/{case}")


@router.post("/cells/{cell}/cases/{case}/circle/{entry}/end", **change("end_invitation", "End an invitation to a case"))
async def end_invitation(
    cell: UUID, case: UUID, entry: UUID, body: models.EndInvitation, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """Coordinator, mayor or delegate of the case's town takes a person out of the circle again, whatever the state of
    the case. The person reads nothing of it within a second. The invitation is kept with its end, and what the person
    shared stays. The same person can be invited anew. The receipt is the case's."""
    asked = body.message(
        pb.EndInvitationRequest, case_id=str(case), entry_id=str(entry), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.circle.EndInvitation, asked, cell, key)
    return answers.changed(receipt)
