"""What other questions of the directory ask of rules: which are in force on a day, and what somebody accepted."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from services.kit.clock import day_starts_at
from services.partner_directory.model import RulesKind
from services.partner_directory.queries.read_table import ReadTable, read_table
from services.partner_directory.ruling import accepted_rules, rules_in_force
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.partner_directory.ruled import Ruled, accept, listed, ruled
from tests.partner_directory.town import Host


async def test_which_is_in_force_on_a_day_and_what_somebody_accepted_is_told_to_other_questions(host: Host) -> None:
    cell = await ruled(host)
    old = await cell.in_force()
    new = await cell.in_force(first_day=cell.in_days(20), follows=old, text_nl="Anders.")
    protocol = await cell.in_force("cooperation_protocol")
    for rules in (old, new, protocol):
        await accept(cell.partner, rules)
    principal = cell.partner.principal
    async with host.harness.database.transaction(principal, host.harness.clock()) as transaction:
        # All that these two ask of the work is its database, who acts and the cell.
        work: Any = SimpleNamespace(session=transaction.session, cell_id=cell.town.cell_id, actor_id=principal.actor_id)
        for day, expected in ((-1, None), (0, old), (19, old), (20, new), (400, new)):
            found = await rules_in_force(work, RulesKind.INTERNAL_RULES, cell.in_days(day))
            assert (found.rules_id if found else None) == expected, day
        own = await accepted_rules(work)
    assert {rules.rules_id for rules, _ in own} == {old, new, protocol}
    assert {acceptance.accepted_at for _, acceptance in own} == {host.harness.clock()}


async def waits(cell: Ruled) -> list[int]:
    """How many rules wait on the start pages of the partner and of the mayor."""
    tables = [await who.run(read_table, ReadTable()) for who in (cell.partner, cell.mayor)]
    return [table.rules_to_accept for table in tables]


async def test_two_weeks_before_the_first_day_it_waits_and_who_has_not_accepted_is_reminded_once(host: Host) -> None:
    cell = await ruled(host)
    first_day = cell.in_days(30)
    rules = await cell.in_force(first_day=first_day)
    clock = host.harness.clock
    clock.now = day_starts_at(first_day - timedelta(days=14)) - timedelta(seconds=1)
    await run_due(host.harness, TERMS)
    assert (await waits(cell), (await listed(cell.mayor))[0].rules.reminded_at) == ([0, 0], None)
    await accept(cell.partner, rules)
    clock.now = day_starts_at(first_day - timedelta(days=14))
    await run_due(host.harness, TERMS)
    reminded = (await listed(cell.mayor))[0].rules.reminded_at
    assert (await waits(cell), reminded) == ([0, 1], clock.now)
    clock.advance(days=20)
    await run_due(host.harness, TERMS)
    assert (await listed(cell.mayor))[0].rules.reminded_at == reminded
    await accept(cell.mayor, rules)
    assert await waits(cell) == [0, 0]


async def test_a_draft_waits_for_the_mayor_alone_and_what_is_over_for_nobody(
    host: Host,
) -> None:
    cell = await ruled(host)
    old = await cell.in_force()
    await run_due(host.harness, TERMS)
    assert (await listed(cell.mayor))[0].rules.reminded_at is not None, "in force from today: at once"
    drafted = await cell.draft(follows=old, text_nl="Anders.")
    tables = [await who.run(read_table, ReadTable()) for who in (cell.mayor, cell.coordinator, cell.partner)]
    assert [table.rules_to_decide for table in tables] == [1, 0, 0]
    await cell.decide(drafted.id, cell.in_days(1))
    assert await waits(cell) == [2, 2]
    host.harness.clock.advance(days=1)
    assert await waits(cell) == [1, 1], "the one of before is over"


async def test_the_next_version_waits_for_who_accepted_the_one_before(host: Host) -> None:
    cell = await ruled(host)
    first = await cell.in_force()
    await accept(cell.partner, first)
    assert await waits(cell) == [0, 1]
    second = await cell.in_force(first_day=cell.in_days(10), follows=first, text_nl="Anders.")
    assert await waits(cell) == [1, 2]
    await accept(cell.partner, second)
    assert await waits(cell) == [0, 2]
