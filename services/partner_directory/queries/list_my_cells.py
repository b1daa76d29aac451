"""The tables a person sits at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.clock import local_date
from services.kit.execute import Work
from services.partner_directory.data import current_undertaking
from services.partner_directory.model import Cell, CellMunicipality, PersonCell, on_platform


@dataclass(frozen=True, slots=True)
class ListMyCells:
    """Those of the caller."""


@dataclass(frozen=True, slots=True)
class MyCell:
    """A cell, what the caller is there, and whether secrecy is accepted."""

    cell: Cell
    nis_codes: tuple[str, ...]
    roles: tuple[str, ...]
    undertaken: bool


@dataclass(frozen=True, slots=True)
class MyCellsView:
    """All cells with a mandate valid now, by name, and the version of the text to accept."""

    cells: tuple[MyCell, ...]
    undertaking_text_version: str


async def list_my_cells(work: Work, query: ListMyCells) -> MyCellsView:
    """The cells the caller has a valid mandate in. Runs on the platform, where a person sees the own index alone."""
    on_platform(work.cell_id)
    mine: dict[UUID, list[PersonCell]] = defaultdict(list)
    for one in await work.session.scalars(
        select(PersonCell)
        .where(PersonCell.person_id == work.actor_id)
        .where(PersonCell.starts_at <= work.now, PersonCell.ends_at > work.now)
    ):
        mine[one.tenant_id].append(one)
    cells = await work.session.scalars(select(Cell).where(Cell.cell_id.in_(mine)).order_by(Cell.name, Cell.cell_id))
    towns = await towns_of(work, mine)
    views = [my_cell(work, cell, towns[cell.cell_id], mine[cell.cell_id]) for cell in cells]
    work.trail.count = len(views)
    return MyCellsView(tuple(views), current_undertaking(local_date(work.now)).version)


async def towns_of(work: Work, cell_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """The towns of each cell."""
    towns: dict[UUID, list[str]] = defaultdict(list)
    for one in await work.session.scalars(
        select(CellMunicipality)
        .where(CellMunicipality.cell_id.in_(cell_ids), CellMunicipality.until.is_(None))
        .order_by(CellMunicipality.nis_code)
    ):
        towns[one.cell_id].append(one.nis_code)
    return towns


def my_cell(work: Work, cell: Cell, nis_codes: list[str], mandates: list[PersonCell]) -> MyCell:
    """One table, from the caller's mandates there."""
    undertaken = any(one.undertaken_until is not None and one.undertaken_until > work.now for one in mandates)
    return MyCell(cell, tuple(nis_codes), tuple(sorted({one.role for one in mandates})), undertaken)
