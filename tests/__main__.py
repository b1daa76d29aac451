"""`make test`: every part after the other, with the minutes each took; ends with how many tests passed."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from deploy.local.chromium import chromium
from deploy.local.process import StartFailed

TESTS = Path(__file__).parent
REPORTS = TESTS.parent / ".test" / "reports"
ORDER = (
    "rules",
    "kit",
    "partner_directory",
    "case",
    "meeting",
    "audit",
    "portal",
    "local",
    "keycloak",
    "e2e",
    "security",
)
ASIDE = "pages"


@dataclass(frozen=True)
class Part:
    """What one part came to."""

    name: str
    good: bool
    minutes: float
    passed: int = 0
    failed: int = 0
    skipped: int = 0


def main() -> int:
    """Run all parts, also after one failed; not zero when any did."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    parts = [browser(), check()]
    with ThreadPoolExecutor(1) as beside:
        # A browser keeps one core busy: the pages are looked at beside all the rest, and told at the end.
        looking = beside.submit(run, ASIDE, aside=True)
        parts += [run(name) for name in folders() if name != ASIDE]
        parts.append(looking.result())
    print("\nMinutes per part")
    for part in parts:
        print(f"  {part.name:20} {part.minutes:5.1f}  {'' if part.good else 'FAILED'}")
    print(f"  {'all':20} {sum(part.minutes for part in parts):5.1f}")
    total = {kind: sum(getattr(part, kind) for part in parts) for kind in ("passed", "failed", "skipped")}
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**total), flush=True)
    return 0 if all(part.good for part in parts) else 1


def folders() -> list[str]:
    """Every folder with tests, the quick and telling ones first."""
    found = {file.relative_to(TESTS).parts[0] for file in TESTS.glob("*/**/test_*.py")}
    return [name for name in ORDER if name in found] + sorted(found.difference(ORDER))


def browser() -> Part:
    """Chromium for the pages, installed where it is missing and that is ours to do."""
    started = time.monotonic()
    print("\n=== browser", flush=True)
    try:
        print(chromium(), flush=True)
    except StartFailed as failure:
        print(failure, flush=True)
        return Part("browser", False, _minutes_since(started), failed=1)
    return Part("browser", True, _minutes_since(started))


def check() -> Part:
    """Style, types, walls, generated code."""
    started = time.monotonic()
    print("\n=== check", flush=True)
    make = [os.environ.get("MAKE", "make"), "--no-print-directory", "check"]
    good = subprocess.run(make, cwd=TESTS.parent, stdin=subprocess.DEVNULL, check=False).returncode == 0
    return Part("check", good, _minutes_since(started), failed=0 if good else 1)


def run(name: str, *, aside: bool = False) -> Part:
    """One folder of tests, in a process of its own. A folder whose tests are not found is a failure.

    `aside`: what it prints is kept until it has ended.
    """
    started = time.monotonic()
    title = f"\n=== {name}"
    if not aside:
        print(title, flush=True)
    report = REPORTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    pytest = [sys.executable, "-m", "pytest", str(TESTS / name), f"--junit-xml={report}"]
    kept = subprocess.PIPE if aside else None
    done = subprocess.run(
        pytest, cwd=TESTS.parent, stdin=subprocess.DEVNULL, stdout=kept, stderr=subprocess.STDOUT if aside else None,
        text=True, check=False,
    )  # fmt: skip
    if aside:
        print(title, done.stdout, sep="\n", flush=True)
    return Part(name, done.returncode == 0, _minutes_since(started), *_counts(report))


def _counts(report: Path) -> tuple[int, int, int]:
    if not report.exists():
        return 0, 1, 0
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    passed = failed = skipped = 0
    for suite in suites:
        bad, left = int(suite.get("failures", 0)) + int(suite.get("errors", 0)), int(suite.get("skipped", 0))
        passed, failed, skipped = passed + int(suite.get("tests", 0)) - bad - left, failed + bad, skipped + left
    return passed, failed, skipped


def _minutes_since(started: float) -> float:
    return (time.monotonic() - started) / 60


if __name__ == "__main__":
    sys.exit(main())
