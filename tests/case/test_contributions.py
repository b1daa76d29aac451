"""Contributions: written in private, weighed, shared."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.case.commands.apply_decision import Outcome
from services.case.commands.assess_contribution import AssessContribution, assess_contribution
from services.case.commands.place_on_list import place_on_list
from services.case.commands.share_contribution import ShareContribution, share_contribution
from services.case.commands.write_contribution import write_contribution
from services.case.errors import (
    CaseNotFound,
    CaseStateForbids,
    ContributionNotFound,
    ContributionStateForbids,
    LegalBasisNotInForce,
    NotOfYourTown,
    PartMissing,
    ReviewOverdue,
)
from services.case.model import Part
from services.kit.errors import CellNotFound, RoleMissing, UndertakingMissing, VersionChanged
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.rows import events_of, hold, transaction_of
from tests.case.story import ASSESSMENT, LEGAL_BASIS, story, story_in
from tests.harness import Harness


async def test_written_weighed_and_shared(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher, carer = await our.invite(), await our.invite()
    written = await our.write(teacher)
    assert (written.state, written.version) == ("PRIVATE", 1)
    assert [contribution.state for contribution in (await our.read(teacher)).contributions] == ["PRIVATE"]
    assessed = await our.assess(teacher, written)
    assert (assessed.state, assessed.version) == ("ASSESSED", 2)
    for reader in (carer, our.coordinator, our.mayor, our.police, our.prevention):
        assert (await our.read(reader)).contributions == ()
    shared = await teacher.run(share_contribution, ShareContribution(assessed.id, assessed.version))
    assert (shared.state, shared.version) == ("SHARED", 3)
    (seen,) = (await our.read(carer)).contributions
    assert (seen.text, seen.author_id, seen.legal_basis) == (our.text().text, teacher.person_id, LEGAL_BASIS)
    assert (seen.state, seen.shared_at, seen.police_origin) == ("SHARED", harness.clock(), False)


async def test_sharing_tells_others_that_it_happened_and_no_more(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    before = await events_of(our.mayor)
    shared = await our.share(our.police)
    told = await events_of(our.mayor)
    assert {name for name in told if name not in before} == {("contribution.shared", 3)}
    fact = told["contribution.shared", 3]
    assert (fact.contribution_id, fact.case_id, fact.version) == (str(shared.id), str(our.case_id), 3)
    assert {field.name for field, _ in fact.ListFields()} == {"contribution_id", "case_id", "version"}


async def test_a_draft_tells_nothing(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    before = await events_of(our.mayor)
    await our.assess(our.police, await our.write(our.police))
    await our.decline(our.police)
    assert await events_of(our.mayor) == before


async def test_invariant_08_police_origin_stays_marked(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    both = await our.invite()
    await both.mandate(Role.POLICE_CHIEF, mandate_id=new_id(), nis_codes=())
    officer = await our.invite(organisation_kind="local_police")
    carer = await our.invite()
    marked = set()
    for author in (our.police, both, officer, carer):
        await our.share(author)
    for contribution in (await our.read(our.mayor)).contributions:
        if contribution.police_origin:
            marked.add(contribution.author_id)
    assert marked == {our.police.person_id, both.person_id, officer.person_id}


async def test_who_may_not_write(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002", "24003")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    stranger = await (await harness.cell()).person(Role.COORDINATOR)
    await our.list()
    teacher = await our.invite(Part.CONTENT)
    assert await our.write(teacher)
    with pytest.raises(RoleMissing):
        await our.write(await cell.person(Role.DPO))
    for outsider in (our.reporter, theirs.mayor, theirs.coordinator, stranger):
        with pytest.raises(CaseNotFound):
            await our.write(outsider)
    with pytest.raises(CellNotFound):
        await our.write(stranger.elsewhere(cell))
    with pytest.raises(CaseNotFound):
        await teacher.run(write_contribution, replace(our.text(), case_id=new_id()))
    with pytest.raises(PartMissing):
        await our.write(await our.invite(Part.IDENTITY, Part.PROPOSAL))
    with pytest.raises(UndertakingMissing):
        await our.write(await our.invite(undertaken_until=None))


async def test_a_mandate_of_another_town_does_not_speak_in_this_one(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our = await story_in(cell, "24001")
    await our.list()
    teacher = await our.invite()
    await teacher.mandate(Role.PARTICIPANT, nis_codes=("24002",), fact_version=2)
    with pytest.raises(NotOfYourTown):
        await our.write(teacher)
    await teacher.mandate(Role.PARTICIPANT, fact_version=3)
    assert await our.write(teacher)


async def test_nothing_is_written_before_the_list_or_after_the_end(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    with pytest.raises(CaseStateForbids):
        await our.write(our.coordinator)
    with pytest.raises(PartMissing):
        await our.write(our.mayor)
    await our.mayor.run(place_on_list, our.listing())
    written = await our.write(our.coordinator)
    assessed = await our.assess(our.coordinator, written)
    await our.decide(our.decision(Outcome.NO_ACTION))
    with pytest.raises(CaseStateForbids) as refused:
        await our.write(our.coordinator)
    assert refused.value.expected is not None
    assert refused.value.expected.endswith("it is CLOSED_NO_ACTION")
    with pytest.raises(CaseStateForbids):
        await our.assess(our.coordinator, assessed)
    with pytest.raises(CaseStateForbids):
        await our.coordinator.run(share_contribution, ShareContribution(assessed.id, assessed.version))


async def test_a_hold_does_not_show_in_what_partners_may_do(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    await hold(our.coordinator, our.case_id)
    assert (await our.share(teacher)).state == "SHARED"


async def test_a_contribution_is_its_authors_alone_to_weigh_and_share(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher, carer = await our.invite(), await our.invite()
    shared = await our.share(teacher)
    written = await our.write(teacher)
    assessed = AssessContribution(written.id, 1, ASSESSMENT, LEGAL_BASIS)
    for other in (carer, our.coordinator):
        with pytest.raises(ContributionNotFound):
            await other.run(assess_contribution, assessed)
        for contribution_id in (written.id, shared.id, new_id()):
            with pytest.raises(ContributionNotFound):
                await other.run(share_contribution, ShareContribution(contribution_id, 1))
    assert await teacher.run(assess_contribution, assessed)


async def test_invariant_15_after_the_invitation_the_own_draft_is_gone_too(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    written = await our.write(teacher)
    harness.clock.advance(days=31)
    with pytest.raises(ContributionNotFound):
        await our.assess(teacher, written)
    with pytest.raises(CaseNotFound):
        await our.read(teacher)


async def test_invariant_06_nothing_is_shared_unweighed(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    written = await our.write(teacher)
    with pytest.raises(ContributionStateForbids) as refused:
        await teacher.run(share_contribution, ShareContribution(written.id, written.version))
    assert refused.value.expected == "ASSESSED; it is PRIVATE"
    assessed = await our.assess(teacher, await our.assess(teacher, written))
    assert (await teacher.run(share_contribution, ShareContribution(assessed.id, 3))).state == "SHARED"
    with pytest.raises(ContributionStateForbids):
        await our.assess(teacher, replace(assessed, version=4))


async def test_invariant_06_the_legal_basis_is_in_force_when_weighed_and_when_shared(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    written = await our.write(teacher)
    with pytest.raises(LegalBasisNotInForce) as refused:
        await our.assess(teacher, written, "law-2018-07-30")
    assert (refused.value.field, refused.value.expected) == ("legal_basis", f"one of {LEGAL_BASIS}")
    assessed = await our.assess(teacher, written)
    share = ShareContribution(assessed.id, assessed.version)
    async with transaction_of(teacher) as transaction:
        organisation_id = transaction.my_mandates[0]["organisation_id"]
    await teacher.mandate(
        Role.PARTICIPANT, organisation_id=organisation_id, legal_basis="decree-vl-2023-06-30", fact_version=2
    )
    with pytest.raises(LegalBasisNotInForce):
        await teacher.run(share_contribution, share)
    weighed = await our.assess(teacher, assessed, "decree-vl-2023-06-30")
    assert await teacher.run(share_contribution, ShareContribution(weighed.id, weighed.version))


async def test_the_legal_basis_of_another_organisation_does_not_count(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    written = await our.write(teacher)
    await teacher.mandate(Role.PARTICIPANT, mandate_id=new_id(), legal_basis="law-2018-07-30")
    with pytest.raises(LegalBasisNotInForce):
        await our.assess(teacher, written, "law-2018-07-30")
    assert await our.assess(teacher, written)


async def test_invariant_11_an_overdue_review_blocks_new_sharing(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite(last_day_in=300)
    await our.decide(our.decision(review_on=our.today + timedelta(days=30)))
    harness.clock.advance(days=44)
    assert await our.share(teacher)
    harness.clock.advance(days=1)
    with pytest.raises(ReviewOverdue) as refused:
        await our.share(teacher)
    assert refused.value.field == "review_on"
    assert [contribution.state for contribution in (await our.read(teacher)).contributions] == ["SHARED", "ASSESSED"]
    await our.decide(our.decision(review_on=our.today))
    assert await our.share(teacher)


async def test_another_version_is_a_conflict(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    written = await our.write(our.police)
    with pytest.raises(VersionChanged):
        await our.assess(our.police, replace(written, version=2))
    assessed = await our.assess(our.police, written)
    with pytest.raises(VersionChanged):
        await our.police.run(share_contribution, ShareContribution(assessed.id, 1))
    assert await our.police.run(share_contribution, ShareContribution(assessed.id, 2))
