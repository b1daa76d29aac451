"""The last day of an invitation to a circle is over."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.case.events import invitation_expired
from services.case.model import CircleEntry
from services.kit.execute import Work


@dataclass(frozen=True, slots=True)
class ExpireCircleInvitation:
    """Which invitation."""

    entry_id: UUID


async def expire_circle_invitation(work: Work, command: ExpireCircleInvitation) -> bool:
    """Tell that it is over: the log says so, and pages that are open hear it. Whether it was.

    Access ended already: every wall, also that of the meeting service, compares the moment with the end (invariant 15).
    One that somebody ended was told then. The case is not touched, so nobody's page of it grows old.
    """
    entry = await work.session.scalar(
        select(CircleEntry).where(
            CircleEntry.tenant_id == work.cell_id, CircleEntry.entry_id == command.entry_id,
            CircleEntry.person_id.is_not(None), CircleEntry.ended_by.is_(None), CircleEntry.ends_at <= work.now,
        )
    )  # fmt: skip
    if entry is None:
        return False
    work.concern(entry.object_id)
    work.trail.count = 1
    work.publish(invitation_expired(entry))
    return True
