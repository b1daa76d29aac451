"""Somebody is invited to a mandate in a cell, or is proposed to it by the host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from services.kit.addresses import mailable_address
from services.kit.errors import RoleMissing
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.kit.principal import PrincipalKind
from services.kit.vault import AssociatedData
from services.partner_directory.deputising import deputy_asked, stand_in
from services.partner_directory.errors import ProposalExists, TooManyProposals
from services.partner_directory.find import opened_proposal
from services.partner_directory.founding import found
from services.partner_directory.giving import WhoIs
from services.partner_directory.invitation import Asked, InOrder, in_order, lock_cell, may_found, towns_to_give
from services.partner_directory.inviting import Letter, invite
from services.partner_directory.model import MOST_OPEN, PROPOSAL_TERM, GivenBy, Proposal, ProposalState


@dataclass(frozen=True, slots=True)
class InvitePerson:
    """Who, for which organisation, as what, where, when, on which basis; language and words of the letter.

    `deputy_of`: the mandate of whoever this person stands in for, `deputy_when` at which turn.
    """

    email: str
    given_name: str
    family_name: str
    kbo_number: str
    role: Role
    nis_codes: tuple[str, ...]
    first_day: date
    last_day: date
    legal_basis: str
    clearance_until: date | None
    language: str | None = None
    note: str = ""
    deputy_of: UUID | None = None
    deputy_when: str | None = None

    @property
    def asked(self) -> Asked:
        """What is asked for, without the person."""
        return Asked(
            self.kbo_number, self.role, self.nis_codes, self.first_day, self.last_day, self.legal_basis,
            self.clearance_until, self.deputy_of, self.deputy_when,
        )  # fmt: skip


async def invite_person(work: Work, command: InvitePerson) -> Receipt:
    """Invite to a mandate; the answer is the same whether the person was known before or not.

    The mayor and the coordinator invite; the host founds a cell, and in one that has a mayor it proposes. What hangs on
    who comes is asked when they come. Should the act fail after the sign-in service was asked, an account without any
    mandate and without credentials is left, and the next invitation finds it.
    """
    fitting = await in_order(work, command.asked, towns_to_give(work, command.role))
    by_host = work.principal.kind is PrincipalKind.HOST
    if deputy_asked(command.deputy_of, command.deputy_when):
        if by_host:
            raise RoleMissing(field="deputy_of", expected="empty: a cell names its deputies itself")
        await _expect_deputy(work, fitting)
    if by_host and not await may_found(work, command.role):
        return await propose(work, command, fitting)
    who, letter = WhoIs(command.email, command.given_name, command.family_name), Letter(command.language, command.note)
    if by_host:
        return await found(work, fitting, who, letter)
    return await invite(work, fitting, who, GivenBy.CELL, letter)


async def _expect_deputy(work: Work, fitting: InOrder) -> None:
    """That somebody could be such a deputy today, whoever comes; raises what `stand_in` raises."""
    asked = fitting.asked
    assert asked.deputy_of is not None
    assert asked.deputy_when is not None
    await lock_cell(work, work.cell_id)
    anybody = fitting.mandate(work, new_id(), GivenBy.CELL)
    await stand_in(work, anybody, asked.deputy_of, asked.deputy_when)


async def propose(work: Work, command: InvitePerson, fitting: InOrder) -> Receipt:
    """Put it before the cell. Nobody is asked who the person is, so nothing is found out by proposing."""
    await lock_cell(work, work.cell_id)
    waiting = select(func.count()).where(Proposal.tenant_id == work.cell_id, Proposal.state == ProposalState.PROPOSED)
    if (await work.session.scalar(waiting) or 0) >= MOST_OPEN:
        raise TooManyProposals
    await _expect_new(work, command, fitting)
    proposal_id = new_id()

    async def sealed(column: str) -> bytes:
        return await work.seal(getattr(command, column), AssociatedData(work.cell_id, "proposal", column, proposal_id))

    work.session.add(
        Proposal(
            tenant_id=work.cell_id,
            proposal_id=proposal_id,
            state=ProposalState.PROPOSED,
            email=await sealed("email"),
            given_name=await sealed("given_name"),
            family_name=await sealed("family_name"),
            kbo_number=command.kbo_number,
            role=command.role,
            nis_codes=sorted(fitting.nis_codes),
            first_day=command.first_day,
            last_day=command.last_day,
            legal_basis=command.legal_basis,
            clearance_until=command.clearance_until,
            proposed_by=work.actor_id,
            proposed_at=work.now,
            version=1,
        )
    )
    work.at(work.now + PROPOSAL_TERM, "proposal", proposal_id)
    work.trail.detail["state"] = ProposalState.PROPOSED
    return Receipt(proposal_id, ProposalState.PROPOSED, 1)


async def _expect_new(work: Work, command: InvitePerson, fitting: InOrder) -> None:
    """Raises ProposalExists when the same waits for the same address: a command given again proposes nobody twice."""
    alike = await work.session.scalars(
        select(Proposal).where(
            Proposal.tenant_id == work.cell_id,
            Proposal.state == ProposalState.PROPOSED,
            Proposal.kbo_number == command.kbo_number,
            Proposal.role == command.role,
            Proposal.nis_codes == sorted(fitting.nis_codes),
            Proposal.first_day == command.first_day,
            Proposal.last_day == command.last_day,
            Proposal.legal_basis == command.legal_basis,
        )
    )
    for proposal in alike:
        email, *_ = await opened_proposal(work, proposal)
        if mailable_address(email) == mailable_address(command.email):
            raise ProposalExists(field="email", expected="somebody who is not proposed for this already")
