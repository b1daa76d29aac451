"""Nobody signs in by a provider any more."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.allowed import expect_version
from services.kit.execute import Work
from services.kit.identities import Revoked
from services.kit.outbox import Receipt
from services.partner_directory.events import identity_disabled
from services.partner_directory.model import on_platform
from services.partner_directory.providing import expect_foreign, identity_of, locked_provider
from services.partner_directory.revoking import revoke


@dataclass(frozen=True, slots=True)
class DisableProvider:
    """Which provider."""

    provider_id: UUID
    expected_version: int


async def disable_provider(work: Work, command: DisableProvider) -> Receipt:
    """Whoever signed in by it is out within a second, whatever becomes of the sign-in service (invariant 15).

    Nobody shuts out themselves. The sign-in service is told by a term: it lets nobody in, and signs them out there.
    """
    on_platform(work.cell_id)
    provider = await locked_provider(work, command.provider_id)
    expect_version(provider.version, command.expected_version)
    expect_foreign(work, provider)
    provider.disable()
    work.at(work.now, "provider", provider.provider_id)
    work.trail.detail |= {"provider": str(provider.provider_id), "alias": provider.alias, "state": provider.state}
    await work.session.flush()
    await revoke(work, identity_of(provider), Revoked.PROVIDER, identity_disabled)
    return Receipt(provider.provider_id, provider.state, provider.version)
