"""What an act costs: processor milliseconds of each process, taken beside throughput.

They say what a change costs or spares also on a machine that is busy with other things, where answers a second do not.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from deploy.local.platform import Platform
from tests.bench.acts import Log, Tally
from tests.bench.load import Figures, Request, load
from tests.bench.measure import CONNECTIONS, RUNS, SECONDS, WARM_SECONDS
from tests.bench.processor import LOAD, PARTS, processor_seconds
from tests.bench.scene import Scene

Look: TypeAlias = Callable[[], Mapping[str, float]]
"""Processor seconds so far, by part."""
Settled: TypeAlias = Callable[[], Awaitable[None]]
"""Returns when nothing is under way any more."""

REST_SECONDS = 5
MANY_AT_ONCE = CONNECTIONS[-1]
PAGES = ("home", "case")
GOALS = {
    "create": (3.5, 450), "list 20": (3.0, 600), "read": (3.0, 600), "page: home": (10, 150), "page: case": (10, 150),
}  # fmt: skip
"""Milliseconds of all processes together, and answers a second."""
SHORT = {"case": "case", "postgres": "PostgreSQL", "nats": "NATS", "partner_directory": "directory"}


@dataclass(frozen=True, slots=True)
class Cost:
    """One act for somebody in so many circles: each run's milliseconds per answer by part, its answers a second, and
    the middle of how long they took."""

    name: str
    circles: int
    per_second: Sequence[float]
    p50: Sequence[float]
    milliseconds: Mapping[str, Sequence[float]]

    @property
    def together(self) -> list[float]:
        """All that was used for it, run by run; the load generator is not part of it."""
        parts = [runs for part, runs in self.milliseconds.items() if part != LOAD]
        return [sum(run) for run in zip(*parts, strict=True)]

    @property
    def median_together(self) -> float:
        """The middle of the runs."""
        return statistics.median(self.together)

    @property
    def median_rate(self) -> float:
        """The same of the answers a second."""
        return statistics.median(self.per_second)

    def line(self) -> str:
        """A row under HEAD."""
        parts = [f"{statistics.median(self.milliseconds[part]):10.2f}" for part in (*PARTS, LOAD)]
        goal, per_second = GOALS[self.name]
        spread = f"{min(self.together):.1f}-{max(self.together):.1f}"
        return (
            f"{self.name:11} {self.circles:7} {self.median_together:7.2f} {spread:>11} {''.join(parts)} "
            f"{self.median_rate:8.1f} {goal:7.1f} {per_second:7}"
        )


HEAD = (
    f"{'act, ms':11} {'circles':>7} {'all':>7} {'min-max':>11} "
    + "".join(f"{SHORT.get(part, part).removesuffix(' generator'):>10}" for part in (*PARTS, LOAD))
    + f" {'per s':>8} {'goal ms':>7} {'goal /s':>7}"
)


async def costs(platform: Platform, scenes: Sequence[Scene], log: Log, tally: Tally) -> list[Cost]:
    """Of each act in each scene. Creating goes last: what it leaves waits on the coordinator's start page."""
    url, found = platform.instance.portal_url, []
    look = partial(processor_seconds, platform)
    resting = await at_rest(look, log.settled)
    print(HEAD, flush=True)
    for scene in scenes:
        doors = await scene.doors(url, tally)
        pages = {f"page: {page.name}": asked for page, asked in scene.pages.requests.items() if page.name in PAGES}
        acts = {**pages, "list 20": doors["list 20"], "read": doors["read"], "create": doors["create"]}
        for name, request in acts.items():
            cost = await cost_of(name, scene.circles, url, request, look, log.settled, resting)
            print(cost.line(), flush=True)
            found.append(cost)
    return found


async def at_rest(look: Look, settled: Settled) -> Mapping[str, float]:
    """Processor seconds a second by part while nothing is asked."""
    await settled()
    before, started = look(), time.monotonic()
    await asyncio.sleep(REST_SECONDS)
    after, elapsed = look(), time.monotonic() - started
    return {part: (seconds - before[part]) / elapsed for part, seconds in after.items()}


async def cost_of(
    name: str, circles: int, url: str, request: Request, look: Look, settled: Settled, resting: Mapping[str, float]
) -> Cost:
    """Three runs after a warm-up; what follows an answer has settled before each look, so that its share is whole.

    What runs anyway is not counted while the load is over and only the log is waited for.
    """
    await load(url, request, MANY_AT_ONCE, WARM_SECONDS)
    runs, spent = [], []
    for _ in range(RUNS):
        await settled()
        before, started = look(), time.monotonic()
        run = await load(url, request, MANY_AT_ONCE, SECONDS)
        await settled()
        after, elapsed = look(), time.monotonic() - started
        runs.append(run)
        spent.append(per_answer(before, after, resting, elapsed, run))
    milliseconds = {part: [run[part] for run in spent] for part in spent[0]}
    return Cost(name, circles, [run.per_second for run in runs], [run.p50 for run in runs], milliseconds)


def per_answer(
    before: Mapping[str, float], after: Mapping[str, float], resting: Mapping[str, float], elapsed: float, run: Figures
) -> dict[str, float]:
    """Milliseconds by part between two looks, `elapsed` seconds apart."""
    waited = max(0.0, elapsed - run.answers / run.per_second)
    return {part: max(0.0, after[part] - before[part] - resting[part] * waited) * 1000 / run.answers for part in after}


def table_of(costs: Sequence[Cost]) -> str:
    """All rows under their head."""
    return "\n".join([HEAD, *(cost.line() for cost in costs)])
