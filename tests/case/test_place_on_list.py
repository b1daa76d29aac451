"""Placing a case on the list: the mayor's act."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from services.case.commands.place_on_list import place_on_list
from services.case.criterion import criteria_to_json
from services.case.errors import CaseNotFound, CaseStateForbids, NotOfYourTown, ProposalIncomplete
from services.case.model import Part
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, VersionChanged
from services.kit.ids import new_id
from services.kit.policy import Role
from services.kit.vault import AssociatedData
from tests.case.rows import Administrator, as_actor, events_of, hold, transaction_of
from tests.case.story import CRITERION, Story, story, story_in
from tests.harness import Harness


async def test_the_mayor_lists_and_the_mandatory_seats_enter_the_circle(harness: Harness) -> None:
    our = await story(harness)
    receipt = await our.list()
    assert (receipt.state, receipt.version) == ("LISTED", 2)
    for reader in (our.mayor, our.police, our.prevention, our.coordinator):
        view = await our.read(reader)
        assert view.parts == tuple(Part)
        assert view.list_reasons == "De criteria zijn aangetoond."
        assert view.frame.listed_at == harness.clock()
    assert [(entry.seat, entry.parts) for entry in view.circle] == [
        (seat, tuple(Part)) for seat in ("coordinator", "mayor", "police", "prevention")
    ]


async def test_a_delegate_lists(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    delegate = await our.cell.person(Role.MAYOR_DELEGATE)
    assert (await delegate.run(place_on_list, our.listing())).state == "LISTED"


async def test_a_new_mayor_inherits_the_seat(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.mayor.mandate(Role.MAYOR, ends_at=harness.clock(), fact_version=2)
    successor = await our.cell.person(Role.MAYOR)
    assert (await our.read(successor)).parts == tuple(Part)
    with pytest.raises(CellNotFound):
        await our.read(our.mayor)


async def test_others_are_told(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    events = await events_of(our.coordinator)
    assert events["case.listed", 2].state == "LISTED"
    assert {(entry.seat, entry.nis_code) for entry in events["circle.changed", 2].entries} == {
        (seat, "24001") for seat in ("coordinator", "mayor", "police", "prevention")
    }


async def test_invariant_02_only_the_mayor_of_that_town_lists(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002", "24003")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    stranger = await (await harness.cell()).person(Role.MAYOR)
    await our.propose()
    for person in (our.coordinator, our.police, our.prevention, our.reporter, await cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(place_on_list, our.listing())
    for person in (theirs.mayor, stranger, await cell.person(Role.MAYOR_DELEGATE, nis_codes=("24003",))):
        with pytest.raises(CaseNotFound):
            await person.run(place_on_list, our.listing())
    with pytest.raises(CaseNotFound):
        await our.mayor.run(place_on_list, replace(our.listing(), case_id=new_id()))
    assert await our.mayor.run(place_on_list, our.listing())


async def test_a_mayor_who_knows_the_case_by_another_role_does_not_list(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our = await story_in(cell, "24001")
    await our.propose()
    mayor_elsewhere = await cell.person(Role.MAYOR, nis_codes=("24002",))
    await mayor_elsewhere.mandate(Role.COORDINATOR, nis_codes=("24001",), mandate_id=new_id())
    with pytest.raises(NotOfYourTown):
        await mayor_elsewhere.run(place_on_list, our.listing())
    assert await our.mayor.run(place_on_list, our.listing())


async def test_a_case_is_listed_once(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    with pytest.raises(CaseStateForbids) as refused:
        await our.mayor.run(place_on_list, our.listing())
    assert refused.value.expected == "PROPOSED or REOPENED; it is LISTED"


@pytest.mark.parametrize("held_from", ["PROPOSED", "LISTED"])
async def test_listing_is_no_way_out_of_a_hold(harness: Harness, held_from: str) -> None:
    our = await story(harness)
    await (our.propose() if held_from == "PROPOSED" else our.list())
    await hold(our.coordinator, our.case_id)
    with pytest.raises(CaseStateForbids):
        await our.mayor.run(place_on_list, our.listing())
    assert await our.state() == "ON_HOLD"


async def test_another_version_is_a_conflict(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    with pytest.raises(VersionChanged):
        await our.mayor.run(place_on_list, replace(our.listing(), expected_version=2))
    our.mayor.acr = 1
    with pytest.raises(SecondFactorMissing):
        await our.mayor.run(place_on_list, our.listing())
    our.mayor.acr = 2
    assert await our.mayor.run(place_on_list, our.listing())


@pytest.mark.parametrize("missing", ["evidence_kind", "evidence_date", "argument", "everything"])
async def test_invariant_02_no_listing_without_criterion_evidence_and_date(
    harness: Harness, administrator: Administrator, missing: str
) -> None:
    our = await story(harness)
    await our.propose()
    cleared: dict[str, Any] = {missing: None}
    criteria = () if missing == "everything" else (CRITERION, replace(CRITERION, **cleared))
    await put_criteria(our, administrator, criteria_to_json(criteria))
    with pytest.raises(ProposalIncomplete):
        await our.mayor.run(place_on_list, our.listing())
    await put_criteria(our, administrator, criteria_to_json((CRITERION,)))
    assert await our.mayor.run(place_on_list, our.listing())


async def put_criteria(our: Story, administrator: Administrator, criteria: str) -> None:
    """As an import might leave them; the app role itself may not change criteria."""
    harness = our.cell.harness
    async with transaction_of(our.coordinator) as transaction:
        keyring = harness.vault.keyring(transaction, our.cell.cell_id)
        sealed = await keyring.seal(criteria, AssociatedData(our.case_id, "case_proposal", "criteria", our.case_id))
    await administrator.execute("UPDATE case_proposal SET criteria = $1 WHERE case_id = $2", sealed, our.case_id)


async def test_idempotent(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    first = await our.mayor.run(place_on_list, our.listing(), idempotency_key="a")
    assert await our.mayor.run(place_on_list, our.listing(), idempotency_key="a") == first
    async with as_actor(our.mayor) as session:
        assert (await session.execute(text("SELECT version FROM case_frame"))).scalar_one() == 2
