"""Figures as a table."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.load import Figures


@dataclass(frozen=True, slots=True)
class Measure:
    """One line: what, over how many connections, the runs' figures, and what we aim at (None: nothing said)."""

    name: str
    connections: int
    per_second: Sequence[float]
    p50: Sequence[float]
    p99: Sequence[float]
    target: str = ""
    of_limit: float | None = None

    @property
    def median(self) -> float:
        """Answers a second, the middle of the runs."""
        return statistics.median(self.per_second)

    def line(self) -> str:
        """A row of the table."""
        ratio = f"{self.of_limit:6.1%}" if self.of_limit is not None else "      "
        p50 = f"{statistics.median(self.p50):8.2f} {_spread(self.p50):>13}" if self.p50 else " " * 22
        p99 = f"{statistics.median(self.p99):8.2f}" if self.p99 else " " * 8
        rate = f"{self.median:9.1f} {_spread(self.per_second):>15}"
        return f"{self.name:28} {self.connections:4} {rate} {p50} {p99} {ratio}  {self.target}"


def measure_of(
    name: str, connections: int, runs: Sequence[Figures], target: str = "", limit: float | None = None
) -> Measure:
    """What these runs found; `limit` is what this machine does with nothing on top."""
    rates = [run.per_second for run in runs]
    ratio = statistics.median(rates) / limit if limit else None
    return Measure(name, connections, rates, [run.p50 for run in runs], [run.p99 for run in runs], target, ratio)


HEAD = (
    f"{'what':28} {'conn':>4} {'per s':>9} {'min-max':>15} {'p50 ms':>8} {'min-max':>13} {'p99 ms':>8} "
    f"{'of FastAPI':>10}  target"
)


def _spread(values: Sequence[float]) -> str:
    return f"{min(values):.1f}-{max(values):.1f}"


def table(measures: Sequence[Measure]) -> str:
    """All lines under their head."""
    return "\n".join([HEAD, *(measure.line() for measure in measures)])
