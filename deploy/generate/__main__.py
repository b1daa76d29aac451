"""python -m deploy.generate DESCRIPTORS INTO: everything that is made from the proto files besides their own code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.generate.codes import codes
from deploy.generate.doors import doors_of
from deploy.generate.models import literals, models
from deploy.generate.protos import Protos, read
from deploy.generate.refusals import refusals
from deploy.generate.routes import routers, routes

ROOT = Path(__file__).parents[2]
API = "services/portal/api/generated"
DOCUMENT = "docs/api/openapi.json"


def modules(protos: Protos) -> Mapping[str, str]:
    """The Python that is made, by its place in the repository."""
    doors = doors_of(protos)
    packages = sorted({door.method.package for door in doors})
    aggregates = sorted({door.method.aggregate for door in doors if not door.method.verb.by_hand})
    return {
        "services/kit/codes.py": codes(protos),
        f"{API}/__init__.py": '"""The REST API as the proto files say it, made by `make proto`."""\n',
        f"{API}/codes.py": literals(protos),
        f"{API}/errors.py": refusals(doors),
        f"{API}/models/__init__.py": '"""Bodies, queries and answers, a module per proto package."""\n',
        **{f"{API}/models/{package}.py": models(doors, package) for package in packages},
        f"{API}/routes/__init__.py": routers(doors),
        **{f"{API}/routes/{aggregate}.py": routes(doors, aggregate) for aggregate in aggregates},
    }


def write(into: Path, made: Mapping[str, str]) -> None:
    """Write the modules, laid out by ruff; what was made of verbs that are gone goes."""
    for old in (into / API).rglob("*.py"):
        old.unlink()
    for name, text in made.items():
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        (into / name).write_text(text)
    ruff = [sys.executable, "-m", "ruff"]
    for step in (["check", "--quiet", "--select", "I", "--fix"], ["format", "--quiet"]):
        files = [str(into / name) for name in made]
        subprocess.run([*ruff, *step, "--config", str(ROOT / "pyproject.toml"), *files], check=True)


def main() -> None:
    """Write the products below INTO, at the places they have in the repository."""
    descriptors, into = map(Path, sys.argv[1:])
    write(into, modules(read(descriptors)))
    # The document is the app's own: FastAPI reads what was just made.
    document = subprocess.run([sys.executable, "-m", "services.portal", "openapi"], check=True, capture_output=True)
    (into / DOCUMENT).parent.mkdir(parents=True, exist_ok=True)
    (into / DOCUMENT).write_bytes(document.stdout)


if __name__ == "__main__":
    main()
