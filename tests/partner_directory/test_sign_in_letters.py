"""Who is given a mandate is asked by letter to set up how they sign in: once, in the language of the town."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from rondetafel.audit.v1 import audit_pb2
from services.kit.errors import CellNotFound
from services.kit.policy import Role
from services.kit.principal import PLATFORM, system
from services.partner_directory.across import LETTERS
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.invitation.resend_invitation import ResendInvitation, resend_invitation
from services.partner_directory.commands.invitation.withdraw_invitation import WithdrawInvitation, withdraw_invitation
from services.partner_directory.commands.letter.claim_letter import ClaimLetter, claim_letter
from services.partner_directory.commands.letter.send_sign_in_letter import SendSignInLetter, send_sign_in_letter
from services.partner_directory.commands.mandate.appoint_host import appoint_host
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.errors import LetterNotTaken, LetterUnderWay, SignInServiceAway
from services.partner_directory.model import CLAIMED_FOR, LINK_LIVES
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.harness import Person
from tests.partner_directory.test_walls import tenants
from tests.partner_directory.town import Host, Town

NEXT_TRY = timedelta(minutes=3)


async def letters_of(host: Host, cell_id: UUID) -> list[Any]:
    """What is kept of a cell's letters, in their order."""
    return list(await host.harness.database.unwalled(
        "SELECT mandate_id, email, language, sent_at FROM sign_in_letter WHERE tenant_id = $1 ORDER BY mandate_id",
        cell_id,
    ))  # fmt: skip


async def records(host: Host, cell_id: UUID) -> list[audit_pb2.AuditRecord]:
    """What the log says of sending them."""
    rows = await host.harness.database.unwalled(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit' ORDER BY producer_seq", cell_id
    )
    found = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
    return [record for record in found if record.action == "send_sign_in_letter"]


async def nobody_waits(host: Host) -> None:
    """Letters of other tests are sent, and forgotten here."""
    await run_due(host.harness, TERMS)
    host.sign_in.written_to.clear()


@pytest.fixture
async def invited(host: Host) -> Callable[..., Any]:
    """Invites the coordinator of a new town; the town, the mandate and the address."""
    await nobody_waits(host)

    async def invite(region: str = "wallonia") -> tuple[Town, UUID, str]:
        town, email = await host.town(region=region), f"{uuid4().hex}@gemeente.example"
        receipt = await town.as_host(invite_person, town.invitation(Role.COORDINATOR, email=email))
        return town, receipt.id, email

    return invite


@pytest.mark.parametrize(("region", "language"), [("flanders", "nl"), ("wallonia", "fr")])
async def test_it_is_sent_once_and_the_address_is_forgotten(
    host: Host, invited: Callable[..., Any], region: str, language: str
) -> None:
    town, mandate_id, email = await invited(region)
    (waiting,) = await letters_of(host, town.cell_id)
    assert waiting["email"] is not None
    assert email.encode() not in waiting["email"]
    for _ in range(2):
        await run_due(host.harness, TERMS)
        host.harness.clock.now += LINK_LIVES
    assert [written for written in host.sign_in.written_to if written[0] == email] == [(email, language)]
    (sent,) = await letters_of(host, town.cell_id)
    assert (sent["mandate_id"], sent["email"], sent["language"]) == (mandate_id, None, language)
    assert sent["sent_at"] is not None
    (record,) = await records(host, town.cell_id)
    assert dict(record.detail) == {"mandate": str(mandate_id), "sent": "yes"}
    assert email not in str(record)


async def test_who_has_nothing_to_set_up_gets_none(host: Host, invited: Callable[..., Any]) -> None:
    town, mandate_id, email = await invited()
    host.sign_in.set_up.add(email)
    await run_due(host.harness, TERMS)
    assert host.sign_in.written_to == []
    (settled,) = await letters_of(host, town.cell_id)
    assert (settled["email"], settled["sent_at"]) == (None, None)
    (record,) = await records(host, town.cell_id)
    assert dict(record.detail) == {"mandate": str(mandate_id), "sent": "no"}


async def test_who_acts_for_the_host_gets_one_too(host: Host) -> None:
    await nobody_waits(host)
    command = await host.appointment()
    await host.run(appoint_host, command)
    await run_due(host.harness, TERMS)
    assert host.sign_in.written_to == [(command.email, "nl")]


async def test_on_the_platform_nobody_sees_whom_the_host_has_written_to(host: Host) -> None:
    hilde = await host.appointed()
    assert hilde.mandate_id in {letter["mandate_id"] for letter in await letters_of(host, PLATFORM)}
    for person in (hilde, Person(hilde.cell, uuid4())):
        assert await tenants(host.harness, person, PLATFORM, "sign_in_letter") == set()


