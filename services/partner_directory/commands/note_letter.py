"""The mail server took the letter to a town's contact."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.partner_directory.model import Announcement


@dataclass(frozen=True, slots=True)
class NoteLetter:
    """Of which announcement."""

    announcement_id: UUID


async def note_letter(work: Work, command: NoteLetter) -> None:
    """Note when it was taken, once; the record stands in the platform's log."""
    found = await work.session.scalar(
        select(Announcement).where(Announcement.announcement_id == command.announcement_id).with_for_update()
    )
    if found is not None and found.sent_at is None:
        work.trail.detail["cell"] = str(found.cell_id)
        found.sent_at = work.now
