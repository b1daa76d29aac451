"""The cells of this host."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.paging import page_of
from services.partner_directory.find import find_towns
from services.partner_directory.model import Cell, CellMunicipality, CellState, Municipality, on_platform

COUNTED_REGION = "flanders"
"""All Flemish municipalities are to have a cell; the others come as they like."""

_THERE = Cell.state != CellState.WITHDRAWN


@dataclass(frozen=True, slots=True)
class ListCells:
    """One page, newest first, after the cell `cursor`."""

    page_size: int
    cursor: UUID | None


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell from outside."""

    cell: Cell
    towns: tuple[Municipality, ...]


@dataclass(frozen=True, slots=True)
class CellPage:
    """A page, and of all pages together: how many cells, and how many present Flemish towns have one, of how many."""

    cells: tuple[CellView, ...]
    next_cursor: UUID | None
    cells_total: int
    towns_with_cell: int
    towns_total: int


async def list_cells(work: Work, query: ListCells) -> CellPage:
    """The cells with their towns; nothing of what is in them."""
    on_platform(work.cell_id)
    asked = select(Cell).where(_THERE).order_by(Cell.cell_id.desc()).limit(query.page_size + 1)
    if query.cursor is not None:
        asked = asked.where(Cell.cell_id < query.cursor)
    cells, more = page_of((await work.session.scalars(asked)).all(), query.page_size)
    towns = await find_towns(work, [cell.cell_id for cell in cells])
    views = tuple(CellView(cell, towns[cell.cell_id]) for cell in cells)
    work.trail.count = len(views)
    return CellPage(views, cells[-1].cell_id if more else None, *await counts(work))


async def counts(work: Work) -> tuple[int, int, int]:
    """Cells, present Flemish towns with a cell, present Flemish towns."""
    taken = select(CellMunicipality.nis_code).where(CellMunicipality.until.is_(None))
    towns = select(func.count(), func.count().filter(Municipality.nis_code.in_(taken))).where(
        Municipality.region == COUNTED_REGION, Municipality.present_on(local_date(work.now))
    )
    all_towns, with_cell = (await work.session.execute(towns)).one()
    cells = await work.session.scalar(select(func.count()).select_from(Cell).where(_THERE))
    return cells or 0, with_cell, all_towns
