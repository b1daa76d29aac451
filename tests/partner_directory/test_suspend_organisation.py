"""All people of an organisation out in one act, or nobody, and back."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest

from services.kit.errors import CellNotFound, RoleMissing
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.commands.mandate.resume_mandate import resume_mandate
from services.partner_directory.commands.mandate.suspend_mandate import suspend_mandate
from services.partner_directory.commands.organisation.resume_organisation import ResumeOrganisation, resume_organisation
from services.partner_directory.commands.organisation.suspend_organisation import (
    SuspendOrganisation,
    suspend_organisation,
)
from services.partner_directory.errors import (
    LastCoordinator,
    MandateNotSuspended,
    MandateSuspended,
    OrganisationNotFound,
)
from services.partner_directory.queries.list_mandates import list_mandates
from tests.partner_directory.signing_in import PEOPLE
from tests.partner_directory.test_suspend_mandate import PAGE, back, organisation_of, out, seen, sworn_partner, tried
from tests.partner_directory.test_terms import recorded
from tests.partner_directory.town import Host


async def test_an_organisation_in_one_act_and_back_without_who_was_suspended_alone(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    caw: dict[str, Any] = {"kbo_number": await host.organisation()}
    first, second, alone = [await sworn_partner(town, coordinator, **caw) for _ in range(3)]
    to_come = town.person_of(
        command := town.invitation(first_day=date(2027, 1, 1), **caw),
        await town.given(coordinator.run, command),
    )
    await coordinator.run(suspend_mandate, out(alone, 2))
    organisation = await organisation_of(coordinator, first)
    host.harness.clock.advance(minutes=1)
    receipt = await coordinator.run(suspend_organisation, SuspendOrganisation(organisation, "inquiry"))
    assert receipt == Receipt(organisation, "SUSPENDED", 1)
    for person in (first, second, alone):
        with pytest.raises(CellNotFound):
            await person.run(list_mandates, PAGE)
    assert (await seen(coordinator, to_come)).suspended_since is not None
    record = (await recorded(town, "suspend_organisation"))[-1]
    named = {str(person.mandate_id) for person in (first, second, to_come)}
    assert (record.count, set(record.detail["mandates"].split(","))) == (3, named)
    assert record.detail["organisation"] == str(organisation)
    with pytest.raises(MandateSuspended):
        await coordinator.run(suspend_organisation, SuspendOrganisation(organisation, "inquiry"))
    later = await sworn_partner(town, coordinator, **caw)
    assert await later.run(list_mandates, PAGE), "the organisation has no state of its own"
    assert (await coordinator.run(resume_organisation, ResumeOrganisation(organisation))).state == "ACTIVE"
    assert await first.run(list_mandates, PAGE)
    assert await second.run(list_mandates, PAGE)
    with pytest.raises(CellNotFound):
        await alone.run(list_mandates, PAGE)
    with pytest.raises(MandateNotSuspended):
        await coordinator.run(resume_organisation, ResumeOrganisation(organisation))
    await coordinator.run(resume_mandate, back(alone, 3))
    assert await alone.run(list_mandates, PAGE)


async def test_of_an_organisation_what_touches_the_own_towns(host: Host) -> None:
    town = await host.town(towns=2)
    first, second = town.nis_codes
    mayor = await town.sworn(Role.MAYOR)
    here = await town.sworn(Role.COORDINATOR, nis_codes=(first,))
    caw: dict[str, Any] = {"kbo_number": await host.organisation()}
    mine = await sworn_partner(town, mayor, nis_codes=(first,), **caw)
    theirs = await sworn_partner(town, mayor, nis_codes=(second,), **caw)
    organisation = await organisation_of(mayor, mine)
    await here.run(suspend_organisation, SuspendOrganisation(organisation, "other"))
    with pytest.raises(CellNotFound):
        await mine.run(list_mandates, PAGE)
    assert await theirs.run(list_mandates, PAGE)
    await mayor.run(suspend_organisation, SuspendOrganisation(organisation, "other"))
    with pytest.raises(CellNotFound):
        await theirs.run(list_mandates, PAGE)
    assert await here.run(resume_organisation, ResumeOrganisation(organisation))
    with pytest.raises(CellNotFound):
        await theirs.run(list_mandates, PAGE)
    assert await mine.run(list_mandates, PAGE)


async def test_all_of_an_organisation_or_nothing(host: Host) -> None:
    """Its last coordinator is among them: nobody of it is suspended."""
    town, coordinator = await host.town_with_coordinator()
    partner = await sworn_partner(town, coordinator)
    organisation = await organisation_of(coordinator, partner)
    assert organisation == await organisation_of(coordinator, coordinator)
    for _ in range(2):
        with pytest.raises(LastCoordinator):
            await coordinator.run(suspend_organisation, SuspendOrganisation(organisation, "other"))
    assert await partner.run(list_mandates, PAGE)
    mayor = await town.sworn(Role.MAYOR, kbo_number=await host.organisation("municipality"))
    assert await mayor.run(suspend_organisation, SuspendOrganisation(organisation, "other"))
    with pytest.raises(CellNotFound):
        await coordinator.run(list_mandates, PAGE)


async def test_an_organisation_for_who_ends_its_mandates_and_nobody_else(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner, other = [
        await sworn_partner(town, coordinator, kbo_number=await host.organisation()) for _ in range(2)
    ]  # fmt: skip
    organisation = await organisation_of(coordinator, partner)
    neighbours, stranger = await host.town_with_coordinator()
    theirs = await organisation_of(stranger, await neighbours.partner(stranger))
    command = SuspendOrganisation(organisation, "inquiry")
    with pytest.raises(RoleMissing):
        await other.run(suspend_organisation, command)
    with pytest.raises(CellNotFound):
        await town.as_host(suspend_organisation, command)
    with pytest.raises(CellNotFound):
        await stranger.elsewhere(town).run(suspend_organisation, command)
    refusals = []
    for unknown in (theirs, PEOPLE):
        for handler, asked in tried(
            (suspend_organisation, SuspendOrganisation(unknown, "inquiry")),
            (resume_organisation, ResumeOrganisation(unknown)),
        ):
            with pytest.raises(OrganisationNotFound) as refused:
                await coordinator.run(handler, asked)
            refusals.append((str(refused.value), refused.value.field))
    assert len(set(refusals)) == 1
    assert await coordinator.run(suspend_organisation, command)


async def test_two_at_once_and_a_repeat_for_an_organisation(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await sworn_partner(town, coordinator, kbo_number=await host.organisation())
    command = SuspendOrganisation(await organisation_of(coordinator, partner), "inquiry")
    answers = await asyncio.gather(
        *(coordinator.run(suspend_organisation, command) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["MandateSuspended", "Receipt"]
    resume = ResumeOrganisation(command.organisation_id)
    first = await coordinator.run(resume_organisation, resume, idempotency_key="resume")
    assert await coordinator.run(resume_organisation, resume, idempotency_key="resume") == first
    assert await partner.run(list_mandates, PAGE)


async def test_of_more_than_fifty_the_record_names_fifty_and_says_how_many(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    caw: dict[str, Any] = {"kbo_number": await host.organisation()}
    people = [await town.partner(coordinator, **caw) for _ in range(52)]
    organisation = await organisation_of(coordinator, people[0])
    await coordinator.run(suspend_organisation, SuspendOrganisation(organisation, "other"))
    record = (await recorded(town, "suspend_organisation"))[-1]
    assert (record.count, len(record.detail["mandates"].split(","))) == (52, 50)
    host.harness.clock.advance(milliseconds=1)
    assert not [view for view in (await coordinator.run(list_mandates, PAGE)).mandates if view.mandate.organisation_id
                == organisation and not view.ended]  # fmt: skip
