"""Planning a session: the cases of my towns, one after the other, or at the times I type."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rondetafel.case.v1 import case_pb2
from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.fields import to_timestamp
from services.meeting.errors import CaseNotOnList, SessionInThePast, WindowOutsideSession, WindowReversed
from tests.portal.backends import RECEIPT, Backends
from tests.portal.conftest import Front
from tests.portal.sittings import CASE, SECOND_CASE, case
from tests.portal.tables import SECOND_TOWN, TOWN, calls_of, filled, send, sit, table

ELSEWHERE = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c99"
TYPED: dict[str, str] = {
    "day-day": "26", "day-month": "3", "day-year": "2026", "starts_at": "14.00", "ends_at": "", "place": "town_hall",
}  # fmt: skip


def at(clock: str, day: int = 26) -> datetime:
    return datetime.fromisoformat(f"2026-03-{day:02}T{clock}").replace(tzinfo=ZoneInfo("Europe/Brussels"))


def item(case_id: str, start: str, end: str) -> pb.PlannedItem:
    return pb.PlannedItem(case_id=case_id, starts_at=to_timestamp(at(start)), ends_at=to_timestamp(at(end)))


async def to_plan(front: Front, backends: Backends, *roles: str, **more: object) -> str:
    path = await sit(front, backends, *(roles or ("coordinator",)), **more)
    frames = [case_pb2.Frame(), case_pb2.Frame(), case_pb2.Frame()]
    for frame, case_id, town, code in zip(
        frames, (CASE, SECOND_CASE, ELSEWHERE), (TOWN, TOWN, SECOND_TOWN), ("-0014", "-0017", "-0003"), strict=True
    ):
        frame.CopyFrom(case().frame)
        frame.case_id, frame.nis_code, frame.code = case_id, town, f"{town}-26{code}"
    backends.answers["ListCases"] = case_pb2.ListCasesResponse(cases=frames)
    return f"{path}/sessions/new"


async def test_cases_follow_one_another_half_an_hour_each(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends)
    fields = await filled(front, path, TYPED) | {"items": [CASE, SECOND_CASE]}
    answer = await front.client.post(path, data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cells/{front.cell}/sessions/{RECEIPT.id}")
    assert backends.last.request == pb.PlanSessionRequest(
        starts_at=to_timestamp(at("14:00")), ends_at=to_timestamp(at("15:00")), place="town_hall",
        items=[item(CASE, "14:00", "14:30"), item(SECOND_CASE, "14:30", "15:00")],
    )  # fmt: skip


async def test_typed_times_win_and_the_next_case_follows_them(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends)
    times = {f"items[{CASE}].starts_at": "14.10", f"items[{CASE}].ends_at": "15 h", "ends_at": "16:00"}
    fields = await filled(front, path, TYPED | times) | {"items": [CASE, SECOND_CASE]}
    assert (await front.client.post(path, data=fields)).status_code == 303
    asked = backends.last.request
    assert list(asked.items) == [item(CASE, "14:10", "15:00"), item(SECOND_CASE, "15:00", "15:30")]
    assert asked.ends_at == to_timestamp(at("16:00"))


async def test_invariant_25_on_the_day_the_clocks_change(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends)
    fields = await filled(front, path, TYPED | {"day-day": "29"}) | {"items": [CASE]}
    assert (await front.client.post(path, data=fields)).status_code == 303
    assert backends.last.request.starts_at == to_timestamp(at("14:00", 29))
    assert at("14:00", 29) - at("14:00", 28) == timedelta(days=1)
    assert backends.last.request.starts_at.ToDatetime().hour == 12


async def test_only_cases_of_my_towns_are_offered(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends, towns=(TOWN, SECOND_TOWN), mine=(TOWN,))
    page = (await front.client.get(path)).text
    assert CASE in page
    assert SECOND_CASE in page
    assert ELSEWHERE not in page
    fields = await filled(front, path, TYPED) | {"items": [ELSEWHERE]}
    answer = await front.client.post(path, data=fields)
    assert answer.status_code == 422
    assert 'href="#items"' in answer.text
    assert "PlanSession" not in calls_of(backends)
    assert all(call.request.to_plan for call in backends.calls if call.method == "ListCases")


async def test_what_is_missing_is_said_at_each_field(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends)
    answer = await send(front, path, {"day-day": "31", "day-month": "2", "day-year": "2026", "starts_at": "25.00"})
    assert answer.status_code == 422
    for name in ("day", "starts_at", "place", "items"):
        assert f'href="#{name}"' in answer.text
        assert f'id="{name}"' in answer.text
    assert 'value="31"' in answer.text
    assert 'value="25.00"' in answer.text


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (SessionInThePast(field="ends_at", expected="a moment to come"), "ends_at"),
        (WindowReversed(field="items[1].ends_at", expected="later"), f"items[{SECOND_CASE}].ends_at"),
        (WindowOutsideSession(field="items[0].starts_at", expected="within"), f"items[{CASE}].starts_at"),
        (CaseNotOnList(field="items[0].case_id", expected="a listed case"), "items"),
    ],
)
async def test_what_the_service_refuses_stands_at_its_field(
    front: Front, backends: Backends, error: Exception, field: str
) -> None:
    path = await to_plan(front, backends)
    backends.answers["PlanSession"] = error  # type: ignore[assignment]
    fields = await filled(front, path, TYPED) | {"items": [CASE, SECOND_CASE]}
    answer = await front.client.post(path, data=fields)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    # What is wrong must not be folded away.
    assert ('<details class="govuk-details" open>' in answer.text) is (CASE[:8] in field)
    assert answer.text.count(" checked") == 3


async def test_a_form_sent_twice_has_one_key_and_later_keeps_it(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends)
    kept = await send(front, path, TYPED | {"later": "1", "items": CASE})
    assert kept.headers["location"] == "/?kept=1"
    assert 'value="14.00"' in (await front.client.get(path)).text
    fields = await filled(front, path, TYPED) | {"items": [CASE]}
    assert {(await front.client.post(path, data=fields)).status_code for _ in range(2)} == {303}
    keys = {call.metadata["idempotency-key"] for call in backends.calls if call.method == "PlanSession"}
    assert len(keys) == 1
    assert 'value="14.00"' not in (await front.client.get(path)).text


@pytest.mark.parametrize("role", ["mayor", "participant", "dpo"])
async def test_the_coordinator_alone_plans(front: Front, backends: Backends, role: str) -> None:
    path = await to_plan(front, backends)
    fields = await filled(front, path, TYPED) | {"items": [CASE]}
    assert (await front.client.post(path, data=fields)).status_code == 303
    backends.calls.clear()
    backends.answers["ReadTable"] = table(front.cell, role)
    assert (await front.client.get(path)).status_code == 404
    assert (await front.client.post(path, data=fields)).status_code == 404
    assert "PlanSession" not in calls_of(backends)
    assert "ListCases" not in calls_of(backends)


async def test_without_a_case_on_the_list_there_is_nothing_to_plan(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends)
    backends.answers["ListCases"] = case_pb2.ListCasesResponse()
    page = await front.client.get(path, headers={"accept-language": "en"})
    assert "No case is on the list" in page.text
    assert 'name="starts_at"' not in page.text
