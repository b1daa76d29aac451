"""The letter of an invitation, at a real mail server: what it says, and what is lost when mail is away. Nothing is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.kit.principal import system
from services.partner_directory.across import LETTERS
from services.partner_directory.commands.invitation.accept_invitation import AcceptInvitation, accept_invitation
from services.partner_directory.commands.invitation.claim_invitation import ClaimInvitation, claim_invitation
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.invitation.resend_invitation import ResendInvitation, resend_invitation
from services.partner_directory.commands.invitation.send_invitation import SendInvitation, send_invitation
from services.partner_directory.commands.invitation.withdraw_invitation import WithdrawInvitation, withdraw_invitation
from services.partner_directory.errors import (
    InvitationRefused,
    LetterInDoubt,
    LetterNotTaken,
    LetterUnderWay,
    MailServerAway,
)
from services.partner_directory.invitation_letters import TEXT, InvitationLetter
from services.partner_directory.letters import Letters
from services.partner_directory.model import CLAIMED_FOR
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.harness import Person
from tests.mailbox import SENDER, Mailbox
from tests.partner_directory.post import Post
from tests.partner_directory.town import Host, Town

CODE = re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", re.MULTILINE)


def code_in(letter: EmailMessage) -> str:
    """The code somebody reads."""
    body = letter.get_body(("plain",))
    assert body is not None
    (code,) = CODE.findall(body.get_content().replace("\r\n", "\n"))
    return str(code)


@pytest.fixture
async def mail(host: Host, post: Post) -> AsyncIterator[Mailbox]:
    """A mail server that invitations are handed to."""
    await run_due(host.harness, TERMS)
    host.sign_in.inviting = Letters(post.mailbox.url, SENDER).invite
    yield post.mailbox
    host.sign_in.inviting = host.sign_in.invite


async def invite(host: Host, **changes: Any) -> tuple[Town, Receipt]:
    town = await host.town(region=changes.pop("region", "flanders"))
    return town, await town.as_host(invite_person, town.invitation(Role.COORDINATOR, **changes))


async def sends(host: Host, town: Town, receipt: Receipt) -> bool:
    """What the clock does when the letter is due."""
    clock = system("partner_directory.clock", town.cell_id)
    return await host.harness.executor.run(clock, send_invitation, SendInvitation(receipt.id))


async def comes(town: Town, receipt: Receipt, code: str) -> Receipt:
    return await Person(town, uuid4()).run(accept_invitation, AcceptInvitation(receipt.id, code))


async def refused(town: Town, receipt: Receipt, code: str) -> None:
    with pytest.raises(InvitationRefused):
        await comes(town, receipt, code)


@pytest.mark.parametrize(
    ("language", "region", "says"),
    [(None, "flanders", "Je bent uitgenodigd"), (None, "wallonia", "Vous êtes invité"), ("de", "flanders", "Guten Tag"),
     ("en", "wallonia", "You are invited")],
)  # fmt: skip
async def test_it_says_link_and_code_in_its_language_and_names_nobody(
    host: Host, mail: Mailbox, language: str | None, region: str, says: str
) -> None:
    canary = {"given_name": "Kanarinchen", "family_name": "Kanarievogel", "note": "Kanariewoord"}
    town, receipt = await invite(host, language=language, region=region, email="nele@canary.example", **canary)
    await run_due(host.harness, TERMS)
    letter = await mail.next()
    assert (letter["To"], letter["From"], letter["Auto-Submitted"]) == ("nele@canary.example", SENDER, "auto-generated")
    plain, html = (str(letter.get_body((kind,)).get_content()) for kind in ("plain", "html"))  # type: ignore[union-attr]
    code, page = code_in(letter), f"https://rondetafel.example/invitation/{town.cell_id}/{receipt.id}"
    for body in (plain, html):
        assert says in body
        assert page in body
        assert code in body
        assert "08.12.2026" in body
        assert "canary" not in body.lower()
        assert "{" not in body
    assert code not in page
    everything = letter.as_bytes().decode("ascii", "replace")
    assert not [word for word in canary.values() if word in everything + plain]
    assert page in plain.splitlines()
    assert await comes(town, receipt, code)


async def test_it_goes_to_the_address_as_it_is_whatever_its_letters(host: Host, mail: Mailbox) -> None:
    await invite(host, email="an+rondetafel@büllingen.example")
    await run_due(host.harness, TERMS)
    assert (await mail.next())["To"] == "an+rondetafel@xn--bllingen-65a.example"


async def test_the_code_stands_in_no_table_and_no_log(
    host: Host, mail: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    town, receipt = await invite(host, email="nele@canary.example", note="kanariewoord")
    await run_due(host.harness, TERMS)
    code = code_in(await mail.next())
    await refused(town, receipt, "AAAA-AAAA")
    await comes(town, receipt, code)
    everything = await dump(host)
    for word in (code, code.replace("-", ""), code.lower(), "nele@canary.example", "kanariewoord"):
        assert word not in everything
        assert word.encode().hex() not in everything
        assert word not in caplog.text
    assert str(receipt.id) in everything


async def dump(host: Host) -> str:
    """The whole database, as text."""
    tables = await host.harness.database.unwalled(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    rows = [await host.harness.database.unwalled(f"SELECT * FROM {table['table_name']}") for table in tables]
    return str([[dict(row) for row in found] for found in rows])


async def test_mail_that_is_away_keeps_no_invitation_back_and_the_letter_comes_later(host: Host, mail: Mailbox) -> None:
    await mail.close()
    town, receipt = await invite(host)
    for _ in range(2):
        await run_due(host.harness, TERMS)
        host.harness.clock.now += timedelta(minutes=3)
    assert mail.rest() == []
    await mail.open()
    host.harness.clock.now += timedelta(hours=1)
    await run_due(host.harness, TERMS)
    letter = await mail.next()
    host.harness.clock.now += timedelta(hours=1)
    await run_due(host.harness, TERMS)
    assert mail.rest() == [], "once"
    assert await comes(town, receipt, code_in(letter))


async def test_an_address_that_is_refused_is_tried_again_and_named_nowhere(
    host: Host, mail: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    mail.refuses = "niemand@canary.example"
    town, receipt = await invite(host, email=mail.refuses)
    with pytest.raises(LetterNotTaken) as error:
        await sends(host, town, receipt)
    assert "canary" not in str(error.value)
    assert error.value.__suppress_context__
    await run_due(host.harness, TERMS)
    assert "canary" not in caplog.text
    mail.refuses = ""
    host.harness.clock.now += timedelta(hours=1)
    await run_due(host.harness, TERMS)
    assert await comes(town, receipt, code_in(await mail.next()))


async def test_killed_between_mailing_and_noting_another_is_sent_and_it_alone_counts(host: Host, mail: Mailbox) -> None:
    post = Letters(mail.url, SENDER)

    async def cut_off(letter: InvitationLetter) -> None:
        await post.invite(letter)
        raise SystemExit

    host.sign_in.inviting = cut_off
    town, receipt = await invite(host)
    with pytest.raises(SystemExit):
        await sends(host, town, receipt)
    first = code_in(await mail.next())
    host.sign_in.inviting = post.invite
    host.harness.clock.now += CLAIMED_FOR
    assert await sends(host, town, receipt)
    second = code_in(await mail.next())
    await refused(town, receipt, first)
    assert await comes(town, receipt, second)


@pytest.mark.parametrize("failure", [LetterInDoubt(), MailServerAway(), LetterNotTaken()])
async def test_one_that_breaks_off_is_sent_anew_with_another_code(
    host: Host, mail: Mailbox, failure: Exception
) -> None:
    """Whether the mail server had taken it nobody knows; if it had, its code is dead."""
    post = Letters(mail.url, SENDER)

    async def broken(letter: InvitationLetter) -> None:
        await post.invite(letter)
        raise failure

    host.sign_in.inviting = broken
    town, receipt = await invite(host)
    with pytest.raises(type(failure)):
        await sends(host, town, receipt)
    host.sign_in.inviting = post.invite
    with pytest.raises(LetterUnderWay):
        await sends(host, town, receipt)
    host.harness.clock.now += CLAIMED_FOR
    assert await sends(host, town, receipt)
    assert not await sends(host, town, receipt)
    first, second = [code_in(await mail.next()) for _ in range(2)]
    assert mail.rest() == []
    await refused(town, receipt, first)
    assert await comes(town, receipt, second)


async def test_two_processes_at_once_send_one(host: Host, mail: Mailbox) -> None:
    town, receipt = await invite(host)
    ours = system(LETTERS, town.cell_id)
    assert await host.harness.executor.run(ours, claim_invitation, ClaimInvitation(receipt.id, "00" * 32))
    with pytest.raises(LetterUnderWay):
        await sends(host, town, receipt)
    assert mail.rest() == []
    host.harness.clock.now += CLAIMED_FOR
    assert await sends(host, town, receipt)
    assert len(mail.rest()) == 1


async def test_sent_again_while_a_letter_is_under_way_the_newer_counts(host: Host, mail: Mailbox) -> None:
    post = Letters(mail.url, SENDER)

    async def meanwhile(letter: InvitationLetter) -> None:
        host.sign_in.inviting = post.invite
        await post.invite(letter)
        await town.as_host(resend_invitation, ResendInvitation(receipt.id, 1))

    town, receipt = await invite(host)
    host.sign_in.inviting = meanwhile
    assert not await sends(host, town, receipt)
    await run_due(host.harness, TERMS)
    first, second = [code_in(await mail.next()) for _ in range(2)]
    await refused(town, receipt, first)
    assert await comes(town, receipt, second)


async def test_one_taken_back_before_it_went_is_not_sent(host: Host, mail: Mailbox) -> None:
    town, receipt = await invite(host)
    await town.as_host(withdraw_invitation, WithdrawInvitation(receipt.id, 1))
    await run_due(host.harness, TERMS)
    assert mail.rest() == []
    assert await waiting(host, receipt.id) == []


async def waiting(host: Host, invitation_id: UUID) -> list[Any]:
    """Terms of an invitation that are not done."""
    return list(
        await host.harness.database.unwalled(
            "SELECT kind FROM term WHERE object_id = $1 AND state <> 'done' AND kind LIKE 'invitation%'", invitation_id
        )
    )


def test_all_languages_say_the_same_in_as_many_paragraphs() -> None:
    assert set(TEXT) == {"nl", "fr", "de", "en"}
    assert len({words.count("\n\n") for words in TEXT.values()}) == 1
    for words in TEXT.values():
        assert [words.count(part) for part in ("{link}", "{code}", "{until}")] == [1, 1, 1]
    french = re.findall(r"(.)[?:;!»](?:\s|$)", TEXT["fr"])
    assert set(french) == {"\u00a0"}
