"""Which Python .venv is made with. Standard library only, in words that old Pythons read: it runs before all else.

Chosen once: a .venv that works is kept, whatever is installed later. `make PYTHON=...` says another.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

FIXED = {(3, 11): 14, (3, 12): 12, (3, 13): 6}
"""The Pythons the lock has wheels for and the tests ran on; of each the first release without known holes that matter
here: quadratic cookies (CVE-2024-7592, in http.cookies since 3.11.10, 3.12.6 and 3.13.0) and archives without end
(CVE-2025-8194, tarfile)."""
OLDEST = min(FIXED)
PROBE_SECONDS = 10
# What setting up needs of it, and that it runs at all: pyenv has a shim for every Python of any of its versions.
_PROBE = (
    "import ensurepip, ssl, sys, venv; print(*sys.version_info[:3], getattr(sys, '_base_executable', sys.executable))"
)


class Python:
    """One that was tried and runs."""

    def __init__(self, program: str, version: Sequence[int]) -> None:
        self.program = program
        self.version = tuple(version)

    def __str__(self) -> str:
        return ".".join(map(str, self.version))

    @property
    def rank(self) -> tuple[bool, tuple[int, ...]]:
        """Those with their security fixes first, then the newest."""
        return (old(self.version) is None, self.version)


def newest(path: str, started: str = sys.executable) -> Python | None:
    """The best of those on `path` and of the one that runs now; None where none of them will do.

    Of equals the one that runs now, then the earlier on the path. One that is too new to be known here is used where
    there is no other.
    """
    found = [mandate for mandate in map(tried, _candidates(path, started)) if mandate and mandate.version >= OLDEST]
    known = [result for result in found if result.version[:2] in FIXED]
    return max(known or found, key=lambda one: one.rank, default=None)


def tried(program: str) -> Python | None:
    """The Python behind a name, if it runs and can make an environment. Never raises."""
    try:
        done = subprocess.run(
            [program, "-I", "-c", _PROBE], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=PROBE_SECONDS, check=False,
        )  # fmt: skip
        *numbers, real = done.stdout.decode().strip().split(" ", 3)
        return Python(real, [int(number) for number in numbers]) if done.returncode == 0 else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def old(version: Sequence[int], better: Python | None = None) -> str | None:
    """One sentence when a Python is older than its security fixes; it keeps nobody from starting."""
    fixed = FIXED.get((version[0], version[1]))
    if fixed is None or version[2] >= fixed:
        return None
    words = ".".join(map(str, version))
    wanted = f"{version[0]}.{version[1]}.{fixed}"
    what = f"install {wanted} or newer, remove .venv and start again"
    if better is not None and old(better.version) is None:
        what = f"remove .venv and start again to use {better.program}"
    return (
        f"Python {words} is older than {wanted}, which mended known security holes (your distribution may have mended "
        f"them in {words} too): {what}."
    )


def _candidates(path: str, started: str) -> Iterable[str]:
    yield started
    for minor in sorted((minor for _, minor in FIXED), reverse=True):
        for folder in path.split(os.pathsep):
            program = Path(folder or ".") / f"python3.{minor}"
            if os.access(str(program), os.X_OK) and not program.is_dir():
                yield str(program)
