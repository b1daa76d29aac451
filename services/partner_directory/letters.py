"""The way to the mail server, for every letter of ours."""

from __future__ import annotations

import logging
import ssl
from email.message import EmailMessage
from html import escape
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPConnectError, SMTPException, SMTPServerDisconnected, SMTPTimeoutError

from services.kit.addresses import mailable_address
from services.kit.errors import RondetafelError
from services.kit.patience import LETTER_SECONDS
from services.partner_directory.errors import LetterInDoubt, LetterNotTaken, MailServerAway
from services.partner_directory.invitation_letters import InvitationLetter, invitation_letter
from services.partner_directory.posting import PostLetter

logger = logging.getLogger(__name__)

ENCRYPTED = {"smtps": 465, "smtp+starttls": 587}
"""Schemes and their usual ports: encrypted from the first byte, and by STARTTLS, without which nothing is said."""


class Letters:
    """The mail server letters are handed to. Raises ValueError for an address that would send them in the clear."""

    def __init__(
        self, url: str, sender: str, *, bounces: str = "", home: str = "", seconds: float = LETTER_SECONDS,
        trusted: ssl.SSLContext | None = None,
    ) -> None:  # fmt: skip
        """`bounces` is where mail servers send what they cannot deliver, else to the sender. `home`: before the
        addresses in a letter. `seconds` for each of the server's answers; `trusted` in place of the authorities of this
        machine.
        """
        self._at = urlsplit(url)
        if self._at.scheme not in ("smtp", *ENCRYPTED) or not self._at.hostname or not sender:
            raise ValueError(
                "RONDETAFEL_SMTP_URL is smtps:// or smtp+starttls://user:password@host:port, "
                "with RONDETAFEL_LETTERS_FROM"
            )
        if self._at.scheme == "smtp" and self._at.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError("RONDETAFEL_SMTP_URL without encryption is for loopback only")
        self._sender = sender
        self._bounces = bounces or sender
        self._home = home.rstrip("/")
        self._seconds = seconds
        self._trusted = trusted

    async def send(self, asked: PostLetter) -> None:
        """What `post` does, with a letter that was written down."""
        await self.post(message_of(asked, self._sender, self._home))

    async def invite(self, letter: InvitationLetter) -> None:
        """What `post` does, with the letter of an invitation, whose code is written nowhere else."""
        await self.post(invitation_letter(letter, self._sender))

    async def post(self, message: EmailMessage) -> None:
        """Returns when the server took the letter. MUST NOT be called within an act: it waits for a foreign server.

        Raises LetterNotTaken when the server refused it, MailServerAway when it does not answer, and LetterInDoubt
        when no word came once the letter was under way: it may have been taken all the same.
        """
        client = self._client()
        try:
            await client.connect()
            await client.ehlo()
        except (SMTPTimeoutError, SMTPConnectError, SMTPServerDisconnected, OSError) as error:
            raise self._away(MailServerAway(), error) from None
        except SMTPException as error:
            raise self._away(LetterNotTaken(), error) from None
        try:
            async with client:
                await client.send_message(message, sender=self._bounces)
        except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
            raise self._away(LetterInDoubt(), error) from None
        except SMTPException as error:
            raise self._away(LetterNotTaken(), error) from None

    def _client(self) -> SMTP:
        at, encrypted = self._at, self._at.scheme in ENCRYPTED
        return SMTP(
            hostname=at.hostname,
            port=at.port or ENCRYPTED.get(at.scheme, 25),
            username=unquote(at.username) if at.username else None,
            password=unquote(at.password or "") if at.username else None,
            use_tls=at.scheme == "smtps",
            start_tls=at.scheme == "smtp+starttls",
            tls_context=(self._trusted or ssl.create_default_context()) if encrypted else None,
            local_hostname=self._sender.rpartition("@")[2],
            timeout=self._seconds,
        )

    @staticmethod
    def _away(told: RondetafelError, error: Exception) -> RondetafelError:
        """What is told. Of what the server said nothing is kept but its kind: it may hold the address."""
        logger.warning("a letter was not taken: %s", type(error).__name__)
        return told


def message_of(asked: PostLetter, sender: str, home: str = "") -> EmailMessage:
    """The letter as it is handed in. Its Message-ID is the letter's own, so that one sent twice is seen as one."""
    assert asked.written is not None
    message = EmailMessage()
    message["From"], message["To"] = sender, mailable_address(asked.to)
    message["Subject"] = asked.written.subject
    message["Date"] = asked.at
    message["Message-ID"] = f"<{asked.letter_id}@{sender.rpartition('@')[2]}>"
    # No answering machine answers it (RFC 3834). What somebody is bound to hear has no list to leave.
    message["Auto-Submitted"] = "auto-generated"
    paragraphs = [(text, f"{home}{path}" if path else "") for text, path in asked.written.paragraphs]
    message.set_content("\n\n".join(f"{text}\n{link}" if link else text for text, link in paragraphs) + "\n")
    html = "".join(_html(text, link) for text, link in paragraphs)
    message.add_alternative(f'<html lang="{asked.written.language}">\n<body>\n{html}</body>\n</html>\n', subtype="html")
    return message


def _html(text: str, link: str) -> str:
    """No picture, no style and no script: nothing is fetched, and nobody learns that it was opened."""
    anchor = f'<br><a href="{escape(link)}">{escape(link)}</a>' if link else ""
    return f"<p>{escape(text)}{anchor}</p>\n"
