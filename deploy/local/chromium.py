"""Finds Chromium for the browser tests and the screenshots, or installs Debian's where that is ours to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.local.process import StartFailed

# Chromium without the browser's own window takes a fifth of the processor time for a new context, so it comes first.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")
INSTALL = (
    ("apt-get", "update"),
    ("apt-get", "install", "--yes", "--no-install-recommends", SHELL),
)
INSTALL_SECONDS = 900
BY_HAND = f"run `apt-get update && apt-get install -y {SHELL}` as root, or point CHROMIUM at a Chromium or Chrome"


def chromium() -> Path:
    """The browser's program: CHROMIUM, or one on PATH, or Debian's, installed now when we are root.

    Raises StartFailed with the command that helps.
    """
    if named := os.environ.get("CHROMIUM"):
        if shutil.which(named) is None:
            raise StartFailed(
                f"CHROMIUM is {named}, which is no program: point it at a Chromium or Chrome, or unset it."
            )
        return Path(named)
    if found := _on_path():
        return found
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise StartFailed(f"Chromium is needed and not installed: {BY_HAND}.")
    _install()
    if found := _on_path():
        return found
    raise StartFailed(f"Debian's package {SHELL} is installed, but no such program is on PATH: {BY_HAND}.")


def _on_path() -> Path | None:
    found = next((place for name in NAMES if (place := shutil.which(name))), None)
    return Path(found) if found else None


def _install() -> None:
    print("Installing Chromium from Debian's packages, about 100 MB to download", file=sys.stderr, flush=True)
    for command in INSTALL:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                timeout=INSTALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise StartFailed(
                f"Chromium was not installed within {INSTALL_SECONDS // 60} minutes: check the network, or {BY_HAND}."
            ) from error
        if done.returncode != 0:
            raise StartFailed(f"Chromium could not be installed ({_reason(done.stdout)}): {BY_HAND}.")


def _reason(output: str) -> str:
    lines = output.splitlines()
    return next((line for line in lines if line.startswith("E: ")), lines[-1] if lines else "apt-get said nothing")


def main() -> int:
    """Print where it is; a failure is told in one sentence."""
    try:
        print(f"Chromium: {chromium()}", flush=True)
    except StartFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
