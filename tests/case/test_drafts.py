"""Drafts written anew, and having nothing to share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from services.case.commands.apply_decision import Outcome
from services.case.commands.place_on_list import place_on_list
from services.case.commands.revise_contribution import ReviseContribution, revise_contribution
from services.case.commands.share_contribution import ShareContribution, share_contribution
from services.case.errors import (
    CaseNotFound,
    CaseStateForbids,
    ContributionNotFound,
    ContributionStateForbids,
    NotOfYourTown,
    PartMissing,
)
from services.case.model import Part
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.policy import Role
from tests.case.rows import as_actor, events_of, hold, records_of, rows
from tests.case.story import ASSESSMENT, LEGAL_BASIS, story, story_in
from tests.harness import Harness, Person


def revision(of: Receipt, **changes: Any) -> ReviseContribution:
    """The request to write it anew."""
    request = ReviseContribution(of.id, of.version, "Hij zoekt werk.", "work_and_income", "fr")
    return replace(request, **changes)


async def test_a_draft_is_written_anew(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher, carer = await our.invite(), await our.invite()
    written = await our.write(teacher)
    revised = await teacher.run(revise_contribution, revision(written))
    assert (revised.id, revised.state, revised.version) == (written.id, "PRIVATE", 2)
    (mine,) = (await our.read(teacher)).contributions
    assert (mine.text, mine.life_domain, mine.language) == ("Hij zoekt werk.", "work_and_income", "fr")
    assert mine.written_at == harness.clock()
    for other in (carer, our.coordinator, our.mayor):
        assert (await our.read(other)).contributions == ()
    (row,) = await rows(teacher, "contribution")
    assert b"werk" not in row.text


async def test_invariant_06_another_text_is_weighed_again(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    assessed = await our.assess(teacher, await our.write(teacher))
    revised = await teacher.run(revise_contribution, revision(assessed))
    assert (revised.state, revised.version) == ("PRIVATE", 3)
    (row,) = await rows(teacher, "contribution")
    assert (row.assessment, row.legal_basis) == (None, None)
    (mine,) = (await our.read(teacher)).contributions
    assert (mine.assessment, mine.legal_basis) == (None, None)
    with pytest.raises(ContributionStateForbids):
        await teacher.run(share_contribution, ShareContribution(revised.id, revised.version))
    weighed = await our.assess(teacher, revised)
    assert (await teacher.run(share_contribution, ShareContribution(weighed.id, weighed.version))).state == "SHARED"
    (seen,) = (await our.read(our.mayor)).contributions
    assert seen.text == "Hij zoekt werk."


async def test_what_is_shared_is_not_written_anew(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    shared = await our.share(teacher)
    with pytest.raises(ContributionStateForbids) as refused:
        await teacher.run(revise_contribution, revision(shared))
    assert refused.value.expected == "PRIVATE or ASSESSED; it is SHARED"


async def test_a_draft_is_its_authors_alone_to_write(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our = await story_in(cell, "24001")
    stranger = await (await harness.cell()).person(Role.COORDINATOR)
    await our.list()
    teacher, carer = await our.invite(), await our.invite()
    written, shared = await our.write(teacher), await our.share(teacher)
    for other in (carer, our.coordinator, our.mayor, our.reporter, stranger):
        for contribution_id in (written.id, shared.id, new_id()):
            with pytest.raises(ContributionNotFound):
                await other.run(revise_contribution, revision(written, contribution_id=contribution_id))
    with pytest.raises(CellNotFound):
        await stranger.elsewhere(cell).run(revise_contribution, revision(written))
    with pytest.raises(RoleMissing):
        await (await cell.person(Role.DPO)).run(revise_contribution, revision(written))
    with pytest.raises(VersionChanged):
        await teacher.run(revise_contribution, revision(written, expected_version=2))
    assert await teacher.run(revise_contribution, revision(written))


async def test_after_the_end_no_draft_is_written_anew(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    written = await teacher.run(revise_contribution, revision(await our.write(teacher)))
    await our.decide(our.decision(Outcome.NO_ACTION))
    with pytest.raises(CaseStateForbids):
        await teacher.run(revise_contribution, revision(written))
    harness.clock.advance(days=31)
    with pytest.raises(ContributionNotFound):
        await teacher.run(revise_contribution, revision(written))


async def test_nothing_to_share_is_shown_to_oneself_alone(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher, carer = await our.invite(), await our.invite()
    before, told = await our.present_version(), await events_of(our.mayor)
    receipt = await our.decline(teacher)
    assert (receipt.id, receipt.state, receipt.version) == (our.case_id, "LISTED", before)
    assert (await our.read(teacher)).declined
    for other in (carer, our.coordinator, our.mayor, our.police):
        assert not (await our.read(other)).declined
        assert await rows(other, "contribution_declined") == []
    assert await events_of(our.mayor) == told
    (record,) = await records_of(our.mayor, "decline_contribution")
    assert (list(record.object_ids), dict(record.detail)) == ([str(our.case_id)], {"role": "participant"})


async def test_declining_twice_is_declining_once(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    first = await our.decline(teacher)
    harness.clock.advance(hours=1)
    assert await our.decline(teacher) == first
    (row,) = await rows(teacher, "contribution_declined")
    assert row.declined_at == harness.clock()


async def test_invariant_05_a_new_round_asks_anew_and_who_declined_may_still_speak(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite(last_day_in=300)
    await our.decline(teacher)
    assert await our.share(teacher)
    harness.clock.advance(days=1)
    await our.decide(our.decision())
    assert not (await our.read(teacher)).declined
    harness.clock.advance(days=1)
    await our.decline(teacher)
    assert (await our.read(teacher)).declined


async def test_who_may_not_decline(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002", "24003")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    stranger = await (await harness.cell()).person(Role.COORDINATOR)
    await our.list()
    teacher = await our.invite(Part.CONTENT)
    assert await our.decline(teacher)
    with pytest.raises(RoleMissing):
        await our.decline(await cell.person(Role.DPO))
    for outsider in (our.reporter, theirs.mayor, theirs.coordinator, stranger):
        with pytest.raises(CaseNotFound):
            await our.decline(outsider)
    with pytest.raises(CellNotFound):
        await our.decline(stranger.elsewhere(cell))
    with pytest.raises(PartMissing):
        await our.decline(await our.invite(Part.IDENTITY, Part.PROPOSAL))
    with pytest.raises(UndertakingMissing):
        await our.decline(await our.invite(undertaken_until=None))
    await teacher.mandate(Role.PARTICIPANT, nis_codes=("24002",), fact_version=2)
    with pytest.raises(NotOfYourTown):
        await our.decline(teacher)
    await teacher.mandate(Role.PARTICIPANT, fact_version=3)
    teacher.acr = 1
    with pytest.raises(SecondFactorMissing):
        await our.decline(teacher)


async def test_only_on_a_case_of_the_table(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    with pytest.raises(CaseStateForbids):
        await our.decline(our.coordinator)
    await our.mayor.run(place_on_list, our.listing())
    assert await our.decline(our.coordinator)
    await our.decide(our.decision(Outcome.NO_ACTION))
    with pytest.raises(CaseStateForbids):
        await our.decline(our.coordinator)


async def test_a_hold_does_not_show_in_the_receipt(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    await hold(our.coordinator, our.case_id)
    assert (await our.decline(teacher)).state == "LISTED"


async def test_the_weighing_is_shown_to_its_author_alone(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher, carer = await our.invite(), await our.invite()
    assessed = await our.assess(teacher, await our.write(teacher))
    assert (await our.read(teacher)).contributions[0].assessment == ASSESSMENT
    await teacher.run(share_contribution, ShareContribution(assessed.id, assessed.version))
    assert (await our.read(teacher)).contributions[0].assessment == ASSESSMENT
    for other in (carer, our.coordinator, our.mayor):
        (seen,) = (await our.read(other)).contributions
        assert (seen.assessment, seen.legal_basis) == (None, LEGAL_BASIS)


async def test_why_somebody_is_invited_goes_with_the_content(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher, helper = await our.invite(), await our.invite(Part.IDENTITY, Part.PROPOSAL)

    async def told(reader: Person) -> set[tuple[Any, ...]]:
        return {(entry.why, entry.invited_by) for entry in (await our.read(reader)).circle if entry.person_id}

    for reader in (teacher, our.coordinator, our.police):
        assert await told(reader) == {("Kent de school.", our.coordinator.person_id)}
    assert await told(helper) == {(None, None)}
    seats = [entry for entry in (await our.read(our.mayor)).circle if entry.seat]
    assert {(seat.why, seat.invited_by) for seat in seats} == {(None, None)}
    async with as_actor(helper) as session:
        sealed = (await session.execute(text("SELECT why FROM circle_entry WHERE why IS NOT NULL"))).scalars().all()
    assert all(b"school" not in words for words in sealed)
