"""Rules wait for a week: whoever has not accepted them is written to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.kit.execute import Work
from services.kit.notices import NoticeKind
from services.partner_directory.model import Rules
from services.partner_directory.noticing import notice
from services.partner_directory.unaccepted import to_remind


@dataclass(frozen=True, slots=True)
class WriteAboutRules:
    """About which."""

    rules_id: UUID


async def write_about_rules(work: Work, command: WriteAboutRules) -> bool:
    """One letter each to those by whom they are still to be accepted; who accepts before it leaves gets none.

    Nothing where another version took their place meanwhile.
    """
    rules = await work.session.get(Rules, (work.cell_id, command.rules_id))
    people = await to_remind(work, rules)
    if rules is None or not people:
        return False
    work.trail.count = len(people)
    work.trail.detail |= {"kind": rules.kind, "rules": str(rules.rules_id)}
    for person_id in sorted(people):
        await notice(work, person_id, NoticeKind.RULES_WAIT, rules.rules_id)
    return True
