"""What may be done by whom, one case after the other: roles, towns, circles, states, secrecy."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.case.commands.invite_to_circle import invite_to_circle
from services.case.commands.place_on_list import place_on_list
from services.case.commands.propose_case import propose_case
from services.case.commands.refuse_case import refuse_case
from services.case.commands.share_contribution import ShareContribution, share_contribution
from services.case.commands.write_contribution import write_contribution
from services.case.contributions import ContributionView
from services.case.errors import CaseStateForbids, NotOfYourTown, PartMissing, ProposalIncomplete
from services.case.model import Part
from services.case.queries.list_cases import ListCases, list_cases
from services.case.queries.read_signal import ReadSignal, read_signal
from services.kit.errors import NotFound, RoleMissing, SecondFactorMissing, UndertakingMissing
from services.kit.policy import Role
from tests.attempt import refused
from tests.case.rows import hold
from tests.case.story import CRITERION, Story, story
from tests.harness import Harness, Person

OTHER_TOWN = "24008"
CASE_VERBS = (
    "place_on_list", "refuse_case", "reconsider_case", "invite_to_circle", "end_invitation", "write_contribution",
    "decline_contribution", "note_information", "declare_conflict", "keep_out", "lift_conflict",
)  # fmt: skip
OWN_VERBS = ("revise_contribution", "assess_contribution", "share_contribution")


async def _may(our: Story, reader: Person) -> tuple[str, ...]:
    return (await our.read(reader)).may


async def test_each_seat_may_what_is_its_own(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    assert (await our.coordinator.run(read_signal, ReadSignal(our.signal.id))).may == (
        "start_check", "propose_case", "dismiss_signal", "redirect_signal", "ask_reporter", "list_possible_matches",
    )  # fmt: skip
    assert (await our.reporter.run(read_signal, ReadSignal(our.signal.id))).may == ("withdraw_signal", "add_to_signal")
    assert isinstance(await refused(our.reporter, propose_case, our.proposal()), RoleMissing)
    await our.propose()
    chair = ("declare_conflict", "keep_out")
    assert await _may(our, our.mayor) == ("place_on_list", "refuse_case", *chair)
    assert await refused(our.mayor, place_on_list, our.listing()) is None
    assert await _may(our, our.coordinator) == ("declare_conflict",)
    assert isinstance(await refused(our.coordinator, place_on_list, our.listing()), RoleMissing)
    our._keep(await our.mayor.run(place_on_list, our.listing()))
    speak = ("write_contribution", "decline_contribution")
    assert await _may(our, our.mayor) == ("reconsider_case", *speak, *chair)
    assert isinstance(await refused(our.mayor, place_on_list, our.listing()), CaseStateForbids)
    assert await _may(our, our.coordinator) == (*speak, "note_information", "invite_to_circle", "declare_conflict")


async def test_of_another_town_or_cell_nothing_may_be_done(harness: Harness) -> None:
    our = await story(harness, "24001", OTHER_TOWN)
    await our.list()
    both = await our.cell.person(Role.COORDINATOR, nis_codes=("24001", OTHER_TOWN))
    assert "invite_to_circle" in await _may(our, both)
    # In the circle by an invitation, and coordinator of the other town alone.
    neighbour = await our.cell.person(Role.COORDINATOR, nis_codes=(OTHER_TOWN,))
    await neighbour.mandate(Role.PARTICIPANT, nis_codes=("24001",), mandate_id=uuid4())
    our.version = await our.present_version()
    our._keep(await our.coordinator.run(invite_to_circle, our.invitation(neighbour)))
    assert await _may(our, neighbour) == ("write_contribution", "decline_contribution", "declare_conflict")
    guest = await our.cell.person(Role.PARTICIPANT, nis_codes=("24001",))
    assert isinstance(await refused(neighbour, invite_to_circle, our.invitation(guest)), NotOfYourTown)
    stranger = both.elsewhere(await harness.cell())
    assert isinstance(await refused(stranger, invite_to_circle, our.invitation(guest)), NotFound)
    with pytest.raises(NotFound):
        await our.read(stranger)


async def test_outside_the_circle_and_without_the_content_nobody_speaks(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    inside, frame = await our.invite(Part.CONTENT), await our.invite(Part.IDENTITY)
    assert await _may(our, inside) == ("write_contribution", "decline_contribution", "declare_conflict")
    assert await refused(inside, write_contribution, our.text()) is None
    assert await _may(our, frame) == ("declare_conflict",)
    assert isinstance(await refused(frame, write_contribution, our.text()), PartMissing)
    delegate = await our.cell.person(Role.MAYOR_DELEGATE, undertaken_until=None)
    await delegate.mandate(Role.PARTICIPANT, mandate_id=uuid4())
    assert await _may(our, delegate) == (), "sees the frame by its role, and holds no seat without its secrecy"
    assert isinstance(await refused(delegate, write_contribution, our.text()), PartMissing)


async def test_what_is_gone_meanwhile_counts_no_more(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    author = await our.invite(Part.CONTENT)
    assessed = await our.assess(author, await our.write(author))
    share = ShareContribution(assessed.id, assessed.version)

    async def own() -> ContributionView:
        return next(
            contribution
            for contribution in (await our.read(author)).contributions
            if contribution.author_id == author.person_id
        )

    assert (await own()).may == OWN_VERBS
    assert await refused(author, share_contribution, share) is None
    assert await _may(our, author) == ("write_contribution", "decline_contribution", "declare_conflict")
    author.acr = 1
    assert isinstance(await refused(author, share_contribution, share), SecondFactorMissing)
    author.acr = 2
    await author.mandate(Role.PARTICIPANT, undertaken_until=None, fact_version=2)
    assert isinstance(await refused(author, share_contribution, share), UndertakingMissing)
    await author.mandate(Role.PARTICIPANT, ends_at=our.now, fact_version=3)
    assert isinstance(await refused(author, share_contribution, share), NotFound)
    with pytest.raises(NotFound):
        await our.read(author)


async def test_an_incomplete_proposal_can_only_be_refused(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    without_day = our.proposal(criteria=(replace(CRITERION, evidence_date=None),))
    our._keep(await our.coordinator.run(propose_case, without_day))
    assert await _may(our, our.mayor) == ("refuse_case", "declare_conflict", "keep_out")
    assert isinstance(await refused(our.mayor, place_on_list, our.listing()), ProposalIncomplete)
    assert await refused(our.mayor, refuse_case, our.refusal()) is None


async def test_a_hold_shows_to_nobody_by_what_may_be_done(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    guest = await our.invite(Part.CONTENT)
    before = await our.read(guest)
    await hold(our.coordinator, our.case_id)
    held = await our.read(guest)
    assert (held.may, held.asks, held.frame.stage, held.way) == (before.may, before.asks, "at_the_table", before.way)
    assert held.may == ("write_contribution", "decline_contribution", "declare_conflict")
    assert (await our.read(our.coordinator)).frame.stage == "paused"


async def test_what_stands_against_sharing_is_told_to_the_author(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    await our.plan()
    await our.decide(our.decision())
    author = our.prevention
    assessed = await our.assess(author, await our.write(author))

    async def own() -> ContributionView:
        return next(
            contribution
            for contribution in (await our.read(author)).contributions
            if contribution.author_id == author.person_id
        )

    assert ((await own()).obstacle, (await own()).stage, (await our.read(author)).review) == ("", "draft", "")
    harness.clock.advance(days=91)
    assert ((await own()).obstacle, (await our.read(author)).review) == ("", "late")
    harness.clock.advance(days=14)
    blocked = await own()
    assert (blocked.obstacle, (await our.read(author)).review) == ("ReviewOverdue", "blocks")
    assert "share_contribution" not in blocked.may
    refusal = await refused(author, share_contribution, ShareContribution(assessed.id, assessed.version))
    assert refusal is not None
    assert refusal.code == blocked.obstacle
    await author.mandate(Role.PREVENTION_OFFICER, ends_at=our.now, fact_version=2)
    await author.mandate(Role.PREVENTION_OFFICER, mandate_id=uuid4(), organisation_id=uuid4())
    assert (await own()).obstacle == "LegalBasisNotInForce"


async def test_what_a_case_asks_of_whom(harness: Harness) -> None:
    our = await story(harness)
    await our.propose()
    assert [(await our.read(reader)).asks for reader in (our.mayor, our.coordinator)] == [("case_proposed",), ()]
    our._keep(await our.mayor.run(place_on_list, our.listing()))
    assert (await our.read(our.coordinator)).asks == ("case_listed",)
    guest = await our.invite(Part.CONTENT)
    assert (await our.read(our.coordinator)).asks == ("session_wanted",)
    assert [(await our.read(person)).asks for person in (our.police, guest)] == [(), ("contribution_wanted",)]
    await our.plan(days=1)
    assert [(await our.read(person)).asks for person in (our.police, guest)] == [("contribution_wanted",)] * 2
    harness.clock.advance(days=2)
    assert (await our.read(our.mayor)).asks == ()
    await our.write(guest)
    assert (await our.read(guest)).asks == ("contribution_private",)
    await our.decline(our.police)
    assert (await our.read(our.police)).asks == ()
    await our.decide(our.decision(review_on=our.today + timedelta(days=30)))
    assert (await our.read(our.coordinator)).asks == ()
    assert (await our.read(our.prevention)).asks == ("action_due",)
    harness.clock.advance(days=16)
    assert (await our.read(our.coordinator)).asks == ("review_due",)


async def test_only_what_may_be_planned_is_listed_to_plan(harness: Harness) -> None:
    our = await story(harness, "24001", OTHER_TOWN)
    await our.list()

    async def to_plan(reader: Person) -> list[Any]:
        page = await reader.run(list_cases, ListCases(50, None, None, to_plan=True))
        assert all(frame.to_plan for frame in page.cases)
        return [frame.case_id for frame in page.cases]

    assert await to_plan(our.coordinator) == [our.case_id]
    assert await to_plan(our.mayor) == []
    neighbour = await our.cell.person(Role.COORDINATOR, nis_codes=(OTHER_TOWN,))
    assert await to_plan(neighbour) == []
    await our.plan()
    assert await to_plan(our.coordinator) == [our.case_id]
    await our.decide(our.decision())
    assert await to_plan(our.coordinator) == [], "its review is far"
