"""The coordinator invites somebody to a case: step by step, read in words, and then sent."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from services.case.errors import AlreadyInCircle, InvitationOutlivesMandate, PeriodReversed
from services.case.model import Part
from services.kit.errors import VersionChanged
from services.portal.web.case.invite_steps import PARTS, STEPS
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.case.test_circle import as_coordinator
from tests.portal.case.test_next_step import SEATS_ONLY
from tests.portal.conftest import Front
from tests.portal.dossier import AN, CASE, SOFIE, TODAY, WOUT, case
from tests.portal.tables import CHECKED, calls_of, carried, carried_on, filled, send

WHO: dict[str, Any] = {"person_id": SOFIE}
WHY: dict[str, Any] = {"life_domains": "school_and_training", "why": "Sofie kent de school."}
UNTIL: dict[str, Any] = {
    "from-day": str(TODAY.day), "from-month": str(TODAY.month), "from-year": str(TODAY.year),
    "to-day": "1", "to-month": "6", "to-year": "2026", "parts": ["identity", "content"],
}  # fmt: skip
TYPED: dict[str, Any] = {"step": "until"} | WHO | WHY | UNTIL
"""What the last step sends: its own fields, and unseen what was typed before."""

STRANGER = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4cff"
ENGLISH = {"accept-language": "en"}


async def to_invite(front: Front, backends: Backends, found: pb.Case | None = None) -> str:
    """Before the first step, as the coordinator of this case."""
    return f"{await as_coordinator(front, backends, found)}/invite"


def circle_of(path: str) -> str:
    """The page of the circle from which one came."""
    return path.removesuffix("/invite")


async def test_one_question_after_the_other(front: Front, backends: Backends) -> None:
    path = await to_invite(front, backends)
    page = await front.client.get(path)
    assert 'value="' + SOFIE in page.text
    assert 'value="' + WOUT not in page.text
    assert "Stap 1 van 4" in words(page.text)
    assert 'name="why"' not in page.text
    page = await front.client.post(path, data=carried(page) | WHO)
    assert "Stap 2 van 4" in words(page.text)
    assert "Sofie" in words(page.text)
    assert 'name="parts"' not in page.text
    page = await front.client.post(path, data=carried(page) | WHY)
    assert "Stap 3 van 4" in words(page.text)
    assert page.text.count("checked") == len(PARTS)
    assert f'value="{(TODAY + timedelta(weeks=13)).day}"' in page.text
    between = await front.client.post(path, data=carried(page) | UNTIL)
    assert "InviteToCircle" not in calls_of(backends)
    assert (await front.client.post(path, data=carried_on(between))).status_code == 303
    assert (backends.last.request.person_id, backends.last.request.why) == (SOFIE, "Sofie kent de school.")


async def test_who_told_it_is_offered_first(front: Front, backends: Backends) -> None:
    found = case("LISTED", circle=SEATS_ONLY)
    path = await to_invite(front, backends, found)
    people = re.findall(r'<option value="([^"]+)"[^>]*>([^<]*)', (await front.client.get(path)).text)
    assert len(people) > 1, "somebody stands before"
    last, called = people[-1]
    found.reporter_id = last
    backends.answers["ReadCase"] = found
    first = re.findall(r'<option value="([^"]+)"[^>]*>([^<]*)', (await front.client.get(path)).text)[0]
    assert first == (last, f"{called.removesuffix(')')}, gaf het signaal door)")


async def test_a_step_back_keeps_what_was_typed(front: Front, backends: Backends) -> None:
    path = await to_invite(front, backends)
    second = await front.client.post(path, data=await filled(front, path, WHO))
    first = await front.client.post(path, data=carried(second) | WHY | {"change": "back"})
    assert first.status_code == 200
    assert f'value="{SOFIE}" selected' in first.text
    again = await front.client.post(path, data=carried(first) | WHO)
    assert "Sofie kent de school." in again.text
    assert again.text.count("checked") == 1


async def test_a_change_leads_to_its_step_and_back_to_the_last_page(front: Front, backends: Backends) -> None:
    path = await to_invite(front, backends)
    between = await front.client.post(path, data=await filled(front, path, TYPED))
    fields = carried_on(between)
    fields.pop("checked")
    step = await front.client.post(path, data=fields | {"change": "why"})
    assert "Stap 2 van 4" in words(step.text)
    between = await front.client.post(path, data=carried(step) | {"why": "Zij kent hem."})
    assert (await front.client.post(path, data=carried_on(between))).status_code == 303
    assert backends.last.request.why == "Zij kent hem."
    assert list(backends.last.request.life_domains) == []


@pytest.mark.parametrize(
    ("step", "bent", "at"),
    [
        ({"step": "who"}, {"person_id": STRANGER}, "person_id"),
        ({"step": "why"} | WHO, {"why": " "}, "why"),
        (TYPED, {"to-month": "13"}, "to"),
        (TYPED, {"parts": []}, "parts"),
        (TYPED, {"why": " ", "to-month": "13"}, "why"),
        (TYPED, {"person_id": STRANGER, "why": " "}, "person_id"),
    ],
)
async def test_a_fault_stands_at_its_field_in_its_step(
    front: Front, backends: Backends, step: dict[str, Any], bent: dict[str, Any], at: str
) -> None:
    path = await to_invite(front, backends)
    answer = await send(front, path, {**step, **bent})
    assert answer.status_code == 422
    assert "InviteToCircle" not in calls_of(backends)
    assert f'href="#{at}"' in answer.text
    assert f'id="{at}"' in answer.text
    assert answer.text.count('href="#') == 2, "the fault, and the way to the content"
    for name in (name for fields in STEPS.values() for name in fields if name in ("why",)):
        assert f'name="{name}"' in answer.text or name not in step


async def test_the_coordinator_invites_for_parts_and_until_a_day(front: Front, backends: Backends) -> None:
    path = await to_invite(front, backends)
    answer = await send(front, path, TYPED | CHECKED)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{circle_of(path)}?invited=1")
    period = {"from": TODAY.isoformat(), "to": "2026-06-01"}
    assert backends.last.request == pb.InviteToCircleRequest(
        case_id=CASE, expected_version=4, person_id=SOFIE, parts=["identity", "content"], why="Sofie kent de school.",
        life_domains=["school_and_training"], **period,
    )  # fmt: skip
    assert "De uitnodiging geldt." in (await front.client.get(answer.headers["location"])).text


async def test_a_form_that_is_sent_twice_has_one_key(front: Front, backends: Backends) -> None:
    path = await to_invite(front, backends)
    fields = await filled(front, path, TYPED | CHECKED)
    assert {(await front.client.post(path, data=fields)).status_code for _ in range(2)} == {303}
    keys = {call.metadata["idempotency-key"] for call in backends.calls if call.method == "InviteToCircle"}
    assert len(keys) == 1
    assert (await front.client.post(path, data=fields | {"csrf_token": ""})).status_code == 403


@pytest.mark.parametrize(
    ("refusal", "field", "sentence"),
    [
        (
            InvitationOutlivesMandate(field="to", expected="2026-05-01 or before"),
            "to",
            "Kies een vroegere laatste dag.",
        ),
        (PeriodReversed(field="to", expected="the first day or later"), "to", "Kies een latere"),
        (AlreadyInCircle(field="from", expected="a day after"), "from", "al uitgenodigd"),
        (VersionChanged(field="expected_version", expected="the version last read"), "", "gewijzigd"),
    ],
)
async def test_what_the_service_refuses_stands_at_the_field(
    front: Front, backends: Backends, refusal: AlreadyInCircle, field: str, sentence: str
) -> None:
    path = await to_invite(front, backends)
    assert (await send(front, path, TYPED | CHECKED)).status_code == 303
    backends.answers["InviteToCircle"] = refusal
    answer = await send(front, path, TYPED | CHECKED)
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert (f'href="#{field}"' in answer.text) == bool(field)
    assert "Sofie kent de school." in answer.text


async def test_what_is_typed_can_wait(front: Front, backends: Backends) -> None:
    path = await to_invite(front, backends)
    answer = await send(front, path, TYPED | {"later": "1", "parts": ["proposal"]})
    assert answer.headers["location"] == "/?kept=1"
    page = await front.client.get(path)
    assert "Stap 3 van 4" in words(page.text)
    assert "Sofie kent de school." in page.text
    assert page.text.count(" checked") == 1


async def test_the_invitation_is_read_in_words_before_it_is_sent(front: Front, backends: Backends) -> None:
    path = await to_invite(front, backends)
    between = await front.client.post(path, data=await filled(front, path, TYPED), headers=ENGLISH)
    said = words(between.text)
    for text in (
        "Whom do you invite? Sofie", "What can this person speak of? School and training",
        "Why is this person needed? Sofie kent de school.", "From which day? Monday 2 March",
        "Until which day, included? Monday 1 June", "What may this person read?",
    ):  # fmt: skip
        assert text in said, text
    assert "cannot contribute. Is that right?" not in said
    assert "InviteToCircle" not in calls_of(backends)
    assert carried_on(between)["parts"] == ["identity", "content"]
    form = await front.client.post(path, data=carried_on(between) | {"change": "1"})
    assert (form.status_code, form.text.count(" checked")) == (200, 2)
    assert (await front.client.post(path, data=carried_on(between))).status_code == 303


async def test_an_invitation_to_who_cannot_contribute_is_asked_about(front: Front, backends: Backends) -> None:
    path = await to_invite(front, backends)
    fields = await filled(front, path, TYPED | {"parts": ["identity"]})
    between = await front.client.post(path, data=fields, headers=ENGLISH)
    assert "this person cannot contribute. Is that right?" in between.text
    assert 'formaction="#parts"' in between.text
    assert (await front.client.post(path, data=carried_on(between))).status_code == 303
    assert list(backends.last.request.parts) == ["identity"]


@pytest.mark.parametrize("looked_at", [{}, CHECKED])
async def test_who_comes_second_reads_who_invited_and_until_when(
    front: Front, backends: Backends, looked_at: dict[str, str]
) -> None:
    path = await to_invite(front, backends)
    fields = await filled(front, path, TYPED | looked_at)
    assert (await front.client.post(path, data=fields)).status_code == (303 if looked_at else 200)
    found = case("LISTED")
    entry = found.circle.add(person_id=SOFIE, parts=["frame", "content"], to="2026-05-31", invited_by=AN)
    setattr(entry, "from", TODAY.isoformat())
    backends.answers["ReadCase"] = found
    if looked_at:
        # Sent twice: it is the invitation itself that made the person one of the circle.
        assert (await front.client.post(path, data=fields)).status_code == 303
    backends.answers["InviteToCircle"] = AlreadyInCircle(field="from", expected="a day after")
    answer = await front.client.post(path, data=fields, headers=ENGLISH)
    assert answer.status_code == 409
    said = words(answer.text)
    assert "An Peeters invited Sofie" in said
    assert "from Monday 2 March to Sunday 31 May." in said
    assert "Sofie kent de school." in said
    assert f'href="{circle_of(path)}"' in answer.text
    assert "Choose whom you invite." not in said


def test_the_parts_are_those_of_the_service() -> None:
    assert {"frame", *PARTS} == {part.value for part in Part}
