"""An earlier last day: by whom, how early at most, and that until then it is what it was."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.kit.clock import day_ends_at
from services.kit.errors import CellNotFound, RoleMissing, VersionChanged
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.mandate.extend_mandate import ExtendMandate, extend_mandate
from services.partner_directory.commands.mandate.shorten_mandate import ShortenMandate, shorten_mandate
from services.partner_directory.errors import LastCoordinator, MandateEnded, MandateNotFound, MandateNotShorter
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.harness import Person
from tests.partner_directory.test_terms import recorded, told
from tests.partner_directory.town import TEXT, Host, Town

PAGE = ListMandates(50, None)
BEFORE, SOON = date(2027, 11, 23), date(2027, 2, 28)
TODAY = date(2026, 11, 24)


def shorter(person: Person, version: int = 1, last_day: date = SOON) -> ShortenMandate:
    """The command that gives this person's mandate an earlier end."""
    return ShortenMandate(person.mandate_id, version, last_day, "left")


async def partnered(host: Host) -> tuple[Town, Person, Person]:
    """A cell with its mayor, and a partner."""
    town = await host.town()
    mayor = await town.sworn(Role.MAYOR, last_day=date(2031, 11, 1))
    return town, mayor, await town.partner(mayor)


@pytest.mark.parametrize("last", [SOON, TODAY, date(2027, 3, 28), date(2027, 10, 31), date(2026, 12, 31)])
async def test_invariant_25_it_counts_to_the_new_last_day_and_no_longer(host: Host, last: date) -> None:
    """The end of a month and of a year, today, and both days on which the clock changes."""
    clock = host.harness.clock
    town, mayor, partner = await partnered(host)
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert await mayor.run(shorten_mandate, shorter(partner, 2, last)) == Receipt(partner.mandate_id, "ACTIVE", 3)
    assert (await told(town, partner))[-1].ends_at.ToDatetime(day_ends_at(last).tzinfo) == day_ends_at(last)
    (record,) = await recorded(town, "shorten_mandate")
    assert record.detail["reason"] == "left"
    clock.now = day_ends_at(last) - timedelta(microseconds=1)
    assert await partner.run(list_mandates, PAGE)
    clock.advance(microseconds=1)
    await run_due(host.harness, TERMS)
    with pytest.raises(CellNotFound):
        await partner.run(list_mandates, PAGE)
    assert [act for act in await recorded(town, "expire_mandate") if str(partner.mandate_id) in str(act)]


async def test_an_extension_is_taken_back_and_given_again(host: Host) -> None:
    town, mayor, partner = await partnered(host)
    await mayor.run(extend_mandate, ExtendMandate(partner.mandate_id, 1, date(2028, 5, 31)))
    await mayor.run(shorten_mandate, shorter(partner, 2, BEFORE))
    assert (await told(town, partner))[-1].ends_at.ToDatetime(day_ends_at(BEFORE).tzinfo) == day_ends_at(BEFORE)
    assert (await mayor.run(extend_mandate, ExtendMandate(partner.mandate_id, 3, date(2028, 5, 31)))).version == 4


@pytest.mark.parametrize("last", [TODAY - timedelta(days=1), BEFORE, BEFORE + timedelta(days=1), date(1999, 1, 1)])
async def test_a_day_that_is_over_or_no_earlier_is_refused_at_its_field(host: Host, last: date) -> None:
    _, mayor, partner = await partnered(host)
    with pytest.raises(MandateNotShorter) as refused:
        await mayor.run(shorten_mandate, shorter(partner, last_day=last))
    assert (refused.value.field, refused.value.expected) == ("last_day", f"a day from {TODAY} on, before {BEFORE}")
    assert (await mayor.run(shorten_mandate, shorter(partner))).version == 2


async def test_one_that_has_not_begun_keeps_its_first_day(host: Host) -> None:
    town, mayor, _ = await partnered(host)
    first = date(2027, 1, 10)
    later = await town.partner(mayor, first_day=first)
    with pytest.raises(MandateNotShorter):
        await mayor.run(shorten_mandate, shorter(later, last_day=first - timedelta(days=1)))
    assert (await mayor.run(shorten_mandate, shorter(later, last_day=first))).state == "PLANNED"


async def test_whoever_may_end_it_may_and_nobody_else(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator(2)
    mayor = await town.sworn(Role.MAYOR, last_day=date(2031, 11, 1))
    partner = await town.partner(coordinator)
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    other, _ = await host.town_with_coordinator()
    assert (await coordinator.run(shorten_mandate, shorter(partner, 2))).version == 3
    again = shorter(partner, 3, SOON - timedelta(days=1))
    with pytest.raises(RoleMissing):
        await partner.run(shorten_mandate, again)
    with pytest.raises(RoleMissing):
        await coordinator.run(shorten_mandate, shorter(mayor, 2))
    with pytest.raises(CellNotFound):
        await town.as_host(shorten_mandate, again)
    with pytest.raises(CellNotFound):
        await coordinator.elsewhere(other).run(shorten_mandate, again)
    with pytest.raises(MandateNotFound):
        await mayor.run(shorten_mandate, ShortenMandate(uuid4(), 1, SOON, "left"))
    with pytest.raises(VersionChanged):
        await mayor.run(shorten_mandate, shorter(partner, 2, SOON - timedelta(days=1)))
    assert (await mayor.run(shorten_mandate, again)).version == 4
    await mayor.run(end_mandate, EndMandate(partner.mandate_id, 4, "left"))
    with pytest.raises(MandateEnded):
        await mayor.run(shorten_mandate, shorter(partner, 5, TODAY))


async def test_a_town_keeps_somebody_who_coordinates_or_the_mayor(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    with pytest.raises(LastCoordinator):
        await coordinator.run(shorten_mandate, shorter(coordinator, 2))
    second = await town.partner(coordinator, role=Role.COORDINATOR)
    assert (await coordinator.run(shorten_mandate, shorter(coordinator, 2))).version == 3
    assert (await coordinator.run(shorten_mandate, shorter(second))).version == 2, (
        "who is left until then may still say so"
    )


async def test_of_two_at_once_one_is_told(host: Host) -> None:
    _, mayor, partner = await partnered(host)
    answers = await asyncio.gather(
        *(mayor.run(shorten_mandate, shorter(partner, last_day=SOON - timedelta(days=day))) for day in range(2)),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Receipt", "VersionChanged"]
