"""The pages of a cell get another colour."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.model import Cell


@dataclass(frozen=True, slots=True)
class ChangeBrandColour:
    """The colour as "#rrggbb"; empty for the house's own."""

    brand_colour: str


async def change_brand_colour(work: Work, command: ChangeBrandColour) -> Receipt:
    """Tint the cell's pages. Raises CellNotFound for the host when there is no such cell."""
    cell = await work.session.get(Cell, work.cell_id)
    if cell is None:
        raise CellNotFound
    cell.brand_colour = command.brand_colour
    return Receipt(cell.cell_id, cell.state, 1)
