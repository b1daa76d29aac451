"""Which parts there are, and how they run: in lanes, longest first; what mostly waits runs beside them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

from deploy.local.chromium import chromium
from deploy.local.process import StartFailed
from tests.running.calm import Calm
from tests.running.part import TESTS, Part, checked, run_tests

LANES = 3
"""More than cores: a part waits for servers, browsers and Keycloak about as long as it computes."""
CHECK = "check"
CUT_OUT = {
    "storm": ("local/test_history.py", "e2e", "portal/test_platform.py"),
    "line": ("pages/test_whole_line.py", "pages/test_walls.py"),
}
"""What runs apart from its folder in a run of everything: what stops or changes a platform, in this order on one
platform, where `security`, which kills, has one of its own (one after the other they were the longest by far); and half
of the browser's work."""
LONGEST_FIRST = (
    "storm", "security", CHECK, "portal", "pages", "line", "local", "case", "partner_directory", "kit", "meeting",
    "audit", "gate", "rules", "bench", "cli",
)  # fmt: skip
BESIDE = ("keycloak",)
"""Waits five minutes for what only time brings about, and leaves a lane to others meanwhile."""
BY_BROWSER = {"pages", "line", "keycloak"}
ON_CALM = {"pages", "line"}
"""Parts whose tests only use a platform: they run where others do at the same time, each in cells of its own."""


def folders() -> set[str]:
    """Every folder with tests."""
    return {file.relative_to(TESTS).parts[0] for file in TESTS.glob("*/**/test_*.py")}


def everything() -> list[str]:
    """All parts of a run of everything, longest first. A new folder goes first."""
    found = (folders() | {CHECK, *CUT_OUT}) - {path for paths in CUT_OUT.values() for path in paths}
    known = [name for name in (*BESIDE, *LONGEST_FIRST) if name in found]
    return sorted(found.difference(known)) + known


def paths_of(name: str, *, all_run: bool) -> list[str]:
    """What pytest is asked for one part; in a run of everything a folder goes without what is cut out of it."""
    if name in CUT_OUT:
        return [str(TESTS / path) for path in CUT_OUT[name]]
    cut = [path for paths in CUT_OUT.values() for path in paths if path.startswith(f"{name}/")] if all_run else []
    return [str(TESTS / name), *(f"--ignore={TESTS / path}" for path in cut)]


def run(named: Sequence[str], tell: Callable[[Part], None]) -> list[Part]:
    """Run these parts, or everything, also after one failed; `tell` hears of each when it ends."""
    wanted = named or everything()
    with ExitStack() as held:
        parts = []
        if BY_BROWSER.intersection(wanted):
            parts.append(browser())
            tell(parts[0])
        # A part alone starts what it needs itself.
        calm = held.enter_context(Calm()) if len(ON_CALM.intersection(wanted)) > 1 else None
        work = {name: functools.partial(_part, name, calm, all_run=not named) for name in wanted}
        return parts + in_lanes(work, tell)


def in_lanes(work: Mapping[str, Callable[[], Part]], tell: Callable[[Part], None]) -> list[Part]:
    """Run them, longest first as they come; in their order when all have ended."""
    with ThreadPoolExecutor(LANES) as lanes, ThreadPoolExecutor(len(BESIDE)) as beside:
        running: list[Future[Part]] = []
        for name, part in work.items():
            running.append((beside if name in BESIDE else lanes).submit(part))
            running[-1].add_done_callback(lambda ended: tell(ended.result()))
        return [ended.result() for ended in running]


def _part(name: str, calm: Calm | None, *, all_run: bool) -> Part:
    if name == CHECK:
        return checked()
    try:
        handed = calm.handed() if calm is not None and name in ON_CALM else {}
    except Exception as failure:  # noqa: BLE001 - whatever kept it from starting fails the parts that need it
        return Part(name, False, 0.0, failed=1, told=f"The calm platform did not start: {failure}")
    return run_tests(name, handed, *paths_of(name, all_run=all_run))


def browser() -> Part:
    """Chromium, installed where it is missing and that is ours to do."""
    try:
        return Part("browser", True, 0.0, told=str(chromium()))
    except StartFailed as failure:
        return Part("browser", False, 0.0, failed=1, told=str(failure))


def unknown(wanted: Sequence[str]) -> str:
    """A sentence about parts that there are none of; empty when all are known."""
    known = folders() | {CHECK, *CUT_OUT}
    strangers = [name for name in wanted if name not in known]
    return f"There is no part {', '.join(strangers)}; there are {', '.join(sorted(known))}." if strangers else ""
