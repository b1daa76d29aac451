"""The forms a person began and did not send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from services.kit.execute import Work
from services.portal.model import DRAFTS_KEPT, Draft


@dataclass(frozen=True, slots=True)
class ListDrafts:
    """The caller's own."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A form by its address, and when it was kept; nothing of what was typed."""

    form: str
    saved_at: datetime


async def list_drafts(work: Work, query: ListDrafts) -> tuple[DraftLine, ...]:
    """Newest first, at most twenty."""
    rows = await work.session.execute(
        select(Draft.form, Draft.saved_at)
        .where(
            Draft.tenant_id == work.cell_id,
            Draft.person_id == work.actor_id,
            Draft.saved_at >= work.now - DRAFTS_KEPT,
        )
        .order_by(Draft.saved_at.desc())
        .limit(20)
    )
    lines = tuple(DraftLine(row.form, row.saved_at) for row in rows)
    work.trail.count = len(lines)
    return lines
