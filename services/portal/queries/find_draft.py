"""What a person typed into a form and did not send."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from services.kit.execute import Work
from services.portal.model import DRAFTS_KEPT, Draft, Fields, draft_place


@dataclass(frozen=True, slots=True)
class FindDraft:
    """The form by its address."""

    form: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """Its fields as they were sent, and when."""

    fields: Fields = field(repr=False)
    saved_at: datetime


async def find_draft(work: Work, query: FindDraft) -> DraftView | None:
    """The caller's own draft of this form, None when there is none younger than seven days."""
    row = await work.session.scalar(
        select(Draft).where(
            Draft.tenant_id == work.cell_id,
            Draft.person_id == work.actor_id,
            Draft.form == query.form,
            Draft.saved_at >= work.now - DRAFTS_KEPT,
        )
    )
    if row is None:
        return None
    work.trail.count = 1
    return DraftView(json.loads(await work.open(row.fields, draft_place(row.draft_id))), row.saved_at)
