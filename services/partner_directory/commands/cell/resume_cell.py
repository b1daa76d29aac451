"""The host resumes a cell it suspended."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.find import find_known_cell
from services.partner_directory.model import on_platform
from services.partner_directory.suspending import GoOnThere


@dataclass(frozen=True, slots=True)
class ResumeCell:
    """Which cell."""

    host_cell_id: UUID


async def resume_cell(work: Work, command: ResumeCell) -> Receipt:
    """Everything is as it was, less what ended meanwhile. Raises CellNotFound, CellStateForbids."""
    on_platform(work.cell_id)
    await find_known_cell(work, command.host_cell_id)
    work.trail.detail["cell"] = str(command.host_cell_id)
    return work.ask(GoOnThere(command.host_cell_id))
