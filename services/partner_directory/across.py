"""The questions of a recovery across the wall between platform and cell.

Each is asked as a named process, in a transaction and with a record of its own: neither side sees the other's tenant.
"""

from __future__ import annotations

from uuid import UUID

from services.kit.execute import Executor
from services.kit.principal import PLATFORM, system
from services.partner_directory.queries.open_recovery import OpenRecovery, open_recovery
from services.partner_directory.queries.read_stand_ins import ReadStandIns, read_stand_ins
from services.partner_directory.recovering import Named

NAME = "partner_directory.recovery"


class Recovering:
    """Asks them of the same directory. One per process."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def anybody_left(self, cell_id: UUID) -> bool:
        """Whether the cell has somebody who can say yes, now or planned."""
        return await self._executor.run(system(NAME, cell_id), read_stand_ins, ReadStandIns())

    async def named(self, recovery_id: UUID) -> Named:
        """Who is proposed. Raises RecoveryNotFound."""
        return await self._executor.run(system(NAME, PLATFORM), open_recovery, OpenRecovery(recovery_id))
