"""The host has the invitation of a first mayor or coordinator sent again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.find import find_known_cell
from services.partner_directory.founding import ResendThere
from services.partner_directory.model import on_platform


@dataclass(frozen=True, slots=True)
class ResendFounding:
    """Of which cell, which invitation, in the version last read."""

    host_cell_id: UUID
    invitation_id: UUID
    expected_version: int


async def resend_founding(work: Work, command: ResendFounding) -> Receipt:
    """Raises CellNotFound, InvitationNotFound, InvitationOver, CellFounded when nobody could come by it."""
    on_platform(work.cell_id)
    await find_known_cell(work, command.host_cell_id)
    work.trail.detail |= {"cell": str(command.host_cell_id), "invitation": str(command.invitation_id)}
    return work.ask(ResendThere(command.host_cell_id, command.invitation_id, command.expected_version))
