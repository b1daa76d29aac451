"""What other questions of the directory ask of rules: which are in force on a day, and what somebody accepted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from services.partner_directory.model import RulesKind
from services.partner_directory.ruling import accepted_rules, rules_in_force
from tests.partner_directory.ruled import accept, ruled
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
