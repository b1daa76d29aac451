"""Proposing a case of a signal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from services.case.commands.propose_case import propose_case
from services.case.errors import (
    BestInterestMissing,
    CaseNotFound,
    EvidenceInFuture,
    NotOfYourTown,
    PartMissing,
    SignalNotFound,
    SignalStateForbids,
)
from services.case.model import Part
from services.case.person import PersonConcerned
from services.case.queries.read_signal import ReadSignal, read_signal
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.ids import new_id
from services.kit.partial_dates import PartialDay
from services.kit.policy import Role
from tests.case.rows import as_actor, events_of
from tests.case.story import CRITERION, SIGNAL, story, story_in
from tests.harness import Harness

ADULT = PersonConcerned("Jan", "Claes", PartialDay(1990, 4, 2), "")
NOTHING_KNOWN = PersonConcerned("Jan", "Claes", None, "")


async def test_the_coordinator_proposes_and_the_mayor_reads_why(harness: Harness) -> None:
    our = await story(harness)
    receipt = await our.propose()
    assert (receipt.state, receipt.version) == ("PROPOSED", 1)
    view = await our.read(our.mayor)
    assert view.parts == (Part.FRAME, Part.IDENTITY, Part.PROPOSAL)
    assert (view.person, view.criteria, view.best_interest) == (SIGNAL.person, (CRITERION,), "Rust en steun.")
    assert (view.frame.code, view.frame.minor, view.frame.listed_at) == ("AR-26-001", True, None)
    assert (await our.read(our.coordinator)).parts == tuple(Part)


async def test_the_signal_leads_to_the_case_and_only_those_who_see_the_case_learn_which(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    signal = await our.coordinator.run(read_signal, ReadSignal(our.signal.id))
    assert (signal.frame.state, signal.frame.case_id) == ("PROPOSED", our.case_id)
    assert (await our.reporter.run(read_signal, ReadSignal(our.signal.id))).frame.case_id is None
    with pytest.raises(CaseNotFound):
        await our.read(our.reporter)


async def test_codes_count_per_cell_town_and_year(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    codes = []
    for town in ("24001", "24001", "24002"):
        our = await story_in(cell, town)
        await our.propose()
        codes.append((await our.read(our.mayor)).frame.code)
    harness.clock.advance(days=38)
    our = await story_in(cell, "24001")
    await our.propose()
    codes.append((await our.read(our.mayor)).frame.code)
    assert codes == ["AR-26-001", "AR-26-002", "24002-26-001", "AR-27-001"]


async def test_others_are_told_the_frame_and_the_circle(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    events = await events_of(our.coordinator)
    assert set(events) == {("signal.received", 0), ("case.proposed", 1), ("circle.changed", 1)}
    frame, circle = events["case.proposed", 1], events["circle.changed", 1]
    assert (frame.case_id, frame.code, frame.state, frame.version) == (
        str(our.case_id), "AR-26-001", "PROPOSED", 1,
    )  # fmt: skip
    assert {(entry.seat, tuple(entry.parts)) for entry in circle.entries} == {
        ("coordinator", ("frame", "identity", "proposal", "content")),
        ("mayor", ("frame", "identity", "proposal")),
    }


async def test_only_the_coordinator_of_that_town_in_that_cell_proposes(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002", "24003")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    stranger = await (await harness.cell()).person(Role.COORDINATOR)
    await our.enter()
    request = our.proposal()
    for person in (our.mayor, our.reporter, our.police, await cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(propose_case, request)
    for person in (theirs.coordinator, stranger):
        with pytest.raises(SignalNotFound):
            await person.run(propose_case, request)
    with pytest.raises(CellNotFound):
        await stranger.elsewhere(cell).run(propose_case, request)
    assert await our.coordinator.run(propose_case, request)


async def test_a_coordinator_elsewhere_who_reported_here_does_not_propose(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our = await story_in(cell, "24001")
    our.reporter = await cell.person(Role.COORDINATOR, nis_codes=("24002",))
    await our.reporter.mandate(Role.PARTICIPANT, mandate_id=new_id())
    await our.enter()
    with pytest.raises(NotOfYourTown):
        await our.reporter.run(propose_case, our.proposal())
    assert await our.coordinator.run(propose_case, our.proposal())


async def test_a_signal_is_proposed_once(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    with pytest.raises(SignalStateForbids) as refused:
        await our.coordinator.run(propose_case, our.proposal(expected_version=2))
    assert refused.value.expected == "RECEIVED or UNDER_CHECK; it is PROPOSED"


async def test_a_signal_not_retained_is_not_proposed_and_one_under_check_is(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    async with as_actor(our.coordinator) as session:
        await session.execute(
            text("UPDATE signal SET state = 'NOT_RETAINED', ended_at = now() WHERE signal_id = :id"),
            {"id": our.signal.id},
        )
    with pytest.raises(SignalStateForbids):
        await our.coordinator.run(propose_case, our.proposal())
    async with as_actor(our.coordinator) as session:
        await session.execute(
            text("UPDATE signal SET state = 'UNDER_CHECK', ended_at = NULL WHERE signal_id = :id"),
            {"id": our.signal.id},
        )
    assert await our.coordinator.run(propose_case, our.proposal())


async def test_another_version_is_a_conflict(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    with pytest.raises(VersionChanged):
        await our.coordinator.run(propose_case, our.proposal(expected_version=2))
    assert await our.coordinator.run(propose_case, our.proposal())


async def test_invariant_10_the_case_of_a_minor_needs_the_best_interest(harness: Harness) -> None:
    our = await story(harness)
    await our.enter(minor=True, person=NOTHING_KNOWN)
    with pytest.raises(BestInterestMissing) as refused:
        await our.coordinator.run(propose_case, our.proposal(best_interest=""))
    assert refused.value.field == "best_interest"
    assert await our.coordinator.run(propose_case, our.proposal())


async def test_the_case_of_an_adult_needs_none(harness: Harness) -> None:
    our = await story(harness)
    await our.enter(minor=False, person=ADULT)
    our._keep(await our.coordinator.run(propose_case, our.proposal(best_interest="")))
    view = await our.read(our.mayor)
    assert (view.frame.minor, view.best_interest) == (False, None)


async def test_evidence_of_tomorrow_is_refused(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    tomorrow = replace(CRITERION, evidence_date=date(2026, 11, 25))
    with pytest.raises(EvidenceInFuture) as refused:
        await our.coordinator.run(propose_case, our.proposal(criteria=(CRITERION, tomorrow)))
    assert refused.value.field == "criteria[1].evidence_date"
    today = replace(CRITERION, evidence_date=date(2026, 11, 24))
    assert await our.coordinator.run(propose_case, our.proposal(criteria=(CRITERION, today)))


async def test_what_is_missing_of_ones_own_is_said(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    our.coordinator.acr = 1
    with pytest.raises(SecondFactorMissing):
        await our.coordinator.run(propose_case, our.proposal())
    our.coordinator.acr = 2
    unsworn = await our.cell.person(Role.COORDINATOR, undertaken_until=None)
    with pytest.raises(UndertakingMissing):
        await unsworn.run(propose_case, our.proposal())
    assert await our.coordinator.run(propose_case, our.proposal())


async def test_a_mandate_without_its_own_undertaking_gives_no_seat(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    await our.coordinator.mandate(Role.COORDINATOR, undertaken_until=None, fact_version=2)
    await our.coordinator.mandate(Role.PARTICIPANT, mandate_id=new_id())
    with pytest.raises(PartMissing):
        await our.coordinator.run(propose_case, our.proposal())
    await our.coordinator.mandate(Role.COORDINATOR, fact_version=3)
    assert await our.coordinator.run(propose_case, our.proposal())
