"""The circle: everybody in it sees who else is, and until when; the coordinator invites."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from rondetafel.case.v1 import case_pb2 as pb
from services.case.errors import AlreadyInCircle, InvitationOutlivesMandate, PeriodReversed
from services.case.model import Part
from services.kit.errors import VersionChanged
from services.portal.web.case.circle_routes import PARTS
from services.portal.web.case.circle_view import CircleView
from services.portal.web.ui.language import Languages
from services.portal.web.ui.table import TableView
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.dossier import AN, CASE, SOFIE, TODAY, WOUT, case, frame, open_case
from tests.portal.tables import CHECKED, TOWN, calls_of, carried_on, filled, send, table

TYPED: dict[str, Any] = {
    "person_id": SOFIE, "life_domains": "school_and_training", "why": "Sofie kent de school.",
    "from-day": str(TODAY.day), "from-month": str(TODAY.month), "from-year": str(TODAY.year),
    "to-day": "1", "to-month": "6", "to-year": "2026", "parts": ["identity", "content"],
}  # fmt: skip


STRANGER = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4cff"
DUTCH = Languages()["nl"]
ENGLISH = {"accept-language": "en"}


async def as_coordinator(front: Front, backends: Backends, found: pb.Case | None = None) -> str:
    """Before the circle of this case, as its coordinator."""
    path = await open_case(front, backends, found or case("LISTED"), role="coordinator", kind="municipality")
    return f"{path}/circle"


async def test_everybody_in_it_sees_who_sits_and_until_when(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case("LISTED")) + "/circle"
    backends.calls.clear()
    page = await front.client.get(path)
    said = words(page.text)
    assert sorted(calls_of(backends)) == ["ReadCase", "ReadTable"]
    for text in (
        "Burgemeester Lieve Martens", "Politie Karim Haddad", "Nele Claes (jij)", "Wout Lammens Jeugdhuis De Sluis",
        "Kent hem goed. (uitgenodigd door An Peeters)", "tot en met 31 mei", "School en opleiding nog niemand",
        "Zeg het aan de coördinator: An Peeters.",
    ):  # fmt: skip
        assert text in said, text
    assert 'name="person_id"' not in page.text
    assert (await send_with_csrf(front, path)).status_code == 404
    assert "InviteToCircle" not in calls_of(backends)


async def send_with_csrf(front: Front, path: str) -> httpx.Response:
    """The invitation, sent by somebody whose page has no form for it."""
    hidden = await filled(front, path.removesuffix("/circle") + "/contribution", {})
    return await front.client.post(path, data={**hidden, **TYPED, "version": "4"})


async def test_the_coordinator_invites_for_parts_and_until_a_day(front: Front, backends: Backends) -> None:
    path = await as_coordinator(front, backends)
    page = await front.client.get(path)
    assert page.text.count("checked") == len(PARTS)
    assert f'value="{(TODAY + timedelta(weeks=13)).day}"' in page.text
    assert 'value="' + SOFIE in page.text
    assert 'value="' + WOUT not in page.text
    answer = await send(front, path, TYPED | CHECKED)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?invited=1")
    period = {"from": TODAY.isoformat(), "to": "2026-06-01"}
    assert backends.last.request == pb.InviteToCircleRequest(
        case_id=CASE, expected_version=4, person_id=SOFIE, parts=["identity", "content"], why="Sofie kent de school.",
        life_domains=["school_and_training"], **period,
    )  # fmt: skip
    assert "De uitnodiging geldt." in (await front.client.get(answer.headers["location"])).text


async def test_a_form_that_is_sent_twice_has_one_key(front: Front, backends: Backends) -> None:
    path = await as_coordinator(front, backends)
    fields = await filled(front, path, TYPED | CHECKED)
    assert {(await front.client.post(path, data=fields)).status_code for _ in range(2)} == {303}
    keys = {call.metadata["idempotency-key"] for call in backends.calls if call.method == "InviteToCircle"}
    assert len(keys) == 1
    assert (await front.client.post(path, data=fields | {"csrf_token": ""})).status_code == 403


async def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(front: Front, backends: Backends) -> None:
    path = await as_coordinator(front, backends)
    bent = {**TYPED, "person_id": STRANGER, "why": " ", "to-month": "13", "parts": []}
    answer = await send(front, path, bent)
    assert answer.status_code == 422
    assert "InviteToCircle" not in calls_of(backends)
    for field in ("person_id", "why", "to", "parts"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
    assert 'value="13"' in answer.text
    # What was unticked stays so; the domain stays ticked.
    assert answer.text.count("checked") == 1


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
    path = await as_coordinator(front, backends)
    assert (await send(front, path, TYPED | CHECKED)).status_code == 303
    backends.answers["InviteToCircle"] = refusal
    answer = await send(front, path, TYPED | CHECKED)
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert (f'href="#{field}"' in answer.text) == bool(field)
    assert "Sofie kent de school." in answer.text


async def test_what_is_typed_can_wait(front: Front, backends: Backends) -> None:
    path = await as_coordinator(front, backends)
    answer = await send(front, path, TYPED | {"later": "1", "parts": ["proposal"]})
    assert answer.headers["location"] == "/?kept=1"
    page = await front.client.get(path)
    assert "Sofie kent de school." in page.text
    assert page.text.count("checked") == 2


@pytest.mark.parametrize("state", ["PROPOSED", "RESTRICTED", "CLOSED"])
async def test_nobody_is_invited_to_what_the_table_does_not_work_on(
    front: Front, backends: Backends, state: str
) -> None:
    path = await as_coordinator(front, backends)
    assert 'name="person_id"' in (await front.client.get(path)).text
    path = await as_coordinator(front, backends, case(state))
    page = await front.client.get(path)
    assert page.status_code == 200
    assert 'name="person_id"' not in page.text


async def test_who_sees_the_frame_by_role_alone_does_not_see_the_circle(front: Front, backends: Backends) -> None:
    path = await as_coordinator(front, backends)
    assert (await front.client.get(path)).status_code == 200
    path = await as_coordinator(front, backends, pb.Case(frame=frame("LISTED"), parts=["frame"]))
    assert (await front.client.get(path)).status_code == 404


async def test_the_invitation_is_read_in_words_before_it_is_sent(front: Front, backends: Backends) -> None:
    path = await as_coordinator(front, backends)
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
    assert (form.status_code, form.text.count(" checked")) == (200, 3)
    assert (await front.client.post(path, data=carried_on(between))).status_code == 303


async def test_an_invitation_to_who_cannot_contribute_is_asked_about(front: Front, backends: Backends) -> None:
    path = await as_coordinator(front, backends)
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
    path = await as_coordinator(front, backends)
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
    assert f'href="{path}"' in answer.text
    assert "Choose whom you invite." not in said


def test_the_parts_are_those_of_the_service() -> None:
    assert {"frame", *PARTS} == {part.value for part in Part}


@pytest.mark.parametrize(
    ("age", "minor", "first"),
    [
        (pb.Age(least=16, most=16, minor="minor"), True, "school_and_training"),
        (pb.Age(least=47, most=47, minor="of_age"), False, "family"),
        (pb.Age(), True, "school_and_training"),
        (pb.Age(), False, "family"),
    ],
)
def test_what_is_asked_first_fits_the_person(age: pb.Age, minor: bool, first: str) -> None:
    found = pb.Case(frame=pb.Frame(nis_code=TOWN, minor=minor, stage="at_the_table"), age=age)
    circle = CircleView(TableView(table(UUID(CASE), "mayor"), DUTCH), found, DUTCH, TODAY)
    assert circle.gap is not None
    assert circle.gap.code == first
    found.frame.stage = "over"
    assert CircleView(TableView(table(UUID(CASE), "mayor"), DUTCH), found, DUTCH, TODAY).gap is None
