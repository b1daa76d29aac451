"""The public keys by which the other services check signed facts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.partner_directory.model import FactKey, on_platform


@dataclass(frozen=True, slots=True)
class GetFactKeys:
    """All that are not forgotten."""


async def get_fact_keys(work: Work, query: GetFactKeys) -> dict[UUID, bytes]:
    """32 bytes each, by key id. Not recorded: public, it says nothing about anybody, and is asked every few minutes."""
    on_platform(work.cell_id)
    return {
        row.key_id: row.public_key for row in await work.session.execute(select(FactKey.key_id, FactKey.public_key))
    }
