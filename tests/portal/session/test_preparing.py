"""A decision is prepared by the coordinator or the minute taker, put to the chair, and recorded by the chair."""

from __future__ import annotations

import pytest

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.errors import VersionChanged
from services.meeting.errors import ItemDecided
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.session.test_decisions import ENGLISH, FOLLOW_UP
from tests.portal.sittings import (
    ITEM,
    POLICE,
    PREVENTION,
    SESSION,
    decided,
    deciding,
    prepared,
    session,
)
from tests.portal.tables import CHECKED, ME, OTHER, become, calls_of, carried_on, filled, send


def with_prepared(version: int = 1, **changed: object) -> pb.Session:
    """The open session, with something prepared on its first item."""
    found = session(attendance=[ME, OTHER, POLICE, PREVENTION])
    found.items[0].prepared.CopyFrom(prepared(version, **changed))
    return found


@pytest.mark.parametrize("role", ["coordinator", "minute_taker"])
async def test_it_is_put_to_the_chair_at_once_and_once(front: Front, backends: Backends, role: str) -> None:
    path = await deciding(front, backends, role)
    page = (await front.client.get(path, headers=ENGLISH)).text
    assert "Put it to the chair" in page
    assert "Record the decision" not in page
    fields = await filled(front, path, FOLLOW_UP | {"actions[2].owner_id": OTHER})
    answers = [await front.client.post(path, data=fields) for _ in range(2)]
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {
        (303, path.removesuffix("/decision") + "?prepared=1")
    }
    put = [call for call in backends.calls if call.method == "PrepareDecision"]
    assert len({call.metadata["idempotency-key"] for call in put}) == 1
    assert put[0].request == pb.PrepareDecisionRequest(
        session_id=SESSION, expected_version=0, agenda_item_id=ITEM, outcome="follow_up", reasons="Het gaat beter.",
        dissents=[pb.Dissent(person_id=POLICE, text="Te vroeg.")], case_lead_id=OTHER, review_on="2026-06-01",
        actions=[
            pb.PlannedAction(what="Belt hem.", life_domain="leisure", owner_id=OTHER, due_on="2026-04-01"),
            pb.PlannedAction(what="Gaat op bezoek.", life_domain="family", owner_id=OTHER, due_on="2026-04-02"),
        ],
    )  # fmt: skip
    assert "RecordDecision" not in calls_of(backends)


async def test_it_may_be_put_to_the_chair_without_lead_and_review(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "coordinator")
    answer = await send(front, path, {"outcome": "follow_up", "reasons": "Nog af te spreken."})
    assert answer.status_code == 303
    asked = backends.last.request
    assert (len(asked.actions), asked.case_lead_id, asked.review_on) == (0, "", "")
    nothing = await send(front, path)
    assert nothing.status_code == 422
    for name in ("outcome", "reasons"):
        assert f'href="#{name}"' in nothing.text
    half = await send(front, path, FOLLOW_UP | {"actions[0].owner_id": ""})
    assert 'href="#actions[0].owner_id"' in half.text


async def test_the_pages_of_the_item_say_what_is_prepared_to_those_concerned(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "coordinator")
    item = path.removesuffix("/decision")
    assert "Prepare the decision" in (await front.client.get(item, headers=ENGLISH)).text
    backends.answers["ReadSession"] = with_prepared()
    page = (await front.client.get(f"{item}?prepared=1", headers=ENGLISH)).text
    assert "It is put to the chair" in page
    assert "Prepared: Follow up" in page
    assert "Change what is prepared" in page
    await deciding(front, backends, "mayor")
    backends.answers["ReadSession"] = with_prepared()
    page = words((await front.client.get(item, headers=ENGLISH)).text)
    assert "An Peeters prepared a decision at 10:00." in page
    assert "Look at what is prepared" in page
    become(front, backends, "participant")
    page = (await front.client.get(item, headers=ENGLISH)).text
    assert "The chair writes down what the table decides." in page
    assert "repared" not in page.partition("<main")[2]


