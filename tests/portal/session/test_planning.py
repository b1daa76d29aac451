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
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.sittings import CASE, SECOND_CASE, case
from tests.portal.tables import CHECKED, SECOND_TOWN, TOWN, calls_of, carried_on, filled, send, sit, table

ELSEWHERE = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c99"
ENGLISH = {"accept-language": "en"}
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
    fields = await filled(front, path, CHECKED | TYPED) | {"items": [CASE, SECOND_CASE]}
    answer = await front.client.post(path, data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cells/{front.cell}/sessions/{RECEIPT.id}")
    assert backends.last.request == pb.PlanSessionRequest(
        starts_at=to_timestamp(at("14:00")), ends_at=to_timestamp(at("15:00")), place="town_hall",
        items=[item(CASE, "14:00", "14:30"), item(SECOND_CASE, "14:30", "15:00")],
    )  # fmt: skip


async def test_typed_times_win_and_the_next_case_follows_them(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends)
    times = {f"items[{CASE}].starts_at": "14.10", f"items[{CASE}].ends_at": "15 h", "ends_at": "16:00"}
    fields = await filled(front, path, CHECKED | TYPED | times) | {"items": [CASE, SECOND_CASE]}
    assert (await front.client.post(path, data=fields)).status_code == 303
    asked = backends.last.request
    assert list(asked.items) == [item(CASE, "14:10", "15:00"), item(SECOND_CASE, "15:00", "15:30")]
    assert asked.ends_at == to_timestamp(at("16:00"))


async def test_invariant_25_on_the_day_the_clocks_change(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends)
    fields = await filled(front, path, CHECKED | TYPED | {"day-day": "29"}) | {"items": [CASE]}
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
    fields = await filled(front, path, CHECKED | TYPED) | {"items": [ELSEWHERE]}
    answer = await front.client.post(path, data=fields)
    assert answer.status_code == 422
    assert 'href="#items"' in answer.text
    assert "PlanSession" not in calls_of(backends)
    assert all(call.request.to_plan for call in backends.calls if call.method == "ListCases")


async def test_the_case_one_comes_from_is_ticked_if_it_can_be_planned(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends, mine=(TOWN,), towns=(TOWN, SECOND_TOWN))
    for asked, ticked in ((SECOND_CASE, 1), (ELSEWHERE, 0), ("nonsense", 0), ("", 0)):
        page = (await front.client.get(f"{path}?case={asked}")).text
        assert page.count(" checked") == ticked, asked
    await send(front, path, TYPED | {"later": "1", "items": CASE})
    page = (await front.client.get(f"{path}?case={SECOND_CASE}")).text
    assert page.count(" checked") == 3, "place, the case that was ticked, and the one somebody comes from"


async def test_a_review_is_offered_with_its_date(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends)
    found = backends.answers["ListCases"]
    assert isinstance(found, case_pb2.ListCasesResponse)
    found.cases[0].state, found.cases[0].review_on = "FOLLOW_UP", "2026-03-10"
    page = (await front.client.get(path, headers=ENGLISH)).text.replace("\xa0", " ")
    assert "to look at again before 10 March" in page
    fields = await filled(front, path, CHECKED | TYPED) | {"items": [CASE]}
    assert (await front.client.post(path, data=fields)).status_code == 303


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
    fields = await filled(front, path, CHECKED | TYPED) | {"items": [CASE, SECOND_CASE]}
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
    fields = await filled(front, path, CHECKED | TYPED) | {"items": [CASE]}
    assert {(await front.client.post(path, data=fields)).status_code for _ in range(2)} == {303}
    keys = {call.metadata["idempotency-key"] for call in backends.calls if call.method == "PlanSession"}
    assert len(keys) == 1
    assert 'value="14.00"' not in (await front.client.get(path)).text


@pytest.mark.parametrize("role", ["mayor", "participant", "dpo"])
async def test_the_coordinator_alone_plans(front: Front, backends: Backends, role: str) -> None:
    path = await to_plan(front, backends)
    fields = await filled(front, path, CHECKED | TYPED) | {"items": [CASE]}
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


async def test_the_session_is_read_in_words_before_it_is_planned(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends)
    fields = await filled(front, path, TYPED) | {"items": [CASE, SECOND_CASE]}
    between = await front.client.post(path, data=fields, headers=ENGLISH)
    said = words(between.text)
    for text in (
        "Which day? Thursday 26 March", "From when until when? from 14:00 to 15:00", "Where? Town hall",
        f"{TOWN}-26-0014, about a minor", "from 14:00 to 14:30", "from 14:30 to 15:00",
    ):  # fmt: skip
        assert text in said, text
    assert "PlanSession" not in calls_of(backends)
    answers = [await front.client.post(path, data=carried_on(between)) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    planned = [call for call in backends.calls if call.method == "PlanSession"]
    assert len({call.metadata["idempotency-key"] for call in planned}) == 1
    assert [item.case_id for item in planned[0].request.items] == [CASE, SECOND_CASE]


async def test_eleven_hours_are_asked_about_and_changed(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends)
    for ends_at, odd in (("8.00", False), ("8.01", True), ("13.00", True)):
        fields = await filled(front, path, TYPED | {"starts_at": "2.00", "ends_at": ends_at, "items": CASE})
        between = await front.client.post(path, data=fields, headers=ENGLISH)
        assert ("More than six hours" in between.text) is odd
    assert "More than six hours: from 2:00 to 13:00." in between.text
    form = await front.client.post(path, data=carried_on(between) | {"change": "1"})
    assert form.status_code == 200
    assert 'value="13.00"' in form.text
    assert 'formaction="#ends_at"' in between.text
    assert 'id="ends_at"' in form.text
    assert form.text.count(" checked") == 2


async def test_a_case_that_somebody_planned_meanwhile_is_asked_about(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends)
    fields = await filled(front, path, TYPED | {"items": CASE})
    backends.answers["ListCases"].cases[0].state = "LISTED"  # type: ignore[union-attr]
    assert "already. Is that right?" not in (await front.client.post(path, data=fields, headers=ENGLISH)).text
    backends.answers["ListCases"].cases[0].state = "SCHEDULED"  # type: ignore[union-attr]
    between = await front.client.post(path, data=fields, headers=ENGLISH)
    assert f"Case {TOWN}-26-0014 is on the agenda of a session already." in words(between.text)
    assert (await front.client.post(path, data=carried_on(between))).status_code == 303


async def test_a_case_that_is_gone_meanwhile_is_named_as_gone(front: Front, backends: Backends) -> None:
    path = await to_plan(front, backends)
    fields = await filled(front, path, TYPED) | {"items": [CASE, SECOND_CASE]}
    assert (await front.client.post(path, data=fields)).status_code == 200
    found = backends.answers["ListCases"]
    assert isinstance(found, case_pb2.ListCasesResponse)
    backends.answers["ListCases"] = case_pb2.ListCasesResponse(cases=found.cases[1:2])
    answer = await front.client.post(path, data=fields, headers=ENGLISH)
    assert answer.status_code == 422
    assert "A case you ticked cannot be planned any more." in answer.text
    assert "Tick at least one case." not in answer.text
    backends.answers["ListCases"] = case_pb2.ListCasesResponse()
    nothing = await front.client.post(path, data=fields, headers=ENGLISH)
    assert "No case is on the list" in nothing.text
    assert "govuk-error-summary" not in nothing.text
