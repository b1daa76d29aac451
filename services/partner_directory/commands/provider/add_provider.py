"""An organisation's own way to sign in comes into the register of providers."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.partner_directory.connecting import connect, expect_new, for_whom
from services.partner_directory.model import Provider, ProviderKind, ProviderState
from services.partner_directory.providing import IssuerSays, ReadIssuer, place_of_secret


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
    whom = await for_whom(work, command.alias, command.kbo_numbers, command.domains)
    issuer = command.issuer.rstrip("/")
    await expect_new(work, command.alias, (issuer, f"{issuer}/"), "issuer")
    return await connect(work, await _provider(work, command, work.ask(ReadIssuer(command.issuer))), whom)


async def _provider(work: Work, command: AddProvider, says: IssuerSays) -> Provider:
    provider_id = new_id()
    secret = command.client_secret
    return Provider(
        provider_id=provider_id, kind=ProviderKind.OIDC, alias=command.alias, name=command.name, issuer=says.issuer,
        client_id=command.client_id,
        client_secret=await work.seal(secret, place_of_secret(provider_id)) if secret else None,
        authorization_endpoint=says.authorization_endpoint, token_endpoint=says.token_endpoint, jwks_uri=says.jwks_uri,
        end_session_endpoint=says.end_session_endpoint, trusted_levels=sorted(set(command.trusted_levels.split())),
        state=ProviderState.DISABLED, added_at=work.now, enabled_at=None, version=1, mirrored_version=0,
        mirrored_at=None, mended_at=None,
    )  # fmt: skip
