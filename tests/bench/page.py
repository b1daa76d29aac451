"""`python -m tests.bench.page`: the tables of docs/performance.md, made of docs/performance.json."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from deploy.local.instance import REPOSITORY
from tests.bench.costs import GOALS
from tests.bench.figures import RATE, TOGETHER, Figures, Taken, cost_name, load
from tests.bench.measure import CONNECTIONS
from tests.bench.pages import PAGES
from tests.bench.processor import LOAD, PARTS
from tests.bench.scene import TARGETS

PAGE = REPOSITORY / "docs" / "performance.md"
NAMES = {
    "case": "case service", "postgres": "PostgreSQL", "nats": "NATS", "partner_directory": "directory",
    "others": "sign-in",
}  # fmt: skip
DOORS = {"create": "create a signal", "list 20": "list 20 of all cases", "read": "read a case"}
MIXED = "pages, mixed"
WHOLE = "whole"
BARE = "limit: FastAPI echo"
"""What the machine is worth: an answer of FastAPI that does nothing, taken in the same run."""
NOTHING = "Not kept yet: `make bench keep=1` and the other ways below do."
_MADE = re.compile(r"(<!-- made of performance\.json: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def written(page: str, kinds: Mapping[str, Taken]) -> str:
    """The page with its tables made anew; all else stays."""
    return _MADE.sub(lambda made: f"{made[1]}{_shown(made[2], kinds)}\n{made[3]}", page)


def _shown(name: str, kinds: Mapping[str, Taken]) -> str:
    return TABLES[name](kinds) if WHOLE in kinds else NOTHING


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _taken(kinds: Mapping[str, Taken]) -> str:
    return "\n".join(f"{name.capitalize()}: {_told(kinds[name].at)}" for name in kinds)


def _told(at: Mapping[str, Any]) -> str:
    return (
        f"{at['on']}, {at['cores']} cores, of which others kept {at['busy']} busy meanwhile; {at['cases']:,} cases; "
        f"medians of {at['runs']} runs of {at['seconds']:g} s."
    )


def _costs(kinds: Mapping[str, Taken]) -> str:
    figures = kinds[WHOLE].figures
    parts = [NAMES.get(part, part) for part in PARTS]
    head = ["ms of processor", "circles", "all", "goal", "bare answers", *parts, "load", "per s", "goal per s"]
    bare = 1000 * kinds[WHOLE].at["cores"] / figures[f"{BARE}, {CONNECTIONS[-1]} at once: {RATE}"].median
    rows = []
    for act, (goal, per_second) in GOALS.items():
        for circles in circles_in(figures):
            name = cost_name(act, circles)
            of = {part: figures[f"{name}: {part}"].median for part in (TOGETHER, *PARTS, LOAD, RATE)}
            spent = [f"{of[part]:.2f}" for part in (*PARTS, LOAD)]
            row = [
                act,
                f"{circles:,}",
                f"**{of[TOGETHER]:.1f}**",
                f"{goal:g}",
                f"{of[TOGETHER] / bare:.0f}",
                *spent,
                f"{of[RATE]:.0f}",
                str(per_second),
            ]
            rows.append(row)
    return _table(head, rows)


def circles_in(figures: Figures) -> list[int]:
    """In how many circles the readers sat."""
    found = {int(match[1]) for name in figures if (match := re.match(r"read, (\d+) circles: ", name))}
    return sorted(found)


def _doors(kinds: Mapping[str, Taken]) -> str:
    figures = kinds[WHOLE].figures
    named = {**DOORS, MIXED: MIXED, "limit: pgbench, same rows": "bare: pgbench, two rows under row security"}
    named |= {BARE: "bare: FastAPI echo", "limit: grpc.aio echo": "bare: grpc.aio echo"}
    aims = {name: ", ".join(TARGETS[name, connections] for connections in CONNECTIONS[::-1]) for name in DOORS}
    rows = []
    for name, title in named.items():
        at_once = [f"{name}, {connections} at once" for connections in CONNECTIONS]
        if name in DOORS:
            at_once[-1] = cost_name(name, circles_in(figures)[-1])
        rates = [_rate(figures, measured) for measured in at_once]
        rows.append([title, *rates, aims.get(name, "200/s, p50 25 ms" if name == MIXED else "")])
    return _table(["What", *(f"{connections} at once" for connections in CONNECTIONS), "aim"], rows)


def _rate(figures: Figures, name: str) -> str:
    rate, p50 = figures[f"{name}: {RATE}"], figures.get(f"{name}: p50")
    return f"{rate.median:,.0f}/s" + (f", p50 {p50.median:.1f} ms" if p50 else "")


def _pages(kinds: Mapping[str, Taken]) -> str:
    figures, rows = kinds[WHOLE].figures, []
    for page in PAGES:
        p50 = figures[f"page: {page.name}, 1 at once: p50"]
        mean, within, html, visit = (
            figures[f"{page.name} page: {what}"].median
            for what in ("in the portal", "within 50 ms", "HTML", "first visit")
        )
        spread = f"{p50.median:.1f} ms ({min(p50.runs):.1f}-{max(p50.runs):.1f})"
        rows.append([page.name, spread, f"{mean:.1f} ms", f"{within:.0f}%", f"{html:.1f} kB", f"{visit:.1f} kB"])
    head = ["Page", "p50 at the client", "mean in the portal", "within 50 ms", "HTML", "first visit"]
    return _table(head, rows)


def _beside(kinds: Mapping[str, Taken]) -> str:
    """The act in the larger scene as it is, and in another kind of run."""
    ours, rows = kinds[WHOLE].figures, []
    circles = circles_in(ours)[-1]
    for kind in (name for name in kinds if name != WHOLE and not name.endswith(" cells")):
        for act in GOALS:
            name = cost_name(act, circles)
            if (other := kinds[kind].figures.get(f"{name}: {TOGETHER}")) is None:
                continue
            spent, rate = ours[f"{name}: {TOGETHER}"].median, ours[f"{name}: {RATE}"].median
            other_rate = kinds[kind].figures[f"{name}: {RATE}"].median
            numbers = [f"{spent:.1f}", f"{other.median:.1f}", f"{spent / other.median:.1f}"]
            rates = [f"{rate:.0f}", f"{other_rate:.0f}", f"{rate / other_rate:.2f}"]
            rows.append([kind, act, *numbers, *rates])
    return _table(
        ["beside", f"act, {circles:,} circles", "ours, ms", "its", "times", "ours, per s", "its", "times"], rows
    )


def _rest(kinds: Mapping[str, Taken]) -> str:
    figures = kinds[WHOLE].figures
    bare, empty = (figures[f"frame, {name}"].median for name in ("bare", "empty"))
    share, memory = (figures[f"idle, five services: {what}"].median for what in ("processor", "memory"))
    rows = [
        [
            "an empty act, beside the driver's bare transaction",
            f"{empty:.2f} of {bare:.2f} ms: {empty / bare:.2f}",
            "2",
        ],
        ["the five services, nobody asking: processor", f"{share:.1f} % of a core", "2 %"],
        ["the five services: memory (PSS)", f"{memory:.0f} MB", "500 MB"],
    ]
    return _table(["What", "measured", "at most"], rows)


def _scale(kinds: Mapping[str, Taken]) -> str:
    steps = [name for name in kinds if name.endswith(" cells")]
    if not steps:
        return NOTHING
    first, last = kinds[steps[0]].figures, kinds[steps[-1]].figures
    rows = []
    for name in (name for name in first if name.endswith(TOGETHER) or ":" not in name):
        values = [f"{kinds[step].figures[name].median:.1f} {first[name].unit}" for step in steps]
        rows.append([name.removesuffix(f": {TOGETHER}"), *values, f"{last[name].median / first[name].median:.2f}"])
    return _table(["What", *steps, "times"], rows)


TABLES: Mapping[str, Callable[[Mapping[str, Taken]], str]] = {
    "taken": _taken, "costs": _costs, "doors": _doors, "pages": _pages, "beside": _beside, "scale": _scale,
    "rest": _rest,
}  # fmt: skip


def write() -> None:
    """Make the page's tables anew."""
    PAGE.write_text(written(PAGE.read_text(), load()))


if __name__ == "__main__":
    write()
