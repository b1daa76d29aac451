"""The end of a mandate: who may end which, and that no town is left without coordinator (K11)."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import UUID, uuid4

import pytest

from deploy.local.servers import Servers
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import CellNotFound, RoleMissing, VersionChanged
from services.kit.outbox import Receipt
from services.kit.paging import Time
from services.kit.policy import Role
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.errors import LastCoordinator, MandateEnded, MandateExists, MandateNotFound
from services.partner_directory.queries.get_mandates import GetMandates, get_mandates
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from tests.harness import Person
from tests.partner_directory.town import TEXT, Host, on_platform

PAGE = ListMandates(50, None)


def end_of(person: Person, version: int = 1) -> EndMandate:
    """The command that ends this person's mandate."""
    return EndMandate(person.mandate_id, version, "left")


async def test_invariant_15_an_ended_mandate_gives_nothing_any_more(host: Host, servers: Servers) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert await partner.run(list_mandates, PAGE)
    assert len((await on_platform(partner).run(list_my_cells, ListMyCells())).cells) == 1
    receipt = await coordinator.run(end_mandate, end_of(partner, 2))
    assert receipt == Receipt(partner.mandate_id, "ENDED", 3)
    with pytest.raises(CellNotFound):
        await partner.run(list_mandates, PAGE)
    assert (await on_platform(partner).run(list_my_cells, ListMyCells())).cells == ()
    view = await town.as_system(get_mandates, GetMandates(partner.person_id), "case.service")
    (mandate,) = view.mandates
    assert mandate.ends_at == host.harness.clock()
    assert mandate.fact_version <= view.fact_version
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    rows = await connection.fetch(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND type = 'mandate.changed'", town.cell_id
    )
    await connection.close()
    told = [pb.MandateChanged.FromString(row["payload"]) for row in rows]
    newest = max(
        (event for event in told if event.mandate_id == str(partner.mandate_id)), key=lambda one: one.fact_version
    )
    assert newest.fact_version == mandate.fact_version
    assert newest.ends_at.ToJsonString() == "2026-11-24T09:00:00Z"


async def test_a_coordinator_ends_all_that_touch_the_own_towns_but_the_last_mayor(host: Host) -> None:
    town = await host.town(towns=2)
    first, second = town.nis_codes
    coordinator = await town.sworn(Role.COORDINATOR)
    neighbour = await town.sworn(Role.COORDINATOR, nis_codes=(second,))
    theirs = await town.partner(coordinator, nis_codes=(first,))
    shared, chief = await town.partner(coordinator), await town.invited(Role.POLICE_CHIEF)
    mayor = await town.sworn(Role.MAYOR, nis_codes=(second,))
    delegate = await town.invited(Role.MAYOR_DELEGATE, nis_codes=(second,))
    overseer = await town.invited(Role.OVERSIGHT)
    for person in (theirs, mayor):
        with pytest.raises(RoleMissing) as refused:
            await neighbour.run(end_mandate, end_of(person, 2 if person is mayor else 1))
        assert refused.value.field == "mandate_id"
    for person in (shared, chief, delegate, overseer):
        assert (await neighbour.run(end_mandate, end_of(person))).state == "ENDED"
    assert (await coordinator.run(end_mandate, end_of(theirs))).state == "ENDED"
    await town.partner(mayor, role=Role.MAYOR, nis_codes=(second,))
    assert (await neighbour.run(end_mandate, end_of(mayor, 2))).state == "ENDED"


