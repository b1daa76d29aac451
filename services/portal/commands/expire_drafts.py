"""Drafts that nobody took up again are forgotten after seven days, what was left out when sharing after fourteen."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, not_

from services.kit.execute import Work
from services.portal.model import Draft, kept_at


@dataclass(frozen=True, slots=True)
class ExpireDrafts:
    """All that are too old."""


async def expire_drafts(work: Work, command: ExpireDrafts) -> int:
    """How many there were; their keys are destroyed with them."""
    old = delete(Draft).where(Draft.tenant_id == work.cell_id, not_(kept_at(work.now))).returning(Draft.draft_id)
    dropped = list((await work.session.execute(old)).scalars())
    await work.keyring.destroy(dropped)
    work.trail.count = len(dropped)
    return work.trail.count
