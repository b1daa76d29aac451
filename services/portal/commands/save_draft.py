"""What a person typed into a form is kept until it is sent, for that person alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from services.kit.execute import Work
from services.kit.ids import new_id
from services.portal.model import Draft, Fields, draft_place


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """The form by its address, and its fields as they were sent."""

    form: str
    fields: Fields = field(repr=False)


async def save_draft(work: Work, command: SaveDraft) -> None:
    """Keep it in place of an earlier one of the same form, under the same key."""
    key = {"tenant_id": work.cell_id, "person_id": work.actor_id, "form": command.form}
    # The row first, whoever made it: its id names the key, and two at once must not seal under two.
    row = insert(Draft).values(**key, draft_id=new_id(), fields=b"", saved_at=work.now)
    taken = row.on_conflict_do_update(index_elements=list(key), set_={"saved_at": work.now})
    draft_id = (await work.session.execute(taken.returning(Draft.draft_id))).scalar_one()
    sealed = await work.seal(json.dumps(dict(command.fields)), draft_place(draft_id))
    await work.session.execute(update(Draft).filter_by(**key).values(fields=sealed))
