"""One part of the tests: a program run to its end, what it printed, and what it came to."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

TESTS = Path(__file__).parents[1]
REPOSITORY = TESTS.parent
REPORTS = REPOSITORY / ".test" / "reports"


@dataclass(frozen=True)
class Part:
    """What one part came to. `busy` is the processor's time, which does not hang on what else the machine does."""

    name: str
    good: bool
    seconds: float
    busy: float = 0.0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    told: str = ""


def run_tests(name: str, more: Mapping[str, str], *paths: str) -> Part:
    """The tests of these paths, in a process of their own. Nothing found is a failure."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    report = REPORTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    ran = program(name, [sys.executable, "-m", "pytest", *paths, f"--junit-xml={report}"], more)
    passed, failed, skipped = _counts(report)
    return Part(name, ran.good, ran.seconds, ran.busy, passed, failed, skipped, ran.told)


def checked() -> Part:
    """Style, types, walls, generated code."""
    ran = program("check", [os.environ.get("MAKE", "make"), "--no-print-directory", "check"], {})
    return Part("check", ran.good, ran.seconds, ran.busy, failed=0 if ran.good else 1, told=ran.told)


def program(name: str, command: Sequence[str], more: Mapping[str, str]) -> Part:
    """Run it to its end; what it prints is kept."""
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        code, busy = _run(command, {**os.environ, **more}, output)
        output.seek(0)
        return Part(name, code == 0, time.monotonic() - started, busy, told=output.read())


def _run(command: Sequence[str], environment: Mapping[str, str], output: IO[str]) -> tuple[int, float]:
    """Exit code, and the seconds of processor of the program and all it waited for."""
    child = subprocess.Popen(
        command, cwd=REPOSITORY, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
    )
    try:
        _, status, used = os.wait4(child.pid, 0)
    except BaseException:
        child.terminate()
        child.wait()
        raise
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, used.ru_utime + used.ru_stime


def _counts(report: Path) -> tuple[int, int, int]:
    if not report.exists():
        return 0, 1, 0
    passed = failed = skipped = 0
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        bad, left = int(suite.get("failures", 0)) + int(suite.get("errors", 0)), int(suite.get("skipped", 0))
        passed, failed, skipped = passed + int(suite.get("tests", 0)) - bad - left, failed + bad, skipped + left
    return passed, failed, skipped
