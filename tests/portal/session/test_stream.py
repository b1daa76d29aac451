"""The one stream of a browser, as it asks for it: for which sessions, of whom, and for how long (invariant 15)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from services.meeting.errors import SessionNotFound
from services.portal.web.request.live import STILL_HERE
from services.portal.web.session.stream_routes import MOST_SESSIONS, end_of_stream
from tests.facts import envelope
from tests.patience import HANGS_AFTER
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.request.test_live import A_SECOND, FIRST, SECOND, alike, ended

SESSION = uuid4()
STREAM = {"accept": "text/event-stream"}


async def answered(front: Front, *of: str) -> httpx.Response:
    named = of or (f"{front.cell}/{SESSION}",)
    return await front.client.get("/events", params={"of": named}, headers=STREAM)


async def listening(front: Front, *of: str) -> asyncio.Task[httpx.Response]:
    """A stream that is open: the answer of the whole comes when it ends."""
    task = asyncio.create_task(answered(front, *of))
    async with asyncio.timeout(HANGS_AFTER):
        while not front.web.changes.open_streams and not task.done():
            await asyncio.sleep(0)
    return task


async def over(task: asyncio.Task[httpx.Response]) -> httpx.Response:
    async with asyncio.timeout(A_SECOND):
        return await task


async def test_the_stream_is_a_recorded_question_of_who_may_read_each_session(front: Front, backends: Backends) -> None:
    await front.sign_in()
    second = uuid4()
    task = await listening(front, f"{front.cell}/{SESSION}", f"{front.cell}/{second}")
    await front.web.changes.end_all()
    answer = await over(task)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert (answer.headers["cache-control"], answer.headers["x-accel-buffering"]) == ("no-store", "no")
    assert alike(answer.text).replace(STILL_HERE, "") == FIRST + SECOND
    assert [call.method for call in backends.calls] == ["ReadSession"] * 2
    assert {call.request.session_id for call in backends.calls} == {str(SESSION), str(second)}


@pytest.mark.parametrize("event", ["mandate.changed", "sign_in.ended"])
async def test_invariant_15_an_open_stream_ends_and_the_next_one_is_refused(
    front: Front, backends: Backends, event: str
) -> None:
    await front.sign_in()
    task = await listening(front)
    if event == "mandate.changed":
        backends.answers["ReadSession"] = SessionNotFound()
        front.web.changes.take(envelope("mandate.changed", front.cell))
    else:
        await front.web.sign_ins.end(front.keycloak.sid)
        front.web.changes.take(ended(front.keycloak.sid))
    assert alike((await over(task)).text).replace(STILL_HERE, "") == FIRST + FIRST
    refused = await answered(front)
    assert refused.status_code == (404 if event == "mandate.changed" else 401)
    assert refused.text == ""


async def test_invariant_15_of_two_sessions_the_one_that_may_be_read_goes_on(front: Front, backends: Backends) -> None:
    await front.sign_in()
    lost, elsewhere = uuid4(), uuid4()
    backends.answers[f"ReadSession {lost}"] = SessionNotFound()
    task = await listening(front, f"{elsewhere}/{lost}", f"{front.cell}/{SESSION}")
    for cell in (elsewhere, front.cell):
        front.web.changes.take(envelope("case.listed", cell))
    await front.web.changes.end_all()
    assert alike((await over(task)).text).replace(STILL_HERE, "") == FIRST + SECOND + SECOND


@pytest.mark.parametrize("of", [[], [f"{SESSION}"], [f"{SESSION}/x"], [f"{SESSION}/{SESSION}"] * (MOST_SESSIONS + 1)])
async def test_a_question_that_names_no_sessions_or_too_many_asks_nobody(
    front: Front, backends: Backends, of: list[str]
) -> None:
    await front.sign_in()
    assert (await front.client.get("/events", params={"of": of}, headers=STREAM)).status_code == 400
    assert backends.calls == []


async def test_without_a_sign_in_nobody_listens(front: Front) -> None:
    assert (await answered(front)).status_code == 401
    assert front.web.changes.open_streams == 0


async def test_a_stream_does_not_prolong_the_sign_in(front: Front) -> None:
    await front.sign_in()
    front.advance(minutes=29)
    await front.web.changes.end_all()
    assert (await answered(front)).status_code == 200
    front.advance(minutes=1)
    assert (await answered(front)).status_code == 401


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=300)


@pytest.mark.parametrize(
    ("now", "token", "sign_in", "end"),
    [
        (NOON, LATER, LATER, NOON + timedelta(minutes=5)),
        (NOON, NOON + timedelta(minutes=2), LATER, NOON + timedelta(minutes=2)),
        (NOON, LATER, NOON + timedelta(minutes=1), NOON + timedelta(minutes=1)),
        # Midnight in Brussels: an hour before that of UTC in winter, two in summer.
        (datetime(2026, 3, 2, 22, 58, tzinfo=UTC), LATER, LATER, datetime(2026, 3, 2, 23, tzinfo=UTC)),
        (datetime(2026, 10, 24, 21, 59, tzinfo=UTC), LATER, LATER, datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), LATER, LATER, datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
)
def test_it_lasts_five_minutes_at_most_and_never_past_midnight(
    now: datetime, token: datetime, sign_in: datetime, end: datetime
) -> None:
    assert end_of_stream(now, token, sign_in) == end
