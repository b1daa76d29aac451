"""The host's people found a cell from the platform: its first coordinator and its first mayor (decision 74)."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from rondetafel.audit.v1 import audit_pb2
from services.kit.errors import CellNotFound, Invalid, RoleMissing, VersionChanged
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.kit.principal import PLATFORM
from services.partner_directory.commands.cell.withdraw_cell import WithdrawCell, withdraw_cell
from services.partner_directory.commands.founding.found_seat import FoundSeat, found_seat
from services.partner_directory.commands.founding.resend_founding import ResendFounding, resend_founding
from services.partner_directory.commands.founding.withdraw_founding import WithdrawFounding, withdraw_founding
from services.partner_directory.commands.invitation.accept_invitation import AcceptInvitation, accept_invitation
from services.partner_directory.commands.invitation.invite_person import InvitePerson, invite_person
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.errors import (
    CellFounded,
    CellHeld,
    HostInCell,
    InvitationExists,
    InvitationNotFound,
    InvitationOver,
    InvitationRefused,
    LegalBasisUnknown,
    MandateReversed,
    MunicipalityNotInCell,
    OrganisationUnknown,
)
from services.partner_directory.model import WAIT
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.list_proposals import ListProposals, list_proposals
from services.partner_directory.queries.read_cell import HostCellView, ReadCell, read_cell
from tests.harness import Person
from tests.partner_directory.noticing import records
from tests.partner_directory.town import LAW, TEXT, Host, Town

PAGE = ListMandates(50, None)


def seat(town: Town, role: Role = Role.COORDINATOR, **changes: Any) -> FoundSeat:
    """A founding seat that is in order."""
    values: dict[str, Any] = {
        "host_cell_id": town.cell_id, "email": f"{uuid4().hex}@stad.example", "given_name": "Nele",
        "family_name": "Claes", "kbo_number": town.kbo_number, "role": role, "nis_codes": (),
        "first_day": date(2026, 11, 24), "last_day": date(2027, 11, 23), "legal_basis": LAW, "language": "nl",
    }  # fmt: skip
    return FoundSeat(**(values | changes))


def as_invited(town: Town, command: FoundSeat) -> InvitePerson:
    """The same, as the command line has it done in the cell."""
    return town.invitation(command.role, email=command.email)


async def comes(town: Town, command: FoundSeat, invited: Receipt) -> tuple[Person, Receipt]:
    """Who was invited comes with the code of the letter."""
    person = town.person_of(as_invited(town, command), invited)
    mandate = await person.run(accept_invitation, AcceptInvitation(invited.id, await town.sent(invited)))
    return person, mandate


async def looked(hilde: Person, town: Town) -> HostCellView:
    """The cell as the host sees it."""
    return await hilde.run(read_cell, ReadCell(town.cell_id))


async def test_coordinator_and_mayor_are_seated_from_the_platform_and_content_waits(host: Host) -> None:
    town, hilde = await host.town(), await host.appointed()
    assert "found_seat" in (await looked(hilde, town)).may
    assert (await looked(hilde, town)).standing.founds == (Role.COORDINATOR, Role.MAYOR)
    for role, left in ((Role.COORDINATOR, (Role.MAYOR,)), (Role.MAYOR, ())):
        command = seat(town, role)
        invited = await hilde.run(found_seat, command)
        assert (invited.state, invited.version) == ("SENT", 1)
        (newest, *_) = (await looked(hilde, town)).invited
        assert (newest.founding.invitation_id, newest.founding.role, newest.founding.state) == (
            invited.id,
            role,
            "SENT",
        )
        assert newest.may == ("resend_founding", "withdraw_founding")
        person, mandate = await comes(town, command, invited)
        assert (mandate.id, mandate.state) == (invited.id, "ACTIVE")
        view = await looked(hilde, town)
        assert (view.invited[0].founding.state, view.invited[0].may) == ("ACCEPTED", ())
        assert view.standing.founds == left
        await person.run(accept_undertaking, AcceptUndertaking(TEXT))
        (given,) = [
            held.mandate for held in (await person.run(list_mandates, PAGE)).mandates if held.mandate.role == role
        ]
        assert (given.given_by, given.opens_at) == ("FOUNDING", host.harness.clock() + WAIT)
    announced = "SELECT what FROM announcement WHERE cell_id = $1"
    assert {row["what"] for row in await host.harness.database.unwalled(announced, town.cell_id)} == {"APPOINTED"}


@pytest.mark.parametrize("role", [Role.MAYOR, Role.COORDINATOR])
async def test_invariant_24_in_a_cell_with_a_mayor_the_host_founds_and_proposes_nothing(host: Host, role: Role) -> None:
    town, hilde = await host.town(), await host.appointed()
    assert (await hilde.run(found_seat, seat(town, role))).state == "SENT"
    town, coordinator = await host.town_with_coordinator()
    waiting = seat(town, Role.MAYOR)
    invited = await hilde.run(found_seat, waiting)
    mayor = await town.sworn(Role.MAYOR)
    host.sign_in.asked.clear()
    with pytest.raises(CellFounded):
        await hilde.run(found_seat, seat(town, role))
    assert host.sign_in.asked == [], "nobody was made known"
    assert (await mayor.run(list_proposals, ListProposals(50, None))).proposals == ()
    view = await looked(hilde, town)
    assert ("found_seat" in view.may, view.standing.founds) == (False, ())
    (open_one,) = [kept for kept in view.invited if kept.founding.invitation_id == invited.id]
    assert open_one.may == ("withdraw_founding",), "who was invited could not come any more"
    with pytest.raises(CellFounded):
        await hilde.run(resend_founding, ResendFounding(town.cell_id, invited.id, 1))
    with pytest.raises(CellFounded):
        await comes(town, waiting, invited)
    assert [held.mandate.role for held in (await coordinator.run(list_mandates, PAGE)).mandates] == [
        "mayor",
        "coordinator",
    ]


async def test_invariant_24_whoever_acts_for_the_host_is_no_mayor_and_inviting_does_not_tell(host: Host) -> None:
    town, hilde = await host.town(), await host.appointed()
    bob = await host.appointed(email="bob@founding-host.example")
    told = [
        await hilde.run(found_seat, seat(await host.town(), Role.MAYOR, email=email))
        for email in ("bob@founding-host.example", "nobody@founding-host.example")
    ]
    assert {(answer.state, answer.version) for answer in told} == {("SENT", 1)}
    own = seat(town, Role.MAYOR, email="bob@founding-host.example")
    invited = await hilde.run(found_seat, own)
    with pytest.raises(HostInCell):
        await comes(town, own, invited)
    with pytest.raises(CellNotFound):
        await bob.elsewhere(town).run(list_mandates, PAGE)


async def test_it_is_sent_again_and_taken_back_in_the_version_read(host: Host) -> None:
    town, hilde = await host.town(), await host.appointed()
    command = seat(town)
    invited = await hilde.run(found_seat, command)
    before = await town.sent(invited)
    with pytest.raises(VersionChanged):
        await hilde.run(resend_founding, ResendFounding(town.cell_id, invited.id, 7))
    again = await hilde.run(resend_founding, ResendFounding(town.cell_id, invited.id, 1))
    assert (again.id, again.version) == (invited.id, 2)
    person = town.person_of(as_invited(town, command), invited)
    with pytest.raises(InvitationRefused):
        await person.run(accept_invitation, AcceptInvitation(invited.id, before))
    code = await town.sent(invited)
    taken = await hilde.run(withdraw_founding, WithdrawFounding(town.cell_id, invited.id, 2))
    assert (taken.state, (await looked(hilde, town)).invited[0].founding.state) == ("WITHDRAWN", "WITHDRAWN")
    with pytest.raises(InvitationRefused):
        await person.run(accept_invitation, AcceptInvitation(invited.id, code))
    for handler, again_so in ((resend_founding, ResendFounding), (withdraw_founding, WithdrawFounding)):
        with pytest.raises(InvitationOver):
            await hilde.run(handler, again_so(town.cell_id, invited.id, 3))  # type: ignore[arg-type]
    assert (await hilde.run(found_seat, command)).state == "SENT", "the seat is free, so is the person"


async def test_what_the_cell_sent_is_no_matter_of_the_hosts(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    hilde = await host.appointed()
    founded = await hilde.run(found_seat, seat(town, Role.MAYOR))
    own = await coordinator.run(invite_person, town.invitation())
    assert own.id not in {kept.founding.invitation_id for kept in (await looked(hilde, town)).invited}
    for command in (resend_founding, ResendFounding), (withdraw_founding, WithdrawFounding):
        handler, asked = command
        for cell_id, invitation_id in (
            (town.cell_id, own.id),
            (town.cell_id, uuid4()),
            ((await host.town()).cell_id, founded.id),
        ):
            with pytest.raises(InvitationNotFound):
                await hilde.run(handler, asked(cell_id, invitation_id, 1))  # type: ignore[arg-type]
    assert (await hilde.run(resend_founding, ResendFounding(town.cell_id, founded.id, 1))).version == 2


async def test_of_two_hosts_at_once_one_invites_and_of_two_guests_one_comes(host: Host) -> None:
    town = await host.town()
    people = [await host.appointed(), await host.appointed()]
    command = seat(town, Role.MAYOR)
    answers = await asyncio.gather(*(person.run(found_seat, command) for person in people), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["InvitationExists", "Receipt"]
    other = seat(town, Role.MAYOR)
    second = await people[0].run(found_seat, other)
    (first,) = [answer for answer in answers if isinstance(answer, Receipt)]
    came = await asyncio.gather(comes(town, command, first), comes(town, other, second), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in came) == ["CellFounded", "tuple"]


async def test_a_cell_taken_back_has_no_seats_and_one_with_an_invitation_is_not_taken_back(host: Host) -> None:
    town, hilde = await host.town(), await host.appointed()
    await hilde.run(found_seat, seat(town))
    with pytest.raises(CellHeld):
        await hilde.run(withdraw_cell, WithdrawCell(town.cell_id))
    gone = await host.town()
    await hilde.run(withdraw_cell, WithdrawCell(gone.cell_id))
    host.sign_in.asked.clear()
    for cell_id in (gone.cell_id, uuid4(), PLATFORM):
        with pytest.raises(CellNotFound):
            await hilde.run(found_seat, seat(gone, host_cell_id=cell_id))
        for handler, asked in ((resend_founding, ResendFounding), (withdraw_founding, WithdrawFounding)):
            with pytest.raises(CellNotFound):
                await hilde.run(handler, asked(cell_id, uuid4(), 1))  # type: ignore[arg-type]
    assert host.sign_in.asked == []


async def test_founding_and_taking_back_at_once_leave_one_of_them(host: Host) -> None:
    town, hilde = await host.town(), await host.appointed()
    founded, back = await asyncio.gather(
        hilde.run(found_seat, seat(town)), hilde.run(withdraw_cell, WithdrawCell(town.cell_id)), return_exceptions=True
    )
    names = {type(founded).__name__, type(back).__name__}
    assert names in ({"Receipt", "CellHeld"}, {"CellNotFound", "Receipt"})


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"kbo_number": "9999999922"}, OrganisationUnknown, "kbo_number"),
        ({"nis_codes": ("11001",)}, MunicipalityNotInCell, "nis_codes"),
        ({"legal_basis": "none-such"}, LegalBasisUnknown, "legal_basis"),
        ({"last_day": date(2026, 11, 23)}, MandateReversed, "to"),
    ],
)
async def test_bad_input_is_named_at_its_field(
    host: Host, changes: dict[str, Any], error: type[Invalid], field: str
) -> None:
    town, hilde = await host.town(), await host.appointed()
    with pytest.raises(error) as refused:
        await hilde.run(found_seat, seat(town, **changes))
    assert refused.value.field == field
    assert (await looked(hilde, town)).invited == ()
    command = seat(town)
    await hilde.run(found_seat, command)
    with pytest.raises(InvitationExists):
        await hilde.run(found_seat, command)


async def test_nobody_but_the_host_founds_and_only_from_the_platform(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    hilde = await host.appointed()
    command = seat(town, Role.MAYOR)
    with pytest.raises(RoleMissing):
        await coordinator.run(found_seat, command)
    with pytest.raises(CellNotFound):
        await hilde.elsewhere(town).run(found_seat, command)
    with pytest.raises(CellNotFound):
        await host.run(found_seat, command, town.cell_id)
    stranger = Person(hilde.cell, uuid4())
    with pytest.raises(CellNotFound):
        await stranger.run(found_seat, command)
    assert (await hilde.run(found_seat, command)).state == "SENT"


async def test_a_repeat_answers_the_same_and_sends_one_letter(host: Host) -> None:
    town = await host.town()
    command = seat(town)
    first = await host.run(found_seat, command, key="found")
    assert await host.run(found_seat, command, key="found") == first
    assert len((await host.run(read_cell, ReadCell(town.cell_id))).invited) == 1


async def test_both_logs_say_it_and_neither_names_the_person(host: Host) -> None:
    town, hilde = await host.town(), await host.appointed()
    invited = await hilde.run(found_seat, seat(town))
    (record,) = await records(town, "invite_founder")
    assert (record.detail["invitation"], record.detail["given_by"]) == (str(invited.id), "FOUNDING")
    rows = await host.harness.database.unwalled(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit'", PLATFORM
    )
    said = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
    (kept,) = [act for act in said if act.action == "found_seat" and act.detail.get("cell") == str(town.cell_id)]
    assert (kept.detail["invitation"], kept.detail["seat"]) == (str(invited.id), "coordinator")
    assert UUID(kept.actor_id) == hilde.person_id
    for row in rows:
        assert b"Claes" not in row["payload"]
        assert b"stad.example" not in row["payload"]
