"""The addressed cell as somebody who sits in it sees it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Date, bindparam, select

from services.kit.clock import local_date
from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.partner_directory.data import Undertaking, current_undertaking
from services.partner_directory.find import MANDATES_OF, MandateView, MyCell, views_of
from services.partner_directory.model import Cell, CellMunicipality, LegalBasis, Mandate, Municipality

MOST_MANDATES = 500

_PLACE = (
    select(Cell, Municipality)
    .join(CellMunicipality, CellMunicipality.cell_id == Cell.cell_id)
    .join(Municipality, Municipality.nis_code == CellMunicipality.nis_code)
    .where(Cell.cell_id == bindparam("cell"), CellMunicipality.until.is_(None))
    .order_by(Municipality.nis_code)
)
_EVERYBODY = MANDATES_OF.limit(MOST_MANDATES)
_ALONE = _EVERYBODY.where(Mandate.person_id == bindparam("person"))
_LEGAL_BASES = (
    select(LegalBasis)
    .where(
        LegalBasis.code.in_(bindparam("codes", expanding=True)), LegalBasis.in_force_on(bindparam("today", type_=Date))
    )
    .order_by(LegalBasis.code)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadTable:
    """The one the caller addresses."""


@dataclass(frozen=True, slots=True)
class TableView:
    """The cell, the text of secrecy, the caller, who sits or sat there, and on which legal basis the caller does."""

    mine: MyCell
    undertaking: Undertaking
    person_id: UUID
    mandates: tuple[MandateView, ...]
    legal_bases: tuple[LegalBasis, ...]


async def read_table(work: Work, query: ReadTable) -> TableView:
    """The table with everybody who sits or sat at it; before secrecy is accepted the caller's own place alone.

    Asked for every page: three statements beside the frame's.
    """
    mine = await own_place(work)
    asked, values = _EVERYBODY, {"tenant": work.cell_id}
    if not mine.undertaken:
        asked, values = _ALONE, values | {"person": work.actor_id}
    mandates = await views_of(work, (await work.session.execute(asked, values)).all())
    work.trail.count = len(mandates)
    undertaking = current_undertaking(local_date(work.now))
    return TableView(mine, undertaking, work.actor_id, mandates, await own_legal_bases(work))


async def own_place(work: Work) -> MyCell:
    """The cell and what the caller is in it."""
    found = await work.session.execute(_PLACE, {"cell": work.cell_id})
    rows = found.all()
    if not rows:
        raise CellNotFound
    towns = tuple(town for _, town in rows)
    roles = tuple(sorted({one.role.value for one in work.facts.mandates}))
    return MyCell(rows[0][0], towns, roles, work.facts.undertaken(work.now))


async def own_legal_bases(work: Work) -> tuple[LegalBasis, ...]:
    """Those the caller's valid mandates name, as they are in force today, by code."""
    values = {"codes": [one.legal_basis for one in work.facts.mandates], "today": local_date(work.now)}
    return tuple(await work.session.scalars(_LEGAL_BASES, values))
