"""The addressed cell as somebody who sits in it sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Date, bindparam, select

from services.kit.clock import local_date
from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.kit.policy import Role
from services.partner_directory.allowed import Held, cell_may
from services.partner_directory.data import Undertaking, current_undertaking
from services.partner_directory.find import MANDATES_OF, MandateView, MyCell, opening, views_of
from services.partner_directory.model import Cell, CellMunicipality, LegalBasis, Mandate, Municipality

MOST_MANDATES = 500

_PLACE = (
    select(Cell, Municipality)
    .join(CellMunicipality, CellMunicipality.cell_id == Cell.cell_id)
    .join(Municipality, Municipality.nis_code == CellMunicipality.nis_code)
    .where(Cell.cell_id == bindparam("cell"), CellMunicipality.until.is_(None))
    .order_by(Municipality.nis_code)
)
# Each mandate with the law it rests on as it is today: who sits here, and what the caller may cite, in one statement.
_EVERYBODY = (
    MANDATES_OF.add_columns(LegalBasis)
    .outerjoin(
        LegalBasis,
        (LegalBasis.code == Mandate.legal_basis) & LegalBasis.in_force_on(bindparam("today", type_=Date)),
    )
    .limit(MOST_MANDATES)
)
_ALONE = _EVERYBODY.where(Mandate.person_id == bindparam("person"))


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

    Asked for every page: two statements beside the frame's.
    """
    mine = await own_place(work)
    today = local_date(work.now)
    asked, values = _EVERYBODY, {"tenant": work.cell_id, "today": today}
    if not mine.undertaken:
        asked, values = _ALONE, values | {"person": work.actor_id}
    rows = (await work.session.execute(asked, values)).all()
    mandates = await views_of(work, [(mandate, organisation, person) for mandate, organisation, person, _ in rows])
    work.trail.count = len(mandates)
    valid = {mandate.mandate_id for mandate in work.facts.mandates}
    bases = {basis.code: basis for mandate, _, _, basis in rows if basis and mandate.mandate_id in valid}
    legal_bases = tuple(bases[code] for code in sorted(bases))
    own = [mandate for mandate, *_ in rows if mandate.mandate_id in valid]
    held = [Held(row.mandate_id, Role(row.role), row.undertaken_until, row.opens_at) for row in own]
    mine = replace(mine, opens_at=opening(own, work.now), may=cell_may(work, held))
    return TableView(mine, current_undertaking(today), work.actor_id, mandates, legal_bases)


async def own_place(work: Work) -> MyCell:
    """The cell and what the caller is in it."""
    found = await work.session.execute(_PLACE, {"cell": work.cell_id})
    rows = found.all()
    if not rows:
        raise CellNotFound
    towns = tuple(town for _, town in rows)
    roles = tuple(sorted({mandate.role.value for mandate in work.facts.mandates}))
    return MyCell(rows[0][0], towns, roles, work.facts.undertaken(work.now))
