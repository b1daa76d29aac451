"""What a person typed into a form and did not send."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.portal.model import Draft, DraftRef, Fields, draft_place, kept_at


@dataclass(frozen=True, slots=True)
class FindDrafts:
    """The form by its address."""

    form: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """Its fields as they were sent, when and on what, and of which opening of the form."""

    ref: DraftRef
    opened: UUID
    fields: Fields = field(repr=False)
    saved_at: datetime
    device: str


async def find_drafts(work: Work, query: FindDrafts) -> tuple[DraftView, ...]:
    """The caller's own of this form, newest first; none that is over."""
    rows = await work.session.scalars(
        select(Draft)
        .where(
            Draft.tenant_id == work.cell_id,
            Draft.person_id == work.actor_id,
            Draft.form == query.form,
            kept_at(work.now),
        )
        .order_by(Draft.saved_at.desc(), Draft.draft_id.desc())
    )
    found = [
        DraftView(
            DraftRef(row.draft_id, row.version), row.opened,
            json.loads(await work.open(row.fields, draft_place(row.draft_id))), row.saved_at, row.device,
        )
        for row in rows.all()
    ]  # fmt: skip
    work.trail.count = len(found)
    return tuple(found)
