"""The host takes back a cell that nobody ever had."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.events import cell_changed
from services.partner_directory.find import announced_in
from services.partner_directory.model import Cell, CellMunicipality, CellState, on_platform


@dataclass(frozen=True, slots=True)
class WithdrawCell:
    """Which cell."""

    host_cell_id: UUID


async def withdraw_cell(work: Work, command: WithdrawCell) -> Receipt:
    """Take it back: its towns are free, and from now on it is as if it had never been.

    Raises CellNotFound, also when it was taken back already; CellStateForbids for an open one; CellHeld once anybody
    was given or proposed anything in it, a recovery too.
    """
    on_platform(work.cell_id)
    cell = await work.session.get(Cell, command.host_cell_id, with_for_update=True)
    if cell is None or cell.state == CellState.WITHDRAWN:
        raise CellNotFound
    cell.expect_unheld(announced=await announced_in(work, cell))
    cell.state = CellState.WITHDRAWN
    await work.session.execute(
        update(CellMunicipality)
        .where(CellMunicipality.cell_id == cell.cell_id, CellMunicipality.until.is_(None))
        .values(until=work.now)
    )
    await work.session.flush()
    work.trail.detail["cell"] = str(cell.cell_id)
    work.publish(cell_changed(cell))
    return Receipt(cell.cell_id, cell.state, cell.version)
