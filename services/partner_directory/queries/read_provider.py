"""One provider, and how far the sign-in service is with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from services.kit.allowed import allowed
from services.kit.execute import Work
from services.partner_directory.errors import ProviderNotFound
from services.partner_directory.model import (
    Organisation,
    Provider,
    ProviderDomain,
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
class ProviderView:
    """A provider, for whom it speaks, and the verbs open to the reader."""

    provider: Provider
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
    return tuple(
        ProviderView(
            provider, tuple(organisations[provider.provider_id]), tuple(domains[provider.provider_id]),
            _open_to(work, provider),
        )
        for provider in providers
    )  # fmt: skip


def _open_to(work: Work, provider: Provider) -> tuple[str, ...]:
    def disabling() -> None:
        provider.expect_move(ProviderState.DISABLED)
        expect_foreign(work, provider)

    return allowed(
        work.may,
        {"enable_provider": provider.expect_enabling, "disable_provider": disabling},
    )
