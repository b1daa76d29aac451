"""Two at once: one of them is told so, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest

from services.case.commands.enter_signal import EnterSignal, enter_signal
from services.case.commands.invite_to_circle import invite_to_circle
from services.case.commands.place_on_list import place_on_list
from services.case.commands.propose_case import propose_case
from services.kit.errors import UndertakingMissing, VersionChanged
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.policy import Role
from tests.attempt import executor_with
from tests.case.story import SIGNAL, story, story_in
from tests.harness import Harness


def outcomes(results: Sequence[object]) -> Counter[str]:
    """How many of each kind."""
    return Counter(type(result).__name__ for result in results)


async def test_one_of_several_proposals_of_a_signal_wins(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    results = await asyncio.gather(
        *(our.coordinator.run(propose_case, our.proposal()) for _ in range(4)), return_exceptions=True
    )
    assert outcomes(results) == {"Receipt": 1, VersionChanged.__name__: 3}


async def test_one_of_several_listings_wins(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    delegate = await our.cell.person(Role.MAYOR_DELEGATE)
    results = await asyncio.gather(
        *(person.run(place_on_list, our.listing()) for person in (our.mayor, delegate)), return_exceptions=True
    )
    assert outcomes(results) == {"Receipt": 1, VersionChanged.__name__: 1}
    assert len((await our.read(our.mayor)).circle) == 4


async def test_one_of_several_invitations_from_the_same_page_wins(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    people = [await our.cell.person(Role.PARTICIPANT) for _ in range(3)]
    results = await asyncio.gather(
        *(our.coordinator.run(invite_to_circle, our.invitation(person)) for person in people), return_exceptions=True
    )
    assert outcomes(results) == {"Receipt": 1, VersionChanged.__name__: 2}


async def test_codes_stay_apart_and_readers_at_once_leave_one_receipt_each(harness: Harness) -> None:
    cell = await harness.cell()
    stories = [await story_in(cell, "24001") for _ in range(4)]
    for our in stories:
        await our.enter()
    await asyncio.gather(*(our.propose() for our in stories))
    codes = {(await our.read(our.coordinator)).frame.code for our in stories}
    assert codes == {f"AR-26-00{number}" for number in range(1, 5)}
    our = stories[0]
    our._keep(await our.mayor.run(place_on_list, our.listing()))
    await our.share(our.police)
    await asyncio.gather(*(our.read(our.mayor) for _ in range(5)))
    assert (await our.read(our.police)).contributions[0].read_by == (our.mayor.person_id,)


async def test_a_promise_that_runs_out_while_somebody_writes_is_refused_by_its_name(harness: Harness) -> None:
    """Between what the act began with and its rows the wall has closed; begun anew it says which is missing."""
    our, begun = await story(harness), 0
    assert await our.enter()

    async def slow(work: Work, command: EnterSignal) -> Receipt:
        nonlocal begun
        begun += 1
        if begun == 1:
            await our.reporter.mandate(Role.PARTICIPANT, undertaken_until=None, fact_version=2)
        return await enter_signal(work, command)

    policy = {**harness.policy, slow: harness.policy[enter_signal]}
    with pytest.raises(UndertakingMissing):
        await executor_with(harness, policy).run(our.reporter.principal, slow, SIGNAL)
    assert begun == 1, "what is refused at its beginning does not run again"
    await our.reporter.mandate(Role.PARTICIPANT, fact_version=3)
    assert await executor_with(harness, policy).run(our.reporter.principal, slow, SIGNAL)
