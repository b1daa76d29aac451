"""From a closed home: PostgreSQL runs as nobody when we are root, and nobody may not enter what only we may."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.local import open_place
from deploy.local.instance import REPOSITORY, Instance
from deploy.local.open_place import OWNER, PREFIX, UNPRIVILEGED, OpenPlace
from deploy.local.ports import Ports
from deploy.local.postgres import Postgres, programs
from deploy.local.process import StartFailed

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as somebody else")
ODD = 'a path, with é: it\'s "%41" & more'


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder only we may enter."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    return folder


def alone(root: Path, *, umask: str = "022", user: int | None = None, **variables: str) -> dict[str, Any]:
    """Start, ask and stop PostgreSQL of an instance; what it said of itself."""
    command = [sys.executable, "-m", "tests.local.postgres_alone", str(root), umask, str(user or os.geteuid())]
    done = subprocess.run(
        command, cwd=REPOSITORY, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["names"] == ["case_app", "case_app"]
    return found


def readable_by_others(root: Path) -> list[Path]:
    """Files under `root` that somebody else could open, were the way to them open."""
    found, ways = [], [root]
    while ways:
        for path in ways.pop().iterdir():
            mode = 0 if path.is_symlink() else path.stat().st_mode
            if path.is_dir() and not path.is_symlink():
                ways += [path] if mode & 0o011 else []
            elif mode & 0o044:
                found.append(path)
    return found


@AS_ROOT
def test_root_in_a_closed_folder_with_closed_programs(closed: Path) -> None:
    packages = closed / "packages"
    for part in (programs().parents[1], programs().parents[1].with_name(f"{programs().parents[1].name}.libs")):
        shutil.copytree(part, packages / part.name, ignore=open_place.NOT_NEEDED)
    root = closed / "run"
    first = alone(root, PYTHONPATH=str(packages))
    place = OpenPlace(Instance(root, Ports.free())).path
    assert Path(first["data"]).is_relative_to(place)
    assert Path(first["program"]).is_relative_to(place)
    again = alone(root, PYTHONPATH=str(packages))
    assert again == {**first, "rows": 2}
    assert sum(file.stat().st_size for file in place.glob("programs-*/**/*") if file.is_file()) < 40_000_000
    open_place.remove(root)
    assert not place.exists()
    assert not root.exists()


@AS_ROOT
def test_data_from_before_the_folder_was_closed_are_taken_along(tmp_path: Path) -> None:
    opened = [
        tmp_path,
        *(parent for parent in tmp_path.parents if parent.owner() == "root" and parent.stat().st_mode & 0o011 == 0),
    ]
    modes = {folder: folder.stat().st_mode for folder in opened}
    root = tmp_path / "run"
    try:
        for folder in opened:
            open_place.open_to_pass(folder)
        first = alone(root)
        assert Path(first["data"]).is_relative_to(root)
        assert Path(first["program"]).parent == programs()
    finally:
        for folder, mode in modes.items():
            folder.chmod(mode)
    tmp_path.chmod(0o700)
    moved = alone(root)
    assert moved["rows"] == 2
    assert not Path(moved["data"]).is_relative_to(root)
    assert not Path(first["data"]).exists()
    open_place.remove(root)


@pytest.mark.parametrize("umask", ["077", "000"])
def test_an_ordinary_user_in_a_home_of_their_own(closed: Path, umask: str) -> None:
    home = Path(closed if os.geteuid() else open_place.temporary() / f"home-of-nobody-{umask}-{os.getpid()}")
    user = os.geteuid() or UNPRIVILEGED
    variables = {}
    try:
        if os.geteuid() == 0:
            home.mkdir(mode=0o700)
            os.chown(home, user, user)
            # Nobody may not reach these programs where the repository is closed.
            shutil.copytree(programs().parents[1], home / "pg" / "p", ignore=open_place.NOT_NEEDED)
            libraries = programs().parents[1].with_name(f"{programs().parents[1].name}.libs")
            shutil.copytree(libraries, home / "pg" / libraries.name)
            open_place.open_to_read(home / "pg")
            variables = {"PG_BIN": str(home / "pg" / "p" / "pginstall" / "bin")}
        found = alone(home / "run", umask=umask, user=user, **variables)
        assert Path(found["data"]).is_relative_to(home / "run")
        assert readable_by_others(home / "run") == []
    finally:
        shutil.rmtree(home)


@pytest.mark.parametrize("umask", ["077", "000"])
def test_a_path_with_a_space_an_e_acute_and_worse(closed: Path, umask: str) -> None:
    root = closed / ODD / "run"
    alone(root, umask=umask)
    assert readable_by_others(root) == []
    open_place.remove(root)


@AS_ROOT
def test_a_copy_neither_takes_nor_removes_the_data_of_the_first(closed: Path) -> None:
    first = OpenPlace(Instance(closed / "run", Ports.free()))
    first.make()
    shutil.copytree(closed / "run", closed / "copy", symlinks=True)
    copy = OpenPlace(Instance(closed / "copy", Ports.free()))
    with pytest.raises(
        StartFailed, match=r"^This is a copy of \S+run, .*: run `make reset` here to begin without data"
    ):
        copy.make()
    open_place.remove(closed / "copy")
    place = first.path
    assert place.exists()
    (closed / "run").rename(closed / "moved")
    moved = OpenPlace(Instance(closed / "moved", Ports.free()))
    moved.make()
    assert moved.path == place
    open_place.remove(closed / "moved")
    assert not place.exists()


@AS_ROOT
async def test_what_a_deleted_instance_left_running_is_ended_and_removed(closed: Path) -> None:
    root = closed / "run"
    kept = OpenPlace(Instance(closed / "kept", Ports.free()))
    kept.make()
    postgres = Postgres(Instance(root, Ports.free()))
    await postgres.start()
    place = OpenPlace(Instance(root, Ports.free())).path
    shutil.rmtree(root)
    open_place.sweep()
    assert await postgres.process.wait() == -9
    assert not place.exists()
    assert kept.path.exists()
    open_place.remove(closed / "kept")


@AS_ROOT
def test_a_folder_that_others_made_look_like_ours_is_left_alone(tmp_path: Path) -> None:
    trap = open_place.temporary() / f"{PREFIX}trap-{os.getpid()}"
    trap.mkdir()
    (trap / OWNER).write_bytes(os.fsencode(tmp_path / "gone"))
    open_place.give(trap)
    try:
        open_place.sweep()
        assert trap.exists()
        root = tmp_path / "run"
        (root / "data").mkdir(parents=True)
        (root / "data" / "postgres.place").symlink_to(trap)
        with pytest.raises(StartFailed, match="is not ours: remove it and start again"):
            OpenPlace(Instance(root, Ports.free())).make()
    finally:
        shutil.rmtree(trap)
