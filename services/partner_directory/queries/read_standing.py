"""How far a cell is, in codes and counts: what the host asks across the wall."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import distinct, func, select

from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.partner_directory.model import Cell, Mandate
from services.partner_directory.setup import lines_of, missing_in, standing_of


@dataclass(frozen=True, slots=True)
class ReadStanding:
    """Nothing more than the cell addressed."""


@dataclass(frozen=True, slots=True)
class StandingView:
    """The codes of the lines that are missing, and how many people hold a mandate now."""

    missing: tuple[str, ...]
    people: int


async def read_standing(work: Work, query: ReadStanding) -> StandingView:
    """Codes and a number; nobody is named. Raises CellNotFound."""
    cell = await work.session.get(Cell, work.cell_id)
    if cell is None:
        raise CellNotFound
    valid = (Mandate.tenant_id == work.cell_id) & (Mandate.starts_at <= work.now) & (Mandate.ends_at > work.now)
    people = await work.session.scalar(select(func.count(distinct(Mandate.person_id))).where(valid))
    return StandingView(tuple(missing_in(lines_of(await standing_of(work, cell)))), people or 0)
