"""Somebody is invited to stand in for a holder: the mandate is a deputy's from its first moment (decision 74)."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.kit.clock import day_ends_at, day_starts_at
from services.kit.errors import Invalid, RoleMissing
from services.kit.fields import FieldMissing
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.commands.cell.suspend_cell import SuspendCell, suspend_cell
from services.partner_directory.commands.deputy.mark_absent import MarkAbsent, mark_absent
from services.partner_directory.commands.invitation.accept_invitation import AcceptInvitation, accept_invitation
from services.partner_directory.commands.invitation.invite_person import InvitePerson, invite_person
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.errors import (
    DeputyKindWrong,
    DeputyOfDeputy,
    DeputyOfOneself,
    DeputyOverlaps,
    DeputyRoleWrong,
    HolderNotFound,
)
from services.partner_directory.queries.list_invitations import ListInvitations, list_invitations
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.harness import Person
from tests.partner_directory.test_deputies import counts, given, window
from tests.partner_directory.test_terms import told
from tests.partner_directory.town import TEXT, Host, Town

OFFICER = Role.PREVENTION_OFFICER


async def seated(host: Host) -> tuple[Town, Person, Person]:
    """A cell with its mayor, and a prevention officer who accepted secrecy."""
    town = await host.town()
    mayor = await town.sworn(Role.MAYOR, last_day=date(2031, 11, 1))
    return town, mayor, await given(town, mayor, OFFICER)


def deputy(town: Town, holder: Person, when: str | None = "absent", role: Role = OFFICER, **more: Any) -> InvitePerson:
    """An invitation to stand in for this holder."""
    return town.invitation(role, **({"deputy_of": holder.mandate_id, "deputy_when": when} | more))


async def came(town: Town, giver: Person, command: InvitePerson) -> tuple[Person, Receipt]:
    """Invited by this giver, and come with the code."""
    mandate = await town.given(giver.run, command)
    return town.person_of(command, mandate), mandate


async def test_a_deputy_while_absent_counts_in_no_moment_before_the_holder_is_away(host: Host) -> None:
    town, mayor, lieve = await seated(host)
    karim, mandate = await came(town, mayor, deputy(town, lieve))
    assert mandate.state == "STANDBY"
    (first,) = await told(town, karim)
    assert first.deputy_for == str(lieve.person_id)
    assert first.ends_at.ToDatetime() == first.starts_at.ToDatetime(), "not even between being given and being told"
    assert not await counts(karim)
    days = date(2027, 2, 26), date(2027, 3, 1)
    await lieve.run(mark_absent, MarkAbsent(lieve.mandate_id, *days))
    assert await window(town, karim) == (day_starts_at(days[0]), day_ends_at(days[1]))
    host.harness.clock.now = day_starts_at(days[0])
    await karim.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert await counts(karim)
    host.harness.clock.now = day_ends_at(days[1])
    await run_due(host.harness, TERMS)
    assert not await counts(karim)


async def test_who_comes_while_the_holder_is_away_counts_at_once_and_for_these_days_alone(host: Host) -> None:
    town, mayor, lieve = await seated(host)
    command = deputy(town, lieve)
    invited = await mayor.run(invite_person, command)
    today, last = date(2026, 11, 24), date(2026, 12, 4)
    await lieve.run(mark_absent, MarkAbsent(lieve.mandate_id, today, last))
    karim, mandate = town.person_of(command, invited), await town.comes(command, invited)
    assert mandate.state == "ACTIVE"
    (first,) = await told(town, karim)
    assert (first.deputy_for, first.ends_at.ToDatetime(day_ends_at(last).tzinfo)) == (
        str(lieve.person_id), day_ends_at(last),
    )  # fmt: skip
    await karim.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert await counts(karim)


async def test_one_for_always_counts_beside_the_holder(host: Host) -> None:
    town, mayor, lieve = await seated(host)
    karim, mandate = await came(town, mayor, deputy(town, lieve, "always"))
    assert mandate.state == "ACTIVE"
    assert [fact.deputy_for for fact in await told(town, karim)] == [str(lieve.person_id)]
    await karim.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert await counts(karim)
    assert await counts(lieve)


async def test_the_list_says_for_whom_and_when(host: Host) -> None:
    town, mayor, lieve = await seated(host)
    invited = await mayor.run(invite_person, deputy(town, lieve))
    (view,) = (await mayor.run(list_invitations, ListInvitations(50, None))).invitations
    assert view.invitation.invitation_id == invited.id
    assert (view.invitation.deputy_of, view.invitation.deputy_when) == (lieve.mandate_id, "absent")


async def test_what_naming_refuses_inviting_refuses_and_says_at_which_field(host: Host) -> None:
    town, mayor, lieve = await seated(host)
    guest = await given(town, mayor, Role.PARTICIPANT)
    other = await host.organisation("municipality")
    assert (await mayor.run(invite_person, deputy(town, lieve))).state == "SENT"
    host.sign_in.asked.clear()
    refused: list[tuple[InvitePerson, type[Invalid], str]] = [
        (deputy(town, lieve, None), FieldMissing, "deputy_when"),
        (deputy(town, lieve, deputy_of=None), FieldMissing, "deputy_of"),
        (deputy(town, lieve, deputy_of=uuid4()), HolderNotFound, "deputy_of"),
        (deputy(town, lieve, role=Role.PARTICIPANT), DeputyRoleWrong, "role"),
        (deputy(town, lieve, role=Role.COORDINATOR), DeputyRoleWrong, "deputy_of"),
        (deputy(town, guest), DeputyRoleWrong, "deputy_of"),
        (deputy(town, lieve, kbo_number=other), DeputyKindWrong, "deputy_of"),
    ]
    for command, error, field in refused:
        with pytest.raises(error) as caught:
            await mayor.run(invite_person, command)
        assert (caught.value.field, bool(caught.value.expected)) == (field, True), error
    await came(town, mayor, deputy(town, lieve))
    with pytest.raises(DeputyOverlaps):
        await mayor.run(invite_person, deputy(town, lieve))


async def test_a_deputys_deputy_and_one_for_who_has_one_are_refused(host: Host) -> None:
    town, mayor, lieve = await seated(host)
    karim, _ = await came(town, mayor, deputy(town, lieve, "always"))
    with pytest.raises(DeputyOfDeputy):
        await mayor.run(invite_person, deputy(town, karim))
    assert (await mayor.run(invite_person, deputy(town, mayor, role=Role.MAYOR_DELEGATE))).state == "SENT"


async def test_what_changed_meanwhile_is_asked_again_when_they_come(host: Host) -> None:
    """The holder comes by the own invitation, has another deputy by then, or is gone: nobody gets a mandate in full."""
    town, mayor, lieve = await seated(host)
    own = deputy(town, lieve, email=f"{uuid4().hex}@own.example")
    invited = await mayor.run(invite_person, own)
    code = await town.sent(invited)
    with pytest.raises(DeputyOfOneself):
        await lieve.run(accept_invitation, AcceptInvitation(invited.id, code))
    commands = [deputy(town, lieve) for _ in range(2)]
    sent = [await mayor.run(invite_person, command) for command in commands]
    answers = await asyncio.gather(
        *(town.comes(command, invitation) for command, invitation in zip(commands, sent, strict=True)),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["DeputyOverlaps", "Receipt"]
    anna = await given(town, mayor, Role.POLICE_CHIEF)
    late = deputy(town, anna, role=Role.POLICE_CHIEF)
    waiting = await mayor.run(invite_person, late)
    await mayor.run(end_mandate, EndMandate(anna.mandate_id, 2, "left"))
    with pytest.raises(HolderNotFound):
        await town.comes(late, waiting)
    assert not await counts(town.person_of(late, waiting))


async def test_invariant_24_the_host_invites_and_proposes_no_deputies(host: Host) -> None:
    town = await host.town()
    command = town.invitation(Role.COORDINATOR)
    with pytest.raises(RoleMissing) as refused:
        await town.as_host(
            invite_person, deputy(town, Person(town, uuid4(), mandate_id=uuid4()), role=Role.COORDINATOR)
        )
    assert refused.value.field == "deputy_of"
    assert (await town.as_host(invite_person, command)).state == "SENT"


async def test_in_a_suspended_cell_a_deputy_waits_too(host: Host) -> None:
    town, mayor, lieve = await seated(host)
    command = deputy(town, lieve, "always")
    invited = await mayor.run(invite_person, command)
    await host.run(suspend_cell, SuspendCell(town.cell_id, "incident"))
    mandate = await town.comes(command, invited)
    assert mandate.state == "SUSPENDED"
    assert not await counts(town.person_of(command, invited))
