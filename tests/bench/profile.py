"""`python -m tests.bench.profile [SERVICE ...]`: where the time goes in the portal, or others, while pages are opened.

Runs mixed pages at eight connections and py-spy beside it; prints the functions that most samples are in, and keeps the
stacks below .run/bench/ for a flame graph. RONDETAFEL_BENCH_SECONDS and RONDETAFEL_BENCH_CASES as for the bench. py-spy
must be allowed to look into processes: root, or kernel.yama.ptrace_scope = 0.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import Counter
from pathlib import Path

import uvloop

from deploy.local.instance import REPOSITORY
from deploy.local.platform import Platform
from tests.bench.acts import Tally
from tests.bench.load import Figures, load
from tests.bench.measure import CONNECTIONS, SECONDS
from tests.bench.scene import MANY, arranged
from tests.e2e.fresh import fresh_table
from tests.instances import running_platform

PY_SPY = Path(sys.executable).with_name("py-spy")
KEPT = REPOSITORY / ".run" / "bench"
SAMPLES_PER_SECOND = 200
SHOWN = 30
OURS = re.compile(r"\((services/|rondetafel/|[a-z_/]+\.html)")


async def profile(services: list[str]) -> None:
    """A platform of its own with our cell alone; pages are warm before the first sample."""
    async with running_platform() as platform, fresh_table(platform) as own:
        pages = (await arranged(platform, own, MANY, Tally())).pages.mixed()
        url = platform.instance.portal_url
        await load(url, pages, CONNECTIONS[-1], min(SECONDS, 2))
        watching = [asyncio.create_task(_sampled(platform, service)) for service in services]
        figures = await load(url, pages, CONNECTIONS[-1], SECONDS + 1)
        _tell(figures, dict(zip(services, await asyncio.gather(*watching), strict=True)))


async def _sampled(platform: Platform, service: str) -> Path:
    """The stacks of one process, one line each with how often it was seen."""
    pid = next(name.process.pid for name in platform.services if name.name == service)
    file = KEPT / f"{service}.stacks"
    file.parent.mkdir(parents=True, exist_ok=True)
    command = [
        str(PY_SPY), "record", "--pid", str(pid), "--duration", str(max(1, round(SECONDS))), "--rate",
        str(SAMPLES_PER_SECOND), "--format", "raw", "--function", "--nonblocking", "--output", str(file),
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    if await process.wait() != 0:
        raise SystemExit(f"py-spy could not look into {service}")
    return file


def _tell(figures: Figures, files: dict[str, Path]) -> None:
    print(f"\nMixed pages while sampled: {figures.per_second:.0f}/s, p50 {figures.p50:.1f} ms")
    for service, file in files.items():
        inside, alone, total = counted(file.read_text())
        # Of what others made, only what takes time itself says something.
        ours = Counter({frame: samples for frame, samples in inside.items() if OURS.search(frame)})
        print(f"\n{service} ({file.relative_to(REPOSITORY)}): share of the samples")
        for title, found in (("in a function of ours and what it calls", ours), ("in a function alone", alone)):
            print(f"{title}:")
            for function, samples in found.most_common(SHOWN):
                print(f"{samples / total:7.1%}  {function}")


def counted(stacks: str) -> tuple[Counter[str], Counter[str], int]:
    """Samples in each function with what it calls, in it alone, and all."""
    inside, alone, total = Counter[str](), Counter[str](), 0
    for line in stacks.splitlines():
        stack, _, seen = line.rpartition(" ")
        if not stack:
            continue
        frames, samples = stack.split(";"), int(seen)
        total += samples
        alone[frames[-1]] += samples
        inside.update(dict.fromkeys(frames, samples))
    return inside, alone, total


if __name__ == "__main__":
    uvloop.run(profile(sys.argv[1:] or ["portal"]))
