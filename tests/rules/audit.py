"""`make audit`: whether a known vulnerability stands in the lock. Not zero when one does.

Where the database of vulnerabilities cannot be reached, pip-audit says that there are none: so it is first asked about
a version that has one, and believed only when it reports it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.rules.sources import ROOT

CONTROL = "jinja2==3.1.2"
"""Known to be vulnerable (CVE-2024-22195)."""
UNREACHED = (
    f"The database of known vulnerabilities cannot be reached from here ({CONTROL}, which has one, was not reported): "
    "the lock was NOT checked."
)

Answer = list[dict[str, Any]]


def asked(requirements: Path, *options: str) -> Answer | None:
    """What pip-audit says of each package; None when it could not ask."""
    command = [
        str(Path(sys.executable).parent / "pip-audit"), "--requirement", str(requirements), "--disable-pip",
        "--format", "json", "--progress-spinner", "off", *options,
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        found: Answer = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None
    return found


def vulnerable(answer: Answer | None) -> list[str]:
    """The packages with known vulnerabilities, each with their names and the versions that mend them."""
    return [
        f"{package['name']} {package['version']}: {flaw['id']}, mended in {' '.join(flaw['fix_versions']) or 'none'}"
        for package in answer or []
        for flaw in package.get("vulns", ())
    ]


def unasked(answer: Answer) -> list[str]:
    """The packages of which nothing was said."""
    return [package["name"] for package in answer if "skip_reason" in package]


def main() -> int:
    """Ask about the control, then about the lock."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as control:
        control.write(f"{CONTROL}\n")
        control.flush()
        if not vulnerable(asked(Path(control.name), "--no-deps")):
            print(UNREACHED)
            return 0
    answer = asked(ROOT / "requirements.lock", "--require-hashes")
    if answer is None:
        print("pip-audit cannot read requirements.lock: it was NOT checked.", file=sys.stderr)
        return 1
    found, left = vulnerable(answer), unasked(answer)
    print("\n".join([*found, f"{len(answer) - len(left)} packages of the lock checked, {len(found)} vulnerabilities"]))
    print(*(f"not checked: {name}" for name in left), sep="\n", end="\n" * bool(left))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
