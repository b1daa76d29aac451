"""The present municipalities of a region."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from services.kit.clock import local_date
from services.kit.execute import Work
from services.partner_directory.model import Municipality, on_platform


@dataclass(frozen=True, slots=True)
class ListMunicipalities:
    """Of which region."""

    region: str


async def list_municipalities(work: Work, query: ListMunicipalities) -> tuple[Municipality, ...]:
    """Those that exist today, by NIS code; public data, a whole region at once."""
    on_platform(work.cell_id)
    today = local_date(work.now)
    found = await work.session.scalars(
        select(Municipality)
        .where(Municipality.region == query.region)
        .where(or_(Municipality.valid_from.is_(None), Municipality.valid_from <= today))
        .where(or_(Municipality.valid_to.is_(None), Municipality.valid_to >= today))
        .order_by(Municipality.nis_code)
    )
    towns = tuple(found)
    work.trail.count = len(towns)
    return towns
