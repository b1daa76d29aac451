"""Rules begin in two weeks: who has not accepted them is reminded, by a letter too."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.partner_directory.model import Rules
from services.partner_directory.noticing import notice
from services.partner_directory.unaccepted import is_time, to_remind


@dataclass(frozen=True, slots=True)
class RemindOfRules:
    """Of which."""

    rules_id: UUID


async def remind_of_rules(work: Work, command: RemindOfRules) -> bool:
    """Note that it is time, and have everybody written to who has not accepted; from now on each start page shows it.
    Once.

    Nothing where it is too early, or another version took its place meanwhile.
    """
    rules = await work.session.get(Rules, (work.cell_id, command.rules_id), with_for_update=True)
    if rules is None or rules.in_force_from is None or rules.reminded_at is not None or not await is_time(work, rules):
        return False
    people = await to_remind(work, rules)
    # Its version stays: whoever reads it just now accepts what was read.
    of_this = (Rules.tenant_id == work.cell_id, Rules.rules_id == rules.rules_id)
    await work.session.execute(update(Rules).where(*of_this).values(reminded_at=work.now))
    work.trail.count = len(people)
    work.trail.detail |= {"kind": rules.kind, "rules": str(rules.rules_id)}
    for person_id in sorted(people):
        await notice(work, person_id, NoticeKind.RULES_WAIT, rules.rules_id)
    return True
