"""Which events of the sign-in service were recorded: each once, over restarts and beside other processes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from services.kit.errors import AlreadyHandled
from services.kit.execute import Work
from services.partner_directory.model import OVERLAP, EventStream, SeenEvent


async def mark_seen(work: Work, stream: EventStream, events: Sequence[tuple[UUID, datetime]]) -> int:
    """How many of these were new; raises AlreadyHandled when none was. Those no poll can fetch again are forgotten."""
    rows = [
        {"tenant_id": work.cell_id, "stream": stream.value, "event_id": event_id, "happened_at": at}
        for event_id, at in events
    ]
    marked = insert(SeenEvent).values(rows).on_conflict_do_nothing().returning(SeenEvent.event_id)
    new = len((await work.session.execute(marked)).scalars().all())
    if not new:
        raise AlreadyHandled
    mine = (SeenEvent.tenant_id == work.cell_id, SeenEvent.stream == stream.value)
    newest = select(func.max(SeenEvent.happened_at)).where(*mine).scalar_subquery()
    await work.session.execute(delete(SeenEvent).where(*mine, SeenEvent.happened_at < newest - OVERLAP))
    return new


async def pseudonyms(work: Work, source: str, subject: str) -> dict[str, str]:
    """Keyed pseudonyms of an address and an account; nothing for what is not known."""
    told = {"source": source, "subject": subject}
    return {name: (await work.keyring.blind(value, name)).hex()[:32] for name, value in told.items() if value}
