"""Each import contract, broken on purpose in a copy, reports."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules.sources import ROOT, tracked

VIOLATIONS = {
    "1.": ("services/case/queries/read_case.py", "from services.meeting.model import Session"),
    "2.": ("services/case/utils.py", '"""A stray."""'),
    "3.": ("services/case/commands/enter_signal.py", "import grpc"),
    "4.": ("services/case/rpc.py", "import sqlalchemy"),
    "5.": ("services/case/rpc.py", "from services.case.settings import Settings"),
    "2d.": ("services/portal/web/ui/forms.py", "from services.portal.web.request.viewer import Viewer"),
    "2e.": ("services/portal/web/signal/view.py", "from services.portal.web.case.view import CaseView"),
    "2c.": ("services/gate/headers.py", "from services.gate.app import Gate"),
    "6b.": ("services/gate/tries.py", "import sqlalchemy"),
    "6.": ("services/kit/execute.py", "import deploy.local.ports"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product's sources, without its tests."""
    root = tmp_path_factory.mktemp("copy")
    for path in [*tracked(".py"), ROOT / "pyproject.toml"]:
        name = path.relative_to(ROOT)
        if name.parts[0] != "tests":
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, root / name)
    return root


def broken(root: Path) -> str:
    """What the linter says of a tree."""
    paths = f"{root}:{root / 'proto' / 'gen'}"
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=root, env={"PYTHONPATH": paths}, capture_output=True, text=True, check=False)
    return done.stdout


def test_the_house_keeps_its_contracts(copy: Path) -> None:
    assert "0 broken" in broken(copy)


@pytest.mark.parametrize("number", VIOLATIONS)
def test_a_violation_is_reported(copy: Path, number: str) -> None:
    name, line = VIOLATIONS[number]
    path = copy / name
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n")
    try:
        said = broken(copy)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before)
    lines = [line for line in said.splitlines() if line.endswith("BROKEN") or line.startswith(number)]
    assert any(line.startswith(number) for line in lines), said
    assert "0 broken" not in said
