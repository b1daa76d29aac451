"""The seed of a run: what is drawn in it is drawn again by the same seed. The commit, unless told otherwise."""

from __future__ import annotations

import functools
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

VARIABLE = "RONDETAFEL_SEED"


@functools.cache
def seed() -> str:
    """RONDETAFEL_SEED, or the commit that is tested, or where there is none the day."""
    return os.environ.get(VARIABLE) or _commit() or datetime.now(UTC).date().isoformat()


def _commit() -> str:
    asked = ["git", "rev-parse", "--short=12", "HEAD"]
    try:
        told = subprocess.run(asked, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return told.stdout.strip()
