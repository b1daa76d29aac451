"""A mandate that opens nothing for a while, and that it counts again."""

from __future__ import annotations

import asyncio
from datetime import UTC, date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.kit.clock import day_ends_at
from services.kit.errors import CellNotFound, RoleMissing, VersionChanged
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.appoint_host import appoint_host
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.mandate.resume_mandate import ResumeMandate, resume_mandate
from services.partner_directory.commands.mandate.suspend_mandate import SuspendMandate, suspend_mandate
from services.partner_directory.errors import (
    LastCoordinator,
    MandateEnded,
    MandateNotFound,
    MandateNotSuspended,
    MandateSuspended,
    MemberForHost,
)
from services.partner_directory.find import MandateView
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.harness import Person
from tests.partner_directory.test_terms import recorded, told
from tests.partner_directory.town import TEXT, Host, Town, on_platform

PAGE = ListMandates(50, None)


def out(person: Person, version: int = 1) -> SuspendMandate:
    """The command that suspends this person's mandate."""
    return SuspendMandate(person.mandate_id, version, "inquiry")


def back(person: Person, version: int = 2) -> ResumeMandate:
    """The command that resumes it."""
    return ResumeMandate(person.mandate_id, version)


def tried(*acts: tuple[Any, Any]) -> tuple[tuple[Any, Any], ...]:
    """Handlers with their commands, of several kinds."""
    return acts


async def sworn_partner(town: Town, coordinator: Person, **changes: object) -> Person:
    """A partner whom the coordinator invited and who accepted secrecy: version 2."""
    partner = await town.partner(coordinator, **changes)
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    return partner


async def seen(reader: Person, person: Person) -> MandateView:
    """That mandate as this reader's list has it."""
    (view,) = (await reader.run(list_mandates, ListMandates(1, None, mandate_id=person.mandate_id))).mandates
    return view


async def organisation_of(reader: Person, person: Person) -> UUID:
    """Whom the person sits for."""
    return (await seen(reader, person)).mandate.organisation_id


async def test_invariant_15_suspended_it_gives_nothing_and_resumed_all_again(host: Host) -> None:
    clock = host.harness.clock
    town, coordinator = await host.town_with_coordinator()
    partner = await sworn_partner(town, coordinator)
    clock.advance(days=3)
    assert await partner.run(list_mandates, PAGE)
    receipt = await coordinator.run(suspend_mandate, out(partner, 2))
    assert receipt == Receipt(partner.mandate_id, "SUSPENDED", 3)
    for command in (PAGE, ListMandates(1, None)):
        with pytest.raises(CellNotFound):
            await partner.run(list_mandates, command)
    assert (await on_platform(partner).run(list_my_cells, ListMyCells())).cells == ()
    fact = (await told(town, partner))[-1]
    assert fact.ends_at.ToDatetime(UTC) == clock(), "all others compare what they always compared"
    view = await seen(coordinator, partner)
    assert (view.ended, view.suspended_since, view.why_suspended) == (True, clock(), "inquiry")
    assert view.mandate.last_day == date(2027, 11, 23), "the directory keeps the true end"
    clock.advance(days=30)
    assert (await coordinator.run(resume_mandate, back(partner, 3))).state == "ACTIVE"
    assert await partner.run(list_mandates, PAGE)
    assert len((await on_platform(partner).run(list_my_cells, ListMyCells())).cells) == 1
    assert (await told(town, partner))[-1].ends_at.ToDatetime(UTC) == day_ends_at(date(2027, 11, 23))
    assert (await seen(coordinator, partner)).suspended_since is None


async def test_the_last_day_comes_while_it_is_suspended(host: Host) -> None:
    clock = host.harness.clock
    town = await host.town()
    mayor = await town.sworn(Role.MAYOR, last_day=date(2031, 11, 1))
    partner = await sworn_partner(town, mayor)
    await mayor.run(suspend_mandate, out(partner, 2))
    clock.now = day_ends_at(date(2027, 11, 23))
    await mayor.run(accept_undertaking, AcceptUndertaking(TEXT))
    await run_due(host.harness, TERMS)
    assert [record for record in await recorded(town, "expire_mandate") if str(partner.mandate_id) in str(record)]
    with pytest.raises(MandateEnded):
        await mayor.run(resume_mandate, back(partner, 4))


async def test_one_to_come_is_suspended_and_does_not_begin(host: Host) -> None:
    clock = host.harness.clock
    town, coordinator = await host.town_with_coordinator()
    command = town.invitation(first_day=date(2027, 1, 1))
    person = town.person_of(command, await town.given(coordinator.run, command))
    assert (await coordinator.run(suspend_mandate, out(person))).state == "SUSPENDED"
    clock.now = clock.now.replace(year=2027, month=2)
    with pytest.raises(CellNotFound):
        await person.run(accept_undertaking, AcceptUndertaking(TEXT))
    await coordinator.run(resume_mandate, back(person))
    assert await person.run(accept_undertaking, AcceptUndertaking(TEXT))


