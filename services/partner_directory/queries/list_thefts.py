"""When somebody said that it was another who signed in; for the host, of nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.paging import page_of
from services.kit.principal import PLATFORM
from services.partner_directory.model import Theft, on_platform


@dataclass(frozen=True, slots=True)
class ListThefts:
    """One page, newest first, after the report `cursor`."""

    page_size: int
    cursor: UUID | None


@dataclass(frozen=True, slots=True)
class TheftView:
    """One report, and when the sign-in service and the tables had been told."""

    theft_id: UUID
    reported_at: datetime
    followed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TheftPage:
    """A page; `next_cursor` is None on the last."""

    thefts: tuple[TheftView, ...]
    next_cursor: UUID | None


async def list_thefts(work: Work, query: ListThefts) -> TheftPage:
    """Moments alone: whose it was the database shows nobody."""
    on_platform(work.cell_id)
    asked = select(Theft.theft_id, Theft.reported_at, Theft.followed_at).where(Theft.tenant_id == PLATFORM)
    if query.cursor is not None:
        asked = asked.where(Theft.theft_id < query.cursor)
    newest = asked.order_by(Theft.theft_id.desc()).limit(query.page_size + 1)
    rows, more = page_of((await work.session.execute(newest)).all(), query.page_size)
    thefts = tuple(TheftView(*row) for row in rows)
    work.trail.count = len(thefts)
    return TheftPage(thefts, thefts[-1].theft_id if more else None)
