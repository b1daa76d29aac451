"""What other questions of the directory ask of rules: which are in force on a day, and what somebody accepted."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from services.kit.clock import day_starts_at
from services.kit.notices import NoticeKind
from services.partner_directory.model import RulesKind
from services.partner_directory.notice_words import SENTENCES
from services.partner_directory.queries.read_table import ReadTable, read_table
from services.partner_directory.ruling import accepted_rules, rules_in_force
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.partner_directory.noticing import sent_later
from tests.partner_directory.post import Post
from tests.partner_directory.ruled import Ruled, accept, listed, ruled
from tests.partner_directory.test_announcing import body_of
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


async def written_to(host: Host, cell: Ruled) -> set[UUID]:
    """Of whom it is kept that rules of this cell wait."""
    kept = "SELECT person_id FROM notice WHERE kind = 'rules_wait' AND tenant_id = $1"
    rows = await host.harness.database.unwalled(kept, cell.town.cell_id)
    return {row["person_id"] for row in rows}


async def a_week_later(host: Host, cell: Ruled) -> None:
    """After it was noted that it is time; no letter leaves."""
    await run_due(host.harness, {"rules": TERMS["rules"]})
    assert not await written_to(host, cell), "who comes to a table that is being opened is spared it"
    host.harness.clock.advance(days=7)
    await run_due(host.harness, {"rules_letter": TERMS["rules_letter"]})


async def test_after_a_week_a_letter_goes_to_who_has_not_accepted_by_the_time_it_leaves(host: Host, post: Post) -> None:
    cell = await ruled(host)
    rules = await cell.in_force()
    await accept(cell.coordinator, rules)
    await a_week_later(host, cell)
    assert cell.coordinator.person_id not in await written_to(host, cell)
    assert {cell.partner.person_id, cell.mayor.person_id} <= await written_to(host, cell)
    await accept(cell.partner, rules)
    letters = {letter["To"]: str(body_of(letter)) for letter in await sent_later(host, post, hours=24)}
    partner, mayor = [await host.sign_in.reach(person.person_id) for person in (cell.partner, cell.mayor)]
    assert partner
    assert mayor
    assert partner.email not in letters, "who accepted meanwhile is spared"
    assert "Wij helpen" not in letters[mayor.email]
    assert any(sentence in letters[mayor.email] for sentence in SENTENCES[NoticeKind.RULES_WAIT].values())
    host.harness.clock.advance(days=30)
    assert not await sent_later(host, post, hours=24), "once"


async def test_of_a_protocol_the_people_of_an_organisation_are_written_to_until_one_accepts_for_it(host: Host) -> None:
    cell = await ruled(host)
    await accept(cell.partner, await cell.in_force("cooperation_protocol"))
    await a_week_later(host, cell)
    assert cell.partner.person_id not in await written_to(host, cell)
    assert cell.mayor.person_id in await written_to(host, cell)


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
