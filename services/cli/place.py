"""Which platform a command is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Access(Protocol):
    """Where the directory listens, and by what the host proves who it is."""

    @property
    def issuer(self) -> str: ...
    @property
    def partner_directory_target(self) -> str: ...
    @property
    def tls_directory(self) -> Path: ...
    @property
    def client_key_file(self) -> Path: ...


@dataclass(frozen=True, slots=True)
class Place:
    """`root` is the directory of a local platform; `access` reads the settings. Raises ClickException."""

    root: Path
    access: Callable[[], Access]
