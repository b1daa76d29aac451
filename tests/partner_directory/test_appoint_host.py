"""People who act for the host: how they come and go, what they may do, and the walls round what they may not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.servers import Servers
from rondetafel.audit.v1 import audit_pb2
from services.kit.errors import CellNotFound, NotFound, RoleMissing, RondetafelError, SecondFactorMissing
from services.kit.policy import Role
from services.kit.principal import PLATFORM
from services.partner_directory.commands.cell.change_brand_colour import ChangeBrandColour, change_brand_colour
from services.partner_directory.commands.cell.create_cell import CreateCell, create_cell
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.appoint_host import LEGAL_BASIS, appoint_host
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.organisation.register_organisation import (
    RegisterOrganisation,
    register_organisation,
)
from services.partner_directory.errors import (
    MandateExists,
    MandateOver,
    MandateReversed,
    MandateTooLong,
    OrganisationUnknown,
    SignInServiceAway,
)
from services.partner_directory.queries.list_cells import ListCells, list_cells
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.list_municipalities import ListMunicipalities, list_municipalities
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.queries.read_table import ReadTable, read_table
from tests.harness import Person
from tests.partner_directory.town import TEXT, UNUSED, UNUSED_KBO, Host, Town, on_platform


def acts(host: Host) -> list[tuple[Any, Any]]:
    """All that is for the host's people, as requests that are in order."""
    return [
        (create_cell, CreateCell((next(UNUSED["wallonia"]),), "")),
        (register_organisation, RegisterOrganisation(next(UNUSED_KBO), "Partner", "caw")),
        (list_cells, ListCells(1, None)),
        (list_municipalities, ListMunicipalities("brussels")),
    ]


async def test_who_is_appointed_acts_for_the_host_without_an_undertaking(host: Host) -> None:
    hilde = await host.appointed()
    for handler, command in acts(host):
        assert await hilde.run(handler, command), handler.__name__
    mine = await hilde.run(list_my_cells, ListMyCells())
    assert (mine.cells, mine.host) == ((), True)


async def test_it_takes_the_second_factor(host: Host) -> None:
    hilde = await host.appointed()
    for handler, command in acts(host):
        hilde.acr = 1
        with pytest.raises(SecondFactorMissing):
            await hilde.run(handler, command)
        hilde.acr = 2
        assert await hilde.run(handler, command), handler.__name__


async def test_nobody_else_acts_for_the_host(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    hilde, elsewhere = await host.appointed(), await host.appointed()
    for handler, command in acts(host):
        with pytest.raises(CellNotFound):
            await on_platform(coordinator).run(handler, command)
        with pytest.raises(CellNotFound):
            await elsewhere.elsewhere(town).run(handler, command)
        assert await hilde.run(handler, command), handler.__name__


async def test_only_the_hosts_client_appoints_and_only_on_the_platform(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    hilde = await host.appointed()
    command = await host.appointment()
    host.sign_in.asked.clear()
    with pytest.raises(RoleMissing):
        await hilde.run(appoint_host, command)
    with pytest.raises(RoleMissing):
        await coordinator.run(appoint_host, command)
    with pytest.raises(CellNotFound):
        await on_platform(coordinator).run(appoint_host, command)
    for cell_id in (town.cell_id, uuid4()):
        with pytest.raises(CellNotFound):
            await host.run(appoint_host, command, cell_id)
    assert host.sign_in.asked == []
    assert (await host.run(appoint_host, command)).state == "ACTIVE"


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"last_day": date(2026, 11, 23)}, MandateReversed, "to"),
        ({"last_day": date(2031, 11, 24)}, MandateTooLong, "to"),
        ({"first_day": date(2026, 1, 1), "last_day": date(2026, 11, 23)}, MandateOver, "to"),
        ({"kbo_number": "0417497106"}, OrganisationUnknown, "kbo_number"),
    ],
)
async def test_a_refused_appointment_does_not_touch_the_sign_in_service(
    host: Host, changes: dict[str, Any], error: type[RondetafelError], field: str
) -> None:
    command = await host.appointment()
    with pytest.raises(error) as refused:
        await host.run(appoint_host, replace(command, **changes))
    assert refused.value.field == field
    assert host.sign_in.asked == []
    assert await host.run(appoint_host, command)


