"""Figures as a table and as JSON."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


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
        spread = f"{min(self.per_second):.0f}-{max(self.per_second):.0f}"
        ratio = f"{self.of_limit:6.1%}" if self.of_limit is not None else "      "
        p50 = f"{statistics.median(self.p50):8.2f}" if self.p50 else " " * 8
        p99 = f"{statistics.median(self.p99):8.2f}" if self.p99 else " " * 8
        return f"{self.name:34} {self.connections:4} {self.median:9.0f} {spread:>13} {p50} {p99} {ratio}  {self.target}"


HEAD = f"{'what':34} {'conn':>4} {'per s':>9} {'min-max':>13} {'p50 ms':>8} {'p99 ms':>8} {'of FastAPI':>10}  target"


def table(measures: Sequence[Measure]) -> str:
    """All lines under their head."""
    return "\n".join([HEAD, *(one.line() for one in measures)])


def save(path: Path, measures: Sequence[Measure], facts: dict[str, object]) -> None:
    """The same for programs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"measures": [asdict(one) | {"median": one.median} for one in measures], **facts}
    path.write_text(json.dumps(content, indent=2, default=str))
