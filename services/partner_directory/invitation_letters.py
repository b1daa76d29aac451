"""The letter to who is invited: a link and a one-time code. No name, no town, no role (invariant 18)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from html import escape
from uuid import UUID, uuid4

from services.kit.addresses import mailable_address

SUBJECT: Mapping[str, str] = {
    "nl": "Rondetafel: je bent uitgenodigd",
    "fr": "Rondetafel : vous êtes invité·e",
    "de": "Rondetafel: Sie sind eingeladen",
    "en": "Rondetafel: you are invited",
}
TEXT: Mapping[str, str] = {
    "nl": """Dag,

Je bent uitgenodigd om deel te nemen aan Rondetafel. Ga naar deze pagina en meld je aan:

{link}

Geef daar deze code op:

{code}

De code werkt één keer, tot en met {until}. Geef ze aan niemand door, ook niet aan ons.

Heb je nog geen account, dan krijg je een tweede brief om een wachtwoord te kiezen. Komt
die niet aan, of werkt de code niet? Vraag dan een nieuwe brief aan wie je uitnodigde.

Verwacht je deze brief niet? Dan hoef je niets te doen.""",
    "fr": """Bonjour,

Vous êtes invité·e à participer à Rondetafel. Allez à cette page et connectez-vous :

{link}

Donnez-y ce code :

{code}

Le code fonctionne une seule fois, jusqu'au {until} inclus. Ne le donnez à personne, pas
même à nous.

Si vous n'avez pas encore de compte, vous recevez une deuxième lettre pour choisir un mot
de passe. Elle n'arrive pas, ou le code ne fonctionne pas ? Demandez une nouvelle lettre à
la personne qui vous a invité·e.

Vous n'attendiez pas cette lettre ? Alors vous n'avez rien à faire.""",
    "de": """Guten Tag,

Sie sind eingeladen, an Rondetafel teilzunehmen. Gehen Sie auf diese Seite und melden Sie sich an:

{link}

Geben Sie dort diesen Code ein:

{code}

Der Code gilt einmal, bis einschließlich {until}. Geben Sie ihn niemandem weiter, auch uns nicht.

Haben Sie noch kein Konto, so erhalten Sie einen zweiten Brief, um ein Passwort zu wählen.
Kommt er nicht an, oder gilt der Code nicht? Bitten Sie um einen neuen Brief, wer Sie
eingeladen hat.

Haben Sie diesen Brief nicht erwartet? Dann müssen Sie nichts tun.""",
    "en": """Hello,

You are invited to take part in Rondetafel. Go to this page and sign in:

{link}

Give this code there:

{code}

The code works once, up to and including {until}. Pass it on to nobody, not even to us.

If you have no account yet, you get a second letter to choose a password. Does it not
arrive, or does the code not work? Ask whoever invited you for a new letter.

You did not expect this letter? Then you need not do anything.""",
}
"""Of both bodies: paragraphs, with link and code in paragraphs of their own."""
STYLE = "font-family: sans-serif; font-size: 16px; line-height: 1.5; max-width: 36em; margin: 1em auto; padding: 0 1em"
CODE_STYLE = "font-family: monospace; font-size: 28px; font-weight: bold; letter-spacing: 2px"


@dataclass(frozen=True, slots=True)
class InvitationLetter:
    """To whom, in which language, about which invitation, with which code until which day, inclusive.

    `page` is the address of the page where the code is given; it holds ids alone.
    """

    invitation_id: UUID
    email: str = field(repr=False)
    language: str
    page: str
    code: str = field(repr=False)
    until: date


def invitation_letter(letter: InvitationLetter, sender: str) -> EmailMessage:
    """The letter, as text and as HTML of the same words. Each has a code of its own, so each its own Message-ID."""
    message = EmailMessage()
    message["From"], message["To"] = sender, mailable_address(letter.email)
    message["Subject"] = SUBJECT[letter.language]
    message["Message-ID"] = f"<{uuid4()}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    words = TEXT[letter.language]
    told = {"link": letter.page, "code": letter.code, "until": f"{letter.until:%d.%m.%Y}"}
    message.set_content(words.format(**told) + "\n")
    message.add_alternative(_html(words, told, letter.language), subtype="html")
    return message


def _html(words: str, told: Mapping[str, str], language: str) -> str:
    shown = {
        "link": f'<a href="{escape(told["link"])}">{escape(told["link"])}</a>',
        "code": f'<span style="{CODE_STYLE}">{escape(told["code"])}</span>',
        "until": escape(told["until"]),
    }
    paragraphs = "\n".join(f"<p>{escape(part).format(**shown)}</p>" for part in words.split("\n\n"))
    return f'<!doctype html>\n<html lang="{language}"><body style="{STYLE}">\n{paragraphs}\n</body></html>\n'
