"""The clearance of the police has an end of its own: noted ahead and at the end, shown to who has to see to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.kit.clock import day_ends_at
from services.kit.policy import Role
from services.kit.principal import system
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.change_mandate import ChangeMandate, change_mandate
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.mandate.note_clearance import NoteClearance, note_clearance
from services.partner_directory.queries.read_table import ReadTable, read_table
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.harness import Person
from tests.partner_directory.test_terms import recorded, told
from tests.partner_directory.town import TEXT, Host, Town


async def _given(town: Town, giver: Person, role: Role, **changes: Any) -> Person:
    """Somebody this giver invited, who accepted secrecy."""
    person = await town.partner(giver, role=role, **changes)
    await person.run(accept_undertaking, AcceptUndertaking(TEXT))
    return person


async def officer_of(town: Town, coordinator: Person, until: date) -> Person:
    """Somebody of the police with a clearance to this day, in a mandate to 23 November 2027."""
    return await town.partner(coordinator, role=Role.INFORMATION_OFFICER, clearance_until=until)


async def noted(town: Town, person: Person) -> list[tuple[str, str]]:
    """What the log says of this person's clearance."""
    return [
        (record.detail["clearance"], record.detail["last_day"])
        for record in await recorded(town, "note_clearance")
        if record.detail.get("mandate") == str(person.mandate_id)
    ]


@pytest.mark.parametrize("until", [date(2027, 2, 28), date(2027, 3, 28), date(2027, 10, 31), date(2027, 1, 31)])
async def test_invariant_03_its_end_is_noted_60_and_14_days_ahead_and_when_it_is_over(host: Host, until: date) -> None:
    """The ends of months, and days on which a clock changed shortly before or changes on the day."""
    clock = host.harness.clock
    town, coordinator = await host.town_with_coordinator()
    officer = await officer_of(town, coordinator, until)
    before, end = await told(town, officer), day_ends_at(until)
    expected: list[tuple[str, str]] = []
    for ahead, said in ((60, "ends"), (14, "ends"), (0, "over")):
        clock.now = end - timedelta(days=ahead, microseconds=1)
        await run_due(host.harness, TERMS)
        assert await noted(town, officer) == expected
        clock.advance(microseconds=1)
        for _ in range(2):
            await run_due(host.harness, TERMS)
        expected.append((said, until.isoformat()))
        assert await noted(town, officer) == expected
    after = await told(town, officer)
    assert len(after) == len(before) + 3, "pages that are open hear each"
    assert {(fact.ends_at.seconds, fact.clearance_ends_at.seconds) for fact in after} == {
        (before[-1].ends_at.seconds, before[-1].clearance_ends_at.seconds)
    }, "it takes nothing away"


async def test_another_end_moves_it_and_the_end_of_the_mandate_stops_it(host: Host) -> None:
    clock = host.harness.clock
    town, coordinator = await host.town_with_coordinator()
    renewed, leaving = [await officer_of(town, coordinator, date(2027, 3, 31)) for _ in range(2)]
    change = ChangeMandate(renewed.mandate_id, 1, tuple(town.nis_codes), date(2027, 9, 30))
    await coordinator.run(change_mandate, change)
    await coordinator.run(end_mandate, EndMandate(leaving.mandate_id, 1, "left"))
    clock.now = day_ends_at(date(2027, 4, 30))
    await run_due(host.harness, TERMS)
    assert await noted(town, renewed) == await noted(town, leaving) == []
    clock.now = day_ends_at(date(2027, 9, 30)) - timedelta(days=60)
    await run_due(host.harness, TERMS)
    assert await noted(town, renewed) == [("ends", "2027-09-30")]
    by_clock = system("partner_directory.clock", town.cell_id)
    assert not await host.harness.executor.run(by_clock, note_clearance, NoteClearance(leaving.mandate_id))
    assert await host.harness.executor.run(by_clock, note_clearance, NoteClearance(renewed.mandate_id))


async def test_one_that_outlives_its_mandate_is_noted_by_nobody(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    officer = await officer_of(town, coordinator, date(2028, 1, 1))
    host.harness.clock.now = day_ends_at(date(2027, 11, 22))
    await run_due(host.harness, TERMS)
    assert not [said for said, _ in await noted(town, officer) if said == "over"]
    assert (await coordinator_table(town, coordinator)) is None


async def coordinator_table(town: Town, reader: Person) -> date | None:
    """What the reader's table says of a clearance."""
    return (await reader.run(read_table, ReadTable())).clearance_ends_on


async def test_who_gives_the_mandates_of_the_town_reads_it_from_60_days_ahead(host: Host) -> None:
    clock = host.harness.clock
    town = await host.town(towns=2)
    first, second = town.nis_codes
    mayor = await town.sworn(Role.MAYOR)
    here = await _given(town, mayor, Role.COORDINATOR, nis_codes=(first,))
    there = await _given(town, mayor, Role.COORDINATOR, nis_codes=(second,))
    command = town.invitation(Role.INFORMATION_OFFICER, nis_codes=(first,), clearance_until=date(2027, 3, 31))
    officer = town.person_of(command, await town.given(here.run, command))
    partner = await _given(town, mayor, Role.PARTICIPANT)
    clock.now = day_ends_at(date(2027, 3, 31)) - timedelta(days=60, microseconds=1)
    assert [await coordinator_table(town, reader) for reader in (here, mayor)] == [None, None]
    clock.advance(microseconds=1)
    for moment in (clock.now, day_ends_at(date(2027, 4, 2))):
        clock.now = moment
        readers = (here, mayor, there, partner)
        shown = [await coordinator_table(town, reader) for reader in readers]
        assert shown == [date(2027, 3, 31), date(2027, 3, 31), None, None]
    await here.run(change_mandate, ChangeMandate(officer.mandate_id, 1, (first,), date(2027, 9, 30)))
    assert await coordinator_table(town, here) is None
