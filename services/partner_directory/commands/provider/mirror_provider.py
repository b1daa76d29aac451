"""The sign-in service is made to have a provider as it is here; what was changed there meanwhile is put right."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.execute import Work
from services.partner_directory.keeping_metadata import names_of, says_of
from services.partner_directory.model import (
    MIRRORED_EVERY,
    Organisation,
    Provider,
    ProviderDomain,
    ProviderMetadata,
    ProviderOrganisation,
    ProviderState,
    on_platform,
)
from services.partner_directory.providing import (
    IssuerSays,
    Mirror,
    SamlSide,
    identity_of,
    locked_provider,
    place_of_secret,
)
from services.partner_directory.revoking import shut_out


@dataclass(frozen=True, slots=True)
class MirrorProvider:
    """Which provider."""

    provider_id: UUID


async def mirror_provider(work: Work, command: MirrorProvider) -> bool:
    """Whether the sign-in service had it otherwise than it should. Asked again after a while, and after a crash.

    Raises Unavailable: then the term is due again.
    """
    on_platform(work.cell_id)
    provider = await locked_provider(work, command.provider_id)
    mended = work.ask(await _question(work, provider))
    provider.note_mirrored(provider.version, work.now, mended=mended)
    work.at(work.now + MIRRORED_EVERY, "provider", provider.provider_id)
    work.trail.detail |= {"provider": str(provider.provider_id), "state": provider.state}
    work.trail.count = int(mended)
    return mended


async def _question(work: Work, provider: Provider) -> Mirror:
    domains = select(ProviderDomain.domain).where(ProviderDomain.provider_id == provider.provider_id)
    numbers = (
        select(Organisation.kbo_number)
        .join(ProviderOrganisation, ProviderOrganisation.organisation_id == Organisation.organisation_id)
        .where(ProviderOrganisation.provider_id == provider.provider_id)
    )
    secret, metadata = provider.client_secret, await work.session.get(ProviderMetadata, provider.provider_id)
    shut = await shut_out(work, identity_of(provider))
    return Mirror(
        alias=provider.alias,
        name=provider.name,
        says=None if metadata else _issuer_says(provider),
        saml=SamlSide(says_of(provider, metadata), names_of(metadata)) if metadata else None,
        client_id=provider.client_id,
        client_secret=await work.open(secret, place_of_secret(provider.provider_id)) if secret else "",
        kbo_numbers=tuple(sorted(await work.session.scalars(numbers))),
        domains=tuple(sorted(await work.session.scalars(domains))),
        trusted_levels=tuple(provider.trusted_levels),
        enabled=provider.state == ProviderState.ENABLED and not shut and not (metadata and metadata.over),
        fresh=not provider.mirrored,
    )


def _issuer_says(provider: Provider) -> IssuerSays:
    return IssuerSays(
        provider.issuer, provider.authorization_endpoint, provider.token_endpoint, provider.jwks_uri,
        provider.end_session_endpoint,
    )  # fmt: skip
