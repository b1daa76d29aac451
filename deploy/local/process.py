"""One child process: start it, watch it, stop it, and find it again after its runner died."""

import asyncio
import contextlib
import os
import select
import signal
import subprocess
from pathlib import Path

KILL_GRACE_SECONDS = 10.0


class StartFailed(Exception):
    """One sentence that says what is wrong and what to do about it."""


class Process:
    """A child in a session of its own, so that Ctrl-C reaches only the runner.

    Not bound to an event loop: a process started in one loop may be stopped from another.
    Next to the log stands a pid file, by which the next run finds what a killed run left behind.
    """

    def __init__(
        self,
        name: str,
        command: list[str],
        env: dict[str, str],
        log: Path,
        *,
        cwd: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._env = env
        self._cwd = cwd
        self._stop_signal = stop_signal
        self._pid_file = log.with_suffix(".pid")
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Whether the process runs now."""
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self) -> int:
        """The process id of the last start; 0 before the first."""
        return self._child.pid if self._child is not None else 0

    async def start(self) -> None:
        """Start the process; a leftover of an earlier, killed run is ended first."""
        await end_leftover(self._pid_file)
        self.log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._child = self._spawn()
        record(self._pid_file, self.pid, self._stop_signal)

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as output:
            try:
                return subprocess.Popen(
                    self._command,
                    env=self._env,
                    cwd=self._cwd,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except (FileNotFoundError, PermissionError) as error:
                raise StartFailed(
                    f"{self.name} cannot be started ({error.strerror}: {error.filename}); "
                    "run `make reset` and then `make run` to set it up again."
                ) from error

    async def wait(self) -> int:
        """Wait until the process has ended; gives its exit code (negative: the signal)."""
        if self._child is None:
            raise RuntimeError(f"{self.name} was never started")
        await _ended(self._child.pid, self._child)
        return self._child.wait()

    async def stop(self, timeout: float = KILL_GRACE_SECONDS) -> None:
        """Ask the process to end; after `timeout` seconds end it by force."""
        if self._child is not None and self.alive:
            self._child.send_signal(self._stop_signal)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.wait(), timeout)
        self.kill()

    def kill(self) -> None:
        """End the process and what it started at once (SIGKILL)."""
        if self._child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._pid_file.unlink(missing_ok=True)

    def last_line(self) -> str:
        """The last line of the log, for an error message."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return lines[-1] if lines else "(nothing)"

    def failed(self, what: str) -> StartFailed:
        """What to raise when the process did not do what it should; its log has the reason."""
        lines = self.log.read_text(errors="replace").splitlines()[-20:] if self.log.exists() else []
        if any("No space left on device" in line for line in lines):
            return StartFailed(f"The disk of {self.log.parent} is full: free some space and start again.")
        reason = lines[-1].strip() if lines else "nothing was written"
        return StartFailed(f"{self.name} {what}; the reason stands in {self.log}: {reason}")


def end_at_once(pid: int) -> None:
    """SIGKILL a process and its children, also those that lead a process group of their own.

    Returns when the children are gone: PostgreSQL does not start while one of before still has its memory.
    """
    with contextlib.suppress(ProcessLookupError):
        # Stopped first, it cannot have another child while its children are listed.
        os.kill(pid, signal.SIGSTOP)
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        os.kill(pid, signal.SIGKILL)
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        for child in children:
            _wait_gone(int(child))


def _wait_gone(pid: int) -> None:
    """A process that was killed and is nobody's child of ours; for as long as one is given to end."""
    with contextlib.suppress(ProcessLookupError):
        ending = os.pidfd_open(pid)
        try:
            gone = select.poll()
            gone.register(ending, select.POLLIN)
            gone.poll(KILL_GRACE_SECONDS * 1000)
        finally:
            os.close(ending)


async def end_leftover(pid_file: Path, timeout: float = KILL_GRACE_SECONDS) -> bool:
    """End the process a killed runner left behind; whether there was one."""
    found = leftover(pid_file)
    pid_file.unlink(missing_ok=True)
    if found is None:
        return False
    pid, stop_signal = found
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, stop_signal)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_ended(pid), timeout)
        os.killpg(pid, signal.SIGKILL)
        await _ended(pid)
    return True


def leftover(pid_file: Path) -> tuple[int, int] | None:
    """The recorded process and the signal that asks it to stop, if it still runs."""
    recorded = pid_file.read_text().split() if pid_file.exists() else []
    if len(recorded) != 3 or _started_at(int(recorded[0])) != recorded[1]:
        return None
    return int(recorded[0]), int(recorded[2])


def record(pid_file: Path, pid: int, stop_signal: signal.Signals = signal.SIGTERM) -> None:
    """Write down which process it is, and how to ask it to stop, for `end_leftover`."""
    pid_file.write_text(f"{pid} {_started_at(pid)} {stop_signal.value}")


async def _ended(pid: int, child: subprocess.Popen[bytes] | None = None) -> None:
    """Wait for the end of a process, ours or not, without holding a thread."""
    if child is not None and child.poll() is not None:
        return
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    loop.add_reader(descriptor, _settle, ended)
    try:
        await ended
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


def _settle(ended: asyncio.Future[None]) -> None:
    if not ended.done():
        ended.set_result(None)


def _started_at(pid: int) -> str:
    """The kernel's start time of a process, which tells it from a later one of the same number."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return status.rpartition(")")[2].split()[19]
