"""The register of providers of a test, with such as speak SAML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from rondetafel.audit.v1 import audit_pb2
from services.kit.outbox import Receipt
from services.kit.principal import PLATFORM, system
from services.partner_directory.commands.provider.add_saml_provider import AddSamlProvider, add_saml_provider
from services.partner_directory.commands.provider.enable_provider import EnableProvider, enable_provider
from services.partner_directory.commands.provider.renew_metadata import RenewMetadata, renew_metadata
from services.partner_directory.queries.read_provider import MetadataView, ProviderView
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.partner_directory.providers import Register
from tests.partner_directory.town import Host
from tests.saml import Metadata, right

LOOKS = {kind: TERMS[kind] for kind in ("provider", "provider_metadata")}
PORTAL = system("portal.service", PLATFORM)


@dataclass
class SamlRegister:
    """The register, with providers of SAML that stand at addresses of their own."""

    host: Host
    plain: Register = field(init=False)

    def __post_init__(self) -> None:
        self.plain = Register(self.host)

    def metadata(self, name: str = "", **changes: Any) -> Metadata:
        """Of a name of its own."""
        return right(name or f"partner-{uuid4().hex[:8]}", self.host.harness.clock(), **changes)

    def put(self, metadata: Metadata) -> str:
        """Where it stands from now on."""
        address = f"{metadata.entity_id}/metadata"
        self.host.sign_in.metadata[address] = metadata.text()
        return address

    async def command(self, of: Metadata | None = None, **changes: Any) -> AddSamlProvider:
        """One that is in order, by address."""
        of = of or self.metadata()
        alias = f"partner-{uuid4().hex[:8]}"
        values: dict[str, Any] = {
            "alias": alias, "name": "Partner", "metadata_url": self.put(of), "metadata": "",
            "kbo_numbers": (await self.host.organisation(),), "domains": f"{alias}.example", "email_attribute": "mail",
            "given_name_attribute": "givenName", "family_name_attribute": "urn:oid:2.5.4.4",
        }  # fmt: skip
        return AddSamlProvider(**values | changes)

    async def by_text(self, of: Metadata) -> AddSamlProvider:
        return await self.command(of, metadata_url="", metadata=of.text().decode())

    async def added(self, command: AddSamlProvider | None = None) -> Receipt:
        return await self.host.run(add_saml_provider, command or await self.command())

    async def due(self) -> None:
        await run_due(self.host.harness, LOOKS)

    async def later(self, **time: float) -> None:
        """So much later, when all that fell due was done."""
        self.host.harness.clock.advance(**time)
        await self.due()

    async def enabled(self, command: AddSamlProvider) -> Receipt:
        receipt = await self.added(command)
        await self.due()
        return await self.host.run(enable_provider, EnableProvider(receipt.id, receipt.version))

    async def read(self, provider_id: UUID) -> ProviderView:
        return await self.plain.read(provider_id)

    async def saml(self, provider_id: UUID) -> MetadataView:
        found = (await self.read(provider_id)).saml
        assert found is not None
        return found

    async def renew(self, provider_id: UUID, address: str = "", text: str = "") -> Receipt:
        version = (await self.read(provider_id)).provider.version
        return await self.host.run(renew_metadata, RenewMetadata(provider_id, address, text, version))

    async def told(self, provider_id: UUID, name: str) -> list[str]:
        """What the log says of it under this name, when its metadata was looked at, by turns."""
        rows = await self.host.harness.database.unwalled(
            "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit' ORDER BY producer_seq", PLATFORM
        )
        found = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
        looks = [record.detail for record in found if record.action == "look_at_metadata"]
        own = [detail for detail in looks if detail["provider"] == str(provider_id)]
        return [detail[name] for detail in own if name in detail]
