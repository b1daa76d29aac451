"""Letters to the municipality when the host does something in its cell without the cell. No person, no case in them."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

from services.kit.addresses import mailable_address
from services.kit.clock import BRUSSELS
from services.kit.patience import LETTER_SECONDS
from services.partner_directory.invitation_letters import InvitationLetter, invitation_letter
from services.partner_directory.queries.list_announcements import AnnouncementView

LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "flanders": ("nl",), "wallonia": ("fr", "de"), "brussels": ("fr", "nl"),
}  # fmt: skip
"""By the region of the first town; a letter says it in each."""

SUBJECT: Mapping[str, str] = {
    "nl": "Rondetafel: de host deed iets in de cel {cell}",
    "fr": "Rondetafel : l'hébergeur a agi dans la cellule {cell}",
    "de": "Rondetafel: Der Host hat in der Zelle {cell} gehandelt",
}
ROLES: Mapping[str, Mapping[str, str]] = {
    "mayor": {"nl": "burgemeester", "fr": "bourgmestre", "de": "Bürgermeister"},
    "coordinator": {"nl": "coördinator", "fr": "coordinateur", "de": "Koordinator"},
}
SOME_ROLE: Mapping[str, str] = {"nl": "lid", "fr": "membre", "de": "Mitglied"}
WHAT: Mapping[str, Mapping[str, str]] = {
    "APPOINTED": {
        "nl": "De host stelde op {at} iemand aan als {role} van de cel {cell}. De inhoud gaat open op {opens_at}.",
        "fr": "L'hébergeur a désigné le {at} un {role} de la cellule {cell}. Le contenu s'ouvre le {opens_at}.",
        "de": "Der Host hat am {at} einen {role} der Zelle {cell} bestellt. Der Inhalt öffnet am {opens_at}.",
    },
    "ENDED": {
        "nl": "De host beëindigde op {at} het mandaat van een {role} van de cel {cell}.",
        "fr": "L'hébergeur a mis fin le {at} au mandat d'un {role} de la cellule {cell}.",
        "de": "Der Host hat am {at} das Mandat eines {role} der Zelle {cell} beendet.",
    },
    "RECOVERY_PROPOSED": {
        "nl": "De cel {cell} heeft niemand meer. Iemand van de host stelde op {at} een {role} voor; nog niets is "
        "gegeven. Daarvoor moeten een tweede persoon van de host en het toezicht van de cel ja zeggen.",
        "fr": "La cellule {cell} n'a plus personne. Quelqu'un de l'hébergeur a proposé le {at} un {role} ; rien n'est "
        "encore donné. Il faut pour cela le oui d'une deuxième personne de l'hébergeur et du contrôle de la cellule.",
        "de": "Die Zelle {cell} hat niemanden mehr. Jemand vom Host hat am {at} einen {role} vorgeschlagen; noch ist "
        "nichts gegeben. Dazu müssen eine zweite Person vom Host und die Aufsicht der Zelle Ja sagen.",
    },
    "RECOVERY_SECONDED": {
        "nl": "Een tweede persoon van de host zei op {at} ja tegen een {role} voor de cel {cell}, die niemand meer "
        "heeft. Zegt nu het toezicht van de cel ja, dan wordt het mandaat gegeven.",
        "fr": "Une deuxième personne de l'hébergeur a dit oui le {at} à un {role} pour la cellule {cell}, qui n'a plus "
        "personne. Si le contrôle de la cellule dit oui, le mandat est donné.",
        "de": "Eine zweite Person vom Host hat am {at} Ja zu einem {role} für die Zelle {cell} gesagt, die niemanden "
        "mehr hat. Sagt nun die Aufsicht der Zelle Ja, wird das Mandat gegeben.",
    },
    "RECOVERED": {
        "nl": "Twee personen van de host en het toezicht gaven op {at} aan de cel {cell}, die niemand meer had, een "
        "{role}. De inhoud gaat open op {opens_at}.",
        "fr": "Deux personnes de l'hébergeur et le contrôle ont donné le {at} à la cellule {cell}, qui n'avait plus "
        "personne, un {role}. Le contenu s'ouvre le {opens_at}.",
        "de": "Zwei Personen vom Host und die Aufsicht haben am {at} der Zelle {cell}, die niemanden mehr hatte, einen "
        "{role} gegeben. Der Inhalt öffnet am {opens_at}.",
    },
}
WRONG: Mapping[str, str] = {
    "nl": "Klopt dit niet, of weet uw gemeente hier niets van? Antwoord meteen op deze brief en verwittig het "
    "toezicht. U krijgt deze brief als contactpunt van de gemeente.",
    "fr": "Ceci n'est pas correct, ou votre commune l'ignore ? Répondez aussitôt à cette lettre et prévenez le "
    "contrôle. Vous la recevez comme point de contact de la commune.",
    "de": "Stimmt das nicht, oder weiß Ihre Gemeinde nichts davon? Antworten Sie sofort auf diesen Brief und "
    "verständigen Sie die Aufsicht. Sie erhalten ihn als Kontaktstelle der Gemeinde.",
}


ENCRYPTED = {"smtps": 465, "smtp+starttls": 587}
"""Schemes and their usual ports: encrypted from the first byte, and by STARTTLS, without which nothing is said."""


class Letters:
    """The mail server letters are handed to. Raises ValueError for an address that would send them in the clear."""

    def __init__(
        self, url: str, sender: str, *, seconds: float = LETTER_SECONDS, trusted: ssl.SSLContext | None = None
    ) -> None:  # fmt: skip
        """`seconds` for each of the server's answers; `trusted` in place of the authorities of this machine."""
        self._at = urlsplit(url)
        if self._at.scheme not in ("smtp", *ENCRYPTED) or not self._at.hostname or not sender:
            raise ValueError(
                "RONDETAFEL_SMTP_URL is smtps:// or smtp+starttls://user:password@host:port, "
                "with RONDETAFEL_LETTERS_FROM"
            )
        if self._at.scheme == "smtp" and self._at.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError("RONDETAFEL_SMTP_URL without encryption is for loopback only")
        self._sender = sender
        self._seconds = seconds
        self._trusted = trusted

    async def send(self, view: AnnouncementView) -> None:
        """What `post` does, with the letter of an announcement. May run twice."""
        await self.post(letter(view, self._sender))

    async def invite(self, letter: InvitationLetter) -> None:
        """What `post` does, with the letter of an invitation."""
        await self.post(invitation_letter(letter, self._sender))

    async def post(self, message: EmailMessage) -> None:
        """Returns when the server took the letter. Raises OSError and SMTPException, which may name the address.

        MUST NOT be called within an act: it waits for a foreign server, and a letter is not taken back.
        """
        at = self._at
        encrypted = at.scheme in ENCRYPTED
        await aiosmtplib.send(
            message,
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


def letter(view: AnnouncementView, sender: str) -> EmailMessage:
    """The letter of one announcement. Its Message-ID is the announcement's, so that one sent twice is seen as one."""
    languages = LANGUAGES[view.towns[0].region]
    message = EmailMessage()
    message["From"], message["To"] = sender, mailable_address(view.cell.contact)
    message["Subject"] = SUBJECT[languages[0]].format(cell=view.cell.name)
    message["Date"] = view.announcement.at
    message["Message-ID"] = f"<{view.announcement.announcement_id}@{sender.rpartition('@')[2]}>"
    message.set_content("\n\n".join(f"{_what(view, language)}\n\n{WRONG[language]}" for language in languages) + "\n")
    return message


def _what(view: AnnouncementView, language: str) -> str:
    one = view.announcement
    return WHAT[one.what][language].format(
        cell=view.cell.name,
        role=ROLES.get(one.role, SOME_ROLE)[language],
        at=_moment(one.at),
        opens_at=_moment(one.opens_at) if one.opens_at else "",
    )


def _moment(at: datetime) -> str:
    """Such as 24.11.2026, 10.00, as Brussels counts."""
    return f"{at.astimezone(BRUSSELS):%d.%m.%Y, %H.%M}"
