"""What is to be announced still."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from services.kit.execute import Work
from services.partner_directory.model import Announcement

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class ListAnnouncements:
    """The oldest first."""


async def list_announcements(work: Work, query: ListAnnouncements) -> tuple[Announcement, ...]:
    """Those to be recorded. Not recorded itself: it says nothing about anybody, every second."""
    waiting = select(Announcement).where(Announcement.recorded_at.is_(None))
    return tuple(await work.session.scalars(waiting.order_by(Announcement.announcement_id).limit(AT_ONCE)))
