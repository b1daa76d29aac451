"""The partner directory as the host speaks to it: certificate `cli`, and the token of the client `host`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import TypeVar
from uuid import UUID, uuid4

import grpc
from google.protobuf.message import Message

from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2_grpc as pb_grpc
from services.cli.place import Access
from services.kit.calling import call_metadata
from services.kit.channel import Channel
from services.kit.clock import utc_now
from services.kit.http_client import http_client
from services.kit.oidc import OidcClient, Tokens, load_client_key
from services.kit.patience import HOST_SECONDS
from services.kit.principal import PLATFORM

LEAST_LIFETIME = timedelta(seconds=30)
TRIES = 3

Answer = TypeVar("Answer")


class Refused(Exception):
    """The directory said no: a stable code, and a sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Unanswered(Refused):
    """The directory said nothing: whether it was done, nobody here knows."""


class Existing(Refused):
    """What was asked for is there already, by the same command given before or otherwise; nothing was made."""


EXISTING = frozenset({"InvitationExists", "OrganisationExists", "MandateExists", "ProposalExists", "ProviderExists"})


class Directory:
    """The stubs, one an aggregate, have the RPCs; `ask` and `act` call them with the host's token."""

    def __init__(self, channel: Channel, client: OidcClient) -> None:
        self._channel = channel
        self._client = client
        self._tokens: Tokens | None = None

    @property
    def cell(self) -> pb_grpc.CellServiceAsyncStub:
        """Cells and their towns."""
        return pb_grpc.CellServiceStub(self._channel.get())

    @property
    def organisation(self) -> pb_grpc.OrganisationServiceAsyncStub:
        """Partner organisations."""
        return pb_grpc.OrganisationServiceStub(self._channel.get())

    @property
    def mandate(self) -> pb_grpc.MandateServiceAsyncStub:
        """Who represents whom in a cell."""
        return pb_grpc.MandateServiceStub(self._channel.get())

    @property
    def invitation(self) -> pb_grpc.InvitationServiceAsyncStub:
        """Who is invited to mandates."""
        return pb_grpc.InvitationServiceStub(self._channel.get())

    @property
    def law(self) -> pb_grpc.LawServiceAsyncStub:
        """The register of legal bases."""
        return pb_grpc.LawServiceStub(self._channel.get())

    @property
    def identity(self) -> pb_grpc.IdentityServiceAsyncStub:
        """Who is shut out."""
        return pb_grpc.IdentityServiceStub(self._channel.get())

    @property
    def provider(self) -> pb_grpc.ProviderServiceAsyncStub:
        """Where people of partners sign in."""
        return pb_grpc.ProviderServiceStub(self._channel.get())

    async def ask(
        self, method: Callable[..., Awaitable[Answer]], request: Message, *, cell_id: UUID = PLATFORM
    ) -> Answer:
        """The answer to a query. Raises Refused."""
        return await self._call(method, request, cell_id, None)

    async def act(
        self, method: Callable[..., Awaitable[kit_pb2.Receipt]], request: Message, *, cell_id: UUID = PLATFORM
    ) -> kit_pb2.Receipt:
        """The receipt of a command: sent again while no answer comes, and done once. Raises Refused.

        Its key is of this call alone. One made of the content would answer, to who gives the command again after what
        it made was ended, the receipt of what is no more; what is there already the directory knows by its state.
        """
        key = str(uuid4())
        for _ in range(TRIES - 1):
            with suppress(Unanswered):
                return await self._call(method, request, cell_id, key)
        return await self._call(method, request, cell_id, key)

    async def _call(
        self, method: Callable[..., Awaitable[Answer]], request: Message, cell_id: UUID, key: str | None
    ) -> Answer:
        metadata = call_metadata(cell_id, token=await self._token(), idempotency_key=key)
        try:
            return await method(request, metadata=metadata, timeout=HOST_SECONDS)
        except grpc.aio.AioRpcError as error:
            raise _refusal(error) from error

    async def _token(self) -> str:
        if self._tokens is None or self._tokens.expires_at < utc_now() + LEAST_LIFETIME:
            self._tokens = await self._client.client_credentials()
        return self._tokens.access_token


@asynccontextmanager
async def directory(access: Access) -> AsyncIterator[Directory]:
    """The directory, for as long as the command runs."""
    channel = Channel(access.partner_directory_target, "partner_directory", access.tls_directory)
    async with http_client() as http:
        client = OidcClient(http, access.issuer, "host", load_client_key(access.client_key_file))
        try:
            yield Directory(channel, client)
        finally:
            await channel.close()


def _refusal(error: grpc.aio.AioRpcError) -> Refused:
    told = {name: value for name, value in error.trailing_metadata() or () if isinstance(value, str)}
    code = told.get("error-code", error.code().name)
    if "error-code" not in told and error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
        return Unanswered(code, "The partner directory does not answer: is the platform running (rondetafel status)?")
    sentence = (error.details() or code).splitlines()[0]
    if told.get("error-field"):
        sentence += f" {told['error-field']}: {told.get('error-expected', 'not right')}."
    return Existing(code, sentence) if code in EXISTING else Refused(code, sentence)
