"""What the host has put before the cell."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.partner_directory.find import ProposalView, opened_proposal
from services.partner_directory.model import Organisation, Proposal, ProposalState


@dataclass(frozen=True, slots=True)
class ListProposals:
    """One page of those that wait for an answer, newest first, after the proposal `cursor`."""

    page_size: int
    cursor: UUID | None


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A page; `next_cursor` is None on the last."""

    proposals: tuple[ProposalView, ...]
    next_cursor: UUID | None


async def list_proposals(work: Work, query: ListProposals) -> ProposalPage:
    """Those that wait, with the name and address of who is proposed: the cell must know whom it says yes to."""
    asked = (
        select(Proposal, Organisation)
        .join(Organisation, Organisation.kbo_number == Proposal.kbo_number)
        .where(Proposal.tenant_id == work.cell_id, Proposal.state == ProposalState.PROPOSED)
        .order_by(Proposal.proposal_id.desc())
        .limit(query.page_size + 1)
    )
    if query.cursor is not None:
        asked = asked.where(Proposal.proposal_id < query.cursor)
    rows = (await work.session.execute(asked)).all()
    views = tuple(
        [ProposalView(one, organisation, *await opened_proposal(work, one)) for one, organisation in rows][
            : query.page_size
        ]
    )
    work.trail.count = len(views)
    more = len(rows) > query.page_size
    return ProposalPage(views, views[-1].proposal.proposal_id if more else None)
