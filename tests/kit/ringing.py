"""A process of its own that runs what is due until nothing is: to be killed. Told on its standard input."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from deploy.local.servers import Servers
from services.kit.database import Database
from services.kit.policy import DatabaseRole
from tests.harness import Cell, Harness, TestClock
from tests.kit.bells import POLICY, Tower

COMMAND = (sys.executable, "-m", "tests.kit.ringing")


@dataclass(frozen=True, slots=True)
class Ringer:
    """One such process, at work."""

    process: asyncio.subprocess.Process

    def begin(self) -> None:
        """Until then it does nothing."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")

    def kill(self) -> None:
        """-9."""
        self.process.kill()

    async def ended(self) -> int:
        """Its exit code."""
        return await self.process.wait()


async def ringer(servers: Servers, tower: Tower) -> Ringer:
    """Start one on the tower's database and kind, at the tower's moment; returns when it is ready to begin."""
    told = {
        "urls": {role.value: url for role, url in servers.postgres.working_urls("case").items()},
        "cell": str(tower.cell.cell_id),
        "kind": tower.kind,
        "now": tower.harness.clock.now.isoformat(),
    }
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*COMMAND, stdin=pipe, stdout=pipe)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(told).encode() + b"\n")
    await process.stdin.drain()
    await process.stdout.readline()
    return Ringer(process)


async def _ring(told: dict[str, str], urls: dict[str, str]) -> None:
    database = Database({DatabaseRole(role): url for role, url in urls.items()}, size=2)
    harness = Harness("case", database, POLICY, TestClock(datetime.fromisoformat(told["now"])))  # type: ignore[arg-type]
    tower = Tower(harness, Cell(harness, UUID(told["cell"]), ()), told["kind"])
    print("ready", flush=True)
    sys.stdin.readline()
    await tower.ring()
    await database.close()


if __name__ == "__main__":
    told = json.loads(sys.stdin.readline())
    asyncio.run(_ring(told, told.pop("urls")))
