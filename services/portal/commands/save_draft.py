"""What a person typed into a form is kept until it is sent, for that person alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.kit.execute import Work
from services.kit.ids import new_id
from services.portal.errors import DraftTooLarge, FormMalformed
from services.portal.model import (
    LARGEST_DRAFT,
    LONGEST_ADDRESS,
    MOST_DRAFT_BYTES,
    MOST_DRAFTS,
    Draft,
    Fields,
    draft_place,
)


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """The form by its address, and its fields as they were sent."""

    form: str
    fields: Fields = field(repr=False)


async def save_draft(work: Work, command: SaveDraft) -> tuple[str, ...]:
    """Keep it in place of an earlier one of the same form, under the same key.

    What was typed last is worth most: where a person has too many, those that were kept first give way. Answers
    their forms; this role destroys nothing, drop_draft does. Raises DraftTooLarge for one that no form of ours can be
    filled with, FormMalformed for an address that is none of ours.
    """
    if not command.form.isprintable() or len(command.form) > LONGEST_ADDRESS:
        raise FormMalformed(field="form", expected="the address of a page")
    typed = json.dumps(dict(command.fields), ensure_ascii=False)
    if len(typed.encode()) > LARGEST_DRAFT:
        raise DraftTooLarge(field="body", expected=f"at most {LARGEST_DRAFT} bytes")
    key = {"tenant_id": work.cell_id, "person_id": work.actor_id, "form": command.form}
    # The row first, whoever made it: its id names the key, and two at once must not seal under two.
    row = insert(Draft).values(**key, draft_id=new_id(), fields=b"", saved_at=work.now)
    taken = row.on_conflict_do_update(index_elements=list(key), set_={"saved_at": work.now})
    draft_id = (await work.session.execute(taken.returning(Draft.draft_id))).scalar_one()
    sealed = await work.seal(typed, draft_place(draft_id))
    await work.session.execute(update(Draft).filter_by(**key).values(fields=sealed))
    return await _too_many(work)


async def _too_many(work: Work) -> tuple[str, ...]:
    newest_first = (Draft.saved_at.desc(), Draft.draft_id.desc())
    counted = (
        select(
            Draft.form,
            func.row_number().over(order_by=newest_first).label("place"),
            func.sum(func.length(Draft.fields)).over(order_by=newest_first).label("bytes"),
        )
        .where(Draft.tenant_id == work.cell_id, Draft.person_id == work.actor_id)
        .subquery()
    )
    over = select(counted.c.form).where((counted.c.place > MOST_DRAFTS) | (counted.c.bytes > MOST_DRAFT_BYTES))
    return tuple((await work.session.execute(over)).scalars())
