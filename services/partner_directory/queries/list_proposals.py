"""What the host has put before the cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.allowed import Guard, allowed
from services.kit.execute import Work
from services.kit.paging import page_of
from services.partner_directory.find import ProposalView, opened_proposal
from services.partner_directory.invitation import (
    Answering,
    allow_confirm_proposal,
    allow_decline_proposal,
    find_answering,
    find_legal_bases,
)
from services.partner_directory.model import LegalBasis, Organisation, Proposal, ProposalState


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
    rows, more = page_of((await work.session.execute(asked)).all(), query.page_size)
    answers = await find_answers(work, [proposal for proposal, _ in rows])
    views = tuple(
        [
            ProposalView(
                proposal, organisation, *await opened_proposal(work, proposal), answers.may(proposal, organisation)
            )
            for proposal, organisation in rows
        ]
    )
    work.trail.count = len(views)
    return ProposalPage(views, views[-1].proposal.proposal_id if more else None)


@dataclass(frozen=True, slots=True)
class Answers:
    """All that decides who may answer these proposals, looked up once for the page."""

    work: Work
    cell: Answering
    bases: Mapping[str, Sequence[LegalBasis]]

    def may(self, proposal: Proposal, organisation: Organisation) -> tuple[str, ...]:
        """What the reader may answer."""
        versions = self.bases.get(proposal.legal_basis, ())
        guards: dict[str, Guard] = {
            "confirm_proposal": lambda: allow_confirm_proposal(self.work, proposal, self.cell, organisation, versions),
            "decline_proposal": lambda: allow_decline_proposal(self.work, proposal, self.cell, proposal.version),
        }
        return allowed(self.work.may, guards)


async def find_answers(work: Work, proposals: Sequence[Proposal]) -> Answers:
    """Three statements when something waits, none else."""
    if not proposals:
        return Answers(work, Answering((), frozenset(), frozenset()), {})
    bases = await find_legal_bases(work, {proposal.legal_basis for proposal in proposals})
    return Answers(work, await find_answering(work), bases)
