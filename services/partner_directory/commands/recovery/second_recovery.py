"""Another of the host says yes to a recovery: the second of three."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.model import Done, on_platform
from services.partner_directory.posting import tell_town
from services.partner_directory.recovering import announced, expect_lost, locked_recovery


@dataclass(frozen=True, slots=True)
class SecondRecovery:
    """Which recovery, in the version last read."""

    recovery_id: UUID
    expected_version: int


async def second_recovery(work: Work, command: SecondRecovery) -> Receipt:
    """Say yes; from now on oversight of the cell may confirm it. Never by who proposed it."""
    on_platform(work.cell_id)
    recovery = await locked_recovery(work, command.recovery_id)
    recovery.second(command.expected_version, at=work.now, by=work.actor_id)
    expect_lost(work, recovery.cell_id)
    tell_town(work, announced(work, recovery, Done.RECOVERY_SECONDED))
    await work.session.flush()
    work.trail.detail |= {"cell": str(recovery.cell_id), "state": recovery.state}
    return Receipt(recovery.recovery_id, recovery.state, recovery.version)
