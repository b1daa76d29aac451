"""Sets up .venv from the hash-pinned lock. Standard library only: it runs before anything is there.

`python3 -m deploy.local.bootstrap`, as often as one likes: it does nothing when .venv matches the lock. A .venv is made
with the best Python there is (deploy/local/pythons.py), or with `--this` one; one that works is kept.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.pythons import OLDEST, Python, newest, old

REPOSITORY = Path(__file__).resolve().parents[2]
ENVIRONMENT = REPOSITORY / ".venv"
LOCK = REPOSITORY / "requirements.lock"
STAMP = ENVIRONMENT / "set-up-from"
MEGABYTES_NEEDED = 1200
# What comes as source is built with the setuptools of the lock, not with whatever is newest that day.
INSTALLERS = ("uv", "setuptools")

NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectionError|Connection refused|Max retries|name resolution|dns error|error sending request"
    r"|timed out|Network is unreachable|Failed to fetch|No matching distribution|client error \(Connect\)",
    re.IGNORECASE,
)
WRONG_CHECKSUM = re.compile(r"DO NOT MATCH THE HASHES|Hash mismatch|hashes are required", re.IGNORECASE)
NO_VENV = re.compile(r"No module named ensurepip|ensurepip is (not available|disabled)")
FULL_DISK = re.compile(r"No space left on device|os error 28|Disk quota exceeded", re.IGNORECASE)


UNKNOWN = "see there, remove .venv, and start again."
TOO_OLD = "Python 3.11 or newer is needed: install it and run again with `make PYTHON=python3.11 ...`."


class SetUpFailed(Exception):
    """One sentence that says what is wrong and what to do about it."""


def main() -> int:
    """Set up; on failure say why in one sentence."""
    try:
        set_up(this="--this" in sys.argv[1:])
    except SetUpFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except (OSError, shutil.Error) as error:
        print(f"The Python packages could not be set up ({error}): {_advice(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def set_up(*, this: bool = False) -> None:
    """Bring .venv to what the lock says; a second caller waits and finds it done.

    `this`: with the Python that runs now, even where .venv has another.
    """
    with _alone():
        if this and OLDEST <= sys.version_info[:2] != _made_with()[:2]:
            shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        if STAMP.exists() and STAMP.read_text() == _fingerprint():
            return
        _check_space()
        STAMP.unlink(missing_ok=True)
        choices = [None] if _environment_works() else _choices(this=this)
        try:
            _set_up_with(choices[0])
        except SetUpFailed as failure:
            if len(choices) == 1 or not str(failure).endswith(UNKNOWN):
                raise
            _say(f"{failure}\nTrying once more with Python {choices[1]}")
            _set_up_with(choices[1])
        STAMP.write_text(_fingerprint())
        _say("The Python packages are ready")


def _choices(*, this: bool) -> list[Python]:
    """The Python to make .venv with, and the one that runs now, in case packages do not go with the first."""
    mine = Python(getattr(sys, "_base_executable", sys.executable), sys.version_info[:3])
    best = None if this else newest(os.environ.get("PATH", os.defpath))
    if (best or mine).version < OLDEST:
        raise SetUpFailed(TOO_OLD)
    # Where none has a complete venv, making it with this one says what is missing.
    return [best, mine] if best and OLDEST <= mine.version != best.version else [best or mine]


def _set_up_with(python: Python | None) -> None:
    """Make .venv with this Python, or go on with the one that is there, and fill it."""
    if python is not None:
        _say(f"Setting up the Python environment with Python {python} ({python.program})")
        if sentence := old(python.version):
            _say(sentence)
        _ran([python.program, "-m", "venv", "--clear", str(ENVIRONMENT)])
    _say("Setting up the Python packages: first the installer")
    with _requirements(*INSTALLERS) as requirements:
        _run("-m", "pip", "install", "--retries=2", "--progress-bar=off", "--require-hashes", "-r", requirements)
    _say("Setting up the Python packages: about 300 MB to download the first time")
    _run("-m", "uv", "pip", "sync", "--require-hashes", "--no-build-isolation", str(LOCK))
    _run("-m", "uv", "pip", "install", "--no-deps", "--no-build-isolation", "--editable", str(REPOSITORY))


@contextmanager
def _alone() -> Iterator[None]:
    with (REPOSITORY / ".setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Waiting for another set-up of the Python packages to finish")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fingerprint() -> str:
    """What .venv was made from: the lock, the project's own entry points, its Python, the place."""
    made = ".".join(map(str, _made_with())).encode()
    parts = (LOCK.read_bytes(), (REPOSITORY / "pyproject.toml").read_bytes(), made, bytes(ENVIRONMENT))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _check_space() -> None:
    free = shutil.disk_usage(REPOSITORY).free // 1_000_000
    if free < MEGABYTES_NEEDED and not ENVIRONMENT.exists():
        raise SetUpFailed(
            f"The disk of {REPOSITORY} has {free} MB free and {MEGABYTES_NEEDED} MB are needed: free some space and "
            "start again."
        )


