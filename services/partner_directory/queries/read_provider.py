"""One provider, and how far the sign-in service is with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from services.kit.allowed import allowed
from services.kit.execute import Work
from services.partner_directory.errors import ProviderNotFound
from services.partner_directory.metadata import Certificate, certificate_of
from services.partner_directory.model import (
    WARNED_BEFORE,
    Organisation,
    Provider,
    ProviderDomain,
    ProviderMetadata,
    ProviderOrganisation,
    ProviderState,
    on_platform,
)
from services.partner_directory.providing import expect_foreign


@dataclass(frozen=True, slots=True)
class ReadProvider:
    """Which provider."""

    provider_id: UUID


@dataclass(frozen=True, slots=True)
class MetadataView:
    """What it said last, and until when that counts. `needs_new`: the host has to see to a new one, and soon."""

    address: str
    email_attribute: str
    sign_in_address: str
    certificates: tuple[Certificate, ...]
    signer: str
    valid_until: datetime | None
    read_at: datetime
    wrong: str
    wrong_since: datetime | None
    ends_at: datetime
    over: bool
    needs_new: bool


@dataclass(frozen=True, slots=True)
class ProviderView:
    """A provider, for whom it speaks, what one of SAML said of itself last, and the verbs open to the reader."""

    provider: Provider
    saml: MetadataView | None
    organisations: tuple[Organisation, ...]
    domains: tuple[ProviderDomain, ...]
    may: tuple[str, ...]


async def read_provider(work: Work, query: ReadProvider) -> ProviderView:
    """It, never its secret. Raises ProviderNotFound."""
    on_platform(work.cell_id)
    provider = await work.session.get(Provider, query.provider_id)
    if provider is None:
        raise ProviderNotFound
    work.trail.detail["provider"] = str(provider.provider_id)
    return (await views_of(work, [provider]))[0]


async def views_of(work: Work, providers: Sequence[Provider]) -> tuple[ProviderView, ...]:
    """Each with its organisations and domains."""
    ids = [provider.provider_id for provider in providers]
    domains: dict[UUID, list[ProviderDomain]] = defaultdict(list)
    spoken = select(ProviderDomain).where(ProviderDomain.provider_id.in_(ids)).order_by(ProviderDomain.domain)
    for domain in await work.session.scalars(spoken):
        domains[domain.provider_id].append(domain)
    organisations: dict[UUID, list[Organisation]] = defaultdict(list)
    whose = (
        select(ProviderOrganisation.provider_id, Organisation)
        .join(Organisation, Organisation.organisation_id == ProviderOrganisation.organisation_id)
        .where(ProviderOrganisation.provider_id.in_(ids))
        .order_by(Organisation.name, Organisation.kbo_number)
    )
    for provider_id, organisation in await work.session.execute(whose):
        organisations[provider_id].append(organisation)
    kept = select(ProviderMetadata).where(ProviderMetadata.provider_id.in_(ids))
    metadata = {found.provider_id: _view_of(found, work.now) for found in await work.session.scalars(kept)}
    return tuple(
        ProviderView(
            provider, metadata.get(provider.provider_id), tuple(organisations[provider.provider_id]),
            tuple(domains[provider.provider_id]), _open_to(work, provider),
        )
        for provider in providers
    )  # fmt: skip


def _view_of(metadata: ProviderMetadata, now: datetime) -> MetadataView:
    return MetadataView(
        address=metadata.address, email_attribute=metadata.email_attribute, sign_in_address=metadata.sign_in_address,
        certificates=tuple(certificate_of(text) for text in metadata.certificates), signer=metadata.signer,
        valid_until=metadata.valid_until, read_at=metadata.read_at, wrong=metadata.wrong,
        wrong_since=metadata.wrong_since, ends_at=metadata.ends_at, over=metadata.ends_at <= now,
        needs_new=metadata.needs_host_at - now <= timedelta(days=max(WARNED_BEFORE)),
    )  # fmt: skip


def _open_to(work: Work, provider: Provider) -> tuple[str, ...]:
    def disabling() -> None:
        provider.expect_move(ProviderState.DISABLED)
        expect_foreign(work, provider)

    return allowed(
        work.may,
        {
            "enable_provider": provider.expect_enabling, "disable_provider": disabling,
            "renew_metadata": provider.expect_saml,
        },
    )  # fmt: skip
