"""A later last day: by whom, how late at most, on which law, and what it leaves as it was."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.kit.clock import day_ends_at
from services.kit.errors import CellNotFound, RoleMissing, VersionChanged
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.commands.law.add_legal_basis import add_legal_basis
from services.partner_directory.commands.law.end_legal_basis import EndLegalBasis, end_legal_basis
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.mandate.extend_mandate import ExtendMandate, extend_mandate
from services.partner_directory.errors import (
    LegalBasisNotInForce,
    MandateEnded,
    MandateExists,
    MandateNotFound,
    MandateNotLonger,
    MandateTooLong,
)
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.harness import Person
from tests.partner_directory.test_keeping_the_law import law
from tests.partner_directory.test_terms import recorded, told
from tests.partner_directory.town import TEXT, Host, on_platform

PAGE = ListMandates(50, None)
LATER = date(2028, 5, 31)


def longer(person: Person, version: int = 1, last_day: date = LATER) -> ExtendMandate:
    """The command that extends this person's mandate."""
    return ExtendMandate(person.mandate_id, version, last_day)


@pytest.mark.parametrize(
    "last",
    [
        date(2028, 2, 29), date(2027, 12, 31), date(2028, 3, 26), date(2028, 10, 29), date(2028, 1, 31),
    ],
)  # fmt: skip
async def test_invariant_25_it_counts_to_the_new_last_day_and_no_longer(host: Host, last: date) -> None:
    """A leap day, the end of a year, both clock changes, the end of a month."""
    clock = host.harness.clock
    town = await host.town()
    mayor = await town.sworn(Role.MAYOR, last_day=date(2031, 11, 1))
    partner = await town.partner(mayor)
    receipt = await mayor.run(extend_mandate, longer(partner, last_day=last))
    assert receipt == Receipt(partner.mandate_id, "ACTIVE", 2)
    assert (await told(town, partner))[-1].ends_at.ToDatetime(day_ends_at(last).tzinfo) == day_ends_at(last)
    clock.now = day_ends_at(date(2027, 11, 23))
    await run_due(host.harness, TERMS)
    assert not [record for record in await recorded(town, "expire_mandate") if str(partner.mandate_id) in str(record)]
    clock.now = day_ends_at(last) - timedelta(microseconds=1)
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert await partner.run(list_mandates, PAGE)
    clock.advance(microseconds=1)
    await run_due(host.harness, TERMS)
    with pytest.raises(CellNotFound):
        await partner.run(list_mandates, PAGE)
    assert [record for record in await recorded(town, "expire_mandate") if str(partner.mandate_id) in str(record)]


async def test_invariant_07_what_was_promised_of_secrecy_is_not_longer(host: Host) -> None:
    town = await host.town()
    mayor = await town.sworn(Role.MAYOR, last_day=date(2031, 11, 1))
    partner = await town.partner(mayor, last_day=date(2026, 12, 31))
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    await mayor.run(extend_mandate, longer(partner, 2))
    host.harness.clock.now = day_ends_at(date(2026, 12, 31))
    (mine,) = (await on_platform(partner).run(list_my_cells, ListMyCells())).cells
    assert not mine.undertaken
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert await partner.run(list_mandates, PAGE)


