"""The recoveries that wait."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.paging import page_of
from services.kit.principal import PLATFORM
from services.partner_directory.model import RECOVERY_TERM, Organisation, Recovery
from services.partner_directory.recovering import Named, WhoIsProposed


@dataclass(frozen=True, slots=True)
class ListRecoveries:
    """One page, newest first, after the recovery `cursor`."""

    page_size: int
    cursor: UUID | None


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """A recovery that waits, its organisation, and who is proposed."""

    recovery: Recovery
    organisation: Organisation
    named: Named


@dataclass(frozen=True, slots=True)
class RecoveryPage:
    """A page; `next_cursor` is None on the last."""

    recoveries: tuple[RecoveryView, ...]
    next_cursor: UUID | None


async def list_recoveries(work: Work, query: ListRecoveries) -> RecoveryPage:
    """Oversight sees those of its cell, the host's people all, with who is proposed: whom they say yes to."""
    asked = (
        select(Recovery, Organisation)
        .join(Organisation, Organisation.kbo_number == Recovery.kbo_number)
        # Who is forgotten was confirmed, or is over.
        .where(Recovery.tenant_id == PLATFORM, Recovery.email.is_not(None))
        .where(Recovery.proposed_at > work.now - RECOVERY_TERM)
        .order_by(Recovery.recovery_id.desc())
        .limit(query.page_size + 1)
    )
    if work.cell_id != PLATFORM:
        asked = asked.where(Recovery.cell_id == work.cell_id)
    if query.cursor is not None:
        asked = asked.where(Recovery.recovery_id < query.cursor)
    shown, more = page_of((await work.session.execute(asked)).all(), query.page_size)
    names = work.ask_all([WhoIsProposed(recovery.recovery_id) for recovery, _ in shown])
    views = tuple(
        RecoveryView(recovery, organisation, named)
        for (recovery, organisation), named in zip(shown, names, strict=True)
    )
    work.trail.count = len(views)
    return RecoveryPage(views, views[-1].recovery.recovery_id if more else None)
