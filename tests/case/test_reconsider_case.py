"""Taking back the mayor's answer: while nobody relied on it, by the mayor of that town, and as if it was not given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from services.case.commands.place_on_list import place_on_list
from services.case.commands.reconsider_case import ReconsiderCase, reconsider_case
from services.case.commands.refuse_case import refuse_case
from services.case.errors import AnswerStands, CaseNotFound, CaseStateForbids, NotOfYourTown, PartMissing
from services.case.model import Part
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.rows import as_actor, events_of, hold, records_of, rows
from tests.case.story import Story, story, story_in
from tests.case.waiting import kinds
from tests.harness import Harness


def taking_back(our: Story) -> ReconsiderCase:
    """The request of the rightful mayor."""
    return ReconsiderCase(our.case_id, our.version)


async def test_what_was_listed_waits_for_the_mayor_again(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    assert (await our.read(our.police)).frame.state == "LISTED"
    receipt = await our.mayor.run(reconsider_case, taking_back(our))
    assert (receipt.id, receipt.state, receipt.version) == (our.case_id, "PROPOSED", our.version + 1)
    for person in (our.police, our.prevention):
        with pytest.raises(CaseNotFound):
            await our.read(person)
    view = await our.read(our.mayor)
    assert (view.frame.state, view.frame.listed_at, view.list_reasons, view.answered_by) == (
        "PROPOSED", None, None, None,
    )  # fmt: skip
    assert Part.CONTENT not in view.parts
    assert await kinds(our.mayor) == ["case_proposed"]
    told = await events_of(our.coordinator)
    assert told["case.state_changed", receipt.version].state == "PROPOSED"
    now = our.now
    seats = {
        entry.seat
        for entry in told["circle.changed", receipt.version].entries
        if entry.ends_at.ToDatetime(now.tzinfo) > now
    }
    assert seats == {"coordinator", "mayor"}


async def test_it_can_be_listed_again_and_everybody_is_back(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    our._keep(await our.mayor.run(reconsider_case, taking_back(our)))
    harness.clock.advance(days=1)
    our._keep(await our.mayor.run(place_on_list, our.listing()))
    for person in (our.mayor, our.police, our.prevention):
        assert Part.CONTENT in (await our.read(person)).parts
    seats = [row.seat for row in await rows(our.coordinator, "circle_entry") if row.object_id == our.case_id]
    assert sorted(seats) == ["coordinator", "mayor", "police", "prevention"]


async def test_a_refusal_can_be_taken_back_for_a_day(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    our._keep(await our.mayor.run(refuse_case, our.refusal()))
    harness.clock.advance(hours=24)
    assert "reconsider_case" in (await our.read(our.mayor)).may
    harness.clock.advance(seconds=1)
    assert "reconsider_case" not in (await our.read(our.mayor)).may
    with pytest.raises(AnswerStands):
        await our.mayor.run(reconsider_case, taking_back(our))
    harness.clock.advance(seconds=-1)
    assert (await our.mayor.run(reconsider_case, taking_back(our))).state == "PROPOSED"


async def _invited(our: Story) -> None:
    await our.invite(Part.IDENTITY)


async def _planned(our: Story) -> None:
    await our.plan(days=3)
    async with as_actor(our.coordinator) as session:
        await session.execute(text("UPDATE case_frame SET state = 'LISTED' WHERE state = 'SCHEDULED'"))


async def _wrote(our: Story) -> None:
    await our.write(our.police)


@pytest.mark.parametrize("relied", [_invited, _planned, _wrote])
async def test_once_somebody_relied_on_it_the_answer_stands(
    harness: Harness, relied: Callable[[Story], Awaitable[None]]
) -> None:
    our = await story(harness)
    await our.list()
    assert "reconsider_case" in (await our.read(our.mayor)).may
    await relied(our)
    our.version = await our.present_version()
    assert "reconsider_case" not in (await our.read(our.mayor)).may
    with pytest.raises(AnswerStands):
        await our.mayor.run(reconsider_case, taking_back(our))


async def test_invariant_05_that_somebody_declined_does_not_show(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.decline(our.prevention)
    assert "reconsider_case" in (await our.read(our.mayor)).may
    assert (await our.mayor.run(reconsider_case, taking_back(our))).state == "PROPOSED"


async def test_who_writes_while_it_is_taken_back_is_told(harness: Harness) -> None:
    """The writer read a listed case; the mayor was faster."""
    our = await story(harness)
    await our.list()
    await our.mayor.run(reconsider_case, taking_back(our))
    with pytest.raises((CaseNotFound, CaseStateForbids, PartMissing)):
        await our.write(our.police)


async def test_only_the_mayor_of_that_town_or_a_delegate_takes_it_back(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002", "24003")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    stranger = await (await harness.cell()).person(Role.MAYOR)
    await our.list()
    for person in (our.coordinator, our.police, our.prevention, our.reporter, await cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(reconsider_case, taking_back(our))
    for person in (theirs.mayor, await cell.person(Role.MAYOR_DELEGATE, nis_codes=("24003",))):
        with pytest.raises(CaseNotFound):
            await person.run(reconsider_case, taking_back(our))
    with pytest.raises(CellNotFound):
        await stranger.elsewhere(cell).run(reconsider_case, taking_back(our))
    with pytest.raises(CaseNotFound):
        await our.mayor.run(reconsider_case, replace(taking_back(our), case_id=new_id()))
    half = await cell.person(Role.MAYOR, nis_codes=("24003",))
    await half.mandate(Role.POLICE_CHIEF, nis_codes=("24001",), mandate_id=new_id())
    with pytest.raises(NotOfYourTown):
        await half.run(reconsider_case, taking_back(our))
    unsworn = await cell.person(Role.MAYOR, nis_codes=("24001",), undertaken_until=None)
    with pytest.raises(UndertakingMissing):
        await unsworn.run(reconsider_case, taking_back(our))
    our.mayor.acr = 1
    with pytest.raises(SecondFactorMissing):
        await our.mayor.run(reconsider_case, taking_back(our))
    our.mayor.acr = 2
    with pytest.raises(VersionChanged):
        await our.mayor.run(reconsider_case, replace(taking_back(our), expected_version=our.version - 1))
    delegate = await cell.person(Role.MAYOR_DELEGATE, nis_codes=("24001",))
    assert (await delegate.run(reconsider_case, taking_back(our))).state == "PROPOSED"


async def test_in_any_other_state_and_during_a_hold_there_is_nothing_to_take_back(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    with pytest.raises(CaseStateForbids):
        await our.mayor.run(reconsider_case, taking_back(our))
    our._keep(await our.mayor.run(place_on_list, our.listing()))
    await hold(our.coordinator, our.case_id)
    with pytest.raises(CaseStateForbids):
        await our.mayor.run(reconsider_case, taking_back(our))


async def test_who_answered_and_when_is_told_to_who_prepares_and_decides(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    assert (await our.read(our.coordinator)).answered_at is None
    harness.clock.advance(hours=1)
    our._keep(await our.mayor.run(refuse_case, our.refusal()))
    dpo = await our.cell.person(Role.DPO)
    for reader, told in ((our.mayor, True), (our.coordinator, True), (dpo, False)):
        view = await our.read(reader)
        assert (view.answered_by, view.answered_at) == ((our.mayor.person_id, our.now) if told else (None, None))
    our._keep(await our.mayor.run(reconsider_case, taking_back(our)))
    harness.clock.advance(hours=1)
    await our.mayor.run(place_on_list, our.listing())
    view = await our.read(our.coordinator)
    assert (view.answered_by, view.answered_at, view.frame.listed_at) == (our.mayor.person_id, our.now, our.now)
    assert (await our.read(our.police)).answered_by is None


async def test_a_repeat_does_it_once_and_the_log_names_the_case(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    first = await our.mayor.run(reconsider_case, taking_back(our), idempotency_key="again")
    assert await our.mayor.run(reconsider_case, taking_back(our), idempotency_key="again") == first
    record, *_ = await records_of(our.mayor, "reconsider_case")
    assert (record.verb, list(record.object_ids)) == ("decide", [str(our.case_id)])
