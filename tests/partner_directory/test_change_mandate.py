"""Other towns, another end of the clearance: by whom, within what, and that no town is left alone (K11)."""

from __future__ import annotations

import asyncio
from datetime import UTC, date
from typing import Any

import pytest

from services.kit.clock import day_ends_at
from services.kit.errors import CellNotFound, RoleMissing, VersionChanged
from services.kit.policy import Role
from services.partner_directory.commands.cell.create_cell import CreateCell, create_cell
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.change_mandate import ChangeMandate, change_mandate
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.errors import (
    ClearanceMissing,
    ClearanceNotAsked,
    LastCoordinator,
    LegalBasisNotForRegion,
    MandateEnded,
    MandateExists,
    MandateUnchanged,
    MunicipalityNotInCell,
)
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from tests.harness import Person
from tests.partner_directory.test_suspend_mandate import seen
from tests.partner_directory.test_terms import told
from tests.partner_directory.town import DECREE, TEXT, UNUSED, Host, Town


def change(person: Person, *towns: str, version: int = 1, clearance: date | None = None) -> ChangeMandate:
    """The command that gives this person's mandate these towns and this clearance."""
    return ChangeMandate(person.mandate_id, version, towns, clearance)


async def two_towns(host: Host, **changes: Any) -> tuple[Town, Person, str, str]:
    """A cell of two towns with a coordinator for both."""
    town = await host.town(towns=2, **changes)
    first, second = town.nis_codes
    return town, await town.sworn(Role.COORDINATOR), first, second


async def test_other_towns_are_told_as_they_are_now(host: Host) -> None:
    town, coordinator, first, second = await two_towns(host)
    partner = await town.partner(coordinator, nis_codes=(first,))
    receipt = await coordinator.run(change_mandate, change(partner, second, first))
    assert (receipt.state, receipt.version) == ("ACTIVE", 2)
    assert list((await told(town, partner))[-1].nis_codes) == sorted([first, second])
    await coordinator.run(change_mandate, change(partner, second, version=2))
    assert list((await told(town, partner))[-1].nis_codes) == [second]


async def test_invariant_03_the_clearance_of_the_police_gets_another_end(host: Host) -> None:
    town, coordinator, first, second = await two_towns(host)
    officer = await town.partner(coordinator, role=Role.INFORMATION_OFFICER, clearance_until=date(2027, 1, 31))
    both = (first, second)
    await coordinator.run(change_mandate, change(officer, *both, clearance=date(2028, 2, 29)))
    fact = (await told(town, officer))[-1]
    assert fact.clearance_ends_at.ToDatetime(UTC) == day_ends_at(date(2028, 2, 29))
    assert (await seen(coordinator, officer)).clearance_until == date(2028, 2, 29)
    await officer.run(accept_undertaking, AcceptUndertaking(TEXT))
    other = await town.sworn(Role.PARTICIPANT)
    assert (await seen(officer, officer)).clearance_until == date(2028, 2, 29)
    assert (await seen(other, officer)).clearance_until is None
    for until in (None, date(2026, 11, 23)):
        with pytest.raises(ClearanceMissing) as refused:
            await coordinator.run(change_mandate, change(officer, *both, version=3, clearance=until))
        assert refused.value.field == "clearance_until"
    with pytest.raises(ClearanceNotAsked):
        await coordinator.run(change_mandate, change(coordinator, *both, version=2, clearance=date(2027, 1, 31)))
    chief = await town.partner(coordinator, role=Role.POLICE_CHIEF, clearance_until=date(2027, 1, 31))
    assert await coordinator.run(change_mandate, change(chief, *both, clearance=None))


async def test_nothing_else_is_no_change(host: Host) -> None:
    town, coordinator, first, second = await two_towns(host)
    partner = await town.partner(coordinator)
    with pytest.raises(MandateUnchanged) as refused:
        await coordinator.run(change_mandate, change(partner, second, first))
    assert refused.value.field == "nis_codes"
    assert await coordinator.run(change_mandate, change(partner, second))


