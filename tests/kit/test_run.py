"""Ending background work: also what does not hear it the first time."""

from __future__ import annotations

import asyncio

from services.kit.run import end_all
from tests.patience import HANGS_AFTER

AN_HOUR = 3600


async def test_a_cancellation_that_meets_an_answer_is_repeated() -> None:
    """What asyncio.wait_for does when both come in the same turn of the loop."""
    answers: asyncio.Queue[int] = asyncio.Queue()
    taken: list[int] = []

    async def take() -> None:
        while True:
            taken.append(await asyncio.wait_for(answers.get(), AN_HOUR))

    task = asyncio.create_task(take())
    await asyncio.sleep(0)
    answers.put_nowait(1)
    await asyncio.sleep(0)
    async with asyncio.timeout(HANGS_AFTER):
        await end_all([task])
    assert taken == [1], "the first cancellation was heard: the test shows nothing"
    assert task.cancelled()


async def test_each_end_is_an_end() -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    async def forever() -> None:
        await asyncio.Event().wait()

    tasks = [asyncio.create_task(part) for part in (broken(), forever())]
    await asyncio.sleep(0)
    await end_all(tasks)
    await end_all([])
    assert isinstance(tasks[0].exception(), ZeroDivisionError)
    assert tasks[1].cancelled()
