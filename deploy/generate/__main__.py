"""python -m deploy.generate DESCRIPTORS INTO: everything that is made from the proto files besides their own code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from deploy.generate import protos
from deploy.generate.codes import codes

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Write the products below INTO, at the places they have in the repository."""
    descriptors, into = map(Path, sys.argv[1:])
    found = protos.read(descriptors)
    modules = {Path("services/kit/codes.py"): codes(found)}
    for name, text in modules.items():
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        (into / name).write_text(text)
    written = [str(into / name) for name in modules]
    ruff = [sys.executable, "-m", "ruff"]
    for step in (["check", "--quiet", "--select", "I", "--fix"], ["format", "--quiet"]):
        subprocess.run([*ruff, *step, "--config", str(ROOT / "pyproject.toml"), *written], check=True)


if __name__ == "__main__":
    main()
