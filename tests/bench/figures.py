"""Figures by name, as docs/performance.json keeps them, and whether one has changed beyond its noise."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.local.instance import REPOSITORY
from tests.bench.costs import Cost
from tests.bench.frame import FrameCost
from tests.bench.idle import Idle
from tests.bench.page_measures import Details
from tests.bench.report import Measure

KEPT = REPOSITORY / "docs" / "performance.json"
MORE_IS_BETTER = ("/s", "% in time")
NOTICED = 0.05
"""Of a figure: what is less is the same, however little the runs differed."""
ALONE = 0.15
"""The same of what was measured once: nobody knows how much it differs by itself."""
TOGETHER, RATE = "together", "per second"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, as often as it was measured."""

    unit: str
    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the runs."""
        return statistics.median(self.runs)

    @property
    def noise(self) -> float:
        """How much the runs differ."""
        return max(self.runs) - min(self.runs)


Figures = dict[str, Figure]


def of_measures(measures: Iterable[Measure]) -> Figures:
    """Answers a second and the middle latency."""
    found = {}
    for measure in measures:
        name = f"{measure.name}, {measure.connections} at once"
        found[f"{name}: {RATE}"] = Figure("/s", tuple(measure.per_second))
        if measure.p50:
            found[f"{name}: p50"] = Figure("ms", tuple(measure.p50))
    return found


def of_costs(costs: Iterable[Cost]) -> Figures:
    """Milliseconds of each part and of all, and answers a second."""
    found = {}
    for cost in costs:
        name = cost_name(cost.name, cost.circles)
        found[f"{name}: {TOGETHER}"] = Figure("ms", tuple(cost.together))
        found |= {f"{name}: {part}": Figure("ms", tuple(runs)) for part, runs in cost.milliseconds.items()}
        found[f"{name}: {RATE}"] = Figure("/s", tuple(cost.per_second))
        found[f"{name}: p50"] = Figure("ms", tuple(cost.p50))
    return found


def cost_name(act: str, circles: int) -> str:
    """What the figures of one act in one scene begin with."""
    return f"{act}, {circles} circles"


def of_pages(rows: Iterable[Details]) -> Figures:
    """How long the portal itself took, and what a page weighs."""
    found = {}
    for row in rows:
        found[f"{row.name} page: in the portal"] = Figure("ms", (row.time.mean,))
        found[f"{row.name} page: within 50 ms"] = Figure("% in time", (row.time.within_50_ms * 100,))
        found[f"{row.name} page: HTML"] = Figure("kB", (row.weight.html / 1000,))
        found[f"{row.name} page: first visit"] = Figure("kB", (row.weight.first_visit / 1000,))
    return found


def of_frame(costs: Iterable[FrameCost]) -> Figures:
    """Acts in one process, beside the driver's bare transaction."""
    return {f"frame, {cost.name}": Figure("ms", (cost.total,)) for cost in costs}


def of_idle(parts: Iterable[Idle]) -> Figures:
    """What each part takes while nobody asks anything."""
    found = {}
    for part in parts:
        found[f"idle, {part.name}: processor"] = Figure("% of a core", (part.percent,))
        found[f"idle, {part.name}: memory"] = Figure("MB", (part.megabytes,))
    return found


def verdict(before: Figure, now: Figure) -> str:
    """Better, same or worse: beyond what the runs of both differ among themselves, and beyond what anybody notices."""
    share = NOTICED if min(len(before.runs), len(now.runs)) > 1 else ALONE
    change = now.median - before.median
    if abs(change) <= max(before.noise + now.noise, share * abs(before.median)):
        return "same"
    return "better" if (change > 0) == (now.unit in MORE_IS_BETTER) else "worse"


def compared(before: Mapping[str, Figure], now: Mapping[str, Figure]) -> list[str]:
    """A line for each figure that changed, and how many did not."""
    both = {name: verdict(before[name], figure) for name, figure in now.items() if name in before}
    lines = []
    for changed in ("worse", "better"):
        for name in (name for name, found in both.items() if found == changed):
            was, figure = before[name], now[name]
            ratio = f" ({figure.median / was.median - 1:+.0%})" if was.median else ""
            lines.append(f"{changed:6} {name}: {was.median:.4g} > {figure.median:.4g} {figure.unit}{ratio}")
    same, new = sum(found == "same" for found in both.values()), len(now) - len(both)
    gone = [name for name in before if name not in now]
    return [*lines, f"{same} the same within their noise, {new} new, {len(gone)} not measured"]


@dataclass(frozen=True, slots=True)
class Taken:
    """The figures of one kind of run, and when and where they were taken."""

    figures: Figures
    at: Mapping[str, Any]


def load(file: Path = KEPT) -> dict[str, Taken]:
    """What is kept, by kind of run."""
    content = json.loads(file.read_text()) if file.exists() else {}
    return {kind: Taken(_read(kept["figures"]), kept["at"]) for kind, kept in content.items()}


def _read(figures: Mapping[str, Any]) -> Figures:
    return {name: Figure(unit, tuple(runs)) for name, [unit, *runs] in figures.items()}


def keep(kind: str, taken: Taken, file: Path = KEPT) -> None:
    """Write down one kind of run; those of other kinds stay."""
    whole = {**load(file), kind: taken}
    file.parent.mkdir(parents=True, exist_ok=True)
    parts = [f"{json.dumps(name)}: {_written(known)}" for name, known in whole.items()]
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n")


def _written(taken: Taken) -> str:
    """A figure a line, so that a later one shows as a line that changed."""
    found = taken.figures.items()
    values = {name: [figure.unit, *(float(f"{run:.4g}") for run in figure.runs)] for name, figure in found}
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in values.items())
    return f'{{"at": {json.dumps(taken.at)}, "figures": {{\n{lines}\n}}}}'


def taken_at(busy: float, runs: int, seconds: float, cases: int) -> dict[str, object]:
    """When and where; `busy` is how many processors others kept busy meanwhile, which throughput hangs on."""
    return {
        "on": datetime.now(UTC).date().isoformat(), "cores": os.cpu_count(), "busy": round(busy, 1), "runs": runs,
        "seconds": seconds, "cases": cases,
    }  # fmt: skip
