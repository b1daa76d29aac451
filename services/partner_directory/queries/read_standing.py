"""How far a cell is, in codes and counts: what the host asks across the wall."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import distinct, func, select

from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.kit.policy import Role
from services.partner_directory.founding import FoundingView, founding_of, roles_to_found
from services.partner_directory.model import Cell, Mandate
from services.partner_directory.setup import lines_of, missing_in, standing_of


@dataclass(frozen=True, slots=True)
class ReadStanding:
    """Nothing more than the cell addressed."""


@dataclass(frozen=True, slots=True)
class StandingView:
    """The codes of the lines that are missing, how many people hold a mandate now, the invitations by which the host
    founds, and the seats it may still invite to.
    """

    missing: tuple[str, ...]
    people: int
    founding: tuple[FoundingView, ...]
    founds: tuple[Role, ...]


async def read_standing(work: Work, query: ReadStanding) -> StandingView:
    """Codes and a number; nobody is named. Raises CellNotFound."""
    cell = await work.session.get(Cell, work.cell_id)
    if cell is None:
        raise CellNotFound
    valid = (Mandate.tenant_id == work.cell_id) & (Mandate.starts_at <= work.now) & (Mandate.ends_at > work.now)
    people = await work.session.scalar(select(func.count(distinct(Mandate.person_id))).where(valid))
    missing = tuple(missing_in(lines_of(await standing_of(work, cell))))
    return StandingView(missing, people or 0, await founding_of(work), await roles_to_found(work))
