"""Somebody who was invited comes with the code of the letter."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.deputising import stand_in
from services.partner_directory.errors import CellFounded, InvitationRefused
from services.partner_directory.giving import WhoIs, give
from services.partner_directory.invitation import in_order, lock_cell, may_found
from services.partner_directory.inviting import CodeFits, asked_by, locked_invitation, opened
from services.partner_directory.model import GivenBy, InvitationState


@dataclass(frozen=True, slots=True)
class AcceptInvitation:
    """Which invitation, and the code as it was typed."""

    invitation_id: UUID
    code: str


async def accept_invitation(work: Work, command: AcceptInvitation) -> Receipt:
    """Give the mandate to the caller, whatever the address the letter went to; the receipt is the mandate's.

    The code was tried in an act of its own, so a wrong one is counted although this act is refused. Raises
    InvitationRefused for everything that is wrong with code, invitation or cell; with the right code also what
    `in_order`, `stand_in` and `give` raise, and CellFounded.
    """
    code_hash = work.ask(CodeFits(work.cell_id, command.invitation_id, command.code))
    invitation = await locked_invitation(work, command.invitation_id)
    if invitation is None or code_hash is None or not invitation.counts(code_hash, work.now):
        raise InvitationRefused(field="code", expected="the code of the newest letter")
    given_by = GivenBy(invitation.given_by)
    if given_by is GivenBy.FOUNDING or invitation.deputy_of is not None:
        await lock_cell(work, work.cell_id)
    if given_by is GivenBy.FOUNDING and not await may_found(work, Role(invitation.role)):
        raise CellFounded
    fitting = await in_order(work, asked_by(invitation), None)
    who = WhoIs("", await opened(work, invitation, "given_name"), await opened(work, invitation, "family_name"))
    mandate = fitting.mandate(work, work.actor_id, given_by, invitation)
    if invitation.deputy_of is not None and invitation.deputy_when is not None:
        await stand_in(work, mandate, invitation.deputy_of, invitation.deputy_when)
    invitation.decide(InvitationState.ACCEPTED, at=work.now, by=work.actor_id)
    work.at(None, "invitation", invitation.invitation_id)
    work.at(None, "invitation_letter", invitation.invitation_id)
    work.trail.detail["invitation"] = str(invitation.invitation_id)
    await work.session.flush()
    return await give(work, mandate, who)
