"""The operations of proposal. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import IfMatch, Key, change, listing
from services.portal.api.schema import Nothing, Page
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.get(
    "/cells/{cell}/mandate-proposals", **listing("list_proposals", "What the host proposed here", models.Proposals)
)
async def list_proposals(cell: UUID, page: Annotated[Page, Query()], caller: SignedIn, request: Request) -> Response:
    """For mayor and coordinator: what the host proposed and waits for an answer, newest first."""
    asked = page.message(pb.ListProposalsRequest)
    found = await caller.ask(caller.services.proposal.ListProposals, asked, cell)
    return answers.page(models.Proposals.model_validate(found), found.next_cursor, request)


@router.post(
    "/cells/{cell}/mandate-proposals/{proposal}/confirm", **change("confirm_proposal", "Say yes to the host's proposal")
)
async def confirm_proposal(
    cell: UUID, proposal: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """Mayor or coordinator says yes: the person is invited now, the receipt is the invitation's. A delegate is the
    mayor's alone; a mayor too, but where there is none the coordinator says yes."""
    asked = pb.ConfirmProposalRequest(proposal_id=str(proposal), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.proposal.ConfirmProposal, asked, cell, key)
    return answers.changed(receipt)


@router.post(
    "/cells/{cell}/mandate-proposals/{proposal}/decline", **change("decline_proposal", "Say no to the host's proposal")
)
async def decline_proposal(
    cell: UUID, proposal: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """Mayor or coordinator of one of the towns says no: nothing is given, and who was proposed is forgotten."""
    asked = pb.DeclineProposalRequest(proposal_id=str(proposal), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.proposal.DeclineProposal, asked, cell, key)
    return answers.changed(receipt)
