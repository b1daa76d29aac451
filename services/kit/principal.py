"""Who acts, and in which cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

PLATFORM = UUID("00000000-0000-8000-8000-000000000001")
"""The tenant in which host and oversight act on the platform itself; it has its own log."""

SYSTEM_NAMESPACE = UUID("6d1f3b1e-6f0f-5a77-9d53-1b1f0f5f2c11")


class PrincipalKind(StrEnum):
    """A person signed in, a client of the host, or a named process of ours."""

    PERSON = "person"
    HOST = "host"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Principal:
    """The acting party of one command or query. There is no anonymous one and no default cell.

    `cell_id` is the tenant addressed, not a claim that the caller belongs there. `acr` is the level of the
    sign-in, 0 for host and system. `name` is the client or system name and empty for persons. `identities` is what
    may be revoked of the token behind the act (kit.identities), issued at `issued_at`; empty without a token.
    """

    kind: PrincipalKind
    actor_id: UUID
    cell_id: UUID
    acr: int = 0
    name: str = ""
    on_behalf_of: UUID | None = None
    identities: tuple[UUID, ...] = ()
    issued_at: datetime | None = None


def system(name: str, cell_id: UUID) -> Principal:
    """The named process `name` (such as `case.consumer`), acting in one cell."""
    return Principal(PrincipalKind.SYSTEM, uuid5(SYSTEM_NAMESPACE, name), cell_id, name=name)
