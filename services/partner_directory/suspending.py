"""The host suspends a cell from the platform; what happens in the cell is an act of a named process there.

Neither side sees the other's tenant: the host asks across the wall, and reads a receipt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.kit.asking import Question
from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.allowed import STAND_INS
from services.partner_directory.changing import lock_mandates, tell_changed
from services.partner_directory.events import cell_changed
from services.partner_directory.model import Cell, Mandate
from services.partner_directory.noticing import notice


@dataclass(frozen=True, slots=True)
class StopThere(Question[Receipt]):
    """Suspend that cell, for this reason."""

    cell_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class GoOnThere(Question[Receipt]):
    """Resume that cell."""

    cell_id: UUID


async def mandates_of_cell(work: Work, those: ColumnElement[bool]) -> list[Mandate]:
    """All of the cell that may count once more, without oversight: it reads the log meanwhile."""
    here = (Mandate.ends_at > work.now) & Mandate.end_reason.is_(None) & (Mandate.role != Role.OVERSIGHT) & those
    return await lock_mandates(work, here)


async def tell_cell(work: Work, cell: Cell, mandates: Sequence[Mandate], kind: NoticeKind) -> Receipt:
    """Tell all services, and write to coordinator and mayor without a word of content. A last act."""
    await tell_changed(work, *mandates)
    work.publish(cell_changed(cell))
    for person_id in sorted({mandate.person_id for mandate in mandates if _is_told(work, mandate)}):
        await notice(work, person_id, kind, cell.cell_id, urgent=True)
    work.trail.count = len(mandates)
    return Receipt(cell.cell_id, cell.state, cell.version)


def _is_told(work: Work, mandate: Mandate) -> bool:
    return mandate.role in STAND_INS and mandate.suspended_at is None and mandate.starts_at <= work.now


async def people_of_suspended(work: Work, person_id: UUID) -> Sequence[Mandate]:
    """What of a person would count now if the cell were not suspended."""
    valid = select(Mandate).where(
        Mandate.tenant_id == work.cell_id, Mandate.person_id == person_id, Mandate.cell_suspended_at.is_not(None),
        Mandate.starts_at <= work.now, Mandate.ends_at > work.now, Mandate.end_reason.is_(None),
        Mandate.suspended_at.is_(None),
    )  # fmt: skip
    return (await work.session.scalars(valid.order_by(Mandate.mandate_id))).all()
