"""A whole round about a signal: asked, told by a letter, answered, added to, and read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deploy.local.platform import Platform
from services.kit.notices import NoticeKind
from services.partner_directory.notice_words import SENTENCES
from tests.browser import Contexts, Look
from tests.e2e.bodies import Pen
from tests.e2e.fresh import fresh_table
from tests.pages.drivers import Hand, Mouse, Touch
from tests.pages.line import Words
from tests.pages.newcomers import letter_to
from tests.pages.visitor import Visitor, visiting
from tests.pages.watched import Watched

QUESTION, ANSWER, MORE = "Sinds wanneer blijft hij weg?", "Sinds de herfstvakantie.", "Zijn zus belde vandaag."
WAYS: dict[str, tuple[Callable[[Watched], Hand], Look]] = {
    "in French": (Mouse, Look(locale="fr-BE")),
    "in Dutch, on a phone, without scripts": (Touch, Look(width=390, touch=True, javascript=False)),
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_round_from_the_question_to_what_is_read(platform: Platform, contexts: Contexts, way: str) -> None:
    by, look = WAYS[way]
    say = Words(look.locale[:2])
    async with fresh_table(platform) as table:
        body = Pen().signal(table.nis_code) | {"urgent": True}
        path = table.path(f"signals/{(await table['nele'].post(table.path('signals'), body)).body['id']}")
        names = (table.account("an"), table.account("nele"))
        async with visiting(contexts, names[0], by, look) as an, visiting(contexts, names[1], by, look) as nele:
            await asks(an, say, path)
            letter = await letter_to(platform, nele.email, SENTENCES[NoticeKind.SIGNAL_ASKED]["nl"])
            assert path in letter
            assert [word for word in (QUESTION, body["person"]["family_name"]) if word in letter] == []
            await answers_and_adds(nele, say, path)
            letter = await letter_to(platform, an.email, SENTENCES[NoticeKind.SIGNAL_ADDED]["nl"])
            assert path in letter
            assert [word for word in (ANSWER, MORE) if word in letter] == []
            await reads(an, say, path)


async def asks(an: Visitor, say: Words, path: str) -> None:
    """Told before what happens; once with nothing typed."""
    await an.open(path)
    await an.reads(say("From then on who told it cannot withdraw the signal any more."))
    await an.press_button(say("Ask"))
    assert an.status == 422, "nothing is asked yet"
    await an.fill(say("What do you ask who told it?"), QUESTION)
    await an.press_button(say("Ask"))
    await an.reads(QUESTION, say("not answered yet"))


async def answers_and_adds(nele: Visitor, say: Words, path: str) -> None:
    """From what waits; then it waits no more."""
    await nele.open("/")
    await nele.follow(say("Answer a question about your signal"))
    assert nele.at.partition("#")[0] == path
    await nele.reads(QUESTION, say("The coordinator asks you something about this signal."))
    await nele.fill(say("Your answer, or what you add"), ANSWER)
    await nele.press_button(say("Send"))
    await nele.reads(ANSWER, say("Do you want to add something?"))
    await nele.does_not_read(say("not answered yet"), say("Withdraw this signal"))
    await nele.fill(say("What do you add?"), MORE)
    await nele.press_button(say("Send"))
    await nele.reads(QUESTION, ANSWER, MORE)
    await nele.open("/")
    await nele.does_not_read(say("Answer a question about your signal"))


async def reads(an: Visitor, say: Words, path: str) -> None:
    """From what waits; then it waits no more, and stands beside the form that proposes."""
    await an.open("/")
    await an.follow(say("Read what was added to a signal"))
    await an.reads(QUESTION, ANSWER, MORE)
    await an.open("/")
    await an.does_not_read(say("Read what was added to a signal"))
    await an.open(f"{path}/propose")
    await an.reads(ANSWER, MORE)
