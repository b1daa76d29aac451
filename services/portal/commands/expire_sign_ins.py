"""Sign-ins that ran out are forgotten: a late form proves by itself whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete

from services.kit.execute import Work
from services.portal.model import LONGEST, SITTING, SignIn


@dataclass(frozen=True, slots=True)
class ExpireSignIns:
    """All that ran out, whether the person sat in a session or not."""


async def expire_sign_ins(work: Work, command: ExpireSignIns) -> int:
    """How many there were. Nobody is told: their tokens ran out before."""
    ran_out = (SignIn.last_used_at <= work.now - SITTING) | (SignIn.started_at <= work.now - LONGEST)
    old = delete(SignIn).where(SignIn.tenant_id == work.cell_id, ran_out).returning(SignIn.sign_in_id)
    work.trail.count = len((await work.session.execute(old)).all())
    return work.trail.count
