"""What a person typed into a form is kept until it is sent, for that person alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from sqlalchemy.dialects.postgresql import insert

from services.kit.execute import Work
from services.portal.model import Draft, Fields, draft_id_of, draft_place


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """The form by its address, and its fields as they were sent."""

    form: str
    fields: Fields = field(repr=False)


async def save_draft(work: Work, command: SaveDraft) -> None:
    """Keep it in place of an earlier one of the same form."""
    draft_id = draft_id_of(work.actor_id, command.form)
    values = {
        "draft_id": draft_id,
        "fields": await work.seal(json.dumps(dict(command.fields)), draft_place(draft_id)),
        "saved_at": work.now,
    }
    row = {"tenant_id": work.cell_id, "person_id": work.actor_id, "form": command.form, **values}
    await work.session.execute(
        insert(Draft).values(row).on_conflict_do_update(index_elements=["tenant_id", "person_id", "form"], set_=values)
    )
