"""`python -m tests.bench.idle [SECONDS [bare]]`: what the platform costs while nobody asks anything of it.

Starts a platform of its own, lets it come to rest, and looks for a minute: processor time and memory of each part.
`bare` leaves out Keycloak and the gate.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import uvloop

from deploy.local.platform import Platform
from deploy.local.servers import Servers, issue_certificates
from deploy.local.together import together
from tests.instances import new_instance, running_platform

REST_SECONDS = 20.0
SECONDS = 60.0
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Idle:
    """One part: percent of one core, megabytes of its own (PSS: what is shared is shared out), turns a second."""

    name: str
    percent: float
    megabytes: float
    resident: float
    switches: float

    def line(self) -> str:
        """For people."""
        return (
            f"{self.name:18} {self.percent:6.2f} % of a core {self.megabytes:7.1f} MB PSS {self.resident:7.1f} MB RSS "
            f"{self.switches:7.1f} turns/s"
        )


async def idle(platform: Platform, seconds: float = SECONDS) -> list[Idle]:
    """Each part over these seconds; last the five services together."""
    parts = {service.name: service.process.pid for service in platform.services}
    servers = (platform.postgres, platform.nats, platform.keycloak, platform.gate)
    before = {name: _used(pid) for name, pid in [*parts.items(), *((part.name, part.process.pid) for part in servers)]}
    await asyncio.sleep(seconds)
    found = []
    for name, pid in [*parts.items(), *((part.name, part.process.pid) for part in servers)]:
        (used, turns), (used_before, turns_before) = _used(pid), before[name]
        own, resident = _memory(pid)
        percent = 100 * (used - used_before) / seconds
        found.append(Idle(name, percent, own, resident, (turns - turns_before) / seconds))
    ours = found[: len(parts)]
    names = ("percent", "megabytes", "resident", "switches")
    return [*found, Idle("five services", *(sum(getattr(part, name) for part in ours) for name in names))]


def _all(pid: int | None) -> Iterator[psutil.Process]:
    """A process and those below it: PostgreSQL has one per connection."""
    if pid is not None:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            yield process
            yield from process.children(recursive=True)


def _used(pid: int | None) -> tuple[float, int]:
    """Processor seconds so far, also of children that have ended, and how often a thread took its turn."""
    seconds, turns = 0.0, 0
    for process in _all(pid):
        with suppress(psutil.NoSuchProcess, FileNotFoundError):
            times = process.cpu_times()
            seconds += times.user + times.system + times.children_user + times.children_system
            for thread in Path(f"/proc/{process.pid}/task").iterdir():
                status = (thread / "status").read_text().splitlines()
                turns += sum(int(line.split()[1]) for line in status if "ctxt_switches" in line)
    return seconds, turns


def _memory(pid: int | None) -> tuple[float, float]:
    own, resident = 0, 0
    for process in _all(pid):
        with suppress(psutil.NoSuchProcess, FileNotFoundError):
            memory = process.memory_full_info()
            own, resident = own + memory.pss, resident + memory.rss
    return own / MEGABYTE, resident / MEGABYTE


@asynccontextmanager
async def _bare() -> AsyncIterator[Platform]:
    """The services and their two servers."""
    with new_instance() as instance:
        platform, servers = Platform(instance), Servers(instance)
        instance.lay_out()
        issue_certificates(instance)
        try:
            await together(platform.start_server("postgres"), platform.start_server("nats"))
            await together(servers.postgres.provision(), servers.nats.provision())
            for service in platform.services:
                await service.migrate()
                await platform.start_server(service.name)
            yield platform
        finally:
            await platform.stop()


async def main(seconds: float, *, bare: bool) -> None:
    """Start, rest, look, tell."""
    async with _bare() if bare else running_platform() as platform:
        await asyncio.sleep(REST_SECONDS)
        for part in await idle(platform, seconds):
            print(part.line(), flush=True)


if __name__ == "__main__":
    uvloop.run(main(float(sys.argv[1]) if sys.argv[1:] else SECONDS, bare=sys.argv[2:] == ["bare"]))
