"""Sign-ins as handlers, on the real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import TypeVar
from uuid import UUID, uuid4

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag

from deploy.local.servers import Servers
from rondetafel.audit.v1 import audit_pb2
from rondetafel.portal.v1 import portal_pb2
from services.kit.errors import CellNotFound
from services.kit.execute import HandlerOf
from services.kit.principal import PLATFORM, Principal, PrincipalKind, system
from services.kit.refused import RecordRefusals, record_refusals
from services.portal.commands.claim_refresh import ClaimRefresh, claim_refresh
from services.portal.commands.end_sign_in import EndSignIn, end_sign_in
from services.portal.commands.expire_sign_ins import ExpireSignIns, expire_sign_ins
from services.portal.commands.keep_sign_in import KeepSignIn, keep_sign_in
from services.portal.commands.refresh_sign_in import RefreshSignIn, refresh_sign_in
from services.portal.commands.start_sign_in import StartSignIn, start_sign_in
from services.portal.errors import SignInEnded
from services.portal.model import SignInSecret, SignInTokens
from services.portal.policy import POLICY, PORTAL_ITSELF
from services.portal.queries.find_sign_in import FindSignIn, find_sign_in
from tests.harness import Harness

MARK = "Zwaluwnest"
Command = TypeVar("Command")
Result = TypeVar("Result")


class Desk:
    """The portal's own process at work, and a look into its tables."""

    def __init__(self, harness: Harness, administrator: asyncpg.Connection) -> None:
        self.harness = harness
        self.administrator = administrator
        self.secret = SignInSecret.new()
        self.sign_in = str(uuid4())
        self.person = uuid4()

    async def run(self, handler: HandlerOf[Command, Result], command: Command) -> Result:
        principal = replace(system(PORTAL_ITSELF, PLATFORM), on_behalf_of=self.person)
        return await self.harness.executor.run(principal, handler, command)

    @property
    def tokens(self) -> SignInTokens:
        return SignInTokens(f"access-{MARK}", self.harness.clock.now + timedelta(minutes=5), f"refresh-{MARK}")

    async def start(self) -> None:
        await self.run(start_sign_in, StartSignIn(self.secret, self.sign_in, self.person, self.tokens))

    async def published(self, kind: str) -> list[bytes]:
        rows = await self.administrator.fetch("SELECT payload FROM outbox WHERE type = $1 ORDER BY created_at", kind)
        return [row["payload"] for row in rows]

    async def ended(self) -> list[str]:
        """The sign-ins of which the others were told."""
        return [portal_pb2.SessionEnded.FromString(event).session_id for event in await self.published("session.ended")]

    async def records(self) -> list[audit_pb2.AuditRecord]:
        return [audit_pb2.AuditRecord.FromString(event) for event in await self.published("audit.record")]


@pytest.fixture
async def desk(harness: Harness, servers: Servers) -> AsyncIterator[Desk]:
    administrator = await servers.postgres.connect("rondetafel_portal")
    await administrator.execute("TRUNCATE outbox, session")
    yield Desk(harness, administrator)
    await administrator.close()


async def test_a_sign_in_is_found_by_its_secret_alone(desk: Desk) -> None:
    await desk.start()
    view = await desk.run(find_sign_in, FindSignIn(desk.secret))
    assert (view.sid, view.tokens) == (desk.sign_in, desk.tokens)
    with pytest.raises(SignInEnded):
        await desk.run(find_sign_in, FindSignIn(SignInSecret.new()))


async def test_the_rows_alone_are_useless(desk: Desk) -> None:
    await desk.start()
    (row,) = await desk.administrator.fetch("SELECT * FROM session")
    everything = repr(dict(row)).encode() + row["tokens"]
    assert MARK.encode() not in everything
    assert desk.secret.value.encode() not in everything
    assert row["session_id"] == desk.secret.sign_in_id


