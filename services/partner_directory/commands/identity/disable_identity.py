"""A person, an identity provider or an organisation of the sign-in service is shut out at once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.identities import Revoked
from services.kit.outbox import Receipt
from services.partner_directory.errors import OwnIdentity
from services.partner_directory.events import identity_disabled
from services.partner_directory.model import on_platform
from services.partner_directory.revoking import revoke


@dataclass(frozen=True, slots=True)
class DisableIdentity:
    """Which, by the id that every service computes for it (kit.identities)."""

    kind: Revoked
    identity_id: UUID


async def disable_identity(work: Work, command: DisableIdentity) -> Receipt:
    """No token of it counts anywhere within a second, whenever it was issued (invariant 15).

    Nobody shuts out themselves: there might be nobody left to undo it. Nothing else is refused: whether there is such
    a one is not known here.
    """
    on_platform(work.cell_id)
    if command.identity_id in work.principal.identities:
        raise OwnIdentity(field="value", expected="not the caller's own")
    work.trail.detail |= {"kind": command.kind.value, "identity": str(command.identity_id)}
    await revoke(work, command.identity_id, command.kind, identity_disabled)
    return Receipt(command.identity_id, "DISABLED", 1)
