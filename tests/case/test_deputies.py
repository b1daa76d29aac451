"""A deputy in the case service: let in by the told window alone, and the record names the holder too."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from services.case.errors import CaseNotFound
from services.kit.errors import CellNotFound
from services.kit.policy import Role
from tests.case.rows import records_of
from tests.case.story import story
from tests.harness import Harness


async def test_invariant_16_the_record_of_a_deputy_names_the_holder_too(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    holder = uuid4()
    deputy = await our.cell.person(Role.PREVENTION_OFFICER, deputy_for=holder)
    await our.read(deputy)
    record = (await records_of(deputy, "read_case"))[-1]
    assert (record.actor_id, record.detail["acts_for"]) == (str(deputy.person_id), str(holder))
    officer = await our.cell.person(Role.PREVENTION_OFFICER)
    await our.read(officer)
    assert "acts_for" not in (await records_of(officer, "read_case"))[-1].detail
    await deputy.mandate(Role.PREVENTION_OFFICER, fact_version=2)
    await our.read(deputy)
    assert "acts_for" not in (await records_of(deputy, "read_case"))[-1].detail, "the newest fact says so"


async def test_invariant_15_outside_the_turn_nothing_and_the_seat_passes_at_that_moment(harness: Harness) -> None:
    """Who follows inherits the cases of the seat in the moment in which the one before loses them."""
    our = await story(harness)
    await our.list()
    now, hour = harness.clock(), timedelta(hours=1)
    deputy = await our.cell.person(
        Role.MAYOR_DELEGATE, deputy_for=our.mayor.person_id, starts_at=now + hour, ends_at=now + 3 * hour
    )
    successor = await our.cell.person(Role.MAYOR, starts_at=now + 3 * hour, ends_at=now + 9 * hour)
    await our.mayor.mandate(Role.MAYOR, ends_at=now + 3 * hour, fact_version=2)
    for moment, lets_in in ((now, False), (now + hour, True), (now + 3 * hour, False)):
        harness.clock.now = moment
        if lets_in:
            assert (await our.read(deputy)).parts
        else:
            with pytest.raises((CellNotFound, CaseNotFound)):
                await our.read(deputy)
    with pytest.raises(CellNotFound):
        await our.read(our.mayor)
    assert (await our.read(successor)).parts
