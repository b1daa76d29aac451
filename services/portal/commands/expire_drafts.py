"""Drafts that nobody took up again are forgotten after seven days."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete

from services.kit.execute import Work
from services.portal.model import DRAFTS_KEPT, Draft


@dataclass(frozen=True, slots=True)
class ExpireDrafts:
    """All that are too old."""


async def expire_drafts(work: Work, command: ExpireDrafts) -> int:
    """How many there were; their keys are destroyed with them."""
    old = (
        delete(Draft)
        .where(Draft.tenant_id == work.cell_id, Draft.saved_at < work.now - DRAFTS_KEPT)
        .returning(Draft.draft_id)
    )
    dropped = list((await work.session.execute(old)).scalars())
    await work.keyring.destroy(dropped)
    work.trail.count = len(dropped)
    return work.trail.count
