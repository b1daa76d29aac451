"""Reading one case: what each reader gets, receipts, the record of it, and the sameness of unknown and forbidden."""

from __future__ import annotations

import pytest

from services.case.errors import CaseNotFound
from services.case.model import Part
from services.case.queries.read_case import ReadCase, read_case
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.rows import hold, records_of, rows
from tests.case.story import SIGNAL, story, story_in
from tests.harness import Harness
from tests.security.statements import statements


async def test_the_dpo_reads_the_frame_alone(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.share(our.police)
    await our.decide(our.decision())
    view = await our.read(await our.cell.person(Role.DPO))
    assert (view.parts, view.frame.state) == ((Part.FRAME,), "FOLLOW_UP")
    assert (view.person, view.criteria, view.best_interest, view.list_reasons) == (None, (), None, None)
    assert (view.circle, view.contributions, view.actions, view.case_lead_id) == ((), (), (), None)


async def test_nobody_else_reads_it(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002", "24003")
    our, theirs = await story_in(cell, "24001"), await story_in(cell, "24002")
    stranger = await (await harness.cell()).person(Role.MAYOR)
    await our.list()
    assert await our.read(our.mayor)
    for outsider in (our.reporter, theirs.mayor, theirs.coordinator, theirs.police, theirs.prevention):
        with pytest.raises(CaseNotFound):
            await our.read(outsider)
    with pytest.raises(CaseNotFound):
        await our.read(await cell.person(Role.DPO, nis_codes=("24003",)))
    with pytest.raises(CaseNotFound):
        await stranger.run(read_case, ReadCase(our.case_id))
    with pytest.raises(CellNotFound):
        await our.read(stranger.elsewhere(cell))
    with pytest.raises(RoleMissing):
        await our.read(await cell.person(Role.OVERSIGHT))


async def test_what_is_missing_of_ones_own_is_said(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    our.mayor.acr = 1
    with pytest.raises(SecondFactorMissing):
        await our.read(our.mayor)
    our.mayor.acr = 2
    assert await our.read(our.mayor)
    with pytest.raises(UndertakingMissing):
        await our.read(await our.cell.person(Role.MAYOR, undertaken_until=None))


async def test_unknown_and_forbidden_are_the_same_statements_and_the_same_error(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    outsider = await our.cell.person(Role.PARTICIPANT)
    answers = []
    for case_id in (our.case_id, new_id()):
        async with statements(harness) as sent:
            with pytest.raises(CaseNotFound) as refused:
                await outsider.run(read_case, ReadCase(case_id))
        answers.append((sent, str(refused.value), refused.value.field, refused.value.expected))
    assert answers[0] == answers[1]
    assert any("FROM case_frame" in statement for statement in answers[0][0])


async def test_a_page_takes_as_many_statements_whatever_it_holds(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.read(our.mayor)
    async with statements(harness) as empty:
        await our.read(our.mayor)
    for _ in range(3):
        await our.share(await our.invite())
    await our.decide(our.decision())
    await our.read(our.mayor)
    async with statements(harness) as full:
        view = await our.read(our.mayor)
    assert (len(view.contributions), len(view.circle), len(view.actions)) == (3, 7, 1)
    assert full == empty


async def test_invariant_08_the_author_sees_who_read_and_nobody_else_does(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher, carer = await our.invite(), await our.invite()
    await our.share(teacher)
    assert (await our.read(teacher)).contributions[0].read_by == ()
    for reader in (carer, our.mayor, carer, our.mayor):
        assert (await our.read(reader)).contributions[0].read_by == ()
        harness.clock.advance(minutes=1)
    assert (await our.read(teacher)).contributions[0].read_by == (carer.person_id, our.mayor.person_id)


async def test_the_first_reading_counts(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.share(our.police)
    first = harness.clock()
    await our.read(our.mayor)
    harness.clock.advance(hours=1)
    await our.read(our.mayor)
    assert [row.read_at for row in await rows(our.police, "read_receipt")] == [first]


async def test_a_draft_leaves_no_receipt_before_it_is_shared(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.write(our.police)
    await our.read(our.mayor)
    assert (await our.read(our.police)).contributions[0].read_by == ()


async def test_invariant_16_the_record_names_reader_case_and_what_was_read(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    dpo = await our.cell.person(Role.DPO)
    await our.read(our.mayor)
    await our.read(dpo)
    by_mayor, by_dpo = await records_of(our.mayor, "read_case")
    assert (by_mayor.actor_id, by_mayor.verb, by_mayor.outcome) == (str(our.mayor.person_id), "consult", "allow")
    assert list(by_mayor.object_ids) == list(by_dpo.object_ids) == [str(our.case_id)]
    assert (list(by_mayor.fields), list(by_dpo.fields)) == (["frame", "identity", "proposal", "content"], ["frame"])


async def test_a_refusal_is_recorded(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    with pytest.raises(CaseNotFound):
        await our.read(our.reporter)
    (record,) = await records_of(our.mayor, "read_case")
    assert (record.actor_id, record.outcome) == (str(our.reporter.person_id), "deny")


@pytest.mark.parametrize("held_from", ["PROPOSED", "LISTED"])
async def test_a_hold_shows_to_coordinator_and_mayor_alone(harness: Harness, held_from: str) -> None:
    our = await story(harness)
    await (our.propose() if held_from == "PROPOSED" else our.list())
    await hold(our.coordinator, our.case_id)
    delegate = await our.cell.person(Role.MAYOR_DELEGATE)
    for insider in (our.coordinator, our.mayor, delegate):
        assert (await our.read(insider)).frame.state == "ON_HOLD"
    others = [await our.cell.person(Role.DPO)]
    if held_from == "LISTED":
        others += [our.police, our.prevention, await our.invite()]
    for other in others:
        assert (await our.read(other)).frame.state == held_from


async def test_the_mayor_of_another_town_who_was_invited_does_not_learn_of_a_hold(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002")
    our = await story_in(cell, "24001")
    await our.list()
    teacher = await our.invite()
    await teacher.mandate(Role.MAYOR, mandate_id=new_id(), nis_codes=("24002",))
    await hold(our.coordinator, our.case_id)
    assert (await our.read(teacher)).frame.state == "LISTED"


async def test_the_identity_is_sealed_for_the_case_anew(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    (of_signal,) = await rows(our.coordinator, "signal_identity")
    (of_case,) = await rows(our.coordinator, "case_identity")
    assert of_signal.person != of_case.person
    assert SIGNAL.person.family_name.encode() not in of_case.person
    assert (await our.read(our.coordinator)).person == SIGNAL.person
