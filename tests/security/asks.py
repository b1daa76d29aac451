"""What a row of the isolation matrix is made of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.security.world import World


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: what stands in the path, the body, the version."""

    ids: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    etag: str = ""
    cell: str = ""
    """Where, when not in the cell of the world."""


@dataclass(frozen=True, slots=True)
class Row:
    """A door. `refused`: who else, and the status and code they get for the very same request."""

    rightful: str
    make: Callable[[World], Awaitable[Ask]]
    refused: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    in_cell: bool = True
