"""What falls due for a mandate: that it ends, and that secrecy does, each told 30 days before and at its moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.partner_directory.model import Mandate

TOLD_BEFORE = timedelta(days=30)


def remind(work: Work, mandate: Mandate) -> None:
    """Set, move or cancel all terms of a mandate, as it now is. To be called whenever one of its ends was changed.

    An undertaking that ends with its mandate has no terms of its own.
    """
    ends_at = None if mandate.end_reason is not None else mandate.ends_at
    secret_until = mandate.undertaken_until
    if ends_at is None or secret_until is None or secret_until >= ends_at:
        secret_until = None
    work.at(ends_at, "mandate", mandate.mandate_id)
    work.at(_before(work, ends_at), "mandate_notice", mandate.mandate_id)
    work.at(secret_until, "undertaking", mandate.mandate_id)
    work.at(_before(work, secret_until), "undertaking_notice", mandate.mandate_id)


def is_near(work: Work, end: datetime | None) -> bool:
    """Whether this end is to come, in 30 days at most."""
    return end is not None and end - TOLD_BEFORE <= work.now < end


async def mandate_in_force(work: Work, mandate_id: UUID) -> Mandate | None:
    """A mandate that nobody ended, locked; on the platform in an act about it alone."""
    return await work.session.scalar(
        select(Mandate)
        .where(Mandate.tenant_id == work.cell_id, Mandate.mandate_id == mandate_id, Mandate.end_reason.is_(None))
        .with_for_update()
    )


def _before(work: Work, end: datetime | None) -> datetime | None:
    """When it is told that this end comes; of one that is nearer than that nothing is."""
    if end is None or end - TOLD_BEFORE <= work.now:
        return None
    return end - TOLD_BEFORE
