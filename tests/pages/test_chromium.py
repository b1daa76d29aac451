"""Where Chromium comes from, tried with small programs in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.local.chromium import chromium
from deploy.local.process import StartFailed

INSTALLS = """#!/bin/sh
if [ "$1" = install ]; then : > {bin}/chromium-headless-shell; chmod +x {bin}/chromium-headless-shell; fi
"""
REFUSES = """#!/bin/sh
echo "Reading package lists..."; echo "E: Unable to locate package chromium"; exit 100
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only directory on PATH, besides that of the shell; empty."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    shell = tmp_path / "shell"
    shell.mkdir()
    for name in ("sh", "chmod"):
        (shell / name).symlink_to(f"/bin/{name}")
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}:{shell}")
    return programs


def put(place: Path, script: str = "#!/bin/sh\n") -> Path:
    """A program."""
    place.write_text(script)
    place.chmod(0o755)
    return place


def test_the_one_that_is_named_comes_first(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = put(tmp_path / "mine")
    put(programs / "chromium")
    monkeypatch.setenv("CHROMIUM", str(named))
    assert chromium() == named
    named.unlink()
    with pytest.raises(StartFailed, match=r"CHROMIUM is .* or unset it"):
        chromium()


@pytest.mark.parametrize("name", ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"])
def test_one_on_the_path_is_taken(programs: Path, name: str) -> None:
    put(programs / name)
    assert chromium() == programs / name


def test_without_a_package_manager_the_command_is_told(programs: Path) -> None:
    with pytest.raises(StartFailed, match="run `apt-get update && apt-get install -y chromium-headless-shell` as root"):
        chromium()


@pytest.mark.skipif("os.geteuid() != 0", reason="only root installs packages")
def test_root_has_it_installed(programs: Path) -> None:
    put(programs / "apt-get", INSTALLS.format(bin=programs))
    assert chromium() == programs / "chromium-headless-shell"


@pytest.mark.skipif("os.geteuid() != 0", reason="only root installs packages")
def test_a_refusal_of_the_package_manager_is_told_in_one_sentence(programs: Path) -> None:
    put(programs / "apt-get", REFUSES)
    with pytest.raises(StartFailed, match=r"could not be installed \(E: Unable to locate package chromium\): run"):
        chromium()
