"""Streams that say "changed": to whom, how often, and when they end (invariant 15)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from rondetafel.kit.v1 import kit_pb2
from rondetafel.meeting.v1 import meeting_pb2
from services.kit.identities import Revocation, Revoked, sign_in_id
from services.kit.identity import Revocations
from services.kit.principal import PLATFORM
from services.kit.revocations import revocation_message
from services.meeting.errors import SessionNotFound
from services.portal.web.request.live import BEGUN, CHANGED, FULL, MOST_OF_ONE, STILL_HERE, Changes
from services.portal.web.session.stream_routes import end_of_stream
from tests.facts import envelope
from tests.patience import HANGS_AFTER
from tests.portal.backends import Backends
from tests.portal.conftest import Front

CELL, OTHER_CELL = uuid4(), uuid4()
A_SECOND = 1.0


def ended(sign_in: str) -> kit_pb2.Envelope:
    """What the bus carries when a sign-in ended."""
    one = Revocation(sign_in_id(sign_in), Revoked.SESSION, datetime.now(UTC), refuses_all=True, fact_version=1)
    return envelope("sign_in.ended", PLATFORM, revocation_message(one))


class Ear:
    """One open stream, heard message by message; comments that keep it open are left out."""

    def __init__(self, changes: Changes, cell: UUID = CELL, sign_in: str = "a", seconds: float = 60, **more: object):
        given = {"checked": changes.endings, **more}
        self.stream: AsyncIterator[str] = changes.stream(cell, (sign_in_id(sign_in),), seconds, **given)  # type: ignore[arg-type]

    async def next(self) -> str:
        async with asyncio.timeout(A_SECOND):
            while (said := await anext(self.stream)) == STILL_HERE:
                pass
            return said

    async def rest(self) -> list[str]:
        """What it says until it ends; raises TimeoutError when it does not within a second."""
        async with asyncio.timeout(A_SECOND):
            return [said async for said in self.stream]


async def opened(changes: Changes, **more: object) -> Ear:
    ear = Ear(changes, **more)  # type: ignore[arg-type]
    assert await ear.next() == BEGUN
    return ear


@pytest.mark.parametrize("event", ["contribution.shared", "circle.changed", "decision.recorded"])
async def test_what_happens_in_the_cell_is_told_and_no_more_than_that(event: str) -> None:
    changes = Changes(Revocations(), lambda: 60.0)
    ear = await opened(changes)
    changes.take(envelope(event, CELL, b"a payload nobody reads"))
    assert await ear.next() == CHANGED
    assert str(CELL) not in CHANGED
    assert event not in CHANGED


async def test_invariant_17_another_cell_hears_nothing() -> None:
    changes = Changes(Revocations(), lambda: 60.0)
    ear, other = await opened(changes), await opened(changes, cell=OTHER_CELL)
    changes.take(envelope("case.listed", OTHER_CELL))
    assert await other.next() == CHANGED
    changes.take(envelope("case.listed", CELL))
    assert await ear.next() == CHANGED
    await changes.end_all()
    assert await ear.rest() == [CHANGED]


async def test_what_comes_in_a_burst_is_said_once() -> None:
    changes = Changes(Revocations(), lambda: 60.0)
    ear = await opened(changes)
    for _ in range(50):
        changes.take(envelope("contribution.shared", CELL))
    assert await ear.next() == CHANGED
    await changes.end_all()
    assert await ear.rest() == [CHANGED]


async def test_invariant_15_a_mandate_that_changed_ends_the_streams_of_its_cell() -> None:
    changes = Changes(Revocations(), lambda: 60.0)
    ear, other = await opened(changes), await opened(changes, cell=OTHER_CELL)
    changes.take(envelope("mandate.changed", CELL))
    assert await ear.rest() == [CHANGED]
    changes.take(envelope("case.listed", OTHER_CELL))
    assert await other.next() == CHANGED


async def test_invariant_15_a_sign_in_that_ended_ends_its_streams() -> None:
    changes = Changes(Revocations(), lambda: 60.0)
    mine, others = await opened(changes, sign_in="a"), await opened(changes, sign_in="b")
    changes.take(ended("a"))
    assert await mine.rest() == [CHANGED]
    changes.take(envelope("case.listed", CELL))
    assert await others.next() == CHANGED


async def test_an_end_that_cannot_be_read_is_everybodys() -> None:
    changes = Changes(Revocations(), lambda: 60.0)
    ears = [await opened(changes, sign_in=sign_in) for sign_in in ("a", "b")]
    changes.take(envelope("sign_in.ended", PLATFORM, b"\xff\xff"))
    assert [await ear.rest() for ear in ears] == [[CHANGED], [CHANGED]]


async def test_invariant_15_what_changed_while_it_was_checked_ends_it_at_once() -> None:
    changes = Changes(Revocations(), lambda: 60.0)
    checked = changes.endings
    changes.take(envelope("mandate.changed", CELL))
    assert await Ear(changes, checked=checked).rest() == [BEGUN, CHANGED]


async def test_invariant_15_a_stream_begun_just_after_a_mandate_changed_ends_and_is_checked_again() -> None:
    """The service that was asked may have answered by the facts of before: such a stream outlived the mandate."""
    changes = Changes(Revocations(), lambda: 60.0, settled=0.05)
    changes.take(envelope("mandate.changed", CELL))
    other = await opened(changes, cell=OTHER_CELL)
    assert await Ear(changes).rest() == [BEGUN, STILL_HERE]
    later = await opened(changes)
    for ear, cell in ((other, OTHER_CELL), (later, CELL)):
        changes.take(envelope("case.listed", cell))
        assert await ear.next() == CHANGED


async def test_the_next_stream_of_a_browser_says_at_once_that_something_may_have_changed() -> None:
    ear = await opened(Changes(Revocations(), lambda: 60.0), again=True)
    assert await ear.next() == CHANGED


async def test_its_time_is_bounded() -> None:
    assert await Ear(Changes(Revocations(), lambda: 60.0), seconds=0.01).rest() == [BEGUN, STILL_HERE]


async def test_their_number_is_bounded_and_who_leaves_makes_room() -> None:
    changes = Changes(Revocations(), lambda: 60.0)
    ears = [await opened(changes) for _ in range(MOST_OF_ONE)]
    assert await Ear(changes).rest() == [FULL]
    await opened(changes, sign_in="b")
    async with aclosing(ears[0].stream):  # type: ignore[type-var]
        pass
    await opened(changes)


async def test_a_door_that_drains_ends_them_all_and_begins_none() -> None:
    changes = Changes(Revocations(), lambda: 60.0)
    ear = await opened(changes)
    await changes.end_all()
    assert await ear.rest() == [CHANGED]
    assert await Ear(changes).rest() == [FULL]


SESSION = uuid4()
STREAM = {"accept": "text/html, text/event-stream", "hx-request": "true"}


async def answered(front: Front, **headers: str) -> httpx.Response:
    return await front.client.get(f"/cells/{front.cell}/sessions/{SESSION}/events", headers=STREAM | headers)


async def listening(front: Front) -> asyncio.Task[httpx.Response]:
    """A stream that is open: the answer of the whole comes when it ends."""
    task = asyncio.create_task(answered(front))
    async with asyncio.timeout(HANGS_AFTER):
        while not front.web.changes.open_streams and not task.done():
            await asyncio.sleep(0)
    return task


async def over(task: asyncio.Task[httpx.Response]) -> httpx.Response:
    async with asyncio.timeout(A_SECOND):
        return await task


async def test_the_stream_is_one_recorded_question_of_who_may_read_the_session(
    front: Front, backends: Backends
) -> None:
    await front.sign_in()
    task = await listening(front)
    await front.web.changes.end_all()
    answer = await over(task)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text == BEGUN + CHANGED
    assert backends.last.request == meeting_pb2.ReadSessionRequest(session_id=str(SESSION))
    assert [call.method for call in backends.calls] == ["ReadSession"]


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
    assert (await over(task)).text == BEGUN + CHANGED
    refused = await answered(front, **{"last-event-id": "1"})
    assert refused.status_code == (404 if event == "mandate.changed" else 401)
    assert refused.text == ""


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
