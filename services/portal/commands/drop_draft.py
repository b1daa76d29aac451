"""A form was sent, or its draft is not wanted any more."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, or_, tuple_

from services.kit.execute import Work
from services.portal.model import Draft, DraftRef


@dataclass(frozen=True, slots=True)
class DropDraft:
    """Drafts as they were seen, or all of the forms at an address and below it."""

    refs: tuple[DraftRef, ...] = ()
    form: str = ""


async def drop_draft(work: Work, command: DropDraft) -> None:
    """Forget them and destroy their keys; none is no error, and one that was kept anew since stays."""
    seen = tuple_(Draft.draft_id, Draft.version).in_([(ref.draft_id, ref.version) for ref in command.refs])
    below = Draft.form.startswith(f"{command.form}/", autoescape=True)
    which = or_(Draft.form == command.form, below) if command.form else seen
    mine = delete(Draft).where(Draft.tenant_id == work.cell_id, Draft.person_id == work.actor_id, which)
    dropped = list((await work.session.execute(mine.returning(Draft.draft_id))).scalars())
    for draft_id in dropped:
        work.concern(draft_id)
        work.at(None, "draft", draft_id)
    await work.keyring.destroy(dropped)
    work.trail.count = len(dropped)