async def test_only_later_and_five_years_at_most(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    for last in (date(2027, 11, 23), date(2026, 12, 1), date(2020, 1, 1)):
        with pytest.raises(MandateNotLonger) as refused:
            await coordinator.run(extend_mandate, longer(partner, last_day=last))
        assert (refused.value.field, refused.value.expected) == ("last_day", "a day after 2027-11-23")
    with pytest.raises(MandateTooLong) as long:
        await coordinator.run(extend_mandate, longer(partner, last_day=date(2031, 11, 24)))
    assert (long.value.field, long.value.expected) == ("last_day", "at the latest 2031-11-23")
    assert (await coordinator.run(extend_mandate, longer(partner, last_day=date(2031, 11, 23)))).version == 2
    with pytest.raises(MandateTooLong):
        await coordinator.run(extend_mandate, longer(partner, 2, date(2031, 11, 24)))


async def test_from_a_leap_day_five_years_end_on_the_day_before_march(host: Host) -> None:
    host.harness.clock.now = host.harness.clock.now.replace(year=2028, month=2, day=29)
    town = await host.town()
    coordinator = await town.sworn(Role.COORDINATOR, first_day=date(2028, 2, 20), last_day=date(2029, 2, 1))
    town.givers[Role.COORDINATOR] = coordinator
    partner = await town.partner(coordinator, first_day=date(2028, 2, 29), last_day=date(2028, 3, 1))
    with pytest.raises(MandateTooLong):
        await coordinator.run(extend_mandate, longer(partner, last_day=date(2033, 3, 1)))
    assert await coordinator.run(extend_mandate, longer(partner, last_day=date(2033, 2, 28)))


async def test_the_law_it_rests_on_is_in_force_on_all_days_that_are_left(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    basis = law(first_day=date(2026, 11, 24))
    added = await host.run(add_legal_basis, basis)
    partner = await town.partner(coordinator, legal_basis=basis.code)
    await host.run(end_legal_basis, EndLegalBasis(added.id, 1, date(2028, 1, 31)))
    with pytest.raises(LegalBasisNotInForce) as refused:
        await coordinator.run(extend_mandate, longer(partner, last_day=date(2028, 2, 1)))
    assert refused.value.field == "legal_basis"
    assert await coordinator.run(extend_mandate, longer(partner, last_day=date(2028, 1, 31)))


async def test_another_mandate_of_the_person_is_not_overlapped(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    command = town.invitation()
    receipt = await town.given(coordinator.run, command)
    again = town.invitation(
        email=command.email, first_day=date(2027, 12, 1), last_day=date(2028, 6, 30)
    )  # fmt: skip
    await town.given(coordinator.run, again)
    with pytest.raises(MandateExists) as refused:
        await coordinator.run(extend_mandate, ExtendMandate(receipt.id, 1, date(2027, 12, 1)))
    assert refused.value.field == "last_day"
    assert await coordinator.run(extend_mandate, ExtendMandate(receipt.id, 1, date(2027, 11, 30)))


async def test_who_may_give_it_extends_it_and_nobody_else(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    mayor = await town.sworn(Role.MAYOR)
    delegate, overseer = await town.sworn(Role.MAYOR_DELEGATE), await town.invited(Role.OVERSIGHT)
    partner, other = await town.partner(coordinator), await town.partner(coordinator)
    await other.run(accept_undertaking, AcceptUndertaking(TEXT))
    for person, version, of in ((delegate, 2, coordinator), (mayor, 2, coordinator), (overseer, 1, mayor)):
        with pytest.raises(RoleMissing):
            await of.run(extend_mandate, longer(person, version))
    for stranger in (other, delegate):
        with pytest.raises(RoleMissing):
            await stranger.run(extend_mandate, longer(partner))
    with pytest.raises(CellNotFound):
        await town.as_host(extend_mandate, longer(partner))
    neighbour = (await host.town_with_coordinator())[1]
    with pytest.raises(CellNotFound):
        await neighbour.elsewhere(town).run(extend_mandate, longer(partner))
    assert await coordinator.run(extend_mandate, longer(partner))
    assert await mayor.run(extend_mandate, longer(delegate, 2))
    assert await mayor.run(extend_mandate, longer(mayor, 2))
    assert await coordinator.run(extend_mandate, longer(coordinator, 2))


async def test_for_all_its_towns(host: Host) -> None:
    town = await host.town(towns=2)
    first, _ = town.nis_codes
    coordinator = await town.sworn(Role.COORDINATOR)
    one_town = await town.sworn(Role.COORDINATOR, nis_codes=(first,))
    both, one = await town.partner(coordinator), await town.partner(coordinator, nis_codes=(first,))
    with pytest.raises(RoleMissing):
        await one_town.run(extend_mandate, longer(both))
    assert await one_town.run(extend_mandate, longer(one))
    assert await coordinator.run(extend_mandate, longer(both))


async def test_invariant_17_a_mandate_of_another_cell_looks_as_one_that_is_not_there(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    stranger = (await host.town_with_coordinator())[1]
    refusals = []
    for mandate_id in (partner.mandate_id, uuid4()):
        with pytest.raises(MandateNotFound) as refused:
            await stranger.run(extend_mandate, ExtendMandate(mandate_id, 1, LATER))
        refusals.append(str(refused.value))
    assert refusals[0] == refusals[1]
    assert await coordinator.run(extend_mandate, longer(partner))


async def test_what_is_over_stays_over(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    await coordinator.run(extend_mandate, longer(coordinator, 2))
    ended, lapsed = await town.partner(coordinator), await town.partner(coordinator)
    await coordinator.run(end_mandate, EndMandate(ended.mandate_id, 1, "left"))
    with pytest.raises(MandateEnded):
        await coordinator.run(extend_mandate, longer(ended, 2))
    host.harness.clock.now = day_ends_at(date(2027, 11, 23)) - timedelta(hours=1)
    await coordinator.run(accept_undertaking, AcceptUndertaking(TEXT))
    host.harness.clock.advance(hours=1)
    with pytest.raises(MandateEnded):
        await coordinator.run(extend_mandate, longer(lapsed))


async def test_only_the_version_last_read_one_of_two_and_a_repeat(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    with pytest.raises(VersionChanged):
        await coordinator.run(extend_mandate, longer(partner, 2))
    answers = await asyncio.gather(
        *(coordinator.run(extend_mandate, longer(partner, last_day=LATER + timedelta(days=day))) for day in range(2)),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Receipt", "VersionChanged"]
    even_later = longer(partner, 2, date(2029, 1, 1))
    first = await coordinator.run(extend_mandate, even_later, idempotency_key="extend")
    assert await coordinator.run(extend_mandate, even_later, idempotency_key="extend") == first
