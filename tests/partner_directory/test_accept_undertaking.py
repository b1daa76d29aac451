"""Secrecy: accepting it, for whom it counts and until when (invariant 7)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from deploy.local.servers import Servers
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import CellNotFound, SecondFactorMissing, UndertakingMissing
from services.kit.policy import Role
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.errors import UndertakingTextChanged
from services.partner_directory.model import FOUNDING
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.queries.read_table import ReadTable, read_table
from tests.partner_directory.town import TEXT, Host, on_platform

ACCEPT, PAGE = AcceptUndertaking(TEXT), ListMandates(50, None)


@pytest.mark.parametrize("role", [Role.MAYOR, Role.DPO, Role.COORDINATOR])
async def test_invariant_07_nothing_is_read_before_and_all_after(host: Host, role: Role) -> None:
    town = await host.town()
    others = 0 if role in FOUNDING else len([await town.sworn(Role.COORDINATOR)])
    person = await town.invited(role)
    with pytest.raises(UndertakingMissing):
        await person.run(list_mandates, PAGE)
    receipt = await person.run(accept_undertaking, ACCEPT)
    assert (receipt.id, receipt.state, receipt.version) == (person.mandate_id, "ACCEPTED", 2)
    assert len((await person.run(list_mandates, PAGE)).mandates) == others + 1


async def test_all_own_mandates_in_this_cell_and_no_others(host: Host, servers: Servers) -> None:
    town, neighbour = await host.town(), await host.town()
    await town.sworn(Role.COORDINATOR)
    person = await town.invited(Role.MAYOR, email="lieve@stad.example")
    await town.invited(Role.PREVENTION_OFFICER, email="lieve@stad.example")
    later = {"first_day": date(2028, 1, 1), "last_day": date(2028, 6, 30)}
    await town.invited(Role.DPO, email="lieve@stad.example", **later)
    elsewhere = await neighbour.invited(Role.MAYOR, email="lieve@stad.example")
    other = await town.invited(Role.POLICE_CHIEF)
    await person.run(accept_undertaking, ACCEPT)
    for unsworn in (elsewhere, other):
        with pytest.raises(UndertakingMissing):
            await unsworn.run(list_mandates, PAGE)
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    facts = await connection.fetch(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND type = 'mandate.changed'", town.cell_id
    )
    index = await connection.fetch(
        "SELECT role, undertaken_until FROM person_cell WHERE tenant_id = $1 AND person_id = $2",
        town.cell_id, person.person_id,
    )  # fmt: skip
    await connection.close()
    sworn = [mandate for mandate in map(pb.MandateChanged.FromString, (row["payload"] for row in facts))
             if mandate.HasField("undertaken_until") and mandate.person_id == str(person.person_id)]  # fmt: skip
    assert sorted(mandate.role for mandate in sworn) == ["dpo", "mayor", "prevention_officer"], (
        "one fact for each mandate"
    )
    until = {row["role"]: row["undertaken_until"] for row in index}
    assert until["mayor"] == datetime(2027, 11, 23, 23, tzinfo=UTC), "a year, the last day included"
    assert until["dpo"] == until["mayor"]


async def test_when_it_was_accepted_is_kept_and_told_to_who_did(host: Host) -> None:
    town = await host.town(region="wallonia")
    person = await town.invited(Role.MAYOR, email="lieve@wanneer.example")
    mine = (await person.run(read_table, ReadTable())).mine
    assert (mine.undertaken, mine.undertaken_at, mine.undertaken_until) == (False, None, None)
    await person.run(accept_undertaking, ACCEPT)
    now, until = town.harness.clock.now, datetime(2027, 11, 23, 23, tzinfo=UTC)
    mine = (await person.run(read_table, ReadTable())).mine
    assert (mine.undertaken, mine.undertaken_at, mine.undertaken_until) == (True, now, until)
    (listed,) = (await on_platform(person).run(list_my_cells, ListMyCells())).cells
    assert (listed.undertaken_at, listed.undertaken_until) == (now, until)
    # Whoever gets another mandate there accepted secrecy then, for the cell.
    town.sworn_in.add(person.person_id)
    town.harness.clock.advance(hours=1)
    await town.invited(Role.PREVENTION_OFFICER, email="lieve@wanneer.example")
    town.harness.clock.advance(hours=-1)
    (listed,) = (await on_platform(person).run(list_my_cells, ListMyCells())).cells
    assert (listed.roles, listed.undertaken_at) == (("mayor", "prevention_officer"), now)


async def test_another_text_than_the_present_one_is_not_accepted(host: Host) -> None:
    town = await host.town()
    person = await town.invited(Role.MAYOR)
    with pytest.raises(UndertakingTextChanged) as refused:
        await person.run(accept_undertaking, AcceptUndertaking("2025-1"))
    assert (refused.value.field, refused.value.expected) == ("text_version", TEXT)
    assert await person.run(accept_undertaking, ACCEPT)


async def test_who_has_no_mandate_accepts_nothing(host: Host) -> None:
    town, other = await host.town(), await host.town()
    person = await town.invited(Role.MAYOR)
    with pytest.raises(CellNotFound):
        await person.elsewhere(other).run(accept_undertaking, ACCEPT)
    person.acr = 1
    with pytest.raises(SecondFactorMissing):
        await person.run(accept_undertaking, ACCEPT)
    person.acr = 2
    assert await person.run(accept_undertaking, ACCEPT)


async def test_it_ends_after_a_year_and_is_accepted_anew(host: Host) -> None:
    town = await host.town()
    person = await town.sworn(Role.MAYOR, last_day=date(2029, 11, 23))
    clock = host.harness.clock
    clock.now = datetime(2027, 11, 23, 22, 59, tzinfo=UTC)
    assert await person.run(list_mandates, PAGE)
    clock.now = datetime(2027, 11, 23, 23, 0, tzinfo=UTC)
    with pytest.raises(UndertakingMissing):
        await person.run(list_mandates, PAGE)
    await person.run(accept_undertaking, ACCEPT)
    assert await person.run(list_mandates, PAGE)
