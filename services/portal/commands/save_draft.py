"""What a person typed into a form is kept until it is sent, for that person alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, insert, select, update

from services.kit.execute import Work
from services.kit.ids import new_id
from services.portal.errors import DraftTooLarge, FormMalformed
from services.portal.model import (
    DRAFTS_KEPT,
    IS_DRAFT,
    LARGEST_DRAFT,
    LONGEST_ADDRESS,
    MOST_DRAFT_BYTES,
    MOST_DRAFTS,
    Draft,
    DraftRef,
    Fields,
    draft_place,
)


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """The form by its address and opening, its fields as they were sent, and the draft the page was shown with."""

    form: str
    opened: UUID
    fields: Fields = field(repr=False)
    began: DraftRef | None = None
    device: str = ""
    days: int = DRAFTS_KEPT.days


@dataclass(frozen=True, slots=True)
class Saved:
    """Where it is kept; whether there is another text of the same opening; what has to give way for it."""

    ref: DraftRef
    beside: bool
    too_many: tuple[DraftRef, ...]


async def save_draft(work: Work, command: SaveDraft) -> Saved:
    """Keep it in place of the draft the page began from, under the same key. Kept anew since by another page, that one
    stays, and this one is kept beside it.

    What was typed last is worth most: where a person has too many, those that were kept first give way. This role
    destroys nothing, drop_draft does. Raises DraftTooLarge for one that no form of ours can be filled with,
    FormMalformed for an address that is none of ours.
    """
    if not command.form.isprintable() or len(command.form) > LONGEST_ADDRESS:
        raise FormMalformed(field="form", expected="the address of a page")
    typed = json.dumps(dict(command.fields), ensure_ascii=False)
    if len(typed.encode()) > LARGEST_DRAFT:
        raise DraftTooLarge(field="body", expected=f"at most {LARGEST_DRAFT} bytes")
    mine = await _of_this_opening(work, command)
    same = await _same(work, mine, typed)
    ref = DraftRef(same.draft_id, same.version) if same else await _write(work, command, mine, typed)
    return Saved(ref, any(row.draft_id != ref.draft_id for row in mine), await _too_many(work))


async def _of_this_opening(work: Work, command: SaveDraft) -> Sequence[Draft]:
    """Locked, so that of two pages that began from one draft only the first takes its place."""
    mine = select(Draft).where(Draft.tenant_id == work.cell_id, Draft.person_id == work.actor_id)
    opened = mine.where(Draft.form == command.form, Draft.opened == command.opened)
    return (await work.session.scalars(opened.order_by(Draft.draft_id).with_for_update())).all()


async def _same(work: Work, mine: Sequence[Draft], typed: str) -> Draft | None:
    """Sent twice is kept once."""
    for row in mine:
        if await work.open(row.fields, draft_place(row.draft_id)) == typed:
            return row
    return None


async def _write(work: Work, command: SaveDraft, mine: Sequence[Draft], typed: str) -> DraftRef:
    began = command.began if any(DraftRef(row.draft_id, row.version) == command.began for row in mine) else None
    ref = DraftRef(began.draft_id, began.version + 1) if began else DraftRef(new_id(), 1)
    values = {
        "version": ref.version, "device": command.device, "saved_at": work.now,
        "fields": await work.seal(typed, draft_place(ref.draft_id)),
    }  # fmt: skip
    key = {"tenant_id": work.cell_id, "person_id": work.actor_id, "draft_id": ref.draft_id}
    if began:
        await work.session.execute(update(Draft).filter_by(**key).values(values))
    else:
        row = insert(Draft).values(**key, form=command.form, opened=command.opened, days=command.days, **values)
        await work.session.execute(row)
    days = next((row.days for row in mine if row.draft_id == ref.draft_id), command.days)
    work.at(work.now + timedelta(days=days), "draft", ref.draft_id)
    return ref


async def _too_many(work: Work) -> tuple[DraftRef, ...]:
    newest_first = (Draft.saved_at.desc(), Draft.draft_id.desc())
    counted = (
        select(
            Draft.draft_id,
            Draft.version,
            func.row_number().over(order_by=newest_first).label("place"),
            func.sum(func.length(Draft.fields)).over(order_by=newest_first).label("bytes"),
        )
        .where(Draft.tenant_id == work.cell_id, Draft.person_id == work.actor_id, IS_DRAFT)
        .subquery()
    )
    over = (counted.c.place > MOST_DRAFTS) | (counted.c.bytes > MOST_DRAFT_BYTES)
    rows = await work.session.execute(select(counted.c.draft_id, counted.c.version).where(over))
    return tuple(DraftRef(row.draft_id, row.version) for row in rows)
