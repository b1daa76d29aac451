"""A new provider, whatever it speaks: for whom it is, that it is nobody else's, and how it comes into the register."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.errors import DomainTaken, OrganisationUnknown, ProviderExists
from services.partner_directory.model import (
    HOST_WORD,
    Organisation,
    Provider,
    ProviderDomain,
    ProviderOrganisation,
    expect_alias,
    on_platform,
)
from services.partner_directory.providing import read_domains


@dataclass(frozen=True, slots=True)
class ForWhom:
    """Its organisations, and the domains it speaks for."""

    organisations: tuple[Organisation, ...]
    domains: tuple[str, ...]


async def for_whom(work: Work, alias: str, kbo_numbers: tuple[str, ...], domains: str) -> ForWhom:
    """Whom a new one is for. Raises AliasMalformed, DomainMalformed, OrganisationUnknown, DomainTaken."""
    on_platform(work.cell_id)
    expect_alias(alias)
    read = read_domains(domains)
    organisations = await _organisations(work, kbo_numbers)
    await _expect_free(work, read)
    return ForWhom(tuple(organisations), tuple(read))


async def expect_new(work: Work, alias: str, issuers: tuple[str, ...], issuer_field: str) -> None:
    """One issuer is one provider: else one human would be two persons. Raises ProviderExists."""
    alike = or_(Provider.alias == alias, Provider.issuer.in_(issuers))
    if (found := await work.session.scalar(select(Provider).where(alike).limit(1))) is not None:
        raise _exists("alias" if found.alias == alias else issuer_field)


async def connect(work: Work, provider: Provider, whom: ForWhom) -> Receipt:
    """Put it into the register; the sign-in service is told by a term. Raises ProviderExists and DomainTaken."""
    values = {column.key: getattr(provider, column.key) for column in Provider.__table__.columns}
    made = insert(Provider).values(values).on_conflict_do_nothing().returning(Provider.provider_id)
    if await work.session.scalar(made) is None:
        raise _exists("alias")
    for domain in whom.domains:
        await _claim(work, provider, domain)
    work.session.add_all(
        ProviderOrganisation(provider_id=provider.provider_id, organisation_id=organisation.organisation_id)
        for organisation in whom.organisations
    )
    work.at(work.now, "provider", provider.provider_id)
    work.trail.detail |= {"provider": str(provider.provider_id), "alias": provider.alias, "state": provider.state}
    return Receipt(provider.provider_id, provider.state, provider.version)


async def _organisations(work: Work, kbo_numbers: tuple[str, ...]) -> list[Organisation]:
    """Those with these numbers. Raises OrganisationUnknown."""
    wanted = set(kbo_numbers)
    found = list(await work.session.scalars(select(Organisation).where(Organisation.kbo_number.in_(wanted))))
    if missing := sorted(wanted - {organisation.kbo_number for organisation in found}):
        raise OrganisationUnknown(field="kbo_numbers", expected=f"registered organisations; {missing[0]} is not")
    return found


async def _expect_free(work: Work, domains: list[str]) -> None:
    taken = await work.session.scalar(select(ProviderDomain.domain).where(ProviderDomain.domain.in_(domains)).limit(1))
    if taken is not None:
        raise DomainTaken(field="domains", expected=f"domains no other provider speaks for; {taken} is taken")


async def _claim(work: Work, provider: Provider, domain: str) -> None:
    """Raises DomainTaken, when another act was quicker."""
    values = {"proof": HOST_WORD, "proved_at": work.now}
    made = insert(ProviderDomain).values(domain=domain, provider_id=provider.provider_id, **values)
    if await work.session.scalar(made.on_conflict_do_nothing().returning(ProviderDomain.domain)) is None:
        raise DomainTaken(field="domains", expected=f"domains no other provider speaks for; {domain} is taken")


def _exists(field_name: str) -> ProviderExists:
    return ProviderExists(field=field_name, expected="one that no provider has yet")
