"""The last day of a mandate is over."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.partner_directory.changing import forget_address
from services.partner_directory.events import publish_mandates
from services.partner_directory.lacking import warn_of_lack
from services.partner_directory.model import Mandate


@dataclass(frozen=True, slots=True)
class ExpireMandate:
    """Which mandate."""

    mandate_id: UUID


async def expire_mandate(work: Work, command: ExpireMandate) -> bool:
    """Tell that it is over: the log says so, and pages that are open hear it. Whether it was.

    Access ended already: every wall compares the moment with the end (invariant 15). One that was ended by somebody, or
    lasts longer by now, is not touched.
    """
    mandate = await work.session.scalar(
        select(Mandate)
        .where(Mandate.tenant_id == work.cell_id, Mandate.mandate_id == command.mandate_id)
        .with_for_update()
    )
    if mandate is None or mandate.end_reason is not None or mandate.ends_at > work.now:
        return False
    work.trail.count = 1
    work.trail.detail |= {"mandate": str(mandate.mandate_id), "role_ended": mandate.role}
    await forget_address(work, mandate.mandate_id)
    await publish_mandates(work, mandate)
    await warn_of_lack(work, mandate)
    return True
