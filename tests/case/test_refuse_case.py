"""Refusing a case: the mayor's other answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from services.case.commands.place_on_list import place_on_list
from services.case.commands.refuse_case import refuse_case
from services.case.errors import CaseNotFound, CaseStateForbids, NotOfYourTown, PartMissing
from services.case.model import Part
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.rows import Administrator, as_actor, events_of, hold, records_of, rows
from tests.case.story import story, story_in
from tests.harness import Harness


async def test_the_mayor_refuses_with_reasons(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    receipt = await our.mayor.run(refuse_case, our.refusal())
    assert (receipt.id, receipt.state, receipt.version) == (our.case_id, "REFUSED", 2)
    for reader in (our.mayor, our.coordinator):
        view = await our.read(reader)
        assert (view.frame.state, view.list_reasons, view.frame.listed_at) == (
            "REFUSED", our.refusal().reasons, None,
        )  # fmt: skip
    (row,) = await rows(our.mayor, "case_proposal")
    assert our.refusal().reasons.encode() not in row.list_reasons


async def test_the_mandatory_seats_do_not_enter_the_circle(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    await our.mayor.run(refuse_case, our.refusal())
    for outsider in (our.police, our.prevention, our.reporter):
        with pytest.raises(CaseNotFound):
            await our.read(outsider)
    assert Part.CONTENT not in (await our.read(our.mayor)).parts


async def test_others_are_told_the_state_and_no_reason(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    await our.mayor.run(refuse_case, our.refusal())
    told = await events_of(our.coordinator)
    assert told["case.state_changed", 2].state == "REFUSED"
    assert ("circle.changed", 2) not in told


async def test_invariant_02_only_the_mayor_of_that_town_or_a_delegate_refuses(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002", "24003")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    stranger = await (await harness.cell()).person(Role.MAYOR)
    await our.propose()
    for person in (our.coordinator, our.police, our.prevention, our.reporter, await cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(refuse_case, our.refusal())
    for person in (theirs.mayor, stranger, await cell.person(Role.MAYOR_DELEGATE, nis_codes=("24003",))):
        with pytest.raises(CaseNotFound):
            await person.run(refuse_case, our.refusal())
    with pytest.raises(CellNotFound):
        await stranger.elsewhere(cell).run(refuse_case, our.refusal())
    with pytest.raises(CaseNotFound):
        await our.mayor.run(refuse_case, replace(our.refusal(), case_id=new_id()))
    delegate = await cell.person(Role.MAYOR_DELEGATE, nis_codes=("24001",))
    assert (await delegate.run(refuse_case, our.refusal())).state == "REFUSED"


async def test_a_mayor_who_knows_the_case_by_another_role_does_not_refuse(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our = await story_in(cell, "24001")
    await our.propose()
    mayor_elsewhere = await cell.person(Role.MAYOR, nis_codes=("24002",))
    await mayor_elsewhere.mandate(Role.COORDINATOR, nis_codes=("24001",), mandate_id=new_id())
    with pytest.raises(NotOfYourTown):
        await mayor_elsewhere.run(refuse_case, our.refusal())
    assert await our.mayor.run(refuse_case, our.refusal())


async def test_the_undertaking_of_another_mandate_gives_no_seat(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    unsworn = await our.cell.person(Role.MAYOR, undertaken_until=None)
    await unsworn.mandate(Role.PARTICIPANT, mandate_id=new_id())
    with pytest.raises(PartMissing):
        await unsworn.run(refuse_case, our.refusal())
    assert await our.mayor.run(refuse_case, our.refusal())


async def test_what_is_missing_of_ones_own_is_said(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    with pytest.raises(UndertakingMissing):
        await (await our.cell.person(Role.MAYOR, undertaken_until=None)).run(refuse_case, our.refusal())
    our.mayor.acr = 1
    with pytest.raises(SecondFactorMissing):
        await our.mayor.run(refuse_case, our.refusal())
    our.mayor.acr = 2
    with pytest.raises(VersionChanged):
        await our.mayor.run(refuse_case, replace(our.refusal(), expected_version=2))
    assert await our.mayor.run(refuse_case, our.refusal())


async def test_what_is_listed_or_refused_is_not_refused_again(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    with pytest.raises(CaseStateForbids) as refused:
        await our.mayor.run(refuse_case, our.refusal())
    assert refused.value.expected == "PROPOSED or REOPENED; it is LISTED"
    await our.enter()
    await our.propose()
    refusal = our.refusal()
    await our.mayor.run(refuse_case, refusal)
    our.version = 2
    with pytest.raises(CaseStateForbids):
        await our.mayor.run(refuse_case, our.refusal())
    with pytest.raises(CaseStateForbids):
        await our.mayor.run(place_on_list, our.listing())


async def test_a_reopened_case_can_be_refused(harness: Harness, administrator: Administrator) -> None:
    our = await story(harness)
    await our.list()
    await administrator.execute("UPDATE case_frame SET state = 'REOPENED' WHERE case_id = $1", our.case_id)
    assert (await our.mayor.run(refuse_case, our.refusal())).state == "REFUSED"
    assert (await our.read(our.mayor)).list_reasons == our.refusal().reasons


async def test_refusing_is_no_way_out_of_a_hold(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    await hold(our.coordinator, our.case_id)
    with pytest.raises(CaseStateForbids):
        await our.mayor.run(refuse_case, our.refusal())
    assert await our.state() == "ON_HOLD"


async def test_idempotent_and_recorded(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    first = await our.mayor.run(refuse_case, our.refusal(), idempotency_key="a")
    assert await our.mayor.run(refuse_case, our.refusal(), idempotency_key="a") == first
    async with as_actor(our.mayor) as session:
        assert (await session.execute(text("SELECT version FROM case_frame"))).scalar_one() == 2
    record = (await records_of(our.mayor, "refuse_case"))[0]
    assert (record.verb, list(record.object_ids), list(record.fields)) == (
        "decide", [str(our.case_id)], ["frame", "proposal"],
    )  # fmt: skip
