"""A child process is started, watched, stopped, and found again after its runner died."""

import asyncio
import contextlib
import itertools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local.keeper import LONGEST_PAUSE_SECONDS, Keeper, pauses
from deploy.local.process import Process, StartFailed, end_at_once, end_leftover
from deploy.local.together import together
from tests.patience import HANGS_AFTER

STUBBORN = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(600)"
)
PARENT = "import subprocess, time; subprocess.Popen(['sleep', '600'], start_new_session=True); time.sleep(600)"


def python(name: str, program: str, directory: Path) -> Process:
    return Process(name, [sys.executable, "-c", program], {"PATH": os.defpath}, directory / f"{name}.log")


class Sleeper:
    """A part that is up as soon as it runs."""

    name = "sleeper"

    def __init__(self, directory: Path) -> None:
        self.process = python(self.name, "import time; time.sleep(600)", directory)

    async def start(self) -> None:
        await self.process.start()

    async def stop(self) -> None:
        await self.process.stop()

    def kill(self) -> None:
        self.process.kill()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(HANGS_AFTER):
        while not condition():
            await asyncio.sleep(0.01)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def runs(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


async def test_a_process_that_does_not_listen_is_ended_by_force(tmp_path: Path) -> None:
    process = python("stubborn", STUBBORN, tmp_path)
    await process.start()
    await until(lambda: "on" in process.log.read_text())
    await process.stop(timeout=0.1)
    assert not process.alive
    assert await process.wait() == -signal.SIGKILL


async def test_what_a_killed_runner_left_behind_is_ended_by_the_next_start(tmp_path: Path) -> None:
    left, again = (python("part", "import time; time.sleep(600)", tmp_path) for _ in range(2))
    await left.start()
    await again.start()
    assert not left.alive
    assert again.alive
    await again.stop()


async def test_a_stubborn_leftover_is_gone_when_we_go_on(tmp_path: Path) -> None:
    left = python("part", STUBBORN, tmp_path)
    await left.start()
    await until(lambda: "on" in left.log.read_text())
    assert await end_leftover(tmp_path / "part.pid", timeout=0.1)
    assert not runs(left.pid)


async def test_a_later_process_with_the_same_number_is_left_alone(tmp_path: Path) -> None:
    process = python("part", "import time; time.sleep(600)", tmp_path)
    await process.start()
    pid_file = tmp_path / "other.pid"
    pid_file.write_text(f"{process.pid} 12345 {signal.SIGTERM.value}")
    assert not await end_leftover(pid_file)
    assert process.alive
    await process.stop()


async def test_a_crash_takes_the_children_along(tmp_path: Path) -> None:
    process = python("parent", PARENT, tmp_path)
    await process.start()
    await until(lambda: children(process.pid))
    (child,) = children(process.pid)
    end_at_once(process.pid)
    await until(lambda: not runs(child))
    assert await process.wait() == -signal.SIGKILL
    process.kill()


async def test_a_missing_program_is_told_in_one_sentence(tmp_path: Path) -> None:
    process = Process("server", ["/nowhere/server"], {}, tmp_path / "server.log")
    with pytest.raises(StartFailed, match=r"^server cannot be started .*/nowhere/server.*make run"):
        await process.start()


async def test_a_part_that_crashes_is_started_again(tmp_path: Path) -> None:
    part = Sleeper(tmp_path)
    changes: list[int] = []
    keeper = Keeper(part, lambda: changes.append(part.process.pid), lambda _: None)
    await keeper.start()
    first = part.process.pid
    os.kill(first, signal.SIGKILL)
    await until(lambda: part.process.pid != first)
    await keeper.is_up()
    keeper.kill()
    await keeper.is_up()
    assert len(set(changes)) == 3
    await keeper.stop()
    assert not part.process.alive


@pytest.mark.parametrize(
    ("longest", "expected"), [(LONGEST_PAUSE_SECONDS, [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10]), (0.2, [0.2] * 8)]
)
def test_what_ends_again_and_again_is_started_ever_more_slowly(longest: float, expected: list[float]) -> None:
    assert list(itertools.islice(pauses(longest), 8)) == expected


async def test_the_first_failure_ends_the_others() -> None:
    ended = asyncio.Event()

    async def patient() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def failing() -> None:
        raise StartFailed("It is full.")

    with pytest.raises(StartFailed, match="It is full"):
        await together(patient(), failing())
    assert ended.is_set()
