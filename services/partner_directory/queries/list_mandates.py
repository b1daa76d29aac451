"""Who sits in a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.kit.paging import Time, page_of
from services.kit.principal import PLATFORM, PrincipalKind
from services.partner_directory.allowed import STAND_INS, mandate_may
from services.partner_directory.find import MANDATES_OF, MandateView, views_of
from services.partner_directory.model import Cell, CellState, Mandate


@dataclass(frozen=True, slots=True)
class ListMandates:
    """One page, newest first, after the mandate `cursor`. `ended`: those that are over too; `time`: those alone."""

    page_size: int
    cursor: UUID | None
    ended: bool = False
    time: Time | None = None


@dataclass(frozen=True, slots=True)
class MandatePage:
    """A page; `next_cursor` is None on the last."""

    mandates: tuple[MandateView, ...]
    next_cursor: UUID | None


async def list_mandates(work: Work, query: ListMandates) -> MandatePage:
    """The mandates of this cell, whoever gave them; on the platform those the host's client gave there."""
    host_in_cell = work.principal.kind is PrincipalKind.HOST and work.cell_id != PLATFORM
    if host_in_cell:
        cell = await work.session.get(Cell, work.cell_id)
        if cell is None or cell.state == CellState.WITHDRAWN:
            raise CellNotFound
    asked = MANDATES_OF.limit(query.page_size + 1)
    if query.time is Time.PAST:
        asked = asked.where(Mandate.ends_at <= work.now)
    elif query.time is Time.CURRENT or not query.ended:
        asked = asked.where(Mandate.ends_at > work.now)
    if query.cursor is not None:
        asked = asked.where(Mandate.mandate_id < query.cursor)
    rows, more = page_of((await work.session.execute(asked, {"tenant": work.cell_id})).all(), query.page_size)
    stand_ins = await find_stand_ins(work) if work.may("end_mandate") else ()
    views = tuple(replace(view, may=mandate_may(work, view.mandate, stand_ins)) for view in await views_of(work, rows))
    work.trail.count = len(views)
    return MandatePage(views, views[-1].mandate.mandate_id if more else None)


async def find_stand_ins(work: Work) -> Sequence[Mandate]:
    """The coordinators and mayors of the cell that are not over: whether one may be ended hangs on the others."""
    found = await work.session.scalars(
        select(Mandate).where(
            Mandate.tenant_id == work.cell_id, Mandate.role.in_(STAND_INS), Mandate.ends_at > work.now
        )
    )
    return found.all()
