"""A form was sent, or its draft is not wanted any more."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete

from services.kit.execute import Work
from services.portal.model import Draft


@dataclass(frozen=True, slots=True)
class DropDraft:
    """The form by its address."""

    form: str


async def drop_draft(work: Work, command: DropDraft) -> None:
    """Forget it and destroy its key; no draft is no error."""
    mine = (Draft.tenant_id == work.cell_id, Draft.person_id == work.actor_id, Draft.form == command.form)
    dropped = list((await work.session.execute(delete(Draft).where(*mine).returning(Draft.draft_id))).scalars())
    for draft_id in dropped:
        work.concern(draft_id)
    await work.keyring.destroy(dropped)
    work.trail.count = len(dropped)
