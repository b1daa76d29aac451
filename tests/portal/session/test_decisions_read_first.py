"""A decision is read in words before it is recorded, changed, and brought back in another language."""

from __future__ import annotations

import pytest

from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.session.test_decisions import ENGLISH, FOLLOW_UP
from tests.portal.sittings import CODE, POLICE, deciding, session
from tests.portal.tables import ME, calls_of, carried_on, filled


async def test_what_is_about_to_be_recorded_is_read_in_words(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "mayor")
    fields = await filled(front, path, FOLLOW_UP | {"reasons": "Het <b> gaat\nbeter."})
    answer = await front.client.post(path, data=fields, headers=ENGLISH)
    said = words(answer.text)
    for text in (
        "What is decided? Follow up", "Why? Het <b> gaat beter.",
        "Belt hem. (Leisure): An Peeters, coordinator, by Wednesday 1 April", "by Thursday 2 April",
        "Who leads the case? An Peeters", "When does the table look again? Monday 1 June",
        "Jan Wils, Politie: Te vroeg.",
    ):  # fmt: skip
        assert text in said, text
    assert "Is that right?" not in said
    assert "RecordDecision" not in calls_of(backends)
    assert "02.03.2026 10.00</text>" in answer.text
    title = answer.text.partition("<title>")[2].partition("</title>")[0]
    assert CODE in title
    assert "Milan" not in title
    for field in ("outcome", "reasons", "actions[0].what", "actions[2].what", "case_lead_id",
                  "review_on", "dissents[1].person_id"):  # fmt: skip
        assert f'formaction="#{field}"' in answer.text
        assert f'id="{field}"' in (await front.client.get(path)).text


@pytest.mark.parametrize(
    ("typed", "doubt", "field"),
    [
        ({"review_on-day": "1", "review_on-month": "4"}, "due only on Thursday 2 April", "review_on"),
        ({"outcome": "no_action"}, "that part is left out", "outcome"),
    ],
)
async def test_an_oddity_is_asked_about_and_does_not_stop(
    front: Front, backends: Backends, typed: dict[str, str], doubt: str, field: str
) -> None:
    path = await deciding(front, backends, "mayor")
    fields = await filled(front, path, FOLLOW_UP | typed)
    answer = await front.client.post(path, data=fields, headers=ENGLISH)
    notice = words(answer.text.partition('<div class="notice"')[2].partition("</form>")[0].partition("<dl")[0])
    assert doubt in notice
    assert f'formaction="#{field}"' in answer.text.partition('role="status"')[2].partition("<dl")[0]
    assert (await front.client.post(path, data=carried_on(answer))).status_code == 303


async def test_one_changes_a_thing_and_comes_back(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "mayor")
    between = await front.client.post(path, data=await filled(front, path, FOLLOW_UP))
    form = await front.client.post(path, data=carried_on(between) | {"change": "1"}, headers=ENGLISH)
    assert form.status_code == 200
    assert "govuk-error-summary" not in form.text
    assert "Het gaat beter.</textarea>" in form.text
    assert 'name="checked"' not in form.text
    assert between.text.count("Te vroeg.") == form.text.count("Te vroeg.") + 1
    changed = {name: values for name, values in carried_on(between).items() if name != "checked"}
    again = await front.client.post(path, data=changed | {"reasons": "Anders."})
    assert "Anders." in words(again.text)
    assert carried_on(again)["key"] == carried_on(between)["key"]
    assert "RecordDecision" not in calls_of(backends)


async def test_the_page_between_comes_back_in_another_language(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "mayor")
    between = await front.client.post(path, data=await filled(front, path, FOLLOW_UP))
    kept = await front.client.post(path, data=carried_on(between) | {"tongue": "fr"})
    assert kept.status_code == 303
    french = await front.client.get(kept.headers["location"])
    assert "lundi 1er juin" in french.text.replace("\xa0", " ")
    assert carried_on(french)["key"] == carried_on(between)["key"]
    assert (await front.client.post(path, data=carried_on(french))).status_code == 303
    assert backends.last.request.review_on == "2026-06-01"
    assert "Het gaat beter." not in (await front.client.get(path)).text


async def test_what_changed_meanwhile_is_said_before_it_is_looked_at(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "mayor")
    fields = await filled(front, path, FOLLOW_UP)
    assert carried_on(await front.client.post(path, data=fields))
    backends.answers["ReadSession"] = session(attendance=[ME, POLICE], version=9)
    answer = await front.client.post(path, data=fields, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Somebody changed this meanwhile." in answer.text
    assert "is missing" not in answer.text.partition("<form")[0]
