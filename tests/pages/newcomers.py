"""People who have no account yet, and how they come by one: the letters to them, password, second step."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from deploy.local.instance import REPOSITORY
from deploy.local.people import People, Person
from deploy.local.platform import Platform
from deploy.local.towns import MUNICIPALITY
from deploy.mail.kept import KeptLetters
from tests.browser import Look
from tests.e2e.waiting import until
from tests.pages.drivers import Hand
from tests.pages.visitor import Visitor
from tests.pages.watched import Watched

SIGN_IN_WORDS = REPOSITORY / "deploy" / "keycloak" / "themes" / "rondetafel" / "login" / "messages"
LINK = re.compile(r"^http\S+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who comes: for which organisation, as what; how this person works, and with which browser."""

    given_name: str
    family_name: str
    role: str
    by: Callable[[Watched], Hand]
    look: Look
    kbo_number: str = MUNICIPALITY

    @property
    def language(self) -> str:
        """Of browser and letter."""
        return self.look.locale[:2]

    @property
    def cleared(self) -> bool:
        """Whether a clearance is asked of who holds this role."""
        return self.role == "information_officer"


async def letter_to(platform: Platform, email: str, about: str) -> str:
    """The text of the newest letter to this address that leads to such a page, once it has come."""
    letters = KeptLetters(platform.instance.mail)

    async def arrived() -> str | None:
        for letter in letters.newest_first():
            text = letter.body("plain").replace("\r\n", "\n")
            if letter.says("To") == email and about in text:
                return text
        return None

    return await until(f"a letter about {about} to {email}", arrived)


def found_in(letter: str, pattern: re.Pattern[str]) -> str:
    """What stands there once."""
    (found,) = pattern.findall(letter)
    return str(found)


async def sets_up_sign_in(platform: Platform, visitor: Visitor, who: Newcomer, email: str) -> None:
    """Password and second step, by the link of the sign-in service's own letter."""
    words, people = sign_in_words(who.language), People(platform.instance)
    letter = await letter_to(platform, email, "action-token")
    await visitor.watched.open(found_in(letter, LINK))
    await visitor.follow(words["proceedWithAction"])
    password = secrets.token_urlsafe(12)
    await visitor.fill(words["passwordNew"], password)
    await visitor.fill(words["passwordConfirm"], password)
    await visitor.press_button(words["doSubmit"])
    key = await visitor.watched.evaluate("document.getElementById('kc-totp-secret-key').innerText")
    person = Person(visitor.name, who.given_name, who.family_name, email, password, key.replace(" ", ""))
    async with platform.keycloak.admin() as admin:
        await people.add(admin, [person])
    await visitor.fill(words["authenticatorCode"], await people.take_code(visitor.name))
    await visitor.press_button(words["rtTotpDone"])
    await visitor.reads(words["accountUpdatedTitle"])


def sign_in_words(language: str) -> Mapping[str, str]:
    """What the pages of the sign-in service call things."""
    lines = (SIGN_IN_WORDS / f"messages_{language}.properties").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
