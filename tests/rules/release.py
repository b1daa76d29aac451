"""`make release`: from now on what the proto files promise and what the migrations send is kept (docs/released).

`make release anew=protos`, or anew=migrations, takes the present state whatever was promised before: as long as nobody
runs an earlier release.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from tests.rules.frozen import digests
from tests.rules.sources import ROOT
from tests.rules.wire import not_kept, promised

PROTOS = ROOT / "docs" / "released" / "protos.txt"
MIGRATIONS = ROOT / "docs" / "released" / "migrations.txt"
EXCEPTIONS: Mapping[str, tuple[str, str]] = {}
"""Promises not kept on purpose: the line, such as `method rondetafel.case.v1.CaseService ReadCase`, to the day it was
decided and why nobody relied on it. Empty again with the next release. None of what outlives an upgrade."""


def written(file: Path) -> dict[str, str]:
    """The lines of such a file: what is before ` = ` to what is behind it."""
    lines = file.read_text().splitlines() if file.exists() else []
    return {name: told for name, _, told in (line.partition(" = ") for line in lines)}


def write(file: Path, contract: Mapping[str, str]) -> None:
    """Write them, and say how many are new."""
    new = len(contract.keys() - written(file).keys())
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(f"{name} = {told}\n" if told else f"{name}\n" for name, told in contract.items()))
    print(f"{file.relative_to(ROOT)}: {len(contract)} lines, {new} of them new")


SENDS = "sends something else than when it was released: write a new migration, and new functions in kit"


def changed(released: Mapping[str, str], present: Mapping[str, str]) -> dict[str, str]:
    """The released migrations that are gone or send something else now."""
    return {
        name: SENDS if name in present else "is gone"
        for name, digest in released.items()
        if present.get(name) != digest
    }


def breaches() -> dict[str, str]:
    """What the proto files promised and do not keep, the exceptions aside."""
    found = not_kept(written(PROTOS), promised())
    return {name: how for name, how in found.items() if name not in EXCEPTIONS}


def main(arguments: list[str]) -> int:
    """Not zero when a promise is not kept; then nothing is written."""
    broken = {} if "protos" in arguments else breaches()
    broken |= {} if "migrations" in arguments else changed(written(MIGRATIONS), digests())
    if broken:
        print("\n".join(f"{name} {how}" for name, how in broken.items()), file=sys.stderr)
        return 1
    write(PROTOS, promised())
    write(MIGRATIONS, digests())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
