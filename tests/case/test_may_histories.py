"""What a read says may be done succeeds, and what it does not name is refused: for everybody, at any point."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis.strategies import DrawFn, booleans, composite, integers, lists, sampled_from

from deploy.local.servers import Servers
from services.case.commands.apply_decision import Outcome
from services.case.commands.assess_contribution import AssessContribution, assess_contribution
from services.case.commands.decline_contribution import DeclineContribution, decline_contribution
from services.case.commands.end_invitation import EndInvitation, end_invitation
from services.case.commands.invite_to_circle import invite_to_circle
from services.case.commands.place_on_list import place_on_list
from services.case.commands.propose_case import propose_case
from services.case.commands.reconsider_case import ReconsiderCase, reconsider_case
from services.case.commands.refuse_case import refuse_case
from services.case.commands.revise_contribution import ReviseContribution, revise_contribution
from services.case.commands.share_contribution import ShareContribution, share_contribution
from services.case.commands.write_contribution import write_contribution
from services.case.contributions import ContributionView
from services.case.model import Part
from services.case.policy import POLICY
from services.case.queries.read_case import CaseView
from services.case.queries.read_signal import ReadSignal, read_signal
from services.kit.errors import RondetafelError
from services.kit.policy import Role
from tests.attempt import refused
from tests.case.exchanging import SIGNAL_VERBS, acts_on
from tests.case.rows import hold, transaction_of
from tests.case.story import ASSESSMENT, CRITERION, LEGAL_BASIS, Story, story
from tests.databases import migrated
from tests.harness import Harness, Person

OTHER_TOWN = "24008"
CASE_VERBS = (
    "place_on_list", "refuse_case", "reconsider_case", "invite_to_circle", "end_invitation", "write_contribution",
    "decline_contribution",
)  # fmt: skip
OWN_VERBS = ("revise_contribution", "assess_contribution", "share_contribution")
HISTORY = ("list", "plan", "follow_up", "close", "refuse", "hold", "late", "very_late", "decline")
DRAFTS = ("none", "private", "assessed", "assessed", "shared", "basis_ended")


@dataclass(frozen=True)
class Somebody:
    """A random person: mandates as role, town and whether secrecy is accepted; the level; how invited."""

    mandates: tuple[tuple[Role, str, bool], ...]
    second_factor: bool
    invited: tuple[Part, ...] | None


@composite
def somebodies(draw: DrawFn) -> Somebody:
    """Anybody there can be in a cell of two towns."""
    roles = sampled_from(sorted(set(Role) - {Role.HOST}))
    count = draw(integers(1, 2))
    mandates = tuple((draw(roles), draw(sampled_from(["24001", OTHER_TOWN])), draw(booleans())) for _ in range(count))
    parts = draw(sampled_from([None, (Part.IDENTITY,), (Part.CONTENT,), (Part.CONTENT, Part.PROPOSAL)]))
    return Somebody(mandates, draw(sampled_from([True, True, True, False])), parts)


@dataclass
class Town:
    """The people of a town, a case somewhere on its way, and what somebody of them wrote."""

    our: Story
    people: list[Person]
    proposed: bool = True
    drafts: dict[str, Person] = field(default_factory=dict)


async def person_of(our: Story, somebody: Somebody) -> Person:
    """The person in the flesh; invited too, where the case is at the table."""
    person = Person(our.cell, uuid4(), acr=2 if somebody.second_factor else 1)
    for role, town, promised in somebody.mandates:
        accepted = our.now + timedelta(days=300) if promised else None
        await person.mandate(role, nis_codes=(town,), undertaken_until=accepted, mandate_id=uuid4())
    return person


async def town_at(harness: Harness, history: list[str], draft: str, who: list[Somebody], complete: bool) -> Town:
    """A story that went so far: what cannot happen in that order is left out."""
    our = await story(harness, "24001", OTHER_TOWN)
    people = [await person_of(our, somebody) for somebody in who]
    guest = await our.cell.person(Role.PARTICIPANT, nis_codes=(our.town,))
    others = [await our.cell.person(role) for role in (Role.DPO, Role.OVERSIGHT, Role.MAYOR_DELEGATE)]
    people += [our.coordinator, our.mayor, our.police, our.prevention, our.reporter, guest, *others]
    if not history:
        await our.enter()
        return Town(our, people, proposed=False)
    await our.enter()
    criterion = CRITERION if complete else replace(CRITERION, evidence_date=None)
    our._keep(await our.coordinator.run(propose_case, our.proposal(criteria=(criterion,))))
    town = Town(our, people)
    for step in history:
        await go_on(town, step)
        if step == "list" and not town.drafts and await our.state() == "LISTED":
            await invite_all(town, [*zip(people, who, strict=False), (guest, None)])
            await write(town, draft, [our.mayor, guest])
    return town


async def invite_all(town: Town, guests: list[tuple[Person, Somebody | None]]) -> None:
    """Those who are to be in the circle, if they can be."""
    our = town.our
    for person, somebody in guests:
        parts = (Part.CONTENT,) if somebody is None else somebody.invited
        if parts is None:
            continue
        our.version = await our.present_version()
        invitation = our.invitation(person, *parts)
        if await refused(our.coordinator, invite_to_circle, invitation) is None:
            await our.coordinator.run(invite_to_circle, invitation)


async def write(town: Town, draft: str, authors: list[Person]) -> None:
    """What the authors wrote, as far as they came with it."""
    our = town.our
    for author in authors if draft != "none" else ():
        written = await our.write(author)
        if draft != "private":
            written = await our.assess(author, written)
        if draft == "shared":
            written = await author.run(share_contribution, ShareContribution(written.id, written.version))
        if draft == "basis_ended":
            town.our.cell.harness.clock.advance(seconds=1)
            await author.mandate(Role.PARTICIPANT, legal_basis="another", fact_version=2)
        town.drafts[str(written.id)] = author


async def go_on(town: Town, step: str) -> None:
    """One step, if the case can take it."""
    our = town.our
    clock = our.cell.harness.clock
    clock.advance(minutes=1)
    our.version = await our.present_version()
    try:
        if step == "list":
            our._keep(await our.mayor.run(place_on_list, our.listing()))
        elif step == "refuse":
            our._keep(await our.mayor.run(refuse_case, our.refusal()))
        elif step == "plan":
            await our.plan(days=2)
        elif step in ("follow_up", "close"):
            await our.decide(our.decision(Outcome.FOLLOW_UP if step == "follow_up" else Outcome.NO_ACTION))
        elif step == "hold" and await our.state() in ("PROPOSED", "LISTED"):
            await hold(our.coordinator, our.case_id)
        elif step in ("late", "very_late"):
            clock.advance(days=95 if step == "late" else 110)
        elif step == "decline":
            await our.decline(our.prevention)
    except RondetafelError:
        return


async def say(town: Town, reader: Person) -> dict[str, tuple[bool, RondetafelError | None]]:
    """Of each verb: whether the read names it, and what the act is refused with."""
    our = town.our
    found: dict[str, tuple[bool, RondetafelError | None]] = {}
    signal_version = 2 if town.proposed else 1
    try:
        named: tuple[str, ...] = (await reader.run(read_signal, ReadSignal(our.signal.id))).may
    except RondetafelError:
        named = ()
    for verb, act in acts_on(our, signal_version).items():
        found[verb] = verb in named, await refused(reader, *act)
    if not town.proposed:
        return found
    try:
        case: CaseView | None = await our.read(reader)
    except RondetafelError:
        case = None
    return found | await of_case(town, reader, case) | await of_contributions(town, reader, case)


async def of_case(town: Town, reader: Person, case: CaseView | None) -> dict[str, tuple[bool, RondetafelError | None]]:
    """The verbs of the case itself."""
    our = town.our
    our.version = await our.present_version()
    newcomer = await our.cell.person(Role.PARTICIPANT, nis_codes=(our.town,))
    circle = (await our.read(our.coordinator)).circle
    entry_id = next((entry.entry_id for entry in circle if entry.person_id), uuid4())
    acts: dict[str, tuple[Any, Any]] = {
        "place_on_list": (place_on_list, our.listing()),
        "refuse_case": (refuse_case, our.refusal()),
        "reconsider_case": (reconsider_case, ReconsiderCase(our.case_id, our.version)),
        "invite_to_circle": (invite_to_circle, our.invitation(newcomer)),
        "end_invitation": (end_invitation, EndInvitation(our.case_id, our.version, entry_id, "taken_back")),
        "write_contribution": (write_contribution, our.text()),
        "decline_contribution": (decline_contribution, DeclineContribution(our.case_id)),
    }
    named = case.may if case else ()
    assert set(named) <= set(CASE_VERBS)
    return {verb: (verb in named, await refused(reader, *act)) for verb, act in acts.items()}


async def of_contributions(
    town: Town, reader: Person, case: CaseView | None
) -> dict[str, tuple[bool, RondetafelError | None]]:
    """The verbs of each contribution there is, of whomever."""
    shown = {str(contribution.contribution_id): contribution for contribution in case.contributions} if case else {}
    found = {}
    for contribution_id, author in town.drafts.items():
        view = shown.get(contribution_id) or await as_its_author(town, author, contribution_id)
        if view is None:
            continue
        basis = "another" if view.legal_basis and town.drafts and await holds_another(author) else LEGAL_BASIS
        named = shown[contribution_id].may if contribution_id in shown else ()
        assert set(named) <= set(OWN_VERBS)
        mine, version = view.contribution_id, view.version
        acts: dict[str, tuple[Any, Any]] = {
            "revise_contribution": (revise_contribution, ReviseContribution(mine, version, "Anders.", "family", "fr")),
            "assess_contribution": (assess_contribution, AssessContribution(mine, version, ASSESSMENT, basis)),
            "share_contribution": (share_contribution, ShareContribution(mine, version)),
        }
        for verb, act in acts.items():
            found[f"{verb} {contribution_id}"] = verb in named, await refused(reader, *act)
    return found


async def as_its_author(town: Town, author: Person, contribution_id: str) -> ContributionView | None:
    """A contribution the reader does not see, as its author does."""
    try:
        seen = await town.our.read(author)
    except RondetafelError:
        return None
    return next(
        (contribution for contribution in seen.contributions if str(contribution.contribution_id) == contribution_id),
        None,
    )


async def holds_another(author: Person) -> bool:
    """Whether the author's legal basis was changed."""
    async with transaction_of(author) as transaction:
        return any(row["legal_basis"] == "another" for row in transaction.my_mandates)


