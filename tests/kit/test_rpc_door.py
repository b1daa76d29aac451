"""The gRPC door: who comes without the right certificate or token is refused, counted, and stands in the host's log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest

from deploy.local.authority import Authority
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.secret_files import SecretFiles
from rondetafel.audit.v1 import audit_pb2 as pb
from rondetafel.audit.v1 import audit_pb2_grpc as pb_grpc
from services.kit import telemetry
from services.kit.channel import Channel
from services.kit.errors import Unauthenticated
from services.kit.principal import PLATFORM
from services.kit.refused import MAX_SOURCES, OTHERS, Refusals, refusal_policy
from services.kit.rpc import RpcServer, metadata_of
from tests.databases import Migrated
from tests.harness import Harness
from tests.patience import ANSWERED_WITHIN

GOOD = (("authorization", "Bearer good"),)
BAD = (("authorization", "Bearer bad"),)


class Servicer(pb_grpc.AuditServiceServicer):
    """Answers whoever says `good`, with the id of the trace it runs in."""

    async def SearchAudit(self, request: Any, context: Any) -> pb.SearchAuditResponse:
        if metadata_of(context).get("authorization") != "Bearer good":
            raise Unauthenticated
        return pb.SearchAuditResponse(log_size=7, next_cursor=telemetry.trace_id())


@dataclass
class Door:
    """A server that portal and command line may call, and what it counted."""

    tls: Path
    target: str
    counted: list[tuple[str, str]]

    async def ask(self, certificate: str, metadata: tuple[tuple[str, str], ...]) -> pb.SearchAuditResponse:
        channel = Channel(self.target, "audit", self.tls / certificate)
        try:
            stub = pb_grpc.AuditServiceStub(channel.get())
            answer: pb.SearchAuditResponse = await stub.SearchAudit(
                pb.SearchAuditRequest(), metadata=metadata, timeout=ANSWERED_WITHIN
            )
            return answer
        finally:
            await channel.close()


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    Authority(SecretFiles(tmp_path / "secrets"), tmp_path / "tls").issue(["audit", "portal", "case", "cli"])
    target = f"{LOOPBACK}:{Ports.free().grpc['audit']}"
    counted: list[tuple[str, str]] = []
    peers = {"SearchAudit": frozenset({"portal", "cli"})}
    server = RpcServer(target, tmp_path / "tls" / "audit", peers, lambda *refused: counted.append(refused))
    pb_grpc.add_AuditServiceServicer_to_server(Servicer(), server.grpc)
    await server.start(pb.DESCRIPTOR)
    yield Door(tmp_path / "tls", target, counted)
    await server.stop(0)


async def test_a_refused_peer_is_counted_by_its_name(door: Door) -> None:
    assert (await door.ask("portal", GOOD)).log_size == 7
    assert door.counted == []
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await door.ask("case", GOOD)
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
    assert door.counted == [("PeerRefused", "case")]


async def test_a_bad_token_is_counted_by_who_passed_it_on(door: Door) -> None:
    assert (await door.ask("portal", GOOD)).log_size == 7
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await door.ask("portal", BAD)
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert door.counted == [("Unauthenticated", "portal")]


async def test_a_client_does_not_choose_the_trace_that_the_record_names(door: Door) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    sent = (*GOOD, ("traceparent", f"00-{trace}-00f067aa0ba902b7-01"))
    assert (await door.ask("portal", sent)).next_cursor == trace
    assert (await door.ask("cli", sent)).next_cursor != trace


async def recorded(administrator: asyncpg.Connection, since: int) -> list[pb.AuditRecord]:
    rows = await administrator.fetch(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit' AND producer_seq > $2", PLATFORM, since
    )
    found = [pb.AuditRecord.FromString(row["payload"]) for row in rows]
    return [record for record in found if record.action == "record_refusals"]


async def highest(administrator: asyncpg.Connection) -> int:
    sought = "SELECT coalesce(max(seq), 0) FROM producer_height WHERE tenant_id = $1"
    seq: int = await administrator.fetchval(sought, PLATFORM)
    return seq


async def test_refusals_are_one_record_a_minute_without_the_source(
    database: Migrated, administrator: asyncpg.Connection
) -> None:
    before = await highest(administrator)
    harness = Harness("case", database, refusal_policy("case"))
    refusals = Refusals(harness.executor, "case", harness.clock)
    for _ in range(3):
        refusals.count("PeerRefused", "meeting")
    refusals.count("Unauthenticated", "portal")
    harness.clock.advance(minutes=1)
    refusals.count("PeerRefused", "meeting")
    await refusals.flush()
    await refusals.flush()
    records = await recorded(administrator, before)
    assert sorted((record.detail["kind"], record.count) for record in records) == [
        ("PeerRefused", 1), ("PeerRefused", 3), ("Unauthenticated", 1),
    ]  # fmt: skip
    assert {record.verb for record in records} == {"sign_in"}
    assert all(b"meeting" not in record.SerializeToString() for record in records)


async def test_many_sources_share_one_record(database: Migrated, administrator: asyncpg.Connection) -> None:
    before = await highest(administrator)
    harness = Harness("case", database, refusal_policy("case"))
    refusals = Refusals(harness.executor, "case", harness.clock)
    refusals.count("Unauthenticated", OTHERS)
    for number in range(MAX_SOURCES + 20):
        refusals.count("Unauthenticated", f"source {number}")
    assert len(refusals) == MAX_SOURCES
    await refusals.flush()
    records = await recorded(administrator, before)
    assert (len(records), sum(record.count for record in records)) == (MAX_SOURCES, MAX_SOURCES + 21)
