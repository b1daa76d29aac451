"""A town with a case somewhere on its way, and anybody there can be in it, for properties over all of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis.strategies import DrawFn, booleans, composite, integers, sampled_from

from services.case.commands.apply_decision import Outcome
from services.case.commands.declare_conflict import DeclareConflict, declare_conflict
from services.case.commands.invite_to_circle import invite_to_circle
from services.case.commands.place_on_list import place_on_list
from services.case.commands.propose_case import propose_case
from services.case.commands.refuse_case import refuse_case
from services.case.commands.share_contribution import ShareContribution, share_contribution
from services.case.model import Part
from services.kit.errors import RondetafelError
from services.kit.policy import Role
from tests.attempt import refused
from tests.case.rows import hold
from tests.case.story import CRITERION, Story, story
from tests.harness import Harness, Person

OTHER_TOWN = "24008"
HISTORY = ("list", "plan", "follow_up", "close", "refuse", "hold", "late", "very_late", "decline", "conflict")


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
    kept_out: UUID = field(default_factory=uuid4)


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
        elif step == "conflict":
            await our.police.run(declare_conflict, DeclareConflict(our.case_id))
            town.kept_out = our.police.person_id
    except RondetafelError:
        return
