"""The metadata of a provider of SAML in the register: what of it is kept, and which new one is taken for the same."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.partner_directory.errors import AttributeMalformed, MetadataMissing
from services.partner_directory.metadata import certificate_of
from services.partner_directory.model import Provider, ProviderMetadata
from services.partner_directory.providing import AttributeNames, SamlSays

_ATTRIBUTE = re.compile(r"[A-Za-z0-9:/._#-]+")


def expect_one(address: str, text: str) -> None:
    """Raises MetadataMissing unless it is exactly one of both."""
    if bool(address) == bool(text):
        raise MetadataMissing(field="metadata_url", expected="an address of metadata, or its text, and not both")


def expect_attribute(field_name: str, name: str) -> None:
    """Of a template of the sign-in service, where braces and the like would say more. Raises AttributeMalformed."""
    if not _ATTRIBUTE.fullmatch(name):
        raise AttributeMalformed(
            field=field_name, expected="the name of an attribute, such as mail or urn:oid:2.5.4.42"
        )


def new_metadata(
    provider_id: UUID, address: str, names: AttributeNames, says: SamlSays, now: datetime
) -> ProviderMetadata:
    """Of a new provider."""
    metadata = ProviderMetadata(
        provider_id=provider_id, address=address, email_attribute=names.email,
        given_name_attribute=names.given_name, family_name_attribute=names.family_name, over=False, warned=None,
        wrong="",
    )  # fmt: skip
    take(metadata, says, now)
    return metadata


def take(metadata: ProviderMetadata, says: SamlSays, now: datetime) -> bool:
    """Whether the sign-in service has to be told of it: what was read counts from now on, and nothing of before."""
    before = _told(metadata)
    metadata.sign_in_address, metadata.sign_in_by_post = says.sign_in_address, says.sign_in_by_post
    metadata.sign_out_address, metadata.sign_out_by_post = says.sign_out_address, says.sign_out_by_post
    metadata.certificates = list(says.certificates)
    metadata.certificates_end = max(certificate_of(text).ends_at for text in says.certificates)
    metadata.signer, metadata.valid_until = says.signer, says.valid_until
    metadata.note_read(now)
    return _told(metadata) != before


def drop_ended(metadata: ProviderMetadata, now: datetime) -> bool:
    """Whether certificates were dropped because they ended; the last one stays, and the metadata is over with it."""
    lasting = [text for text in metadata.certificates if certificate_of(text).ends_at > now]
    if not lasting or len(lasting) == len(metadata.certificates):
        return False
    metadata.certificates = lasting
    return True


def ends_of(metadata: ProviderMetadata) -> list[datetime]:
    """When each of the certificates ends."""
    return [certificate_of(text).ends_at for text in metadata.certificates]


def objection(provider: Provider, metadata: ProviderMetadata, says: SamlSays) -> str:
    """Why nobody but the host may take this for metadata of the same provider: the code; empty for nothing.

    Once signed it has to be so, by whom it was before or by a certificate that the provider had before.
    """
    if says.entity_id != provider.issuer:
        return "MetadataOfAnother"
    known = {metadata.signer, *(certificate_of(text).fingerprint for text in metadata.certificates)}
    return "MetadataSignatureWrong" if metadata.signer and says.signer not in known else ""


def says_of(provider: Provider, metadata: ProviderMetadata) -> SamlSays:
    """What is kept of what it said."""
    return SamlSays(
        provider.issuer, metadata.sign_in_address, metadata.sign_in_by_post, metadata.sign_out_address,
        metadata.sign_out_by_post, tuple(metadata.certificates), metadata.valid_until, metadata.signer,
    )  # fmt: skip


def names_of(metadata: ProviderMetadata) -> AttributeNames:
    """How the provider calls what it tells of a person."""
    return AttributeNames(metadata.email_attribute, metadata.given_name_attribute, metadata.family_name_attribute)


async def locked_metadata(work: Work, provider: Provider) -> ProviderMetadata:
    """That of one that speaks SAML, for who changes it."""
    asked = select(ProviderMetadata).where(ProviderMetadata.provider_id == provider.provider_id).with_for_update()
    return (await work.session.scalars(asked)).one()


def _told(metadata: ProviderMetadata) -> tuple[object, ...]:
    return (
        metadata.sign_in_address, metadata.sign_in_by_post, metadata.sign_out_address, metadata.sign_out_by_post,
        metadata.certificates,
    )  # fmt: skip
