"""The host suspends a cell: nobody of it acts or reads but oversight its log, until it is resumed."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import uuid4

import pytest

from deploy.local.servers import Servers
from rondetafel.audit.v1 import audit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import CellNotFound, RoleMissing
from services.kit.notices import NoticeKind
from services.kit.policy import Role
from services.kit.principal import PLATFORM
from services.partner_directory.commands.cell.open_table import OpenTable, open_table
from services.partner_directory.commands.cell.resume_cell import ResumeCell, resume_cell
from services.partner_directory.commands.cell.suspend_cell import SuspendCell, suspend_cell
from services.partner_directory.commands.deputy.name_deputy import NameDeputy, name_deputy
from services.partner_directory.commands.invitation.accept_invitation import AcceptInvitation, accept_invitation
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.mandate.suspend_mandate import SuspendMandate, suspend_mandate
from services.partner_directory.errors import CellStateForbids
from services.partner_directory.notice_words import SENTENCES
from services.partner_directory.queries.list_my_cells import ListMyCells, MyCellsView, list_my_cells
from services.partner_directory.queries.read_cell import ReadCell, read_cell
from services.partner_directory.queries.read_table import ReadTable, read_table
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.harness import Person
from tests.partner_directory.noticing import arrived, records
from tests.partner_directory.post import Post
from tests.partner_directory.setting_up import Founding, founding
from tests.partner_directory.test_announcing import body_of
from tests.partner_directory.town import Host, on_platform


async def running(host: Host) -> Founding:
    """A cell whose table is open."""
    cell = await founding(host)
    await cell.open()
    return cell


async def suspended(host: Host) -> Founding:
    """The same, suspended a minute later."""
    cell = await running(host)
    host.harness.clock.advance(minutes=1)
    await host.run(suspend_cell, SuspendCell(cell.town.cell_id, "incident"))
    return cell


async def resumed(host: Host, cell: Founding) -> None:
    """It goes on."""
    await host.run(resume_cell, ResumeCell(cell.town.cell_id))


async def reads(*people: Person) -> list[bool]:
    """Who of them reads the table."""
    found = []
    for person in people:
        try:
            await person.run(read_table, ReadTable())
            found.append(True)
        except CellNotFound:
            found.append(False)
    return found


async def mine(person: Person) -> MyCellsView:
    """The tables somebody sits at, as the start page asks."""
    return await on_platform(person).run(list_my_cells, ListMyCells())


async def test_nobody_reads_but_oversight_and_all_do_again_once_it_is_resumed(host: Host) -> None:
    cell = await running(host)
    oversight = await cell.town.sworn(Role.OVERSIGHT)
    people = (cell.coordinator, *cell.people.values())
    assert await reads(*people, oversight) == [True] * 6
    host.harness.clock.advance(minutes=1)
    receipt = await host.run(suspend_cell, SuspendCell(cell.town.cell_id, "incident"), key="off")
    assert (receipt.id, receipt.state) == (cell.town.cell_id, "SUSPENDED")
    assert await host.run(suspend_cell, SuspendCell(cell.town.cell_id, "incident"), key="off") == receipt
    assert await reads(*people, oversight) == [False] * 5 + [True]
    assert (await mine(cell.coordinator)).cells == ()
    (told,) = (await mine(cell.coordinator)).suspended
    assert (told.cell_id, told.suspension_reason, told.suspended_at) == (
        cell.town.cell_id, "incident", host.harness.clock(),
    )  # fmt: skip
    assert (await mine(oversight)).suspended == ()
    host.harness.clock.advance(hours=3)
    back = await host.run(resume_cell, ResumeCell(cell.town.cell_id))
    assert (back.state, back.version) == ("ACTIVE", receipt.version + 1)
    assert await reads(*people, oversight) == [True] * 6
    assert (await mine(cell.coordinator)).suspended == ()


async def test_all_services_are_told_that_its_mandates_end_now_and_count_again(host: Host, servers: Servers) -> None:
    cell = await suspended(host)
    moment = host.harness.clock()
    host.harness.clock.advance(hours=1)
    await resumed(host, cell)
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    rows = await connection.fetch(
        "SELECT payload, type FROM outbox WHERE stream = 'event' AND tenant_id = $1 ORDER BY message_id",
        cell.town.cell_id,
    )
    await connection.close()
    facts = [pb.MandateChanged.FromString(row["payload"]) for row in rows if row["type"] == "mandate.changed"]
    of_one = [fact for fact in facts if fact.person_id == str(cell.coordinator.person_id)]
    ends = [fact.ends_at.ToDatetime(tzinfo=moment.tzinfo) for fact in of_one]
    assert ends[-2] == moment
    assert ends[-1] > moment
    states = [pb.CellChanged.FromString(row["payload"]).state for row in rows if row["type"] == "cell.changed"]
    assert states == ["ACTIVE", "SUSPENDED", "ACTIVE"]


async def test_only_the_host_suspends_and_only_what_is_there(host: Host) -> None:
    cell, hilde = await running(host), await host.appointed()
    for person in (on_platform(cell.coordinator), on_platform(cell.people["mayor"])):
        with pytest.raises((RoleMissing, CellNotFound)):
            await person.run(suspend_cell, SuspendCell(cell.town.cell_id, "incident"))
    for unknown in (uuid4(),):
        with pytest.raises(CellNotFound):
            await host.run(suspend_cell, SuspendCell(unknown, "incident"))
        with pytest.raises(CellNotFound):
            await host.run(resume_cell, ResumeCell(unknown))
    with pytest.raises(CellStateForbids):
        await host.run(resume_cell, ResumeCell(cell.town.cell_id))
    with pytest.raises(CellNotFound):
        await cell.town.as_host(suspend_cell, SuspendCell(cell.town.cell_id, "incident"))
    assert (await hilde.run(suspend_cell, SuspendCell(cell.town.cell_id, "incident"))).state == "SUSPENDED"
    with pytest.raises(CellStateForbids):
        await host.run(suspend_cell, SuspendCell(cell.town.cell_id, "incident"))
    view = await host.run(read_cell, ReadCell(cell.town.cell_id))
    assert (view.may, view.cell.suspension_reason) == (("resume_cell",), "incident")


async def test_of_two_at_once_one_is_refused(host: Host) -> None:
    cell = await running(host)
    asked = SuspendCell(cell.town.cell_id, "contract")
    answers = await asyncio.gather(host.run(suspend_cell, asked), host.run(suspend_cell, asked), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["CellStateForbids", "Receipt"]


async def test_a_cell_being_set_up_is_set_up_again_afterwards(host: Host) -> None:
    cell = await founding(host)
    await host.run(suspend_cell, SuspendCell(cell.town.cell_id, "contract"))
    with pytest.raises(CellNotFound):
        await cell.coordinator.run(open_table, OpenTable())
    assert (await host.run(resume_cell, ResumeCell(cell.town.cell_id))).state == "SETTING_UP"
    assert (await cell.open()).state == "ACTIVE"


async def test_what_was_suspended_by_itself_or_ended_meanwhile_does_not_come_back(host: Host) -> None:
    cell = await founding(host, without=("prevention",))
    await cell.do("prevention", last_day=date(2026, 12, 1))
    beside, police = await cell.town.sworn(Role.PREVENTION_OFFICER), cell.people["police"]
    await cell.open()
    await cell.coordinator.run(suspend_mandate, SuspendMandate(police.mandate_id, 2, "inquiry"))
    host.harness.clock.advance(minutes=1)
    await host.run(suspend_cell, SuspendCell(cell.town.cell_id, "incident"))
    host.harness.clock.advance(days=10)
    await run_due(host.harness, TERMS)
    await resumed(host, cell)
    assert await reads(police, cell.people["prevention"], beside) == [False, False, True]


async def test_a_deputy_keeps_to_the_own_turn(host: Host) -> None:
    cell = await running(host)
    deputy = await cell.town.sworn(Role.PREVENTION_OFFICER)
    named = NameDeputy(deputy.mandate_id, 2, cell.people["prevention"].mandate_id, "absent")
    await cell.people["mayor"].run(name_deputy, named)
    assert await reads(deputy) == [False]
    await host.run(suspend_cell, SuspendCell(cell.town.cell_id, "incident"))
    await resumed(host, cell)
    assert await reads(deputy, cell.people["prevention"]) == [False, True]


async def test_who_comes_while_it_is_suspended_counts_once_it_is_resumed(host: Host) -> None:
    cell = await running(host)
    command = cell.town.invitation(Role.PARTICIPANT)
    invited = await cell.coordinator.run(invite_person, command)
    code = await cell.town.sent(invited)
    await host.run(suspend_cell, SuspendCell(cell.town.cell_id, "incident"))
    person = cell.town.person_of(command, invited)
    await person.run(accept_invitation, AcceptInvitation(invited.id, code))
    assert (await mine(person)).cells == ()
    assert [told.cell_id for told in (await mine(person)).suspended] == [cell.town.cell_id]
    await resumed(host, cell)
    assert [view.cell.cell_id for view in (await mine(person)).cells] == [cell.town.cell_id]


async def test_coordinator_and_mayor_are_written_to_at_once_without_content(host: Host, post: Post) -> None:
    cell = await running(host)
    await arrived(host, post)
    await host.run(suspend_cell, SuspendCell(cell.town.cell_id, "incident"))
    letters = await arrived(host, post)
    assert len({letter["To"] for letter in letters}) == 2
    for letter in letters:
        assert SENTENCES[NoticeKind.TABLE_SUSPENDED]["fr"] in body_of(letter)
        assert str(cell.town.cell_id) not in body_of(letter)
    await resumed(host, cell)
    letters = await arrived(host, post)
    assert len(letters) == 2
    assert all(SENTENCES[NoticeKind.TABLE_RESUMED]["fr"] in body_of(letter) for letter in letters)


async def test_both_logs_say_it_with_the_reason(host: Host) -> None:
    cell = await suspended(host)
    (record,) = await records(cell.town, "stop_cell")
    assert (record.detail["reason"], record.count) == ("incident", 5)
    rows = await host.harness.database.unwalled(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit'", PLATFORM
    )
    said = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
    (kept,) = [
        record for record in said
        if record.action == "suspend_cell" and record.detail["cell"] == str(cell.town.cell_id)
    ]  # fmt: skip
    assert (kept.detail["reason"], kept.outcome) == ("incident", record.outcome)
