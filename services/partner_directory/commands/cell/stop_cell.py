"""In a cell that the host suspends."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import true

from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.kit.outbox import Receipt
from services.partner_directory.find import locked_cell
from services.partner_directory.suspending import mandates_of_cell, tell_cell


@dataclass(frozen=True, slots=True)
class StopCell:
    """The one addressed; the code of the reason."""

    reason: str


async def stop_cell(work: Work, command: StopCell) -> Receipt:
    """All its mandates but those of oversight count for nothing. Raises CellNotFound, CellStateForbids.

    Terms go on: what ends meanwhile is over when the cell is resumed.
    """
    cell = await locked_cell(work)
    cell.suspend(command.reason, work.now)
    work.trail.detail["reason"] = command.reason
    mandates = await mandates_of_cell(work, true())
    for mandate in mandates:
        mandate.stop(work.now)
    await work.session.flush()
    return await tell_cell(work, cell, mandates, NoticeKind.TABLE_SUSPENDED)
