"""Secrets of one instance: files only their owner can read, made once and then kept."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from services.kit.keys import root_key_files


class SecretFiles:
    """A directory (0700) of files (0600)."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def path(self, name: str, make: Callable[[], bytes]) -> Path:
        """The file of that name; `make` gives its content the first time."""
        path = self.directory / name
        if not path.exists():
            write_private(path, make())
        return path

    def password(self, name: str) -> str:
        """A random password, kept as `<name>.password`."""
        return self.path(f"{name}.password", lambda: secrets.token_urlsafe(24).encode()).read_text()

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return (self.directory / name).exists()

    def remove(self, name: str) -> None:
        """Forget it."""
        (self.directory / name).unlink()

    def root_key(self, name: str) -> Path:
        """The file with a service's 32 random bytes; later versions stand beside it, and may be all there is."""
        file = self.directory / f"{name}.root_key"
        if root_key_files(file):
            return file
        return self.path(f"{name}.root_key", lambda: secrets.token_bytes(32))


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read; never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