async def test_only_who_ends_it_learns_why(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner, other = await sworn_partner(town, coordinator), await sworn_partner(town, coordinator)
    await coordinator.run(suspend_mandate, out(partner, 2))
    view = await seen(other, partner)
    assert (view.ended, view.suspended_since, view.why_suspended, view.may) == (True, None, None, ())
    (of_host,) = (
        await town.as_host(list_mandates, ListMandates(1, None, mandate_id=partner.mandate_id))
    ).mandates  # fmt: skip
    assert of_host.why_suspended is None
    assert (await seen(coordinator, partner)).why_suspended == "inquiry"


async def test_who_may_end_it_suspends_it_and_nobody_else(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    mayor = await town.sworn(Role.MAYOR)
    partner, other = await sworn_partner(town, coordinator), await sworn_partner(town, coordinator)
    delegate = await town.sworn(Role.MAYOR_DELEGATE)
    for stranger in (other, delegate):
        with pytest.raises(RoleMissing):
            await stranger.run(suspend_mandate, out(partner, 2))
    with pytest.raises(CellNotFound):
        await town.as_host(suspend_mandate, out(partner, 2))
    neighbour = (await host.town_with_coordinator())[1]
    with pytest.raises(CellNotFound):
        await neighbour.elsewhere(town).run(suspend_mandate, out(partner, 2))
    with pytest.raises(RoleMissing):
        await coordinator.run(suspend_mandate, out(mayor, 2))
    assert await coordinator.run(suspend_mandate, out(partner, 2))
    assert await mayor.run(suspend_mandate, out(delegate, 2))
    for stranger in (other, coordinator):
        with pytest.raises(RoleMissing):
            await stranger.run(resume_mandate, back(delegate, 3))
    assert await mayor.run(resume_mandate, back(delegate, 3))
    assert await mayor.run(resume_mandate, back(partner, 3))


async def test_of_oversight_too_and_the_cell_resumes_it(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    overseer = await town.invited(Role.OVERSIGHT)
    await coordinator.run(suspend_mandate, out(overseer))
    assert (await coordinator.run(resume_mandate, back(overseer))).state == "ACTIVE"


async def test_invariant_17_a_mandate_of_another_cell_looks_as_one_that_is_not_there(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    stranger = (await host.town_with_coordinator())[1]
    refusals = []
    for mandate_id in (partner.mandate_id, uuid4()):
        for handler, command in tried(
            (suspend_mandate, SuspendMandate(mandate_id, 1, "other")),
            (resume_mandate, ResumeMandate(mandate_id, 1)),
        ):
            with pytest.raises(MandateNotFound) as refused:
                await stranger.run(handler, command)
            refusals.append(str(refused.value))
    assert len(set(refusals)) == 1
    assert await coordinator.run(suspend_mandate, out(partner))


async def test_k11_the_last_coordinator_is_not_suspended_and_who_is_suspended_stands_in_for_nobody(host: Host) -> None:
    town, first = await host.town_with_coordinator()
    with pytest.raises(LastCoordinator) as refused:
        await first.run(suspend_mandate, out(first, 2))
    assert town.nis_codes[0] in (refused.value.expected or "")
    second = await town.sworn(Role.COORDINATOR)
    await first.run(suspend_mandate, out(second, 2))
    for handler, command in tried(
        (suspend_mandate, out(first, 2)),
        (end_mandate, EndMandate(first.mandate_id, 2, "left")),
    ):
        with pytest.raises(LastCoordinator):
            await first.run(handler, command)
    await first.run(resume_mandate, back(second, 3))
    assert await second.run(suspend_mandate, out(first, 2))


async def test_k11_two_coordinators_cannot_suspend_each_other_at_once(host: Host) -> None:
    town, first = await host.town_with_coordinator()
    second = await town.sworn(Role.COORDINATOR)
    answers = await asyncio.gather(
        first.run(suspend_mandate, out(second, 2)), second.run(suspend_mandate, out(first, 2)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) in (
        ["LastCoordinator", "Receipt"],
        ["CellNotFound", "Receipt"],
    )


async def test_what_is_suspended_may_be_ended_and_is_not_suspended_twice(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    with pytest.raises(MandateNotSuspended):
        await coordinator.run(resume_mandate, back(partner, 1))
    await coordinator.run(suspend_mandate, out(partner))
    with pytest.raises(MandateSuspended):
        await coordinator.run(suspend_mandate, out(partner, 2))
    assert (await coordinator.run(end_mandate, EndMandate(partner.mandate_id, 2, "left"))).state == "ENDED"
    for handler, command in tried((suspend_mandate, out(partner, 3)), (resume_mandate, back(partner, 3))):
        with pytest.raises(MandateEnded):
            await coordinator.run(handler, command)


async def test_only_the_version_last_read_one_of_two_and_a_repeat(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    with pytest.raises(VersionChanged):
        await coordinator.run(suspend_mandate, out(partner, 2))
    answers = await asyncio.gather(
        *(coordinator.run(suspend_mandate, out(partner)) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Receipt", "VersionChanged"]
    first = await coordinator.run(resume_mandate, back(partner), idempotency_key="resume")
    assert await coordinator.run(resume_mandate, back(partner), idempotency_key="resume") == first
    with pytest.raises(VersionChanged):
        await coordinator.run(resume_mandate, back(partner))


async def test_invariant_24_who_is_suspended_does_not_act_for_the_host_meanwhile(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    command = town.invitation()
    receipt = await town.given(coordinator.run, command)
    await coordinator.run(suspend_mandate, SuspendMandate(receipt.id, 1, "other"))
    with pytest.raises(MemberForHost):
        await host.run(appoint_host, await host.appointment(email=command.email))
    await coordinator.run(end_mandate, EndMandate(receipt.id, 2, "left"))
    assert await host.run(appoint_host, await host.appointment(email=command.email))
