"""In a cell that the host resumes."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.kit.outbox import Receipt
from services.partner_directory.find import locked_cell
from services.partner_directory.model import Mandate
from services.partner_directory.noticing import notice_over
from services.partner_directory.suspending import mandates_of_cell, tell_cell


@dataclass(frozen=True, slots=True)
class RestartCell:
    """The one addressed."""


async def restart_cell(work: Work, command: RestartCell) -> Receipt:
    """Its mandates count as before, as far as they last. Raises CellNotFound, CellStateForbids."""
    cell = await locked_cell(work)
    cell.resume()
    mandates = await mandates_of_cell(work, Mandate.cell_suspended_at.is_not(None))
    for mandate in mandates:
        mandate.go_on()
    await work.session.flush()
    await notice_over(work, NoticeKind.TABLE_SUSPENDED, cell.cell_id)
    return await tell_cell(work, cell, mandates, NoticeKind.TABLE_RESUMED)
