"""One item of an open session: what is read, what is decided, and by whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.case.errors import CaseNotFound
from services.kit.errors import VersionChanged
from services.kit.fields import to_timestamp
from services.meeting.errors import ItemDecided, PersonOutsideCircle, SeatMissing
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.sittings import (
    CODE,
    ITEM,
    POLICE,
    SECOND_CASE,
    SECOND_CODE,
    SESSION,
    case,
    decided,
    deciding,
    open_item,
    session,
)
from tests.portal.tables import CHECKED, ME, OTHER, SECOND_TOWN, TOWN, calls_of, carried_on, filled, send, table

ENGLISH = {"accept-language": "en"}
FOLLOW_UP = {
    "outcome": "follow_up", "reasons": "Het gaat beter.", "case_lead_id": OTHER,
    "review_on-day": "1", "review_on-month": "6", "review_on-year": "2026",
    "actions[0].what": "Belt hem.", "actions[0].life_domain": "leisure", "actions[0].owner_id": OTHER,
    "actions[0].due_on-day": "1", "actions[0].due_on-month": "4", "actions[0].due_on-year": "2026",
    "actions[2].what": "Gaat op bezoek.", "actions[2].life_domain": "family", "actions[2].owner_id": ME,
    "actions[2].due_on-day": "2", "actions[2].due_on-month": "4", "actions[2].due_on-year": "2026",
    "dissents[1].person_id": POLICE, "dissents[1].text": "Te vroeg.",
}  # fmt: skip


async def test_the_page_has_pieces_agenda_and_seats_by_one_call_to_each(front: Front, backends: Backends) -> None:
    path = await open_item(front, backends, "mayor")
    backends.calls.clear()
    page = (await front.client.get(path, headers=ENGLISH)).text
    assert sorted(calls_of(backends)) == ["ListCaseSessions", "ReadCase", "ReadSession", "ReadTable"]
    assert "Milan, 16 years" in page
    assert "how are things?" not in page
    assert "Komt elke woensdag &lt;b&gt;." in page
    assert "From the police" in page
    assert "Nog voor mij." not in page
    assert "until 10:30" in page
    assert SECOND_CODE in page
    assert "Closed item" in page
    assert "The three mandatory seats are taken" in page
    assert "An Peeters" in page
    title = page.split("<title>")[1].split("</title>")[0]
    assert CODE in title
    assert "Milan" not in title
    assert "Milan" not in path


async def test_the_chair_decides_to_follow_up(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "mayor")
    fields = await filled(front, path, FOLLOW_UP)
    between = await front.client.post(path, data=fields)
    assert "RecordDecision" not in calls_of(backends)
    answers = [await front.client.post(path, data=carried_on(between)) for _ in range(2)]
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {
        (303, path.removesuffix("/decision"))
    }
    recorded = [call for call in backends.calls if call.method == "RecordDecision"]
    assert len({call.metadata["idempotency-key"] for call in recorded}) == 1
    assert recorded[0].request == pb.RecordDecisionRequest(
        session_id=SESSION, expected_version=2, agenda_item_id=ITEM, outcome="follow_up", reasons="Het gaat beter.",
        dissents=[pb.Dissent(person_id=POLICE, text="Te vroeg.")], case_lead_id=OTHER, review_on="2026-06-01",
        actions=[
            pb.PlannedAction(what="Belt hem.", life_domain="leisure", owner_id=OTHER, due_on="2026-04-01"),
            pb.PlannedAction(what="Gaat op bezoek.", life_domain="family", owner_id=ME, due_on="2026-04-02"),
        ],
    )  # fmt: skip


async def test_without_follow_up_no_plan_is_sent(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "mayor")
    answer = await send(
        front, path, FOLLOW_UP | CHECKED | {"outcome": "no_action", "dissents[1].person_id": "", "dissents[1].text": ""}
    )
    assert answer.status_code == 303
    asked = backends.last.request
    assert (asked.outcome, len(asked.actions), asked.case_lead_id, asked.review_on) == ("no_action", 0, "", "")


async def test_what_is_missing_is_said_at_each_field(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "mayor")
    typed = {"outcome": "follow_up", "actions[1].owner_id": ME, "dissents[0].text": "Niet akkoord <b>."}
    answer = await send(front, path, typed)
    assert answer.status_code == 422
    assert "RecordDecision" not in calls_of(backends)
    for name in (
        "reasons",
        "case_lead_id",
        "review_on",
        "actions[1].what",
        "actions[1].life_domain",
        "actions[1].due_on",
        "dissents[0].person_id",
    ):
        assert f'href="#{name}"' in answer.text
        assert f'id="{name}"' in answer.text
    assert 'href="#actions[0].what"' not in answer.text
    assert "Niet akkoord &lt;b&gt;." in answer.text
    nothing = await send(front, path)
    assert 'href="#outcome"' in nothing.text


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (PersonOutsideCircle(field="actions[1].owner_id", expected="a person in the circle"), "actions[2].owner_id"),
        (PersonOutsideCircle(field="case_lead_id", expected="a person in the circle"), "case_lead_id"),
    ],
)
async def test_what_the_service_refuses_stands_at_its_field(
    front: Front, backends: Backends, error: Exception, field: str
) -> None:
    path = await deciding(front, backends, "mayor")
    backends.answers["RecordDecision"] = error  # type: ignore[assignment]
    answer = await send(front, path, FOLLOW_UP | CHECKED)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "Het gaat beter." in answer.text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (VersionChanged(field="expected_version", expected="3"), "Look at it again, then send it once more."),
        (SeatMissing(field="seats.mayor", expected=f"mayor of {TOWN}, present"), "The seat of the mayor of Vaartbeke"),
    ],
)
async def test_when_it_cannot_be_done_now_that_is_said_and_the_text_stays(
    front: Front, backends: Backends, error: Exception, words: str
) -> None:
    path = await deciding(front, backends, "mayor")
    fields = await filled(front, path, FOLLOW_UP | CHECKED)
    backends.answers["RecordDecision"] = error  # type: ignore[assignment]
    backends.answers["ReadSession"] = session(attendance=[ME, POLICE], version=9)
    answer = await front.client.post(path, data=fields, headers=ENGLISH)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Het gaat beter." in answer.text
    assert 'name="version" value="9"' in answer.text


@pytest.mark.parametrize("looked_at", [{}, CHECKED])
async def test_when_another_decided_first_who_and_when_is_said_and_both_texts_are_there(
    front: Front, backends: Backends, looked_at: dict[str, str]
) -> None:
    path = await deciding(front, backends, "mayor")
    fields = await filled(front, path, FOLLOW_UP | {"reasons": "Wat ik schreef."} | looked_at)
    assert (await front.client.post(path, data=fields)).status_code == (303 if looked_at else 200)
    backends.answers["RecordDecision"] = ItemDecided()
    first = decided()
    first.items[0].decision.decided_by = OTHER
    backends.answers["ReadSession"] = first
    answer = await front.client.post(path, data=fields, headers=ENGLISH)
    assert answer.status_code == 409
    assert "An Peeters recorded a decision at 10:00, before yours was sent." in answer.text
    assert "Wat ik schreef." in answer.text
    assert "Het gaat beter." in answer.text
    assert 'name="outcome"' not in answer.text
    assert "govuk-error-summary" not in answer.text
    assert f'href="{path.removesuffix("/decision")}"' in answer.text


@pytest.mark.parametrize(
    ("roles", "mine"), [(("participant",), None), (("information_officer",), None), (("mayor",), (SECOND_TOWN,))]
)
async def test_only_the_chair_of_the_town_decides(
    front: Front, backends: Backends, roles: tuple[str, ...], mine: tuple[str, ...] | None
) -> None:
    towns = (TOWN, SECOND_TOWN)
    path = await deciding(front, backends, "mayor_delegate", towns=towns)
    fields = await filled(front, path, FOLLOW_UP | CHECKED)
    assert (await front.client.post(path, data=fields)).status_code == 303
    backends.calls.clear()
    backends.answers["ReadTable"] = table(front.cell, *roles, towns=towns, mine=mine)
    assert (await front.client.get(path)).status_code == 404
    page = (await front.client.get(path.removesuffix("/decision"), headers=ENGLISH)).text
    assert path not in page
    assert "The chair writes down" in page
    assert (await front.client.post(path, data=fields)).status_code == 404
    assert "RecordDecision" not in calls_of(backends)


async def test_what_was_decided_is_read_by_all_of_the_circle(front: Front, backends: Backends) -> None:
    path = await open_item(front, backends, "participant")
    backends.answers["ReadSession"] = decided(attendance=[ME])
    page = (await front.client.get(path, headers=ENGLISH)).text
    assert "Het gaat beter." in page
    assert "Te vroeg." in page
    assert "An Peeters thinks otherwise" in page
    assert f"/cases/{SECOND_CASE}" in page.split('id="decision"')[1]


async def test_of_a_case_that_is_followed_up_it_is_asked_how_things_are(front: Front, backends: Backends) -> None:
    path = await open_item(front, backends, "mayor")
    followed = case()
    followed.frame.review_on = "2026-06-01"
    backends.answers["ReadCase"] = followed
    assert "Milan, 16 years: how are things?" in (await front.client.get(path, headers=ENGLISH)).text


async def test_who_reads_the_frame_alone_reads_nothing_of_the_content(front: Front, backends: Backends) -> None:
    path = await open_item(front, backends, "mayor")
    backends.answers["ReadCase"] = case(("frame",), contributions=[], person=None, circle=[])
    page = (await front.client.get(path, headers=ENGLISH)).text
    assert CODE in page
    assert 'name="outcome"' not in page
    assert "You are not in it." in page


@pytest.mark.parametrize("hidden", ["ReadCase", "ReadSession", "ReadTable"])
async def test_unknown_and_forbidden_are_one_page(front: Front, backends: Backends, hidden: str) -> None:
    path = await open_item(front, backends, "participant")
    assert (await front.client.get(path)).status_code == 200
    backends.answers[hidden] = CaseNotFound()
    answer = await front.client.get(path)
    assert answer.status_code == 404
    assert "Milan" not in answer.text
    assert CODE not in answer.text


async def test_a_case_that_is_not_on_the_agenda_is_not_there(front: Front, backends: Backends) -> None:
    path = await open_item(front, backends, "participant")
    assert (await front.client.get(path)).status_code == 200
    backends.answers["ReadSession"] = session(items=[])
    assert (await front.client.get(path)).status_code == 404


async def test_without_the_token_of_our_form_nothing_is_decided(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "mayor")
    assert (await send(front, path, FOLLOW_UP | CHECKED)).status_code == 303
    backends.calls.clear()
    answer = await send(front, path, FOLLOW_UP | CHECKED, without=("csrf_token",))
    assert answer.status_code == 403
    assert "RecordDecision" not in calls_of(backends)


async def test_a_draft_of_the_chair_is_given_back(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "mayor")
    assert (await send(front, path, FOLLOW_UP | {"later": "1"})).headers["location"] == "/?kept=1"
    assert "Het gaat beter." in (await front.client.get(path)).text
    assert (await send(front, path, FOLLOW_UP | CHECKED)).status_code == 303
    assert "Het gaat beter." not in (await front.client.get(path)).text


async def test_before_and_after_the_session_nothing_can_be_decided(front: Front, backends: Backends) -> None:
    path = await open_item(front, backends, "mayor")
    backends.answers["ReadSession"] = session("PLANNED", starts_at=to_timestamp(NOW + timedelta(days=3)))
    page = (await front.client.get(path, headers=ENGLISH)).text
    assert "has not begun yet" in page
    assert "data-stream" not in page
    assert 'name="outcome"' not in page
    backends.answers["ReadSession"] = session("PLANNED")
    assert "data-stream" in (await front.client.get(path)).text
    backends.answers["ReadSession"] = session("CLOSED")
    page = (await front.client.get(path, headers=ENGLISH)).text
    assert "Nothing was decided" in page
    assert "data-stream" not in page
    assert "Write down the decision" not in page


async def test_the_plan_is_told_in_words_the_life_domain_second(front: Front, backends: Backends) -> None:
    """Of a decision before there were words the life domain stands alone."""
    path = await open_item(front, backends, "mayor")
    followed = case()
    for action in (ITEM, SESSION):
        followed.actions.add(
            action_id=action, life_domain="leisure", owner_id=OTHER, due_on="2026-04-01", state="AGREED"
        )
    backends.answers["ReadCase"] = followed
    backends.answers["ListCaseSessions"] = pb.ListCaseSessionsResponse(
        sessions=[pb.CaseSession(session_id=SESSION, state="OPEN", decision=decided().items[0].decision)]
    )
    plan = (await front.client.get(path, headers=ENGLISH)).text.partition('class="plan"')[2].partition("</ul>")[0]
    assert '<span class="doing">Belt hem.<span class="goal">Leisure</span></span>' in plan
    assert '<span class="doing">Leisure</span>' in plan
