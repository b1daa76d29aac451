"""Up to where the events of the sign-in service are in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.partner_directory.model import OVERLAP, EventStream, SeenEvent


@dataclass(frozen=True, slots=True)
class ReadEventPosition:
    """Of one of its two lists."""

    stream: EventStream


@dataclass(frozen=True, slots=True)
class EventPosition:
    """Fetch from `since` on; those in `seen` are recorded already."""

    since: datetime
    seen: frozenset[UUID]


async def read_event_position(work: Work, query: ReadEventPosition) -> EventPosition:
    """Not recorded: it is asked every few seconds and reads ids and moments alone."""
    rows = select(SeenEvent.event_id, SeenEvent.happened_at).where(
        SeenEvent.tenant_id == work.cell_id, SeenEvent.stream == query.stream.value
    )
    found = (await work.session.execute(rows)).all()
    since = max((at for _, at in found), default=datetime(1970, 1, 1, tzinfo=UTC) + OVERLAP) - OVERLAP
    return EventPosition(since, frozenset(event_id for event_id, _ in found))
