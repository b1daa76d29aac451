"""`make test`: all parts, or those named, with the minutes each took; ends with how many tests passed."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections.abc import Sequence

from tests.running import lanes
from tests.running.part import Part
from tests.running.quick import quick
from tests.seed import VARIABLE, seed

TELLING = threading.Lock()


def main() -> int:
    """Run what is asked, also after a part failed; not zero when any did."""
    asked = _asked()
    os.environ[VARIABLE] = seed()
    os.environ["RONDETAFEL_PAGES"] = asked.pages
    # A run starts some hundred Pythons, and each would compile the same packages anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if complaint := lanes.unknown(asked.part):
        print(complaint, file=sys.stderr)
        return 2
    print(f"Drawn by seed {seed()}: RONDETAFEL_SEED={seed()} draws the same again", flush=True)
    started = time.monotonic()
    parts = quick(tell) if asked.quick else lanes.run(asked.part, tell)
    summed(parts, time.monotonic() - started)
    return 0 if all(part.good for part in parts) else 1


def tell(part: Part) -> None:
    """What a part printed, when it has ended."""
    with TELLING:
        print(f"\n=== {part.name}{'' if part.good else ' FAILED'}", part.told, sep="\n", flush=True)


def summed(parts: Sequence[Part], seconds: float) -> None:
    """Minutes and processor minutes of each part, and how many tests passed."""
    print("\nMinutes per part, and of them the processor's")
    for part in parts:
        print(f"  {part.name:20} {part.seconds / 60:5.1f} {part.busy / 60:5.1f}  {'' if part.good else 'FAILED'}")
    print(f"  {'all':20} {seconds / 60:5.1f} {sum(part.busy for part in parts) / 60:5.1f}")
    total = {kind: sum(getattr(part, kind) for part in parts) for kind in ("passed", "failed", "skipped")}
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**total), flush=True)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__)
    parser.add_argument("part", nargs="*", help="folders of tests, or check; all when none is named")
    parser.add_argument("--pages", choices=["drawn", "full"], default="drawn", help="which looks at pages to take")
    parser.add_argument("--quick", action="store_true", help="what differs from main, without a platform")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