async def test_a_repeat_is_one_appointment_and_a_second_one_is_refused(host: Host) -> None:
    command, key = await host.appointment(), uuid4().hex
    first = await host.run(appoint_host, command, key=key)
    assert await host.run(appoint_host, command, key=key) == first
    with pytest.raises(MandateExists):
        await host.run(appoint_host, command)
    later = replace(command, first_day=date(2027, 11, 24), last_day=date(2028, 11, 23))
    assert (await host.run(appoint_host, later)).state == "PLANNED"


async def test_when_the_sign_in_service_is_away_nobody_is_appointed(host: Host) -> None:
    command = await host.appointment()
    host.sign_in.failure = SignInServiceAway()
    with pytest.raises(SignInServiceAway):
        await host.run(appoint_host, command)
    host.sign_in.failure = None
    assert await host.run(appoint_host, command)


async def test_invariant_15_an_ended_mandate_of_the_host_gives_nothing(host: Host) -> None:
    hilde = await host.appointed()
    assert await hilde.run(list_cells, ListCells(1, None))
    page = await host.run(list_mandates, ListMandates(50, None))
    mine = next(mandate for mandate in page.mandates if mandate.mandate.mandate_id == hilde.mandate_id)
    assert (mine.mandate.role, mine.given_name, mine.family_name) == (Role.HOST, "", "")
    ended = await host.run(end_mandate, EndMandate(hilde.mandate_id, mine.mandate.version, "left"))
    assert ended.state == "ENDED"
    for handler, command in acts(host):
        with pytest.raises(CellNotFound):
            await hilde.run(handler, command)
    assert not (await hilde.run(list_my_cells, ListMyCells())).host


async def test_invariant_25_it_counts_from_the_first_to_the_last_day(host: Host) -> None:
    hilde = await host.appointed(first_day=date(2027, 3, 28), last_day=date(2027, 10, 31))
    shown = []
    for moment in ("2027-03-27T22:59", "2027-03-27T23:00", "2027-10-31T22:59", "2027-10-31T23:00"):
        host.harness.clock.now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        shown.append((await hilde.run(list_my_cells, ListMyCells())).host)
    assert shown == [False, True, True, False]


INSIDE: dict[str, Callable[[Town, Person], tuple[Any, Any]]] = {
    "read_table": lambda town, partner: (read_table, ReadTable()),
    "list_mandates": lambda town, partner: (list_mandates, ListMandates(50, None)),
    "invite_person": lambda town, partner: (invite_person, town.invitation()),
    "end_mandate": lambda town, partner: (end_mandate, EndMandate(partner.mandate_id, 1, "left")),
    "accept_undertaking": lambda town, partner: (accept_undertaking, AcceptUndertaking(TEXT)),
    "change_brand_colour": lambda town, partner: (change_brand_colour, ChangeBrandColour("#1b6c68")),
}


@pytest.mark.parametrize("act", INSIDE)
async def test_invariant_24_inside_a_cell_the_hosts_people_are_nobody(host: Host, act: str) -> None:
    town, coordinator = await host.town_with_coordinator()
    handler, command = INSIDE[act](town, await town.partner(coordinator))
    hilde = await host.appointed()
    for cell in (town, replace(town, cell_id=uuid4())):
        with pytest.raises(NotFound) as refused:
            await hilde.elsewhere(cell).run(handler, command)
        assert refused.value.code == "CellNotFound"
    with pytest.raises(RoleMissing):
        await hilde.run(handler, command)
    assert await coordinator.run(handler, command)


async def test_acts_of_the_hosts_people_stand_in_the_platforms_log(host: Host, servers: Servers) -> None:
    hilde = await host.appointed()
    made = await hilde.run(create_cell, CreateCell((next(UNUSED["flanders"]),), ""))
    hilde.acr = 1
    with pytest.raises(SecondFactorMissing):
        await hilde.run(list_cells, ListCells(1, None))
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    rows = await connection.fetch(
        "SELECT tenant_id, payload FROM outbox WHERE stream = 'audit' ORDER BY producer_epoch, tenant_id, producer_seq"
    )
    await connection.close()
    records = [(row["tenant_id"], audit_pb2.AuditRecord.FromString(row["payload"])) for row in rows]
    mine = [(cell, record) for cell, record in records if record.actor_id == str(hilde.person_id)]
    assert [(cell, mandate.action, mandate.outcome) for cell, mandate in mine] == [
        (PLATFORM, "create_cell", "allow"),
        (PLATFORM, "list_cells", "deny"),
    ]
    assert (mine[0][1].actor_kind, mine[0][1].legal_basis) == ("person", LEGAL_BASIS)
    assert mine[0][1].detail["role"] == "host"
    assert made.state == "SETTING_UP"
