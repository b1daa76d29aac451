"""The holder of a seat is away for some days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.partner_directory.changing import locked, tell_changed
from services.partner_directory.model import Absence, Window
from services.partner_directory.standing_in import allow_mark_absent, check_absence


@dataclass(frozen=True, slots=True)
class MarkAbsent:
    """Which mandate's holder, and the days, both inclusive."""

    mandate_id: UUID
    first_day: date
    last_day: date


async def mark_absent(work: Work, command: MarkAbsent) -> Receipt:
    """Mark the holder absent; who is the deputy for that counts on these days, within a second of their beginning."""
    holder, _ = await locked(work, command.mandate_id)
    allow_mark_absent(work, holder)
    days = Window(command.first_day, command.last_day)
    mine = (Absence.tenant_id == work.cell_id, Absence.mandate_id == holder.mandate_id)
    check_absence(work, holder, days, (await work.session.scalars(select(Absence).where(*mine))).all())
    absence = Absence(
        tenant_id=work.cell_id,
        absence_id=new_id(),
        mandate_id=holder.mandate_id,
        starts_at=days.starts_at,
        ends_at=days.ends_at,
        marked_by=work.actor_id,
        marked_at=work.now,
        version=1,
    )
    work.session.add(absence)
    await work.session.flush()
    # The holder's fact is told as well, so that open pages read who is away.
    await tell_changed(work, holder)
    return Receipt(absence.absence_id, "MARKED", absence.version)
