"""How a letter is handed in: encrypted and signed in, or not at all; what a server does in the middle loses none."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from deploy.local.authority import Authority
from deploy.local.secret_files import SecretFiles
from services.partner_directory.errors import LetterInDoubt, LetterNotTaken, MailServerAway
from services.partner_directory.letters import Letters, message_of
from services.partner_directory.posting import PostLetter, Written
from tests.mailbox import SENDER
from tests.patience import HANGS_AFTER


def asked() -> PostLetter:
    """Something to write."""
    written = Written("Onderwerp", (("Er wacht iets.", "/cells/1"), ("Klopt dit < niet?", "")), "nl")
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    return PostLetter(uuid4(), uuid4(), 1, "cel@gemeente.example", at, written)


@dataclass
class Server:
    """Takes letters from who signs in with the right password; `breaks` off after a letter, without a word."""

    taken: list[bytes] = field(default_factory=list)
    seen: list[tuple[bytes, bytes]] = field(default_factory=list)
    breaks: bool = False
    port: int = 0

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, how: str, what: Any) -> AuthResult:
        """Whether it is they."""
        assert isinstance(what, LoginPassword)
        self.seen.append((what.login, what.password))
        return AuthResult(success=what == LoginPassword(b"rondetafel", b"p@ss"), handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """One whole letter."""
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        if self.breaks:
            server.transport.abort()  # type: ignore[union-attr]
        return "250 taken"


@asynccontextmanager
async def serving(server: Server, wrapped: ssl.SSLContext | None = None, **how: Any) -> AsyncIterator[Server]:
    """It listens; `wrapped` from the first byte on."""
    loop = asyncio.get_running_loop()
    made = lambda: SMTP(server, hostname="localhost", **how)  # noqa: E731
    listening = await loop.create_server(made, "127.0.0.1", 0, ssl=wrapped)
    async with listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server called localhost shows, and what trusts it."""
    Authority(SecretFiles(tmp_path / "secrets"), tmp_path / "tls").issue(["localhost"])
    directory = tmp_path / "tls" / "localhost"
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(directory / "certificate.pem", directory / "key.pem")
    return shown, ssl.create_default_context(cafile=str(directory / "ca.pem"))


def message_ids(server: Server) -> list[str]:
    """Of what was taken."""
    return [line.decode() for letter in server.taken for line in letter.splitlines() if line.startswith(b"Message-ID")]


async def test_starttls_and_a_password_or_nothing(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    shown, trusted = tls
    server, letter = Server(), asked()
    how: dict[str, Any] = {
        "tls_context": shown, "require_starttls": True, "auth_required": True, "authenticator": server.authenticate,
    }  # fmt: skip
    async with serving(server, **how):
        url = f"smtp+starttls://rondetafel:p%40ss@localhost:{server.port}"
        await Letters(url, SENDER, trusted=trusted).send(letter)
        assert message_ids(server) == [f"Message-ID: <{letter.letter_id}@host.example>"]
        with pytest.raises(LetterNotTaken):
            await Letters(url.replace("p%40ss", "wrong"), SENDER, trusted=trusted).send(letter)
        server.seen.clear()
        with pytest.raises(MailServerAway):
            await Letters(url, SENDER).send(letter)
        assert (server.seen, len(server.taken)) == ([], 1), "an authority nobody knows is told no password"
    async with serving(server, authenticator=server.authenticate, auth_require_tls=False):
        with pytest.raises(LetterNotTaken):
            await Letters(f"smtp+starttls://rondetafel:p%40ss@localhost:{server.port}", SENDER, trusted=trusted).send(
                letter
            )
        assert (server.seen, len(server.taken)) == ([], 1), "nor a server without encryption"


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
async def test_encrypted_from_the_first_byte(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    shown, trusted = tls
    server = Server()
    how: dict[str, Any] = {
        "auth_required": True, "auth_require_tls": False, "authenticator": server.authenticate,
    }  # fmt: skip
    async with serving(server, shown, **how):
        await Letters(f"smtps://rondetafel:p%40ss@localhost:{server.port}", SENDER, trusted=trusted).send(asked())
    assert (len(server.taken), server.seen) == (1, [(b"rondetafel", b"p@ss")])


async def test_a_letter_of_which_no_word_came_is_known_again_by_its_number() -> None:
    server, letter = Server(breaks=True), asked()
    async with serving(server):
        letters = Letters(f"smtp://127.0.0.1:{server.port}", SENDER)
        with pytest.raises(LetterInDoubt):
            await letters.send(letter)
        server.breaks = False
        await letters.send(letter)
    first, again = message_ids(server)
    assert first == again


@pytest.mark.parametrize("said", [b"", b"220 hello\r\n", b"220 hel"])
async def test_a_server_that_falls_silent_is_left(said: bytes) -> None:
    def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        open_connections.append(writer)

    open_connections: list[asyncio.StreamWriter] = []
    async with await asyncio.start_server(silent, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        letters = Letters(f"smtp://127.0.0.1:{port}", SENDER, seconds=0.2)
        with pytest.raises(MailServerAway):
            await asyncio.wait_for(letters.send(asked()), HANGS_AFTER)
        for writer in open_connections:
            writer.close()


def test_text_and_html_say_the_same_and_nothing_is_fetched() -> None:
    message = message_of(asked(), SENDER, "https://pages.example")
    plain, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert plain.get_content() == "Er wacht iets.\nhttps://pages.example/cells/1\n\nKlopt dit < niet?\n"
    assert html.get_content() == (
        '<html lang="nl">\n<body>\n'
        '<p>Er wacht iets.<br><a href="https://pages.example/cells/1">https://pages.example/cells/1</a></p>\n'
        "<p>Klopt dit &lt; niet?</p>\n</body>\n</html>\n"
    )
    assert message["Date"].datetime == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert (message["Auto-Submitted"], message["List-Unsubscribe"]) == ("auto-generated", None)
