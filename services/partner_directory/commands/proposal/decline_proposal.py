"""The cell says no to somebody the host proposed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.find import locked_proposal
from services.partner_directory.invitation import allow_decline_proposal, find_answering
from services.partner_directory.model import ProposalState


@dataclass(frozen=True, slots=True)
class DeclineProposal:
    """Which proposal, in the version last read."""

    proposal_id: UUID
    expected_version: int


async def decline_proposal(work: Work, command: DeclineProposal) -> Receipt:
    """Say no, for one of the towns that are concerned: a mandate nobody gave is nobody's loss of access."""
    proposal = await locked_proposal(work, command.proposal_id)
    allow_decline_proposal(work, proposal, await find_answering(work), command.expected_version)
    proposal.decide(ProposalState.DECLINED, at=work.now, by=work.actor_id)
    work.at(None, "proposal", proposal.proposal_id)
    await work.session.flush()
    return Receipt(proposal.proposal_id, proposal.state, proposal.version)
