"""Who sees invitations, sends them again and takes them back; and what the walls show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from services.kit.errors import CellNotFound, RoleMissing, VersionChanged
from services.kit.policy import Role
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.invitation.resend_invitation import ResendInvitation, resend_invitation
from services.partner_directory.commands.invitation.withdraw_invitation import WithdrawInvitation, withdraw_invitation
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.errors import InvitationNotFound, InvitationOver
from services.partner_directory.queries.list_invitations import ListInvitations, list_invitations
from services.partner_directory.queries.read_table import ReadTable, read_table
from tests.partner_directory.test_invitations import OPEN, invited, kept
from tests.partner_directory.town import TEXT, Host


async def test_who_may_see_send_again_and_take_back(host: Host) -> None:
    invitation = await invited(host)
    town = invitation.town
    mayor, partner, dpo = await town.sworn(Role.MAYOR), await town.sworn(Role.PARTICIPANT), await town.sworn(Role.DPO)
    _, stranger = await host.town_with_coordinator()
    acts: list[tuple[Any, Any]] = [
        (resend_invitation, ResendInvitation(invitation.id, 1)), (list_invitations, OPEN),
        (withdraw_invitation, WithdrawInvitation(invitation.id, 2)),
    ]  # fmt: skip
    for handler, command in acts:
        for person, error in (
            (partner, RoleMissing), (dpo, RoleMissing), (stranger.elsewhere(town), CellNotFound),
            (invitation.somebody(), CellNotFound),
        ):  # fmt: skip
            with pytest.raises(error):
                await person.run(handler, command)
        assert await mayor.run(handler, command)
    for handler, command in acts[::2]:
        with pytest.raises(InvitationOver):
            await mayor.run(handler, replace(command, expected_version=3))
        with pytest.raises(VersionChanged):
            await mayor.run(handler, command)
        for _ in range(2):
            with pytest.raises(InvitationNotFound):
                await stranger.run(handler, command)
            command = replace(command, invitation_id=uuid4())


async def test_a_mayors_invitation_is_no_matter_of_the_coordinators(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    receipt = await town.as_host(invite_person, town.invitation(Role.MAYOR))
    (seen,) = (await coordinator.run(list_invitations, OPEN)).invitations
    assert seen.may == ()
    with pytest.raises(RoleMissing):
        await coordinator.run(withdraw_invitation, WithdrawInvitation(receipt.id, 1))
    (outside,) = (await town.as_host(list_invitations, OPEN)).invitations
    assert outside.may == ("resend_invitation", "withdraw_invitation")
    assert (outside.email, outside.given_name, outside.family_name) == ("", "", "")
    assert await town.as_host(resend_invitation, ResendInvitation(receipt.id, 1))
    ours = await coordinator.run(invite_person, town.invitation())
    with pytest.raises(RoleMissing):
        await town.as_host(withdraw_invitation, WithdrawInvitation(ours.id, 1))
    with pytest.raises(CellNotFound):
        await host.run(list_invitations, OPEN, uuid4())


async def test_the_list_says_who_asked_until_when_and_what_was_sent(host: Host) -> None:
    invitation = await invited(host, email="Nele.Claes+lijst@CAW.example", language="fr")
    view = await invitation.seen()
    assert (view.email, view.given_name, view.inviter_given_name) == ("Nele.Claes+lijst@CAW.example", "Nele", "Nele")
    assert (view.invitation.language, str(view.code_until), view.state) == ("fr", "2026-12-08", "SENT")
    assert view.invitation.sent_at == host.harness.clock()
    assert view.may == ("resend_invitation", "withdraw_invitation")
    more = [await invitation.coordinator.run(invite_person, invitation.town.invitation()) for _ in range(2)]
    found, cursor = [], None
    while True:
        page = await invitation.coordinator.run(list_invitations, ListInvitations(2, cursor))
        found += [view.invitation.invitation_id for view in page.invitations]
        if (cursor := page.next_cursor) is None:
            break
    assert found == [more[1].id, more[0].id, invitation.id]


async def test_a_repeat_answers_the_same(host: Host) -> None:
    invitation = await invited(host)
    acts: list[tuple[Any, Any]] = [
        (resend_invitation, ResendInvitation(invitation.id, 1)),
        (withdraw_invitation, WithdrawInvitation(invitation.id, 2)),
    ]
    for number, (handler, command) in enumerate(acts):
        answers = [
            await invitation.coordinator.run(handler, command, idempotency_key=f"key {number}") for _ in range(2)
        ]
        assert answers[0] == answers[1]


async def test_the_walls_show_an_act_about_one_invitation_no_other(host: Host) -> None:
    first = await invited(host)
    town, coordinator = first.town, first.coordinator
    second = await coordinator.run(invite_person, town.invitation())
    stranger = first.somebody().principal
    seen = []
    for about in (first.id, second.id, stranger.actor_id):
        async with host.harness.database.transaction(stranger, host.harness.clock(), about=about) as session:
            rows = await session.raw.fetch("SELECT invitation_id FROM invitation")
            changed = await session.raw.execute("UPDATE invitation SET tries = tries")
            seen.append(([row["invitation_id"] for row in rows], changed))
    assert seen == [([first.id], "UPDATE 1"), ([second.id], "UPDATE 1"), ([], "UPDATE 0")]


async def test_the_words_of_the_invitation_are_read_by_who_came_until_secrecy_is_promised(host: Host) -> None:
    invitation = await invited(host, note="Welkom, tot straks!")
    nele, other = invitation.somebody(), await invitation.town.invited(Role.DPO)
    await invitation.comes(person=nele)
    assert (await nele.run(read_table, ReadTable())).welcome == "Welkom, tot straks!"
    for person in (other, invitation.coordinator):
        assert (await person.run(read_table, ReadTable())).welcome == ""
    await nele.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert (await nele.run(read_table, ReadTable())).welcome == ""
    (row,) = await kept(host, invitation.id)
    assert row["note"] is None
