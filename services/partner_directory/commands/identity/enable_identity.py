"""Who was shut out may sign in again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.identities import Revoked
from services.kit.outbox import Receipt
from services.partner_directory.events import identity_enabled
from services.partner_directory.model import on_platform
from services.partner_directory.revoking import allow


@dataclass(frozen=True, slots=True)
class EnableIdentity:
    """Which, by the id that every service computes for it (kit.identities)."""

    kind: Revoked
    identity_id: UUID


async def enable_identity(work: Work, command: EnableIdentity) -> Receipt:
    """Tokens issued from now on count again; older ones never do."""
    on_platform(work.cell_id)
    work.trail.detail |= {"kind": command.kind.value, "identity": str(command.identity_id)}
    await allow(work, command.identity_id, command.kind, identity_enabled)
    return Receipt(command.identity_id, "ENABLED", 1)
