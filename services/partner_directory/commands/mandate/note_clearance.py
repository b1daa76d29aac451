"""The clearance of somebody of the police ends soon, or has ended."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.clock import last_day_of
from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.partner_directory.events import publish_mandates
from services.partner_directory.lacking import warn_of_lack
from services.partner_directory.model import CLEARANCE_WARNED, Mandate
from services.partner_directory.noticing import notice


@dataclass(frozen=True, slots=True)
class NoteClearance:
    """Of which mandate."""

    mandate_id: UUID


async def note_clearance(work: Work, command: NoteClearance) -> bool:
    """Note in the log that it ends in 60 or 14 days, or is over, and have open pages read it. Whether it does.

    Ahead of the end its holder is written to; coordinator and mayor find it among what waits.

    It takes nothing away: a clearance that is over takes no seat, for every session compares the moment with its end
    (invariant 3).
    """
    mandate = await work.session.scalar(
        select(Mandate)
        .where(Mandate.tenant_id == work.cell_id, Mandate.mandate_id == command.mandate_id)
        .with_for_update()
    )
    if mandate is None or mandate.end_reason is not None or mandate.ends_at <= work.now:
        return False
    ends_at = mandate.clearance_ends_at
    if ends_at is None:
        return False
    work.at(mandate.next_warning(work.now), "clearance", mandate.mandate_id)
    if ends_at - CLEARANCE_WARNED[0] > work.now:
        return False
    work.trail.count = 1
    work.trail.detail |= {
        "mandate": str(mandate.mandate_id),
        "clearance": "over" if ends_at <= work.now else "ends",
        "last_day": last_day_of(ends_at).isoformat(),
    }
    await publish_mandates(work, mandate)
    if ends_at > work.now:
        await work.session.flush()
        await notice(work, mandate.person_id, NoticeKind.CLEARANCE_ENDS, mandate.mandate_id, until=ends_at)
    else:
        await warn_of_lack(work, mandate)
    return True
