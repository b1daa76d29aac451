"""How everything here is measured: so many runs of so many seconds, after a warm-up."""

from __future__ import annotations

import os

from tests.bench.load import Request, load
from tests.bench.report import Measure, measure_of

RUNS = 3
SECONDS = float(os.environ.get("RONDETAFEL_BENCH_SECONDS", "3"))
WARM_SECONDS = SHORT_SECONDS = min(SECONDS, 1)
"""Of a run that warms up, and of those where each answer takes as long as the others."""
CASES = int(os.environ.get("RONDETAFEL_BENCH_CASES", "20000"))
"""In all cells together; figures are worth something with the full number only."""
CONNECTIONS = (1, 8)


async def measured(
    name: str, url: str, request: Request, connections: int, *, target: str = "", limit: float | None = None,
    seconds: float = SECONDS,
) -> Measure:  # fmt: skip
    """Three runs after a warm-up; `limit` is what this machine does with nothing on top."""
    await load(url, request, connections, WARM_SECONDS)
    runs = [await load(url, request, connections, seconds) for _ in range(RUNS)]
    measure = measure_of(name, connections, runs, target, limit)
    print(measure.line(), flush=True)
    return measure
