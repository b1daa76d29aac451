"""The host gives new metadata of a provider of SAML, or has it read again at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from services.kit.allowed import expect_version
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.errors import MetadataOfAnother
from services.partner_directory.keeping_metadata import expect_one, locked_metadata, take
from services.partner_directory.model import on_platform
from services.partner_directory.providing import ReadMetadata, locked_provider


@dataclass(frozen=True, slots=True)
class RenewMetadata:
    """Of which provider, and where the metadata stands now or its text; neither: where it stood before."""

    provider_id: UUID
    metadata_url: str
    metadata: str = field(repr=False)
    expected_version: int


async def renew_metadata(work: Work, command: RenewMetadata) -> Receipt:
    """Take it over, by the host's word whoever signed it; the entity ID stays, for by it people are known. What is
    wrong with it changes nothing. The sign-in service is told by a term.
    """
    on_platform(work.cell_id)
    provider = await locked_provider(work, command.provider_id)
    expect_version(provider.version, command.expected_version)
    provider.expect_saml()
    metadata = await locked_metadata(work, provider)
    anew = command.metadata_url or command.metadata
    address = command.metadata_url if anew else metadata.address
    expect_one(address, command.metadata)
    says = work.ask(ReadMetadata(address, command.metadata))
    if says.entity_id != provider.issuer:
        field_name = "metadata_url" if address else "metadata"
        raise MetadataOfAnother(field=field_name, expected="metadata with the entity ID of before")
    metadata.address = address
    take(metadata, says, work.now)
    metadata.note_over(work.now)
    provider.change()
    work.at(work.now, "provider", provider.provider_id)
    work.at(work.now, "provider_metadata", provider.provider_id)
    work.trail.detail |= {"provider": str(provider.provider_id), "alias": provider.alias, "state": provider.state}
    return Receipt(provider.provider_id, provider.state, provider.version)
