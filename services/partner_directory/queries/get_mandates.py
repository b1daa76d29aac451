"""The mandates of one person in one cell, for the other services when they have not heard the heartbeat."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.errors import CellNotFound
from services.kit.execute import Work
from services.partner_directory.model import Mandate
from services.partner_directory.queries.read_fact_version import NEWEST


@dataclass(frozen=True, slots=True)
class GetMandates:
    """Whose."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class MandatesView:
    """All mandates of the person here, ended ones too; all facts up to `fact_version` are contained."""

    mandates: tuple[Mandate, ...]
    fact_version: int


async def get_mandates(work: Work, query: GetMandates) -> MandatesView:
    """What the person may represent in the cell.

    Raises CellNotFound when there is nothing: a person without mandate there and a cell that does not exist are the
    same to the asking service, and a made-up cell gets no log (invariant 17).
    """
    # First the number, then the facts: those committed in between are contained as well.
    newest = (await work.session.execute(NEWEST)).scalar_one()
    found = await work.session.scalars(
        select(Mandate)
        .where(Mandate.tenant_id == work.cell_id, Mandate.person_id == query.person_id)
        .order_by(Mandate.mandate_id)
    )
    mandates = tuple(found)
    if not mandates:
        raise CellNotFound
    work.trail.count = len(mandates)
    return MandatesView(mandates, newest)
