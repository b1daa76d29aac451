"""A cell that is set up takes cases."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.events import cell_changed
from services.partner_directory.find import locked_cell
from services.partner_directory.setup import allow_open_table, lines_of, standing_of


@dataclass(frozen=True, slots=True)
class OpenTable:
    """The one the caller addresses."""


async def open_table(work: Work, command: OpenTable) -> Receipt:
    """Open it, once: from now on cases can be proposed (invariant 20). Raises CellStateForbids, SetUpIncomplete.

    A seat that falls empty later closes nothing: what a session needs, it asks itself (invariant 3).
    """
    cell = await locked_cell(work)
    allow_open_table(cell, lines_of(await standing_of(work, cell)))
    cell.open_table(work.now)
    await work.session.flush()
    work.publish(cell_changed(cell))
    return Receipt(cell.cell_id, cell.state, cell.version)
