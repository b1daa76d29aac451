"""What waits waits for nobody else: outside the circle, in another cell, after the end, during a hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.case.queries.list_waiting import WaitingView
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.rows import hold
from tests.case.story import story, story_in
from tests.case.waiting import everything, kinds, of_kind, seen
from tests.harness import Harness, Person
from tests.security.statements import statements


@pytest.mark.parametrize("held_from", ["PROPOSED", "LISTED"])
async def test_a_hold_does_not_show(harness: Harness, held_from: str) -> None:
    """A draft still waits as it did for those who must not know; to coordinator and mayor a held case does not."""
    our = await story(harness)
    await our.propose()
    teacher = await our.cell.person(Role.PARTICIPANT)
    if held_from == "LISTED":
        our.signal = replace(our.signal, version=0)
        await our.list()
        teacher = await our.invite()
        await our.write(teacher)
    others = (our.police, our.prevention, teacher)
    before = [await seen(other) for other in others]
    assert "case_proposed" in await kinds(our.mayor)
    await hold(our.coordinator, our.case_id)
    assert [await seen(other) for other in others] == before
    assert [item.case_id for item in await of_kind(our.coordinator, "case_listed")] == []
    assert our.case_id not in {item.case_id for item in await of_kind(our.mayor, "case_proposed")}


async def test_outside_the_circle_and_in_another_cell_nothing_waits(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002", "24003")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    neighbour = await story(harness)
    await everything(our)
    assert set(await kinds(our.coordinator)) == {"signal_received", "case_listed", "review_due", "contribution_private"}
    others = (*vars(theirs).values(), *vars(neighbour).values(), await cell.person(Role.MAYOR, nis_codes=("24003",)))
    for person in (other for other in others if isinstance(other, Person)):
        assert await seen(person) == WaitingView((), 0, None, 0)
        if person.cell is not cell:
            with pytest.raises(CellNotFound):
                await seen(person.elsewhere(cell))
    own_town = await cell.person(Role.PARTICIPANT, nis_codes=("24001",))
    assert await seen(own_town) == WaitingView((), 0, None, 0)


async def test_invariant_15_with_the_mandate_or_the_invitation_all_of_it_ends(harness: Harness) -> None:
    our = await story(harness)
    teacher = await everything(our)
    assert sorted(await kinds(teacher)) == ["action_due", "contribution_private"]
    assert set(await kinds(our.mayor)) == {"case_proposed", "review_due"}
    assert await kinds(our.police) == ["contribution_wanted"]
    for person, role in ((our.police, Role.INFORMATION_OFFICER), (our.mayor, Role.MAYOR)):
        await person.mandate(role, ends_at=harness.clock(), fact_version=2)
        with pytest.raises(CellNotFound):
            await seen(person)
    await our.mayor.mandate(Role.PARTICIPANT, mandate_id=new_id())
    assert await seen(our.mayor) == WaitingView((), 0, None, 0)
    successor = await our.cell.person(Role.POLICE_CHIEF)
    assert await kinds(successor) == ["contribution_wanted"]
    harness.clock.advance(days=31)
    assert await seen(teacher) == WaitingView((), 0, None, 0)


async def test_what_is_missing_of_ones_own_is_said(harness: Harness) -> None:
    our = await story(harness)
    assert await seen(our.mayor) == WaitingView((), 0, None, 0)
    for role in (Role.DPO, Role.OVERSIGHT):
        with pytest.raises(RoleMissing):
            await seen(await our.cell.person(role))
    with pytest.raises(UndertakingMissing):
        await seen(await our.cell.person(Role.COORDINATOR, undertaken_until=None))
    our.mayor.acr = 1
    with pytest.raises(SecondFactorMissing):
        await seen(our.mayor)


async def test_it_takes_as_many_statements_whatever_waits(harness: Harness) -> None:
    our = await story(harness)
    await seen(our.coordinator)
    async with statements(harness) as empty:
        await seen(our.coordinator)
    await everything(our)
    async with statements(harness) as full:
        assert (await seen(our.coordinator)).waiting
    assert full == empty
    assert sum("case_frame" in item for item in full) == 1
