"""What home lists of a case and what the case asks are one: over random histories, for everybody who may be there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis.strategies import booleans, integers, lists, sampled_from

from deploy.local.servers import Servers
from services.case.model import DRAFTS, TABLED, CaseState, ContributionState
from services.case.policy import POLICY
from services.case.queries.list_waiting import Waiting
from services.case.queries.read_case import CaseView
from services.case.waiting import KINDS
from services.kit.errors import RondetafelError
from services.kit.execute import Work
from services.kit.facts import load_facts
from tests.asked import Known, Place, asked_of
from tests.case.rows import transaction_of
from tests.case.scenes import TAKEN, Scene, go_on, scene_of
from tests.case.waiting import seen
from tests.databases import migrated
from tests.harness import Harness, Person
from tests.portal.reader import Reader


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


def informs_soon(scene: Scene, case: CaseView) -> bool:
    """Of what is held the coordinator is told nothing."""
    found = case.information
    works = CaseState(case.frame.state) in TABLED
    return bool(found and works and found.standing != "informed" and (found.day - scene.our.today).days <= 7)


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
        any(at > now for at in scene.sessions), informs_soon(scene, case),
        any(entry.person_id for entry in case.circle),
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
