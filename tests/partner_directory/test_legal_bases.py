"""The register of the law: who reads it, and that it is read whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from deploy.local.servers import Servers
from rondetafel.audit.v1 import audit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import CellNotFound, SecondFactorMissing
from services.kit.policy import EVERYBODY, Role
from services.kit.principal import PLATFORM
from services.partner_directory.queries.list_legal_bases import ListLegalBases, list_legal_bases
from tests.doors import NOBODY
from tests.harness import Cell, Person
from tests.partner_directory.test_rpc import adapter
from tests.partner_directory.town import DECREE, LAW, Host, on_platform

ALL = ListLegalBases()


async def test_everybody_reads_the_whole_register(host: Host) -> None:
    town, _ = await host.town_with_coordinator(region="wallonia")
    await town.sworn(Role.MAYOR)
    readers = [on_platform(await town.invited(role)) for role in sorted(EVERYBODY)]
    *others, found = [[version.basis for version in await reader.run(list_legal_bases, ALL)] for reader in readers]
    codes = [version.code for version in found]
    assert all([version.code for version in other] == codes for other in others)
    assert {LAW, DECREE, "case-consultation", "criminal-code-458ter"} <= {version.code for version in found}
    days = [(-version.in_force_from.toordinal(), version.code) for version in found]
    assert days == sorted(days)
    old = next(version for version in found if version.code == "criminal-code-458ter")
    assert (old.in_force_from, old.in_force_to) == (date(2017, 8, 3), date(2026, 4, 7))


async def test_so_do_the_host_its_people_and_who_sits_nowhere(host: Host) -> None:
    nobody = Person(Cell(host.harness, PLATFORM, ()), uuid4())
    read = [await who.run(list_legal_bases, ALL) for who in (host, await host.appointed(), nobody)]
    assert read[0]
    assert [[version.basis.code for version in found] for found in read] == 3 * [
        [version.basis.code for version in read[0]]
    ]


async def test_it_is_of_the_platform_and_asks_for_the_second_step(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator(region="wallonia")
    assert await on_platform(coordinator).run(list_legal_bases, ALL)
    with pytest.raises(CellNotFound):
        await coordinator.run(list_legal_bases, ALL)
    with pytest.raises(CellNotFound):
        await host.run(list_legal_bases, ALL, town.cell_id)
    with pytest.raises(SecondFactorMissing):
        await replace(on_platform(coordinator), acr=1).run(list_legal_bases, ALL)


async def test_it_is_recorded_with_how_many_were_shown(host: Host, servers: Servers) -> None:
    _, coordinator = await host.town_with_coordinator(region="wallonia")
    found = await on_platform(coordinator).run(list_legal_bases, ALL)
    (record,) = await records_of(servers, coordinator.person_id)
    assert (record.action, record.verb, record.count) == ("list_legal_bases", "consult", len(found))


async def records_of(servers: Servers, person_id: UUID) -> list[audit_pb2.AuditRecord]:
    """What the platform's log is told of somebody, oldest first."""
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    rows = await connection.fetch(
        "SELECT payload FROM outbox WHERE stream = 'audit' AND tenant_id = $1 ORDER BY producer_epoch, producer_seq",
        PLATFORM,
    )
    await connection.close()
    found = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
    return [record for record in found if record.actor_id == str(person_id)]


async def test_the_register_on_the_wire(host: Host) -> None:
    _, coordinator = await host.town_with_coordinator(region="wallonia")
    door = adapter(host, PLATFORM, on_platform(coordinator))
    versions = {
        found.code: found for found in (await door.ListLegalBases(pb.ListLegalBasesRequest(), NOBODY)).legal_bases
    }
    decree, old = versions[DECREE], versions["criminal-code-458ter"]
    assert (getattr(old, "from"), old.to, list(old.allows)) == ("2017-08-03", "2026-04-07", ["speak"])
    assert (decree.to, list(decree.allows), list(decree.regions)) == ("", ["take_part"], ["flanders", "brussels"])
    assert "caw" in decree.partner_kinds
    for version in versions.values():
        for language in ("nl", "fr", "de", "en"):
            assert getattr(version, f"title_{language}")
            assert getattr(version, f"name_{language}")
        assert version.source