async def test_the_chair_finds_what_was_prepared_and_records_it(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "mayor")
    backends.answers["ReadSession"] = with_prepared()
    page = (await front.client.get(path, headers=ENGLISH)).text
    assert "An Peeters prepared this at 10:00." in page
    assert "Zo is het voorbereid.</textarea>" in page
    assert 'value="Belt hem."' in page
    assert "Te vroeg.</textarea>" in page
    assert page.count(" selected") == 4
    fields = await filled(front, path, FOLLOW_UP | {"prepared": "1"})
    between = await front.client.post(path, data=fields)
    assert "RecordDecision" not in calls_of(backends)
    assert (await front.client.post(path, data=carried_on(between))).status_code == 303
    assert (backends.last.method, backends.last.request.expected_version) == ("RecordDecision", 2)


async def test_everything_prepared_has_its_row_however_many(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "mayor")
    actions = [
        pb.PlannedAction(life_domain="leisure", owner_id=OTHER, due_on="2026-04-01", what=f"Ding {number}.")
        for number in range(5)
    ]
    backends.answers["ReadSession"] = with_prepared(actions=actions)
    page = (await front.client.get(path, headers=ENGLISH)).text
    assert all(f'value="Ding {number}."' in page for number in range(5))


async def test_another_text_prepared_meanwhile_is_shown_before_anything_is_recorded(
    front: Front, backends: Backends
) -> None:
    path = await deciding(front, backends, "mayor")
    backends.answers["ReadSession"] = with_prepared()
    fields = await filled(front, path, FOLLOW_UP | CHECKED | {"prepared": "1"})
    assert (await front.client.post(path, data=fields)).status_code == 303
    backends.calls.clear()
    backends.answers["ReadSession"] = with_prepared(2, reasons="Nog eens nagelezen.")
    answer = await front.client.post(path, data=fields, headers=ENGLISH)
    assert answer.status_code == 422
    assert "RecordDecision" not in calls_of(backends)
    assert "What is prepared for you was changed meanwhile." in answer.text
    assert "Nog eens nagelezen." in answer.text
    assert "Het gaat beter.</textarea>" in answer.text
    assert 'name="prepared" value="2"' in answer.text
    again = await front.client.post(path, data=fields | {"prepared": "2", "key": "another"})
    assert again.status_code == 303


async def test_two_who_prepare_lose_no_text(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "coordinator")
    backends.answers["ReadSession"] = with_prepared()
    page = (await front.client.get(path)).text
    assert "Zo is het voorbereid.</textarea>" in page
    assert 'name="version" value="1"' in page
    fields = await filled(front, path, FOLLOW_UP)
    backends.answers["PrepareDecision"] = VersionChanged(field="expected_version", expected="2")
    backends.answers["ReadSession"] = with_prepared(2, reasons="Van iemand anders.")
    answer = await front.client.post(path, data=fields, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Van iemand anders." in answer.text
    assert "Het gaat beter.</textarea>" in answer.text
    assert 'name="version" value="2"' in answer.text


async def test_who_prepares_too_late_reads_what_was_decided(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "coordinator")
    fields = await filled(front, path, FOLLOW_UP)
    assert (await front.client.post(path, data=fields)).status_code == 303
    first = decided()
    first.items[0].decision.decided_by = OTHER
    backends.answers["PrepareDecision"] = ItemDecided()
    backends.answers["ReadSession"] = first
    answer = await front.client.post(path, data=fields, headers=ENGLISH)
    assert answer.status_code == 409
    said = words(answer.text)
    assert "An Peeters recorded a decision at 10:00, before yours was sent." in said
    assert "What was decided Follow up" in said
    opened = await front.client.get(path)
    assert (opened.status_code, opened.headers["location"]) == (303, path.removesuffix("/decision"))


async def test_before_the_session_is_open_nothing_is_prepared(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "coordinator")
    fields = await filled(front, path, FOLLOW_UP)
    assert (await front.client.post(path, data=fields)).status_code == 303
    backends.calls.clear()
    backends.answers["ReadSession"] = session("PLANNED")
    assert (await front.client.get(path)).status_code == 404
    assert (await front.client.post(path, data=fields)).status_code == 404
    assert "PrepareDecision" not in calls_of(backends)


async def test_without_the_token_of_our_form_nothing_is_prepared(front: Front, backends: Backends) -> None:
    path = await deciding(front, backends, "coordinator")
    assert (await send(front, path, FOLLOW_UP)).status_code == 303
    backends.calls.clear()
    assert (await send(front, path, FOLLOW_UP, without=("csrf_token",))).status_code == 403
    assert "PrepareDecision" not in calls_of(backends)
