"""What is to be announced still."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from services.kit.execute import Work
from services.partner_directory.find import find_towns
from services.partner_directory.model import Announcement, Cell, Municipality

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class ListAnnouncements:
    """The oldest first; with `letters` those whose letter waits too."""

    letters: bool


@dataclass(frozen=True, slots=True)
class AnnouncementView:
    """An announcement, the cell it is about, and its towns."""

    announcement: Announcement
    cell: Cell
    towns: tuple[Municipality, ...]


async def list_announcements(work: Work, query: ListAnnouncements) -> tuple[AnnouncementView, ...]:
    """Those to be recorded, and those whose letter waits. Not recorded: it says nothing about anybody, every second."""
    waits: ColumnElement[bool] = Announcement.recorded_at.is_(None)
    if query.letters:
        waits = or_(waits, Announcement.sent_at.is_(None) & (Cell.contact != ""))
    rows = (
        await work.session.execute(
            select(Announcement, Cell)
            .join(Cell, Cell.cell_id == Announcement.cell_id)
            .where(waits)
            .order_by(Announcement.announcement_id)
            .limit(AT_ONCE)
        )
    ).all()
    if not rows:
        return ()
    towns = await find_towns(work, {cell.cell_id for _, cell in rows})
    return tuple(AnnouncementView(row, cell, towns[cell.cell_id]) for row, cell in rows)
