"""Dutch and French say everything; a message that is missing in one of them fails the build."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from services.portal.api.generated.errors import CASE, MEETING, PARTNER_DIRECTORY
from services.portal.model import LANGUAGES
from services.portal.web.ui.labels import LISTS
from services.portal.web.ui.language import COMPLETE, Languages, catalogue
from services.portal.web.ui.render import Renderer
from services.portal.web.ui.sentences import SENTENCES
from tests.portal.ui import words


@pytest.mark.parametrize("code", COMPLETE)
def test_every_message_is_said(code: str) -> None:
    assert [f"{name.seen}: {name.one}" for name in words.missing(code)] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_translations_keep_their_values_and_none_is_left_over(code: str) -> None:
    assert words.misplaced(code) == []
    assert words.unused(code) == []


def test_french_signs_stay_with_their_word() -> None:
    said = [text for entry in catalogue("fr") if entry.id for text in words.forms_of(entry.string)]
    assert [text for text in said if re.search(r" [?:;!»]|« ", text)] == []


def test_a_message_stands_in_one_catalogue() -> None:
    assert [word for code in LANGUAGES for word in words.repeated(code)] == []


def test_the_search_finds_messages_of_templates_and_of_code() -> None:
    found = words.messages()
    assert found["My tables"].seen.startswith("templates/")
    assert found["coordinator"].seen.startswith("ui/labels.py")
    assert found["%(num)d day late"].many == "%(num)d days late"


def test_every_code_a_service_tells_has_its_sentence() -> None:
    assert set(PARTNER_DIRECTORY) | set(CASE) | set(MEETING) <= set(SENTENCES)


def test_every_list_has_words() -> None:
    assert all(LISTS.values())


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages()


@pytest.mark.parametrize(
    ("chosen", "accepted", "region", "code"),
    [
        (("fr",), "nl", "", "fr"),
        (("",), "en-GB,en;q=0.9,nl;q=0.8", "", "en"),
        (("",), "nl;q=0.1, de-BE", "", "de"),
        (("",), "it, es", "wallonia", "fr"),
        (("",), "", "", "nl"),
        (("xx",), ";;q=,,=", "flanders", "nl"),
        (("",), "nl; q=0.1, de-BE; q=0.9", "", "de"),
        (("",), "nl;q=0", "", "fr"),
        (("nl",), "nl;q=0", "", "nl"),
        (("",), "fr;q=0", "wallonia", "nl"),
    ],
)
def test_person_then_browser_then_cell(
    languages: Languages, chosen: tuple[str, ...], accepted: str, region: str, code: str
) -> None:
    assert languages.choose(chosen, accepted, region).code == code


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("nl", "donderdag 26\u00a0november om 14.20\u00a0uur"),
        ("fr", "jeudi 26\u00a0novembre à 14\u00a0h\u00a020"),
        ("de", "Donnerstag, 26.\u00a0November um 14.20\u00a0Uhr"),
        ("en", "Thursday 26\u00a0November at 14:20"),
    ],
)
def test_moments_are_said_as_people_say_them(languages: Languages, code: str, said: str) -> None:
    moment = datetime(2026, 11, 26, 13, 20, tzinfo=UTC)
    assert languages[code].moment(moment, today=date(2026, 11, 24)) == said


def test_invariant_25_both_clock_changes_show_brussels_time(languages: Languages) -> None:
    nl = languages["nl"]
    assert nl.time(datetime(2026, 3, 29, 0, 59, tzinfo=UTC)) == "1.59\u00a0uur"
    assert nl.time(datetime(2026, 3, 29, 1, 0, tzinfo=UTC)) == "3\u00a0uur"
    assert nl.time(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == "2.30\u00a0uur"
    assert nl.time(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)) == "2.30\u00a0uur"


@pytest.mark.parametrize(("code", "number", "said"), [("fr", 1, "1 jour de retard"), ("fr", 3, "3 jours de retard")])
def test_plurals_follow_the_language(languages: Languages, code: str, number: int, said: str) -> None:
    assert languages[code].plural("%(num)d day late", "%(num)d days late", number) == said


def test_another_year_is_said(languages: Languages) -> None:
    nl = languages["nl"]
    assert nl.day(date(2027, 1, 12), today=date(2026, 11, 24)) == "dinsdag 12\u00a0januari 2027"
    assert nl.day(date(2026, 12, 1), weekday=False, today=date(2026, 11, 24)) == "1\u00a0december"


def test_what_templates_say_is_escaped_as_jinjas_own_words_are(renderer: Renderer) -> None:
    asked = ("'Case %(code)s', code=typed", "'%(sentence)s', sentence='<b>'|safe", "'all %%'")
    for environment in renderer._environments.values():
        for said in asked:
            ours, own = (
                environment.from_string(f"{{{{ {name}({said}) }}}}").render(typed="<i>&") for name in ("_", "gettext")
            )
            assert ours == own
            assert "<i>" not in ours
