"""A draft that nobody took up again is erased after seven days, what was left out when sharing after fourteen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, not_

from services.kit.execute import Work
from services.portal.model import Draft, kept_at


@dataclass(frozen=True, slots=True)
class ExpireDraft:
    """Which draft."""

    draft_id: UUID


async def expire_draft(work: Work, command: ExpireDraft) -> bool:
    """Erase it with its key, unless it was kept anew since. Whether it was."""
    over = delete(Draft).where(
        Draft.tenant_id == work.cell_id, Draft.draft_id == command.draft_id, not_(kept_at(work.now))
    )
    dropped = list((await work.session.execute(over.returning(Draft.draft_id))).scalars())
    for draft_id in dropped:
        work.concern(draft_id)
    await work.keyring.destroy(dropped)
    work.trail.count = len(dropped)
    return bool(dropped)
