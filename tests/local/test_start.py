"""Starting and stopping the whole platform as a person does, and what may stand in the way."""

import asyncio
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from deploy.local.instance import REPOSITORY, Instance
from deploy.local.platform import Platform
from deploy.local.ports import SERVICES, Ports
from deploy.local.postgres import Postgres
from deploy.local.process import StartFailed
from services.cli.status import platform_status
from tests.patience import HANGS_AFTER

READY = re.compile(r"The platform runs at (\S+)")


@pytest.fixture(scope="module")
def base() -> int:
    """25 free ports in a row."""
    for first in random.sample(range(15000, 24000, 100), 90):
        if not any(_is_taken(first + offset) for offset in range(25)):
            return first
    raise AssertionError("no 25 free ports in a row")


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Runner:
    """`make run` on a directory and ports of its own."""

    def __init__(self, root: Path, base: int) -> None:
        self.root = root
        self._environment = {**os.environ, "RONDETAFEL_PORT_BASE": str(base)}
        self.lines: list[str] = []

    def command(self, what: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "deploy.local", what, f"--root={self.root}"],
            cwd=REPOSITORY,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def refused(self, what: str = "run") -> str:
        """The one sentence with which a command ends that cannot be done."""
        with self.command(what) as process:
            printed, _ = process.communicate()
        assert process.returncode == 1
        return printed.strip().splitlines()[-1]

    @contextmanager
    def running(self) -> "Iterator[subprocess.Popen[str]]":
        """A platform that is up."""
        process = self.command("run")
        try:
            self.lines = _until_ready(process)
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.communicate()


def _until_ready(process: "subprocess.Popen[str]") -> list[str]:
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if READY.match(line):
            return lines
    raise AssertionError("".join(lines))


def still_running(root: Path) -> list[str]:
    """Command lines of processes that have to do with an instance."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = process.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            surroundings = (process.parent / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(root) in line + surroundings:
            found.append(line)
    return found


def test_a_port_in_use(tmp_path: Path, base: int) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", base + 3))
        taken.listen()
        sentence = Runner(tmp_path, base).refused()
    assert sentence == (
        f"Port {base + 3} (postgres) is in use: stop the program that holds it, or set RONDETAFEL_PORT_BASE to a "
        "number where its ports are free."
    )
    assert still_running(tmp_path) == []


def test_a_disk_too_small_to_begin(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as root:
        sentence = r"^The disk of \S+ has \d+ MB free and 500 MB are needed: free some space and start again\.$"
        with pytest.raises(StartFailed, match=sentence):
            asyncio.run(Platform(Instance(root, Ports.free())).start())


async def test_a_disk_that_fills_up_on_the_way() -> None:
    # pytest's own folders are closed to PostgreSQL's user, and from there the data would go to another disk.
    with tempfile.TemporaryDirectory() as folder, small_disk(opened(Path(folder)) / "small") as root:
        postgres = Postgres(Instance(root, Ports.free()))
        with pytest.raises(StartFailed, match=r"^The disk of \S+ is full: free some space and start again\.$"):
            await postgres.start()
        assert not postgres.process.alive


def opened(folder: Path) -> Path:
    """A folder that everybody may enter."""
    folder.chmod(0o755)
    return folder


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=25m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("only root can mount a small disk, and not on every machine")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


async def test_up_killed_up_again_and_stopped(tmp_path: Path, base: int) -> None:
    """One story, because each start of the whole platform takes its time."""
    runner = Runner(tmp_path, base)
    with runner.running() as first:
        await _is_described(runner)
        await _keep_a_row(runner)
        assert "The platform already runs at http://localhost:" in runner.refused()
        assert "already runs" in runner.refused("reset")
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert still_running(tmp_path)
    with runner.running() as second:
        assert any("left over from a run that was killed" in line for line in runner.lines)
        await _row_is_kept(runner)
        await _crashed_service_comes_back(runner)
        second.send_signal(signal.SIGINT)
        printed, _ = second.communicate()
        assert second.returncode == 0
        assert printed.strip().endswith("Stopped; the data are kept")
    assert still_running(tmp_path) == []
    assert not (tmp_path / "platform.json").exists()


async def _is_described(runner: Runner) -> None:
    file = runner.root / "platform.json"
    platform = json.loads(file.read_text())
    assert set(platform["services"]) == set(platform["postgres"]["databases"]) == set(SERVICES)
    for name, service in platform["services"].items():
        assert f"services.{name}" in _command_line(service["pid"])
    assert "deploy.mail" in _command_line(platform["mail"]["pid"])
    files = [path for path in (runner.root / "secrets").rglob("*") if path.is_file()]
    secrets = {path.read_text(errors="replace").strip() for path in files}
    assert not [secret for secret in secrets if secret and secret in file.read_text()]
    status = await platform_status(file)
    assert status.healthy, str(status)


def _command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


async def _connect(runner: Runner) -> "asyncpg.Connection[asyncpg.Record]":
    postgres = json.loads((runner.root / "platform.json").read_text())["postgres"]
    password = (runner.root / "secrets" / "postgres.postgres.password").read_text()
    return await asyncpg.connect(
        host=postgres["host"], port=postgres["port"], user="postgres", password=password, database="postgres", ssl=False
    )


async def _keep_a_row(runner: Runner) -> None:
    connection = await _connect(runner)
    await connection.execute("CREATE TABLE kept AS SELECT 1 AS it")
    await connection.close()


async def _row_is_kept(runner: Runner) -> None:
    connection = await _connect(runner)
    assert await connection.fetchval("SELECT it FROM kept") == 1
    await connection.close()


async def _crashed_service_comes_back(runner: Runner) -> None:
    file = runner.root / "platform.json"
    before = json.loads(file.read_text())["services"]["meeting"]["pid"]
    os.kill(before, signal.SIGKILL)
    async with asyncio.timeout(HANGS_AFTER):
        while json.loads(file.read_text())["services"]["meeting"]["pid"] in {before, 0}:
            await asyncio.sleep(0.1)
    assert (await platform_status(file)).healthy
