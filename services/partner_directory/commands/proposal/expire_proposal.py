"""A cell did not answer in 30 days what the host proposed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.partner_directory.model import PROPOSAL_TERM, Proposal, ProposalState


@dataclass(frozen=True, slots=True)
class ExpireProposal:
    """Which proposal."""

    proposal_id: UUID


async def expire_proposal(work: Work, command: ExpireProposal) -> bool:
    """It can be answered no more, and who was proposed is forgotten. Whether it waited still."""
    proposal = await work.session.scalar(
        select(Proposal)
        .where(Proposal.tenant_id == work.cell_id, Proposal.proposal_id == command.proposal_id)
        .with_for_update()
    )
    waits = proposal is not None and proposal.state == ProposalState.PROPOSED
    if proposal is None or not waits or proposal.proposed_at > work.now - PROPOSAL_TERM:
        return False
    proposal.decide(ProposalState.EXPIRED, at=work.now, by=work.actor_id)
    work.trail.count = 1
    work.trail.detail |= {"proposal": str(proposal.proposal_id), "state": proposal.state}
    return True