async def test_the_mayor_ends_every_mandate_of_the_own_towns(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    mayor = await town.sworn(Role.MAYOR)
    partner = await town.partner(coordinator)
    overseer = await town.invited(Role.OVERSIGHT)
    for person, version in ((partner, 1), (overseer, 1), (coordinator, 2)):
        assert (await mayor.run(end_mandate, end_of(person, version))).state == "ENDED"
    with pytest.raises(LastCoordinator):
        await mayor.run(end_mandate, end_of(mayor, 2))


async def test_others_end_nothing(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner, other = await town.partner(coordinator), await town.partner(coordinator)
    await other.run(accept_undertaking, AcceptUndertaking(TEXT))
    stranger = (await host.town_with_coordinator())[1]
    with pytest.raises(RoleMissing):
        await other.run(end_mandate, end_of(partner))
    with pytest.raises(CellNotFound):
        await stranger.elsewhere(town).run(end_mandate, end_of(partner))
    assert await coordinator.run(end_mandate, end_of(partner))


async def test_invariant_17_a_mandate_of_another_cell_looks_as_one_that_is_not_there(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    neighbour, stranger = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    outcomes = []
    for mandate_id in (partner.mandate_id, uuid4()):
        with pytest.raises(MandateNotFound) as refused:
            await stranger.run(end_mandate, EndMandate(mandate_id, 1, "left"))
        outcomes.append((type(refused.value), str(refused.value), refused.value.field, refused.value.expected))
        with pytest.raises(MandateNotFound):
            await host.run(end_mandate, EndMandate(mandate_id, 1, "left"), neighbour.cell_id)
    assert outcomes[0] == outcomes[1]
    assert await coordinator.run(end_mandate, end_of(partner))


async def test_only_the_version_last_read_and_only_once(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    with pytest.raises(VersionChanged):
        await coordinator.run(end_mandate, end_of(partner, 2))
    assert await coordinator.run(end_mandate, end_of(partner))
    with pytest.raises(VersionChanged):
        await coordinator.run(end_mandate, end_of(partner))
    with pytest.raises(MandateEnded):
        await coordinator.run(end_mandate, end_of(partner, 2))


async def test_two_at_once_end_it_once(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    answers = await asyncio.gather(
        *(coordinator.run(end_mandate, end_of(partner)) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Receipt", "VersionChanged"]


async def test_a_mandate_to_come_never_counts_once_ended(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    command = town.invitation(first_day=date(2027, 1, 1))
    receipt = await town.given(coordinator.run, command)
    assert (await coordinator.run(end_mandate, EndMandate(receipt.id, 1, "other"))).state == "ENDED"
    host.harness.clock.now = host.harness.clock.now.replace(year=2027)
    with pytest.raises(CellNotFound):
        await town.person_of(command, receipt).run(accept_undertaking, AcceptUndertaking(TEXT))


async def test_k11_the_last_coordinator_stays_until_there_is_a_successor(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    with pytest.raises(LastCoordinator) as refused:
        await town.as_host(end_mandate, end_of(coordinator, 2))
    assert town.nis_codes[0] in (refused.value.expected or "")
    later = await town.invited(Role.COORDINATOR, first_day=date(2027, 1, 1))
    with pytest.raises(LastCoordinator):
        await town.as_host(end_mandate, end_of(coordinator, 2))
    host.harness.clock.now = host.harness.clock.now.replace(year=2027, month=2)
    assert (await town.as_host(end_mandate, end_of(coordinator, 2))).state == "ENDED"
    with pytest.raises(LastCoordinator):
        await town.as_host(end_mandate, end_of(later))


async def test_k11_the_mayor_stands_in_for_the_own_town(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator(towns=2)
    first, second = town.nis_codes
    await town.invited(Role.MAYOR, nis_codes=(first,))
    with pytest.raises(LastCoordinator) as refused:
        await town.as_host(end_mandate, end_of(coordinator, 2))
    assert second in (refused.value.expected or "")
    assert first not in (refused.value.expected or "")
    await town.confirmed(town.invitation(Role.MAYOR, nis_codes=(second,)))
    assert await town.as_host(end_mandate, end_of(coordinator, 2))


async def test_k11_two_coordinators_cannot_be_ended_at_once(host: Host) -> None:
    town, first = await host.town_with_coordinator()
    second = await town.sworn(Role.COORDINATOR)

    async def end(mandate_id: UUID) -> Receipt:
        host.harness.clock.advance(milliseconds=-1)
        return await town.as_host(end_mandate, EndMandate(mandate_id, 2, "left"))

    answers = await asyncio.gather(end(first.mandate_id), end(second.mandate_id), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["LastCoordinator", "Receipt"]


async def test_a_repeat_answers_the_same(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    first = await coordinator.run(end_mandate, end_of(partner), idempotency_key="end")
    assert await coordinator.run(end_mandate, end_of(partner), idempotency_key="end") == first


async def test_who_is_invited_again_after_the_end_has_a_new_mandate_and_the_old_key_tells_of_the_old_one(
    host: Host,
) -> None:
    """A repeat is the receipt of what was done then; it never stands for a mandate that would be given now."""
    town, coordinator = await host.town_with_coordinator()
    command = town.invitation()
    invited = await coordinator.run(invite_person, command, idempotency_key="a")
    first = await town.comes(command, invited)
    assert (first.id, first.state) == (invited.id, "ACTIVE")
    await coordinator.run(end_mandate, EndMandate(first.id, first.version, "left"), idempotency_key="b")
    assert await coordinator.run(invite_person, command, idempotency_key="a") == invited
    assert await _states(coordinator, first.id) == ["ENDED"], "the old key seats nobody"
    again = await town.comes(command, await coordinator.run(invite_person, command, idempotency_key="c"))
    assert (again.state, again.version) == ("ACTIVE", 1)
    assert again.id != first.id
    assert await _states(coordinator, first.id, again.id) == ["ENDED", "ACTIVE"]
    assert (await coordinator.run(invite_person, command, idempotency_key="c")).id == again.id
    with pytest.raises(MandateExists):
        await town.comes(command, await coordinator.run(invite_person, command, idempotency_key="d"))


async def _states(reader: Person, *mandates: UUID) -> list[str]:
    """Of these mandates, as the cell's list tells them."""
    told = {
        view.mandate.mandate_id: state
        for time, state in ((Time.PAST, "ENDED"), (Time.CURRENT, "ACTIVE"))
        for view in (await reader.run(list_mandates, ListMandates(50, None, time=time))).mandates
    }
    return [told[mandate] for mandate in mandates]
