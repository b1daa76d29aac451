"""What the host proposes to a cell, and the cell's answer."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.api import answers
from services.portal.api.models import mandate_proposals as models
from services.portal.api.operations import IfMatch, Key, change, listing
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.get(
    "/cells/{cell}/mandate-proposals", **listing("list_proposals", "What the host proposed here", models.Proposals)
)
async def list_proposals(
    cell: UUID, page: Annotated[models.ProposalPage, Query()], caller: SignedIn, request: Request
) -> Response:
    """What the host proposed and waits for the answer of mayor or coordinator."""
    asked = pb.ListProposalsRequest(page_size=page.page_size, cursor=page.cursor)
    found = await caller.ask(caller.services.proposal.ListProposals, asked, cell)
    return answers.page(models.Proposals.model_validate(found), found.next_cursor, request)


@router.post(
    "/cells/{cell}/mandate-proposals/{proposal}/confirm", **change("confirm_proposal", "Say yes to the host's proposal")
)
async def confirm_proposal(
    cell: UUID, proposal: UUID, body: models.AnswerProposal, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The mandate is given now; the receipt is the mandate's."""
    asked = pb.ConfirmProposalRequest(proposal_id=str(proposal), expected_version=answers.version_of(if_match))
    return answers.changed(await caller.ask(caller.services.proposal.ConfirmProposal, asked, cell, key))


@router.post(
    "/cells/{cell}/mandate-proposals/{proposal}/decline", **change("decline_proposal", "Say no to the host's proposal")
)
async def decline_proposal(
    cell: UUID, proposal: UUID, body: models.AnswerProposal, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """Nothing is given, and who was proposed is forgotten."""
    asked = pb.DeclineProposalRequest(proposal_id=str(proposal), expected_version=answers.version_of(if_match))
    return answers.changed(await caller.ask(caller.services.proposal.DeclineProposal, asked, cell, key))
