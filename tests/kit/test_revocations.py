"""Ended sign-ins and disabled identities: refused by the database of a service, whoever was told (invariant 15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.local.servers import Servers
from rondetafel.audit.v1 import audit_pb2
from services.kit.errors import Unauthenticated
from services.kit.identities import Revoked
from services.kit.identity import CLOCK_SKEW, SIGN_INS_KEPT
from services.kit.revocations import ReadRevocations, read_revocations
from tests.databases import Migrated, migrated
from tests.harness import START, Harness
from tests.kit.signed_in import CONSUMER, POLICY, applied, signed_in


@pytest.fixture
def harness(database: Migrated) -> Harness:
    return Harness("case", database, POLICY)


@pytest.mark.parametrize("kind", Revoked)
async def test_invariant_15_a_revoked_token_acts_no_more_in_any_tenant(harness: Harness, kind: Revoked) -> None:
    mine, other = await signed_in(harness), await signed_in(harness)
    assert (await mine.looks(), await mine.greets()) == (1, "good day")
    await applied(harness, mine.revocation(kind))
    for act in (mine.looks, mine.greets):
        with pytest.raises(Unauthenticated):
            await act()
    assert await other.looks() == 1
    mine.names[kind] = str(uuid4())
    assert await mine.looks() == 1, "a new sign-in that was not revoked counts"


async def test_two_replicas_refuse_what_one_of_them_was_told(servers: Servers, harness: Harness) -> None:
    """They share the durable consumer, so one alone draws the message."""
    mine = await signed_in(harness)
    second = Harness("case", await migrated(servers, "case"), POLICY)
    assert (await mine.looks(), await mine.looks(second)) == (1, 1)
    await applied(harness, mine.revocation(Revoked.SESSION))
    for replica in (harness, second):
        with pytest.raises(Unauthenticated):
            await mine.looks(replica)
    await second.database.close()


async def test_enabled_again_older_tokens_stay_refused_and_newer_ones_count(harness: Harness) -> None:
    mine = await signed_in(harness)
    for kind in (Revoked.SUBJECT, Revoked.PROVIDER, Revoked.ORGANISATION):
        await applied(harness, mine.revocation(kind, 5), mine.revocation(kind, 6, all=False))
    for issued_at in (START - timedelta(minutes=2), START + CLOCK_SKEW - timedelta(microseconds=1)):
        with pytest.raises(Unauthenticated):
            await replace(mine, issued_at=issued_at).looks()
    assert await replace(mine, issued_at=START + CLOCK_SKEW).looks() == 1


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(1, 5)), last_refuses=st.booleans())
async def test_no_order_of_delivery_weakens_a_revocation(
    harness: Harness, order: list[int], last_refuses: bool
) -> None:
    mine = replace(await signed_in(harness), issued_at=START + timedelta(hours=1))
    assert await mine.looks() == 1
    for number in (*order, order[0]):
        refuses = (number % 2 == 0) == last_refuses
        await applied(harness, mine.revocation(Revoked.SUBJECT, number, all=refuses))
    if last_refuses:
        with pytest.raises(Unauthenticated):
            await mine.looks()
    else:
        assert await mine.looks() == 1


async def test_the_refusal_stands_in_the_log_and_reads_nothing(
    harness: Harness, administrator: asyncpg.Connection
) -> None:
    mine = await signed_in(harness)
    await applied(harness, mine.revocation(Revoked.SESSION))
    with pytest.raises(Unauthenticated):
        await mine.looks()
    rows = await administrator.fetch(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND type = 'audit.record'", mine.cell.cell_id
    )
    records = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
    (refused,) = [record for record in records if record.action == "look"]
    assert (refused.outcome, refused.detail["error"]) == ("deny", "Unauthenticated")


async def test_ended_sign_ins_are_kept_for_a_day_and_what_is_disabled_for_ever(harness: Harness) -> None:
    mine, other = await signed_in(harness), await signed_in(harness)
    await applied(harness, mine.revocation(Revoked.SESSION), mine.revocation(Revoked.SUBJECT))
    harness.clock.advance(seconds=SIGN_INS_KEPT.total_seconds() - 1)
    await applied(harness, other.revocation(Revoked.SESSION, at=harness.clock.now))
    kept = {mine.id(Revoked.SESSION), mine.id(Revoked.SUBJECT), other.id(Revoked.SESSION)}
    assert kept <= await read(harness)
    harness.clock.advance(seconds=2)
    await applied(harness, other.revocation(Revoked.SUBJECT))
    assert kept - await read(harness) == {mine.id(Revoked.SESSION)}


async def read(harness: Harness) -> set[UUID]:
    return {
        process.identity_id for process in await harness.executor.run(CONSUMER, read_revocations, ReadRevocations())
    }
