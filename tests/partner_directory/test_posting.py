"""What a mail server does to a letter that is under way: nothing is lost, and nothing comes twice but in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from services.kit.notices import NoticeKind
from services.partner_directory.letters import Letters
from services.partner_directory.model import POSTED_WITHIN
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.mailbox import SENDER
from tests.partner_directory.noticing import Seated, letter_of, records, tell, urgent, waits
from tests.partner_directory.town import Host, Town

HASTY_SECONDS = 1.0
"""So long a server may be silent where a test wants it to be; a real one gets LETTER_SECONDS."""


@dataclass
class Moody:
    """Takes letters, unless it is in a mood: refuses who it is for or what it says, breaks off, or is slow."""

    mood: str = ""
    taken: list[bytes] = field(default_factory=list)
    envelopes: list[str] = field(default_factory=list)
    tried: int = 0
    port: int = 0

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The envelope's sender."""
        self.tried += 1
        if self.mood == "slow":
            await asyncio.sleep(0.05)
        envelope.mail_from = address
        self.envelopes.append(address)
        return "250 ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whom it is for."""
        if self.mood in ("450", "550"):
            return f"{self.mood} not <{address}>"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """The whole letter."""
        assert isinstance(envelope.content, bytes)
        if self.mood == "554":
            return "554 not this"
        self.taken.append(envelope.content)
        if self.mood == "after":
            self._break(server)
        if self.mood == "silent after":
            await self.silence()
        return "250 taken"

    @staticmethod
    async def silence() -> None:
        """Until the other side has had enough."""
        await asyncio.Event().wait()

    @staticmethod
    def _break(server: SMTP) -> None:
        """Without a word."""
        assert server.transport is not None
        server.transport.abort()  # type: ignore[attr-defined]


class Speaking(SMTP):
    """One connection to it."""

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """Broken off in the middle: once the letter has begun to come, and before its last line is read."""
        mood = self.event_handler.mood
        if mood == "silent at DATA":
            await Moody.silence()
        if mood not in ("middle", "silent in the middle"):
            await super().smtp_DATA(arg)
            return
        await self.push("354 go on")
        if mood == "silent in the middle":
            await Moody.silence()
        assert self._reader is not None
        assert (await self._reader.readline()).startswith(b"From:")
        Moody._break(self)


@pytest.fixture
async def moody(host: Host, seated: Seated) -> AsyncIterator[Moody]:
    """Where the letters of the host of the test go."""
    server = Moody()
    made = lambda: Speaking(server, hostname="localhost")  # noqa: E731
    listening = await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0)
    async with listening:
        server.port = listening.sockets[0].getsockname()[1]
        host.hand_in(Letters(f"smtp://127.0.0.1:{server.port}", SENDER, bounces="bounces@host.example").send)
        yield server


async def later(host: Host, minutes: float) -> None:
    host.harness.clock.advance(minutes=minutes)
    await run_due(host.harness, TERMS)


async def state_of(town: Town) -> tuple[bool, bool]:
    """Whether the only letter of notices of a town was sent, and whether it was ever in doubt."""
    rows = await town.harness.database.unwalled(
        "SELECT sent_at, doubtful FROM letter WHERE tenant_id = $1 AND kind = 'notices'", town.cell_id
    )
    (row,) = rows
    return row["sent_at"] is not None, row["doubtful"]


@pytest.mark.parametrize("mood", ["450", "550", "554"])
async def test_what_is_refused_is_tried_again_later_and_later_and_sent_once(
    host: Host, seated: Seated, moody: Moody, mood: str
) -> None:
    town, _, _ = seated
    moody.mood = mood
    await tell(town, urgent(town))
    for _ in range(20):
        await later(host, 1)
    assert (moody.taken, 3 <= moody.tried <= 6) == ([], True)
    moody.mood = ""
    for _ in range(3):
        await later(host, 60)
    assert (len(moody.taken), await state_of(town)) == (1, (True, False))
    assert set(moody.envelopes) == {"bounces@host.example"}


@pytest.mark.parametrize(
    ("mood", "letters"),
    [("middle", 1), ("after", 2), ("silent at DATA", 1), ("silent in the middle", 1), ("silent after", 2)],
)
async def test_what_broke_off_or_was_never_answered_is_sent_again_under_its_own_number(
    host: Host, seated: Seated, moody: Moody, mood: str, letters: int
) -> None:
    """Before the last line nothing had come; after it, it comes twice, and says so."""
    town, _, _ = seated
    moody.mood = mood
    patient = Letters(f"smtp://127.0.0.1:{moody.port}", SENDER)
    if "silent" in mood:
        host.hand_in(Letters(f"smtp://127.0.0.1:{moody.port}", SENDER, seconds=HASTY_SECONDS).send)
    await tell(town, urgent(town))
    letter_id = await letter_of(town)
    await run_due(host.harness, TERMS)
    moody.mood = ""
    host.hand_in(patient.send)
    for _ in range(4):
        await later(host, 3)
    assert (len(moody.taken), await state_of(town)) == (letters, (True, True))
    numbers = {line for mail in moody.taken for line in mail.splitlines() if line.startswith(b"Message-ID")}
    assert numbers == {f"Message-ID: <{letter_id}@host.example>".encode()}
    (record,) = [found for found in await records(town, "send_letter") if found.detail["letter"] == str(letter_id)]
    assert record.detail["doubt"] == "yes"


async def test_a_slow_server_gets_it_once(host: Host, seated: Seated, moody: Moody) -> None:
    town, _, _ = seated
    moody.mood = "slow"
    await tell(town, urgent(town))
    await run_due(host.harness, TERMS)
    await later(host, 60)
    assert (len(moody.taken), await state_of(town)) == (1, (True, False))


async def test_one_that_is_refused_for_ever_is_set_aside_and_holds_no_other_back(
    host: Host, seated: Seated, moody: Moody
) -> None:
    town, coordinator, partner = seated
    moody.mood = "550"
    for _ in range(60):
        await tell(town, waits(NoticeKind.URGENT_SIGNAL, coordinator, urgent=True))
    for _ in range(12):
        await later(host, 360)
    refused = await town.harness.database.unwalled(
        "SELECT state FROM term WHERE tenant_id = $1 AND kind = 'letter' AND state <> 'done'", town.cell_id
    )
    assert {row["state"] for row in refused} == {"set_aside"}
    moody.mood = ""
    await tell(town, waits(NoticeKind.URGENT_SIGNAL, partner, urgent=True))
    await later(host, 1)
    assert len(moody.taken) == 1


async def test_a_server_that_is_away_for_an_hour_loses_none_and_gets_each_once(
    host: Host, seated: Seated, moody: Moody
) -> None:
    town, coordinator, partner = seated
    away = Letters("smtp://127.0.0.1:1", SENDER).send
    back = Letters(f"smtp://127.0.0.1:{moody.port}", SENDER).send
    host.hand_in(away)
    for person in (coordinator, partner):
        await tell(town, waits(NoticeKind.URGENT_SIGNAL, person, urgent=True))
    for _ in range(30):
        await later(host, 2)
    assert moody.taken == []
    host.hand_in(back)
    for _ in range(3):
        await later(host, POSTED_WITHIN / timedelta(minutes=1))
    assert len(moody.taken) == 2
