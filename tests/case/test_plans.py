"""What a statement costs under row security follows what is shown, not what exists; lists show what the walls do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from services.case.queries.list_cases import ListCases, list_cases
from services.case.queries.list_signals import ListSignals, list_signals
from services.case.queries.list_waiting import MOST_CASES, ListWaiting, list_waiting
from services.kit.policy import Role
from tests.bench.filled_towns import Town
from tests.bench.plans import HOT, PEOPLE, plans_of, towns
from tests.case.rows import Administrator, rows
from tests.harness import Harness, Person

SOME, MANY = 150, 3000
FEW_PAGES = 12
"""What a statement may differ by, where it looks at hardly more: an index one level deeper, a row on another page."""


async def test_3000_circles_cost_what_150_do(harness: Harness, administrator: Administrator) -> None:
    scene = await towns(harness, administrator)
    costs = {
        (name, who): [await pages(harness, name, of(scene[cases]), scene[cases]) for cases in (SOME, MANY)]
        for name in HOT
        for who, of in PEOPLE.items()
    }
    assert {key: cost for key, cost in costs.items() if cost[1] > max(1.15 * cost[0], cost[0] + FEW_PAGES)} == {}
    # Each looks at something, or the measure would say nothing.
    assert min(min(cost) for cost in costs.values()) > 0
    view = await scene[MANY].participant.run(list_waiting, ListWaiting())
    assert view.cases_of_mine == MOST_CASES
    await the_lists_are_what_the_walls_show(scene[SOME])


async def pages(harness: Harness, name: str, reader: Person, town: Town) -> int:
    """How many pages of the database the questions of one act look at."""
    handler, asks = HOT[name]
    return sum(plan.buffers for plan in await plans_of(harness, reader, handler, asks(town)))


async def the_lists_are_what_the_walls_show(town: Town) -> None:
    """Of each kind of reader all pages together are the rows the database lets through, newest first."""
    both = [await town.story.cell.person(role, nis_codes=("24001", "24002")) for role in (Role.DPO, Role.COORDINATOR)]
    for reader in (*(of(town) for of in PEOPLE.values()), *both, town.story.reporter):
        cases = await whole(reader, list_cases, lambda after: ListCases(50, after, None))
        assert [case.case_id for page in cases for case in page.cases] == await shown(reader, "case_frame", "case_id")
        signals = await whole(reader, list_signals, lambda after: ListSignals(50, after))
        assert [signal.signal_id for page in signals for signal in page.signals] == await shown(
            reader, "signal", "signal_id"
        )


async def whole(
    reader: Person, handler: Callable[[Any, Any], Awaitable[Any]], asks: Callable[[UUID | None], Any]
) -> list[Any]:
    """All pages of a list."""
    found = [await reader.run(handler, asks(None))]
    while found[-1].next_cursor:
        found.append(await reader.run(handler, asks(found[-1].next_cursor)))
    return found


async def shown(reader: Person, table: str, key: str) -> list[UUID]:
    """The keys of the rows this person sees, the newest first."""
    return sorted((getattr(row, key) for row in await rows(reader, table)), reverse=True)
