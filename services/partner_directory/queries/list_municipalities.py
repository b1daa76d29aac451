"""The present municipalities of a region."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

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
    found = await work.session.scalars(
        select(Municipality)
        .where(Municipality.region == query.region, Municipality.present_on(local_date(work.now)))
        .order_by(Municipality.nis_code)
    )
    towns = tuple(found)
    work.trail.count = len(towns)
    return towns
