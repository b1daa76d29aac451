"""Rules begin in two weeks: who has not accepted them is reminded."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from services.kit.clock import day_starts_at, local_date
from services.kit.execute import Work
from services.partner_directory.model import Rules
from services.partner_directory.ruling import (
    LIVE,
    REMINDED,
    acceptances_of,
    asked_to_accept,
    decided_rules,
    standing_of,
)
from services.partner_directory.unaccepted import LETTER_AFTER


@dataclass(frozen=True, slots=True)
class RemindOfRules:
    """Of which."""

    rules_id: UUID


async def remind_of_rules(work: Work, command: RemindOfRules) -> bool:
    """Note that it is time and how many have not accepted; from now on the start page shows it to each. Once.

    A week later a letter goes to whoever still has not.

    Nothing where it is too early, or another version took its place meanwhile.
    """
    rules = await work.session.get(Rules, (work.cell_id, command.rules_id), with_for_update=True)
    if rules is None or rules.in_force_from is None or rules.reminded_at is not None:
        return False
    today = local_date(work.now)
    standing = standing_of(rules, await decided_rules(work, rules.kind), today)
    if rules.in_force_from > today + REMINDED or standing not in LIVE:
        return False
    accepted = {acceptance.party_id for acceptance in (await acceptances_of(work, [rules]))[rules.rules_id]}
    # Its version stays: whoever reads it just now accepts what was read.
    of_this = (Rules.tenant_id == work.cell_id, Rules.rules_id == rules.rules_id)
    await work.session.execute(update(Rules).where(*of_this).values(reminded_at=work.now))
    work.trail.count = len(await asked_to_accept(work, rules.kind) - accepted)
    work.trail.detail |= {"kind": rules.kind, "rules": str(rules.rules_id)}
    work.at(day_starts_at(today + LETTER_AFTER), "rules_letter", rules.rules_id)
    return True
