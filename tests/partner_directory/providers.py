"""The register of providers of a test."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from services.kit.outbox import Receipt
from services.partner_directory.commands.provider.add_provider import AddProvider, add_provider
from services.partner_directory.commands.provider.enable_provider import EnableProvider, enable_provider
from services.partner_directory.queries.read_provider import ProviderView, ReadProvider, read_provider
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.partner_directory.town import Host

NUMBERS = itertools.count(1)
MIRRORS = {"provider": TERMS["provider"]}
SECRET = "chosen by the partner"


@dataclass
class Register:
    """The host's register of providers."""

    host: Host

    async def command(self, **changes: Any) -> AddProvider:
        """One that is in order, of an alias, an issuer and a domain of its own."""
        alias = f"partner-{next(NUMBERS)}-{uuid4().hex[:6]}"
        values: dict[str, Any] = {
            "alias": alias, "name": "Partner", "issuer": f"https://{alias}.example", "client_id": "rondetafel",
            "client_secret": SECRET, "kbo_numbers": (await self.host.organisation(),), "domains": f"{alias}.example",
            "trusted_levels": "",
        }  # fmt: skip
        return AddProvider(**values | changes)

    async def added(self, command: AddProvider | None = None) -> Receipt:
        return await self.host.run(add_provider, command or await self.command())

    async def mirrored(self) -> None:
        """What the sign-in service has to be told was told."""
        await run_due(self.host.harness, MIRRORS)

    async def read(self, provider_id: UUID) -> ProviderView:
        return await self.host.run(read_provider, ReadProvider(provider_id))

    async def enabled(self, command: AddProvider | None = None) -> Receipt:
        receipt = await self.added(command)
        await self.mirrored()
        return await self.host.run(enable_provider, EnableProvider(receipt.id, receipt.version))
