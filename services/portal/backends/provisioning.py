"""Long work of the host: a cell for every present municipality of a region. Bounded, one at a time, stops cleanly.

How far it is, the directory knows: whatever happens to this process, the next start goes on where it was.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import RondetafelError
from services.kit.principal import PLATFORM
from services.portal.backends.calls import Caller, Refused

logger = logging.getLogger(__name__)

AT_ONCE = 4
MOST_FAILURES = 10
"""After so many the work stops and says so: something is wrong that more tries do not mend."""


class Stage(StrEnum):
    """Where the work stands."""

    IDLE = "idle"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True)
class Progress:
    """How far the work of this process is: towns that have a cell now, of how many."""

    stage: Stage = Stage.IDLE
    done: int = 0
    total: int = 0
    failures: int = 0


CallerNow = Callable[[], Awaitable[Caller]]
"""The caller with a token good now: the work may outlast one."""


class ProvisioningJob:
    """Makes the cells of a region, at most one such work at a time in this process."""

    def __init__(self) -> None:
        self.progress = Progress()
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether it is at work."""
        return self.progress.stage is Stage.RUNNING

    def start(self, towns: Sequence[pb.Municipality], caller: CallerNow) -> None:
        """Begin; nothing when it is at work already."""
        if self.running:
            return
        self.progress = Progress(Stage.RUNNING, total=len(towns))
        self._task = asyncio.create_task(self._run(list(towns), caller), name="provisioning")

    async def stop(self) -> None:
        """End it; the cell being made is made, or not."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            if self.running:
                self.progress.stage = Stage.FAILED

    async def _run(self, towns: list[pb.Municipality], caller: CallerNow) -> None:
        waiting = iter(towns)
        try:
            await asyncio.gather(*(self._work(waiting, caller) for _ in range(AT_ONCE)))
        except Exception:
            logger.exception("provisioning ended by an error")
            self.progress.stage = Stage.FAILED
            return
        self.progress.stage = Stage.DONE if self.progress.done == self.progress.total else Stage.FAILED

    async def _work(self, waiting: object, caller: CallerNow) -> None:
        for town in waiting:  # type: ignore[attr-defined]
            if self.progress.failures >= MOST_FAILURES:
                return
            await self._make(town, caller)

    async def _make(self, town: pb.Municipality, caller: CallerNow) -> None:
        try:
            acting = await caller()
            wanted = pb.CreateCellRequest(nis_codes=[town.nis_code])
            await acting.ask(acting.services.cell.CreateCell, wanted, PLATFORM, str(uuid4()))
        except Refused as refused:
            if refused.problem.code != "CellExists":
                self.progress.failures += 1
                return
        except RondetafelError:
            self.progress.failures += 1
            return
        self.progress.done += 1
