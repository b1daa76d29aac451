"""What a provider says of itself, read at the address somebody typed, or in the text somebody has of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import httpcore

from services.kit.clock import Clock, utc_now
from services.kit.errors import Invalid, RondetafelError
from services.partner_directory.errors import (
    IssuerAddressRefused,
    IssuerAlgorithmUnsupported,
    IssuerWrong,
    NotAnIssuer,
    NotMetadata,
)
from services.partner_directory.fetching import Fetching, GuardedNetwork
from services.partner_directory.metadata import MOST_BYTES as MOST_METADATA
from services.partner_directory.metadata import read_metadata
from services.partner_directory.providing import IssuerSays, LookAgain, ReadMetadata, SamlSays

WELL_KNOWN = "/.well-known/openid-configuration"
ACCEPTED = "application/samlmetadata+xml, application/xml, text/xml, */*;q=0.1"
MOST_BYTES = 64 * 1024
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Those that sign with a key of the provider's own, as the sign-in service takes them."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Issuers:
    """Reads what issuers say of themselves. `own_machine`: those of this machine too, and without encryption there."""

    def __init__(self, *, own_machine: bool = False, network: GuardedNetwork | None = None) -> None:
        self._fetching = Fetching(own_machine=own_machine, network=network)

    async def read(self, issuer: str) -> IssuerSays:
        """Raises IssuerAddressRefused, IssuerUnreachable, NotAnIssuer, IssuerWrong, IssuerAlgorithmUnsupported."""
        async with self._fetching.patience():
            self._fetching.expect_address(issuer)
            place = issuer.rstrip("/") + WELL_KNOWN
            says = _checked(_document(await self._fetching.fetch(place, "application/json", MOST_BYTES)), issuer)
            for name in ENDPOINTS:
                await self._fetching.expect_endpoint(getattr(says, name))
            return replace(says, end_session_endpoint=await self._ends_at(says.end_session_endpoint))

    async def _ends_at(self, address: str) -> str:
        """Where the sign-in service says that somebody signed out; empty, and nobody is asked, where it may not ask."""
        with suppress(IssuerAddressRefused, httpcore.ConnectError):
            await self._fetching.expect_endpoint(address)
            return address
        return ""


class Metadata:
    """Reads metadata of SAML, of providers of this machine too where `own_machine` says so."""

    def __init__(self, *, own_machine: bool = False, clock: Clock = utc_now) -> None:
        self._fetching = Fetching(own_machine=own_machine, field="metadata_url")
        self._clock = clock

    async def read(self, question: ReadMetadata) -> SamlSays:
        """Raises what `read_metadata` does; of an address also IssuerAddressRefused and IssuerUnreachable."""
        if not question.address:
            return self._judged(question.text.encode())
        async with self._fetching.patience():
            self._fetching.expect_address(question.address, query=True)
            content = await self._fetching.fetch(question.address, ACCEPTED, MOST_METADATA)
        if content is None:
            raise NotMetadata(field="metadata_url", expected="an address where metadata of one provider stands")
        try:
            return self._judged(content)
        except Invalid as wrong:
            wrong.field = "metadata_url"
            raise

    async def look_again(self, question: LookAgain) -> SamlSays | str:
        """What is wrong is told by its code: nobody waits for it."""
        try:
            return await self.read(ReadMetadata(question.address, ""))
        except RondetafelError as wrong:
            return wrong.code

    def _judged(self, content: bytes) -> SamlSays:
        says = read_metadata(content, self._clock())
        # Only browsers go there: the sign-in service itself asks a provider of SAML nothing.
        for address in filter(None, (says.sign_in_address, says.sign_out_address)):
            self._fetching.expect_address(address, query=True)
        return says


def _document(body: bytes | None) -> Mapping[str, Any]:
    try:
        said = json.loads(body or b"")
    except (ValueError, RecursionError):
        raise _no_issuer() from None
    if not isinstance(said, dict):
        raise _no_issuer()
    return said


def _checked(said: Mapping[str, Any], issuer: str) -> IssuerSays:
    if not all(isinstance(said.get(name), str) for name in ("issuer", *ENDPOINTS)):
        raise _no_issuer()
    if said["issuer"].rstrip("/") != issuer.rstrip("/"):
        raise IssuerWrong(field="issuer", expected="the address the provider calls itself by")
    algorithms = said.get("id_token_signing_alg_values_supported")
    if not isinstance(algorithms, list) or ALGORITHMS.isdisjoint(name for name in algorithms if isinstance(name, str)):
        raise IssuerAlgorithmUnsupported(field="issuer", expected="a provider that signs by a key of its own (RS256)")
    ends = said.get("end_session_endpoint")
    return IssuerSays(
        said["issuer"], said["authorization_endpoint"], said["token_endpoint"], said["jwks_uri"],
        ends if isinstance(ends, str) else "",
    )  # fmt: skip


def _no_issuer() -> NotAnIssuer:
    return NotAnIssuer(field="issuer", expected="the address of a provider of OpenID Connect")
