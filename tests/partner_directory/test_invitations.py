"""Who is invited comes with the code of the letter: once, within its days, and whoever has it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from rondetafel.audit.v1 import audit_pb2
from services.kit.errors import CellNotFound, SecondFactorMissing
from services.kit.outbox import Receipt
from services.kit.paging import Time
from services.kit.policy import Role
from services.kit.principal import system
from services.partner_directory.codes import ALPHABET, new_code
from services.partner_directory.commands.invitation.accept_invitation import AcceptInvitation, accept_invitation
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.invitation.resend_invitation import ResendInvitation, resend_invitation
from services.partner_directory.commands.invitation.try_code import TryCode, try_code
from services.partner_directory.commands.invitation.withdraw_invitation import WithdrawInvitation, withdraw_invitation
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.errors import HostInCell, InvitationRefused
from services.partner_directory.model import MOST_TRIES
from services.partner_directory.queries.list_invitations import (
    InvitationView,
    ListInvitations,
    list_invitations,
)
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.harness import Cell, Person
from tests.partner_directory.town import Host, Town, on_platform

WRONG = "AAAA-AAAA"
OPEN, OVER = ListInvitations(50, None), ListInvitations(50, None, Time.PAST)


class Invited:
    """Somebody the coordinator of a new town invited, and the code of the letter."""

    def __init__(self, town: Town, coordinator: Person, receipt: Receipt, code: str) -> None:
        self.town, self.coordinator, self.id, self.code = town, coordinator, receipt.id, code

    def somebody(self, cell: Cell | None = None) -> Person:
        """Anybody who is signed in, nowhere known."""
        return Person(cell or self.town, uuid4())

    async def comes(self, code: str = "", person: Person | None = None, **how: Any) -> Receipt:
        """Somebody comes with a code, the right one unless another is given."""
        command = AcceptInvitation(self.id, code or self.code)
        return await (person or self.somebody()).run(accept_invitation, command, **how)

    async def refused(self, code: str = "", person: Person | None = None) -> tuple[str, ...]:
        """What somebody is told who does not get in."""
        with pytest.raises(InvitationRefused) as refusal:
            await self.comes(code, person)
        return refusal.value.code, str(refusal.value), str(refusal.value.field), str(refusal.value.expected)

    async def seen(self, query: ListInvitations = OPEN) -> InvitationView:
        """The invitation as the coordinator sees it."""
        page = await self.coordinator.run(list_invitations, query)
        return next(view for view in page.invitations if view.invitation.invitation_id == self.id)

    async def again(self, version: int = 1) -> str:
        """The coordinator has it sent again; the new code."""
        return await self.town.sent(await self.coordinator.run(resend_invitation, ResendInvitation(self.id, version)))


async def invited(host: Host, **changes: Any) -> Invited:
    town, coordinator = await host.town_with_coordinator()
    receipt = await coordinator.run(invite_person, town.invitation(**changes))
    return Invited(town, coordinator, receipt, await town.sent(receipt))


async def records(host: Host, cell_id: UUID, action: str) -> list[audit_pb2.AuditRecord]:
    """What the log of a cell has of an act."""
    rows = await host.harness.database.unwalled(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit' ORDER BY producer_seq", cell_id
    )
    found = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
    return [record for record in found if record.action == action]


async def test_whoever_has_the_code_gets_the_mandate_and_nobody_else(host: Host) -> None:
    invitation = await invited(host)
    person = invitation.somebody()
    assert (await on_platform(person).run(list_my_cells, ListMyCells())).cells == ()
    receipt = await invitation.comes(invitation.code.lower().replace("-", " "), person)
    assert (receipt.id, receipt.state, receipt.version) == (invitation.id, "ACTIVE", 1)
    (mine,) = (await on_platform(person).run(list_my_cells, ListMyCells())).cells
    assert (mine.cell.cell_id, mine.roles) == (invitation.town.cell_id, ("participant",))
    assert (await invitation.seen(OVER)).state == "ACCEPTED"
    record = (await records(host, invitation.town.cell_id, "accept_invitation"))[-1]
    assert (record.actor_id, record.outcome) == (str(person.person_id), "allow")
    assert invitation.code not in str(record)


async def test_a_code_works_once_and_not_for_who_came_by_it_either(host: Host) -> None:
    invitation = await invited(host)
    person = invitation.somebody()
    await invitation.comes(person=person, idempotency_key="once")
    assert (await invitation.comes(person=person, idempotency_key="once")).id == invitation.id, "a repeat"
    assert await invitation.refused() == await invitation.refused(person=person)


async def test_of_two_people_who_race_with_one_code_one_comes(host: Host) -> None:
    invitation = await invited(host)
    answers = await asyncio.gather(*(invitation.comes() for _ in range(4)), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == [*["InvitationRefused"] * 3, "Receipt"]


async def test_all_that_is_wrong_is_told_alike(host: Host) -> None:
    used, withdrawn, expired = [await invited(host) for _ in range(3)]
    fine = await invited(host)
    said = [await fine.refused(WRONG)]
    await used.comes()
    said.append(await used.refused())
    await withdrawn.coordinator.run(withdraw_invitation, WithdrawInvitation(withdrawn.id, 1))
    said.append(await withdrawn.refused())
    foreign = Invited(used.town, fine.coordinator, Receipt(fine.id, "SENT", 1), fine.code)
    said.append(await foreign.refused())
    said.append(await fine.refused(person=fine.somebody(Cell(host.harness, uuid4(), ()))))
    said.append(await Invited(fine.town, fine.coordinator, Receipt(uuid4(), "SENT", 1), fine.code).refused())
    assert await fine.comes()
    host.harness.clock.advance(days=15)
    said.append(await expired.refused())
    assert len(said) == 7
    assert len(set(said)) == 1


async def test_nobody_comes_without_a_second_factor(host: Host) -> None:
    invitation = await invited(host)
    person = invitation.somebody()
    person.acr = 1
    with pytest.raises(SecondFactorMissing):
        await invitation.comes(person=person)
    person.acr = 2
    assert await invitation.comes(person=person)


async def test_after_five_wrong_codes_the_right_one_is_refused_until_another_is_sent(host: Host) -> None:
    invitation = await invited(host)
    for left in range(MOST_TRIES, 0, -1):
        assert (await invitation.seen()).invitation.tries_left == left
        await invitation.refused(WRONG)
    assert (await invitation.seen()).invitation.tries_left == 0
    await invitation.refused()
    code = await invitation.again()
    assert (await invitation.seen()).invitation.tries_left == MOST_TRIES
    await invitation.refused()
    assert await invitation.comes(code)


async def test_guesses_at_once_are_counted_each(host: Host) -> None:
    invitation = await invited(host)
    await asyncio.gather(*(invitation.refused(new_code()) for _ in range(12)))
    assert (await invitation.seen()).invitation.tries == MOST_TRIES
    await invitation.refused()
    outcomes = {record.outcome for record in await records(host, invitation.town.cell_id, "accept_invitation")}
    assert "allow" in outcomes, "the coordinator came"
    refusals = await records(host, invitation.town.cell_id, "accept_invitation")
    assert len([record for record in refusals if record.outcome != "allow"]) == 13


async def test_the_code_before_is_dead_from_the_moment_another_is_asked_for(host: Host) -> None:
    invitation = await invited(host)
    await invitation.coordinator.run(resend_invitation, ResendInvitation(invitation.id, 1))
    await invitation.refused()
    code = await invitation.town.sent(Receipt(invitation.id, "SENT", 2))
    await invitation.refused()
    assert await invitation.comes(code)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        # Brussels is one hour ahead in winter, two in summer; the clocks change on 28 March and 31 October 2027.
        ("2026-11-24T22:59:59", "2026-12-08T23:00:00"),
        ("2026-11-24T23:00:00", "2026-12-09T23:00:00"),
        ("2027-02-20T10:00:00", "2027-03-06T23:00:00"),
        ("2027-03-20T10:00:00", "2027-04-03T22:00:00"),
        ("2027-10-20T10:00:00", "2027-11-03T23:00:00"),
        ("2027-12-31T22:30:00", "2028-01-14T23:00:00"),
    ],
)
async def test_a_code_counts_to_the_end_of_the_fourteenth_day_in_brussels(host: Host, now: str, ends: str) -> None:
    town, coordinator = await host.town_with_coordinator()
    clock = host.harness.clock
    clock.now = datetime.fromisoformat(now).replace(tzinfo=UTC)
    start = clock.now.date() - timedelta(days=1)
    codes = []
    for _ in range(2):
        command = town.invitation(first_day=start, last_day=start + timedelta(days=300))
        receipt = await town.host.run(invite_person, replace(command, role=Role.MAYOR), town.cell_id)
        codes.append(Invited(town, coordinator, receipt, await town.sent(receipt)))
    clock.now = datetime.fromisoformat(ends).replace(tzinfo=UTC) - timedelta(microseconds=1)
    await run_due(host.harness, TERMS)
    assert await codes[0].comes()
    clock.now += timedelta(microseconds=1)
    await codes[1].refused()


async def test_when_its_days_are_over_who_was_invited_is_forgotten(host: Host) -> None:
    invitation = await invited(host, note="Welkom!")
    for _ in range(2):
        await run_due(host.harness, TERMS)
        host.harness.clock.advance(days=15)
    await run_due(host.harness, TERMS)
    (row,) = await kept(host, invitation.id)
    assert row["state"] == "EXPIRED"
    assert {row[name] for name in ("email", "given_name", "family_name", "note", "code_hash")} == {None}
    (record,) = await records(host, invitation.town.cell_id, "expire_invitation")
    assert dict(record.detail) == {"invitation": str(invitation.id), "state": "EXPIRED"}


async def test_one_that_was_sent_again_lasts_from_then_on(host: Host) -> None:
    invitation = await invited(host)
    host.harness.clock.advance(days=14)
    code = await invitation.again()
    host.harness.clock.advance(days=13)
    await run_due(host.harness, TERMS)
    assert await invitation.comes(code)


async def kept(host: Host, invitation_id: UUID) -> list[Any]:
    """The row of an invitation."""
    asked = "SELECT * FROM invitation WHERE invitation_id = $1"
    return list(await host.harness.database.unwalled(asked, invitation_id))


async def test_giving_and_forgetting_when_somebody_came_or_it_was_taken_back(host: Host) -> None:
    came, back = await invited(host, note="Welkom!"), await invited(host, note="Welkom!")
    await came.comes()
    receipt = await back.coordinator.run(withdraw_invitation, WithdrawInvitation(back.id, 1))
    assert (receipt.state, receipt.version) == ("WITHDRAWN", 2)
    for invitation, state, note in ((came, "ACCEPTED", True), (back, "WITHDRAWN", False)):
        (row,) = await kept(host, invitation.id)
        assert (row["state"], row["note"] is not None) == (state, note)
        assert {row[name] for name in ("email", "given_name", "family_name", "code_hash")} == {None}
        assert (await invitation.coordinator.run(list_invitations, OPEN)).invitations == ()
        view = await invitation.seen(OVER)
        assert (view.state, view.email, view.given_name, view.may) == (state, "", "", ())


async def test_what_depends_on_the_person_is_asked_of_who_comes(host: Host) -> None:
    hilde = await host.appointed()
    invitation = await invited(host)
    with pytest.raises(HostInCell):
        await invitation.comes(person=hilde.elsewhere(invitation.town))
    assert (await invitation.seen()).invitation.tries_left == MOST_TRIES, "a right code is no wrong one"
    assert await invitation.comes()


async def test_one_taken_back_between_the_try_and_the_coming_gives_nothing(host: Host) -> None:
    invitation = await invited(host)
    tried = host.harness.executor.answerers
    kind = next(question for question in tried if question.__name__ == "CodeFits")

    async def meanwhile(question: Any) -> Any:
        found = await tried[kind](question)
        await invitation.coordinator.run(withdraw_invitation, WithdrawInvitation(invitation.id, 1))
        return found

    host.harness.executor.answerers = {**tried, kind: meanwhile}
    await invitation.refused()


async def test_a_mandate_that_ended_leaves_nothing_to_come_back_by(host: Host) -> None:
    invitation = await invited(host)
    receipt = await invitation.comes()
    await invitation.coordinator.run(end_mandate, EndMandate(receipt.id, 1, "left"))
    await invitation.refused()


async def test_nobody_else_tries_codes(host: Host) -> None:
    invitation = await invited(host)
    command = TryCode(invitation.id, "00" * 32)
    for run in (invitation.town.as_host, invitation.coordinator.run):
        with pytest.raises(Exception, match=r"cell|role"):
            await run(try_code, command)
    with pytest.raises(CellNotFound):
        await host.harness.executor.run(system("case.service", invitation.town.cell_id), try_code, command)
    ours = system("partner_directory.codes", invitation.town.cell_id)
    assert await host.harness.executor.run(ours, try_code, command) is None
    assert (await invitation.seen()).invitation.tries == 1


def test_codes_are_easily_read_and_never_the_same() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert set("".join(codes)) == set(ALPHABET) | {"-"}
    assert not set(ALPHABET) & set("0O1IL8B5S2ZUVGQ6")
