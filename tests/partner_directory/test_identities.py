"""Ending sign-ins and shutting people out: who may, what is told, and what the sign-in service does (invariant 15)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, Unauthenticated
from services.kit.identities import Revocation, Revoked, sign_in_id
from services.kit.principal import PLATFORM, Principal, PrincipalKind, system
from services.kit.revocations import revocation_of
from services.partner_directory.commands.identity.disable_identity import DisableIdentity, disable_identity
from services.partner_directory.commands.identity.enable_identity import EnableIdentity, enable_identity
from services.partner_directory.commands.identity.end_sign_in import EndSignIn, end_sign_in
from services.partner_directory.errors import OwnIdentity, SignInServiceAway
from services.partner_directory.queries import get_revocations as asking
from services.partner_directory.queries.get_revocations import GetRevocations, get_revocations
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.queries.read_fact_version import ReadFactVersion, read_fact_version
from tests.doors import NOBODY
from tests.partner_directory.test_rpc import adapter
from tests.partner_directory.town import Host, on_platform

EVENTS = ("sign_in.ended", "identity.disabled", "identity.enabled")
PORTAL, CASE = system("portal.service", PLATFORM), system("case.service", PLATFORM)
KINDS = [Revoked.SUBJECT, Revoked.PROVIDER, Revoked.ORGANISATION]


class Told:
    """What the directory tells from now on."""

    def __init__(self, administrator: asyncpg.Connection) -> None:
        self._administrator = administrator

    async def about(self, identity_id: UUID) -> list[tuple[str, Revocation]]:
        rows = await self._administrator.fetch(
            "SELECT type, payload FROM outbox WHERE type = ANY ($1) AND tenant_id = $2", EVENTS, PLATFORM
        )
        found = [(row["type"], revocation_of(pb.Revocation.FromString(row["payload"]))) for row in rows]
        return sorted(
            (result for result in found if result[1].identity_id == identity_id), key=lambda one: one[1].fact_version
        )


@pytest.fixture
async def told(servers: Servers) -> AsyncIterator[Told]:
    administrator = await servers.postgres.connect("rondetafel_partner_directory")
    yield Told(administrator)
    await administrator.close()


async def newest(host: Host) -> int:
    beating = system("partner_directory.heartbeat", PLATFORM)
    return await host.harness.executor.run(beating, read_fact_version, ReadFactVersion())


async def test_a_sign_in_ends_once_however_often_it_is_told(host: Host, told: Told) -> None:
    """By gRPC and by the outbox, at the same time: one fact, and no gap in the numbers."""
    session_id, before = str(uuid4()), await newest(host)
    hearing = system("partner_directory.consumer", PLATFORM)
    receipts = await asyncio.gather(
        *(host.harness.executor.run(by, end_sign_in, EndSignIn(session_id)) for by in (PORTAL, hearing, PORTAL))
    )
    assert {receipt.id for receipt in receipts} == {sign_in_id(session_id)}
    ((event, fact),) = await told.about(sign_in_id(session_id))
    assert (event, fact.kind, fact.refuses_all) == ("sign_in.ended", Revoked.SESSION, True)
    assert fact.fact_version == await newest(host) == before + 1


async def test_nobody_but_the_portal_ends_sign_ins(host: Host) -> None:
    hilde, command = await host.appointed(), EndSignIn(str(uuid4()))
    for name in ("case.service", "meeting.service", "audit.service", "portal.consumer"):
        with pytest.raises(CellNotFound):
            await host.harness.executor.run(system(name, PLATFORM), end_sign_in, command)
    with pytest.raises(RoleMissing):
        await hilde.run(end_sign_in, command)
    with pytest.raises(CellNotFound):
        await host.run(end_sign_in, command)
    assert await host.harness.executor.run(PORTAL, end_sign_in, command)


@pytest.mark.parametrize("kind", KINDS)
async def test_disabled_and_enabled_again_each_is_told_once(host: Host, told: Told, kind: Revoked) -> None:
    identity_id = uuid4()
    for _ in range(2):
        assert (await host.run(disable_identity, DisableIdentity(kind, identity_id))).state == "DISABLED"
    host.harness.clock.advance(minutes=1)
    for _ in range(2):
        assert (await host.run(enable_identity, EnableIdentity(kind, identity_id))).state == "ENABLED"
    facts = await told.about(identity_id)
    assert [(event, fact.refuses_all) for event, fact in facts] == [
        ("identity.disabled", True),
        ("identity.enabled", False),
    ]
    assert facts[1][1].revoked_at == host.harness.clock.now


async def test_the_hosts_people_may_with_the_second_factor_and_nobody_else(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    hilde = await host.appointed()
    acts: list[tuple[Any, Any]] = [
        (disable_identity, DisableIdentity(Revoked.SUBJECT, uuid4())),
        (enable_identity, EnableIdentity(Revoked.SUBJECT, uuid4())),
    ]
    for handler, command in acts:
        assert await hilde.run(handler, command)
        assert await host.run(handler, command)
        hilde.acr = 1
        with pytest.raises(SecondFactorMissing):
            await hilde.run(handler, command)
        hilde.acr = 2
        with pytest.raises(RoleMissing):
            await coordinator.run(handler, command)
        with pytest.raises(CellNotFound):
            await on_platform(coordinator).run(handler, command)
        with pytest.raises(CellNotFound):
            await host.run(handler, command, town.cell_id)


async def test_nobody_shuts_out_themselves(host: Host) -> None:
    hilde = await host.appointed()
    provider, stranger = uuid4(), uuid4()
    me = Principal(PrincipalKind.PERSON, hilde.person_id, PLATFORM, acr=2, identities=(hilde.person_id, provider))
    me = replace(me, issued_at=host.harness.clock.now)
    for kind, mine in ((Revoked.SUBJECT, hilde.person_id), (Revoked.PROVIDER, provider)):
        with pytest.raises(OwnIdentity) as refused:
            await host.harness.executor.run(me, disable_identity, DisableIdentity(kind, mine))
        assert refused.value.field == "value"
    assert await host.harness.executor.run(me, disable_identity, DisableIdentity(Revoked.SUBJECT, stranger))


@pytest.mark.parametrize("kind", KINDS)
async def test_who_is_shut_out_is_refused_by_the_directory_itself(host: Host, kind: Revoked) -> None:
    _, coordinator = await host.town_with_coordinator()
    identity_id, now = uuid4(), host.harness.clock.now
    me = Principal(PrincipalKind.PERSON, coordinator.person_id, PLATFORM, 2, "", None, (identity_id,), now)
    assert await host.harness.executor.run(me, list_my_cells, ListMyCells())
    await host.run(disable_identity, DisableIdentity(kind, identity_id))
    later = replace(me, issued_at=host.harness.clock.now.replace(year=2027))
    for token in (me, later):
        with pytest.raises(Unauthenticated):
            await host.harness.executor.run(token, list_my_cells, ListMyCells())
    await host.run(enable_identity, EnableIdentity(kind, identity_id))
    with pytest.raises(Unauthenticated):
        await host.harness.executor.run(me, list_my_cells, ListMyCells())
    assert await host.harness.executor.run(later, list_my_cells, ListMyCells())


async def test_services_get_what_was_revoked_after_a_fact(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    start, identity_ids = await newest(host), [uuid4() for _ in range(5)]
    for identity_id in identity_ids:
        await host.run(disable_identity, DisableIdentity(Revoked.SUBJECT, identity_id))
    await host.run(enable_identity, EnableIdentity(Revoked.SUBJECT, identity_ids[0]))
    await host.town_with_coordinator()

    async def asked(after: int) -> asking.RevocationsView:
        return await host.harness.executor.run(CASE, get_revocations, GetRevocations(after))

    view = await asked(start)
    assert [revocation.identity_id for revocation in view.revocations] == [*identity_ids[1:], identity_ids[0]]
    assert (view.fact_version, view.more) == (await newest(host), False)
    assert (await asked(view.fact_version)).revocations == ()
    monkeypatch.setattr(asking, "MOST", 3)
    first = await asked(start)
    assert (len(first.revocations), first.more) == (3, True)
    second = await asked(first.fact_version)
    assert (*first.revocations, *second.revocations) == view.revocations
    for by in (system("cli.service", PLATFORM), system("case.consumer", PLATFORM)):
        with pytest.raises(CellNotFound):
            await host.harness.executor.run(by, get_revocations, GetRevocations(0))


def subject(value: UUID) -> pb.DisableIdentityRequest:
    return pb.DisableIdentityRequest(kind="subject", value=str(value))


async def test_known_and_unknown_are_answered_alike(host: Host) -> None:
    """The receipt holds what was asked and a state; whether anybody was there, the sign-in service does not tell."""
    answers: list[kit_pb2.Receipt] = []
    for _ in range(2):
        answers.append(await adapter(host).DisableIdentity(subject(uuid4()), NOBODY))
    assert {(answer.state, answer.version) for answer in answers} == {("DISABLED", 1)}
    enabled = await adapter(host).EnableIdentity(pb.EnableIdentityRequest(kind="provider", value="nowhere"), NOBODY)
    assert (enabled.state, enabled.version) == ("ENABLED", 1)


async def test_it_counts_here_while_the_sign_in_service_is_away_and_is_switched_there_by_a_repeat(
    host: Host, told: Told
) -> None:
    someone = uuid4()
    host.sign_in.failure = SignInServiceAway()
    with pytest.raises(SignInServiceAway):
        await adapter(host).DisableIdentity(subject(someone), NOBODY)
    identity_id = host.sign_in.identity(Revoked.SUBJECT, str(someone))
    assert [event for event, _ in await told.about(identity_id)] == ["identity.disabled"]
    host.sign_in.failure = None
    await adapter(host).DisableIdentity(subject(someone), NOBODY)
    assert host.sign_in.switched == [(Revoked.SUBJECT, str(someone), False)] * 2


async def test_a_refused_caller_touches_nothing_at_the_sign_in_service(host: Host) -> None:
    _, coordinator = await host.town_with_coordinator()
    for person in (coordinator, on_platform(coordinator)):
        with pytest.raises((RoleMissing, CellNotFound)):
            await adapter(host, PLATFORM, person).DisableIdentity(subject(uuid4()), NOBODY)
    assert host.sign_in.switched == []
    await adapter(host, PLATFORM, await host.appointed()).DisableIdentity(subject(uuid4()), NOBODY)
    assert len(host.sign_in.switched) == 1
