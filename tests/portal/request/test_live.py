"""Streams that say how far a cell is: to whom, how often, and when they end (invariant 15)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from rondetafel.kit.v1 import kit_pb2
from services.kit.identities import Revocation, Revoked, sign_in_id
from services.kit.identity import Revocations
from services.kit.principal import PLATFORM
from services.kit.revocations import revocation_message
from services.portal.web.request.live import FULL, STILL_HERE, Asked, Changes, Room
from tests.facts import envelope

CELL, OTHER_CELL = uuid4(), uuid4()
A_SECOND = 1.0
FIRST, SECOND = "data: 0 token\n\n", "data: 1 token\n\n"


def ended(sign_in: str) -> kit_pb2.Envelope:
    """What the bus carries when a sign-in ended."""
    one = Revocation(sign_in_id(sign_in), Revoked.SESSION, datetime.now(UTC), refuses_all=True, fact_version=1)
    return envelope("sign_in.ended", PLATFORM, revocation_message(one))


def alike(said: str) -> str:
    """What is said without its tokens, which are others each time."""
    return re.sub("[0-9a-f]{16}", "token", said)


class Ear:
    """One open stream, heard message by message; comments that keep it open are left out."""

    def __init__(
        self, changes: Changes, *cells: UUID | None, sign_in: str = "a", seconds: float = 60, source: str = "",
        checked: int | None = None,
    ) -> None:  # fmt: skip
        endings = changes.endings if checked is None else checked
        asked = Asked(cells or (CELL,), (sign_in_id(sign_in),), source, endings)
        self.stream: AsyncIterator[str] = changes.stream(asked, seconds)
        self.tokens: list[str] = []

    async def next(self) -> str:
        async with asyncio.timeout(A_SECOND):
            while (said := await anext(self.stream)) == STILL_HERE:
                pass
            self.tokens += re.findall("[0-9a-f]{16}", said)
            return alike(said)

    async def rest(self) -> list[str]:
        """What it says until it ends; raises TimeoutError when it does not within a second."""
        async with asyncio.timeout(A_SECOND):
            return [alike(said) async for said in self.stream if said != STILL_HERE]


async def opened(changes: Changes, *cells: UUID | None, sign_in: str = "a", source: str = "") -> Ear:
    ear = Ear(changes, *cells, sign_in=sign_in, source=source)
    assert await ear.next() == "".join(f"data: {number} token\n\n" for number in range(len(cells) or 1))
    return ear


def quiet(room: Room | None = None) -> Changes:
    """Nothing has happened yet."""
    return Changes(Revocations(), lambda: 60.0, room=room)


@pytest.mark.parametrize("event", ["contribution.shared", "circle.changed", "decision.recorded"])
async def test_what_happens_in_the_cell_is_told_and_no_more_than_that(event: str) -> None:
    changes = quiet()
    page = changes.heard.of(CELL)
    ear = await opened(changes)
    assert ear.tokens == [page]
    changes.take(envelope(event, CELL, b"a payload nobody reads"))
    assert await ear.next() == FIRST
    # What a page that is read now is of.
    assert ear.tokens == [page, changes.heard.of(CELL)]
    assert page != changes.heard.of(CELL)


async def test_invariant_17_another_cell_hears_nothing() -> None:
    changes = quiet()
    ear, other = await opened(changes), await opened(changes, OTHER_CELL, sign_in="b")
    changes.take(envelope("case.listed", OTHER_CELL))
    assert await other.next() == FIRST
    changes.take(envelope("case.listed", CELL))
    assert await ear.next() == FIRST
    await changes.end_all()
    assert await ear.rest() == []


async def test_one_stream_tells_of_the_sessions_of_all_pages_each_by_its_place() -> None:
    changes = quiet()
    ear = await opened(changes, CELL, OTHER_CELL)
    changes.take(envelope("case.listed", OTHER_CELL))
    assert await ear.next() == SECOND
    changes.take(envelope("case.listed", CELL))
    assert await ear.next() == FIRST


async def test_of_what_may_not_be_read_it_is_said_once_that_it_is_old() -> None:
    changes = quiet()
    ear = await opened(changes, None, CELL)
    changes.take(envelope("case.listed", CELL))
    assert await ear.next() == SECOND
    again = await opened(changes, None, CELL, sign_in="b")
    assert again.tokens[0] != ear.tokens[0]
    assert again.tokens[1] == ear.tokens[2]


async def test_what_comes_in_a_burst_is_said_once_however_late_it_is_read() -> None:
    changes = quiet()
    ear = await opened(changes)
    for _ in range(10_000):
        changes.take(envelope("contribution.shared", CELL))
    assert await ear.next() == FIRST
    assert ear.tokens[-1] == changes.heard.of(CELL)
    await changes.end_all()
    assert await ear.rest() == []


async def test_invariant_15_a_mandate_that_changed_ends_the_streams_of_its_cell() -> None:
    changes = quiet()
    ear, other = await opened(changes, OTHER_CELL, CELL), await opened(changes, OTHER_CELL, sign_in="b")
    changes.take(envelope("mandate.changed", CELL))
    assert await ear.rest() == [SECOND]
    changes.take(envelope("case.listed", OTHER_CELL))
    assert await other.next() == FIRST


async def test_invariant_15_a_circle_that_changed_is_told_again_once_the_others_heard_of_it() -> None:
    """Who was taken out may have read at once, before the meeting service knew: the page reads once more."""
    changes = Changes(Revocations(), lambda: 60.0, settled=0.05)
    ear, other = await opened(changes), await opened(changes, OTHER_CELL, sign_in="b")
    for _ in range(3):
        changes.take(envelope("circle.changed", CELL))
    assert [await ear.next(), await ear.next()] == [FIRST, FIRST]
    assert len(set(ear.tokens)) == 3
    changes.take(envelope("contribution.shared", CELL))
    assert await ear.next() == FIRST
    await changes.end_all()
    assert (await ear.rest(), await other.rest()) == ([], [])


async def test_invariant_15_a_sign_in_that_ended_ends_its_streams() -> None:
    changes = quiet()
    mine, others = await opened(changes, CELL, OTHER_CELL), await opened(changes, sign_in="b")
    changes.take(ended("a"))
    assert await mine.rest() == [FIRST + SECOND]
    changes.take(envelope("case.listed", CELL))
    assert await others.next() == FIRST


async def test_an_end_that_cannot_be_read_is_everybodys() -> None:
    changes = quiet()
    ears = [await opened(changes, sign_in=sign_in) for sign_in in ("a", "b")]
    changes.take(envelope("sign_in.ended", PLATFORM, b"\xff\xff"))
    assert [await ear.rest() for ear in ears] == [[FIRST], [FIRST]]


async def test_invariant_15_what_changed_while_it_was_checked_ends_it_at_once() -> None:
    changes = Changes(Revocations(), lambda: 60.0, settled=0.0)
    checked = changes.endings
    changes.take(envelope("mandate.changed", CELL))
    assert await Ear(changes, checked=checked).rest() == [FIRST]


async def test_invariant_15_no_stream_stays_open_that_was_checked_just_after_a_mandate_changed() -> None:
    """The service that was asked may have answered by the facts of before: what it let in is not held open by that."""
    changes = Changes(Revocations(), lambda: 60.0, settled=60.0)
    assert len(await ended_at_once(changes, after="case.listed")) == 0
    said = await ended_at_once(changes, after="mandate.changed")
    assert said[0] == FIRST + SECOND
    (milliseconds,) = re.findall(r"^retry: (\d+)\n\n$", said[1])
    assert 0 < int(milliseconds) <= 60_000, "and the browser is told when it is worth asking again"
    assert changes.open_streams == 0
    other = await opened(changes, OTHER_CELL)
    changes.take(envelope("case.listed", OTHER_CELL))
    assert await other.next() == FIRST, "of another cell nothing changed"


async def test_once_all_have_heard_of_the_mandate_streams_stay_open_again() -> None:
    changes = Changes(Revocations(), lambda: 60.0, settled=0.0)
    changes.take(envelope("mandate.changed", CELL))
    later = await opened(changes)
    changes.take(envelope("case.listed", CELL))
    assert await later.next() == FIRST


async def ended_at_once(changes: Changes, after: str) -> list[str]:
    """What a stream says that is opened after this and ends by itself; nothing of one that stays open."""
    changes.take(envelope(after, CELL))
    ear = Ear(changes, OTHER_CELL, CELL)
    first = await ear.next()
    waiting = asyncio.ensure_future(ear.rest())
    await asyncio.sleep(0)
    if not waiting.done():
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return []
    return [first, *waiting.result()]


async def test_between_two_streams_a_page_is_behind_when_something_happened_and_only_then() -> None:
    changes = quiet()
    first, second = await opened(changes), await opened(changes)
    assert first.tokens == second.tokens
    changes.take(envelope("case.listed", CELL))
    assert (await opened(changes)).tokens != second.tokens


async def test_another_process_of_the_portal_has_other_tokens() -> None:
    assert (await opened(quiet())).tokens != (await opened(quiet())).tokens


async def test_its_time_is_bounded() -> None:
    assert await Ear(quiet(), seconds=0.01).rest() == [FIRST]


async def test_a_sign_in_that_has_too_many_gives_up_its_oldest_for_a_minute() -> None:
    changes = quiet(Room(of_sign_in=2))
    oldest, second = await opened(changes), await opened(changes)
    others = await opened(changes, sign_in="b")
    third = await opened(changes)
    assert await oldest.rest() == [FULL]
    assert changes.open_streams == 3
    changes.take(envelope("case.listed", CELL))
    assert [await ear.next() for ear in (second, third, others)] == [FIRST] * 3


@pytest.mark.parametrize("room", [Room(everywhere=2), Room(of_address=2)])
async def test_their_number_is_bounded_and_who_leaves_makes_room(room: Room) -> None:
    changes = quiet(room)
    ears = [await opened(changes, sign_in=sign_in, source="198.51.100.7") for sign_in in ("a", "b")]
    # How far it is now, and when to come again.
    assert await Ear(changes, sign_in="c", source="198.51.100.7").rest() == [FIRST + FULL]
    async with aclosing(ears[0].stream):  # type: ignore[type-var]
        pass
    await opened(changes, sign_in="c", source="198.51.100.7")


async def test_an_address_that_has_too_many_takes_nothing_from_another() -> None:
    changes = quiet(Room(of_address=1))
    await opened(changes, source="198.51.100.7")
    await opened(changes, sign_in="b", source="203.0.113.9")


async def test_a_door_that_drains_ends_them_all_and_begins_none() -> None:
    changes = quiet()
    ear = await opened(changes)
    await changes.end_all()
    assert await ear.rest() == []
    assert await Ear(changes).rest() == [FIRST + FULL]
