"""The words of Keycloak's pages and e-mails: complete in each language, and in the tone of the product."""

import re
from functools import cache
from pathlib import Path

import pytest

from deploy.local.theme import SOURCE

LANGUAGES = ("nl", "fr", "de", "en")
PARTS = ("login", "email")
USED = re.compile(r'msg\("([\w.-]+)"[,)]')
ACTIONS = ("CONFIGURE_TOTP", "UPDATE_PASSWORD", "webauthn-register")
FORMAL_DUTCH = re.compile(r"\b(u|uw|uzelf)\b", re.IGNORECASE)
EXCITED = re.compile(r"!|\b(oeps|oups|hoppla|oops)\b", re.IGNORECASE)


@cache
def words(part: str, language: str) -> dict[str, str]:
    """The messages of a file; a key that stands twice is an error."""
    file = SOURCE / part / "messages" / f"messages_{language}.properties"
    rows = [line.partition("=") for line in file.read_text().splitlines() if line and not line.startswith("#")]
    found = {key: value for key, _, value in rows}
    assert len(found) == len(rows), f"{file.name}: a key stands twice"
    return found


def used(part: str) -> dict[str, Path]:
    """The keys that our templates name, each with a template that does."""
    return {
        key: file
        for file in sorted((SOURCE / part).rglob("*.ftl"))
        for key in USED.findall(file.read_text())
        if not key.endswith(".")
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_each_message_a_template_names_is_there(part: str, language: str) -> None:
    missing = {key: file.name for key, file in used(part).items() if not words(part, language).get(key)}
    assert missing == {}


def test_the_search_finds_keys() -> None:
    assert {"rtProduct", "doLogIn", "rtTotpKeyKind"} <= used("login").keys()
    assert {"rtActionsTitle", "rtActionsUntil"} <= used("email").keys()


@pytest.mark.parametrize("part", PARTS)
def test_the_languages_have_the_same_messages_with_the_same_places(part: str) -> None:
    for language in LANGUAGES:
        assert words(part, language).keys() == words(part, "nl").keys()
        for key, text in words(part, language).items():
            places = set(re.findall(r"\{(\d)", text))
            if not key.startswith("linkExpirationFormatter."):
                assert places == set(re.findall(r"\{(\d)", words(part, "nl")[key])), (language, key)


@pytest.mark.parametrize("part", PARTS)
def test_no_message_of_our_own_is_left_over(part: str) -> None:
    own = {key for key in words(part, "nl") if key.startswith("rt")}
    assert own - used(part).keys() == set()


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("part", PARTS)
def test_each_action_has_words(part: str, action: str) -> None:
    assert all(words(part, language)[f"requiredAction.{action}"] for language in LANGUAGES)


@pytest.mark.parametrize("part", PARTS)
def test_the_tone(part: str) -> None:
    for language in LANGUAGES:
        for key, text in words(part, language).items():
            # Keycloak formats each message: there a straight quote swallows what comes after it.
            assert "'" not in text, (language, key)
            assert not EXCITED.search(text), (language, key)
    for key, text in words(part, "nl").items():
        assert not FORMAL_DUTCH.search(text), key
    for key, text in words(part, "fr").items():
        assert not re.search(r" [:;?]", text), f"{key}: a no-break space stands before these in French"
