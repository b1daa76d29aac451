"""The cell says yes to somebody the host proposed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.find import locked_proposal, opened_proposal
from services.partner_directory.giving import WhoIs
from services.partner_directory.invitation import asked_in, find_answering, in_order, towns_to_confirm
from services.partner_directory.inviting import Letter, invite
from services.partner_directory.model import GivenBy, ProposalState


@dataclass(frozen=True, slots=True)
class ConfirmProposal:
    """Which proposal, in the version last read."""

    proposal_id: UUID
    expected_version: int


async def confirm_proposal(work: Work, command: ConfirmProposal) -> Receipt:
    """Invite who was proposed, if it is in order today; the receipt is the invitation's."""
    proposal = await locked_proposal(work, command.proposal_id)
    proposal.expect_open(command.expected_version)
    asked = asked_in(proposal)
    fitting = await in_order(work, asked, towns_to_confirm(work, asked.role, await find_answering(work)))
    who = WhoIs(*await opened_proposal(work, proposal))
    receipt = await invite(work, fitting, who, GivenBy.PROPOSAL, Letter())
    proposal.decide(ProposalState.CONFIRMED, at=work.now, by=work.actor_id, mandate_id=receipt.id)
    work.at(None, "proposal", proposal.proposal_id)
    return receipt
