"""The pages of a cell get another colour."""

from __future__ import annotations

from dataclasses import dataclass

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.find import locked_cell


@dataclass(frozen=True, slots=True)
class ChangeBrandColour:
    """The colour as "#rrggbb"; empty for the house's own."""

    brand_colour: str


async def change_brand_colour(work: Work, command: ChangeBrandColour) -> Receipt:
    """Tint the cell's pages. Raises CellNotFound for the host when there is no such cell."""
    cell = await locked_cell(work)
    cell.brand_colour = command.brand_colour
    await work.session.flush()
    return Receipt(cell.cell_id, cell.state, cell.version)
