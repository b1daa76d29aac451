"""The tables a person sits at."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.policy import Role
from services.partner_directory.allowed import Held, cell_may, host_may
from services.partner_directory.data import Undertaking, current_undertaking
from services.partner_directory.find import MyCell, find_towns, opening
from services.partner_directory.model import Cell, LegalBasis, Municipality, PersonCell, on_platform


@dataclass(frozen=True, slots=True)
class ListMyCells:
    """Those of the caller."""


@dataclass(frozen=True, slots=True)
class MyCellsView:
    """All cells with a mandate valid now, by name, the text to accept, and what the caller may do for the host."""

    cells: tuple[MyCell, ...]
    undertaking: Undertaking
    host: bool
    may: tuple[str, ...]


async def list_my_cells(work: Work, query: ListMyCells) -> MyCellsView:
    """The cells the caller has a valid mandate in. Runs on the platform, where a person sees the own index alone."""
    on_platform(work.cell_id)
    mine: dict[UUID, list[PersonCell]] = defaultdict(list)
    for person_cell in await work.session.scalars(
        select(PersonCell)
        .where(PersonCell.person_id == work.actor_id)
        .where(PersonCell.starts_at <= work.now, PersonCell.ends_at > work.now)
    ):
        mine[person_cell.tenant_id].append(person_cell)
    cells = await work.session.scalars(select(Cell).where(Cell.cell_id.in_(mine)).order_by(Cell.name, Cell.cell_id))
    towns = await find_towns(work, mine)
    views = [my_cell(work, cell, towns[cell.cell_id], mine[cell.cell_id]) for cell in cells]
    work.trail.count = len(views)
    today = local_date(work.now)
    speaking = (await work.session.scalars(select(LegalBasis).where(LegalBasis.lets_speak_on(today)))).one()
    undertaking = current_undertaking(today).naming(speaking.names)
    return MyCellsView(tuple(views), undertaking, work.has_role(Role.HOST), host_may(work))


def my_cell(work: Work, cell: Cell, towns: tuple[Municipality, ...], mandates: list[PersonCell]) -> MyCell:
    """One table, from the caller's mandates there."""
    undertaken = any(
        mandate.undertaken_until is not None and mandate.undertaken_until > work.now for mandate in mandates
    )
    held = [
        Held(mandate.mandate_id, Role(mandate.role), mandate.undertaken_until, mandate.opens_at) for mandate in mandates
    ]
    roles = tuple(sorted({mandate.role for mandate in mandates}))
    return MyCell(cell, towns, roles, undertaken, opening(mandates, work.now), cell_may(work, held))