@pytest.mark.parametrize("failure", [LetterNotTaken(), SignInServiceAway()])
async def test_mail_that_is_away_keeps_no_mandate_back_and_the_letter_comes_later(
    host: Host, invited: Callable[..., Any], failure: Exception
) -> None:
    host.sign_in.letters = failure
    town, mandate_id, email = await invited()
    for _ in range(3):
        await run_due(host.harness, TERMS)
        host.harness.clock.now += NEXT_TRY
    (waiting,) = await letters_of(host, town.cell_id)
    assert (waiting["mandate_id"], waiting["sent_at"]) == (mandate_id, None)
    assert waiting["email"] is not None
    host.sign_in.letters = None
    host.harness.clock.now += timedelta(hours=1)
    await run_due(host.harness, TERMS)
    assert host.sign_in.written_to == [(email, "fr")]
    host.harness.clock.now += LINK_LIVES
    await run_due(host.harness, TERMS)
    assert host.sign_in.written_to == [(email, "fr")]


async def test_mail_that_is_refused_again_and_again_is_set_aside(host: Host, invited: Callable[..., Any]) -> None:
    host.sign_in.letters = LetterNotTaken()
    town, mandate_id, _ = await invited()
    for _ in range(30):
        await run_due(host.harness, TERMS)
        host.harness.clock.now += timedelta(hours=6)
    (term,) = await host.harness.database.unwalled(
        "SELECT state FROM term WHERE tenant_id = $1 AND object_id = $2 AND kind = 'sign_in_letter'",
        town.cell_id, mandate_id,
    )  # fmt: skip
    assert term["state"] == "set_aside"


async def test_two_processes_at_once_send_one(host: Host, invited: Callable[..., Any]) -> None:
    town, mandate_id, email = await invited()
    claims, clock = system(LETTERS, town.cell_id), system("partner_directory.clock", town.cell_id)
    assert await host.harness.executor.run(claims, claim_letter, ClaimLetter(mandate_id))
    with pytest.raises(LetterUnderWay):
        await host.harness.executor.run(clock, send_sign_in_letter, SendSignInLetter(mandate_id))
    assert host.sign_in.written_to == []
    host.harness.clock.now += CLAIMED_FOR
    assert await host.harness.executor.run(clock, send_sign_in_letter, SendSignInLetter(mandate_id))
    assert not await host.harness.executor.run(clock, send_sign_in_letter, SendSignInLetter(mandate_id))
    assert not await host.harness.executor.run(claims, claim_letter, ClaimLetter(mandate_id))
    assert host.sign_in.written_to == [(email, "fr")]


async def test_one_whose_mandate_was_ended_gets_none(host: Host) -> None:
    await nobody_waits(host)
    hilde = await host.appointed()
    await host.run(end_mandate, EndMandate(hilde.mandate_id, 1, "mistake"))
    await run_due(host.harness, TERMS)
    assert host.sign_in.written_to == []


async def test_one_whose_invitation_was_withdrawn_gets_none(host: Host, invited: Callable[..., Any]) -> None:
    town, invitation_id, _ = await invited()
    await town.as_host(withdraw_invitation, WithdrawInvitation(invitation_id, 1))
    await run_due(host.harness, TERMS)
    assert host.sign_in.written_to == []
    (settled,) = await letters_of(host, town.cell_id)
    assert (settled["email"], settled["sent_at"]) == (None, None)


async def test_who_is_invited_again_is_written_to_again(host: Host, invited: Callable[..., Any]) -> None:
    """The link ran out, or the letter was lost: whoever invited has both sent anew."""
    town, invitation_id, email = await invited()
    for version in (1, 2):
        await run_due(host.harness, TERMS)
        await town.as_host(resend_invitation, ResendInvitation(invitation_id, version))
    await run_due(host.harness, TERMS)
    assert host.sign_in.written_to == [(email, "fr")] * 3
    (sent,) = await letters_of(host, town.cell_id)
    assert (sent["email"], sent["sent_at"] is None) == (None, False)


async def test_a_second_mandate_brings_no_second_letter_while_the_link_works(
    host: Host, invited: Callable[..., Any]
) -> None:
    town, _, email = await invited()
    await run_due(host.harness, TERMS)
    await town.as_host(invite_person, town.invitation(Role.MAYOR, email=email))
    await run_due(host.harness, TERMS)
    assert host.sign_in.written_to == [(email, "fr")]
    sent = [kept["sent_at"] is not None for kept in await letters_of(host, town.cell_id)]
    assert sorted(sent) == [False, True]


async def test_nobody_else_sends_or_claims(host: Host, invited: Callable[..., Any]) -> None:
    town, mandate_id, _ = await invited()
    mayor = await town.sworn(Role.MAYOR)
    acts: list[tuple[Any, Any, str]] = [
        (claim_letter, ClaimLetter(mandate_id), LETTERS),
        (send_sign_in_letter, SendSignInLetter(mandate_id), "partner_directory.clock"),
    ]
    for handler, command, name in acts:
        for run in (town.as_host, mayor.run):
            with pytest.raises(Exception, match=r"cell|role"):
                await run(handler, command)
        with pytest.raises(CellNotFound):
            await host.harness.executor.run(system("case.service", town.cell_id), handler, command)
        assert not await host.harness.executor.run(system(name, PLATFORM), handler, command), "of another cell"
        host.harness.clock.now += CLAIMED_FOR
    assert await host.harness.executor.run(system(LETTERS, town.cell_id), claim_letter, ClaimLetter(mandate_id))
