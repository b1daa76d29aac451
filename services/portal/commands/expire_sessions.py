"""Sessions that ran out so long ago that no late form can come of them any more are forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete

from services.kit.execute import Work
from services.portal.model import IDLE, LONGEST, PARKED, Session


@dataclass(frozen=True, slots=True)
class ExpireSessions:
    """All that are too old."""


async def expire_sessions(work: Work, command: ExpireSessions) -> int:
    """How many there were. Nobody is told: their tokens ran out before."""
    before = work.now - PARKED
    ran_out = (Session.last_used_at <= before - IDLE) | (Session.started_at <= before - LONGEST)
    old = delete(Session).where(Session.tenant_id == work.cell_id, ran_out).returning(Session.session_id)
    work.trail.count = len((await work.session.execute(old)).all())
    return work.trail.count
