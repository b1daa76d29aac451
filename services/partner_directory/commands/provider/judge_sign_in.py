"""Somebody signs in by a provider: does it speak for the domain of the address it gives?"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select

from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.partner_directory.errors import DomainMalformed, ForeignDomain
from services.partner_directory.model import Provider, ProviderDomain, ProviderState, on_platform
from services.partner_directory.providing import read_domain


@dataclass(frozen=True, slots=True)
class JudgeSignIn:
    """By which provider, and the domain; of nobody."""

    alias: str
    domain: str


async def judge_sign_in(work: Work, command: JudgeSignIn) -> Receipt:
    """Let it pass. Raises ForeignDomain, also for a provider that is unknown here or disabled."""
    on_platform(work.cell_id)
    provider = await work.session.scalar(select(Provider).where(Provider.alias == command.alias))
    if provider is not None:
        work.trail.detail["provider"] = str(provider.provider_id)
    if provider is None or provider.state != ProviderState.ENABLED or not await _speaks_for(work, provider, command):
        raise ForeignDomain(field="domain", expected="a domain the provider may speak for")
    return Receipt(provider.provider_id, provider.state, provider.version)


async def _speaks_for(work: Work, provider: Provider, command: JudgeSignIn) -> bool:
    with suppress(DomainMalformed):
        wanted = {"domain": read_domain(command.domain), "provider_id": provider.provider_id}
        return await work.session.scalar(select(ProviderDomain).filter_by(**wanted)) is not None
    return False