async def test_sealed_tokens_cannot_be_moved_to_another_sign_in(desk: Desk) -> None:
    other = SignInSecret.new()
    with pytest.raises(InvalidTag):
        other.open(desk.secret.seal(desk.tokens))


async def test_thirty_minutes_without_use_end_it(desk: Desk) -> None:
    await desk.start()
    desk.harness.clock.advance(minutes=29)
    await desk.run(keep_sign_in, KeepSignIn(desk.secret))
    desk.harness.clock.advance(minutes=29)
    assert await desk.run(find_sign_in, FindSignIn(desk.secret))
    desk.harness.clock.advance(minutes=1)
    with pytest.raises(SignInEnded):
        await desk.run(find_sign_in, FindSignIn(desk.secret))
    with pytest.raises(SignInEnded):
        await desk.run(keep_sign_in, KeepSignIn(desk.secret))


async def test_who_sits_in_an_open_session_has_two_hours(desk: Desk) -> None:
    await desk.start()
    ends_at = await desk.run(keep_sign_in, KeepSignIn(desk.secret, sitting=True))
    assert ends_at == desk.harness.clock.now + timedelta(hours=2)
    desk.harness.clock.advance(hours=1, minutes=59)
    view = await desk.run(find_sign_in, FindSignIn(desk.secret))
    assert (view.sitting, view.ends_at) == (True, ends_at)
    desk.harness.clock.advance(minutes=1)
    with pytest.raises(SignInEnded):
        await desk.run(find_sign_in, FindSignIn(desk.secret))


async def test_another_page_shortens_it_again(desk: Desk) -> None:
    await desk.start()
    await desk.run(keep_sign_in, KeepSignIn(desk.secret, sitting=True))
    desk.harness.clock.advance(minutes=31)
    await desk.run(keep_sign_in, KeepSignIn(desk.secret))
    desk.harness.clock.advance(minutes=30)
    with pytest.raises(SignInEnded):
        await desk.run(find_sign_in, FindSignIn(desk.secret))


async def test_ten_hours_end_it_even_for_who_sits(desk: Desk) -> None:
    await desk.start()
    ends_at = await desk.run(keep_sign_in, KeepSignIn(desk.secret, sitting=True))
    for _ in range(5):
        desk.harness.clock.advance(minutes=119)
        ends_at = await desk.run(keep_sign_in, KeepSignIn(desk.secret, sitting=True))
    assert ends_at == desk.harness.clock.now + timedelta(minutes=5)


async def test_ten_hours_end_it_however_however_much_it_is_used(desk: Desk) -> None:
    await desk.start()
    for _ in range(29):
        desk.harness.clock.advance(minutes=20)
        await desk.run(keep_sign_in, KeepSignIn(desk.secret))
    desk.harness.clock.advance(minutes=20)
    with pytest.raises(SignInEnded):
        await desk.run(find_sign_in, FindSignIn(desk.secret))


async def test_what_ran_out_long_ago_is_swept(desk: Desk) -> None:
    await desk.start()
    desk.harness.clock.advance(hours=12, minutes=31)
    desk.secret = SignInSecret.new()
    await desk.start()
    assert await desk.run(expire_sign_ins, ExpireSignIns()) == 1
    rows = await desk.administrator.fetch("SELECT session_id FROM session")
    assert [row["session_id"] for row in rows] == [desk.secret.sign_in_id]


async def test_one_at_a_time_may_refresh(desk: Desk) -> None:
    await desk.start()
    assert await desk.run(claim_refresh, ClaimRefresh(desk.secret)) == desk.tokens
    assert await desk.run(claim_refresh, ClaimRefresh(desk.secret)) is None
    fresh = replace(desk.tokens, access_token="new")
    await desk.run(refresh_sign_in, RefreshSignIn(desk.secret, fresh))
    assert await desk.run(claim_refresh, ClaimRefresh(desk.secret)) == fresh


