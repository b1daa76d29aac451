"""What home lists of a case and what the case asks are one: over random histories, for everybody who may be there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis.strategies import booleans, integers, lists, sampled_from
from sqlalchemy import text

from deploy.local.servers import Servers
from services.case.commands.apply_decision import Outcome
from services.case.commands.declare_conflict import DeclareConflict, declare_conflict
from services.case.commands.end_invitation import EndInvitation, end_invitation
from services.case.commands.invite_to_circle import invite_to_circle
from services.case.commands.place_on_list import place_on_list
from services.case.commands.reconsider_case import ReconsiderCase, reconsider_case
from services.case.commands.refuse_case import refuse_case
from services.case.model import DRAFTS, CaseState, ContributionState, Part
from services.case.policy import POLICY
from services.case.queries.list_waiting import Waiting
from services.case.queries.read_case import CaseView
from services.case.waiting import KINDS
from services.kit.errors import RondetafelError
from services.kit.execute import Work
from services.kit.facts import load_facts
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.asked import Known, Place, asked_of
from tests.case.rows import as_actor, hold, transaction_of
from tests.case.story import EVERYTHING, Story, story
from tests.case.waiting import seen
from tests.databases import migrated
from tests.harness import Harness, Person
from tests.portal.reader import Reader

OTHER_TOWN = "24008"
AUTHORS = ("mayor", "coordinator", "police", "prevention", "guest", "late guest")


@dataclass
class Scene:
    """A case, everybody who may be there, and what the case service was told of sessions and decisions."""

    our: Story
    people: dict[str, Person]
    sessions: list[datetime] = field(default_factory=list)
    decided_at: datetime | None = None

    def somebody(self, number: int) -> Person:
        """One of those who may write."""
        return self.people[AUTHORS[number % len(AUTHORS)]]


async def scene_of(harness: Harness, urgent: bool) -> Scene:
    """A case is proposed; nobody is invited yet."""
    our = await story(harness, "24001", OTHER_TOWN)
    guests = {
        name: await our.cell.person(Role.PARTICIPANT, nis_codes=("24001",))
        for name in ("guest", "late guest", "part guest")
    }
    others = {
        "delegate": await our.cell.person(Role.MAYOR_DELEGATE, nis_codes=("24001",)),
        "unsworn mayor": await our.cell.person(Role.MAYOR, nis_codes=("24001",), undertaken_until=None),
        "neighbour": await our.cell.person(Role.COORDINATOR, nis_codes=(OTHER_TOWN,)),
        "dpo": await our.cell.person(Role.DPO),
    }
    # Sworn for one town, chairing another unsworn: whose proposal that one cannot read.
    half = others["unsworn mayor"]
    await half.mandate(Role.PARTICIPANT, nis_codes=(OTHER_TOWN,), mandate_id=new_id())
    seats = {
        "mayor": our.mayor, "coordinator": our.coordinator, "police": our.police, "prevention": our.prevention,
        "reporter": our.reporter,
    }  # fmt: skip
    await our.enter(urgent=urgent)
    await our.propose()
    return Scene(our, seats | guests | others)


async def go_on(scene: Scene, step: str, number: int) -> None:
    """One step, if the case can take it."""
    scene.our.cell.harness.clock.advance(minutes=7)
    scene.our.version = await scene.our.present_version()
    with contextlib.suppress(RondetafelError):
        await TAKEN[step](scene, number)


async def _list(scene: Scene, number: int) -> None:
    await scene.our.mayor.run(place_on_list, scene.our.listing())


async def _refuse(scene: Scene, number: int) -> None:
    await scene.our.mayor.run(refuse_case, scene.our.refusal())


async def _reconsider(scene: Scene, number: int) -> None:
    await scene.our.mayor.run(reconsider_case, ReconsiderCase(scene.our.case_id, scene.our.version))


async def _plan(scene: Scene, number: int, days: int = 6) -> None:
    await scene.our.plan(days=days + number)
    scene.sessions.append(scene.our.now + timedelta(days=days + number))


async def _plan_today(scene: Scene, number: int) -> None:
    await scene.our.plan()
    scene.sessions.append(scene.our.now)


async def _invite(scene: Scene, number: int, name: str = "guest", **changes: Any) -> None:
    parts = (Part.IDENTITY,) if name == "part guest" else EVERYTHING
    invitation = scene.our.invitation(scene.people[name], *parts, **changes)
    await scene.our.coordinator.run(invite_to_circle, invitation)


async def _invite_anew(scene: Scene, number: int) -> None:
    await _invite(scene, number, ("late guest", "part guest", "prevention")[number % 3])


async def _invite_later(scene: Scene, number: int) -> None:
    await _invite(scene, number, "late guest", first_day=scene.our.today + timedelta(days=2))


async def _end(scene: Scene, number: int) -> None:
    """Any of those invited, whoever it is, by either of the two who may."""
    circle = (await scene.our.read(scene.our.coordinator)).circle
    guests = [entry.entry_id for entry in circle if entry.person_id]
    if guests:
        by = (scene.our.coordinator, scene.our.mayor)[number % 2]
        asked = EndInvitation(scene.our.case_id, scene.our.version, guests[number % len(guests)], "taken_back")
        await by.run(end_invitation, asked)


async def _conflict(scene: Scene, number: int) -> None:
    """Somebody in the circle keeps out of it, by invitation or by seat."""
    await scene.somebody(number).run(declare_conflict, DeclareConflict(scene.our.case_id))


async def _draft(scene: Scene, number: int) -> None:
    await scene.our.write(scene.somebody(number))


async def _share(scene: Scene, number: int) -> None:
    await scene.our.share(scene.somebody(number))


async def _decline(scene: Scene, number: int) -> None:
    await scene.our.decline(scene.somebody(number))


async def _decide(scene: Scene, number: int, outcome: Outcome = Outcome.FOLLOW_UP, review_in: int = 90) -> None:
    decision = scene.our.decision(outcome)
    if outcome is Outcome.FOLLOW_UP:
        owner = scene.somebody(number).person_id
        actions = tuple(replace(action, owner_id=owner) for action in decision.actions)
        decision = replace(decision, review_on=scene.our.today + timedelta(days=review_in), actions=actions)
    before = (await scene.our.read(scene.our.coordinator)).frame
    await scene.our.decide(decision)
    if (await scene.our.read(scene.our.coordinator)).frame.version > before.version:
        scene.decided_at = decision.decided_at


async def _hold(scene: Scene, number: int) -> None:
    if await scene.our.state() in ("PROPOSED", "LISTED"):
        await hold(scene.our.coordinator, scene.our.case_id)


async def _release(scene: Scene, number: int) -> None:
    async with as_actor(scene.our.coordinator) as session:
        await session.execute(
            text("UPDATE case_frame SET state = paused_from, paused_from = NULL WHERE state = 'ON_HOLD'")
        )


async def _days_pass(scene: Scene, number: int) -> None:
    scene.our.cell.harness.clock.advance(days=3 + number)


async def _months_pass(scene: Scene, number: int) -> None:
    scene.our.cell.harness.clock.advance(days=80 + number)


async def _mandate_ends(scene: Scene, number: int) -> None:
    guest = scene.people["guest"]
    await guest.mandate(Role.PARTICIPANT, ends_at=scene.our.now, fact_version=2)


async def _mandate_elsewhere(scene: Scene, number: int) -> None:
    guest = scene.people["late guest"]
    await guest.mandate(Role.PARTICIPANT, nis_codes=(OTHER_TOWN,), fact_version=2)


Taken = Callable[[Scene, int], Coroutine[Any, Any, None]]
TAKEN: Mapping[str, Taken] = {
    "list": _list, "refuse": _refuse, "reconsider": _reconsider, "plan": _plan, "plan_today": _plan_today,
    "invite": _invite, "invite_anew": _invite_anew, "invite_later": _invite_later, "end": _end, "draft": _draft,
    "share": _share, "decline": _decline, "follow_up": _decide, "follow_up_soon": partial(_decide, review_in=10),
    "close": partial(_decide, outcome=Outcome.NO_ACTION), "conflict": _conflict,
    "hold": _hold, "release": _release, "days_pass": _days_pass, "months_pass": _months_pass,
    "mandate_ends": _mandate_ends, "mandate_elsewhere": _mandate_elsewhere,
}  # fmt: skip


async def listed(person: Person, scene: Scene) -> list[Waiting]:
    """What home lists of the case; nothing of who finds no list."""
    try:
        found = (await seen(person)).waiting
    except RondetafelError:
        return []
    return [item for item in found if item.case_id == scene.our.case_id]


async def the_case(person: Person, scene: Scene) -> CaseView | None:
    """The case as somebody reads it; None for who does not."""
    try:
        return await scene.our.read(person)
    except RondetafelError:
        return None


async def in_plain_words(person: Person, scene: Scene, case: CaseView) -> set[str]:
    """What `tests/asked.py` says the case asks."""
    now = scene.our.now
    async with transaction_of(person) as transaction:
        work = cast(Work, Reader(person.principal, load_facts(transaction), now))
    if not work.may("list_waiting"):
        return set()
    own = [written for written in case.contributions if written.author_id == person.person_id]
    known = Known(
        case.frame.nis_code, CaseState(case.frame.state), case.frame.review_on, scene.decided_at, case.declined,
        case.may, any(ContributionState(written.state) in DRAFTS for written in own),
        tuple(written.shared_at or written.written_at for written in own),
        any(action.open and action.owner_id == person.person_id for action in case.actions),
        any(at > now for at in scene.sessions), any(entry.person_id for entry in case.circle),
    )  # fmt: skip
    circle = [Place(entry.person_id, entry.seat, entry.starts_at) for entry in case.circle if "content" in entry.parts]
    return asked_of(work, known, circle)


async def compare(harness: Harness, history: list[tuple[str, int]], urgent: bool, met: set[tuple[str, bool]]) -> None:
    """After each step everybody looks at home, and at the case."""
    scene = await scene_of(harness, urgent)
    for step, number in [("begin", 0), *history]:
        if step != "begin":
            await go_on(scene, step, number)
        for name, person in scene.people.items():
            told = (name, step, history)
            waiting, case = await listed(person, scene), await the_case(person, scene)
            kinds = {item.kind for item in waiting}
            assert kinds == (set(case.asks) if case else set()), told
            if case is None:
                continue
            assert kinds == await in_plain_words(person, scene, case), told
            assert list(case.asks) == [kind for kind in KINDS if kind in kinds], told
            before_all = kinds & {"case_proposed", "case_listed", "session_wanted", "contribution_wanted"}
            assert {item.urgent for item in waiting if item.kind in before_all} <= {case.frame.urgent}, told
            met.update((kind, case.frame.urgent) for kind in kinds)


STEPS = sorted(TAKEN)


@pytest.fixture
def run(servers: Servers) -> Iterator[tuple[Callable[[Coroutine[Any, Any, Any]], Any], Harness]]:
    """A loop and a database of its own: the property is no coroutine."""
    with asyncio.Runner() as runner:
        database = runner.run(migrated(servers, "case"))
        yield runner.run, Harness("case", database, POLICY)
        runner.run(database.close())


def test_home_lists_what_the_case_asks(run: Any) -> None:
    """Always, for everybody, in the order of the kinds; and both as it is said in plain words."""
    loop, harness = run
    met: set[tuple[str, bool]] = set()

    @settings(
        max_examples=16, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    # Each kind is met, whatever is drawn.
    @example(["list", "invite", "plan", "draft"], [0, 0, 0, 4], True)
    @example(["list", "reconsider", "list", "reconsider", "refuse", "reconsider"], [0] * 6, True)
    @example(["list", "invite", "draft", "end", "invite", "end"], [0, 0, 4, 0, 0, 1], True)
    @example(["list", "invite", "follow_up_soon", "invite_anew", "hold"], [0, 0, 4, 0, 0], False)
    @given(lists(sampled_from(STEPS), max_size=6), lists(integers(0, 5), min_size=6, max_size=6), booleans())
    def holds(steps: list[str], numbers: list[int], urgent: bool) -> None:
        begun = ["list"] if len(steps) % 3 else []
        loop(compare(harness, list(zip([*begun, *steps], [0, *numbers], strict=False)), urgent, met))

    holds()
    assert {kind for kind, _ in met} == set(KINDS)
    assert {("case_proposed", True), ("session_wanted", True), ("contribution_wanted", True)} <= met
