"""To whom and how often a letter about what waits goes: never twice, and never to who has no business any more."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from services.kit.errors import CellNotFound
from services.kit.notices import NoticeKind
from services.kit.principal import PLATFORM, system
from services.partner_directory.across import LETTERS
from services.partner_directory.commands.letter.claim_posting import ClaimPosting, claim_posting
from services.partner_directory.commands.letter.keep_notices import keep_notices
from services.partner_directory.commands.letter.send_letter import SendLetter, send_letter
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.errors import LetterUnderWay
from services.partner_directory.model import POSTED_WITHIN
from services.partner_directory.notice_words import PATHS, SENTENCES, SUBJECT
from services.partner_directory.posting import Posted
from tests.harness import Person
from tests.partner_directory.noticing import (
    Seated,
    arrived,
    letter_of,
    records,
    sent_later,
    tell,
    urgent,
    waits,
)
from tests.partner_directory.post import Post
from tests.partner_directory.test_announcing import body_of
from tests.partner_directory.town import Host


async def test_whose_mandate_ended_meanwhile_gets_nothing(host: Host, post: Post, seated: Seated) -> None:
    town, coordinator, partner = seated
    staying = await town.partner(coordinator)
    await arrived(host, post)
    await tell(town, waits(NoticeKind.SESSION_PLANNED, partner, staying, Person(town, uuid4())))
    await coordinator.run(end_mandate, EndMandate(partner.mandate_id, 1, "left"))
    (letter,) = await sent_later(host, post, hours=1)
    assert letter["To"] == next(email for email in reversed(host.sign_in.asked))


@pytest.mark.parametrize("language", ["", "fr", "de", "en", "nl", "xx"])
async def test_it_speaks_the_language_of_the_account_else_of_the_town(
    host: Host, post: Post, seated: Seated, language: str
) -> None:
    town, _, partner = seated
    host.sign_in.languages[host.sign_in.asked[-1]] = language
    await tell(town, waits(NoticeKind.SESSION_PLANNED, partner))
    (letter,) = await sent_later(host, post, hours=1)
    assert letter["Subject"] == SUBJECT.get(language, SUBJECT["nl"])


async def test_who_is_shut_out_or_has_no_account_gets_nothing(host: Host, post: Post, seated: Seated) -> None:
    town, _, partner = seated
    await tell(town, waits(NoticeKind.SESSION_PLANNED, partner))
    host.sign_in.shut_out.add(host.sign_in.asked[-1])
    assert await sent_later(host, post, hours=1) == []
    host.sign_in.shut_out.clear()
    assert await sent_later(host, post, days=1) == []
    await tell(town, waits(NoticeKind.SESSION_PLANNED, partner))
    assert len(await sent_later(host, post, hours=1)) == 1


async def test_two_processes_at_once_send_one_and_a_killed_one_is_the_only_doubt(
    host: Host, post: Post, seated: Seated
) -> None:
    town, _, _ = seated
    await tell(town, urgent(town))
    letter_id, run = await letter_of(town), host.harness.executor.run
    claims, clock = system(LETTERS, town.cell_id), system("partner_directory.clock", town.cell_id)
    assert await run(claims, claim_posting, ClaimPosting(letter_id, 1)) is Posted.TAKEN
    with pytest.raises(LetterUnderWay):
        await run(clock, send_letter, SendLetter(letter_id))
    assert post.mailbox.rest() == []
    host.harness.clock.now += POSTED_WITHIN
    assert await run(clock, send_letter, SendLetter(letter_id))
    assert not await run(clock, send_letter, SendLetter(letter_id))
    assert await run(claims, claim_posting, ClaimPosting(letter_id, 1)) is Posted.NOT_WAITING
    (sent,) = post.mailbox.rest()
    assert sent["Message-ID"] == f"<{letter_id}@host.example>"
    record = (await records(town, "send_letter"))[-2]
    assert dict(record.detail) == {"letter": str(letter_id), "sent": "yes", "doubt": "yes"}


async def test_what_is_added_while_it_is_written_is_not_lost(host: Host, post: Post, seated: Seated) -> None:
    town, _, _ = seated
    await tell(town, urgent(town))
    letter_id = await letter_of(town)
    await tell(town, urgent(town))
    claims = system(LETTERS, town.cell_id)
    with pytest.raises(LetterUnderWay):
        await host.harness.executor.run(claims, claim_posting, ClaimPosting(letter_id, 1))
    (letter,) = await arrived(host, post)
    assert body_of(letter).count("dringend signaal") == 2


async def test_nobody_else_tells_or_sends(host: Host, post: Post, seated: Seated) -> None:
    town, coordinator, _ = seated
    told = urgent(town)
    await tell(town, told)
    letter_id = await letter_of(town)
    acts: list[tuple[Any, Any, str]] = [
        (keep_notices, told, "partner_directory.consumer"),
        (claim_posting, ClaimPosting(letter_id, 1), LETTERS),
        (send_letter, SendLetter(letter_id), "partner_directory.clock"),
    ]
    for handler, command, name in acts:
        for run in (town.as_host, coordinator.run):
            with pytest.raises(Exception, match=r"cell|role"):
                await run(handler, command)
        with pytest.raises(CellNotFound):
            await host.harness.executor.run(system("case.service", town.cell_id), handler, command)
        elsewhere = await host.harness.executor.run(system(name, PLATFORM), handler, command)
        assert elsewhere in (None, False, Posted.NOT_WAITING), "of another cell"
    assert len(await arrived(host, post)) == 1


def test_every_kind_has_its_sentence_in_each_language() -> None:
    assert set(SENTENCES) == set(PATHS) == set(NoticeKind)
    for said in SENTENCES.values():
        assert set(said) == set(SUBJECT) == {"nl", "fr", "de", "en"}
