"""Invariant 20: what a cell needs before it takes cases, who says it, who opens it, and what falls away later."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from uuid import uuid4

import pytest

from deploy.local.servers import Servers
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import CellNotFound, RoleMissing, UndertakingMissing, VersionChanged
from services.kit.policy import Role
from services.partner_directory.commands.cell.change_brand_colour import ChangeBrandColour, change_brand_colour
from services.partner_directory.commands.cell.change_contact import ChangeContact, change_contact
from services.partner_directory.commands.cell.open_table import OpenTable, open_table
from services.partner_directory.commands.cell.set_danger_contact import SetDangerContact, set_danger_contact
from services.partner_directory.commands.cell.set_dpia import SetDpia, set_dpia
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.errors import CellStateForbids, DpiaInFuture, SetUpIncomplete
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.queries.read_set_up import ReadSetUp, read_set_up
from services.partner_directory.queries.read_table import ReadTable, read_table
from tests.harness import START, Person
from tests.partner_directory.setting_up import DPIA_DAY, NEEDED, founding
from tests.partner_directory.town import Host, on_platform


@pytest.mark.parametrize("line", [line for line in NEEDED if line != "coordinator"])
async def test_invariant_20_each_line_alone_keeps_the_table_closed(host: Host, line: str) -> None:
    cell = await founding(host, without=(line,))
    assert await cell.missing() == {line}
    assert "open_table" not in (await cell.view()).may
    with pytest.raises(SetUpIncomplete) as refused:
        await cell.open()
    assert (refused.value.field, refused.value.expected) == ("lines", f"first {line}")
    await cell.do(line)
    assert await cell.missing() == set()
    assert "open_table" in (await cell.view()).may
    assert (await cell.open()).state == "ACTIVE"


async def test_invariant_20_the_last_line_opens_it_and_all_are_told(host: Host, servers: Servers) -> None:
    cell = await founding(host)
    before = await cell.view()
    assert (before.cell.state, before.cell.opened_at) == ("SETTING_UP", None)
    receipt = await cell.open()
    assert (receipt.id, receipt.state, receipt.version) == (cell.town.cell_id, "ACTIVE", before.cell.version + 1)
    after = await cell.view()
    assert (after.cell.state, after.cell.opened_at, "open_table" in after.may) == ("ACTIVE", START, False)
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    rows = await connection.fetch(
        "SELECT payload FROM outbox WHERE type = 'cell.changed' AND tenant_id = $1", cell.town.cell_id
    )
    await connection.close()
    (told,) = [pb.CellChanged.FromString(row["payload"]) for row in rows]
    assert told == pb.CellChanged(cell_id=str(receipt.id), state="ACTIVE", version=receipt.version)


async def test_the_colour_is_no_condition(host: Host) -> None:
    cell = await founding(host)
    (colour,) = [line for line in (await cell.view()).lines if line.code == "colour"]
    assert (colour.optional, colour.done) == (True, False)
    await cell.coordinator.run(change_brand_colour, ChangeBrandColour("#1b6c68"))
    assert next(line.done for line in (await cell.view()).lines if line.code == "colour")
    assert (await cell.open()).state == "ACTIVE"


async def test_a_seat_is_held_in_each_town(host: Host) -> None:
    cell = await founding(host, towns=2, without=("mayor",))
    first, second = sorted(cell.town.nis_codes)
    await cell.do("mayor", nis_codes=(first,))
    (line,) = [line for line in (await cell.view()).lines if line.code == "mayor"]
    assert (line.done, line.since, line.missing_nis_codes) == (False, None, (second,))
    with pytest.raises(SetUpIncomplete):
        await cell.open()
    command = cell.town.invitation(Role.MAYOR, nis_codes=(second,))
    await cell.town._swears(cell.town.person_of(command, await cell.town.confirmed(command)))
    assert (await cell.open()).state == "ACTIVE"


async def test_who_has_not_promised_secrecy_holds_no_seat_yet(host: Host) -> None:
    cell = await founding(host, without=("police",))
    officer = await cell.town.invited(Role.INFORMATION_OFFICER)
    assert await cell.missing() == {"police"}
    with pytest.raises(UndertakingMissing):
        await (await cell.town.invited(Role.COORDINATOR)).run(read_set_up, ReadSetUp())
    await cell.town._swears(officer)
    assert await cell.missing() == set()


async def test_only_the_coordinator_of_that_cell_opens_it(host: Host) -> None:
    cell, other = await founding(host), await founding(host)
    stranger = other.coordinator.elsewhere(cell.town)
    partner = await cell.town.sworn(Role.PARTICIPANT)
    for person in (cell.people["mayor"], cell.people["dpo"], cell.people["police"], partner):
        with pytest.raises(RoleMissing):
            await person.run(open_table, OpenTable())
    with pytest.raises(CellNotFound):
        await stranger.run(open_table, OpenTable())
    with pytest.raises(CellNotFound):
        await cell.town.as_host(open_table, OpenTable())
    assert await cell.open(), "what they sent was in order"


async def test_two_who_open_it_at_once_and_a_repeat(host: Host) -> None:
    cell = await founding(host)
    second = await cell.town.sworn(Role.COORDINATOR)
    answers = await asyncio.gather(cell.open(key="one"), second.run(open_table, OpenTable()), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["CellStateForbids", "Receipt"]
    fresh = await founding(host)
    receipt = await fresh.open(key="again")
    assert await fresh.open(key="again") == receipt
    with pytest.raises(CellStateForbids) as refused:
        await fresh.open()
    assert refused.value.expected == "SETTING_UP"


async def test_invariant_20_a_seat_that_falls_empty_later_is_missing_again_and_closes_nothing(host: Host) -> None:
    cell = await founding(host)
    await cell.open()
    officer = cell.people["prevention"]
    await cell.coordinator.run(end_mandate, EndMandate(officer.mandate_id, 2, "left"))
    assert await cell.missing() == {"prevention"}
    view = await cell.view()
    assert (view.cell.state, "open_table" in view.may) == ("ACTIVE", False)
    await cell.do("prevention")
    assert await cell.missing() == set()


async def test_a_clearance_that_ends_leaves_the_seat_empty(host: Host) -> None:
    cell = await founding(host, without=("police",))
    await cell.do("police", clearance_until=date(2026, 12, 1))
    assert await cell.missing() == set()
    host.harness.clock.advance(days=8)
    assert await cell.missing() == {"police"}
    with pytest.raises(SetUpIncomplete):
        await cell.open()


async def test_each_line_says_since_when_and_who(host: Host) -> None:
    cell = await founding(host)
    lines = {line.code: line for line in (await cell.view()).lines}
    assert all(line.since is not None for code, line in lines.items() if code in NEEDED)
    assert lines["dpia"].since == START
    assert lines["dpia"].roles == (Role.COORDINATOR, Role.DPO)
    assert lines["police"].roles == (Role.COORDINATOR, Role.MAYOR)
    assert lines["mayor"].roles == (Role.COORDINATOR, Role.HOST, Role.MAYOR)


async def test_who_reads_it(host: Host) -> None:
    cell, other = await founding(host), await founding(host)
    for person in (cell.coordinator, cell.people["mayor"], cell.people["dpo"]):
        assert len((await person.run(read_set_up, ReadSetUp())).lines) == len(NEEDED) + 2
    assert (await cell.people["dpo"].run(read_set_up, ReadSetUp())).may == ("set_dpia",)
    assert (await cell.people["mayor"].run(read_set_up, ReadSetUp())).may == ()
    for person in (
        cell.people["police"],
        await cell.town.sworn(Role.PARTICIPANT),
        await cell.town.sworn(Role.OVERSIGHT),
    ):
        with pytest.raises(RoleMissing):
            await person.run(read_set_up, ReadSetUp())
    with pytest.raises(CellNotFound):
        await other.coordinator.elsewhere(cell.town).run(read_set_up, ReadSetUp())
    with pytest.raises(CellNotFound):
        await cell.town.as_host(read_set_up, ReadSetUp())


async def test_what_is_said_of_a_cell_and_by_whom(host: Host) -> None:
    cell = await founding(host, without=("dpia", "danger_contact", "contact"))
    mayor, dpo = cell.people["mayor"], cell.people["dpo"]
    version = await cell.version()
    said = (
        (set_dpia, SetDpia(version, "GEB 4", DPIA_DAY)),
        (set_danger_contact, SetDangerContact(version, "Wacht")),
        (change_contact, ChangeContact(version, "info@town.example")),
    )
    for handler, command in said:
        with pytest.raises(RoleMissing):
            await mayor.run(handler, command)  # type: ignore[arg-type]
        with pytest.raises(CellNotFound):
            await cell.town.as_host(handler, command)  # type: ignore[arg-type]
    for handler, command in said[1:]:
        with pytest.raises(RoleMissing):
            await dpo.run(handler, command)  # type: ignore[arg-type]
    assert (await cell.say_dpia(by=dpo)).version == version + 1
    await cell.say_danger()
    await cell.say_contact()
    kept = (await cell.view()).cell
    assert (kept.dpia_reference, kept.dpia_on) == ("GEB 2026/4", DPIA_DAY)
    assert (kept.danger_contact, kept.contact) == ("Wachtdienst, 016 00 00 00", "veiligheid@vaartbeke.example")
    await cell.open()
    assert (await cell.say_dpia()).state == "ACTIVE", "said anew in an open cell too"


async def test_an_assessment_is_of_today_or_before_in_brussels(host: Host) -> None:
    cell = await founding(host, without=("dpia",))
    today = date(2026, 11, 24)
    with pytest.raises(DpiaInFuture) as refused:
        await cell.say_dpia(on=today + timedelta(days=1))
    assert refused.value.field == "on"
    assert await cell.missing() == {"dpia"}
    await cell.say_dpia(on=today)
    assert await cell.missing() == set()


async def test_what_two_say_at_once_is_said_by_one(host: Host) -> None:
    cell = await founding(host, without=("dpia",))
    version = await cell.version()
    first, second = SetDpia(version, "GEB 1", DPIA_DAY), SetDpia(version, "GEB 2", DPIA_DAY)
    answers = await asyncio.gather(
        cell.coordinator.run(set_dpia, first), cell.people["dpo"].run(set_dpia, second), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Receipt", "VersionChanged"]
    receipt = await cell.coordinator.run(set_dpia, SetDpia(version + 1, "GEB 3", DPIA_DAY), idempotency_key="k")
    again = await cell.coordinator.run(set_dpia, SetDpia(version + 1, "GEB 3", DPIA_DAY), idempotency_key="k")
    assert again == receipt
    for handler, command in (
        (set_danger_contact, SetDangerContact(version, "Wacht")),
        (change_contact, ChangeContact(version, "info@town.example")),
    ):
        with pytest.raises(VersionChanged):
            await cell.coordinator.run(handler, command)  # type: ignore[arg-type]


async def test_everybody_at_the_table_reads_whom_to_reach_and_whether_it_is_open(host: Host) -> None:
    cell = await founding(host)
    partner = await cell.town.sworn(Role.PARTICIPANT)
    for mine in (
        (await partner.run(read_table, ReadTable())).mine,
        (await on_platform(partner).run(list_my_cells, ListMyCells())).cells[0],
    ):
        assert (mine.cell.danger_contact, mine.cell.state) == ("Wachtdienst, 016 00 00 00", "SETTING_UP")
    await cell.open()
    assert (await partner.run(read_table, ReadTable())).mine.cell.state == "ACTIVE"


async def test_a_page_of_the_table_tells_how_much_is_missing(host: Host) -> None:
    cell = await founding(host, without=("police", "dpia"))
    partner = await cell.town.sworn(Role.PARTICIPANT)

    async def told(reader: Person) -> int:
        return (await reader.run(read_table, ReadTable())).set_up_missing

    assert [await told(person) for person in (cell.coordinator, cell.people["mayor"], cell.people["dpo"], partner)] == [
        2, 2, 2, 0,
    ]  # fmt: skip
    await cell.say_dpia()
    await cell.do("police", clearance_until=date(2026, 12, 1))
    assert await told(cell.coordinator) == 0
    host.harness.clock.advance(days=8)
    assert await told(cell.coordinator) == 1, "the clearance has ended"


async def test_a_cell_nobody_made_is_no_cell(host: Host) -> None:
    cell = await founding(host)
    nowhere = type(cell.town)(host.harness, uuid4(), (), host, "")
    with pytest.raises(CellNotFound):
        await cell.coordinator.elsewhere(nowhere).run(open_table, OpenTable())
