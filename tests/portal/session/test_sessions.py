"""One session with its agenda, who is expected, and its opening."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.kit.errors import UndertakingMissing, VersionChanged
from services.kit.fields import to_timestamp
from services.meeting.errors import (
    ClearanceExpired,
    PersonWithoutMandate,
    SeatMissing,
    SessionNotFound,
    SessionStateForbids,
)
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words as words_of
from tests.portal.conftest import Front
from tests.portal.sittings import (
    CASE,
    CODE,
    POLICE,
    PREVENTION,
    SECOND_CODE,
    at_the_table,
    decided,
    session,
)
from tests.portal.tables import CHECKED, ME, OTHER, SECOND_TOWN, TOWN, calls_of, carried_on, filled, table

ENGLISH = {"accept-language": "en"}


async def test_the_page_of_a_session_has_my_cases_and_closed_items(front: Front, backends: Backends) -> None:
    path = await at_the_table(front, backends, "participant")
    backends.answers["ReadSession"] = decided(attendance=[ME])
    page = (await front.client.get(path, headers=ENGLISH)).text
    assert f'href="{path}/cases/{CASE}">{CODE}</a>' in page
    assert SECOND_CODE in page
    assert "Closed item" in page
    assert "Decided: Follow up" in page
    assert "Het gaat beter." not in page
    assert page.count("datetime=") >= 3
    assert "from 10:00" in page.lower()


async def test_before_it_begins_it_says_who_is_expected(front: Front, backends: Backends) -> None:
    path = await at_the_table(front, backends, "mayor", towns=(TOWN, SECOND_TOWN), mine=(TOWN,))
    backends.answers["ReadSession"] = session("PLANNED")
    page = (await front.client.get(path, headers=ENGLISH)).text
    for seat, name in (("Mayor or delegate", "Nele Claes"), ("Police, with a clearance", "Jan Wils")):
        assert f"<dt>{seat}</dt><dd>{name}</dd>" in page
    assert "Dijkgem" not in page
    assert "Who is invited" not in page
    found = session("PLANNED")
    found.items[0].guest_ids.append(OTHER)
    backends.answers["ReadSession"] = found
    page = (await front.client.get(path, headers=ENGLISH)).text
    assert f"<dt>{CODE}</dt><dd>An Peeters (Gemeente Vaartbeke)</dd>" in page


@pytest.mark.parametrize(("role", "opens"), [("mayor", True), ("coordinator", True), ("participant", False)])
async def test_chair_and_coordinator_may_open_it(front: Front, backends: Backends, role: str, opens: bool) -> None:
    path = await at_the_table(front, backends, role)
    backends.answers["ReadSession"] = session("PLANNED")
    assert ('name="present_person_ids"' in (await front.client.get(path)).text) is opens
    backends.answers["ReadSession"] = session("OPEN")
    assert 'name="present_person_ids"' not in (await front.client.get(path)).text


async def test_it_is_opened_with_who_is_present(front: Front, backends: Backends) -> None:
    path = await at_the_table(front, backends, "mayor")
    backends.answers["ReadSession"] = session("PLANNED")
    typed = await filled(front, path, CHECKED) | {
        "present_person_ids": [ME, POLICE, PREVENTION],
        "secrecy_declared": "1",
    }
    answers = [await front.client.post(path, data=typed) for _ in range(2)]
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, path)}
    opened = [call for call in backends.calls if call.method == "OpenSession"]
    assert len({call.metadata["idempotency-key"] for call in opened}) == 1
    asked = opened[0].request
    assert (list(asked.present_person_ids), asked.expected_version) == ([ME, POLICE, PREVENTION], 2)
    assert asked.secrecy_declared


async def test_what_is_missing_to_open_is_said_at_the_form(front: Front, backends: Backends) -> None:
    path = await at_the_table(front, backends, "mayor")
    backends.answers["ReadSession"] = session("PLANNED")
    answer = await front.client.post(path, data=await filled(front, path))
    assert answer.status_code == 422
    assert "OpenSession" not in calls_of(backends)
    assert 'href="#present_person_ids"' in answer.text
    assert 'href="#secrecy_declared"' in answer.text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SeatMissing(field="seats.police", expected=f"police of {TOWN}, present"), "the police of Vaartbeke is empty"),
        (SeatMissing(field="seats.prevention", expected=f"prevention of {TOWN}, present"), "seat of prevention of"),
        (ClearanceExpired(field="seats.police", expected=f"police of {TOWN} with a clearance"), "has expired"),
        (PersonWithoutMandate(field="present_person_ids[0]", expected="a mandate"), "no mandate"),
        (VersionChanged(field="expected_version", expected="2"), "Somebody changed this meanwhile"),
    ],
)
async def test_a_refusal_is_said_in_words_and_the_ticks_stay(
    front: Front, backends: Backends, error: Exception, words: str
) -> None:
    path = await at_the_table(front, backends, "mayor")
    backends.answers["ReadSession"] = session("PLANNED")
    backends.answers["OpenSession"] = error  # type: ignore[assignment]
    typed = await filled(front, path, CHECKED) | {"present_person_ids": [ME], "secrecy_declared": "1"}
    answer = await front.client.post(path, data=typed, headers=ENGLISH)
    assert answer.status_code == 422
    assert words in answer.text
    assert answer.text.count(" checked") == 2


async def test_who_may_not_open_it_learns_nothing(front: Front, backends: Backends) -> None:
    path = await at_the_table(front, backends, "mayor")
    backends.answers["ReadSession"] = session("PLANNED")
    typed = await filled(front, path, CHECKED) | {"present_person_ids": [ME], "secrecy_declared": "1"}
    assert (await front.client.post(path, data=typed)).status_code == 303
    backends.calls.clear()
    backends.answers["ReadTable"] = table(front.cell, "participant")
    assert (await front.client.post(path, data=typed)).status_code == 404
    assert "OpenSession" not in calls_of(backends)


async def test_without_the_token_of_our_form_it_stays_closed(front: Front, backends: Backends) -> None:
    path = await at_the_table(front, backends, "mayor")
    backends.answers["ReadSession"] = session("PLANNED")
    typed = await filled(front, path, CHECKED) | {"present_person_ids": [ME], "secrecy_declared": "1"}
    assert (await front.client.post(path, data=typed)).status_code == 303
    backends.calls.clear()
    answer = await front.client.post(path, data=typed | {"csrf_token": "0" * 64})
    assert answer.status_code == 403
    assert "OpenSession" not in calls_of(backends)


@pytest.mark.parametrize("role", ["dpo", "oversight"])
async def test_who_does_not_sit_there_sees_what_a_stranger_sees(front: Front, backends: Backends, role: str) -> None:
    path = await at_the_table(front, backends, "participant")
    backends.answers["ReadSession"] = session()
    assert (await front.client.get(path)).status_code == 200
    await at_the_table(front, backends, role)
    refused = await front.client.get(path)
    backends.answers["ReadTable"] = SessionNotFound()
    stranger = await front.client.get(path)
    assert (refused.status_code, stranger.status_code) == (404, 404)
    assert len(refused.text) == len(stranger.text)
    assert CODE not in refused.text


async def test_invariant_07_secrecy_is_promised_first(front: Front, backends: Backends) -> None:
    path = await at_the_table(front, backends, "participant")
    backends.answers["ReadSession"] = session()
    assert (await front.client.get(path)).status_code == 200
    backends.answers["ReadSession"] = UndertakingMissing()
    await at_the_table(front, backends, "participant", accepted=False)
    answer = await front.client.get(path)
    assert answer.status_code == 303
    assert "/undertaking?" in answer.headers["location"]


async def test_people_who_did_not_promise_are_marked(front: Front, backends: Backends) -> None:
    path = await at_the_table(front, backends, "mayor")
    backends.answers["ReadSession"] = session("PLANNED")
    page = (await front.client.get(path, headers=ENGLISH)).text
    marked = [word for word in page.split('name="present_person_ids"') if "has not promised secrecy" in word]
    assert len(marked) == 2
    assert all(person not in "".join(marked) for person in (POLICE, PREVENTION))


async def test_the_opening_is_read_in_words_before_it_is_done(front: Front, backends: Backends) -> None:
    path = await at_the_table(front, backends, "mayor")
    backends.answers["ReadSession"] = session("PLANNED")
    typed = await filled(front, path) | {"present_person_ids": [ME, POLICE, PREVENTION], "secrecy_declared": "1"}
    between = await front.client.post(path, data=typed, headers=ENGLISH)
    said = words_of(between.text)
    for text in (
        "Which session? Monday 2 March, from 10:00 to 11:30, ", "Nele Claes, CAW Kanaal, mayor",
        "Jan Wils, Politie", "The secrecy of this session was declared Yes",
    ):  # fmt: skip
        assert text in said, text
    assert "Do you open it already?" not in said
    assert "OpenSession" not in calls_of(backends)
    assert carried_on(between)["present_person_ids"] == [ME, POLICE, PREVENTION]
    assert (await front.client.post(path, data=carried_on(between))).status_code == 303
    form = await front.client.post(path, data=carried_on(between) | {"change": "1"})
    assert form.text.count(" checked") == 4
    french = await front.client.post(path, data=carried_on(between) | {"tongue": "fr"})
    again = await front.client.get(french.headers["location"])
    assert carried_on(again)["present_person_ids"] == [ME, POLICE, PREVENTION]
    assert carried_on(again)["key"] == carried_on(between)["key"]


@pytest.mark.parametrize(("minutes", "odd"), [(-30, False), (60, False), (61, True), (720, True)])
async def test_an_early_opening_is_asked_about(front: Front, backends: Backends, minutes: int, odd: bool) -> None:
    path = await at_the_table(front, backends, "mayor")
    begins, ends = NOW + timedelta(minutes=minutes), NOW + timedelta(minutes=minutes + 90)
    backends.answers["ReadSession"] = session("PLANNED", starts_at=to_timestamp(begins), ends_at=to_timestamp(ends))
    typed = await filled(front, path) | {"present_person_ids": [ME], "secrecy_declared": "1"}
    between = await front.client.post(path, data=typed, headers=ENGLISH)
    assert ("more than an hour from now. Do you open it already?" in between.text) is odd
    assert (await front.client.post(path, data=carried_on(between))).status_code == 303


@pytest.mark.parametrize("looked_at", [{}, CHECKED])
async def test_who_comes_second_reads_that_it_is_open(
    front: Front, backends: Backends, looked_at: dict[str, str]
) -> None:
    path = await at_the_table(front, backends, "mayor")
    backends.answers["ReadSession"] = session("PLANNED")
    typed = await filled(front, path, looked_at) | {"present_person_ids": [ME], "secrecy_declared": "1"}
    assert (await front.client.post(path, data=typed)).status_code == (303 if looked_at else 200)
    backends.answers["ReadSession"] = session("OPEN", opened_by=OTHER, opened_at=to_timestamp(NOW))
    backends.answers["OpenSession"] = SessionStateForbids(field="state", expected="PLANNED")
    answer = await front.client.post(path, data=typed, headers=ENGLISH)
    assert answer.status_code == 409
    assert "An Peeters opened this session on Monday 2 March at 10:00." in words_of(answer.text)
    assert f'href="{path}"' in answer.text
    assert "is missing" not in answer.text