def _environment_works() -> bool:
    python = ENVIRONMENT / "bin" / "python"
    asked = [str(python), "-c", "import pip"]
    return python.exists() and subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _made_with() -> tuple[int, ...]:
    """The version of the Python that .venv was made with; empty where there is none."""
    note = ENVIRONMENT / "pyvenv.cfg"
    found = re.search(r"^version\s*=\s*(\d+)\.(\d+)\.(\d+)", note.read_text(), re.MULTILINE) if note.exists() else None
    return tuple(map(int, found.groups())) if found else ()


@contextmanager
def _requirements(*packages: str) -> Iterator[str]:
    """A requirements file with these packages and their hashes, as the lock has them."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        for package in packages:
            entry = re.search(rf"^{package}==.*?(?=^\S|\Z)", LOCK.read_text(), re.MULTILINE | re.DOTALL)
            if entry is None:
                raise SetUpFailed(f"requirements.lock does not name {package}: get it anew from the repository.")
            file.write(entry.group())
        file.flush()
        yield file.name


def _run(*arguments: str) -> None:
    """Run a step with .venv's Python, let its progress be seen, and say in one sentence what failed."""
    _ran([str(ENVIRONMENT / "bin" / "python"), *arguments])


def _ran(command: list[str]) -> None:
    code, output = _seen(command)
    if code != 0:
        log = REPOSITORY / ".setup.log"
        log.write_text(output)
        raise SetUpFailed(f"The Python packages could not be set up (details in {log}): {_advice(output)}")


def _seen(command: list[str]) -> tuple[int, str]:
    """Run, passing on what is printed; a terminal in between keeps the progress bars."""
    ours, theirs = pty.openpty() if sys.stderr.isatty() else os.pipe()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=_variables()) as child:
        os.close(theirs)
        collected = bytearray()
        while chunk := _read(ours):
            collected += chunk
            sys.stderr.buffer.write(chunk)
            sys.stderr.buffer.flush()
        os.close(ours)
    return child.returncode, collected.decode(errors="replace")


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux says so when the other end of a terminal is closed.
        return b""


def _variables() -> dict[str, str]:
    """The caller's environment, told to both installers alike."""
    variables = {**os.environ, "VIRTUAL_ENV": str(ENVIRONMENT), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    variables.setdefault("UV_LINK_MODE", "copy")
    if "PIP_INDEX_URL" in variables:
        variables.setdefault("UV_DEFAULT_INDEX", variables["PIP_INDEX_URL"])
    return variables


def _advice(output: str) -> str:
    if FULL_DISK.search(output):
        return f"the disk is full; make {MEGABYTES_NEEDED} MB free and start again."
    if NO_VENV.search(output):
        return "Python's venv is not complete; install it (on Debian `apt install python3-venv`) and start again."
    if WRONG_CHECKSUM.search(output):
        return (
            "a package does not have the checksum in requirements.lock; start again in case the download broke, and "
            "if it stays so, do not use it and ask who runs your package index."
        )
    if NO_NETWORK.search(output):
        return "the package index cannot be reached; check the network (or PIP_INDEX_URL) and start again."
    return UNKNOWN


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
