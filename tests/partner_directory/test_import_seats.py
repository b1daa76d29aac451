"""Everybody on a list of seats is invited in one act, or nobody; given again it invites nobody."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.kit.errors import CellNotFound, RoleMissing, Unavailable
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.commands.invitation.accept_invitation import AcceptInvitation, accept_invitation
from services.partner_directory.commands.invitation.import_seats import ImportSeats, import_seats
from services.partner_directory.commands.invitation.withdraw_invitation import WithdrawInvitation, withdraw_invitation
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.errors import AccountRefused, SeatsFaulty, SignInServiceAway, TooManyInvitations
from services.partner_directory.model import MOST_OPEN_INVITATIONS
from services.partner_directory.queries.check_seats import CheckSeats, check_seats
from services.partner_directory.queries.list_invitations import list_invitations
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.seat_list import MOST_SEATS
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.harness import Person
from tests.partner_directory.seat_files import checked, faults, imported, many, seat, sent, sheet, states
from tests.partner_directory.test_invitations import OPEN, records
from tests.partner_directory.town import Host, Town


async def rows_of(host: Host, cell_id: UUID) -> list[Any]:
    """The invitations of a cell as they are kept, in the order of the list."""
    return list(await host.harness.database.unwalled(
        "SELECT invitation_id, state, language, role, address_index, nis_codes FROM invitation WHERE tenant_id = $1"
        " ORDER BY invitation_id", cell_id,
    ))  # fmt: skip


async def invitation_to(who: Person, email: str) -> UUID:
    """The open one to this address."""
    page = await who.run(list_invitations, OPEN)
    return next(view.invitation.invitation_id for view in page.invitations if view.email == email)


async def comes(town: Town, invitation_id: UUID) -> Person:
    """Somebody comes with the code of the letter."""
    code = await town.sent(Receipt(invitation_id, "SENT", 1))
    person = Person(town, uuid4())
    person.mandate_id = (await person.run(accept_invitation, AcceptInvitation(invitation_id, code))).id
    return person


async def test_all_are_invited_in_one_act_and_each_gets_the_letters(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    await run_due(host.harness, TERMS)
    people = [*many(town, 3), seat(town, email="zoe@caw.example", role="Verslaggever", language="Frans")]
    host.sign_in.asked.clear()
    receipt = await imported(coordinator, *people)
    assert (receipt.state, receipt.version) == ("INVITED", 4)
    assert host.sign_in.asked == [], "nobody waits for accounts"
    (record,) = await records(host, town.cell_id, "import_seats")
    assert (record.count, record.outcome, record.detail["list"]) == (4, "allow", str(receipt.id))
    assert "caw.example" not in str(record)
    host.sign_in.invited.clear()
    host.sign_in.written_to.clear()
    await run_due(host.harness, TERMS)
    assert [letter.email for letter in host.sign_in.invited] == ["nele.0@caw.example"], "letters of others go between"
    host.harness.clock.advance(seconds=len(people))
    await run_due(host.harness, TERMS)
    addresses = [person["email"] for person in people]
    assert sorted(host.sign_in.asked) == sorted(addresses)
    assert Counter(letter.email for letter in host.sign_in.invited) == Counter(addresses)
    assert dict(host.sign_in.written_to) == dict.fromkeys(addresses, "nl") | {"zoe@caw.example": "fr"}
    found = Counter((row["language"], row["role"]) for row in await rows_of(host, town.cell_id))
    assert found == {("nl", "coordinator"): 1, ("nl", "participant"): 3, ("fr", "minute_taker"): 1}


async def test_who_is_known_is_not_told_by_the_answer(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    host.sign_in.set_up.add("nele.0@caw.example")
    check = await checked(coordinator, *many(town, 2))
    assert [row.state for row in check.rows] == ["new", "new"]
    assert (await imported(coordinator, *many(town, 2))).version == 2
    assert {(row["state"], len(row["address_index"])) for row in (await rows_of(host, town.cell_id))[-2:]} == {
        ("SENT", 32)
    }


async def test_one_fault_and_nobody_is_invited(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    before = len(await rows_of(host, town.cell_id))
    with pytest.raises(SeatsFaulty) as refused:
        await imported(coordinator, *many(town, 2), seat(town, email="nele", kbo_number="0999999922"))
    assert refused.value.expected == (
        "no faults, not 2: line 4, column 1: email FieldMalformed, one e-mail address; "
        "line 4, column 4: kbo_number OrganisationUnknown, a registered organisation"
    )
    assert len(await rows_of(host, town.cell_id)) == before
    assert (await imported(coordinator, *many(town, 2))).version == 2


async def test_the_same_list_again_invites_nobody(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    people = many(town, 3)
    key = str(uuid4())
    first = await imported(coordinator, *people, idempotency_key=key)
    assert await imported(coordinator, *people, idempotency_key=key) == first
    assert (await imported(coordinator, *people)).version == 0
    assert states(await checked(coordinator, *people)) == ["invited"] * 3
    longer = [*people, seat(town, email="later@caw.example")]
    assert (await imported(coordinator, *longer)).version == 1


async def test_who_came_is_found_also_by_another_account_and_forgotten_when_it_is_over(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    people = many(town, 2)
    await imported(coordinator, *people)
    first, second = [await invitation_to(coordinator, person["email"]) for person in people]
    came = await comes(town, first)
    check = await checked(coordinator, *people, seat(town, email="new@caw.example"))
    assert states(check) == ["held", "invited", "new"]
    assert (await imported(coordinator, *people)).version == 0
    await coordinator.run(withdraw_invitation, WithdrawInvitation(second, 1))
    await coordinator.run(end_mandate, EndMandate(came.mandate_id, 1, "left_function"))
    assert {row["address_index"] for row in (await rows_of(host, town.cell_id))[-2:]} == {None}
    assert states(await checked(coordinator, *people)) == ["new", "new"]


async def test_when_the_last_day_is_over_the_address_is_forgotten(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    await imported(coordinator, seat(town, to="25/11/2026"))
    (row,) = (await rows_of(host, town.cell_id))[-1:]
    await comes(town, row["invitation_id"])
    host.harness.clock.advance(days=2)
    await run_due(host.harness, TERMS)
    assert (await rows_of(host, town.cell_id))[-1]["address_index"] is None


async def test_two_coordinators_send_the_same_list_at_once(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    mayor = await town.sworn(Role.MAYOR)
    people = many(town, 20)
    receipts = await asyncio.gather(imported(coordinator, *people), imported(mayor, *people))
    assert sorted(receipt.version for receipt in receipts) == [0, 20]


async def test_a_list_that_breaks_off_leaves_nothing(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    town, coordinator = await host.town_with_coordinator()
    before = len(await rows_of(host, town.cell_id))

    async def away(*_: Any, **__: Any) -> None:
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr("services.kit.execute.write_last", away)
        with pytest.raises(Unavailable):
            await imported(coordinator, *many(town, 5))
    assert len(await rows_of(host, town.cell_id)) == before
    waiting = "SELECT count(*) AS n FROM sign_in_letter WHERE tenant_id = $1 AND person_id IS NULL"
    assert (await host.harness.database.unwalled(waiting, town.cell_id))[0]["n"] == 0
    assert (await imported(coordinator, *many(town, 5))).version == 5


async def test_the_account_is_made_with_the_letter_and_waits_for_a_sign_in_service_that_is_away(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    await run_due(host.harness, TERMS)
    host.sign_in.written_to.clear()
    host.sign_in.failure = SignInServiceAway(retry_after=1)
    assert (await imported(coordinator, seat(town, email="ada@caw.example"))).version == 1
    await run_due(host.harness, TERMS)
    assert host.sign_in.written_to == []
    host.sign_in.failure = None
    host.harness.clock.advance(minutes=3)
    await run_due(host.harness, TERMS)
    assert host.sign_in.written_to == [("ada@caw.example", "nl")]


async def test_an_account_that_is_never_taken_is_asked_for_once_and_its_code_counts_all_the_same(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    await run_due(host.harness, TERMS)
    host.sign_in.failure = AccountRefused(field="email")
    await imported(coordinator, seat(town))
    host.sign_in.asked.clear()
    host.sign_in.written_to.clear()
    for _ in range(2):
        await run_due(host.harness, TERMS)
        host.harness.clock.advance(hours=1)
    assert (len(host.sign_in.asked), host.sign_in.written_to) == (1, [])
    host.sign_in.failure = None
    assert await comes(town, await invitation_to(coordinator, "nele@caw.example"))


async def test_who_was_taken_back_before_the_letter_gets_no_account(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    await run_due(host.harness, TERMS)
    await imported(coordinator, seat(town))
    host.sign_in.asked.clear()
    invitation = await invitation_to(coordinator, "nele@caw.example")
    await coordinator.run(withdraw_invitation, WithdrawInvitation(invitation, 1))
    await run_due(host.harness, TERMS)
    assert host.sign_in.asked == []


async def test_who_may_and_who_may_not(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    mayor, partner, dpo = await town.sworn(Role.MAYOR), await town.sworn(Role.PARTICIPANT), await town.sworn(Role.DPO)
    _, stranger = await host.town_with_coordinator()
    people = many(town, 1)
    file = sent(sheet(*people))
    for person, error in (
        (partner, RoleMissing), (dpo, RoleMissing), (stranger.elsewhere(town), CellNotFound),
        (Person(town, uuid4()), CellNotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            await person.run(check_seats, CheckSeats(file))
        with pytest.raises(error):
            await person.run(import_seats, ImportSeats(file))
    assert states(await checked(mayor, *people)) == ["new"]
    assert (await imported(coordinator, *people)).version == 1


async def test_in_another_cell_the_same_address_is_something_else(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    other, elsewhere = await host.town_with_coordinator()
    for cell, who in ((town, coordinator), (other, elsewhere)):
        assert (await imported(who, seat(cell))).version == 1
    indexes = [(await rows_of(host, cell.cell_id))[-1]["address_index"] for cell in (town, other)]
    assert len(set(indexes)) == 2


async def test_invariant_24_the_host_founds_by_a_list_and_does_nothing_else(host: Host) -> None:
    founded = await host.town()
    first = [seat(founded, email=f"{role}@stad.example", role=role) for role in ("burgemeester", "coordinator")]
    file = sent(sheet(*first))
    check = await founded.as_host(check_seats, CheckSeats(file))
    assert states(check) == ["new", "new"]
    assert (await founded.as_host(import_seats, ImportSeats(file))).version == 2
    assert (await founded.as_host(import_seats, ImportSeats(file))).version == 0
    for row in sorted(await rows_of(host, founded.cell_id), key=lambda row: str(row["role"])):
        await comes(founded, row["invitation_id"])
    assert states(await founded.as_host(check_seats, CheckSeats(file))) == ["held", "held"]
    other = sent(sheet(seat(founded, role="deelnemer"), seat(founded, role="burgemeester", email="x@stad.example")))
    refused = await founded.as_host(check_seats, CheckSeats(other))
    assert [fault[2:] for fault in faults(refused)] == [("role", "RoleMissing"), ("role", "CellFounded")]
    with pytest.raises(SeatsFaulty):
        await founded.as_host(import_seats, ImportSeats(other))
    given = (await founded.as_host(list_mandates, ListMandates(50, None))).mandates
    assert {view.mandate.given_by for view in given} == {"FOUNDING"}


async def test_the_host_finds_whom_it_invited_itself_and_nobody_the_cell_did(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    mayor = await town.sworn(Role.MAYOR)
    successor = seat(town, role="burgemeester", email="next@stad.example", **{"from": "1/1/2027", "to": "1/2/2027"})
    await imported(mayor, successor)
    assert states(await checked(mayor, successor)) == ["invited"]
    file = sent(sheet(successor))
    assert faults(await town.as_host(check_seats, CheckSeats(file))) == [(2, 5, "role", "CellFounded")]
    stranger = sent(sheet(successor | {"email": "nobody@stad.example"}))
    told = [await town.as_host(check_seats, CheckSeats(asked)) for asked in (file, stranger)]
    assert faults(told[0]) == faults(told[1])
    assert coordinator


async def test_a_letter_and_an_account_for_each_follow_the_one_act(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    await run_due(host.harness, TERMS)
    people = many(town, 40)
    await imported(coordinator, *people)
    for noted in (host.sign_in.asked, host.sign_in.invited, host.sign_in.written_to):
        noted.clear()
    for _ in range(2):
        host.harness.clock.advance(minutes=1)
        await run_due(host.harness, TERMS)
    addresses = {person["email"] for person in people}
    assert len(host.sign_in.asked) == len(host.sign_in.invited) == len(host.sign_in.written_to) == 40
    assert {email for email, _ in host.sign_in.written_to} == set(host.sign_in.asked) == addresses
    assert len(await records(host, town.cell_id, "import_seats")) == 1


async def test_as_many_rows_as_a_list_may_have_in_one_act(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    people = many(town, MOST_SEATS)
    assert (await checked(coordinator, *people)).letters == MOST_SEATS
    assert (await imported(coordinator, *people)).version == MOST_SEATS
    assert (await imported(coordinator, *people)).version == 0
    acts = await records(host, town.cell_id, "import_seats")
    assert [record.count for record in acts] == [MOST_SEATS, 0]
    more = [person | {"email": f"more.{person['email']}"} for person in people]
    assert (await imported(coordinator, *more)).version == MOST_OPEN_INVITATIONS - MOST_SEATS, "both limits agree"
    with pytest.raises(TooManyInvitations):
        await imported(coordinator, seat(town))
