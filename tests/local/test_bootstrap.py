"""Setting up from nothing: what stands in the way is told in one sentence that says what to do."""

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.bootstrap import MEGABYTES_NEEDED
from deploy.local.instance import REPOSITORY

TINY_LOCK = ("uv", "setuptools", "idna")
TO_BUILD = ("hatchling", "packaging", "pathspec", "pluggy", "trove-classifiers")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What setting up needs of the repository, with a lock of few packages."""
    shutil.copytree(REPOSITORY / "deploy", tmp_path / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    lock = (REPOSITORY / "requirements.lock").read_text()
    entries = [entry(lock, package) for package in TINY_LOCK]
    (tmp_path / "requirements.lock").write_text("".join(entries))
    return tmp_path


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is ours, where nobody answers."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def entry(lock: str, package: str) -> str:
    found = re.search(rf"^{package}==.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    assert found
    return found.group()


def set_up(tree: Path, *wrapper: str, **variables: str) -> tuple[int, str]:
    """Run it; gives the exit code and the last line."""
    ours = {name: value for name, value in os.environ.items() if name not in {"PIP_FIND_LINKS", "VIRTUAL_ENV"}}
    done = subprocess.run(
        [*wrapper, sys.executable, "-m", "deploy.local.bootstrap"],
        cwd=tree,
        env={**ours, "UV_HTTP_RETRIES": "0", "UV_CACHE_DIR": str(tree / "cache"), **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("installer", ["PIP_INDEX_URL", "UV_DEFAULT_INDEX"])
def test_an_unreachable_index(tree: Path, closed_port: int, installer: str) -> None:
    code, sentence = set_up(tree, **{installer: f"http://127.0.0.1:{closed_port}/simple"})
    assert code == 1
    assert "the package index cannot be reached; check the network" in sentence
    assert not (tree / ".venv" / "set-up-from").exists()


@pytest.mark.parametrize("package", ["uv", "idna"])
def test_a_wrong_checksum(tree: Path, package: str) -> None:
    lock = tree / "requirements.lock"
    right = entry(lock.read_text(), package)
    lock.write_text(lock.read_text().replace(right, re.sub(r"sha256:\w{8}", "sha256:00000000", right)))
    code, sentence = set_up(tree)
    assert code == 1
    assert "does not have the checksum in requirements.lock; start again" in sentence
    assert not (tree / ".venv" / "set-up-from").exists()


def on_a_small_disk(tree: Path, megabytes: int) -> list[str]:
    """A command that runs another where `tree` is a disk of that size: a mount nobody else sees."""
    users = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    unshare = ["unshare", "--mount", *users]
    if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets us mount nothing, not even in a namespace of our own")
    script = (
        f'cp -r "{tree}" "{tree}.copy" && mount -t tmpfs -o size={megabytes}m tmpfs "{tree}" '
        f'&& cp -r "{tree}.copy/." "{tree}" && cd "{tree}" && exec "$@"'
    )
    return [*unshare, "sh", "-c", script, "sh"]


def test_a_disk_too_small_to_begin(tree: Path) -> None:
    code, sentence = set_up(tree, *on_a_small_disk(tree, 30))
    assert code == 1
    assert re.fullmatch(
        rf"The disk of \S+ has \d+ MB free and {MEGABYTES_NEEDED} MB are needed: free some space and start again.",
        sentence,
    )


def test_a_disk_that_fills_up_on_the_way(tree: Path) -> None:
    (tree / ".venv").mkdir()
    code, sentence = set_up(tree, *on_a_small_disk(tree, 40))
    assert code == 1
    assert f"the disk is full; make {MEGABYTES_NEEDED} MB free and start again" in sentence


def test_a_second_one_waits_for_the_first(tree: Path) -> None:
    command = [sys.executable, "-m", "deploy.local.bootstrap"]
    with (tree / ".setup.lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        with subprocess.Popen(command, cwd=tree, stderr=subprocess.PIPE, text=True) as second:
            assert second.stderr
            assert second.stderr.readline() == "Waiting for another set-up of the Python packages to finish\n"
            assert not (tree / ".venv").exists()
            second.kill()


def test_a_newer_python_that_does_not_do_keeps_nobody_from_starting(tree: Path, tmp_path: Path) -> None:
    lock = (REPOSITORY / "requirements.lock").read_text()
    with (tree / "requirements.lock").open("a") as tiny:
        tiny.writelines(entry(lock, package) for package in TO_BUILD)
    newer = tmp_path / "bin" / "python3.13"
    newer.parent.mkdir()
    newer.write_text(f'#!/bin/sh\n[ "$2" = -c ] && exec echo "3 13 99 {newer}"\necho "no such thing" >&2\nexit 1\n')
    newer.chmod(0o755)
    path = f"{newer.parent}:{os.environ['PATH']}"
    code, sentence = set_up(tree, PATH=path)
    assert (code, sentence) == (0, "The Python packages are ready")
    asked = [str(tree / ".venv" / "bin" / "python"), "-c", "import idna, sys; print(sys.version_info[:2])"]
    assert subprocess.check_output(asked, text=True).strip() == str(sys.version_info[:2])
    again: subprocess.CompletedProcess[str] = subprocess.run(
        [sys.executable, "-m", "deploy.local.bootstrap"], cwd=tree, env={**os.environ, "PATH": path},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert again.stdout + again.stderr == ""
