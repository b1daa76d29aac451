"""The addressed cell as somebody who sits in it sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Date, bindparam, func, or_, select

from services.kit.clock import local_date
from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.kit.paging import page_of
from services.kit.policy import Role
from services.partner_directory.allowed import Held, cell_may
from services.partner_directory.data import Undertaking, current_undertaking
from services.partner_directory.find import MANDATES_OF, MandateView, MyCell, opening, views_of
from services.partner_directory.model import Cell, CellMunicipality, LegalBasis, Mandate, Municipality

MOST_FORMER = 1_000
"""People who sat here before, told for their names: of who left earlier pages say that they have left."""

_PLACE = (
    select(Cell, Municipality)
    .join(CellMunicipality, CellMunicipality.cell_id == Cell.cell_id)
    .join(Municipality, Municipality.nis_code == CellMunicipality.nis_code)
    .where(Cell.cell_id == bindparam("cell"), CellMunicipality.until.is_(None))
    .order_by(Municipality.nis_code)
)
# Each mandate with the law it rests on as it is today: who sits here, and what the caller may cite, in one statement.
_WITH_LAW = MANDATES_OF.add_columns(LegalBasis).outerjoin(
    LegalBasis, (LegalBasis.code == Mandate.legal_basis) & LegalBasis.in_force_on(bindparam("today", type_=Date))
)
_ALONE = _WITH_LAW.where(Mandate.person_id == bindparam("person"))
_CURRENT = Mandate.ends_at > bindparam("now")
# Of those who left, one for each name and organisation under which something of theirs may stand.
_OF_ONE = (Mandate.person_id, Mandate.organisation_id)
_LAST = (
    select(
        Mandate.mandate_id,
        Mandate.ends_at,
        func.row_number().over(partition_by=_OF_ONE, order_by=Mandate.ends_at.desc()).label("place"),
    )
    .where(Mandate.tenant_id == bindparam("tenant"))
    .subquery()
)
_FORMER = (
    select(_LAST.c.mandate_id)
    .where(_LAST.c.ends_at <= bindparam("now"), _LAST.c.place == 1)
    .order_by(_LAST.c.ends_at.desc(), _LAST.c.mandate_id.desc())
    .limit(MOST_FORMER + 1)
)
_EVERYBODY = (
    _WITH_LAW.where(or_(_CURRENT, Mandate.mandate_id.in_(_FORMER)))
    .order_by(None)
    .order_by(_CURRENT.desc(), Mandate.mandate_id.desc())
)


@dataclass(frozen=True, slots=True)
class ReadTable:
    """The one the caller addresses."""


@dataclass(frozen=True, slots=True)
class TableView:
    """The cell, the text of secrecy, the caller, who sits there, and on which legal basis the caller does.

    After them stand those who sat there, for their names; `more_before`: some who left earlier are not told.
    """

    mine: MyCell
    undertaking: Undertaking
    person_id: UUID
    mandates: tuple[MandateView, ...]
    legal_bases: tuple[LegalBasis, ...]
    more_before: bool


async def read_table(work: Work, query: ReadTable) -> TableView:
    """The table with everybody who sits or sat at it; before secrecy is accepted the caller's own place alone.

    Asked for every page: two statements beside the frame's.
    """
    mine = await own_place(work)
    today = local_date(work.now)
    asked, values = _EVERYBODY, {"tenant": work.cell_id, "today": today, "now": work.now}
    if not mine.undertaken:
        asked, values = _ALONE, values | {"person": work.actor_id}
    found = (await work.session.execute(asked, values)).all()
    rows, more = page_of(found, sum(mandate.ends_at > work.now for mandate, *_ in found) + MOST_FORMER)
    mandates = await views_of(work, [(mandate, organisation, person) for mandate, organisation, person, _ in rows])
    work.trail.count = len(mandates)
    valid = {mandate.mandate_id for mandate in work.facts.mandates}
    bases = {basis.code: basis for mandate, _, _, basis in rows if basis and mandate.mandate_id in valid}
    legal_bases = tuple(bases[code] for code in sorted(bases))
    own = [mandate for mandate, *_ in rows if mandate.mandate_id in valid]
    held = [Held(row.mandate_id, Role(row.role), row.undertaken_until, row.opens_at) for row in own]
    mine = replace(mine, opens_at=opening(own, work.now), may=cell_may(work, held))
    return TableView(mine, current_undertaking(today), work.actor_id, mandates, legal_bases, more)


async def own_place(work: Work) -> MyCell:
    """The cell and what the caller is in it."""
    found = await work.session.execute(_PLACE, {"cell": work.cell_id})
    rows = found.all()
    if not rows:
        raise CellNotFound
    towns = tuple(town for _, town in rows)
    roles = tuple(sorted({mandate.role.value for mandate in work.facts.mandates}))
    return MyCell(rows[0][0], towns, roles, work.facts.undertaken(work.now))