async def test_towns_of_the_cell_that_the_caller_gives_for(host: Host) -> None:
    town, coordinator, first, second = await two_towns(host)
    here = await town.sworn(Role.COORDINATOR, nis_codes=(first,))
    partner = await town.partner(coordinator, nis_codes=(first,))
    elsewhere = (await host.town()).nis_codes[0]
    for towns in ((first, second), (elsewhere,), (first, first)):
        with pytest.raises(MunicipalityNotInCell) as refused:
            await here.run(change_mandate, change(partner, *towns))
        assert refused.value.field == "nis_codes"
    with pytest.raises(MunicipalityNotInCell):
        await coordinator.run(change_mandate, change(partner, elsewhere))
    await coordinator.run(change_mandate, change(partner, first, second))
    with pytest.raises(RoleMissing):
        await here.run(change_mandate, change(partner, first, version=2))


async def test_the_law_it_rests_on_applies_in_a_new_town(host: Host) -> None:
    """A decree of Flanders in a cell that has a town of Wallonia."""
    first, second = next(UNUSED["flanders"]), next(UNUSED["wallonia"])
    made = await host.run(create_cell, CreateCell((first, second), ""))
    town = Town(host.harness, made.id, (first, second), host, await host.organisation())
    coordinator = await town.sworn(Role.COORDINATOR)
    partner = await town.partner(coordinator, nis_codes=(first,), legal_basis=DECREE)
    with pytest.raises(LegalBasisNotForRegion):
        await coordinator.run(change_mandate, change(partner, first, second))
    of_law = await town.partner(coordinator, nis_codes=(first,))
    assert await coordinator.run(change_mandate, change(of_law, first, second))


async def test_another_mandate_of_the_person_is_not_overlapped(host: Host) -> None:
    town, coordinator, first, second = await two_towns(host)
    command = town.invitation(nis_codes=(first,))
    receipt = await town.given(coordinator.run, command)
    await town.given(coordinator.run, town.invitation(email=command.email, nis_codes=(second,)))
    with pytest.raises(MandateExists) as refused:
        await coordinator.run(change_mandate, ChangeMandate(receipt.id, 1, (first, second), None))
    assert refused.value.field == "nis_codes"


async def test_k11_a_town_keeps_a_coordinator_or_a_mayor(host: Host) -> None:
    town, coordinator, first, second = await two_towns(host)
    with pytest.raises(LastCoordinator) as refused:
        await coordinator.run(change_mandate, change(coordinator, first, version=2))
    assert refused.value.field == "nis_codes"
    assert second in (refused.value.expected or "")
    await town.sworn(Role.COORDINATOR, nis_codes=(second,))
    assert await coordinator.run(change_mandate, change(coordinator, first, version=2))


async def test_others_change_nothing(host: Host) -> None:
    town, coordinator, first, _ = await two_towns(host)
    mayor = await town.sworn(Role.MAYOR)
    partner, other = await town.partner(coordinator), await town.partner(coordinator)
    await other.run(accept_undertaking, AcceptUndertaking(TEXT))
    stranger = (await host.town_with_coordinator())[1]
    with pytest.raises(RoleMissing):
        await other.run(change_mandate, change(partner, first))
    with pytest.raises(RoleMissing):
        await coordinator.run(change_mandate, change(mayor, first, version=2))
    for outside in (stranger.elsewhere(town),):
        with pytest.raises(CellNotFound):
            await outside.run(change_mandate, change(partner, first))
    with pytest.raises(CellNotFound):
        await town.as_host(change_mandate, change(partner, first))
    assert await coordinator.run(change_mandate, change(partner, first))


async def test_only_the_version_last_read_one_of_two_and_a_repeat(host: Host) -> None:
    town, coordinator, first, second = await two_towns(host)
    partner = await town.partner(coordinator)
    with pytest.raises(VersionChanged):
        await coordinator.run(change_mandate, change(partner, first, version=2))
    answers = await asyncio.gather(
        *(coordinator.run(change_mandate, change(partner, code)) for code in (first, second)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Receipt", "VersionChanged"]
    both = change(partner, first, second, version=2)
    made = await coordinator.run(change_mandate, both, idempotency_key="change")
    assert await coordinator.run(change_mandate, both, idempotency_key="change") == made
    await coordinator.run(end_mandate, EndMandate(partner.mandate_id, 3, "left"))
    with pytest.raises(MandateEnded):
        await coordinator.run(change_mandate, change(partner, first, version=4))
    assert (await coordinator.run(list_mandates, ListMandates(50, None))).mandates
