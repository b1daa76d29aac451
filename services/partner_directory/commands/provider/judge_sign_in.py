"""Somebody signs in by a provider: does it speak for the domain of the address it gives?"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.errors import DomainMalformed, ForeignDomain
from services.partner_directory.model import (
    Provider,
    ProviderDomain,
    ProviderKind,
    ProviderMetadata,
    ProviderState,
    on_platform,
)
from services.partner_directory.providing import read_domain


@dataclass(frozen=True, slots=True)
class JudgeSignIn:
    """By which provider, and the domain of the address it gives; `named_domain` is that of what it calls the person, in
    whose place a provider of SAML gives the address. Of nobody.
    """

    alias: str
    domain: str
    named_domain: str


async def judge_sign_in(work: Work, command: JudgeSignIn) -> Receipt:
    """Let it pass. Raises ForeignDomain, also for a provider that is unknown here, disabled, or over."""
    on_platform(work.cell_id)
    provider = await work.session.scalar(select(Provider).where(Provider.alias == command.alias))
    if provider is not None:
        work.trail.detail["provider"] = str(provider.provider_id)
    if provider is None or not await _counts(work, provider) or not await _speaks_for(work, provider, command):
        raise ForeignDomain(field="domain", expected="a domain the provider may speak for")
    return Receipt(provider.provider_id, provider.state, provider.version)


async def _counts(work: Work, provider: Provider) -> bool:
    metadata = await work.session.get(ProviderMetadata, provider.provider_id)
    return provider.state == ProviderState.ENABLED and not (metadata and metadata.ends_at <= work.now)


async def _speaks_for(work: Work, provider: Provider, command: JudgeSignIn) -> bool:
    domain = command.named_domain if provider.kind == ProviderKind.SAML else command.domain
    with suppress(DomainMalformed):
        wanted = {"domain": read_domain(domain), "provider_id": provider.provider_id}
        return await work.session.scalar(select(ProviderDomain).filter_by(**wanted)) is not None
    return False
