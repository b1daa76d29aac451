"""Organisations: registering one, and who may."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.kit.errors import CellNotFound, RoleMissing
from services.kit.policy import Role
from services.partner_directory.commands.organisation.register_organisation import (
    RegisterOrganisation,
    register_organisation,
)
from services.partner_directory.errors import IntelligenceServiceRefused, OrganisationExists
from tests.partner_directory.town import UNUSED_KBO, Host, on_platform


def organisation() -> RegisterOrganisation:
    """One that is not known yet."""
    return RegisterOrganisation(next(UNUSED_KBO), "CAW Kanaal", "caw")


async def test_the_host_registers_an_organisation_once(host: Host) -> None:
    command = organisation()
    receipt = await host.run(register_organisation, command)
    assert (receipt.state, receipt.version) == ("REGISTERED", 1)
    with pytest.raises(OrganisationExists) as refused:
        await host.run(register_organisation, replace(command, name="Anders"))
    assert refused.value.field == "kbo_number"


async def test_a_coordinator_registers_one_and_a_partner_does_not(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    assert await coordinator.run(register_organisation, organisation())
    with pytest.raises(RoleMissing):
        await partner.run(register_organisation, organisation())
    with pytest.raises(CellNotFound):
        await on_platform(coordinator).run(register_organisation, organisation())
    other = await host.town()
    with pytest.raises(CellNotFound):
        await coordinator.elsewhere(other).run(register_organisation, organisation())
    mayor = await town.sworn(Role.MAYOR)
    with pytest.raises(RoleMissing):
        await mayor.run(register_organisation, organisation())


async def test_the_host_does_it_on_the_platform(host: Host) -> None:
    town = await host.town()
    with pytest.raises(CellNotFound):
        await host.run(register_organisation, organisation(), town.cell_id)


async def test_an_intelligence_service_does_not_sit(host: Host) -> None:
    command = organisation()
    with pytest.raises(IntelligenceServiceRefused):
        await host.run(register_organisation, replace(command, kind="intelligence_service"))
    assert await host.run(register_organisation, command)
