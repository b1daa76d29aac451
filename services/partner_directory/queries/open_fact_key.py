"""The key to sign with, opened, for the directory's own process alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from services.kit.execute import Work
from services.partner_directory.model import FactKey, on_platform


@dataclass(frozen=True, slots=True)
class OpenFactKey:
    """Which one, as `renew_fact_key` told."""

    key_id: UUID


@dataclass(frozen=True, slots=True)
class OpenedFactKey:
    """Its 32 bytes; they are kept in memory and shown nowhere. Before `since` there was no key at all."""

    key_id: UUID
    since: datetime
    seed: bytes = field(repr=False)


async def open_fact_key(work: Work, query: OpenFactKey) -> OpenedFactKey:
    """Open the private half."""
    on_platform(work.cell_id)
    key = (await work.session.scalars(select(FactKey).where(FactKey.key_id == query.key_id))).one()
    since = (await work.session.scalars(select(func.min(FactKey.created_at)))).one()
    return OpenedFactKey(key.key_id, since, bytes.fromhex(await work.keyring.open(key.sealed, key.associated_data)))
