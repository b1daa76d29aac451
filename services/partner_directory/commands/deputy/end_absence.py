"""The holder of a seat is back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.changing import locked, tell_changed
from services.partner_directory.errors import AbsenceNotFound
from services.partner_directory.model import Absence
from services.partner_directory.standing_in import allow_end_absence


@dataclass(frozen=True, slots=True)
class EndAbsence:
    """Which absence, in the version last read."""

    absence_id: UUID
    expected_version: int


async def end_absence(work: Work, command: EndAbsence) -> Receipt:
    """End it now, before it began too; the deputy's turn ends with it, everywhere within a second (invariant 15)."""
    named = (Absence.tenant_id == work.cell_id, Absence.absence_id == command.absence_id)
    mandate_id = await work.session.scalar(select(Absence.mandate_id).where(*named))
    if mandate_id is None:
        raise AbsenceNotFound
    holder, _ = await locked(work, mandate_id)
    absence = (await work.session.scalars(select(Absence).where(*named))).one()
    allow_end_absence(work, holder, absence, command.expected_version)
    absence.ends_at, absence.ended_by = max(absence.starts_at, work.now), work.actor_id
    await work.session.flush()
    await tell_changed(work, holder)
    return Receipt(absence.absence_id, "ENDED", absence.version)
