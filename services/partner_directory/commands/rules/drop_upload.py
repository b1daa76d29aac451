"""A file that was never handed in whole is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from services.kit.execute import Work
from services.partner_directory.model import Rules, RulesPart


@dataclass(frozen=True, slots=True)
class DropUpload:
    """Which."""

    upload_id: UUID


async def drop_upload(work: Work, command: DropUpload) -> bool:
    """Empty its parts, unless they became rules meanwhile. Whether there was something."""
    used = select(Rules.rules_id).where(Rules.tenant_id == work.cell_id, Rules.upload_id == command.upload_id)
    if await work.session.scalar(used) is not None:
        return False
    emptied = await work.session.scalars(
        update(RulesPart)
        .where(RulesPart.tenant_id == work.cell_id, RulesPart.upload_id == command.upload_id)
        .where(RulesPart.content.is_not(None))
        .values(content=None)
        .returning(RulesPart.place)
    )
    work.trail.count = len(emptied.all())
    return work.trail.count > 0
