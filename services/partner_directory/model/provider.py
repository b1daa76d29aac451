"""Where people of partner organisations sign in: their own identity providers (decision 72). Nothing personal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.partner_directory.errors import AliasMalformed, ProviderNotMirrored, ProviderNotSaml, ProviderStateForbids
from services.partner_directory.model.base import Base

HOST_WORD = "host_word"
"""How it was proved that a domain is an organisation's: the host says so."""
MIRRORED_EVERY = timedelta(hours=1)
"""How often the sign-in service is compared with what is here."""
_ALIAS = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LEAST_ALIAS = 3


class ProviderState(StrEnum):
    """Whether people sign in by it. It begins disabled; nothing of it is deleted."""

    DISABLED = "DISABLED"
    ENABLED = "ENABLED"


PROVIDER_MOVES: Mapping[ProviderState, frozenset[ProviderState]] = {
    ProviderState.DISABLED: frozenset({ProviderState.ENABLED}),
    ProviderState.ENABLED: frozenset({ProviderState.DISABLED}),
}


class ProviderKind(StrEnum):
    """What it speaks."""

    OIDC = "oidc"
    SAML = "saml"


class Provider(Base):
    """A provider that speaks OpenID Connect, or SAML: then `issuer` is its entity ID, what else is known of it stands
    in its metadata, and all that only the former has is empty. `client_secret` is sealed; None where it is not by a
    secret that we prove ourselves there. `trusted_levels` are the values of its claim `acr` that mean two factors, none
    where it is not trusted for that. `mirrored_version` is what the sign-in service has of it.
    """

    __tablename__ = "provider"
    provider_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    alias: Mapped[str]
    name: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    client_secret: Mapped[bytes | None]
    authorization_endpoint: Mapped[str]
    token_endpoint: Mapped[str]
    jwks_uri: Mapped[str]
    end_session_endpoint: Mapped[str]
    trusted_levels: Mapped[list[str]]
    state: Mapped[str]
    added_at: Mapped[datetime]
    enabled_at: Mapped[datetime | None]
    version: Mapped[int]
    mirrored_version: Mapped[int]
    mirrored_at: Mapped[datetime | None]
    mended_at: Mapped[datetime | None]

    @property
    def mirrored(self) -> bool:
        """Whether the sign-in service has it as it is here."""
        return self.mirrored_version == self.version

    @property
    def by_secret(self) -> bool:
        """Whether a secret was agreed on."""
        return self.client_secret is not None

    def expect_move(self, to: ProviderState) -> None:
        """Raises ProviderStateForbids for a step that is not in the table."""
        if to not in PROVIDER_MOVES[ProviderState(self.state)]:
            before = sorted(state for state, following in PROVIDER_MOVES.items() if to in following)
            raise ProviderStateForbids(field="state", expected=" or ".join(before))

    def expect_enabling(self) -> None:
        """Raises ProviderStateForbids; ProviderNotMirrored before everybody who was shut out is signed out."""
        self.expect_move(ProviderState.ENABLED)
        if not self.mirrored:
            raise ProviderNotMirrored

    def enable(self, now: datetime) -> None:
        """People sign in by it. Raises what `expect_enabling` raises."""
        self.expect_enabling()
        self.state, self.enabled_at = ProviderState.ENABLED, now
        self.version += 1

    def disable(self) -> None:
        """Nobody does. Raises what `expect_move` raises."""
        self.expect_move(ProviderState.DISABLED)
        self.state = ProviderState.DISABLED
        self.version += 1

    def expect_saml(self) -> None:
        """Raises ProviderNotSaml."""
        if self.kind != ProviderKind.SAML:
            raise ProviderNotSaml

    def change(self) -> None:
        """Something of it is otherwise, which the sign-in service has to be told."""
        self.version += 1

    def note_mirrored(self, version: int, now: datetime, *, mended: bool) -> None:
        """The sign-in service has what this was at that version."""
        self.mirrored_version, self.mirrored_at = version, now
        if mended:
            self.mended_at = now


class ProviderDomain(Base):
    """A domain of e-mail addresses that one provider may speak for, and how that was proved."""

    __tablename__ = "provider_domain"
    domain: Mapped[str] = mapped_column(primary_key=True)
    provider_id: Mapped[UUID]
    proof: Mapped[str]
    proved_at: Mapped[datetime]


class ProviderOrganisation(Base):
    """An organisation whose people sign in by a provider."""

    __tablename__ = "provider_organisation"
    provider_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)


def expect_alias(alias: str) -> None:
    """It stands in addresses that partners fill in, for good. Raises AliasMalformed."""
    if not _ALIAS.fullmatch(alias) or len(alias) < LEAST_ALIAS:
        raise AliasMalformed(field="alias", expected="three or more small letters, digits and single hyphens")
