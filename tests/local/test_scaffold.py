"""`make verb` in a copy of the tree: what it writes is sound, and its test fails because the verb does nothing yet."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.scaffold.__main__ import main, write
from deploy.scaffold.verb import NotAVerb, aggregates_of, verb_of
from tests.rules.sources import ROOT

COPIED = ("proto", "services", "deploy", "docs", "tests", "Makefile", "pyproject.toml")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The tree, with the packages of this one."""
    for name in COPIED:
        source, ignored = ROOT / name, shutil.ignore_patterns("__pycache__")
        (shutil.copytree(source, tmp_path / name, ignore=ignored) if source.is_dir() else shutil.copy(source, tmp_path))
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    return tmp_path


def run(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command in the copy, whose modules come before the installed ones."""
    environment = os.environ | {"PYTHONPATH": f"{copy}:{copy}/proto/gen"}
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)


def python(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A module of Python's in the copy."""
    return run(copy, sys.executable, "-m", *arguments)


@pytest.mark.parametrize(
    ("service", "name", "aggregate", "why"),
    [
        ("case", "close_file", "case", "close_file does nothing yet"),
        ("partner_directory", "read_mandate", "mandate", "read_mandate reads nothing yet"),
    ],
)
def test_a_skeleton_is_sound_and_its_test_fails(copy: Path, service: str, name: str, aggregate: str, why: str) -> None:
    assert main([service, name, aggregate], copy) == 0
    generated = run(copy, "make", "--no-print-directory", "generate", "INTO=.")
    assert generated.returncode == 0, generated.stderr
    routes = f"services/portal/api/generated/routes/{aggregate}.py"
    assert f"async def {name}(" in (copy / routes).read_text()
    changed = [f"services/{service}", routes, f"tests/{service}"]
    for tool in (("ruff", "check", *changed), ("ruff", "format", "--check", *changed), ("mypy", *changed[:1])):
        told = python(copy, *tool)
        assert told.returncode == 0, told.stdout
    tried = python(copy, "pytest", f"tests/{service}/test_{name}.py")
    assert tried.returncode == 1, tried.stdout
    assert f"NotImplementedError: {why}" in tried.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["case"],
        ["audit", "close_case"],
        ["case", "close"],
        ["case", "CloseCase"],
        ["case", "place_on_list"],
        ["case", "close_file"],
        ["case", "close_case", "file"],
        ["case", "close_case", "case", "more"],
    ],
)
def test_what_cannot_be_a_verb_changes_nothing(
    copy: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in copy.rglob("*.py")}
    assert main(arguments, copy) == 1
    assert "make verb service=case name=close_case" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in copy.rglob("*.py")} == before


@pytest.mark.parametrize("service", ["case", "meeting", "partner_directory"])
def test_every_aggregate_has_its_places(copy: Path, service: str) -> None:
    proto = (ROOT / f"proto/rondetafel/{service}/v1/{service}.proto").read_text()
    for aggregate in aggregates_of(proto):
        written = write(copy, verb_of(copy, service, f"weigh_{aggregate}", aggregate))
        assert len(written) == 5
        with pytest.raises(NotAVerb):
            verb_of(copy, service, f"weigh_{aggregate}", aggregate)
