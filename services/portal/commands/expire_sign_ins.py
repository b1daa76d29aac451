"""Sign-ins that ran out so long ago that no late form can come of them any more are forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete

from services.kit.execute import Work
from services.portal.model import IDLE, LONGEST, PARKED, SignIn


@dataclass(frozen=True, slots=True)
class ExpireSignIns:
    """All that are too old."""


async def expire_sign_ins(work: Work, command: ExpireSignIns) -> int:
    """How many there were. Nobody is told: their tokens ran out before."""
    before = work.now - PARKED
    ran_out = (SignIn.last_used_at <= before - IDLE) | (SignIn.started_at <= before - LONGEST)
    old = delete(SignIn).where(SignIn.tenant_id == work.cell_id, ran_out).returning(SignIn.sign_in_id)
    work.trail.count = len((await work.session.execute(old)).all())
    return work.trail.count
