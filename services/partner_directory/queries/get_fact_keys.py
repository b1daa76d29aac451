"""The public keys by which the other services check signed facts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from services.kit.execute import Work
from services.partner_directory.model import KEY_KEPT, FactKey, on_platform


@dataclass(frozen=True, slots=True)
class GetFactKeys:
    """All by which something may still be checked."""


async def get_fact_keys(work: Work, query: GetFactKeys) -> dict[UUID, bytes]:
    """32 bytes each, by key id. Not recorded: public, it says nothing about anybody, and is asked every few minutes."""
    on_platform(work.cell_id)
    later = aliased(FactKey)
    replaced = exists().where(later.created_at > FactKey.created_at, later.created_at <= work.now - KEY_KEPT)
    told = await work.session.execute(select(FactKey.key_id, FactKey.public_key).where(~replaced))
    return {row.key_id: row.public_key for row in told}
