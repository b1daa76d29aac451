"""`make bench`: the platform as `make run` runs it, next to the bare limits of this machine in the same run.

`make bench keep=1` keeps the figures in docs, for later ones to be compared with: on a machine that does nothing else.
`peers=1` measures the bare skeleton beside it, `workers=2` two processes of each service; `scale=10000` is a bench of
its own.

RONDETAFEL_BENCH_SECONDS (3) and RONDETAFEL_BENCH_CASES (20000) make it short, to try the bench itself.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

import uvloop

from deploy.local.instance import REPOSITORY
from tests.bench.figures import KEPT, Taken, compared, keep, load, taken_at
from tests.bench.measure import CASES, RUNS, SECONDS
from tests.bench.page import write
from tests.bench.processor import Bystanders
from tests.bench.scale import scale
from tests.bench.scale import table_of as table_of_scale
from tests.bench.whole import bench


def main() -> None:
    """Measure, show, compare with what docs keep; `--keep` puts the figures there."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="keep the figures in docs/performance.json and .md")
    parser.add_argument("--peers", action="store_true", help="measure the bare skeleton beside ours")
    parser.add_argument("--workers", type=int, default=1, help="so many processes of each service")
    parser.add_argument("--scale", type=int, default=0, help="beside 10, 1,000 ... up to so many cells, which are kept")
    arguments = parser.parse_args()
    if arguments.scale:
        kinds = uvloop.run(scale(arguments.scale))
        print(table_of_scale(kinds))
        finish(kinds, keep_them=arguments.keep)
    else:
        measure(arguments)


def measure(arguments: argparse.Namespace) -> None:
    """The whole of it, in eight minutes."""
    with Bystanders() as others:
        results = uvloop.run(bench(with_peers=arguments.peers, workers=arguments.workers))
    print(results.tables())
    at = taken_at(others.busy, RUNS, SECONDS, CASES)
    kinds = {kind: Taken(figures, at) for kind, figures in results.kinds(arguments.workers).items()}
    print(f"Took {others.minutes:.1f} minutes; others kept {others.busy:.1f} of {at['cores']} cores busy")
    if results.not_logged:
        sys.exit("the log does not hold one entry for each act")
    finish(kinds, keep_them=arguments.keep)


def finish(kinds: Mapping[str, Taken], *, keep_them: bool) -> None:
    """Compare with docs, and keep."""
    tell(kinds)
    files = [REPOSITORY / ".run" / "bench" / "figures.json", *([KEPT] if keep_them else [])]
    for kind, taken in kinds.items():
        for file in files:
            keep(kind, taken, file)
    if keep_them:
        write()


def tell(kinds: Mapping[str, Taken]) -> None:
    """What became better or worse than what docs keep."""
    kept = load()
    for kind, taken in kinds.items():
        if kind in kept:
            lines = compared(kept[kind].figures, taken.figures)
            print(f"Compared with {kind} of {kept[kind].at['on']} in docs/performance.json:", *lines, sep="\n")


if __name__ == "__main__":
    main()
