"""Somebody of the host asks that a cell that lost everybody gets somebody again: the first of three."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.kit.vault import AssociatedData
from services.partner_directory.errors import TooManyRecoveries
from services.partner_directory.invitation import Asked, InOrder, in_order, lock_cell
from services.partner_directory.model import (
    MOST_RECOVERIES,
    RECOVERY_TERM,
    Done,
    Recovery,
    RecoveryState,
    on_platform,
)
from services.partner_directory.posting import tell_town
from services.partner_directory.recovering import announced, expect_lost


@dataclass(frozen=True, slots=True)
class ProposeRecovery:
    """For which cell, who, for which organisation, as mayor or coordinator, where, when, on which basis."""

    cell_id: UUID
    email: str
    given_name: str
    family_name: str
    kbo_number: str
    role: Role
    nis_codes: tuple[str, ...]
    first_day: date
    last_day: date
    legal_basis: str

    @property
    def asked(self) -> Asked:
        """What is asked for, without the person."""
        return Asked(
            self.kbo_number, self.role, self.nis_codes, self.first_day, self.last_day, self.legal_basis, None
        )  # fmt: skip


async def propose_recovery(work: Work, command: ProposeRecovery) -> Receipt:
    """Put it before a second of the host and before oversight. Nobody is asked who the person is; nothing is given."""
    on_platform(work.cell_id)
    fitting = await in_order(work, command.asked, None, command.cell_id)
    expect_lost(work, command.cell_id)
    await lock_cell(work, command.cell_id)
    waiting = select(func.count()).where(
        Recovery.tenant_id == work.cell_id,
        Recovery.cell_id == command.cell_id,
        Recovery.state != RecoveryState.CONFIRMED,
        Recovery.proposed_at > work.now - RECOVERY_TERM,
    )
    if (await work.session.scalar(waiting) or 0) >= MOST_RECOVERIES:
        raise TooManyRecoveries
    recovery = await _recovery(work, command, fitting)
    work.session.add(recovery)
    work.at(work.now + RECOVERY_TERM, "recovery", recovery.recovery_id)
    tell_town(work, announced(work, recovery, Done.RECOVERY_PROPOSED))
    work.trail.detail |= {"cell": str(command.cell_id), "state": RecoveryState.PROPOSED}
    return Receipt(recovery.recovery_id, RecoveryState.PROPOSED, 1)


async def _recovery(work: Work, command: ProposeRecovery, fitting: InOrder) -> Recovery:
    recovery_id = new_id()

    async def sealed(column: str) -> bytes:
        return await work.seal(getattr(command, column), AssociatedData(work.cell_id, "recovery", column, recovery_id))

    return Recovery(
        tenant_id=work.cell_id,
        recovery_id=recovery_id,
        cell_id=command.cell_id,
        state=RecoveryState.PROPOSED,
        email=await sealed("email"),
        given_name=await sealed("given_name"),
        family_name=await sealed("family_name"),
        kbo_number=command.kbo_number,
        role=command.role,
        nis_codes=sorted(fitting.nis_codes),
        first_day=command.first_day,
        last_day=command.last_day,
        legal_basis=command.legal_basis,
        proposed_by=work.actor_id,
        proposed_at=work.now,
        version=1,
    )
