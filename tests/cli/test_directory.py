"""How the command line sends a command: under a key of its own, again while no answer comes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import grpc
import pytest
from google.protobuf.message import Message

from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.cli.directory import TRIES, Directory, Existing, Refused, Unanswered
from services.kit.channel import Channel
from services.kit.clock import utc_now
from services.kit.oidc import OidcClient, Tokens

REQUEST = pb.InvitePersonRequest(email="mayor@cli.example")
RECEIPT = kit_pb2.Receipt(id="01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55", state="ACTIVE", version=1)


class SignInService:
    """Gives the host its token."""

    async def client_credentials(self) -> Tokens:
        """One that lasts for the test."""
        return Tokens("token", utc_now() + timedelta(days=1))


class Answering:
    """A method of the directory that first fails so often; notes the keys it was called with."""

    def __init__(self, *failures: grpc.aio.AioRpcError) -> None:
        self.failures = list(failures)
        self.keys: list[str] = []

    async def __call__(self, request: Message, *, metadata: Any, **how: float) -> kit_pb2.Receipt:
        """The receipt, once it no longer fails."""
        self.keys.append(dict(metadata)["idempotency-key"])
        if self.failures:
            raise self.failures.pop(0)
        return RECEIPT


def failure(status: grpc.StatusCode, **told: str) -> grpc.aio.AioRpcError:
    """How a call ends that the directory, or nobody, answered."""
    trailers = grpc.aio.Metadata(*((name.replace("_", "-"), value) for name, value in told.items()))
    return grpc.aio.AioRpcError(status, grpc.aio.Metadata(), trailers, "Said so.")


@pytest.fixture
async def directory() -> Any:
    """Its channel is not used here."""
    channel = Channel("localhost:1", "partner_directory", Path())
    yield Directory(channel, cast(OidcClient, SignInService()))
    await channel.close()


async def test_a_command_given_again_is_a_new_command(directory: Directory) -> None:
    """What it made before may have been ended since: the directory looks, and no receipt of before answers."""
    method = Answering()
    for _ in range(2):
        assert await directory.act(method, REQUEST) == RECEIPT
    assert len(set(method.keys)) == 2


@pytest.mark.parametrize("status", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED])
async def test_without_an_answer_it_is_sent_again_under_the_same_key(
    directory: Directory, status: grpc.StatusCode
) -> None:
    method = Answering(*[failure(status)] * (TRIES - 1))
    assert await directory.act(method, REQUEST) == RECEIPT
    assert (len(method.keys), len(set(method.keys))) == (TRIES, 1)
    silent = Answering(*[failure(status)] * TRIES)
    with pytest.raises(Unanswered, match="rondetafel status"):
        await directory.act(silent, REQUEST)


@pytest.mark.parametrize(
    ("code", "kind"), [("MandateExists", Existing), ("ProposalExists", Existing), ("HostInCell", Refused)]
)
async def test_what_was_refused_is_not_sent_again(directory: Directory, code: str, kind: type[Refused]) -> None:
    method = Answering(failure(grpc.StatusCode.FAILED_PRECONDITION, error_code=code, error_field="email"))
    with pytest.raises(Refused, match="email") as refused:
        await directory.act(method, REQUEST)
    assert (type(refused.value), refused.value.code, len(method.keys)) == (kind, code, 1)


async def test_a_query_has_no_key(directory: Directory) -> None:
    sent: list[dict[str, str]] = []

    async def method(request: Message, *, metadata: Any, **how: float) -> kit_pb2.Receipt:
        sent.append(dict(metadata))
        return RECEIPT

    await directory.ask(method, REQUEST)
    assert "idempotency-key" not in sent[0]
