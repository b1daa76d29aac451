"""The host takes back the invitation of a first mayor or coordinator."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.find import find_known_cell
from services.partner_directory.founding import WithdrawThere
from services.partner_directory.model import on_platform


@dataclass(frozen=True, slots=True)
class WithdrawFounding:
    """Of which cell, which invitation, in the version last read."""

    host_cell_id: UUID
    invitation_id: UUID
    expected_version: int


async def withdraw_founding(work: Work, command: WithdrawFounding) -> Receipt:
    """Raises CellNotFound, InvitationNotFound, InvitationOver."""
    on_platform(work.cell_id)
    await find_known_cell(work, command.host_cell_id)
    work.trail.detail |= {"cell": str(command.host_cell_id), "invitation": str(command.invitation_id)}
    return work.ask(WithdrawThere(command.host_cell_id, command.invitation_id, command.expected_version))
