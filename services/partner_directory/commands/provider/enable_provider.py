"""People sign in by a provider."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.allowed import expect_version
from services.kit.execute import Work
from services.kit.identities import Revoked
from services.kit.outbox import Receipt
from services.partner_directory.events import identity_enabled
from services.partner_directory.model import on_platform
from services.partner_directory.providing import identity_of, locked_provider
from services.partner_directory.revoking import allow


@dataclass(frozen=True, slots=True)
class EnableProvider:
    """Which provider."""

    provider_id: UUID
    expected_version: int


async def enable_provider(work: Work, command: EnableProvider) -> Receipt:
    """From now on; who was signed in before it was disabled has to sign in anew (invariant 15).

    Only once the sign-in service has signed those out, else a sign-in of before would give new tokens.
    """
    on_platform(work.cell_id)
    provider = await locked_provider(work, command.provider_id)
    expect_version(provider.version, command.expected_version)
    provider.enable(work.now)
    work.at(work.now, "provider", provider.provider_id)
    work.trail.detail |= {"provider": str(provider.provider_id), "alias": provider.alias, "state": provider.state}
    await work.session.flush()
    await allow(work, identity_of(provider), Revoked.PROVIDER, identity_enabled)
    return Receipt(provider.provider_id, provider.state, provider.version)
