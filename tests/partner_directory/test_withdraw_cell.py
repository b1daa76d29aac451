"""A cell that nobody ever had is taken back; and what the host reads of one cell."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import CellNotFound, RoleMissing
from services.kit.policy import Role
from services.kit.principal import PLATFORM
from services.partner_directory.commands.cell.change_brand_colour import ChangeBrandColour, change_brand_colour
from services.partner_directory.commands.cell.create_cell import CreateCell, create_cell
from services.partner_directory.commands.cell.withdraw_cell import WithdrawCell, withdraw_cell
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.errors import CellHeld, CellStateForbids
from services.partner_directory.queries.list_cells import ListCells, list_cells
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.read_cell import ReadCell, read_cell
from tests.partner_directory.setting_up import NEEDED, founding
from tests.partner_directory.town import Host, on_platform


async def test_its_towns_are_free_and_it_is_as_if_it_had_never_been(host: Host, servers: Servers) -> None:
    town = await host.town(2)
    before = await host.run(list_cells, ListCells(50, None))
    assert town.cell_id in {view.cell.cell_id for view in before.cells}
    receipt = await host.run(withdraw_cell, WithdrawCell(town.cell_id), key="back")
    assert (receipt.id, receipt.state) == (town.cell_id, "WITHDRAWN")
    assert await host.run(withdraw_cell, WithdrawCell(town.cell_id), key="back") == receipt
    after = await host.run(list_cells, ListCells(50, None))
    assert town.cell_id not in {view.cell.cell_id for view in after.cells}
    assert (after.cells_total, after.towns_with_cell) == (before.cells_total - 1, before.towns_with_cell - 2)
    for asked in (WithdrawCell(town.cell_id), WithdrawCell(uuid4())):
        with pytest.raises(CellNotFound):
            await host.run(withdraw_cell, asked)
    with pytest.raises(CellNotFound):
        await host.run(read_cell, ReadCell(town.cell_id))
    for handler, command in (
        (invite_person, town.invitation(Role.COORDINATOR)), (list_mandates, ListMandates(5, None)),
        (change_brand_colour, ChangeBrandColour("")),
    ):  # fmt: skip
        with pytest.raises(CellNotFound):
            await town.as_host(handler, command)  # type: ignore[arg-type]
    anew = await host.run(create_cell, CreateCell(tuple(town.nis_codes), "Anew"))
    assert anew.id != town.cell_id
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    rows = await connection.fetch("SELECT payload FROM outbox WHERE type = 'cell.changed'")
    await connection.close()
    told = [pb.CellChanged.FromString(row["payload"]) for row in rows]
    assert pb.CellChanged(cell_id=str(receipt.id), state="WITHDRAWN", version=receipt.version) in told


async def test_a_cell_somebody_was_given_anything_in_is_not_taken_back(host: Host) -> None:
    free = await host.town()
    assert await host.run(withdraw_cell, WithdrawCell(free.cell_id))
    town, coordinator = await host.town_with_coordinator()
    with pytest.raises(CellHeld):
        await host.run(withdraw_cell, WithdrawCell(town.cell_id))
    await town.sworn(Role.MAYOR)
    await coordinator.run(end_mandate, EndMandate(coordinator.mandate_id, 2, "left"))
    with pytest.raises(CellHeld):
        await host.run(withdraw_cell, WithdrawCell(town.cell_id))
    proposed = await host.town()
    await proposed.as_host(invite_person, proposed.invitation(Role.DPO))
    with pytest.raises(CellHeld):
        await host.run(withdraw_cell, WithdrawCell(proposed.cell_id))
    cell = await founding(host)
    await cell.open()
    with pytest.raises(CellStateForbids):
        await host.run(withdraw_cell, WithdrawCell(cell.town.cell_id))


async def test_it_is_the_hosts_on_the_platform_alone(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    free = await host.town()
    for command in ((withdraw_cell, WithdrawCell(free.cell_id)), (read_cell, ReadCell(free.cell_id))):
        with pytest.raises(RoleMissing):
            await coordinator.run(*command)
        with pytest.raises(CellNotFound):
            await on_platform(coordinator).run(*command)
        with pytest.raises(CellNotFound):
            await town.as_host(*command)
    hilde = await host.appointed()
    assert (await hilde.run(read_cell, ReadCell(free.cell_id))).may == ("found_seat", "withdraw_cell", "suspend_cell")
    assert (await hilde.run(withdraw_cell, WithdrawCell(free.cell_id))).state == "WITHDRAWN"


async def test_founding_and_taking_back_at_once_one_of_them_is_done(host: Host) -> None:
    for _ in range(5):
        town = await host.town()
        given, back = await asyncio.gather(
            town.as_host(invite_person, town.invitation(Role.COORDINATOR)),
            host.run(withdraw_cell, WithdrawCell(town.cell_id)),
            return_exceptions=True,
        )
        refused = {type(given).__name__, type(back).__name__} - {"Receipt"}
        assert len(refused) == 1, (given, back)
        assert refused <= {"CellNotFound", "CellHeld"}


async def test_nothing_is_given_in_a_cell_that_was_taken_back_whoever_asks(host: Host, servers: Servers) -> None:
    town, coordinator = await host.town_with_coordinator()
    free = await host.town()
    connection = await servers.postgres.connect("rondetafel_partner_directory")

    async def copy(table: str, cell: UUID) -> None:
        """As whoever holds a password of the database would: the coordinator's rows, in another cell."""
        await connection.execute(
            f"INSERT INTO {table} SELECT (jsonb_populate_record(one, jsonb_build_object('tenant_id', $2::uuid))).*"
            f" FROM {table} AS one WHERE tenant_id = $1 AND person_id = $3",
            town.cell_id, cell, coordinator.person_id,
        )  # fmt: skip

    try:
        await host.run(withdraw_cell, WithdrawCell(free.cell_id))
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="taken back"):
            await copy("mandate", free.cell_id)
        other = await host.town()
        for table in ("cell_person", "mandate"):
            await copy(table, other.cell_id)
        noted = await connection.fetchval("SELECT given_at FROM cell WHERE cell_id = $1", other.cell_id)
    finally:
        await connection.close()
    assert noted is not None
    with pytest.raises(CellHeld):
        await host.run(withdraw_cell, WithdrawCell(other.cell_id))


async def test_what_the_host_reads_of_a_cell_are_codes_and_counts(host: Host) -> None:
    town = await host.town()
    view = await host.run(read_cell, ReadCell(town.cell_id))
    assert (view.standing.missing, view.standing.people, view.may) == (
        NEEDED,
        0,
        ("found_seat", "withdraw_cell", "suspend_cell"),
    )
    assert [found.nis_code for found in view.towns] == list(town.nis_codes)
    cell = await founding(host, without=("police",))
    hilde = await host.appointed()
    view = await hilde.run(read_cell, ReadCell(cell.town.cell_id))
    assert (view.standing.missing, view.standing.people, view.may) == (("police",), 4, ("suspend_cell",))
    with pytest.raises(CellNotFound):
        await hilde.run(read_cell, ReadCell(PLATFORM))
    with pytest.raises(CellNotFound):
        await hilde.run(read_cell, ReadCell(uuid4()))
