"""An organisation's own way to sign in comes into the register of providers."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.partner_directory.errors import DomainTaken, OrganisationUnknown, ProviderExists
from services.partner_directory.model import (
    HOST_WORD,
    Organisation,
    Provider,
    ProviderDomain,
    ProviderOrganisation,
    ProviderState,
    expect_alias,
    on_platform,
)
from services.partner_directory.providing import IssuerSays, ReadIssuer, place_of_secret, read_domains


@dataclass(frozen=True, slots=True)
class AddProvider:
    """Its name, where it is, how we are known there, for whom it speaks, and which levels of it mean two factors."""

    alias: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    kbo_numbers: tuple[str, ...]
    domains: str
    trusted_levels: str


async def add_provider(work: Work, command: AddProvider) -> Receipt:
    """Put it in, disabled, once its issuer was read; the sign-in service is told by a term. All of it or nothing."""
    on_platform(work.cell_id)
    expect_alias(command.alias)
    domains = read_domains(command.domains)
    organisations = await _organisations(work, command.kbo_numbers)
    await _expect_free(work, domains)
    await _expect_new(work, command.alias, command.issuer.rstrip("/"))
    says = work.ask(ReadIssuer(command.issuer))
    provider = await _added(work, command, says)
    for domain in domains:
        await _claim(work, provider, domain)
    work.session.add_all(
        ProviderOrganisation(provider_id=provider.provider_id, organisation_id=organisation.organisation_id)
        for organisation in organisations
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


async def _expect_new(work: Work, alias: str, issuer: str) -> None:
    """One issuer is one provider: else one human would be two persons."""
    alike = or_(Provider.alias == alias, Provider.issuer.in_((issuer, f"{issuer}/")))
    if (found := await work.session.scalar(select(Provider).where(alike).limit(1))) is not None:
        raise _exists("alias" if found.alias == alias else "issuer")


def _exists(field_name: str) -> ProviderExists:
    return ProviderExists(field=field_name, expected="one that no provider has yet")


async def _added(work: Work, command: AddProvider, says: IssuerSays) -> Provider:
    provider_id = new_id()
    secret = command.client_secret
    provider = Provider(
        provider_id=provider_id, alias=command.alias, name=command.name, issuer=says.issuer,
        client_id=command.client_id,
        client_secret=await work.seal(secret, place_of_secret(provider_id)) if secret else None,
        authorization_endpoint=says.authorization_endpoint, token_endpoint=says.token_endpoint, jwks_uri=says.jwks_uri,
        end_session_endpoint=says.end_session_endpoint, trusted_levels=sorted(set(command.trusted_levels.split())),
        state=ProviderState.DISABLED, added_at=work.now, enabled_at=None, version=1, mirrored_version=0,
        mirrored_at=None, mended_at=None,
    )  # fmt: skip
    values = {column.key: getattr(provider, column.key) for column in Provider.__table__.columns}
    made = insert(Provider).values(values).on_conflict_do_nothing().returning(Provider.provider_id)
    if await work.session.scalar(made) is None:
        raise _exists("alias")
    return provider


async def _claim(work: Work, provider: Provider, domain: str) -> None:
    """Raises DomainTaken, when another act was quicker."""
    values = {"proof": HOST_WORD, "proved_at": work.now}
    made = insert(ProviderDomain).values(domain=domain, provider_id=provider.provider_id, **values)
    if await work.session.scalar(made.on_conflict_do_nothing().returning(ProviderDomain.domain)) is None:
        raise DomainTaken(field="domains", expected=f"domains no other provider speaks for; {domain} is taken")
