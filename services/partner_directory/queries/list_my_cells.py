"""The tables a person sits at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, Date, bindparam, select
from sqlalchemy.orm import aliased

from services.kit.clock import local_date
from services.kit.execute import Work
from services.kit.policy import Role
from services.kit.statements import Entities
from services.partner_directory.allowed import Held, cell_may, host_may
from services.partner_directory.data import Undertaking, current_undertaking
from services.partner_directory.find import MyCell, opening, undertaking_of
from services.partner_directory.model import (
    Cell,
    CellMunicipality,
    CellState,
    LegalBasis,
    Municipality,
    PersonCell,
    on_platform,
)
from services.partner_directory.promising import own_undertaking, version_of_text

_LAW = aliased(LegalBasis, name="law")
_TODAYS = _LAW.lets_speak_on(bindparam("today", type_=Date))
_NOW: BindParameter[datetime] = bindparam("now")
_COUNTS = (PersonCell.counts_from <= _NOW) & (PersonCell.counts_until > _NOW)
_CUT_OFF = (
    (Cell.state == CellState.SUSPENDED)
    & (PersonCell.role != Role.OVERSIGHT)
    & (PersonCell.starts_at <= _NOW)
    & (PersonCell.ends_at > _NOW)
)
_MINE = Entities(
    select(PersonCell, Cell, Municipality, _LAW, own_undertaking(Cell.cell_id).label("own_undertaking"))
    .join(Cell, Cell.cell_id == PersonCell.tenant_id)
    .join(CellMunicipality, CellMunicipality.cell_id == Cell.cell_id)
    .join(Municipality, Municipality.nis_code == CellMunicipality.nis_code)
    .outerjoin(_LAW, _TODAYS)
    .where(
        PersonCell.person_id == bindparam("person"),
        _COUNTS | _CUT_OFF,
        CellMunicipality.until.is_(None),
    )
    .order_by(Cell.name, Cell.cell_id, Municipality.nis_code)
)
# For who sits nowhere yet.
_ALONE = Entities(select(_LAW).where(_TODAYS))


@dataclass(frozen=True, slots=True)
class ListMyCells:
    """Those of the caller."""


@dataclass(frozen=True, slots=True)
class MyCellsView:
    """All cells with a mandate valid now, by name, the text to accept, and what the caller may do for the host.

    `suspended`: those the host suspended, in which the caller would have one.
    """

    cells: tuple[MyCell, ...]
    undertaking: Undertaking
    host: bool
    may: tuple[str, ...]
    suspended: tuple[Cell, ...]


async def list_my_cells(work: Work, query: ListMyCells) -> MyCellsView:
    """The cells the caller has a valid mandate in. Runs on the platform, where a person sees the own index alone."""
    on_platform(work.cell_id)
    cells: dict[UUID, Cell] = {}
    towns: dict[UUID, dict[str, Municipality]] = defaultdict(dict)
    mine: dict[UUID, dict[UUID, PersonCell]] = defaultdict(dict)
    today = local_date(work.now)
    found = await work.fetch_entities(_MINE, {"person": work.actor_id, "now": work.now, "today": today})
    texts: dict[UUID, str] = {}
    suspended: dict[UUID, Cell] = {}
    for mandate, cell, town, _, own in found:
        if not mandate.counts_from <= work.now < mandate.counts_until:
            suspended[cell.cell_id] = cell
            continue
        texts[cell.cell_id] = version_of_text(own, today)
        cells[cell.cell_id] = cell
        towns[cell.cell_id][town.nis_code] = town
        mine[cell.cell_id][mandate.mandate_id] = mandate
    views = [
        my_cell(work, cell, tuple(towns[cell_id].values()), mine[cell_id].values(), texts[cell_id])
        for cell_id, cell in cells.items()
    ]
    work.trail.count = len(views)
    law = (found or await work.fetch_entities(_ALONE, {"today": today}))[0].law
    undertaking = current_undertaking(today).naming(law.names)
    return MyCellsView(tuple(views), undertaking, work.has_role(Role.HOST), host_may(work), tuple(suspended.values()))


def my_cell(
    work: Work, cell: Cell, towns: tuple[Municipality, ...], mandates: Collection[PersonCell], text_version: str
) -> MyCell:
    """One table, from the caller's mandates there and the text of secrecy it asks for."""
    undertaken = any(
        mandate.undertaken_until is not None and mandate.undertaken_until > work.now for mandate in mandates
    )
    held = [
        Held(mandate.mandate_id, Role(mandate.role), mandate.undertaken_until, mandate.opens_at) for mandate in mandates
    ]
    roles = tuple(sorted({mandate.role for mandate in mandates}))
    opens_at, may = opening(mandates, work.now), cell_may(work, held)
    return MyCell(cell, towns, roles, undertaken, text_version, opens_at, may, *undertaking_of(mandates))