async def test_a_claim_that_nobody_finished_runs_out(desk: Desk) -> None:
    await desk.start()
    assert await desk.run(claim_refresh, ClaimRefresh(desk.secret))
    desk.harness.clock.advance(seconds=15)
    assert await desk.run(claim_refresh, ClaimRefresh(desk.secret))


async def test_an_ended_session_takes_no_new_tokens(desk: Desk) -> None:
    await desk.start()
    await desk.run(end_sign_in, EndSignIn(desk.sign_in))
    with pytest.raises(SignInEnded):
        await desk.run(refresh_sign_in, RefreshSignIn(desk.secret, desk.tokens))


async def test_invariant_15_an_end_is_told_to_the_directory(desk: Desk) -> None:
    await desk.start()
    assert await desk.run(end_sign_in, EndSignIn(desk.sign_in)) == (desk.sign_in,)
    with pytest.raises(SignInEnded):
        await desk.run(find_sign_in, FindSignIn(desk.secret))
    assert await desk.ended() == [desk.sign_in]


async def test_a_sign_in_that_no_browser_used_here_is_ended_too(desk: Desk) -> None:
    assert await desk.run(end_sign_in, EndSignIn("of-an-api-client")) == ("of-an-api-client",)
    assert await desk.ended() == ["of-an-api-client"]


async def test_all_sign_ins_of_a_person_end_and_nobody_elses(desk: Desk) -> None:
    await desk.start()
    other = Desk(desk.harness, desk.administrator)
    await other.start()
    assert await desk.run(end_sign_in, EndSignIn(None, desk.person)) == (desk.sign_in,)
    assert await other.run(find_sign_in, FindSignIn(other.secret))
    assert await desk.ended() == [desk.sign_in]


async def test_sign_ins_and_ends_are_in_the_hosts_log_and_say_for_whom(desk: Desk) -> None:
    await desk.start()
    await desk.run(end_sign_in, EndSignIn(desk.sign_in))
    records = await desk.records()
    assert [(record.action, record.verb, record.outcome) for record in records] == [
        ("start_session", "sign_in", "allow"),
        ("end_session", "sign_in", "allow"),
    ]
    assert {record.on_behalf_of for record in records} == {str(desk.person)}
    rows = await desk.administrator.fetch("SELECT DISTINCT tenant_id FROM outbox")
    assert [row["tenant_id"] for row in rows] == [PLATFORM]


async def test_refused_sign_ins_are_recorded_without_the_address(desk: Desk) -> None:
    minute = desk.harness.clock.now
    for source in ("192.0.2.7", "192.0.2.7", "192.0.2.8"):
        command = RecordRefusals("Unauthenticated", source, minute, 3)
        await desk.harness.executor.run(system("portal.door", PLATFORM), record_refusals, command)
    records = await desk.records()
    assert {(record.action, record.count) for record in records} == {("record_refusals", 3)}
    assert len({record.detail["source"] for record in records}) == 2
    assert all(b"192.0.2" not in record.SerializeToString() for record in records)


ANYTHING = SimpleNamespace(secret=SimpleNamespace(sign_in_id=UUID(int=2)))
"""What is asked, with the field that one rule names as its scope."""


@pytest.mark.parametrize(
    "handler",
    [
        handler
        for handler, rule in POLICY.items()
        if handler.__module__.startswith("services.portal") and not rule.signed_in
    ],
)
async def test_nobody_but_the_portal_itself_may(desk: Desk, handler: HandlerOf[object, object]) -> None:
    for kind, name in (
        (PrincipalKind.PERSON, ""),
        (PrincipalKind.HOST, "host"),
        (PrincipalKind.SYSTEM, "case.consumer"),
    ):
        principal = Principal(kind, UUID(int=1), PLATFORM, acr=2, name=name)
        with pytest.raises(CellNotFound):
            await desk.harness.executor.run(principal, handler, ANYTHING)
