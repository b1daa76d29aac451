"""An organisation whose provider speaks SAML comes into the register of providers."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.partner_directory.connecting import connect, expect_new, for_whom
from services.partner_directory.keeping_metadata import expect_attribute, expect_one, new_metadata
from services.partner_directory.model import Provider, ProviderKind, ProviderState
from services.partner_directory.providing import AttributeNames, ReadMetadata, SamlSays


@dataclass(frozen=True, slots=True)
class AddSamlProvider:
    """Its name, its metadata by address or as text, for whom it speaks, and how it calls what it tells of a person."""

    alias: str
    name: str
    metadata_url: str
    metadata: str = field(repr=False)
    kbo_numbers: tuple[str, ...]
    domains: str
    email_attribute: str
    given_name_attribute: str
    family_name_attribute: str


async def add_saml_provider(work: Work, command: AddSamlProvider) -> Receipt:
    """Put it in, disabled, once its metadata was judged. It is never trusted for two factors: SAML tells nobody here
    what was asked of a person there. All of it or nothing.
    """
    whom = await for_whom(work, command.alias, command.kbo_numbers, command.domains)
    expect_one(command.metadata_url, command.metadata)
    names = AttributeNames(command.email_attribute, command.given_name_attribute, command.family_name_attribute)
    for name in ("email_attribute", "given_name_attribute", "family_name_attribute"):
        expect_attribute(name, getattr(command, name))
    says = work.ask(ReadMetadata(command.metadata_url, command.metadata))
    await expect_new(work, command.alias, (says.entity_id,), "metadata_url" if command.metadata_url else "metadata")
    provider = _provider(work, command, says)
    receipt = await connect(work, provider, whom)
    work.session.add(new_metadata(provider.provider_id, command.metadata_url, names, says, work.now))
    work.at(work.now, "provider_metadata", provider.provider_id)
    return receipt


def _provider(work: Work, command: AddSamlProvider, says: SamlSays) -> Provider:
    return Provider(
        provider_id=new_id(), kind=ProviderKind.SAML, alias=command.alias, name=command.name, issuer=says.entity_id,
        client_id="", client_secret=None, authorization_endpoint="", token_endpoint="", jwks_uri="",
        end_session_endpoint="", trusted_levels=[], state=ProviderState.DISABLED, added_at=work.now, enabled_at=None,
        version=1, mirrored_version=0, mirrored_at=None, mended_at=None,
    )  # fmt: skip
