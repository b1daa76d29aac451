"""What ends by itself: a mandate after its last day, a recovery after its 14 days."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest

from rondetafel.audit.v1 import audit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.clock import day_ends_at
from services.kit.errors import CellNotFound
from services.kit.principal import PLATFORM, system
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.mandate.expire_mandate import ExpireMandate, expire_mandate
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.harness import Person
from tests.partner_directory.town import TEXT, Host, Town

PAGE = ListMandates(50, None)


async def told(town: Town, person: Person) -> list[pb.MandateChanged]:
    """What was told of this person's mandate, in order."""
    rows = await town.harness.database.unwalled(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND type = 'mandate.changed'", town.cell_id
    )
    facts = [pb.MandateChanged.FromString(row["payload"]) for row in rows]
    mine = [fact for fact in facts if fact.mandate_id == str(person.mandate_id)]
    return sorted(mine, key=lambda fact: fact.fact_version)


async def recorded(town: Town, action: str) -> list[audit_pb2.AuditRecord]:
    rows = await town.harness.database.unwalled(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit' ORDER BY producer_seq", town.cell_id
    )
    records = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
    return [record for record in records if record.action == action]


@pytest.mark.parametrize(
    "last",
    [
        date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2028, 2, 29), date(2027, 3, 28),
        date(2027, 10, 31),
    ],
)  # fmt: skip
async def test_invariant_25_the_last_day_counts_and_at_its_midnight_the_log_and_the_others_hear_it(
    host: Host, last: date
) -> None:
    """The end of months, a leap day, the days on which the clock changes, the end of a year."""
    clock = host.harness.clock
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator, last_day=last)
    clock.now = day_ends_at(last) - timedelta(microseconds=1)
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    before = await told(town, partner)
    await run_due(host.harness, TERMS)
    assert await partner.run(list_mandates, PAGE)
    assert await told(town, partner) == before
    clock.advance(microseconds=1)
    await run_due(host.harness, TERMS)
    with pytest.raises(CellNotFound):
        await partner.run(list_mandates, PAGE)
    *earlier, newest = await told(town, partner)
    assert earlier == before
    assert newest.fact_version > before[-1].fact_version
    assert newest.ends_at == before[-1].ends_at
    record = (await recorded(town, "expire_mandate"))[-1]
    assert record.actor_id == str(system("partner_directory.clock", PLATFORM).actor_id)
    assert dict(record.detail) == {"mandate": str(partner.mandate_id), "role_ended": "participant"}
    assert record.at.ToDatetime(UTC) == day_ends_at(last)
    await run_due(host.harness, TERMS)
    assert len(await told(town, partner)) == len(before) + 1


async def test_one_that_was_ended_ends_once(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    await coordinator.run(end_mandate, EndMandate(partner.mandate_id, 1, "left"))
    ended = await told(town, partner)
    host.harness.clock.advance(days=366)
    await run_due(host.harness, TERMS)
    assert await told(town, partner) == ended
    clock = system("partner_directory.clock", town.cell_id)
    command = ExpireMandate(partner.mandate_id)
    assert not await host.harness.executor.run(clock, expire_mandate, command), "not even if somebody says it is time"
    assert await host.harness.executor.run(clock, expire_mandate, ExpireMandate(coordinator.mandate_id))


async def test_before_its_end_nothing_ends_it(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    clock = system("partner_directory.clock", town.cell_id)
    before = await told(town, coordinator)
    assert not await host.harness.executor.run(clock, expire_mandate, ExpireMandate(coordinator.mandate_id))
    assert await told(town, coordinator) == before
    elsewhere = system("partner_directory.clock", (await host.town()).cell_id)
    host.harness.clock.advance(days=800)
    assert not await host.harness.executor.run(elsewhere, expire_mandate, ExpireMandate(coordinator.mandate_id))
    assert await host.harness.executor.run(clock, expire_mandate, ExpireMandate(coordinator.mandate_id))
