"""Providers: finding one, and what is asked from outside about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.kit.addresses import NotAnAddress, read_address
from services.kit.asking import Question
from services.kit.execute import Work
from services.kit.identities import Revoked, identity_id
from services.kit.principal import PLATFORM
from services.kit.vault import AssociatedData
from services.partner_directory.errors import DomainMalformed, OwnIdentity, ProviderNotFound
from services.partner_directory.model import Provider, ProviderDomain

MOST_DOMAINS = 20


@dataclass(frozen=True, slots=True)
class IssuerSays:
    """What a provider says of itself, checked. `issuer` as it writes that itself; the last may be empty."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str


@dataclass(frozen=True, slots=True)
class ReadIssuer(Question[IssuerSays]):
    """What stands below the address of this issuer."""

    issuer: str


@dataclass(frozen=True, slots=True)
class SamlSays:
    """What a provider of SAML says of itself in its metadata, checked. Certificates are base64 of DER, the one that
    ends first in front. `sign_out_address` and `signer`, by whose certificate it was signed, may be empty.
    """

    entity_id: str
    sign_in_address: str
    sign_in_by_post: bool
    sign_out_address: str
    sign_out_by_post: bool
    certificates: tuple[str, ...]
    valid_until: datetime | None
    signer: str


@dataclass(frozen=True, slots=True)
class AttributeNames:
    """How a provider of SAML calls what it tells of a person."""

    email: str
    given_name: str
    family_name: str


@dataclass(frozen=True, slots=True)
class SamlSide:
    """A provider of SAML: what it says of itself, and how it calls what it tells of a person."""

    says: SamlSays
    names: AttributeNames


@dataclass(frozen=True, slots=True)
class ReadMetadata(Question[SamlSays]):
    """The metadata at this address, or, without one, this text of it."""

    address: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LookAgain(Question[SamlSays | str]):
    """What stands at this address by now, or the code of what is wrong with it."""

    address: str


@dataclass(frozen=True, slots=True)
class Mirror(Question[bool]):
    """Let the sign-in service have it so; the answer: whether it was otherwise, where `fresh` is not said.

    `fresh`: it cannot be so yet, and everything is written; who is signed in by a disabled one is signed out.
    """

    alias: str
    name: str
    says: IssuerSays | None
    saml: SamlSide | None
    client_id: str
    client_secret: str = field(repr=False)
    kbo_numbers: tuple[str, ...]
    domains: tuple[str, ...]
    trusted_levels: tuple[str, ...]
    enabled: bool
    fresh: bool


async def locked_provider(work: Work, provider_id: UUID) -> Provider:
    """It, for who changes it. Raises ProviderNotFound."""
    found = await work.session.scalar(select(Provider).where(Provider.provider_id == provider_id).with_for_update())
    if found is None:
        raise ProviderNotFound
    return found


def identity_of(provider: Provider) -> UUID:
    """The id by which every service knows it, of the tokens of who signed in by it."""
    return identity_id("", Revoked.PROVIDER, provider.alias)


def expect_foreign(work: Work, provider: Provider) -> None:
    """Nobody shuts out themselves. Raises OwnIdentity."""
    if identity_of(provider) in work.principal.identities:
        raise OwnIdentity(field="provider_id", expected="not the caller's own")


async def signs_in_elsewhere(work: Work, email: str) -> bool:
    """Whether people of this address's domain sign in by a provider that is, or was once, enabled.

    They hold no password here: the sign-in service would not lead to their provider who has one.
    """
    try:
        domain = read_address(email).domain
    except NotAnAddress:
        return False
    found = select(ProviderDomain.domain).join(Provider, Provider.provider_id == ProviderDomain.provider_id)
    held = found.where(ProviderDomain.domain == domain, Provider.enabled_at.is_not(None))
    return await work.session.scalar(held) is not None


def read_domain(typed: str) -> str:
    """A domain as mail servers have it. Raises DomainMalformed."""
    try:
        return read_address(f"somebody@{typed.strip().removeprefix('@')}").domain
    except NotAnAddress:
        raise DomainMalformed(field="domains", expected="domains such as town.example") from None


def read_domains(typed: str) -> list[str]:
    """Domains with spaces between them, each once. Raises DomainMalformed."""
    domains = sorted({read_domain(domain) for domain in typed.split()})
    if not 0 < len(domains) <= MOST_DOMAINS:
        raise DomainMalformed(field="domains", expected=f"1 to {MOST_DOMAINS} domains")
    return domains


def place_of_secret(provider_id: UUID) -> AssociatedData:
    """Where the secret stands that was agreed on with a provider."""
    return AssociatedData(PLATFORM, "provider", "client_secret", provider_id)
