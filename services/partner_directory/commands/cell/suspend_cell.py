"""The host suspends a cell."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.find import find_known_cell
from services.partner_directory.model import on_platform
from services.partner_directory.suspending import StopThere


@dataclass(frozen=True, slots=True)
class SuspendCell:
    """Which cell, and the code of the reason."""

    host_cell_id: UUID
    reason: str


async def suspend_cell(work: Work, command: SuspendCell) -> Receipt:
    """Within a second nobody of it acts or reads; oversight reads its log. Raises CellNotFound, CellStateForbids."""
    on_platform(work.cell_id)
    await find_known_cell(work, command.host_cell_id)
    work.trail.detail |= {"cell": str(command.host_cell_id), "reason": command.reason}
    return work.ask(StopThere(command.host_cell_id, command.reason))
