"""Several processes of one service behind one channel, or behind one port: all are asked, and none is missed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from deploy.local.authority import Authority
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.secret_files import SecretFiles
from rondetafel.audit.v1 import audit_pb2 as pb
from rondetafel.audit.v1 import audit_pb2_grpc as pb_grpc
from services.kit.channel import Channel
from services.kit.http import HttpServer
from services.kit.rpc import RpcServer
from tests.patience import ANSWERED_WITHIN, HANGS_AFTER


@dataclass
class Servicer(pb_grpc.AuditServiceServicer):
    """Answers with its own number."""

    number: int

    async def SearchAudit(self, request: pb.SearchAuditRequest, context: Any) -> pb.SearchAuditResponse:
        return pb.SearchAuditResponse(log_size=self.number)


class Processes:
    """Two servers of one service, with the certificate of that service both."""

    def __init__(self, tls: Path) -> None:
        self._tls = tls
        self._servers: dict[int, RpcServer] = {}
        self._ports = [Ports.free().grpc["audit"] for _ in range(2)]
        self.target = ",".join(f"{LOOPBACK}:{port}" for port in self._ports)

    async def start(self, number: int) -> None:
        peers = {"SearchAudit": frozenset({"portal"})}
        listen = f"{LOOPBACK}:{self._ports[number]}"
        server = RpcServer(listen, self._tls / "audit", peers, lambda *refused: None)
        pb_grpc.add_AuditServiceServicer_to_server(Servicer(number), server.grpc)
        await server.start(pb.DESCRIPTOR)
        self._servers[number] = server

    async def stop(self, number: int) -> None:
        await self._servers.pop(number).stop(0)

    async def stop_all(self) -> None:
        for number in list(self._servers):
            await self.stop(number)


@asynccontextmanager
async def two_of_them(tmp_path: Path) -> AsyncIterator[tuple[Processes, Channel]]:
    Authority(SecretFiles(tmp_path / "secrets"), tmp_path / "tls").issue(["audit", "portal"])
    async with AsyncExitStack() as opened:
        processes = Processes(tmp_path / "tls")
        opened.push_async_callback(processes.stop_all)
        for number in range(2):
            await processes.start(number)
        channel = Channel(processes.target, "audit", tmp_path / "tls" / "portal")
        opened.push_async_callback(channel.close)
        yield processes, channel


async def ask(channel: Channel) -> int:
    stub = pb_grpc.AuditServiceStub(channel.get())
    return int((await stub.SearchAudit(pb.SearchAuditRequest(), timeout=ANSWERED_WITHIN)).log_size)


async def until_answered_by(channel: Channel, numbers: set[int]) -> None:
    """Ten answers in a row come from all of these and from nobody else; what ended with a connection is asked again."""
    async with asyncio.timeout(HANGS_AFTER):
        while True:
            try:
                if {await ask(channel) for _ in range(10)} == numbers:
                    return
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.UNAVAILABLE:
                    raise


async def test_both_are_asked_and_one_that_is_away_is_left_out_until_it_is_back(tmp_path: Path) -> None:
    async with two_of_them(tmp_path) as (processes, channel):
        await until_answered_by(channel, {0, 1})
        await processes.stop(1)
        await until_answered_by(channel, {0})
        assert {await ask(channel) for _ in range(50)} == {0}, "nobody is sent to the one that is away"
        await processes.start(1)
        await until_answered_by(channel, {0, 1})
        await processes.stop(0)
        await until_answered_by(channel, {1})


async def test_with_all_of_them_away_it_is_unavailable(tmp_path: Path) -> None:
    async with two_of_them(tmp_path) as (processes, channel):
        await until_answered_by(channel, {0, 1})
        await processes.stop_all()
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await asyncio.gather(*(ask(channel) for _ in range(3)))
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
        await processes.start(1)
        await until_answered_by(channel, {1})


def saying(word: str) -> Starlette:
    async def say(request: object) -> PlainTextResponse:
        return PlainTextResponse(word)

    return Starlette(routes=[Route("/", say)])


@asynccontextmanager
async def listening(make: Callable[[], HttpServer]) -> AsyncIterator[HttpServer]:
    server = make()
    serving = asyncio.create_task(server.run())
    try:
        yield server
    finally:
        await server.stop()
        await serving


async def heard(address: str) -> str:
    """What one new connection is told."""
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.get(address, timeout=ANSWERED_WITHIN)).text


async def test_one_port_is_shared_by_those_who_all_say_so(tmp_path: Path) -> None:
    listen = f"{LOOPBACK}:{Ports.free().portal}"
    address = f"http://{listen}/"
    async with listening(lambda: HttpServer(saying("one"), listen, shared=True)):
        with pytest.raises(OSError, match="in use"):
            HttpServer(saying("other"), listen)
        async with listening(lambda: HttpServer(saying("two"), listen, shared=True)):
            told: set[str] = set()
            async with asyncio.timeout(HANGS_AFTER):
                while told != {"one", "two"}:
                    told.add(await heard(address))
        assert {await heard(address) for _ in range(10)} == {"one"}
