"""Signals: entering and reading one, and everyone who may not."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from services.case.commands.enter_signal import enter_signal
from services.case.errors import MunicipalityNotInCell, SignalNotFound
from services.case.queries.read_signal import ReadSignal, read_signal
from services.kit.errors import CellNotFound, IdempotencyKeyReused, RoleMissing, SecondFactorMissing, UndertakingMissing
from services.kit.policy import Role
from tests.case.rows import events_of, records_of
from tests.case.story import SIGNAL
from tests.harness import Harness


async def test_reporter_and_coordinator_read_a_signal(harness: Harness) -> None:
    cell = await harness.cell()
    reporter, coordinator = await cell.person(Role.PARTICIPANT), await cell.person(Role.COORDINATOR)
    receipt = await reporter.run(enter_signal, SIGNAL)
    assert (receipt.state, receipt.version) == ("RECEIVED", 1)
    for reader in (reporter, coordinator):
        view = await reader.run(read_signal, ReadSignal(receipt.id))
        assert view.person == SIGNAL.person
        assert (view.observed, view.tried, view.reason) == (SIGNAL.observed, SIGNAL.tried, SIGNAL.reason)


async def test_outside_the_circle_a_signal_is_absent(harness: Harness) -> None:
    cell = await harness.cell()
    reporter, other = await cell.person(Role.PARTICIPANT), await cell.person(Role.PARTICIPANT)
    receipt = await reporter.run(enter_signal, SIGNAL)
    assert await reporter.run(read_signal, ReadSignal(receipt.id))
    with pytest.raises(SignalNotFound):
        await other.run(read_signal, ReadSignal(receipt.id))
    with pytest.raises(SignalNotFound):
        await other.run(read_signal, ReadSignal(uuid4()))


async def test_another_cell_sees_nothing(harness: Harness) -> None:
    cell, neighbour = await harness.cell(), await harness.cell()
    coordinator, stranger = await cell.person(Role.COORDINATOR), await neighbour.person(Role.COORDINATOR)
    receipt = await coordinator.run(enter_signal, SIGNAL)
    assert await coordinator.run(read_signal, ReadSignal(receipt.id))
    with pytest.raises(SignalNotFound):
        await stranger.run(read_signal, ReadSignal(receipt.id))
    with pytest.raises(CellNotFound):
        await stranger.elsewhere(cell).run(read_signal, ReadSignal(receipt.id))


async def test_what_is_missing_of_ones_own_is_said(harness: Harness) -> None:
    cell = await harness.cell()
    person = await cell.person(Role.PARTICIPANT)
    assert await person.run(enter_signal, SIGNAL)
    person.acr = 1
    with pytest.raises(SecondFactorMissing):
        await person.run(enter_signal, SIGNAL)
    person.acr = 2
    dpo = await cell.person(Role.DPO)
    with pytest.raises(RoleMissing):
        await dpo.run(enter_signal, SIGNAL)
    unsworn = await cell.person(Role.PARTICIPANT, undertaken_until=None)
    with pytest.raises(UndertakingMissing):
        await unsworn.run(enter_signal, SIGNAL)


async def test_invariant_15_an_ended_mandate_reads_nothing(harness: Harness) -> None:
    cell = await harness.cell()
    reporter = await cell.person(Role.PARTICIPANT)
    receipt = await reporter.run(enter_signal, SIGNAL)
    assert await reporter.run(read_signal, ReadSignal(receipt.id))
    await reporter.mandate(Role.PARTICIPANT, ends_at=harness.clock(), fact_version=2)
    with pytest.raises(CellNotFound):
        await reporter.run(read_signal, ReadSignal(receipt.id))


async def test_a_town_that_is_not_mine_is_refused(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    person = await cell.person(Role.PARTICIPANT, nis_codes=("24001",))
    assert await person.run(enter_signal, SIGNAL)
    with pytest.raises(MunicipalityNotInCell) as refused:
        await person.run(enter_signal, replace(SIGNAL, nis_code="24002"))
    assert refused.value.field == "nis_code"


async def test_the_same_key_answers_the_same_and_another_body_is_a_conflict(harness: Harness) -> None:
    cell = await harness.cell()
    person = await cell.person(Role.PARTICIPANT)
    first = await person.run(enter_signal, SIGNAL, idempotency_key="a")
    assert await person.run(enter_signal, SIGNAL, idempotency_key="a") == first
    with pytest.raises(IdempotencyKeyReused):
        await person.run(enter_signal, replace(SIGNAL, urgent=True), idempotency_key="a")
    assert await person.run(enter_signal, SIGNAL, idempotency_key="b") != first


async def test_the_dpo_reads_the_frame_of_a_signal_alone(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    coordinator, dpo = await cell.person(Role.COORDINATOR), await cell.person(Role.DPO)
    receipt = await coordinator.run(enter_signal, SIGNAL)
    view = await dpo.run(read_signal, ReadSignal(receipt.id))
    assert (view.frame.state, view.person, view.observed, view.tried, view.reason) == ("RECEIVED", *[None] * 4)
    (record,) = await records_of(dpo, "read_signal")
    assert list(record.fields) == ["frame"]
    with pytest.raises(SignalNotFound):
        await (await cell.person(Role.DPO, nis_codes=("24002",))).run(read_signal, ReadSignal(receipt.id))


async def test_others_are_told_that_a_signal_came(harness: Harness) -> None:
    cell = await harness.cell()
    reporter = await cell.person(Role.PARTICIPANT)
    receipt = await reporter.run(enter_signal, replace(SIGNAL, urgent=True))
    told = (await events_of(reporter))["signal.received", 0]
    assert (told.signal_id, told.urgent) == (str(receipt.id), True)
