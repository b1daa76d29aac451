"""gRPC over a connection that silently carries nothing any more: it is noticed, and the next call goes another way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import grpc
import pytest

from deploy.local.authority import Authority
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.secret_files import SecretFiles
from rondetafel.audit.v1 import audit_pb2 as pb
from rondetafel.audit.v1 import audit_pb2_grpc as pb_grpc
from services.kit.channel import Channel
from services.kit.patience import Calls
from services.kit.rpc import RpcServer
from tests.silence import WAIT_SECONDS, Way, way_to

QUICK = Calls(ping_seconds=0.1, pong_seconds=0.3, connect_seconds=0)
"""On a busy machine a pong may be late on a way that carries too: then one more connection is made."""
PINGING = Calls(ping_seconds=1, pong_seconds=WAIT_SECONDS)
"""gRPC sends no more than one a second, whatever it is told."""
BLIND = Calls(ping_seconds=3600, connect_seconds=0)
"""Notices nothing by itself."""
SHORT_SECONDS = 0.2
"""The deadline of a call that gets no answer."""


@dataclass
class Servicer(pb_grpc.AuditServiceServicer):
    """Answers at once, or to a query that names somebody when `slow` is set."""

    slow: asyncio.Event = field(default_factory=asyncio.Event)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def SearchAudit(self, request: pb.SearchAuditRequest, context: Any) -> pb.SearchAuditResponse:
        if request.cursor:
            self.came.set()
            await self.slow.wait()
        return pb.SearchAuditResponse(log_size=7)


@dataclass
class Neighbour:
    """A service, the way to it, and where certificates are."""

    way: Way
    tls: Path
    servicer: Servicer

    @asynccontextmanager
    async def channel(self, patience: Calls) -> AsyncIterator[Channel]:
        channel = Channel(self.way.target, "audit", self.tls / "portal", patience)
        try:
            await ask(channel)
            assert self.way.made == 1
            yield channel
        finally:
            await channel.close()


@asynccontextmanager
async def neighbour(tmp_path: Path, patience: Calls) -> AsyncIterator[Neighbour]:
    Authority(SecretFiles(tmp_path / "secrets"), tmp_path / "tls").issue(["audit", "portal"])
    port = Ports.free().grpc["audit"]
    peers = {"SearchAudit": frozenset({"portal"})}
    server = RpcServer(f"{LOOPBACK}:{port}", tmp_path / "tls" / "audit", peers, lambda *refused: None, patience)
    servicer = Servicer()
    pb_grpc.add_AuditServiceServicer_to_server(servicer, server.grpc)
    await server.start(pb.DESCRIPTOR)
    try:
        async with way_to(port) as way:
            yield Neighbour(way, tmp_path / "tls", servicer)
    finally:
        await server.stop(0)


async def ask(channel: Channel, seconds: float = WAIT_SECONDS, cursor: str = "") -> int:
    stub = pb_grpc.AuditServiceStub(channel.get())
    answer = await stub.SearchAudit(pb.SearchAuditRequest(cursor=cursor), timeout=seconds)
    return int(answer.log_size)


async def answered(channel: Channel) -> None:
    """A call is answered, after those that ended with a connection."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            try:
                assert await ask(channel) == 7
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.UNAVAILABLE:
                    raise
                await asyncio.sleep(0.01)
            else:
                return


async def miss(channel: Channel, cursor: str = "") -> None:
    """A call that gets no answer in time."""
    with pytest.raises(grpc.aio.AioRpcError) as missed:
        await ask(channel, SHORT_SECONDS, cursor)
    assert missed.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


async def test_a_client_that_is_idle_notices_and_its_next_call_is_answered(tmp_path: Path) -> None:
    async with neighbour(tmp_path, BLIND) as there, there.channel(QUICK) as channel:
        there.way.forget()
        connected = channel.get()
        async with asyncio.timeout(WAIT_SECONDS):
            while (state := connected.get_state()) is grpc.ChannelConnectivity.READY:
                await connected.wait_for_state_change(state)
        await answered(channel)
        assert channel.get() is connected
        assert there.way.made >= 2


async def test_a_call_under_way_ends_unavailable_long_before_its_deadline(tmp_path: Path) -> None:
    async with neighbour(tmp_path, BLIND) as there, there.channel(QUICK) as channel:
        there.way.forget()
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await ask(channel, 3600)
        assert ended.value.code() is grpc.StatusCode.UNAVAILABLE
        await answered(channel)


async def test_a_server_notices_too(tmp_path: Path) -> None:
    async with neighbour(tmp_path, QUICK) as there, there.channel(BLIND):
        assert there.way.ended == 0
        there.way.forget()
        await there.way.until_ended(1)


async def test_after_a_second_missed_deadline_there_is_a_new_connection(tmp_path: Path) -> None:
    async with neighbour(tmp_path, BLIND) as there, there.channel(BLIND) as channel:
        there.way.forget()
        await miss(channel)
        await miss(channel)
        assert await ask(channel) == 7
        assert there.way.made == 2


async def test_one_missed_deadline_after_an_answer_is_no_second(tmp_path: Path) -> None:
    """A service that is slow now and then is not left, and what waits there is not cut off when it is."""
    async with neighbour(tmp_path, BLIND) as there, there.channel(BLIND) as channel:
        for _ in range(3):
            await miss(channel, "slow")
            assert await ask(channel) == 7
        assert there.way.made == 1
        there.servicer.came.clear()
        waiting = asyncio.create_task(ask(channel, cursor="slow"))
        await there.servicer.came.wait()
        await miss(channel, "slow")
        await miss(channel, "slow")
        assert await ask(channel) == 7
        assert there.way.made == 2
        there.servicer.slow.set()
        assert await waiting == 7


async def test_a_new_connection_has_time_to_come_about(tmp_path: Path) -> None:
    """Deadlines may be shorter than a handshake takes: else none would ever end."""
    async with neighbour(tmp_path, BLIND) as there:
        now = 100.0
        channel = Channel(
            there.way.target, "audit", there.tls / "portal", Calls(connect_seconds=5), monotonic=lambda: now
        )
        there.way.hanging = True
        first = channel.get()
        await miss(channel)
        await miss(channel)
        assert channel.get() is first
        now += 5
        there.way.hanging = False
        assert await ask(channel) == 7
        assert channel.get() is not first
        await channel.close()


async def test_a_server_takes_the_pings_of_its_clients(tmp_path: Path) -> None:
    """Else it would end the connection at the fourth (too_many_pings)."""
    async with neighbour(tmp_path, replace(PINGING, ping_seconds=1.5)) as there, there.channel(PINGING) as channel:
        said = there.way.said
        async with asyncio.timeout(WAIT_SECONDS):
            while there.way.said < said + 4:
                await asyncio.sleep(0.01)
        assert await ask(channel) == 7
        assert (there.way.made, there.way.ended) == (1, 0)
