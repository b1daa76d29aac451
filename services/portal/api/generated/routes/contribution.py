"""The operations of contribution. Made by `make proto` from proto/rondetafel/case/v1."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.api import answers
from services.portal.api.generated.models import case as models
from services.portal.api.operations import IfMatch, Key, change, creation
from services.portal.api.schema import Nothing
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["case"])


@router.post("/cells/{cell}/cases/{case}/contributions", **creation("write_contribution", "Write a contribution"))
async def write_contribution(
    cell: UUID, case: UUID, body: models.WriteContribution, key: Key, caller: SignedIn
) -> Response:
    """A private draft, readable by its author alone."""
    asked = body.message(pb.WriteContributionRequest, case_id=str(case))
    receipt = await caller.ask(caller.services.contribution.WriteContribution, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/contributions/{receipt.id}")


@router.post("/cells/{cell}/contributions/{contribution}/revise", **change("revise_contribution", "Write a draft anew"))
async def revise_contribution(
    cell: UUID, contribution: UUID, body: models.ReviseContribution, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The author writes the draft anew; an assessed one must be weighed again: ASSESSED to PRIVATE."""
    asked = body.message(
        pb.ReviseContributionRequest, contribution_id=str(contribution), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.contribution.ReviseContribution, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/cases/{case}/decline", **creation("decline_contribution", "Have nothing to share"))
async def decline_contribution(
    cell: UUID, case: UUID, key: Key, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The caller has nothing to share on this case until its next session; asks for no reason, shown to nobody else.
    The receipt is the case's."""
    asked = pb.DeclineContributionRequest(case_id=str(case))
    receipt = await caller.ask(caller.services.contribution.DeclineContribution, asked, cell, key)
    return answers.created(receipt, f"{answers.ROOT}/cells/{cell}/cases/{case}")


@router.post("/cells/{cell}/contributions/{contribution}/assess", **change("assess_contribution", "Weigh the sharing"))
async def assess_contribution(
    cell: UUID, contribution: UUID, body: models.AssessContribution, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The author weighs the sharing: PRIVATE to ASSESSED."""
    asked = body.message(
        pb.AssessContributionRequest, contribution_id=str(contribution), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.contribution.AssessContribution, asked, cell, key)
    return answers.changed(receipt)


@router.post("/cells/{cell}/contributions/{contribution}/share", **change("share_contribution", "Share a contribution"))
async def share_contribution(
    cell: UUID, contribution: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """ASSESSED to SHARED: the circle reads it from now on."""
    asked = pb.ShareContributionRequest(
        contribution_id=str(contribution), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.contribution.ShareContribution, asked, cell, key)
    return answers.changed(receipt)
