"""Invariant 20: a cell that is set up takes signals and no cases."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.case.commands.apply_cell import ApplyCell, apply_cell
from services.case.commands.place_on_list import place_on_list
from services.case.commands.propose_case import propose_case
from services.case.errors import CellNotOpen
from services.case.queries.read_signal import ReadSignal, read_signal
from services.kit.errors import CellNotFound, RoleMissing
from services.kit.policy import Role
from tests.case import story as stories
from tests.case.story import Story
from tests.harness import Harness


async def set_up(harness: Harness) -> Story:
    """People at a table that nobody opened."""
    return await stories.story(harness, opened=False)


async def told(story: Story, state: str, version: int, cell_id: UUID | None = None) -> None:
    """What the directory tells of a cell."""
    await story.cell.as_system(apply_cell, ApplyCell(cell_id or story.cell.cell_id, state, version))


async def may(story: Story) -> tuple[str, ...]:
    """What of the way to a case the coordinator may do with the signal; to turn it down asks for no open table."""
    named = (await story.coordinator.run(read_signal, ReadSignal(story.signal.id))).may
    return tuple(verb for verb in named if verb in ("start_check", "propose_case"))


async def test_invariant_20_signals_come_in_and_no_case_before_the_table_is_open(harness: Harness) -> None:
    story = await set_up(harness)
    assert (await story.enter()).state == "RECEIVED"
    assert await may(story) == ()
    with pytest.raises(CellNotOpen) as refused:
        await story.propose()
    assert refused.value.field == "cell"
    assert "/set-up" in (refused.value.expected or "")
    await told(story, "ACTIVE", 4)
    assert await may(story) == ("start_check", "propose_case")
    assert (await story.propose()).state == "PROPOSED"


async def test_invariant_20_what_is_told_counts_in_any_order_and_twice(harness: Harness) -> None:
    story = await set_up(harness)
    await story.enter()
    for state, version in (("ACTIVE", 4), ("ACTIVE", 4), ("SETTING_UP", 3)):
        await told(story, state, version)
    assert await may(story) == ("start_check", "propose_case"), "older news is no news"
    await told(story, "SETTING_UP", 5)
    assert await may(story) == ()


async def test_invariant_20_another_cell_that_opens_opens_no_other(harness: Harness) -> None:
    story, other = await set_up(harness), await set_up(harness)
    await story.enter()
    await told(other, "ACTIVE", 4)
    assert await may(story) == ()
    with pytest.raises(CellNotOpen):
        await story.propose()


async def test_who_may_not_propose_learns_nothing_of_the_cell(harness: Harness) -> None:
    story, other = await set_up(harness), await set_up(harness)
    await story.enter()
    with pytest.raises(CellNotOpen):
        await story.coordinator.run(propose_case, story.proposal())
    with pytest.raises(RoleMissing):
        await (await story.cell.person(Role.PARTICIPANT)).run(propose_case, story.proposal())
    with pytest.raises(CellNotFound):
        await other.coordinator.elsewhere(story.cell).run(propose_case, story.proposal())


async def test_what_runs_goes_on_whatever_becomes_of_the_cell(harness: Harness) -> None:
    story = await stories.story(harness)
    await story.propose()
    await told(story, "SETTING_UP", 9)
    assert (await story.mayor.run(place_on_list, story.listing())).state == "LISTED"
