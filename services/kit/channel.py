"""A channel to a service, and how it is noticed that nobody is there any more."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc

from services.kit.certificates import read_certificates, renewed_at
from services.kit.patience import Calls

MAX_MESSAGE_BYTES = 2 * 1024 * 1024
MAX_DEADLINE_SECONDS = 60

Option = tuple[str, int | str]

# Of several processes; without it all calls would go to the first that answers.
_IN_TURN: Option = ("grpc.service_config", json.dumps({"loadBalancingConfig": [{"round_robin": {}}]}))


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def pinging(patience: Calls) -> list[Option]:
    """Of both ends: ask whether the other one is there, also while no call is under way, and give up without a word.

    gRPC then sets TCP_USER_TIMEOUT by itself.
    """
    return [
        ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
        ("grpc.keepalive_time_ms", _milliseconds(patience.ping_seconds)),
        ("grpc.keepalive_timeout_ms", _milliseconds(patience.pong_seconds)),
        # Without it an answer to a ping is waited for a minute, whatever the line above says.
        ("grpc.http2.ping_timeout_ms", _milliseconds(patience.pong_seconds)),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
    ]


def pinged(patience: Calls) -> list[Option]:
    """Of a server: it takes pings that often, and does not end the connection for it (too_many_pings)."""
    return [("grpc.http2.min_ping_interval_without_data_ms", _milliseconds(patience.ping_seconds / 2))]


class _Missed(grpc.aio.UnaryUnaryClientInterceptor):
    """Counts the deadlines that one connection missed since its last answer."""

    def __init__(self) -> None:
        self.count = 0

    async def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        """Look at how each call ended."""
        call = await continuation(details, request)
        try:
            code = await call.code()
        except asyncio.CancelledError:
            call.cancel()
            raise
        self.count = self.count + 1 if code is grpc.StatusCode.DEADLINE_EXCEEDED else 0
        return call


class Channel:
    """A channel to one service, made anew when our certificate file was renewed (gRPC cannot swap a client's), and
    when too many deadlines in a row were missed on it: what waits on the former one may finish there.

    The target may be several processes of the service, IP addresses with ports and commas between: they are asked in
    turn, and one that is away is left out until it is back. What was under way there ends Unavailable, as ever.
    """

    def __init__(
        self, target: str, service: str, tls_directory: Path, patience: Calls | None = None, *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        several = "," in target
        self._address = f"ipv4:{target}" if several else target
        self._balancing = [_IN_TURN] if several else []
        self._service = service
        self._tls = tls_directory
        self._patience = patience or Calls()
        self._monotonic = monotonic
        self._renewed = 0.0
        self._made_at = 0.0
        self._missed = _Missed()
        self._channel: grpc.aio.Channel | None = None
        self._former: set[asyncio.Task[None]] = set()

    def get(self) -> grpc.aio.Channel:
        """The open channel; call it anew for every stub."""
        renewed = renewed_at(self._tls)
        if self._channel is None or renewed != self._renewed or self._is_silent():
            self._leave()
            self._channel, self._renewed, self._made_at = self._made(), renewed, self._monotonic()
        return self._channel

    async def close(self) -> None:
        """Close the channel."""
        for leaving in self._former:
            leaving.cancel()
        if self._channel is not None:
            await self._channel.close()

    def _is_silent(self) -> bool:
        old_enough = self._monotonic() - self._made_at >= self._patience.connect_seconds
        return old_enough and self._missed.count >= self._patience.misses

    def _leave(self) -> None:
        if self._channel is not None:
            leaving = asyncio.get_running_loop().create_task(self._channel.close(MAX_DEADLINE_SECONDS))
            self._former.add(leaving)
            leaving.add_done_callback(self._former.discard)

    def _made(self) -> grpc.aio.Channel:
        key, certificate, authority = read_certificates(self._tls)
        self._missed = _Missed()
        return grpc.aio.secure_channel(
            self._address,
            grpc.ssl_channel_credentials(authority, key, certificate),
            options=[
                *pinging(self._patience),
                *self._balancing,
                ("grpc.ssl_target_name_override", self._service),
                ("grpc.initial_reconnect_backoff_ms", 100),
                ("grpc.max_reconnect_backoff_ms", 1000),
                # How long gRPC tries to connect, in spite of its name.
                ("grpc.min_reconnect_backoff_ms", _milliseconds(self._patience.connect_seconds)),
                # Else a channel made anew would share the connection of the one before.
                ("grpc.use_local_subchannel_pool", 1),
            ],
            interceptors=[self._missed],
        )