Seen = set[tuple[str, bool]]
"""Which verbs were met allowed, and which refused: a property nobody meets says nothing."""


async def check(
    harness: Harness, history: list[str], draft: str, who: list[Somebody], complete: bool, met: Seen
) -> None:
    """Everybody reads, and everything is tried."""
    town = await town_at(harness, history, draft, who, complete)
    for reader in town.people:
        for verb, (named, refusal) in (await say(town, reader)).items():
            met.add((verb.split()[0], named))
            assert named == (refusal is None), (verb, reader.principal, named, refusal, history, draft)


@pytest.fixture
def run(servers: Servers) -> Iterator[tuple[Callable[[Coroutine[Any, Any, Any]], Any], Harness]]:
    """A loop and a database of its own: the property is no coroutine."""
    with asyncio.Runner() as runner:
        database = runner.run(migrated(servers, "case"))
        yield runner.run, Harness("case", database, POLICY)
        runner.run(database.close())


def test_what_may_be_done_succeeds_and_nothing_else(run: Any) -> None:
    """For histories in any order, and for people with any mandates at all."""
    loop, harness = run
    met: Seen = set()

    @settings(
        max_examples=30, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    # Each verb is met allowed, whatever is drawn.
    @example([], "none", [], True, 0)
    @example(["plan"], "none", [], True, 0)
    @example(["refuse"], "none", [], True, 0)
    @example([], "private", [], True, 2)
    @example([], "assessed", [], True, 2)
    @given(
        lists(sampled_from(HISTORY), max_size=4),
        sampled_from(DRAFTS),
        lists(somebodies(), min_size=2, max_size=3),
        sampled_from([True, True, False]),
        sampled_from([0, 1, 1, 2, 2]),
    )
    def holds(history: list[str], draft: str, who: list[Somebody], complete: bool, begun: int) -> None:
        way = ["list", "plan"][:begun] + history
        loop(check(harness, way, draft, who, complete, met))

    holds()
    assert met == {(verb, may) for verb in (*SIGNAL_VERBS, *CASE_VERBS, *OWN_VERBS) for may in (True, False)}
