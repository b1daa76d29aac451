"""The forms a person began and did not send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from services.kit.execute import Work
from services.portal.model import IS_DRAFT, Draft, DraftRef, kept_at


@dataclass(frozen=True, slots=True)
class ListDrafts:
    """The caller's own."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A form by its address, when and on what it was kept; nothing of what was typed."""

    ref: DraftRef
    form: str
    saved_at: datetime
    device: str

    @property
    def address(self) -> str:
        """Where it is gone on with."""
        return f"{self.form}?draft={self.ref.draft_id}"


async def list_drafts(work: Work, query: ListDrafts) -> tuple[DraftLine, ...]:
    """All of them, newest first: how many there can be is held back where they are kept."""
    rows = await work.session.execute(
        select(Draft.draft_id, Draft.version, Draft.form, Draft.saved_at, Draft.device)
        .where(
            Draft.tenant_id == work.cell_id,
            Draft.person_id == work.actor_id,
            IS_DRAFT,
            kept_at(work.now),
        )
        .order_by(Draft.saved_at.desc(), Draft.draft_id.desc())
    )
    lines = tuple(DraftLine(DraftRef(row.draft_id, row.version), row.form, row.saved_at, row.device) for row in rows)
    work.trail.count = len(lines)
    return lines
